package storetest

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/scheduler/extension"
	"github.com/overtime-bot/overtime/scheduler/store"
)

// counts says which states count against the limits of minutes.
var counts = map[extension.State]bool{
	extension.Sent: true, extension.Unknown: true, extension.Accepted: true, extension.Confirmed: true,
	extension.Unclear: true,
}

func limited(t *testing.T, err error, limit extension.Limit, left int) {
	t.Helper()
	var got *extension.LimitError
	if !errors.As(err, &got) {
		t.Fatalf("error is %v, want a LimitError", err)
	}
	equal(t, "limit", *got, extension.LimitError{Limit: limit, Left: left})
}

func limitOfRun(t *testing.T, db Database) {
	s := db.Open(t)
	for number, state := range states {
		inState(t, s, wish(number), state)
		added, err := s.Ledger.Added(t.Context(), wish(number).Run, extension.Actor{})
		succeed(t, err)
		equal(t, "added by "+string(state), added.Run, map[bool]int{true: 30}[counts[state]])
	}

	limits := extension.Limits{RunMinutes: 75}
	run := wish(100)
	ask := func(key string, minutes int, platform bool) error {
		run.Key, run.Minutes, run.Platform = key, minutes, platform
		claimed, err := s.Ledger.Claim(t.Context(), run, limits, time.Minute)
		if err == nil {
			move(t, s, claimed.ID, extension.Sent, extension.Confirmed)
		}
		return err
	}
	limited(t, ask("a", 76, false), extension.LimitRun, 75)
	succeed(t, ask("a", 30, false))
	run.Actor = extension.Actor{Team: "T1", User: "U2"} // over all people
	limited(t, ask("b", 46, false), extension.LimitRun, 45)
	succeed(t, ask("b", 44, false))
	run.Actor = extension.Actor{} // and automation
	limited(t, ask("c", 2, false), extension.LimitRun, 1)
	succeed(t, ask("c", 1, false))
	limited(t, ask("d", 1, false), extension.LimitRun, 0)
	succeed(t, ask("platform", 0, true))
	limits.RunMinutes = 20 // lowered since
	limited(t, ask("d", 1, false), extension.LimitRun, 0)
	db.Advance(t, 48*time.Hour) // a run has no window
	limited(t, ask("d", 1, false), extension.LimitRun, 0)
	limits.RunMinutes = 0
	succeed(t, ask("d", 1000, false))
}

func limitOfDay(t *testing.T, db Database) {
	s := db.Open(t)
	limits := extension.Limits{DailyMinutes: 60}
	number := 0
	ask := func(actor extension.Actor, minutes int, state extension.State) error {
		number++
		e := wish(number)
		e.Actor, e.Minutes = actor, minutes
		claimed, err := s.Ledger.Claim(t.Context(), e, limits, time.Minute)
		if err == nil && state != extension.Sent {
			move(t, s, claimed.ID, extension.Sent, state)
		}
		return err
	}
	succeed(t, ask(alice, 60, extension.Refused))
	succeed(t, ask(alice, 60, extension.Void))
	succeed(t, ask(alice, 20, extension.Sent))
	db.Advance(t, time.Hour)
	succeed(t, ask(alice, 15, extension.Unclear))
	succeed(t, ask(alice, 15, extension.Confirmed))
	limited(t, ask(alice, 11, extension.Sent), extension.LimitDaily, 10)
	succeed(t, ask(alice, 10, extension.Accepted))
	limited(t, ask(alice, 1, extension.Sent), extension.LimitDaily, 0)
	succeed(t, ask(extension.Actor{Team: "T1", User: "U2"}, 60, extension.Sent)) // another person
	succeed(t, ask(extension.Actor{Team: "T2", User: "U1"}, 60, extension.Sent)) // another workspace
	succeed(t, ask(extension.Actor{}, 61, extension.Sent))                       // automation
	succeed(t, ask(extension.Actor{}, 61, extension.Sent))
	platform := wish(1000)
	platform.Minutes, platform.Platform = 0, true
	_, err := s.Ledger.Claim(t.Context(), platform, limits, time.Minute)
	succeed(t, err)

	db.Advance(t, 23*time.Hour-time.Minute)
	limited(t, ask(alice, 1, extension.Sent), extension.LimitDaily, 0)
	db.Advance(t, 2*time.Minute) // the first 20 are older than a day
	limited(t, ask(alice, 21, extension.Sent), extension.LimitDaily, 20)
	succeed(t, ask(alice, 20, extension.Sent))
}

// limitOfDayAtAWish holds that what automation adds counts against the one at whose wish it does.
func limitOfDayAtAWish(t *testing.T, db Database) {
	s := db.Open(t)
	number := 0
	claim := func(actor, wisher extension.Actor, minutes int) error {
		number++
		e := wish(number)
		e.Actor, e.Wisher, e.Minutes = actor, wisher, minutes
		claimed, err := s.Ledger.Claim(t.Context(), e, extension.Limits{DailyMinutes: 60, PersonRate: 2}, time.Minute)
		if err == nil {
			equal(t, "the wisher that is stored", claimed.Wisher, wisher)
			stored, err := s.Ledger.Extension(t.Context(), claimed.ID)
			succeed(t, err)
			equal(t, "stored", stored, claimed)
		}
		return err
	}
	nobody := extension.Actor{}
	daily := func(want map[extension.Actor]int) {
		t.Helper()
		found, err := s.History.DailyMinutes(t.Context(), []extension.Actor{alice, bob, alice})
		succeed(t, err)
		equal(t, "minutes of a day", found, want)
	}
	daily(map[extension.Actor]int{alice: 0, bob: 0})
	for range 4 { // the rate of a person is not that of automation
		succeed(t, claim(nobody, alice, 10))
	}
	succeed(t, claim(alice, nobody, 15))
	limited(t, claim(nobody, alice, 6), extension.LimitDaily, 5)
	limited(t, claim(alice, nobody, 6), extension.LimitDaily, 5)
	succeed(t, claim(nobody, bob, 60))
	succeed(t, claim(nobody, nobody, 100))
	daily(map[extension.Actor]int{alice: 55, bob: 60})
	db.Advance(t, 24*time.Hour+time.Minute)
	daily(map[extension.Actor]int{alice: 0, bob: 0})
	succeed(t, claim(nobody, alice, 60))
}

