package storetest

import (
	"fmt"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/scheduler"
	"github.com/overtime-bot/overtime/scheduler/extension"
	"github.com/overtime-bot/overtime/scheduler/store"
)

// historyContract is the contract of store.History.
var historyContract = []part{
	{"history is newest first", history},
	{"runs are summed up", runsAreSummed},
	{"many runs at once", manyRuns},
	{"the past of a person, a host and a meeting", past},
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
		got, err := s.History.Extensions(t.Context(), meetingID, limit)
		succeed(t, err)
		equal(t, "history of "+meetingID, got, want)
	}
	check("", 10, all)
	check("", 2, all[:2])
	check("first", 10, first)
	check("first", 1, first[:1])
	check("third", 10, nil)
	check("", 0, nil)
	_, err := s.Ledger.Extension(t.Context(), 1<<40)
	failsWith(t, err, store.ErrNoExtension)
}

// past is of each kind of question, whole and in pages.
func past(t *testing.T, db Database) {
	s := db.Open(t)
	var all []extension.Extension
	for number := range 24 {
		e := wish(number)
		e.MeetingID = []string{"first", "second"}[number%2]
		e.Actor = []extension.Actor{alice, {Team: "T1", User: "U2"}, {}}[number%3]
		e.Host = []string{"host", "other", "", "host"}[number%4]
		e.Room, e.Subject = []string{"room", "", "another", "room", ""}[number%5], fmt.Sprint("Plans of 'the' 日本 ? ", number)
		all = append([]extension.Extension{claim(t, s, e)}, all...)
	}
	for _, of := range []store.Past{
		{},
		{MeetingID: "first"},
		{MeetingID: "third"},
		{By: alice},
		{By: alice, MeetingID: "second"},
		{By: extension.Actor{Team: "T2", User: "U1"}},
		{Host: "host"},
		{Host: "host", MeetingID: "first"},
		{Host: "nobody"},
		{Room: "room"},
		{Room: "room", MeetingID: "second"},
		{Room: "none"},
		{By: alice, MeetingID: "room"},
		{Host: "host", MeetingID: "room"},
		{Room: "room", MeetingID: "room"},
		{Room: "room", MeetingID: "another"},
	} {
		var want, got []extension.Extension
		for _, e := range all {
			among := (of.By.User == "" || e.Actor == of.By) && (of.Host == "" || e.Host == of.Host) && (of.Room == "" || e.Room == of.Room)
			narrowed := of.By.User+of.Host+of.Room != ""
			named := of.MeetingID == "" || e.MeetingID == of.MeetingID || narrowed && e.Room == of.MeetingID
			if among && named {
				want = append(want, e)
			}
		}
		for {
			page, err := s.History.Past(t.Context(), of, 3)
			succeed(t, err)
			if len(page) == 0 {
				break
			}
			got = append(got, page...)
			of.Before = page[len(page)-1].ID
		}
		equal(t, fmt.Sprintf("past of %+v", of), got, want)
	}
}

func runsOf(t *testing.T, s *store.Store, runs ...string) map[string]scheduler.RunSummary {
	t.Helper()
	found, err := s.History.Runs(t.Context(), runs)
	succeed(t, err)
	return found
}

func runsAreSummed(t *testing.T, db Database) {
	s := db.Open(t)
	for number, state := range states {
		for _, origin := range []extension.Origin{extension.FromTick, extension.FromButton, extension.FromCommand} {
			e := wish(number)
			e.Run, e.Key, e.Origin = fmt.Sprint(state, origin), fmt.Sprint(state, origin), origin
			row := inState(t, s, e, state)
			want := scheduler.RunSummary{Run: e.Run, Open: state.Open()}
			if counts[state] {
				want.Minutes = 30
			}
			if counts[state] && origin == extension.FromTick {
				want.AutoMinutes = 30
			}
			if state == extension.Accepted || state == extension.Confirmed {
				want.Last = row
			}
			equal(t, "sum", runsOf(t, s, e.Run), map[string]scheduler.RunSummary{e.Run: want})
		}
	}
	platformRuns(t, s)
	oneRun(t, s)
}

func platformRuns(t *testing.T, s *store.Store) {
	t.Helper()
	for _, state := range states {
		e := wish(0)
		e.Run, e.Key, e.Minutes, e.Platform = "platform "+string(state), "platform "+string(state), 0, true
		e.Each = 20
		want := inState(t, s, e, state)
		if state == extension.Refused || state == extension.Void {
			want = extension.Extension{}
		}
		sum := runsOf(t, s, e.Run)[e.Run]
		equal(t, e.Run, sum.Handed, want)
		equal(t, "minutes that count", sum.Minutes, 0)
	}
}

// oneRun has many rows, beside another's.
func oneRun(t *testing.T, s *store.Store) {
	t.Helper()
	var last extension.Extension
	for number, step := range []struct {
		minutes int
		origin  extension.Origin
		state   extension.State
	}{
		{8, extension.FromTick, extension.Confirmed},
		{2, extension.FromCommand, extension.Confirmed},
		{4, extension.FromTick, extension.Void},
		{1, extension.FromTick, extension.Accepted},
		{16, extension.FromButton, extension.Unclear},
		{32, extension.FromTick, extension.Unknown},
	} {
		e := wish(number)
		e.Run, e.Key, e.Minutes, e.Origin = "one", fmt.Sprint("one ", number), step.minutes, step.origin
		row := inState(t, s, e, step.state)
		if step.state == extension.Accepted {
			last = row
		}
	}
	other := wish(99)
	other.Run = "other"
	row := inState(t, s, other, extension.Confirmed)
	equal(t, "many rows", runsOf(t, s, "one", "none", "other"), map[string]scheduler.RunSummary{
		"one":   {Run: "one", Minutes: 1 + 2 + 8 + 16 + 32, AutoMinutes: 1 + 8 + 32, Open: true, Last: last},
		"none":  {Run: "none"},
		"other": {Run: "other", Minutes: 30, Last: row},
	})
	last = move(t, s, last.ID, extension.Accepted, extension.Confirmed)
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
