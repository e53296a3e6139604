package extension_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"path/filepath"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/meeting/meetingtest"
	"github.com/overtime-bot/overtime/scheduler/extension"
	"github.com/overtime-bot/overtime/scheduler/store"
)

const meetingID = "914083136"

var (
	alice = extension.Actor{Team: "T1", User: "UALICE"}
	bob   = extension.Actor{Team: "T1", User: "UBOB"}
)

// world is a scheduler with the real client and the real store, in a bubble whose clock stands until all wait.
type world struct {
	t        *testing.T
	ctx      context.Context
	service  *meetingtest.Server
	store    *store.Store
	extender *extension.Extender
	notices  *notices
	end      time.Time // of the meeting, before anything was extended
	run1     string    // of the meeting
	dir      string    // of the database
	rate     int       // calls a minute that clients allow themselves
	log      bytes.Buffer
}

type notices struct {
	mu    sync.Mutex
	seen  []extension.Notice
	came  chan extension.Notice
	fails int // how many notices fail first
}

func (n *notices) Settled(_ context.Context, notice extension.Notice) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.fails > 0 {
		n.fails--
		return errors.New("Slack is down")
	}
	n.seen = append(n.seen, notice)
	n.came <- notice
	return nil
}

func (n *notices) count() int {
	n.mu.Lock()
	defer n.mu.Unlock()
	return len(n.seen)
}

// inWorld runs a test in a bubble with a running meeting.
func inWorld(t *testing.T, limits extension.Limits, test func(w *world)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		w := &world{t: t, ctx: t.Context(), notices: &notices{came: make(chan extension.Notice, 100)}}
		w.service = meetingtest.New(meetingtest.Config{Account: "a@x", Password: "password-1", Latency: 100 * time.Millisecond, Quota: -1})
		t.Cleanup(w.service.Close)
		start := time.Now().Truncate(time.Minute)
		w.end = start.Add(30 * time.Minute)
		w.run1 = extension.RunOf(meeting.Meeting{ID: meetingID, Start: start})
		onTime := 0
		w.service.Add(meetingtest.Meeting{ID: meetingID, Subject: "Weekly", Start: start, End: w.end, People: 3, ProlongMinutes: &onTime})
		w.dir = t.TempDir()
		w.store = w.open(filepath.Join(w.dir, "overtime.db"))
		w.extender = w.newExtender(w.store.Ledger, limits)
		test(w)
	})
}

func (w *world) open(path string) *store.Store {
	w.t.Helper()
	opened, err := store.Open(w.ctx, store.Config{URL: path})
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() {
		if err := opened.Close(context.Background()); err != nil {
			w.t.Error(err)
		}
	})
	return opened
}

func (w *world) newExtender(s extension.Ledger, limits extension.Limits) *extension.Extender {
	w.t.Helper()
	made, err := extension.New(extension.Config{
		Meetings: w.newClient(), Ledger: s, Notifier: w.notices, Clock: extension.Clock{Now: time.Now},
		MaxMinutes: 120, Limits: limits, Timeout: 10 * time.Second, Logger: slog.New(slog.NewTextHandler(&w.log, nil)),
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return made
}

// run lets the timer settle until the test is over.
func (w *world) run(s *extension.Extender) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = s.Run(ctx)
	}()
	w.t.Cleanup(func() { cancel(); <-done })
}

func (w *world) wish(key string, actor extension.Actor, minutes int) extension.Request {
	w.t.Helper()
	found, err := w.extender.Find(w.ctx, meetingID)
	if err != nil {
		w.t.Fatal(err)
	}
	return extension.Request{Key: key, Envelope: key, Meeting: found, Origin: extension.FromCommand, Actor: actor, Minutes: minutes}
}

func (w *world) extend(request extension.Request) extension.Result {
	w.t.Helper()
	result, err := w.extender.Extend(w.ctx, request)
	if err != nil {
		w.t.Fatal(err)
	}
	return result
}

func (w *world) wantOutcome(result extension.Result, want extension.Outcome) {
	w.t.Helper()
	if result.Outcome != want {
		w.t.Fatalf("outcome is %s (%v), want %s", result.Outcome, result.Err, want)
	}
}

// wantEffects checks what the service really did.
func (w *world) wantEffects(want ...int) {
	w.t.Helper()
	effects := w.service.Effects(meetingID)
	var got []int
	for _, effect := range effects {
		got = append(got, effect.Minutes)
	}
	if len(got) != len(want) {
		w.t.Fatalf("the service applied %v, want %v", got, want)
	}
	for i := range got {
		if got[i] != want[i] {
			w.t.Fatalf("the service applied %v, want %v", got, want)
		}
	}
}

func (w *world) wantState(id int64, want extension.State) extension.Extension {
	w.t.Helper()
	row, err := w.store.Ledger.Extension(w.ctx, id)
	if err != nil {
		w.t.Fatal(err)
	}
	if row.State != want {
		w.t.Fatalf("row %d is %s (%s), want %s", id, row.State, row.Reason, want)
	}
	return row
}

func (w *world) nextNotice() extension.Notice {
	w.t.Helper()
	select {
	case notice := <-w.notices.came:
		return notice
	case <-time.After(time.Hour):
		w.t.Fatal("no notice within an hour")
		return extension.Notice{}
	}
}

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