func limitOfMinute(t *testing.T, db Database) {
	s := db.Open(t)
	limits := extension.Limits{PersonRate: 3}
	number := 0
	ask := func(actor extension.Actor) (extension.Extension, error) {
		number++
		e := wish(number)
		e.Actor = actor
		return s.Ledger.Claim(t.Context(), e, limits, time.Minute)
	}
	for _, state := range []extension.State{extension.Refused, extension.Void, extension.Confirmed} { // whatever became of them
		claimed, err := ask(alice)
		succeed(t, err)
		move(t, s, claimed.ID, extension.Sent, state)
		db.Advance(t, 10*time.Second)
	}
	for range 5 { // what was refused does not count
		_, err := ask(alice)
		limited(t, err, extension.LimitPerson, 0)
	}
	_, err := ask(extension.Actor{Team: "T1", User: "U2"})
	succeed(t, err)
	for range 5 {
		_, err = ask(extension.Actor{})
		succeed(t, err)
	}
	db.Advance(t, 25*time.Second)
	_, err = ask(alice)
	limited(t, err, extension.LimitPerson, 0)
	db.Advance(t, 10*time.Second)
	_, err = ask(alice)
	succeed(t, err)
	_, err = ask(alice)
	limited(t, err, extension.LimitPerson, 0)
}

func limitsInOrder(t *testing.T, db Database) {
	s := db.Open(t)
	first := claim(t, s, wish(1))
	all := extension.Limits{RunMinutes: 31, DailyMinutes: 31, PersonRate: 1}
	again := wish(1)
	again.Key = "again"
	ask := func() error {
		_, err := s.Ledger.Claim(t.Context(), again, all, time.Minute)
		return err
	}
	taken(t, ask(), first)
	first = move(t, s, first.ID, extension.Sent, extension.Accepted)
	_, err := s.Ledger.Claim(t.Context(), wish(1), all, time.Minute)
	duplicate(t, err, first)
	limited(t, ask(), extension.LimitPerson, 0) // whatever the minutes
	all.PersonRate = 0
	limited(t, ask(), extension.LimitRun, 1)
	again.Run = "another run"
	limited(t, ask(), extension.LimitDaily, 1)
	again.Minutes, all.PersonRate = 1, 1
	limited(t, ask(), extension.LimitPerson, 0)
}

// limitThatLeavesLeast holds that a limit is told with what is taken: nothing else that is exceeded leaves less.
func limitThatLeavesLeast(t *testing.T, db Database) {
	s := db.Open(t)
	first := claim(t, s, wish(1))
	move(t, s, first.ID, extension.Sent, extension.Confirmed)
	for _, test := range []struct {
		limits extension.Limits
		limit  extension.Limit
		left   int
	}{
		{extension.Limits{RunMinutes: 40, DailyMinutes: 35}, extension.LimitDaily, 5},
		{extension.Limits{RunMinutes: 35, DailyMinutes: 40}, extension.LimitRun, 5},
		{extension.Limits{RunMinutes: 40, DailyMinutes: 30}, extension.LimitDaily, 0},
		{extension.Limits{RunMinutes: 30, DailyMinutes: 31}, extension.LimitRun, 0},
		{extension.Limits{RunMinutes: 40, DailyMinutes: 1000}, extension.LimitRun, 10},
		{extension.Limits{RunMinutes: 40, PersonRate: 1}, extension.LimitPerson, 0},
		{extension.Limits{RunMinutes: 30, PersonRate: 1}, extension.LimitRun, 0}, // in a minute, too
	} {
		more := wish(1)
		more.Key = "more"
		_, err := s.Ledger.Claim(t.Context(), more, test.limits, time.Minute)
		limited(t, err, test.limit, test.left)
	}
}

func raceForLimit(t *testing.T, db Database) {
	stores := several(t, db)
	cases := map[extension.Limit]extension.Limits{
		extension.LimitDaily:  {DailyMinutes: 59},
		extension.LimitPerson: {PersonRate: 1},
	}
	number := 0
	for limit, limits := range cases {
		for round := range rounds {
			number += 1000
			base := number
			oneWins(t, race(t, stores, func(s *store.Store, racer int) error {
				e := wish(base + racer)
				e.Actor.User = fmt.Sprintf("%s %d", limit, round)
				_, err := s.Ledger.Claim(t.Context(), e, limits, time.Minute)
				return err
			}), func(err error) bool {
				var limited *extension.LimitError
				return errors.As(err, &limited) && limited.Limit == limit
			})
		}
	}
}
