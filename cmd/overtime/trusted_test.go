package main

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/bot/slacksim"
)

// direct waits until a person has a direct message, and gives it.
func (p *play) direct(user, part string) string {
	p.t.Helper()
	in := slacksim.Filter{Channel: "D" + user[1:], User: slacksim.BotUserID}
	found := ""
	ctx, cancel := withTimeout(p.t, 30*time.Second)
	defer cancel()
	if err := p.slack.Wait(ctx, func(slacksim.State) bool {
		for _, message := range p.slack.Messages(in) {
			if text := strings.Join(linesOf(message), "\n"); strings.Contains(text, part) {
				found = text
			}
		}
		return found != ""
	}); err != nil {
		p.t.Fatalf("no direct message with %q: %v\n%s", part, err, p.log)
	}
	return found
}

// Only Slack's own yes counts as told. Whatever else comes from a response_url, the person reads a direct message.
func TestOnlySlacksYesCountsAsTold(t *testing.T) {
	p := newPlay(t)
	for name, failure := range map[string]slacksim.Failure{
		"a proxy's page":      {Status: http.StatusOK},
		"no_service":          {Status: http.StatusOK, Body: "no_service"},
		"nothing":             {Status: http.StatusNoContent},
		"an empty object":     {Body: "{}"},
		"no in JSON":          {Body: `{"ok":false}`},
		"yes in a string":     {Body: `{"ok":"true"}`},
		"an invented code":    {Error: "hook_is_asleep"},
		"expired":             {Status: http.StatusNotFound, Body: "expired_url"},
		"a redirect":          {Location: "https://evil.example/"},
		"an answer of 400 MB": {Endless: 400 << 20},
	} {
		failure.Times = -1
		p.slack.FailNext("response_url", failure)
		before := len(p.slack.Messages(slacksim.Filter{Channel: "D" + demoAlice[1:], User: slacksim.BotUserID}))
		asked := time.Now()
		if _, err := p.slack.Command(demoAlice, demoGeneral, "/extend help status"); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := withTimeout(t, 20*time.Second)
		if err := p.slack.Wait(ctx, func(slacksim.State) bool {
			return len(p.slack.Messages(slacksim.Filter{Channel: "D" + demoAlice[1:], User: slacksim.BotUserID})) > before
		}); err != nil {
			t.Errorf("%s: nobody was told: %v\n%s", name, err, p.log)
		}
		cancel()
		if took := time.Since(asked); took > 10*time.Second {
			t.Errorf("%s: told after %v", name, took)
		}
		p.slack.ClearFailures()
	}
}

// What Slack's side sends elsewhere goes nowhere: no redirect is followed, with the token, and no socket is opened at
// somebody else's.
func TestTheTokenStaysWithSlack(t *testing.T) {
	slow(t)
	t.Parallel()
	var called atomic.Int32
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { called.Add(1) }))
	defer other.Close()
	p := newPlay(t, "ALLOWED_USERS="+demoAlice)
	for _, method := range []string{"users.info", "chat.postMessage", "apps.connections.open", "response_url", "conversations.info"} {
		p.slack.FailNext(method, slacksim.Failure{Location: other.URL + "/api/" + method})
	}
	p.slack.DropSockets()
	p.waitSockets(2)
	if _, err := p.slack.Command(demoAlice, demoGeneral, "/extend list"); err != nil {
		t.Fatal(err)
	}
	p.direct(demoAlice, "running")

	if got := called.Load(); got > 0 {
		t.Errorf("%d calls went to another host", got)
	}

	p.slack.SetSocketURL("wss://evil.example")
	opened := p.slack.Calls("apps.connections.open")
	p.slack.DropSockets()
	ctx, cancel := withTimeout(t, 20*time.Second)
	defer cancel()
	if err := p.slack.Wait(ctx, func(slacksim.State) bool { return p.slack.Calls("apps.connections.open") >= opened+4 }); err != nil {
		t.Error(err)
	}
	wantContains(t, p.log.String(), "the address is not Slack's")
	if p.slack.Sockets() > 0 {
		t.Error("a socket is open")
	}
	p.slack.SetSocketURL("")
	p.waitSockets(1)
}

// An answer of Slack's that does not end is given up.
func TestAnEndlessAnswerIsGivenUp(t *testing.T) {
	p := newPlay(t, "ALLOWED_USERS="+demoAlice)
	for _, method := range []string{"users.info", "chat.postMessage", "apps.connections.open"} {
		p.slack.FailNext(method, slacksim.Failure{Endless: 400 << 20})
	}
	began := time.Now()
	p.slack.DropSockets()
	p.waitSockets(2)
	wantContains(t, p.types(demoAlice, "/extend list"), "running")
	if took := time.Since(began); took > 15*time.Second {
		t.Errorf("it took %v", took)
	}
}
