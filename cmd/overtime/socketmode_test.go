package main

import (
	"io"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/overtime-bot/overtime/bot/slacksim"
	"github.com/overtime-bot/overtime/cmd/overtime/doctor"
)

const switchOn = "switch Socket Mode on in the settings of the app"

// switchedOff is what is said where Socket Mode is off, by how Slack treats such an app.
type switchedOff struct {
	off         slacksim.SocketModeOff
	plain, deep doctor.Result
	seen        []string // by both, but for a plain OK
	serve       string
	ends        bool
}

// Slack does not document what it does with an app whose Socket Mode is off. Whatever it is, doctor and serve say in one
// line what to do. Doctor without --deep can't see all, and claims no more than it saw.
func TestSocketModeSwitchedOff(t *testing.T) {
	slow(t)
	for _, c := range []switchedOff{
		{slacksim.Refuses, doctor.Fail, doctor.Fail, []string{"Slack refuses: socket_mode_not_enabled"}, "overtime: Slack refuses: socket_mode_not_enabled: " + switchOn, true},
		{slacksim.TurnsAway, doctor.OK, doctor.Fail, []string{"Slack refuses: link_disabled"}, "overtime: Slack refuses: link_disabled: " + switchOn, true},
		{slacksim.Warns, doctor.Warn, doctor.Warn, []string{"warns that Socket Mode is not turned on", "may never arrive"}, switchOn, false},
	} {
		t.Run(string(c.off), func(t *testing.T) {
			t.Parallel()
			p := newPatient(t)
			p.slack.SwitchOff(c.off)
			plain := find(t, p.examine(), doctor.SlackSocket)
			deep := newExamination(p.environ, os.DevNull, true, p.clock.Now).run(t.Context())
			c.wantSocket(t, plain, c.plain)
			c.wantSocket(t, find(t, deep, doctor.SlackSocket), c.deep)
			if token := find(t, deep, doctor.SlackAppToken); token.Result != doctor.OK {
				t.Errorf("the token is good: %+v", token)
			}
			c.wantServed(t, p)
		})
	}
}

func (c switchedOff) wantSocket(t *testing.T, check doctor.Check, want doctor.Result) {
	t.Helper()
	switch {
	case check.Result != want:
		t.Errorf("%+v, want %s", check, want)
	case want == doctor.OK:
		wantContains(t, check.Seen, "was not dialled", "--deep does, and shows whether Socket Mode is on")
	default:
		wantContains(t, check.Seen, c.seen...)
		wantContains(t, check.Remedy, switchOn)
	}
}

func (c switchedOff) wantServed(t *testing.T, p *patient) {
	t.Helper()
	bot := serve(t, append(p.environ, "HTTP_ADDR=")...)
	if !c.ends {
		bot.waitLog(c.serve, 1)
		if status := bot.stop(); status != 0 {
			t.Errorf("exit status %d", status)
		}
	} else if status := bot.ends(); status != 1 {
		t.Errorf("exit status %d", status)
	}
	said := ""
	for line := range strings.Lines(bot.log.String()) {
		if strings.Contains(line, c.serve) {
			said = line
		}
	}
	if said == "" {
		t.Errorf("want %q in\n%s", c.serve, bot.log)
	}
	p.wantNoSecret(bot.log.String())
}

// The reader after the watch gets the whole answer, and only Slack's warning of this kind is noticed.
func TestModeWatchHandsOn(t *testing.T) {
	long := `{"ok":true,"padding":"` + strings.Repeat("x", 2*longestVerdict) + `"}`
	for _, c := range []struct {
		path, answer string
		noticed      bool
	}{
		{"/api/" + openSocket, `{"ok":true,"url":"wss://x","response_metadata":{"messages":["[WARN] Socket Mode is not turned on."]}}`, true},
		{"/api/" + openSocket, `{"ok":true,"url":"wss://x","response_metadata":{"warnings":["Socket mode is not turned on"]}}`, true},
		{"/api/" + openSocket, `{"ok":true,"url":"wss://x","response_metadata":{"messages":["[WARN] missing_charset"]}}`, false},
		{"/api/" + openSocket, `{"ok":true,"url":"wss://x"}`, false},
		{"/api/" + openSocket, long, false},
		{"/api/" + openSocket, "<html>", false},
		{"/api/chat.postMessage", `{"ok":true,"response_metadata":{"messages":["[WARN] Socket Mode is not turned on."]}}`, false},
	} {
		noticed := false
		watch := modeWatch{roundTrip(func(*http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(strings.NewReader(c.answer))}, nil
		}), func() { noticed = true }}
		request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "https://slack.com"+c.path, nil)
		must(t, err)
		response, err := watch.RoundTrip(request)
		must(t, err)
		body, err := io.ReadAll(response.Body)
		if err != nil || string(body) != c.answer || noticed != c.noticed {
			t.Errorf("%s %.60s: %d bytes, %v, noticed %v", c.path, c.answer, len(body), err, noticed)
		}
	}
}
