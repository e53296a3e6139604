package main

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/overtime-bot/overtime/bot/socket"
	"github.com/slack-go/slack"
)

// The app-level token has a remedy of its own: to install the app again does not renew it.
func TestRefusedSocketNamesTheRightToken(t *testing.T) {
	refused := &socket.FatalError{Code: "missing_scope", Needed: "connections:write", Provided: "identify", Hint: "give the app-level token the scope connections:write"}
	wantContains(t, asFatal(fmt.Errorf("sockets: %w", refused)).Error(), "missing_scope", "needed: connections:write", "app-level token")
	for _, code := range []string{"invalid_auth", "token_revoked", "not_allowed_token_type", "no_permission"} {
		err := asFatal(&socket.FatalError{Code: code, Hint: "the hint"})
		wantContains(t, err.Error(), "Slack refuses: "+code, "the hint")
	}
}

// A server that has no such page is not Slack, and the way out is SLACK_API_URL. Trouble of Slack's own is waited out.
func TestSomebodyElseAtSlacksAddress(t *testing.T) {
	for _, code := range []int{301, 400, 404, 415} {
		answer := slack.StatusCodeError{Code: code, Status: "404 Not Found"}
		seen, remedy := slackWords(answer)
		wantContains(t, seen, "what answers at SLACK_API_URL is not Slack's Web API", "404 Not Found")
		wantContains(t, remedy, "https://slack.com/api/")
		wantContains(t, judgeAuth(answer).Error(), "what answers at SLACK_API_URL is not Slack's Web API", "https://slack.com/api/")
	}
	for _, code := range []int{429, 500, 503} {
		if seen, _ := slackWords(slack.StatusCodeError{Code: code}); strings.Contains(seen, "not Slack's") {
			t.Errorf("%d: %s", code, seen)
		}
	}
}

func TestRefusedTokenNamesTheScope(t *testing.T) {
	err := judgeAuth(slack.SlackErrorResponse{Err: "missing_scope", Needed: "users:read", Provided: "commands"})
	wantContains(t, err.Error(), "missing_scope", "needed: users:read", "provided: commands")
}

// A token that Slack no longer takes is named by its variable, with what to do: people have two, and see neither in the line.
func TestRefusedTokensAreNamed(t *testing.T) {
	for _, code := range []string{"invalid_auth", "account_inactive", "user_removed_from_team", "team_disabled", "token_expired", "token_revoked", "not_authed", "not_allowed_token_type", "missing_args"} {
		refused := slack.SlackErrorResponse{Err: code}
		wantContains(t, judgeAuth(refused).Error(), "Slack refuses: "+code+": ", "SLACK_BOT_TOKEN")
		_, remedy := socketWords(refused)
		wantContains(t, remedy, "SLACK_APP_TOKEN")
		if strings.Contains(remedy, "SLACK_BOT_TOKEN") {
			t.Errorf("%s of the app-level token: %s", code, remedy)
		}
	}
	for _, code := range []string{"token_expired", "token_revoked", "invalid_auth"} {
		wantContains(t, judgeAuth(slack.SlackErrorResponse{Err: code}).Error(), "OAuth & Permissions", "restart")
		_, remedy := socketWords(slack.SlackErrorResponse{Err: code})
		wantContains(t, remedy, "Basic Information", "restart")
	}
}

// What ends the sockets for good ends the start as well, rather than being waited out for ever.
func TestRefusalsAtTheStart(t *testing.T) {
	for _, code := range []string{"invalid_auth", "ekm_access_denied", "insecure_request", "unknown_method", "link_disabled"} {
		if remedies[code] == "" {
			t.Errorf("%s is waited out", code)
		}
	}
}

// SIGTERM is a good end, also while Slack has not answered yet.
func TestEndWhileSlackDoesNotAnswer(t *testing.T) {
	asked := make(chan struct{}, 100)
	silent := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		asked <- struct{}{}
		w.WriteHeader(http.StatusServiceUnavailable)
	}))
	defer silent.Close()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	environ := []string{
		"SLACK_BOT_TOKEN=xoxb-1", "SLACK_APP_TOKEN=xapp-1", "SLACK_API_URL=" + silent.URL + "/api/",
		"MEETING_API_URL=" + silent.URL, "MEETING_ACCOUNT=bot", "MEETING_PASSWORD=secret", "HTTP_ADDR=", "DATABASE_URL=" + t.TempDir() + "/overtime.db",
	}
	ended := make(chan int, 1)
	var stdout, stderr bytes.Buffer
	go func() { ended <- run(ctx, []string{"serve"}, environ, &stdout, &stderr) }()
	<-asked
	cancel()
	if status := <-ended; status != 0 {
		t.Errorf("exit status %d: %s", status, stderr.String())
	}
	if strings.Contains(stderr.String(), "overtime: ") {
		t.Errorf("a good end was told as a bad one: %s", stderr.String())
	}
}

// A command that the app calls otherwise than SLACK_COMMAND works, and the log says once that texts name another.
func TestCommandOfAnotherName(t *testing.T) {
	p := newPlay(t, "SLACK_COMMAND=/overtime")
	for range 2 {
		wantContains(t, p.types(demoAlice, "/extend list"), "running")
	}
	const warning = "another name than SLACK_COMMAND"
	if count := strings.Count(p.log.String(), warning); count != 1 {
		t.Errorf("%q is there %d times:\n%s", warning, count, p.log)
	}
	wantContains(t, p.log.String(), "app=/extend SLACK_COMMAND=/overtime")
	same := newPlay(t)
	wantContains(t, same.types(demoAlice, "/extend list"), "running")
	if strings.Contains(same.log.String(), warning) {
		t.Errorf("the same name: %s", same.log)
	}
}
