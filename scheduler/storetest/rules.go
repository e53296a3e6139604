package storetest

import (
	"cmp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/scheduler"
	"github.com/overtime-bot/overtime/scheduler/extension"
)

var bob = extension.Actor{Team: "T1", User: "U2"}

// ruleOf has every field but Paused and Created.
func ruleOf(of string) scheduler.Rule {
	return scheduler.Rule{Of: of, Mode: scheduler.ModeAuto, Minutes: 15, Max: 60, Channel: "C1", Owner: alice}
}

// putRule stores a rule and returns it as it was stored, and what was there before.
func putRule(t *testing.T, s Store, rule scheduler.Rule) (stored, before scheduler.Rule) {
	t.Helper()
	before, err := s.PutRule(t.Context(), rule)
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
func rulesOf(t *testing.T, s Store) []scheduler.Rule {
	t.Helper()
	rules, err := s.Rules(t.Context())
	succeed(t, err)
	slices.SortFunc(rules, func(a, b scheduler.Rule) int { return cmp.Compare(a.Of, b.Of) })
	return rules
}

// madeNow compares with the database's clock, give or take what a write takes.
func madeNow(t *testing.T, s Store, what string, at time.Time) {
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
		rules, err := s.RulesOf(t.Context(), ask.meeting, ask.room)
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
		if _, err := s.PutRule(t.Context(), rule); err == nil {
			t.Errorf("%s: stored", name)
		}
	}
	if _, err := s.PauseRule(t.Context(), "914083136", alice, ""); err == nil {
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
		before, err := s.DeleteRule(t.Context(), first.Of)
		succeed(t, err)
		equal(t, "deleted", before, want)
	}
	equal(t, "rules", rulesOf(t, s), []scheduler.Rule{kept})
	_, before = putRule(t, s, ruleOf(first.Of))
	equal(t, "before, after it was deleted", before, scheduler.Rule{})
}

// pauses pauses a rule, and says whether it should have been in force.
func pauses(t *testing.T, s Store, of string, owner extension.Actor, reason scheduler.PauseReason, want bool) {
	t.Helper()
	paused, err := s.PauseRule(t.Context(), of, owner, reason)
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

	putRule(t, s, ruleOf(rule.Of)) // made anew: in force
	pauses(t, s, rule.Of, alice, scheduler.PausedOwnerLeft, true)
}

func pruningRules(t *testing.T, db Database) {
	s := db.Open(t)
	claim(t, s, wish(1))
	kept := automate(t, s)
	db.Advance(t, 1000*24*time.Hour)
	succeed(t, s.Prune(t.Context(), 1))
	equal(t, "rules", rulesOf(t, s), kept.Rules)
	got, err := s.Paused(t.Context())
	succeed(t, err)
	equal(t, "pause", got, kept.Paused)
	quiet, err := s.Quiet(t.Context(), alice)
	succeed(t, err)
	equal(t, "quiet", quiet, true)
}
