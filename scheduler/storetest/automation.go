package storetest

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/scheduler"
	"github.com/overtime-bot/overtime/scheduler/extension"
	"github.com/overtime-bot/overtime/scheduler/store"
)

// automationContract is the contract of store.Automation.
var automationContract = []part{
	{"lease is held by one", leaseIsHeld},
	{"lease under a clock that is set back", leaseUnderAClockSetBack},
	{"lease is released", leaseIsReleased},
	{"one of many gets a lease", raceForLease},
	{"rule is stored", ruleIsStored},
	{"rules of one meeting", rulesOfOneMeeting},
	{"rule with a mistake is refused", ruleWithMistake},
	{"rule is replaced and deleted", ruleIsReplaced},
	{"rule is paused for its owner", ruleIsPaused},
	{"all automation is paused and resumed", allIsPaused},
	{"host is quiet", hostIsQuiet},
	{"one of many stores a rule first", raceForRule},
	{"one of many pauses a rule", raceForRulePause},
	{"one of many pauses and resumes all", raceForPause},
}

var bob = extension.Actor{Team: "T1", User: "U2"}

// ruleOf has every field but Paused and Created.
func ruleOf(of string) scheduler.Rule {
	return scheduler.Rule{Of: of, Mode: scheduler.ModeAuto, Minutes: 15, Max: 60, Channel: "C1", Owner: alice}
}

// putRule stores a rule and returns it as it was stored, and what was there before.
func putRule(t *testing.T, s *store.Store, rule scheduler.Rule) (stored, before scheduler.Rule) {
	t.Helper()
	before, err := s.Automation.PutRule(t.Context(), rule)
	succeed(t, err)
	for _, stored := range rulesOf(t, s) {
		if stored.Of == rule.Of {
			return stored, before
		}
	}
	t.Fatalf("rule of %s is not there", rule.Of)
	return stored, before
}

// rulesOf lists all rules in an order of their own.
func rulesOf(t *testing.T, s *store.Store) []scheduler.Rule {
	t.Helper()
	rules, err := s.Automation.Rules(t.Context())
	succeed(t, err)
	slices.SortFunc(rules, func(a, b scheduler.Rule) int { return cmp.Compare(a.Of, b.Of) })
	return rules
}

// madeNow compares with the database's clock, give or take what a write takes.
func madeNow(t *testing.T, s *store.Store, what string, at time.Time) {
	t.Helper()
	if age := databaseTime(t, s).Sub(at); age < 0 || age > time.Minute || at.Location() != time.UTC {
		t.Errorf("%s was made %v ago, at %v", what, age, at)
	}
}

func rulesOfOneMeeting(t *testing.T, db Database) {
	s := db.Open(t)
	for _, of := range []string{"1", "2", "3"} {
		putRule(t, s, ruleOf(of))
	}
	for _, ask := range []struct{ meeting, room, want string }{
		{"1", "", "1"}, {"1", "3", "1 3"}, {"", "2", "2"}, {"4", "", ""}, {"4", "5", ""}, {"2", "2", "2"}, {"", "", ""},
	} {
		rules, err := s.Automation.RulesOf(t.Context(), ask.meeting, ask.room)
		succeed(t, err)
		var found []string
		for _, rule := range rules {
			found = append(found, rule.Of)
		}
		slices.Sort(found)
		equal(t, "rules of "+ask.meeting+" in "+ask.room, strings.Join(found, " "), ask.want)
	}
}

func ruleIsStored(t *testing.T, db Database) {
	s, other := db.Open(t), db.Open(t)
	equal(t, "rules of an empty store", len(rulesOf(t, s)), 0)
	db.Advance(t, 48*time.Hour)
	paused := scheduler.Pause{Reason: scheduler.PausedOwnerMay, By: bob, Since: time.UnixMilli(1_700_000_000_123).UTC()}
	want := []scheduler.Rule{
		ruleOf("914083136"),
		{Of: "room 日本 'x' ?", Mode: scheduler.ModeAsk},
		{Of: "zzz", Mode: scheduler.ModeOff, Owner: alice, Paused: paused},
	}
	for at, rule := range want {
		rule.Created = time.UnixMilli(1) // not the caller's to say
		stored, before := putRule(t, s, rule)
		equal(t, "before the first", before, scheduler.Rule{})
		madeNow(t, s, "rule", stored.Created)
		want[at].Created = stored.Created
	}
	equal(t, "rules", rulesOf(t, other), want)
}

