package bot

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/overtime-bot/overtime/bot/access"
	"github.com/overtime-bot/overtime/bot/grammar"
	"github.com/overtime-bot/overtime/bot/i18n"
	"github.com/overtime-bot/overtime/bot/pace"
	"github.com/overtime-bot/overtime/bot/socket"
	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/meeting/meetingtest"
	"github.com/overtime-bot/overtime/scheduler"
	"github.com/overtime-bot/overtime/scheduler/extension"
	"github.com/overtime-bot/overtime/scheduler/store"
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

	theChannel = "C0PRODUCT"
	general    = "C0GENERAL" // where people type, if nothing else is said
)

// noon is when every test begins: a minute that no zone has trouble with.
var noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

// theMeeting is the running meeting as the service tells of it.
func theMeeting() meeting.Meeting {
	return meeting.Meeting{
		ID: theID, Subject: "Weekly product sync", HostUUID: "host-1", HostName: "Olivia Owner",
		Start: noon.Add(-48 * time.Minute), End: noon.Add(72 * time.Minute), People: 5, Extendable: true,
	}
}

// booked is a meeting of the service's, as theMeeting is.
func booked(id, subject string) meetingtest.Meeting {
	onTime := 0
	return meetingtest.Meeting{
		ID: id, Subject: subject, Start: theMeeting().Start, End: theMeeting().End, People: 5, ProlongMinutes: &onTime,
		Host: meetingtest.Host{UUID: "host-1", Account: "olivia", Name: "Olivia Owner", Email: "owner@acme.example"},
	}
}

func ordinary(id, email, locale, zone string) access.Person {
	return access.Person{ID: id, Known: true, TeamID: theTeam, Email: email, EmailConfirmed: true, Locale: locale, Zone: zone}
}

func actor(user string) extension.Actor { return extension.Actor{Team: theTeam, User: user} }

// world is the bot among real parts: the client of the meeting service, which talks to the service's stand-in, the
// store, what extends, and what happens by itself. Slack alone is a double. Each part may meet faults.
type world struct {
	t       *testing.T
	service *meetingtest.Server
	store   *store.Store
	faults  *faults

	people *fakePeople
	poster *fakePoster
	modals *slackViews
	desk   *slackDesk

	// What a test may change before the parts are joined.
	meetings    []meetingtest.Meeting // that the service knows; theMeeting is the first
	policy      access.Policy
	channel     string // NOTIFY_CHANNEL
	approving   string // APPROVAL_CHANNEL
	views       Views  // that presses open; nil = none
	mode        scheduler.Mode
	least       int // people that must be in
	language    string
	workers     int
	most        int // minutes at once
	total       int // minutes of one run
	timeout     time.Duration
	ahead       time.Duration // the service's clock
	explains    func(*scheduler.Explanation)
	ticks       bool // something happens by itself
	lead        time.Duration
	lists       func([]meeting.Meeting)
	results     func(*extension.Result)
	web         *slack.Client         // instead of the doubles of people and messages
	observe     func()                // before an answer is counted; nil = nothing
	missing     []string              // scopes
	state       State                 // of the bot
	promptState scheduler.PromptState // of the prompts of everyButton; posted if empty

	log      *logLines
	observed chan string // the verb and the tone of each answer
	asked    *requests
	notes    *inboxNotes
	sent     int             // envelopes
	acked    json.RawMessage // the payload of the latest ack
	script   *script

	announcer *Announcer
	approvals *Approvals
	inbox     *Inbox
	extender  *extension.Extender
	scheduler *scheduler.Scheduler
	stop      func() // ends the work, and waits for that
}

// newWorld makes the parts that know no other.
func newWorld(t *testing.T) *world {
	w := &world{
		t:        t,
		service:  meetingtest.New(meetingtest.Config{Account: "bot@acme.example", Password: "password-1", Quota: -1}),
		store:    openStore(t),
		faults:   &faults{},
		meetings: []meetingtest.Meeting{booked(theID, theMeeting().Subject)},
		people: &fakePeople{people: map[string]access.Person{
			admin:    ordinary(admin, "admin@acme.example", "en-US", "Europe/Berlin"),
			owner:    ordinary(owner, "owner@acme.example", "en-US", "Europe/Berlin"),
			stranger: ordinary(stranger, "stranger@acme.example", "en-US", "Europe/Berlin"),
		}, channel: access.Channel{Known: true}},
		poster:   &fakePoster{},
		modals:   &slackViews{},
		desk:     newSlackDesk(),
		policy:   access.Policy{Team: theTeam, AdminUsers: []string{admin}, HostsMayExtend: true},
		mode:     scheduler.ModeOff,
		least:    2,
		language: "en",
		workers:  4,
		most:     120,
		total:    240,
		timeout:  10 * time.Second,
		log:      &logLines{},
		observed: make(chan string, 10_000),
		asked:    &requests{},
		notes:    &inboxNotes{},
		script:   &script{},
	}
	t.Cleanup(w.service.Close)
	return w
}

