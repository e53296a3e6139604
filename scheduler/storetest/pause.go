package storetest

import (
	"testing"
	"time"

	"github.com/overtime-bot/overtime/scheduler"
	"github.com/overtime-bot/overtime/scheduler/extension"
)

func allIsPaused(t *testing.T, db Database) {
	s, other := db.Open(t), db.Open(t)
	is := func(want scheduler.Pause) {
		t.Helper()
		got, err := other.Paused(t.Context())
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
	was(s.ResumeAll(t.Context()))(none)
	for range 2 {
		was(s.PauseAll(t.Context(), alice))(none)
		paused, err := s.Paused(t.Context())
		succeed(t, err)
		madeNow(t, s, "pause", paused.Since)
		equal(t, "paused", paused, scheduler.Pause{Reason: scheduler.PausedByAdmin, By: alice, Since: paused.Since})
		db.Advance(t, time.Hour)
		was(s.PauseAll(t.Context(), bob))(paused) // who was first did it
		is(paused)
		was(s.ResumeAll(t.Context()))(paused)
		is(none)
	}
}

func hostIsQuiet(t *testing.T, db Database) {
	s, other := db.Open(t), db.Open(t)
	elsewhere := extension.Actor{Team: "T2", User: alice.User}
	is := func(person extension.Actor, want bool) {
		t.Helper()
		quiet, err := other.Quiet(t.Context(), person)
		succeed(t, err)
		equal(t, "quiet", quiet, want)
	}
	set := func(person extension.Actor, quiet, wantBefore bool) {
		t.Helper()
		before, err := s.SetQuiet(t.Context(), person, quiet)
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
		if _, err := s.SetQuiet(t.Context(), nobody, true); err == nil {
			t.Error("nobody is quiet")
		}
	}
}
