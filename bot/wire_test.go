package bot

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/bot/slacksim"
	"github.com/overtime-bot/overtime/scheduler"
	"github.com/slack-go/slack"
)

// onTheWire is a world whose Slack is the stand-in, by the network and thus by the clock of the machine.
func onTheWire(t *testing.T, changes ...func(*world)) (*world, *slacksim.Server) {
	t.Helper()
	sim := slacksim.New(slacksim.Config{
		BotToken: "xoxb-test", AppToken: "xapp-test", Team: slacksim.Team{ID: theTeam, Name: "Acme"}, NoTiers: true, MessageBurst: -1,
	})
	server := httptest.NewServer(sim)
	sim.SetURL(server.URL)
	sim.AddUser(slacksim.User{ID: owner, Name: "olivia", Email: "owner@acme.example", Locale: "es-ES", TZ: "Europe/Madrid"})
	sim.AddChannel(slacksim.Channel{ID: theChannel, Name: "product", Members: []string{owner, slacksim.BotUserID}})
	sim.AddChannel(slacksim.Channel{ID: "C0OTHER", Name: "other", Private: true, Members: []string{owner}})
	client := &http.Client{Transport: &http.Transport{}}
	t.Cleanup(func() {
		sim.Close()
		client.CloseIdleConnections()
		server.Close()
	})
	w := newWorld(t)
	w.meetings[0].Start, w.meetings[0].End = time.Now().Add(-time.Hour), time.Now().Add(time.Hour)
	w.web = slack.New("xoxb-test", slack.OptionAPIURL(server.URL+"/api/"), slack.OptionHTTPClient(client))
	both(changes...)(w)
	w.build()
	return w, sim
}

// Every message of the automation, in every language, is one that Slack posts and takes as an edit.
func TestSlackTakesEveryAnnouncement(t *testing.T) {
	for language := range languages {
		w, sim := onTheWire(t, func(w *world) { w.language = language })
		for _, s := range occasionScenes() {
			occasion := s.occasion
			posted, err := w.posts(occasion)
			if err != nil {
				t.Fatalf("%s, %s: %v", language, s.name, err)
			}
			occasion.Prompt = at(posted, occasion.Prompt)
			occasion.Prompt.Shown = scheduler.Shown{}
			if _, err := w.follows(occasion); err != nil {
				t.Errorf("%s, %s: %v", language, s.name, err)
			}
		}
		messages := sim.Messages(slacksim.Filter{User: slacksim.BotUserID})
		if len(messages) != len(occasionScenes()) {
			t.Errorf("%d messages", len(messages))
		}
		for _, message := range messages {
			if !message.Edited || message.Blocks == nil || message.Text == "" {
				t.Errorf("%+v", message)
			}
		}
		if warnings := sim.Warnings(); len(warnings) > 0 || w.log.count("layout") > 0 {
			t.Errorf("%q\n%s", warnings, w.log)
		}
	}
}

// Slack knows the host by their address, and takes a message to their ID; that is then edited where it went.
func TestHostReadsADirectMessage(t *testing.T) {
	w, sim := onTheWire(t)
	occasion := askedAt()
	occasion.Rule = scheduler.Rule{Mode: scheduler.ModeAsk}
	posted, err := w.posts(occasion)
	if err != nil || !strings.HasPrefix(posted.Channel, "D") {
		t.Fatalf("%+v, %v", posted, err)
	}
	occasion.Prompt = at(posted, occasion.Prompt)
	if _, err := w.follows(with(occasion, extendedBy(owner, 15))); err != nil {
		t.Fatal(err)
	}
	messages := sim.Messages(slacksim.Filter{Channel: posted.Channel})
	if len(messages) != 1 || !strings.Contains(messages[0].Text, "ha ampliado *Weekly") || strings.Contains(string(messages[0].Blocks), "button") {
		t.Errorf("%+v", messages)
	}
}

// A channel that the bot is not in is passed over; one that Slack throttles is waited for; an answer that is lost is
// doubt, and never a second message.
func TestPostingOnTheWire(t *testing.T) {
	t.Run("not in the channel", func(t *testing.T) {
		w, sim := onTheWire(t)
		occasion := askedAt()
		occasion.Rule.Channel = "C0OTHER"
		posted, err := w.posts(occasion)
		if err != nil || !isDirect(posted.Channel) || w.log.count("invite the app") != 1 || len(sim.Messages(slacksim.Filter{Channel: "C0OTHER"})) > 0 {
			t.Errorf("%+v, %v\n%s", posted, err, w.log)
		}
	})
	t.Run("throttled", func(t *testing.T) {
		w, sim := onTheWire(t)
		sim.FailNext("chat.postMessage", slacksim.Failure{Status: http.StatusTooManyRequests, RetryAfter: time.Second})
		if _, err := w.posts(askedAt()); err != nil || sim.Calls("chat.postMessage") != 2 {
			t.Errorf("%v after %d calls", err, sim.Calls("chat.postMessage"))
		}
	})
	for name, failure := range map[string]slacksim.Failure{
		"hung up after it was posted": {HangUp: true, AfterApply: true},
		"500":                         {Status: http.StatusInternalServerError},
		"never answers":               {Hang: true},
		"no JSON":                     {Body: "<html>"},
		"Slack does not know":         {Error: "fatal_error"},
	} {
		t.Run(name, func(t *testing.T) {
			w, sim := onTheWire(t)
			sim.FailNext("chat.postMessage", failure)
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			if _, err := w.postsWithin(ctx, askedAt()); !errors.Is(err, scheduler.ErrInDoubt) || sim.Calls("chat.postMessage") != 1 {
				t.Errorf("%v after %d calls", err, sim.Calls("chat.postMessage"))
			}
		})
	}
}
