package main

import (
	"context"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/slack-go/slack"

	"github.com/overtime-bot/overtime/bot/slacksim"
)

// revokeBotToken makes Slack refuse all that takes the bot token. Sockets and answers to commands take none.
func revokeBotToken(slack *slacksim.Server, code string) {
	for _, method := range slackMethods {
		if method != openSocket && method != slackResponse {
			slack.FailNext(method, slacksim.Failure{Error: code, Times: -1})
		}
	}
}

// A bot whose token was revoked keeps its sockets, and would look well for ever. It ends as soon as Slack refuses
// something, and says what to do.
func TestRevokedBotTokenEndsTheBot(t *testing.T) {
	slow(t)
	t.Parallel()
	stage, bot := servedStage(t)
	revokeBotToken(stage.slack, "token_revoked")
	if _, err := stage.slack.Command(demoAlice, demoGeneral, "/extend 914083136 15"); err != nil {
		t.Fatal(err)
	}
	if status := bot.ends(); status != 1 {
		t.Errorf("exit status %d", status)
	}
	wantContains(t, bot.log.String(), "overtime: Slack refuses: token_revoked: SLACK_BOT_TOKEN was revoked; install the app again")
}

// carrying is a transport that is a function.
type carrying func(*http.Request) (*http.Response, error)

func (c carrying) RoundTrip(request *http.Request) (*http.Response, error) { return c(request) }

// A bot that calls nothing hears of it within minutes. One refusal among good answers, or a doubt that auth.test does not
// share, ends nothing.
func TestBotTokenIsAskedAbout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const good, bad = `{"ok":true}`, `{"ok":false,"error":"account_inactive"}`
		var answer atomic.Value
		answer.Store(good)
		once := carrying(func(*http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(strings.NewReader(answer.Swap(good).(string)))}, nil
		})
		always := carrying(func(*http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(strings.NewReader(bad))}, nil
		})
		watch := func(slackAt http.RoundTripper, within time.Duration, meanwhile func(botToken)) *fatalError {
			ctx, cancel := context.WithTimeout(t.Context(), within)
			defer cancel()
			token := newBotToken()
			meanwhile(token)
			return token.watch(ctx, slack.New("xoxb-1", slack.OptionHTTPClient(&http.Client{Transport: slackAt})))
		}
		idle := func(botToken) {}
		if refused := watch(always, askTokenEvery+time.Minute, idle); refused == nil || refused.code != "account_inactive" {
			t.Errorf("an idle bot: %v", refused)
		}
		answer.Store(bad)
		if refused := watch(once, 3*askTokenEvery, idle); refused != nil {
			t.Errorf("one refusal: %v", refused)
		}
		doubted := func(method, code string) func(botToken) {
			return func(token botToken) { token.noticed(method, code) }
		}
		if refused := watch(once, time.Minute, doubted("chat.postMessage", "account_inactive")); refused != nil {
			t.Errorf("a refusal of another's account: %v", refused)
		}
		if refused := watch(always, time.Minute, doubted("chat.postMessage", "token_revoked")); refused == nil {
			t.Error("a doubt is not looked into at once")
		}
		for _, call := range [][2]string{{openSocket, "token_revoked"}, {slackResponse, "token_revoked"}, {"chat.update", "message_not_found"}, {"chat.update", slackThrottled}} {
			if refused := watch(always, time.Minute, doubted(call[0], call[1])); refused != nil {
				t.Errorf("%v is no doubt of the bot token", call)
			}
		}
	})
}
