package storetest

import (
	"testing"
	"time"

	"github.com/overtime-bot/overtime/scheduler"
)

// counts says which states count against the limits of minutes.
var counts = map[scheduler.State]bool{
	scheduler.Sent: true, scheduler.Unknown: true, scheduler.Accepted: true, scheduler.Confirmed: true,
	scheduler.Unclear: true,
}

func limitOfRun(t *testing.T, db Database) {
	s := db.Open(t)
	for number, state := range states {
		inState(t, s, wish(number), state)
		added, err := s.Added(t.Context(), wish(number).Run)
		succeed(t, err)
		equal(t, "added by "+string(state), added, map[bool]int{true: 30}[counts[state]])
	}

	limits := scheduler.Limits{RunMinutes: 75}
	run := wish(100)
	ask := func(key string, minutes int, platform bool) error {
		run.Key, run.Minutes, run.Platform = key, minutes, platform
		claimed, err := s.Claim(t.Context(), run, limits, time.Minute)
		if err == nil {
			move(t, s, claimed.ID, scheduler.Sent, scheduler.Confirmed)
		}
		return err
	}
	limited(t, ask("a", 76, false), scheduler.LimitRun, 75)
	succeed(t, ask("a", 30, false))
	run.Actor = scheduler.Actor{Team: "T1", User: "U2"} // over all people
	limited(t, ask("b", 46, false), scheduler.LimitRun, 45)
	succeed(t, ask("b", 44, false))
	run.Actor = scheduler.Actor{} // and automation
	limited(t, ask("c", 2, false), scheduler.LimitRun, 1)
	succeed(t, ask("c", 1, false))
	limited(t, ask("d", 1, false), scheduler.LimitRun, 0)
	succeed(t, ask("platform", 0, true))
	limits.RunMinutes = 20 // lowered since
	limited(t, ask("d", 1, false), scheduler.LimitRun, 0)
	db.Advance(t, 48*time.Hour) // a run has no window
	limited(t, ask("d", 1, false), scheduler.LimitRun, 0)
	limits.RunMinutes = 0
	succeed(t, ask("d", 1000, false))
}

func limitOfDay(t *testing.T, db Database) {
	s := db.Open(t)
	limits := scheduler.Limits{DailyMinutes: 60}
	number := 0
	ask := func(actor scheduler.Actor, minutes int, state scheduler.State) error {
		number++
		e := wish(number)
		e.Actor, e.Minutes = actor, minutes
		claimed, err := s.Claim(t.Context(), e, limits, time.Minute)
		if err == nil && state != scheduler.Sent {
			move(t, s, claimed.ID, scheduler.Sent, state)
		}
		return err
	}
	succeed(t, ask(alice, 60, scheduler.Refused))
	succeed(t, ask(alice, 60, scheduler.Void))
	succeed(t, ask(alice, 20, scheduler.Sent))
	db.Advance(t, time.Hour)
	succeed(t, ask(alice, 15, scheduler.Unclear))
	succeed(t, ask(alice, 15, scheduler.Confirmed))
	limited(t, ask(alice, 11, scheduler.Sent), scheduler.LimitDaily, 10)
	succeed(t, ask(alice, 10, scheduler.Accepted))
	limited(t, ask(alice, 1, scheduler.Sent), scheduler.LimitDaily, 0)
	succeed(t, ask(scheduler.Actor{Team: "T1", User: "U2"}, 60, scheduler.Sent)) // another person
	succeed(t, ask(scheduler.Actor{Team: "T2", User: "U1"}, 60, scheduler.Sent)) // another workspace
	succeed(t, ask(scheduler.Actor{}, 61, scheduler.Sent))                       // automation
	succeed(t, ask(scheduler.Actor{}, 61, scheduler.Sent))
	platform := wish(1000)
	platform.Minutes, platform.Platform = 0, true
	_, err := s.Claim(t.Context(), platform, limits, time.Minute)
	succeed(t, err)

	db.Advance(t, 23*time.Hour-time.Minute)
	limited(t, ask(alice, 1, scheduler.Sent), scheduler.LimitDaily, 0)
	db.Advance(t, 2*time.Minute) // the first 20 are older than a day
	limited(t, ask(alice, 21, scheduler.Sent), scheduler.LimitDaily, 20)
	succeed(t, ask(alice, 20, scheduler.Sent))
}

func limitOfMinute(t *testing.T, db Database) {
	s := db.Open(t)
	limits := scheduler.Limits{PersonRate: 3}
	number := 0
	ask := func(actor scheduler.Actor) (scheduler.Extension, error) {
		number++
		e := wish(number)
		e.Actor = actor
		return s.Claim(t.Context(), e, limits, time.Minute)
	}
	for _, state := range []scheduler.State{scheduler.Refused, scheduler.Void, scheduler.Confirmed} { // whatever became of them
		claimed, err := ask(alice)
		succeed(t, err)
		move(t, s, claimed.ID, scheduler.Sent, state)
		db.Advance(t, 10*time.Second)
	}
	for range 5 { // what was refused does not count
		_, err := ask(alice)
		limited(t, err, scheduler.LimitPerson, 0)
	}
	_, err := ask(scheduler.Actor{Team: "T1", User: "U2"})
	succeed(t, err)
	for range 5 {
		_, err = ask(scheduler.Actor{})
		succeed(t, err)
	}
	db.Advance(t, 25*time.Second)
	_, err = ask(alice)
	limited(t, err, scheduler.LimitPerson, 0)
	db.Advance(t, 10*time.Second)
	_, err = ask(alice)
	succeed(t, err)
	_, err = ask(alice)
	limited(t, err, scheduler.LimitPerson, 0)
}

func limitsInOrder(t *testing.T, db Database) {
	s := db.Open(t)
	first := claim(t, s, wish(1))
	all := scheduler.Limits{RunMinutes: 31, DailyMinutes: 31, PersonRate: 1}
	again := wish(1)
	again.Key = "again"
	ask := func() error {
		_, err := s.Claim(t.Context(), again, all, time.Minute)
		return err
	}
	taken(t, ask(), first)
	first = move(t, s, first.ID, scheduler.Sent, scheduler.Accepted)
	_, err := s.Claim(t.Context(), wish(1), all, time.Minute)
	duplicate(t, err, first)
	limited(t, ask(), scheduler.LimitRun, 1)
	again.Run = "another run"
	limited(t, ask(), scheduler.LimitDaily, 1)
	again.Minutes = 1
	limited(t, ask(), scheduler.LimitPerson, 0)
}
