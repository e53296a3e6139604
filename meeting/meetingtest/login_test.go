package meetingtest_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/meeting/meetingtest"
)

func TestLoginAnswersInMixedUnits(t *testing.T) {
	s := start(t, nil)
	r := s.loginAs(account, password, loginBody).want(200, "")
	now := s.clock.Now()
	for name, want := range map[string]any{
		"createTime":         float64(now.UnixMilli()),
		"expireTime":         float64(now.Add(12 * time.Hour).Unix()),
		"validPeriod":        float64(12 * 3600),
		"refreshCreateTime":  float64(now.UnixMilli()),
		"refreshExpireTime":  float64(now.Add(24 * time.Hour).Unix()),
		"refreshValidPeriod": float64(24 * 3600),
		"tokenType":          0.0,
		"clientType":         72.0,
	} {
		if got := r.at(name); got != want {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
	if got := r.at("user", "adminType"); got != 0.0 {
		t.Errorf("adminType %v", got)
	}
	if got := r.at("user", "userId"); got != "uuid-bot" {
		t.Errorf("userId %v", got)
	}
	if r.at("proxyToken", "accessToken") == nil {
		t.Error("no proxyToken")
	}
}

func TestLoginRefuses(t *testing.T) {
	cases := []struct {
		name, account, password, body, code string
		status                              int
	}{
		{"wrong password", account, "nope", loginBody, "USG.206010000", 401},
		{"unknown account", "eve", password, `{"account":"eve","clientType":72}`, "USG.206010000", 401},
		{"body names another account", account, password, `{"account":"eve","clientType":72}`, "USG.206010000", 401},
		{"no client type", account, password, `{"account":"` + account + `"}`, "USG.000000002", 400},
		{"client type is text", account, password, `{"account":"` + account + `","clientType":"72"}`, "USG.000000002", 400},
		{"no body", account, password, "", "USG.000000002", 400},
		{"no JSON", account, password, "{", "USG.000000002", 400},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			start(t, nil).loginAs(c.account, c.password, c.body).want(c.status, c.code)
		})
	}
}

func TestFiveWrongPasswordsLockTheAccountForAMinute(t *testing.T) {
	s := start(t, nil)
	for range 5 {
		s.loginAs(account, "nope", loginBody).want(401, "USG.206010000")
	}
	s.loginAs(account, password, loginBody).want(423, "USG.206030015")
	s.clock.Advance(time.Minute)
	s.login()
}

func TestThe65thLoginEvictsTheOldest(t *testing.T) {
	s := start(t, nil)
	first := s.login()
	second := s.login()
	for range 62 {
		s.login()
	}
	s.call("GET", onlinePath, "", "X-Access-Token", first).want(200, "")
	s.login()
	s.call("GET", onlinePath, "", "X-Access-Token", first).want(401, "USG.000000004")
	s.call("GET", onlinePath, "", "X-Access-Token", second).want(200, "")
	if n := s.LiveTokens(); n != 64 {
		t.Errorf("%d live tokens", n)
	}
}

func TestAnotherClientTypeHasOneToken(t *testing.T) {
	s := start(t, nil)
	body := `{"account":"` + account + `","clientType":0}`
	api := s.login()
	first := s.loginAs(account, password, body).want(200, "").at("accessToken").(string)
	s.loginAs(account, password, body).want(200, "")
	s.call("GET", onlinePath, "", "X-Access-Token", first).want(401, "USG.000000004")
	s.call("GET", onlinePath, "", "X-Access-Token", api).want(200, "")
}

func TestAccessTokensDie(t *testing.T) {
	s := start(t, nil)
	s.call("GET", onlinePath, "").want(401, "USG.000000004")
	s.login()
	s.clock.Advance(12*time.Hour - time.Second)
	s.get(onlinePath).want(200, "")
	s.clock.Advance(time.Second)
	s.get(onlinePath).want(401, "USG.000000004")
	s.login()
	s.ExpireTokens()
	s.get(onlinePath).want(401, "USG.000000004")
	s.login()
	s.call("DELETE", "/v1/usg/acs/token", "", "X-Access-Token", s.access).want(200, "")
	s.get(onlinePath).want(401, "USG.000000004")
	s.call("DELETE", "/v1/usg/acs/token", "", "X-Access-Token", s.access).want(401, "USG.000000004")
}

