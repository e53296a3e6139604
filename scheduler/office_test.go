package scheduler_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/meeting/meetingtest"
	"github.com/overtime-bot/overtime/scheduler"
	"github.com/overtime-bot/overtime/scheduler/extension"
	"github.com/overtime-bot/overtime/scheduler/store"
)

// announcer is the people who read what automation says.
type announcer struct {
	mu      sync.Mutex
	said    []scheduler.Occasion
	at      []time.Time
	shows   map[string]string // by timestamp of the message
	edits   int
	paused  []scheduler.Rule
	unheard error          // of telling that a rule pauses
	asked   int            // how often an owner was looked up
	wisher  scheduler.Rule // the last of them
	verdict scheduler.PauseReason
	unknown error                                   // of a look-up
	fail    func(occasion scheduler.Occasion) error // of posting; may panic
	after   func(occasion scheduler.Occasion) error // the message is there, and nobody is told so
	takes   time.Duration
}

func shown(o scheduler.Occasion) string {
	return fmt.Sprintf("%s of %q end %d over %t answer %q lapsed %t by %q last %d handed %q",
		o.Prompt.Kind, o.Meeting.Subject, o.Meeting.End.Unix(), o.Over, o.Prompt.Answer, o.Prompt.Lapsed, o.Last.Actor.User, o.Last.ID, o.Outlook.Handed.Actor.User)
}

func (a *announcer) Announce(ctx context.Context, o scheduler.Occasion) (scheduler.Posted, error) {
	if _, ok := ctx.Deadline(); !ok {
		return scheduler.Posted{}, errors.New("no deadline")
	}
	time.Sleep(a.takes) // in a bubble
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.fail != nil {
		if err := a.fail(o); err != nil {
			return scheduler.Posted{}, err
		}
	}
	a.said, a.at = append(a.said, o), append(a.at, time.Now())
	timestamp := strconv.Itoa(len(a.said))
	a.shows[timestamp] = shown(o)
	if a.after != nil {
		if err := a.after(o); err != nil {
			return scheduler.Posted{}, err
		}
	}
	return scheduler.Posted{Channel: "C1", Timestamp: timestamp, Shown: scheduler.Shown{Who: shown(o)}}, nil
}

func (a *announcer) Follow(_ context.Context, o scheduler.Occasion) (scheduler.Shown, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	now := scheduler.Shown{Who: shown(o)}
	if now != o.Prompt.Shown {
		a.edits++
		a.shows[o.Prompt.Timestamp] = now.Who
	}
	return now, nil
}

func (a *announcer) Authorise(_ context.Context, rule scheduler.Rule, _ meeting.Meeting) (scheduler.PauseReason, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.asked++
	a.wisher = rule
	return a.verdict, a.unknown
}

// rules sets what comes of the next look-ups of those on whose behalf automation acts.
func (a *announcer) rules(verdict scheduler.PauseReason, unknown error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.verdict, a.unknown = verdict, unknown
}

func (a *announcer) RulePaused(_ context.Context, rule scheduler.Rule, _ meeting.Meeting, _ scheduler.Outlook) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.unheard != nil {
		return a.unheard
	}
	a.paused = append(a.paused, rule)
	return nil
}

// of lists what was said of that kind.
func (a *announcer) of(kind scheduler.PromptKind) []scheduler.Occasion {
	a.mu.Lock()
	defer a.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(a.said), func(o scheduler.Occasion) bool { return o.Prompt.Kind != kind })
}

func (a *announcer) shownIn(prompt scheduler.Prompt) string {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.shows[prompt.Timestamp]
}

const meetingID = "914083136"

var (
	alice = extension.Actor{Team: "T1", User: "UALICE"}
	bob   = extension.Actor{Team: "T1", User: "UBOB"}
)

// office is a replica with the real client and the real store, in a bubble whose clock stands until all wait.
type office struct {
	t       *testing.T
	ctx     context.Context
	service *meetingtest.Server
	store   *store.Store
	end     time.Time // of the meeting, before anything was extended
	run1    string    // of the meeting
	dir     string    // of the database
	rate    int       // calls a minute that clients allow themselves

	*replica
	announcer  *announcer
	config     scheduler.Config
	doorConfig extension.Config
	reports    *reports
}