func ruleWithMistake(t *testing.T, db Database) {
	s := db.Open(t)
	for name, mistake := range map[string]func(*scheduler.Rule){
		"of nothing":         func(r *scheduler.Rule) { r.Of = "" },
		"no mode":            func(r *scheduler.Rule) { r.Mode = "" },
		"unknown mode":       func(r *scheduler.Rule) { r.Mode = "on" },
		"minutes below zero": func(r *scheduler.Rule) { r.Minutes = -1 },
		"maximum below zero": func(r *scheduler.Rule) { r.Max = -1 },
	} {
		rule := ruleOf("914083136")
		mistake(&rule)
		if _, err := s.Automation.PutRule(t.Context(), rule); err == nil {
			t.Errorf("%s: stored", name)
		}
	}
	if _, err := s.Automation.PauseRule(t.Context(), "914083136", alice, ""); err == nil {
		t.Error("paused without a reason")
	}
	equal(t, "rules", len(rulesOf(t, s)), 0)
}

func ruleIsReplaced(t *testing.T, db Database) {
	s := db.Open(t)
	kept, _ := putRule(t, s, ruleOf("kept"))
	first, _ := putRule(t, s, ruleOf("914083136"))
	pauses(t, s, first.Of, alice, scheduler.PausedOwnerLeft, true)
	first = rulesOf(t, s)[0]
	db.Advance(t, time.Hour)
	second, before := putRule(t, s, scheduler.Rule{Of: first.Of, Mode: scheduler.ModeAsk, Channel: "C2", Owner: bob})
	equal(t, "before the second", before, first)
	equal(t, "second", second, scheduler.Rule{
		Of: first.Of, Mode: scheduler.ModeAsk, Channel: "C2", Owner: bob, Created: second.Created,
	})
	if age := second.Created.Sub(first.Created); age < time.Hour {
		t.Errorf("the second was made %v after the first", age)
	}
	for _, want := range []scheduler.Rule{second, {}} {
		before, err := s.Automation.DeleteRule(t.Context(), first.Of)
		succeed(t, err)
		equal(t, "deleted", before, want)
	}
	equal(t, "rules", rulesOf(t, s), []scheduler.Rule{kept})
	_, before = putRule(t, s, ruleOf(first.Of))
	equal(t, "before, after it was deleted", before, scheduler.Rule{})
}

// pauses pauses a rule, and says whether it should have been in force.
func pauses(t *testing.T, s *store.Store, of string, owner extension.Actor, reason scheduler.PauseReason, want bool) {
	t.Helper()
	paused, err := s.Automation.PauseRule(t.Context(), of, owner, reason)
	succeed(t, err)
	equal(t, "paused "+of, paused, want)
}

func ruleIsPaused(t *testing.T, db Database) {
	s := db.Open(t)
	rule, _ := putRule(t, s, ruleOf("914083136"))
	kept, _ := putRule(t, s, ruleOf("kept"))
	pauses(t, s, "nothing", alice, scheduler.PausedOwnerLeft, false)
	for _, other := range []extension.Actor{bob, {Team: "T2", User: alice.User}, {}} {
		pauses(t, s, rule.Of, other, scheduler.PausedOwnerLeft, false)
	}
	equal(t, "rules in force", rulesOf(t, s), []scheduler.Rule{rule, kept})
	db.Advance(t, time.Hour)
	pauses(t, s, rule.Of, alice, scheduler.PausedOwnerMay, true)
	pauses(t, s, rule.Of, alice, scheduler.PausedOwnerLeft, false)
	paused := rulesOf(t, s)[0]
	madeNow(t, s, "pause", paused.Paused.Since)
	rule.Paused = scheduler.Pause{Reason: scheduler.PausedOwnerMay, Since: paused.Paused.Since}
	equal(t, "rules", rulesOf(t, s), []scheduler.Rule{rule, kept})

	putRule(t, s, ruleOf(rule.Of)) // made again: in force
	pauses(t, s, rule.Of, alice, scheduler.PausedOwnerLeft, true)
}