// emptyDatabase is a database with its tables, which saves each test from making them.
var emptyDatabase = sync.OnceValues(func() ([]byte, error) {
	directory, err := os.MkdirTemp("", "overtime")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(directory)
	path := filepath.Join(directory, "overtime.db")
	opened, err := store.Open(context.Background(), store.Config{URL: path})
	if err != nil {
		return nil, err
	}
	if err := opened.Close(context.Background()); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
})

func openStore(t *testing.T) *store.Store {
	t.Helper()
	empty, err := emptyDatabase()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "overtime.db")
	if err := os.WriteFile(path, empty, 0o600); err != nil {
		t.Fatal(err)
	}
	opened, err := store.Open(t.Context(), store.Config{URL: path})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := opened.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return opened
}

// catalogues are those that were loaded.
var catalogues sync.Map

func catalogueOf(t *testing.T, language string) *i18n.Catalogue {
	t.Helper()
	if known, ok := catalogues.Load(language); ok {
		return known.(*i18n.Catalogue)
	}
	loaded, err := i18n.Load(language)
	if err != nil {
		t.Fatal(err)
	}
	catalogues.Store(language, loaded)
	return loaded
}

// build joins the parts, as cmd/overtime does.
func (w *world) build() {
	w.t.Helper()
	w.poster.script, w.desk.script = w.script, w.script
	for _, m := range w.meetings {
		w.service.Add(m)
	}
	catalogue := catalogueOf(w.t, w.language)
	logger := slog.New(slog.NewJSONHandler(w.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	clock := extension.Clock{Now: time.Now}
	automation := scheduler.Automation{
		Mode: w.mode, Schedule: "* * * * *", Lead: cmp.Or(w.lead, 10*time.Minute), Minutes: min(15, w.most), Max: 60, MinPeople: w.least,
	}
	client, err := meeting.New(meeting.Config{
		BaseURL: "https://service.example", Account: "bot@acme.example", Password: "password-1", QueryAll: true,
		Timeout: w.timeout, Transport: w.service.Transport(),
	})
	w.must(err)
	w.t.Cleanup(func() { _ = client.Close(context.Background()) })
	web, directory, views := w.poster.client(), People(w.people), Views(w.modals)
	if w.web != nil {
		web, views = w.web, w.web
		directory = access.NewDirectory(access.DirectoryConfig{API: web, Policy: w.policy, Now: time.Now, Logger: logger})
	}
	if w.views != nil {
		views = w.views
	}
	inbox, rules := faultyInbox{w.store.Inbox, w.faults, w.notes}, faultyRules{w.store.Automation, w.store.Prompts, w.faults}
	config := Config{
		ClockAhead: func() time.Duration { return w.ahead },
		Hosts:      access.NewHosts(faultyClient{client, w.faults}, time.Now), Bookings: faultyClient{client, w.faults}, People: directory, Poster: web,
		Past:      w.store.History,
		Wishes:    w.store.Approvals,
		Passwords: client, Views: views, Dialogs: w.store.Inbox,
		Envelopes: inbox, Actions: inbox, Rules: rules, Quiet: rules, Prompts: rules,
		Approvals: faultyApprovals{w.store.Approvals, w.faults}, ApprovalChannel: w.approving,
		Catalogue: catalogue, Automation: automation, Command: slash, MissingScopes: w.missing,
		Spent: w.store.History, State: func(context.Context) State { return w.state }, NotifyChannel: w.channel, Policy: w.policy, Now: time.Now,
		Limits:    Limits{DefaultMinutes: min(15, w.most), MaxMinutes: w.most, MaxTotalMinutes: w.total, DailyMinutes: 300, PersonRate: 10},
		Lines:     pace.NewLines(),
		Transport: w.desk, Workers: w.workers, Logger: logger,
		Observe: func(verb grammar.Verb, tone Tone, _ time.Duration) {
			if w.observe != nil {
				w.observe()
			}
			w.observed <- string(verb) + " " + tone.Name()
		},
	}
	w.announcer = NewAnnouncer(config)
	outbox := extension.NewOutbox()
	w.extender, err = extension.New(extension.Config{
		Meetings: client, Ledger: faultyLedger{w.store.Ledger, w.faults}, Notifier: w, Outbox: outbox, Clock: clock,
		MaxMinutes: w.most, Limits: extension.Limits{RunMinutes: w.total, DailyMinutes: 300, PersonRate: 10},
		Timeout: w.timeout, Logger: logger, Observe: func(e extension.Extension) { w.scheduler.Observe(e) },
		Booked: func(ctx context.Context, m meeting.Meeting) meeting.Booking { return w.scheduler.Booked(ctx, m) },
	})
	w.must(err)
	w.scheduler, err = scheduler.New(scheduler.Config{
		Extender: w.extender,
		Store: scheduler.Stores{
			RuleStore: w.store.Automation, PromptStore: w.store.Prompts, RunStore: w.store.History, LeaseStore: w.store.Automation,
		},
		Announcer: w.announcer, Outbox: outbox, Clock: clock, Automation: automation,
		MaxMinutes: w.most, RunMinutes: w.total, Daily: 300, Timeout: w.timeout, Bookings: client, Tokens: client, Quota: client,
	})
	w.must(err)
	w.approvals = NewApprovals(config, w.extender, w.scheduler)
	desk := NewDesk(config, faultyExtender{w.extender, w.faults, w.asked, w.lists, w.results}, faultyScheduler{w.scheduler, w.faults, w.explains})
	w.inbox, err = NewInbox(config, desk)
	w.must(err)
}

// Settled hands a notice to those who have the words, as cmd/overtime does.
func (w *world) Settled(ctx context.Context, notice extension.Notice) error {
	switch notice.Extension.Origin {
	case extension.FromTick:
		return w.scheduler.Settled(ctx, notice)
	case extension.FromApproval:
		return w.approvals.Settled(ctx, notice)
	}
	return w.inbox.Settled(ctx, notice)
}

// run lets the parts work until stop is called, which waits for their end.
func (w *world) run() {
	background, stopBackground := context.WithCancel(context.Background())
	working, stopWorking := context.WithCancel(context.Background())
	var behind sync.WaitGroup
	behind.Go(func() { _ = w.extender.Run(background) })
	if w.ticks {
		behind.Go(func() { _ = w.scheduler.Run(background) })
	}
	behind.Go(func() { _ = w.approvals.Run(background) })
	ended := make(chan error, 1)
	go func() { ended <- w.inbox.Run(working) }()
	w.stop = sync.OnceFunc(func() {
		stopWorking()
		if err := <-ended; err != nil {
			w.t.Errorf("Run: %v", err)
		}
		stopBackground()
		behind.Wait()
	})
}

// inBubble runs a test in a bubble of its own time, which stands while somebody works: with a world as set changes it,
// that works until the test is over.
func inBubble(t *testing.T, set func(*world), test func(t *testing.T, w *world)) {
	t.Helper()
	built(t, set, func(t *testing.T, w *world) {
		w.run()
		defer w.stop()
		synctest.Wait() // for the first looks of all parts
		test(t, w)
	})
}

// built is inBubble for a test that lets its world work by itself, or not at all.
func built(t *testing.T, set func(*world), test func(t *testing.T, w *world)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Until(noon))
		w := newWorld(t)
		both(set)(w)
		w.build()
		test(t, w)
	})
}