type reports struct {
	mu   sync.Mutex
	seen []scheduler.TickReport
}

func (r *reports) add(report scheduler.TickReport) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.seen = append(r.seen, report)
}

func (r *reports) count() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.seen)
}

func (r *reports) last() scheduler.TickReport {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.seen[len(r.seen)-1]
}

// inOffice runs a test in a bubble with a running meeting, which ends in half an hour.
func inOffice(t *testing.T, mode scheduler.Mode, test func(o *office)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		o := &office{t: t, ctx: t.Context(), announcer: &announcer{shows: make(map[string]string)}, reports: &reports{}}
		o.service = meetingtest.New(meetingtest.Config{Account: "a@x", Password: "password-1", Latency: 100 * time.Millisecond, Quota: -1})
		t.Cleanup(o.service.Close)
		start := time.Now().Truncate(time.Minute)
		o.end = start.Add(30 * time.Minute)
		o.run1 = extension.RunOf(meeting.Meeting{ID: meetingID, Start: start})
		onTime := 0
		o.service.Add(meetingtest.Meeting{ID: meetingID, Subject: "Weekly", Start: start, End: o.end, People: 3, ProlongMinutes: &onTime})
		o.dir = t.TempDir()
		o.store = o.open(filepath.Join(o.dir, "overtime.db"))
		client := o.newClient()
		o.doorConfig = extension.Config{
			Meetings: client, Ledger: o.store.Ledger, Clock: extension.Clock{Now: time.Now}, MaxMinutes: 120,
			Limits: extension.Limits{RunMinutes: 240}, Timeout: 10 * time.Second,
		}
		o.config = scheduler.Config{
			Tokens: client, Quota: client, Store: storesOf(o.store),
			Announcer: o.announcer, Clock: extension.Clock{Now: time.Now}, MaxMinutes: 120,
			RunMinutes: 240, Timeout: 10 * time.Second, Observe: o.reports.add,
			Automation: scheduler.Automation{
				Mode: mode, Schedule: "* * * * *", Lead: 10 * time.Minute, Minutes: 15, Max: 60, MinPeople: 2,
			},
		}
		o.replica = o.another()
		test(o)
	})
}

// replica is a process: what extends, and what does so by itself.
type replica struct {
	*scheduler.Scheduler
	extender *extension.Extender
}

// Settled tells the channels; people are of no interest here.
func (r *replica) Settled(ctx context.Context, notice extension.Notice) error {
	if notice.Extension.Origin == extension.FromTick {
		return r.Scheduler.Settled(ctx, notice)
	}
	return nil
}

// another makes a further replica of the same configuration.
func (o *office) another() *replica { return o.replicaOf(o.config, o.doorConfig) }

func (o *office) replicaOf(config scheduler.Config, door extension.Config) *replica {
	o.t.Helper()
	r := &replica{}
	door.Notifier, door.Outbox = r, extension.NewOutbox()
	door.Observe = func(e extension.Extension) { r.Observe(e) }
	var err error
	if r.extender, err = extension.New(door); err != nil {
		o.t.Fatal(err)
	}
	config.Extender, config.Outbox = r.extender, door.Outbox
	if r.Scheduler, err = scheduler.New(config); err != nil {
		o.t.Fatal(err)
	}
	return r
}

// start lets a replica run until stop is called, or the test is over.
func (o *office) start(r *replica) (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	var loops sync.WaitGroup
	loops.Go(func() { _ = r.extender.Run(ctx) })
	loops.Go(func() { _ = r.Run(ctx) })
	stop = func() { cancel(); loops.Wait() }
	o.t.Cleanup(stop)
	return stop
}

// until lets the time pass until so long before the meeting's first end; negative is after it.
func (o *office) until(before time.Duration) {
	time.Sleep(time.Until(o.end.Add(-before)))
	synctest.Wait()
}

