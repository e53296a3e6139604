package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/signal"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/overtime-bot/overtime/bot"
	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/scheduler"
	"github.com/overtime-bot/overtime/scheduler/extension"
	"github.com/overtime-bot/overtime/scheduler/store"
)

const (
	// fateAt is what befalls a watched bot: "kill" or "hang", and a step, as "kill aim before 1"; more of them by commas.
	fateAt = "OVERTIME_TEST_FATE"
	// clockAhead is by how much a watched bot's clock is ahead: it was started again so much later.
	clockAhead = "OVERTIME_TEST_AHEAD"

	stepReady = "ready"
)

// steps are told on stdout as a bot comes to them, and one of them may be its last.
type steps struct {
	mu    sync.Mutex
	out   io.Writer
	count map[string]int
	fates []string
}

// at is called with "before" and "after" each thing that a bot does to the world around it.
func (s *steps) at(step string) {
	s.mu.Lock()
	s.count[step]++
	numbered := fmt.Sprintf("%s %d", step, s.count[step])
	fmt.Fprintln(s.out, step)
	if slices.Contains(s.fates, "kill "+numbered) {
		_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
		select {} // with the lock held: no other step comes first
	}
	s.mu.Unlock()
	if slices.Contains(s.fates, "hang "+numbered) {
		select {}
	}
}

// around tells of one thing, before and after.
func (s *steps) around(what string) (after func()) {
	s.at(what + " before")
	return func() { s.at(what + " after") }
}

// runWatched is what serve does, with somebody watching where the parts meet.
func runWatched() error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	config, _, err := LoadConfig(os.Environ(), os.DevNull)
	if err != nil {
		return err
	}
	ahead, err := time.ParseDuration("0" + os.Getenv(clockAhead))
	if err != nil {
		return err
	}
	clock := extension.Clock{Now: func() time.Time { return time.Now().Add(ahead) }}
	p, err := makeParts(ctx, config, clock, newLogger(config.Log, os.Stderr), wires{})
	if err != nil {
		return err
	}
	s := &steps{out: os.Stdout, count: make(map[string]int), fates: strings.Split(os.Getenv(fateAt), ", ")}
	p.joints.ledger = watchedLedger{p.joints.ledger, s}
	p.joints.inbox = watchedInbox{p.joints.inbox, s}
	p.joints.prompts = watchedPrompts{p.joints.prompts, s}
	p.joints.meetings = watchedMeetings{p.joints.meetings, s}
	p.joints.answers = watchedAnswers{p.joints.answers, s}
	if err := p.join(); err != nil {
		return err
	}
	go func() {
		<-p.sockets.Ready()
		s.at(stepReady)
	}()
	return p.run(ctx)
}

type watchedPrompts struct {
	scheduler.PromptStore
	steps *steps
}

func (w watchedPrompts) ClaimPrompt(ctx context.Context, prompt scheduler.Prompt) (scheduler.Prompt, bool, error) {
	defer w.steps.around("claim " + string(prompt.Kind))()
	return w.PromptStore.ClaimPrompt(ctx, prompt)
}

func (w watchedPrompts) MovePrompt(ctx context.Context, id int64, to scheduler.PromptState, posted scheduler.Posted) error {
	if to == scheduler.PromptPosted {
		defer w.steps.around("note post")()
	}
	return w.PromptStore.MovePrompt(ctx, id, to, posted)
}

type watchedLedger struct {
	extension.Ledger
	steps *steps
}

func (w watchedLedger) Claim(ctx context.Context, e extension.Extension, limits extension.Limits, settleIn time.Duration) (extension.Extension, error) {
	defer w.steps.around("claim")()
	return w.Ledger.Claim(ctx, e, limits, settleIn)
}

func (w watchedLedger) Aim(ctx context.Context, id int64, before, target time.Time, settleIn time.Duration) error {
	defer w.steps.around("aim")()
	return w.Ledger.Aim(ctx, id, before, target, settleIn)
}