func TestRefreshWantsTheRefreshToken(t *testing.T) {
	s := start(t, nil)
	r := s.loginAs(account, password, loginBody)
	access, refresh := r.at("accessToken").(string), r.at("refreshToken").(string)
	s.call("PUT", "/v1/usg/acs/token", "", "X-Access-Token", access).want(401, "USG.000000004")
	s.ExpireTokens()
	s.access = s.call("PUT", "/v1/usg/acs/token", "", "X-Access-Token", refresh).want(200, "").at("accessToken").(string)
	s.get(onlinePath).want(200, "")
	s.call("GET", onlinePath, "", "X-Access-Token", access).want(401, "USG.000000004")
	s.call("PUT", "/v1/usg/acs/token", "", "X-Access-Token", refresh).want(401, "USG.000000004")
}

func TestValidate(t *testing.T) {
	s := start(t, nil)
	s.login()
	const path = "/v1/usg/acs/token/validate"
	s.call("POST", path, `{"token":"dead","needGenNewToken":false}`).want(401, "USG.000000004")
	r := s.call("POST", path, `{"token":"`+s.access+`","needAccountInfo":true}`).want(200, "")
	if r.at("accessToken") != s.access || r.at("user", "ucloginAccount") != account {
		t.Errorf("validate: %s", r.text)
	}
	r = s.call("POST", path, `{"token":"`+s.access+`","needGenNewToken":true}`).want(200, "")
	if r.at("accessToken") == s.access || r.at("user") != nil {
		t.Errorf("validate with a new token: %s", r.text)
	}
}

const (
	appKey = "k3yk3yk3yk3yk3yk3yk3yk3yk3yk3y00"
	nonce  = "0123456789abcdef0123456789abcdef"
	appURL = "/v2/usg/acs/auth/appauth"
)

func withApp(corp string) func(*meetingtest.Config) {
	return func(c *meetingtest.Config) { c.AppID, c.AppKey, c.CorpID, c.UserID = "app123", appKey, corp, "bot" }
}

func sign(text string) string {
	mac := hmac.New(sha256.New, []byte(appKey))
	mac.Write([]byte(text))
	return "HMAC-SHA256 signature=" + hex.EncodeToString(mac.Sum(nil)) + ",access=" + base64.StdEncoding.EncodeToString([]byte("app123"))
}

func TestAppLoginForms(t *testing.T) {
	expire := newClock().Now().Add(10 * time.Minute).Unix()
	tail := fmt.Sprintf(":%d:%s", expire, nonce)
	cases := []struct {
		name, corp, text, fields string
		want                     int
	}{
		{"one enterprise, user", "", "app123:alice", `"userId":"alice"`, 200},
		{"one enterprise, administrator", "", "app123:", `"userId":""`, 200},
		{"provider, user", "corp9", "app123:corp9:alice", `"corpId":"corp9","userId":"alice"`, 200},
		{"provider, enterprise's administrator", "corp9", "app123:corp9:", `"corpId":"corp9"`, 200},
		{"provider's administrator", "corp9", "app123::", `"userId":""`, 200},
		{"corpId in one enterprise", "", "app123:alice", `"userId":"alice","corpId":"corp9"`, 401},
		{"corpId in one enterprise, signed", "", "app123:corp9:alice", `"userId":"alice","corpId":"corp9"`, 401},
		{"body is not what was signed", "", "app123:alice", `"userId":"mallory"`, 401},
		{"another corporation", "corp9", "app123:corp8:alice", `"corpId":"corp8","userId":"alice"`, 401},
		{"provider, user of no corporation", "corp9", "app123::alice", `"userId":"alice"`, 401},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s := start(t, withApp(c.corp))
			body := fmt.Sprintf(`{"appId":"app123","clientType":72,"expireTime":%d,"nonce":"%s",%s}`, expire, nonce, c.fields)
			r := s.call("POST", appURL, body, "Authorization", sign(c.text+tail))
			if c.want == 401 {
				r.want(401, "USG.206010025")
				return
			}
			s.access = r.want(200, "").at("accessToken").(string)
			s.get(onlinePath).want(200, "")
		})
	}
}

