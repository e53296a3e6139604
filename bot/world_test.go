package bot

import (
	"context"
	"encoding/json"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/bot/access"
	"github.com/overtime-bot/overtime/bot/grammar"
	"github.com/overtime-bot/overtime/bot/i18n"
	"github.com/overtime-bot/overtime/bot/socket"
	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/scheduler"
	"github.com/overtime-bot/overtime/scheduler/extension"
	"github.com/slack-go/slack"
)

// The people and the meeting of these tests.
const (
	admin    = "U0ADMIN"
	owner    = "U0OWNER" // hosts theMeeting
	stranger = "U0STRANGER"
	theTeam  = "T0ACME"
	theID    = "914083136"
	answerAt = "https://hooks.slack.example/commands/T0ACME/1/verysecret"
)

// noon is where the clock stands in the golden files, a minute that no zone has trouble with.
var noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

func theMeeting() meeting.Meeting {
	return meeting.Meeting{
		ID: theID, UUID: "run-1", Subject: "Weekly product sync", HostUUID: "host-1", HostName: "Olivia Owner",
		Start: noon.Add(-48 * time.Minute), End: noon.Add(72 * time.Minute), People: 5, Extendable: true,
	}
}

type fakeHosts struct {
	email     string
	err       error
	booked    meeting.Meeting
	bookedErr error
	mu        sync.Mutex
	calls     int
}

func (f *fakeHosts) Host(context.Context, string) (meeting.Host, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.calls++
	return meeting.Host{UUID: "host-1", Email: f.email}, f.err
}

func (f *fakeHosts) Booked(context.Context, string) (meeting.Meeting, error) {
	return f.booked, f.bookedErr
}

// world is a bot among fakes.
type world struct {
	t         *testing.T
	scheduler *fakeScheduler
	hosts     *fakeHosts
	people    *fakePeople
	poster    *fakePoster
	inbox     *fakeInbox
	rules     *fakeRules
	desk      *slackDesk
	policy    access.Policy
	channel   string // NOTIFY_CHANNEL
	mode      scheduler.Mode
	least     int // people that must be in
	language  string
	workers   int
	now       func() time.Time
	log       *logLines
	observed  chan string

	bot *Bot
}

func ordinary(id, email, locale, zone string) access.Person {
	return access.Person{ID: id, Known: true, TeamID: theTeam, Email: email, EmailConfirmed: true, Locale: locale, Zone: zone}
}

func newWorld(t *testing.T) *world {
	return &world{
		t:         t,
		scheduler: &fakeScheduler{meetings: []meeting.Meeting{theMeeting()}, left: 210},
		hosts:     &fakeHosts{email: "owner@acme.example", bookedErr: &meeting.Error{Op: "booked meeting", Kind: meeting.ErrNotFound}},
		people: &fakePeople{people: map[string]access.Person{
			admin:    ordinary(admin, "admin@acme.example", "en-US", "Europe/Berlin"),
			owner:    ordinary(owner, "owner@acme.example", "en-US", "Europe/Berlin"),
			stranger: ordinary(stranger, "stranger@acme.example", "en-US", "Europe/Berlin"),
		}},
		poster:   &fakePoster{},
		inbox:    &fakeInbox{},
		rules:    &fakeRules{},
		desk:     newSlackDesk(),
		policy:   access.Policy{Team: theTeam, AdminUsers: []string{admin}, HostsMayExtend: true},
		mode:     scheduler.ModeOff,
		least:    2,
		language: "en",
		workers:  4,
		now:      func() time.Time { return noon },
		log:      &logLines{},
		observed: make(chan string, 10_000),
	}
}

// build makes the bot; change the fields before.
func (w *world) build() *Bot {
	w.t.Helper()
	catalogue, err := i18n.Load(w.language)
	if err != nil {
		w.t.Fatal(err)
	}
	w.bot, err = New(Config{
		Hosts: w.hosts, People: w.people, Poster: w.poster, Inbox: w.inbox, Rules: w.rules, Prompts: w.rules, Catalogue: catalogue,
		Automation: scheduler.Automation{
			Mode: w.mode, Lead: 10 * time.Minute, Minutes: 15, Max: 60, MinPeople: w.least,
		},
		NotifyChannel: w.channel,
		Policy:        w.policy, Clock: extension.Clock{Now: w.now},
		DefaultMinutes: 15, MaxMinutes: 120, MaxTotalMinutes: 240, DailyMinutes: 300, PersonRate: 10,
		Transport: w.desk, Workers: w.workers, Logger: slog.New(slog.NewJSONHandler(w.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
		Observe: func(verb grammar.Verb, tone Tone, _ time.Duration) { w.observed <- string(verb) + " " + tone.Name() },
	})
	if err != nil {
		w.t.Fatal(err)
	}
	w.bot.Use(w.scheduler, w.scheduler)
	return w.bot
}

// run lets the bot work until the returned function is called, which waits for its end.
func (w *world) run() (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- w.bot.Run(ctx) }()
	return sync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil {
			w.t.Errorf("Run: %v", err)
		}
	})
}

// asks gives the reply to a command, without the ways there and back.
func (w *world) asks(user, text string) Reply {
	reply, _ := w.bot.reply(context.Background(), job{id: "envelope-1", kind: "slash_commands"}, sender{
		Team: theTeam, User: user, Channel: "C0GENERAL", Command: "/extend", Text: text, ResponseURL: answerAt,
	})
	return reply
}

// asksFrom is asks from another channel.
func (w *world) asksFrom(channel, user, text string) Reply {
	reply, _ := w.bot.reply(context.Background(), job{id: "envelope-1", kind: "slash_commands"}, sender{
		Team: theTeam, User: user, Channel: channel, Command: "/extend", Text: text, ResponseURL: answerAt,
	})
	return reply
}

// mayNotPost lets Slack refuse messages to a place.
func mayNotPost(place string) func(*world) {
	return func(w *world) {
		w.poster.errs = map[string][]error{place: {slack.SlackErrorResponse{Err: "not_in_channel"}}}
	}
}

// typed is an envelope with a command in it.
func typed(id, user, text string) socket.Envelope {
	payload, err := json.Marshal(map[string]string{
		"team_id": theTeam, "user_id": user, "channel_id": "C0GENERAL", "command": "/extend", "text": text, "response_url": answerAt,
	})
	if err != nil {
		panic(err)
	}
	return socket.Envelope{ID: id, Type: "slash_commands", Payload: payload}
}

// logLines is a log that is read while it is written.
type logLines struct {
	mu    sync.Mutex
	text  strings.Builder
	delay func(line string) // before a line is written; nil = none
}

func (l *logLines) Write(line []byte) (int, error) {
	if l.delay != nil {
		l.delay(string(line))
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(line)
}

func (l *logLines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

func (l *logLines) count(part string) int { return strings.Count(l.String(), part) }
