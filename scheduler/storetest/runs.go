package storetest

import (
	"fmt"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/scheduler"
)

func runsOf(t *testing.T, s Store, runs ...string) map[string]scheduler.RunSummary {
	t.Helper()
	found, err := s.Runs(t.Context(), runs)
	succeed(t, err)
	return found
}

func runsAreSummed(t *testing.T, db Database) {
	s := db.Open(t)
	for number, state := range states {
		for _, origin := range []scheduler.Origin{scheduler.FromTick, scheduler.FromButton, scheduler.FromCommand} {
			e := wish(number)
			e.Run, e.Key, e.Origin = fmt.Sprint(state, origin), fmt.Sprint(state, origin), origin
			row := inState(t, s, e, state)
			want := scheduler.RunSummary{Run: e.Run, Open: state.Open()}
			if counts[state] {
				want.Minutes = 30
			}
			if counts[state] && origin == scheduler.FromTick {
				want.AutoMinutes = 30
			}
			if state == scheduler.Accepted || state == scheduler.Confirmed {
				want.Last = row
			}
			equal(t, "sum", runsOf(t, s, e.Run), map[string]scheduler.RunSummary{e.Run: want})
		}
	}
	platformRuns(t, s)
	oneRun(t, s)
}

func platformRuns(t *testing.T, s Store) {
	t.Helper()
	for _, state := range states {
		e := wish(0)
		e.Run, e.Key, e.Minutes, e.Platform = "platform "+string(state), "platform "+string(state), 0, true
		inState(t, s, e, state)
		failed := state == scheduler.Refused || state == scheduler.Void
		equal(t, e.Run, runsOf(t, s, e.Run)[e.Run].Platform, !failed)
	}
}

// oneRun has many rows, beside another's.
func oneRun(t *testing.T, s Store) {
	t.Helper()
	var last scheduler.Extension
	for number, step := range []struct {
		minutes int
		origin  scheduler.Origin
		state   scheduler.State
	}{
		{8, scheduler.FromTick, scheduler.Confirmed},
		{2, scheduler.FromCommand, scheduler.Confirmed},
		{4, scheduler.FromTick, scheduler.Void},
		{1, scheduler.FromTick, scheduler.Accepted},
		{16, scheduler.FromButton, scheduler.Unclear},
		{32, scheduler.FromTick, scheduler.Unknown},
	} {
		e := wish(number)
		e.Run, e.Key, e.Minutes, e.Origin = "one", fmt.Sprint("one ", number), step.minutes, step.origin
		row := inState(t, s, e, step.state)
		if step.state == scheduler.Accepted {
			last = row
		}
	}
	other := wish(99)
	other.Run = "other"
	row := inState(t, s, other, scheduler.Confirmed)
	equal(t, "many rows", runsOf(t, s, "one", "none", "other"), map[string]scheduler.RunSummary{
		"one":   {Run: "one", Minutes: 1 + 2 + 8 + 16 + 32, AutoMinutes: 1 + 8 + 32, Open: true, Last: last},
		"none":  {Run: "none"},
		"other": {Run: "other", Minutes: 30, Last: row},
	})
	last = move(t, s, last.ID, scheduler.Accepted, scheduler.Confirmed)
	equal(t, "last", runsOf(t, s, "one")["one"].Last, last)
}

// manyRuns asks for more than one statement takes; a run may be named twice.
func manyRuns(t *testing.T, db Database) {
	s := db.Open(t)
	equal(t, "no runs", len(runsOf(t, s)), 0)
	equal(t, "no prompts", len(promptsOf(t, s)), 0)
	const number = 2500
	runs := make([]string, number, number+1)
	for at := range runs {
		runs[at] = fmt.Sprint("run ", at)
	}
	runs = append(runs, "run 0")
	full := map[string]bool{"run 0": true, "run 1023": true, "run 1024": true, "run 2047": true, "run 2499": true}
	for run := range full {
		e := wish(0)
		e.Run, e.Key = run, run
		claim(t, s, e)
		claimPrompt(t, s, about(run, time.Hour), true)
	}
	sums := runsOf(t, s, runs...)
	equal(t, "runs", len(sums), number)
	for run, sum := range sums {
		equal(t, "name", sum.Run, run)
		equal(t, "minutes of "+run, sum.Minutes, map[bool]int{true: 30}[full[run]])
	}
	prompts := promptsOf(t, s, runs...)
	for run := range full {
		equal(t, "prompts of "+run, len(prompts[run]), 1)
	}
	equal(t, "runs with prompts", len(prompts), len(full))
}