// The vectors are those of the reference notes, computed apart from this code.
func TestAppLoginVectors(t *testing.T) {
	for _, c := range []struct{ corp, fields, signature string }{
		{"", `"userId":"alice"`, "56a293e5b2448f2c95d167272ab56542bd6e22fa56b4abac308c4e5e0a1e6be7"},
		{"", `"userId":""`, "c908b271d410d4811e47032593e432decb079df0e154349e9d1b6a8570b8d112"},
		{"corp9", `"corpId":"corp9","userId":"alice"`, "9EDCCAF7C0048EE458E1756744C426ACBB7BED7BD84D67026D670B7FF05EBA64"},
	} {
		s := start(t, withApp(c.corp))
		s.clock.Advance(time.Unix(1700000600, 0).Sub(s.clock.Now()))
		body := `{"appId":"app123","clientType":72,"expireTime":1700000600,"nonce":"` + nonce + `",` + c.fields + `}`
		s.call("POST", appURL, body, "Authorization", "HMAC-SHA256 signature="+c.signature+",access=YXBwMTIz").want(200, "")
		s.clock.Advance(time.Second)
		s.call("POST", appURL, body, "Authorization", "HMAC-SHA256 signature="+c.signature+",access=YXBwMTIz").want(401, "USG.206010057")
	}
}

func TestAppLoginHeaderAndNonce(t *testing.T) {
	s := start(t, withApp(""))
	body := func(nonce string, expire int64) string {
		return fmt.Sprintf(`{"appId":"app123","clientType":72,"expireTime":%d,"nonce":"%s"}`, expire, nonce)
	}
	s.clock.Advance(1000 * time.Hour)
	signed := sign("app123::0:" + nonce)
	s.call("POST", appURL, body(nonce, 0), "Authorization", signed).want(200, "")
	short, _, _ := strings.Cut(signed, ",")
	s.call("POST", appURL, body(nonce, 0), "Authorization", short).want(401, "USG.206010025")
	s.call("POST", appURL, body(nonce, 0)).want(401, "USG.206010025")
	for _, bad := range []string{nonce[:31], strings.Repeat("x", 65)} {
		s.call("POST", appURL, body(bad, 0), "Authorization", sign("app123::0:"+bad)).want(400, "USG.000000002")
	}
	s.call("POST", appURL, `{"appId":"app123","clientType":72,"nonce":"`+nonce+`"}`, "Authorization", signed).want(400, "USG.000000002")
}

func TestAppUsersAreOrdinaryUnlessDefault(t *testing.T) {
	s := start(t, withApp(""))
	for user, adminType := range map[string]float64{"": 0, "bot": 0, "stranger": 2} {
		body := `{"appId":"app123","clientType":72,"expireTime":0,"nonce":"` + nonce + `","userId":"` + user + `"}`
		r := s.call("POST", appURL, body, "Authorization", sign("app123:"+user+":0:"+nonce)).want(200, "")
		if got := r.at("user", "adminType"); got != adminType {
			t.Errorf("user %q: adminType %v, want %v", user, got, adminType)
		}
	}
}

func TestLoginFaults(t *testing.T) {
	s := start(t, nil)
	s.RefuseLogin()
	s.loginAs(account, password, loginBody).want(401, "USG.206010000")
	s.ClearFaults()
	s.LockOut()
	s.loginAs(account, password, loginBody).want(423, "USG.206030015")
	s.ClearFaults()
	s.login()
	if s.Count(meetingtest.OpLogin) != 3 {
		t.Errorf("%d logins", s.Count(meetingtest.OpLogin))
	}
	if calls := s.Calls(); calls[0].Status != 401 || calls[0].Fault != meetingtest.Refuse || calls[2].Status != http.StatusOK {
		t.Errorf("calls %+v", calls)
	}
}