// both makes one change of several.
func both(sets ...func(*world)) func(*world) {
	return func(w *world) {
		for _, set := range sets {
			if set != nil {
				set(w)
			}
		}
	}
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// asks gives the answer to a command that somebody types.
func (w *world) asks(user, text string) heard { return w.asksFrom(general, user, text) }

// asksFrom is asks from another channel.
func (w *world) asksFrom(channel, user, text string) heard {
	w.t.Helper()
	w.script.does(user, strings.TrimSpace("types "+slash+" "+text))
	return w.answerTo(user, typedIn(channel, w.nextID(), user, slash, text))
}

// presses gives the answer to the press of a button.
func (w *world) presses(user, button string) heard {
	w.t.Helper()
	w.script.does(user, "presses ["+w.labelOf(button)+"]")
	return w.answerTo(user, clicked(w.nextID(), user, button))
}

// labelOf is what stands on a button that somebody has read, or its ID.
func (w *world) labelOf(id string) string {
	for _, line := range w.script.lines() {
		for _, button := range line.buttons {
			if button.id == id {
				return button.label
			}
		}
	}
	return id
}

func (w *world) nextID() string {
	w.sent++
	return fmt.Sprint("envelope-", w.sent)
}

// answerTo hands an envelope over and waits for its end: what the person reads then, where they asked or in a direct
// message; nothing where a message of the automation says it.
func (w *world) answerTo(user string, envelope socket.Envelope) heard {
	w.t.Helper()
	before := w.told(user)
	w.receives(envelope)
	seen := <-w.observed
	for i, all := range w.told(user) {
		if len(all) > len(before[i]) {
			return all[len(all)-1].seenAs(seen)
		}
	}
	return heard{}.seenAs(seen)
}

// receives hands an envelope over and says how long that took: the ack follows at once.
func (w *world) receives(envelope socket.Envelope) time.Duration {
	began := time.Now()
	w.acked = w.inbox.Receive(context.Background(), envelope)
	return time.Since(began)
}
