package main

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/overtime-bot/overtime/bot/manifest"
	"github.com/overtime-bot/overtime/bot/slacksim"
)

// Slack's stand-in grants what the manifest asks for, and nothing else.
func TestStandInGrantsTheManifest(t *testing.T) {
	slack := slacksim.New(slacksim.Config{BotToken: "xoxb-1", AppToken: "xapp-1"})
	defer slack.Close()
	request := httptest.NewRequest(http.MethodPost, "/api/auth.test", nil)
	request.Header.Set("Authorization", "Bearer xoxb-1")
	answer := httptest.NewRecorder()
	slack.ServeHTTP(answer, request)
	if got, want := answer.Header().Get("X-OAuth-Scopes"), strings.Join(manifest.Names(manifest.Scopes()), ","); got != want {
		t.Errorf("granted %q, the manifest has %q", got, want)
	}
}
