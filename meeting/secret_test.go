package meeting_test

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/overtime-bot/overtime/meeting"
)

const hidden = "s3cr3t-Passw0rd"

// shows says whether a text shows the secret, plain, quoted, in hexadecimal or as bytes.
func shows(text string) bool {
	upper := strings.ToUpper(text)
	return strings.Contains(text, hidden) || strings.Contains(upper, strings.ToUpper(hex.EncodeToString([]byte(hidden)))) ||
		strings.Contains(upper, "73 33 63") || strings.Contains(text, "115 51 99") || strings.Contains(upper, "0X73")
}

func TestSecretIsNeverPrinted(t *testing.T) {
	secret := meeting.Secret(hidden)
	inside := struct {
		Name     string
		Password meeting.Secret
	}{"alice", secret}
	for _, value := range []any{secret, &secret, inside, &inside, []meeting.Secret{secret}, map[string]meeting.Secret{"k": secret}, map[meeting.Secret]int{secret: 1}} {
		for verb := 'A'; verb <= 'z'; verb++ {
			if verb == 'p' || verb == 'w' {
				continue // a fault of the caller's that fmt reports without asking Format, and that go vet refuses
			}
			for _, flags := range []string{"", "+", "#", " ", "0", "-30", ".3", "# ", "+#"} {
				format := "%" + flags + string(verb)
				if printed := fmt.Sprintf(format, value); shows(printed) {
					t.Errorf("%s of %T shows it: %s", format, value, printed)
				}
			}
		}
		if printed := fmt.Sprint(value) + fmt.Sprintln(value); shows(printed) {
			t.Errorf("Print of %T shows it: %s", value, printed)
		}
	}
	for _, verb := range []string{"%v", "%s", "%q", "%x", "%X", "%d", "%#v", "%+v"} {
		if got := fmt.Sprintf(verb, secret); got != "REDACTED" {
			t.Errorf("%s gives %q", verb, got)
		}
	}
}

func TestSecretIsNeverEncodedOrLogged(t *testing.T) {
	secret := meeting.Secret(hidden)
	encoded, err := json.Marshal(map[string]any{"a": secret, "b": []meeting.Secret{secret}})
	if err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	for _, handler := range []slog.Handler{slog.NewTextHandler(&log, nil), slog.NewJSONHandler(&log, nil)} {
		slog.New(handler).Info("login", "password", secret, "all", []meeting.Secret{secret}, "in", struct{ P meeting.Secret }{secret},
			"error", fmt.Errorf("login with %v: %w", secret, errors.New("refused")))
	}
	text := string(encoded) + log.String() + secret.String() + secret.GoString()
	if shows(text) {
		t.Errorf("it is shown:\n%s", text)
	}
	if n := strings.Count(text, "REDACTED"); n < 9 {
		t.Errorf("%d times REDACTED:\n%s", n, text)
	}
	if secret.Reveal() != hidden {
		t.Error("Reveal does not")
	}
}
