package socket_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/overtime-bot/overtime/bot/slacksim"
	"github.com/overtime-bot/overtime/bot/socket"
	"github.com/slack-go/slack"
)

// Greet reads the hello, leaves politely, and takes no command along.
func TestGreet(t *testing.T) {
	slackAt, api := simulator(t)
	hello, given, err := socket.Greet(t.Context(), api)
	if err != nil || !given || hello.AppID != slacksim.AppID || hello.Connections != 1 {
		t.Errorf("%+v %v %v", hello, given, err)
	}
	closings := slackAt.Closings()
	for len(closings) == 0 {
		if err := slackAt.Wait(t.Context(), func(state slacksim.State) bool { return state.Sockets() == 0 }); err != nil {
			t.Fatal(err)
		}
		closings = slackAt.Closings()
	}
	if closings[0].Code != 1000 {
		t.Errorf("it left with %+v", closings[0])
	}
}

// A refusal of the token and one of Socket Mode are told apart.
func TestGreetIsRefused(t *testing.T) {
	slackAt, api := simulator(t)
	slackAt.FailNext("apps.connections.open", slacksim.Failure{Error: "token_revoked"})
	_, given, err := socket.Greet(t.Context(), api)
	if fatal, ok := errors.AsType[*socket.FatalError](err); !ok || given || fatal.Code != "token_revoked" {
		t.Errorf("%v %v", given, err)
	}
	slackAt.SetSocketMode(false)
	_, given, err = socket.Greet(t.Context(), api)
	if fatal, ok := errors.AsType[*socket.FatalError](err); !ok || !given || fatal.Code != "link_disabled" {
		t.Errorf("%v %v", given, err)
	}
}

func simulator(t *testing.T) (*slacksim.Server, *slack.Client) {
	t.Helper()
	sim := slacksim.New(slacksim.Config{BotToken: "xoxb-1", AppToken: "xapp-1"})
	t.Cleanup(sim.Close)
	server := httptest.NewServer(sim)
	t.Cleanup(server.Close)
	sim.SetURL(server.URL)
	transport := http.DefaultTransport.(*http.Transport).Clone()
	t.Cleanup(transport.CloseIdleConnections)
	return sim, slack.New("xoxb-1", slack.OptionAppLevelToken("xapp-1"), slack.OptionAPIURL(server.URL+"/api/"),
		slack.OptionHTTPClient(&http.Client{Transport: transport}))
}