func (o *office) watch(rule scheduler.Rule) {
	o.t.Helper()
	rule.Of, rule.Owner, rule.Channel = meetingID, alice, "C1"
	if _, err := o.store.Automation.PutRule(o.ctx, rule); err != nil {
		o.t.Fatal(err)
	}
}

func (o *office) prompts() []scheduler.Prompt {
	o.t.Helper()
	prompts, err := o.store.Prompts.Prompts(o.ctx, []string{o.run1})
	if err != nil {
		o.t.Fatal(err)
	}
	return prompts[o.run1]
}

// wantSaid checks what was said of a kind: the ends that it was about, in minutes from the first one.
func (o *office) wantSaid(kind scheduler.PromptKind, minutes ...int) []scheduler.Occasion {
	o.t.Helper()
	said := o.announcer.of(kind)
	var got []int
	for _, occasion := range said {
		got = append(got, int(occasion.Prompt.End.Sub(o.end)/time.Minute))
	}
	if !slices.Equal(got, minutes) {
		o.t.Fatalf("%s was said about the ends %v, want %v", kind, got, minutes)
	}
	return said
}

func (o *office) answer(prompt scheduler.Prompt, answer scheduler.Answer) {
	o.t.Helper()
	if _, first, err := o.Answer(o.ctx, prompt.ID, answer, bob); err != nil || !first {
		o.t.Fatalf("answer: first %t, %v", first, err)
	}
}

func storesOf(s *store.Store) scheduler.Stores {
	return scheduler.Stores{RuleStore: s.Automation, PromptStore: s.Prompts, RunStore: s.History, LeaseStore: s.Automation}
}

func (o *office) open(path string) *store.Store {
	o.t.Helper()
	opened, err := store.Open(o.ctx, store.Config{URL: path})
	if err != nil {
		o.t.Fatal(err)
	}
	o.t.Cleanup(func() {
		if err := opened.Close(context.Background()); err != nil {
			o.t.Error(err)
		}
	})
	return opened
}

func (o *office) wish(key string, actor extension.Actor, minutes int) extension.Request {
	o.t.Helper()
	found, err := o.extender.Find(o.ctx, meetingID)
	if err != nil {
		o.t.Fatal(err)
	}
	return extension.Request{Key: key, Envelope: key, Meeting: found, Origin: extension.FromCommand, Actor: actor, Minutes: minutes}
}

func (o *office) extend(request extension.Request) extension.Result {
	o.t.Helper()
	result, err := o.extender.Extend(o.ctx, request)
	if err != nil {
		o.t.Fatal(err)
	}
	return result
}

func (o *office) wantOutcome(result extension.Result, want extension.Outcome) {
	o.t.Helper()
	if result.Outcome != want {
		o.t.Fatalf("outcome is %s (%v), want %s", result.Outcome, result.Err, want)
	}
}

// wantEffects checks what the service really did.
func (o *office) wantEffects(want ...int) {
	o.t.Helper()
	effects := o.service.Effects(meetingID)
	var got []int
	for _, effect := range effects {
		got = append(got, effect.Minutes)
	}
	if len(got) != len(want) {
		o.t.Fatalf("the service applied %v, want %v", got, want)
	}
	for i := range got {
		if got[i] != want[i] {
			o.t.Fatalf("the service applied %v, want %v", got, want)
		}
	}
}

func (o *office) newClient() *meeting.Client {
	o.t.Helper()
	client, err := meeting.New(meeting.Config{
		BaseURL: "https://service.example", Account: "a@x", Password: "password-1", QueryAll: true,
		Timeout: 10 * time.Second, Transport: o.service.Transport(), Rate: o.rate,
	})
	if err != nil {
		o.t.Fatal(err)
	}
	o.t.Cleanup(func() { _ = client.Close(context.Background()) })
	return client
}

// failAll makes every call of a kind fail until the faults are cleared.
func (o *office) failAll(op meetingtest.Op, status int) {
	o.service.Inject(meetingtest.Fault{Op: op, Kind: meetingtest.Refuse, Status: status, Times: -1})
}
