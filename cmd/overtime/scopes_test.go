package main

import (
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/overtime-bot/overtime/bot/slacksim"
)

// Slack's stand-in grants what the manifest of the README asks for, and nothing else.
func TestStandInGrantsTheManifest(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	manifest := regexp.MustCompile(`bot: \[(.*)\]`).FindSubmatch(readme)
	if manifest == nil {
		t.Fatal("the README has no scopes")
	}
	slack := slacksim.New(slacksim.Config{BotToken: "xoxb-1", AppToken: "xapp-1"})
	defer slack.Close()
	request := httptest.NewRequest(http.MethodPost, "/api/auth.test", nil)
	request.Header.Set("Authorization", "Bearer xoxb-1")
	answer := httptest.NewRecorder()
	slack.ServeHTTP(answer, request)
	if got, want := answer.Header().Get("X-OAuth-Scopes"), strings.ReplaceAll(string(manifest[1]), " ", ""); got != want {
		t.Errorf("granted %q, the manifest has %q", got, want)
	}
}
