package scheduler_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/meeting/meetingtest"
	"github.com/overtime-bot/overtime/scheduler"
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
	return fmt.Sprintf("%s of %q end %d over %t answer %q lapsed %t by %q last %d",
		o.Prompt.Kind, o.Meeting.Subject, o.Meeting.End.Unix(), o.Over, o.Prompt.Answer, o.Prompt.Lapsed, o.Last.Actor.User, o.Last.ID)
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
	return scheduler.Posted{Channel: "C1", Timestamp: timestamp, Shown: shown(o)}, nil
}

func (a *announcer) Follow(_ context.Context, o scheduler.Occasion) (string, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	now := shown(o)
	if now != o.Prompt.Shown {
		a.edits++
		a.shows[o.Prompt.Timestamp] = now
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

func (a *announcer) RulePaused(_ context.Context, rule scheduler.Rule, _ meeting.Meeting) error {
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

// office is a world in which something happens by itself.
type office struct {
	*world
	announcer *announcer
	config    scheduler.Config
	reports   *reports
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

// inOffice runs a test in a bubble with the meeting that inWorld has: it ends in half an hour.
func inOffice(t *testing.T, mode scheduler.Mode, test func(o *office)) {
	t.Helper()
	inWorld(t, scheduler.Limits{}, func(w *world) {
		o := &office{world: w, announcer: &announcer{shows: make(map[string]string)}, reports: &reports{}}
		client := w.newClient()
		o.config = scheduler.Config{
			Meetings: client, Tokens: client, Quota: client, Store: w.store, AutomationStore: w.store, Notifier: w.notices,
			Announcer: o.announcer, Clock: scheduler.Clock{Now: time.Now}, MaxMinutes: 120,
			Limits: scheduler.Limits{RunMinutes: 240}, Timeout: 10 * time.Second, ObserveTick: o.reports.add,
			Automation: scheduler.Automation{
				Mode: mode, Schedule: "* * * * *", Lead: 10 * time.Minute, Minutes: 15, Max: 60, MinPeople: 2,
			},
		}
		w.scheduler = o.another()
		test(o)
	})
}

// another makes a further scheduler of the same configuration.
func (o *office) another() *scheduler.Scheduler {
	o.t.Helper()
	made, err := scheduler.New(o.config)
	if err != nil {
		o.t.Fatal(err)
	}
	return made
}

// start lets a scheduler run until stop is called, or the test is over.
func (o *office) start(s *scheduler.Scheduler) (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = s.Run(ctx)
	}()
	stop = func() { cancel(); <-done }
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
	if _, err := o.store.PutRule(o.ctx, rule); err != nil {
		o.t.Fatal(err)
	}
}

func (o *office) prompts() []scheduler.Prompt {
	o.t.Helper()
	prompts, err := o.store.Prompts(o.ctx, []string{o.run1})
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
	if _, first, err := o.scheduler.Answer(o.ctx, prompt.ID, answer, bob); err != nil || !first {
		o.t.Fatalf("answer: first %t, %v", first, err)
	}
}

var _ scheduler.AutomationStore = (*store.Store)(nil)

func (w *world) newClient() *meeting.Client {
	w.t.Helper()
	client, err := meeting.New(meeting.Config{
		BaseURL: "https://service.example", Account: "a@x", Password: "password-1", QueryAll: true,
		Timeout: 10 * time.Second, Transport: w.service.Transport(), Rate: w.rate,
	})
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { _ = client.Close(context.Background()) })
	return client
}

// failAll makes every call of a kind fail until the faults are cleared.
func (w *world) failAll(op meetingtest.Op, status int) {
	w.service.Inject(meetingtest.Fault{Op: op, Kind: meetingtest.Refuse, Status: status, Times: -1})
}