func (w watchedLedger) Move(ctx context.Context, id int64, from, to extension.State, ending extension.Ending) (extension.Extension, error) {
	defer w.steps.around("move to " + string(to))()
	return w.Ledger.Move(ctx, id, from, to, ending)
}

func (w watchedLedger) Abandon(ctx context.Context, id int64, ending extension.Ending) (extension.Extension, error) {
	defer w.steps.around("abandon")()
	return w.Ledger.Abandon(ctx, id, ending)
}

func (w watchedLedger) Told(ctx context.Context, id int64) error {
	defer w.steps.around("told")()
	return w.Ledger.Told(ctx, id)
}

// Owed is the end of a look of the settling timer.
func (w watchedLedger) Owed(ctx context.Context, claimFor time.Duration, limit int) ([]extension.Extension, error) {
	defer w.steps.around("owed")()
	return w.Ledger.Owed(ctx, claimFor, limit)
}

type watchedInbox struct {
	bot.EnvelopeStore
	steps *steps
}

func (w watchedInbox) StoreEnvelope(ctx context.Context, e store.Envelope, owner string, claimFor time.Duration) (bool, error) {
	defer w.steps.around("store")()
	return w.EnvelopeStore.StoreEnvelope(ctx, e, owner, claimFor)
}

func (w watchedInbox) AnswerEnvelopes(ctx context.Context, keepPayload map[string]bool) error {
	defer w.steps.around("note answer")()
	return w.EnvelopeStore.AnswerEnvelopes(ctx, keepPayload)
}

func (w watchedInbox) TakeEnvelopes(ctx context.Context, owner string, claimFor time.Duration, limit int) ([]store.Envelope, error) {
	w.steps.at("sweep before")
	taken, err := w.EnvelopeStore.TakeEnvelopes(ctx, owner, claimFor, limit)
	w.steps.at("sweep after")
	if len(taken) > 0 {
		w.steps.at("taken over")
	}
	return taken, err
}

type watchedMeetings struct {
	extension.Meetings
	steps *steps
}

func (w watchedMeetings) Get(ctx context.Context, id string) (meeting.Meeting, error) {
	defer w.steps.around("read")()
	return w.Meetings.Get(ctx, id)
}

func (w watchedMeetings) Extend(ctx context.Context, id string, minutes int) error {
	defer w.steps.around("extend")()
	return w.Meetings.Extend(ctx, id, minutes)
}

// watchedAnswers is the way to response_urls.
type watchedAnswers struct {
	http.RoundTripper
	steps *steps
}

func (w watchedAnswers) RoundTrip(request *http.Request) (*http.Response, error) {
	defer w.steps.around("answer")()
	return w.RoundTripper.RoundTrip(request)
}

// stepLog collects the steps of a process as it tells them.
type stepLog struct {
	mu      sync.Mutex
	text    bytes.Buffer
	changed chan struct{}
}

func newStepLog() *stepLog { return &stepLog{changed: make(chan struct{})} }

func (l *stepLog) Write(line []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	close(l.changed)
	l.changed = make(chan struct{})
	return l.text.Write(line)
}

// String leaves the idle looks of the timers out.
func (l *stepLog) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	idle := strings.NewReplacer("owed before\n", "", "owed after\n", "", "sweep before\n", "", "sweep after\n", "")
	return idle.Replace(l.text.String())
}

func (l *stepLog) count(step string) (int, <-chan struct{}) {
	l.mu.Lock()
	defer l.mu.Unlock()
	count := 0
	for line := range strings.Lines(l.text.String()) {
		if line == step+"\n" {
			count++
		}
	}
	return count, l.changed
}

// wait is false if the process was gone first.
func (l *stepLog) wait(ctx context.Context, gone <-chan struct{}, step string, times int) bool {
	for {
		count, changed := l.count(step)
		if count >= times {
			return true
		}
		select {
		case <-changed:
		case <-gone:
			return false
		case <-ctx.Done():
			return false
		}
	}
}
