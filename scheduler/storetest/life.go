package storetest

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/scheduler"
	"github.com/overtime-bot/overtime/scheduler/extension"
	"github.com/overtime-bot/overtime/scheduler/store"
)

// steps are the moves that a store makes; every other is refused.
var steps = map[extension.State][]extension.State{
	extension.Sent:     states[1:],
	extension.Unknown:  states[1:],
	extension.Accepted: states[2:],
}

func moves(t *testing.T, db Database) {
	s := db.Open(t)
	number := 0
	for _, from := range states {
		for _, to := range states {
			number++
			row := inState(t, s, wish(number), from)
			legal := false
			for _, step := range steps[from] {
				legal = legal || step == to
			}
			moved, err := s.Move(t.Context(), row.ID, from, to, extension.Ending{Reason: "why"})
			if !legal {
				if err == nil {
					t.Errorf("moved from %s to %s", from, to)
				}
				unchanged(t, s, row)
				continue
			}
			succeed(t, err)
			equal(t, fmt.Sprintf("state after %s", from), moved.State, to)
			if from == to {
				continue
			}
			_, err = s.Move(t.Context(), row.ID, from, to, extension.Ending{Reason: "again"})
			failsWith(t, err, extension.ErrMoved)
			unchanged(t, s, moved)
		}
	}
	_, err := s.Move(t.Context(), 1<<40, extension.Sent, extension.Void, extension.Ending{})
	failsWith(t, err, extension.ErrMoved)
}

func unchanged(t *testing.T, s Store, row extension.Extension) {
	t.Helper()
	read, err := s.Extension(t.Context(), row.ID)
	succeed(t, err)
	equal(t, "row that nobody moved", read, row)
}

func moveWritesEnding(t *testing.T, db Database) {
	s := db.Open(t)
	end := time.Date(2026, 3, 1, 15, 30, 0, 0, time.FixedZone("elsewhere", 3600))
	for number, to := range states[1:] {
		row := claim(t, s, wish(number))
		db.Advance(t, time.Second)
		moved, err := s.Move(t.Context(), row.ID, extension.Sent, to,
			extension.Ending{After: end, Reason: "because", SettleIn: 3 * time.Second})
		succeed(t, err)
		if age := moved.UpdatedAt.Sub(row.UpdatedAt); age < time.Second {
			t.Errorf("updated %v after the claim", age)
		}
		want := row
		want.State, want.Reason, want.After, want.UpdatedAt = to, "because", end.UTC(), moved.UpdatedAt
		want.SettleAt = time.Time{}
		if to == extension.Unknown || to == extension.Accepted {
			want.SettleAt = moved.UpdatedAt.Add(3 * time.Second)
		}
		equal(t, "moved to "+string(to), moved, want)
		unchanged(t, s, want)
	}
	row := claim(t, s, wish(100))
	moved, err := s.Move(t.Context(), row.ID, extension.Sent, extension.Unknown, extension.Ending{After: end})
	succeed(t, err)
	equal(t, "unknown without SettleIn is due at once", moved.SettleAt, moved.UpdatedAt)
	moved, err = s.Move(t.Context(), row.ID, extension.Unknown, extension.Accepted, extension.Ending{})
	succeed(t, err)
	equal(t, "end that is kept", moved.After, end.UTC())
	equal(t, "accepted without SettleIn is not read again", moved.SettleAt, time.Time{})
}

func aim(t *testing.T, db Database) {
	s := db.Open(t)
	before := time.Date(2026, 3, 1, 15, 0, 0, 0, time.UTC)
	target := before.Add(30 * time.Minute)
	for number, state := range states {
		row := inState(t, s, wish(number), state)
		err := s.Aim(t.Context(), row.ID, before, target, 13*time.Second)
		if state != extension.Sent {
			failsWith(t, err, extension.ErrMoved)
			unchanged(t, s, row)
			continue
		}
		succeed(t, err)
		read, err := s.Extension(t.Context(), row.ID)
		succeed(t, err)
		row.Before, row.Target, row.UpdatedAt = before, target, read.UpdatedAt
		row.SettleAt = read.UpdatedAt.Add(13 * time.Second)
		equal(t, "aimed", read, row)
	}
	failsWith(t, s.Aim(t.Context(), 1<<40, before, target, 0), extension.ErrMoved)
}