func allIsPaused(t *testing.T, db Database) {
	s, other := db.Open(t), db.Open(t)
	is := func(want scheduler.Pause) {
		t.Helper()
		got, err := other.Automation.Paused(t.Context())
		succeed(t, err)
		equal(t, "pause", got, want)
	}
	was := func(before scheduler.Pause, err error) func(want scheduler.Pause) {
		return func(want scheduler.Pause) {
			t.Helper()
			succeed(t, err)
			equal(t, "before", before, want)
		}
	}
	none := scheduler.Pause{}
	is(none)
	was(s.Automation.ResumeAll(t.Context()))(none)
	for range 2 {
		was(s.Automation.PauseAll(t.Context(), alice))(none)
		paused, err := s.Automation.Paused(t.Context())
		succeed(t, err)
		madeNow(t, s, "pause", paused.Since)
		equal(t, "paused", paused, scheduler.Pause{Reason: scheduler.PausedByAdmin, By: alice, Since: paused.Since})
		db.Advance(t, time.Hour)
		was(s.Automation.PauseAll(t.Context(), bob))(paused) // who was first did it
		is(paused)
		was(s.Automation.ResumeAll(t.Context()))(paused)
		is(none)
	}
}

func hostIsQuiet(t *testing.T, db Database) {
	s, other := db.Open(t), db.Open(t)
	elsewhere := extension.Actor{Team: "T2", User: alice.User}
	is := func(person extension.Actor, want bool) {
		t.Helper()
		quiet, err := other.Automation.Quiet(t.Context(), person)
		succeed(t, err)
		equal(t, "quiet", quiet, want)
	}
	set := func(person extension.Actor, quiet, wantBefore bool) {
		t.Helper()
		before, err := s.Automation.SetQuiet(t.Context(), person, quiet)
		succeed(t, err)
		equal(t, "quiet before", before, wantBefore)
	}
	is(alice, false)
	for range 2 {
		for _, again := range []bool{false, true} {
			set(alice, true, again)
			is(alice, true)
			is(bob, false)
			is(elsewhere, false)
			is(extension.Actor{}, false)
		}
		set(bob, false, false)
		set(elsewhere, false, false)
		is(alice, true)
		for _, again := range []bool{false, true} {
			set(alice, false, !again)
			is(alice, false)
		}
	}
	for _, nobody := range []extension.Actor{{}, {Team: "T1"}} {
		if _, err := s.Automation.SetQuiet(t.Context(), nobody, true); err == nil {
			t.Error("nobody is quiet")
		}
	}
}

// leases asks for a lease of a minute.
func leases(t *testing.T, s *store.Store, name, owner string, want bool) {
	t.Helper()
	held, err := s.Automation.Lease(t.Context(), name, owner, time.Minute)
	succeed(t, err)
	equal(t, owner+" holds "+name, held, want)
}

func leaseIsHeld(t *testing.T, db Database) {
	s, other := db.Open(t), db.Open(t)
	leases(t, s, "tick", "one", true)
	leases(t, other, "tick", "two", false)
	leases(t, other, "prune", "two", true)
	for range 3 { // renewed by its holder
		db.Advance(t, 50*time.Second)
		leases(t, s, "tick", "one", true)
		leases(t, other, "tick", "two", false)
	}
	db.Advance(t, 61*time.Second)
	leases(t, s, "tick", "one", true) // nobody else wanted it meanwhile
	db.Advance(t, 61*time.Second)
	leases(t, other, "tick", "two", true)
	leases(t, s, "tick", "one", false)
}

