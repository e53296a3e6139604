package meeting

import (
	"strings"
	"testing"
)

// The first three signatures are the vectors that the facts about the API hold; all five forms are fixed
// by their string-to-sign.
func TestStringToSign(t *testing.T) {
	const tail = ":1700000600:0123456789abcdef0123456789abcdef"
	for name, test := range map[string]struct {
		login     appLogin
		text      string
		signature string
	}{
		"user": {
			appLogin{mode: oneEnterprise, userID: "alice"},
			"app123:alice",
			"56a293e5b2448f2c95d167272ab56542bd6e22fa56b4abac308c4e5e0a1e6be7",
		},
		"administrator": {
			appLogin{mode: oneEnterprise},
			"app123:",
			"c908b271d410d4811e47032593e432decb079df0e154349e9d1b6a8570b8d112",
		},
		"SP user": {
			appLogin{mode: spEnterprise, corpID: "corp9", userID: "alice"},
			"app123:corp9:alice",
			"9edccaf7c0048ee458e1756744c426acbb7bed7bd84d67026d670b7ff05eba64",
		},
		"SP enterprise administrator": {appLogin{mode: spEnterprise, corpID: "corp9"}, "app123:corp9:", ""},
		"SP administrator":            {appLogin{mode: spAdministrator}, "app123::", ""},
	} {
		test.login.appID = "app123"
		test.login.expireTime = 1700000600
		test.login.nonce = "0123456789abcdef0123456789abcdef"
		if got := test.login.stringToSign(); got != test.text+tail {
			t.Errorf("%s: %s", name, got)
		}
		header := test.login.authorisation("k3yk3yk3yk3yk3yk3yk3yk3yk3yk3y00")
		want := "HMAC-SHA256 signature=" + test.signature
		if !strings.HasPrefix(header, want) || !strings.HasSuffix(header, ",access=YXBwMTIz") {
			t.Errorf("%s: %s", name, header)
		}
	}
}

func TestModeOfConfig(t *testing.T) {
	for config, want := range map[[3]string]loginMode{
		{"", "", ""}: oneEnterprise, {"", "u", ""}: oneEnterprise, {"c", "u", ""}: spEnterprise,
		{"c", "", ""}: spEnterprise, {"", "", "sp"}: spAdministrator,
	} {
		if got := modeOf(Config{CorpID: config[0], UserID: config[1], SPAdmin: config[2] != ""}); got != want {
			t.Errorf("%v: %v", config, got)
		}
	}
}