func settlingOrder(t *testing.T, db Database) {
	s := db.Open(t)
	if _, waits, err := s.NextSettle(t.Context()); waits || err != nil {
		t.Fatalf("something waits in an empty store: %v", err)
	}
	var rows []extension.Extension
	for number, settleIn := range []time.Duration{50, 20, 30, 10, 40} {
		row, err := s.Claim(t.Context(), wish(number), extension.Limits{}, settleIn*time.Minute)
		succeed(t, err)
		rows = append(rows, row)
	}
	due := func(limit int, want ...extension.Extension) {
		t.Helper()
		got, err := s.Due(t.Context(), limit)
		succeed(t, err)
		equal(t, "due", got, want)
	}
	due(10)
	wait, waits, err := s.NextSettle(t.Context())
	if !waits || err != nil || wait > 10*time.Minute || wait < 9*time.Minute {
		t.Errorf("NextSettle: %v %v %v", wait, waits, err)
	}
	db.Advance(t, 35*time.Minute)
	due(10, rows[3], rows[1], rows[2])
	due(2, rows[3], rows[1])
	due(0)
	wait, waits, err = s.NextSettle(t.Context())
	if !waits || err != nil || wait != 0 {
		t.Errorf("NextSettle of what is late: %v %v %v", wait, waits, err)
	}
	move(t, s, rows[3].ID, extension.Sent, extension.Confirmed)
	unknown := move(t, s, rows[1].ID, extension.Sent, extension.Unknown)
	accepted, err := s.Move(t.Context(), rows[2].ID, extension.Sent, extension.Accepted, extension.Ending{SettleIn: 30 * time.Second})
	succeed(t, err)
	due(10)
	db.Advance(t, 61*time.Second)
	due(10, accepted, unknown)
}

func history(t *testing.T, db Database) {
	s := db.Open(t)
	var all, first []extension.Extension
	for number := range 6 {
		e := wish(number)
		e.MeetingID = []string{"first", "second"}[number%2]
		row := claim(t, s, e)
		all = append([]extension.Extension{row}, all...)
		if number%2 == 0 {
			first = append([]extension.Extension{row}, first...)
		}
	}
	check := func(meetingID string, limit int, want []extension.Extension) {
		t.Helper()
		got, err := s.History(t.Context(), meetingID, limit)
		succeed(t, err)
		equal(t, "history of "+meetingID, got, want)
	}
	check("", 10, all)
	check("", 2, all[:2])
	check("first", 10, first)
	check("first", 1, first[:1])
	check("third", 10, nil)
	check("", 0, nil)
	_, err := s.Extension(t.Context(), 1<<40)
	failsWith(t, err, store.ErrNoExtension)
}

func reopening(t *testing.T, db Database) {
	first := db.Open(t)
	row := claim(t, first, wish(1))
	_, err := first.StoreEnvelope(t.Context(), envelope(1), "one", time.Minute)
	succeed(t, err)
	automation := automate(t, first)
	succeed(t, first.Ping(t.Context()))
	succeed(t, first.Close())
	succeed(t, first.Close())
	for what, err := range map[string]error{
		"write": first.AnswerEnvelope(t.Context(), "envelope 1", false),
		"read":  func() error { _, err := first.Extension(t.Context(), row.ID); return err }(),
		"ping":  first.Ping(t.Context()),
	} {
		if err == nil {
			t.Errorf("%s after Close works", what)
		}
		failsWith(t, err, store.ErrClosed)
	}
	second := db.Open(t)
	unchanged(t, second, row)
	_, err = second.Envelope(t.Context(), "envelope 1")
	succeed(t, err)
	equal(t, "automation", automated(t, second), automation)
}

// automation is all that a store keeps of rules and prompts.
type automation struct {
	Rules   []scheduler.Rule
	Paused  scheduler.Pause
	Quiet   bool
	Prompts map[string][]scheduler.Prompt
	Runs    map[string]scheduler.RunSummary
}

// automate stores one of each, in a store that has claimed wish 1.
func automate(t *testing.T, s Store) automation {
	t.Helper()
	putRule(t, s, ruleOf("914083136"))
	_, err := s.PauseAll(t.Context(), alice)
	succeed(t, err)
	_, err = s.SetQuiet(t.Context(), alice, true)
	succeed(t, err)
	p := posted(t, s, about("run 1", 0), "shown")
	answers(t, s, p.ID, scheduler.KeepExtending, alice, true)
	return automated(t, s)
}

func automated(t *testing.T, s Store) automation {
	t.Helper()
	var found automation
	var err error
	found.Rules = rulesOf(t, s)
	found.Paused, err = s.Paused(t.Context())
	succeed(t, err)
	found.Quiet, err = s.Quiet(t.Context(), alice)
	succeed(t, err)
	found.Prompts = promptsOf(t, s, "run 1")
	found.Runs = runsOf(t, s, "run 1")
	if len(found.Rules) != 1 || found.Paused.IsZero() || !found.Quiet || len(found.Prompts) != 1 || !found.Runs["run 1"].Open {
		t.Errorf("something is missing: %+v", found)
	}
	return found
}

func endedContext(t *testing.T, db Database) {
	s := db.Open(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := s.Claim(ctx, wish(1), extension.Limits{}, time.Minute)
	failsWith(t, err, context.Canceled)
	_, err = s.Due(ctx, 10)
	failsWith(t, err, context.Canceled)
	all, err := s.History(t.Context(), "", 10)
	succeed(t, err)
	equal(t, "rows", len(all), 0)
}