// A clock that was wrong, and is set right, must not keep a lease of one who died for longer than a lease lasts.
func leaseUnderAClockSetBack(t *testing.T, db Database) {
	s, other := db.Open(t), db.Open(t)
	db.Advance(t, 24*time.Hour)
	leases(t, s, "tick", "one", true)
	db.Advance(t, -24*time.Hour)
	leases(t, other, "tick", "two", true)
	leases(t, s, "tick", "one", false)
	db.Advance(t, -time.Second) // as clocks are set right all day
	leases(t, s, "tick", "one", false)
}

func leaseIsReleased(t *testing.T, db Database) {
	s := db.Open(t)
	leases(t, s, "tick", "one", true)
	leases(t, s, "prune", "one", true)
	succeed(t, s.Automation.ReleaseLease(t.Context(), "tick", "two"))
	leases(t, s, "tick", "two", false)
	succeed(t, s.Automation.ReleaseLease(t.Context(), "tick", "one"))
	leases(t, s, "tick", "two", true)
	succeed(t, s.Automation.ReleaseLease(t.Context(), "tick", "one")) // it is the other's now
	leases(t, s, "tick", "one", false)
	leases(t, s, "prune", "two", false)
	succeed(t, s.Automation.ReleaseLease(t.Context(), "nothing", "one"))
}

// raceForRule replaces one rule all the time: each is the one before of one other, and of the last nobody.
func raceForRule(t *testing.T, db Database) {
	stores := several(t, db)
	for range rounds {
		befores := make([]string, racingStores*racersByStore)
		for _, err := range race(t, stores, func(s *store.Store, racer int) error {
			rule := ruleOf("914083136")
			rule.Channel = fmt.Sprint(racer)
			before, err := s.Automation.PutRule(t.Context(), rule)
			befores[racer] = before.Channel
			return err
		}) {
			succeed(t, err)
		}
		last := rulesOf(t, stores[0])
		equal(t, "rules", len(last), 1)
		seen := map[string]bool{last[0].Channel: true}
		for _, before := range befores {
			seen[before] = true
		}
		equal(t, "channels and none", len(seen), len(befores)+1)
		oneWins(t, race(t, stores, func(s *store.Store, _ int) error {
			before, err := s.Automation.DeleteRule(t.Context(), "914083136")
			return won(before.Of != "", err)
		}), isLost)
	}
}

func raceForRulePause(t *testing.T, db Database) {
	stores := several(t, db)
	for range rounds {
		putRule(t, stores[0], ruleOf("914083136"))
		oneWins(t, race(t, stores, func(s *store.Store, _ int) error {
			return won(s.Automation.PauseRule(t.Context(), "914083136", alice, scheduler.PausedOwnerLeft))
		}), isLost)
	}
}

func raceForPause(t *testing.T, db Database) {
	stores := several(t, db)
	for range rounds {
		oneWins(t, race(t, stores, func(s *store.Store, racer int) error {
			before, err := s.Automation.PauseAll(t.Context(), extension.Actor{Team: "T1", User: fmt.Sprint(racer)})
			return won(before.IsZero(), err)
		}), isLost)
		oneWins(t, race(t, stores, func(s *store.Store, _ int) error {
			before, err := s.Automation.ResumeAll(t.Context())
			return won(!before.IsZero(), err)
		}), isLost)
	}
}

func raceForLease(t *testing.T, db Database) {
	stores := several(t, db)
	enter := func(s *store.Store, racer int) error {
		return won(s.Automation.Lease(t.Context(), "tick", fmt.Sprint(racer), time.Minute))
	}
	for round := range rounds {
		results := race(t, stores, enter)
		oneWins(t, results, isLost)
		holder := slices.Index(results, nil)
		if holder < 0 {
			return
		}
		leases(t, stores[0], "tick", fmt.Sprint(holder), true)
		if round%2 == 0 {
			succeed(t, stores[1].Automation.ReleaseLease(t.Context(), "tick", fmt.Sprint(holder)))
		} else {
			db.Advance(t, 61*time.Second)
		}
	}
}
