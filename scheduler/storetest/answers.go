package storetest

import (
	"fmt"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/scheduler"
	"github.com/overtime-bot/overtime/scheduler/extension"
	"github.com/overtime-bot/overtime/scheduler/store"
)

// answers stores an answer, and says whether it should have been taken.
func answers(t *testing.T, s *store.Store, id int64, answer scheduler.Answer, by extension.Actor, want bool) scheduler.Prompt {
	t.Helper()
	p, taken, err := s.Prompts.AnswerPrompt(t.Context(), id, answer, by)
	succeed(t, err)
	equal(t, "answered "+string(answer), taken, want)
	return p
}

// sameButTime compares a prompt that was answered just now, and returns it.
func sameButTime(t *testing.T, s *store.Store, what string, got, want scheduler.Prompt) scheduler.Prompt {
	t.Helper()
	madeNow(t, s, what, got.Answered)
	want.Answered = got.Answered
	equal(t, what, got, want)
	return got
}

// wishesAreInOrder holds that of a rule and an answer the later one has the later time, whatever the clock says.
func wishesAreInOrder(t *testing.T, db Database) {
	s := db.Open(t)
	p := posted(t, s, about("run", 0), "shown")
	last := time.Time{}
	for round := range 6 {
		var at time.Time
		if round%2 == 0 {
			rule, _ := putRule(t, s, ruleOf("914083136"))
			at = rule.Created
		} else {
			at = answers(t, s, p.ID, []scheduler.Answer{scheduler.KeepExtending, scheduler.LetEnd}[round/2%2], alice, true).Answered
		}
		if !at.After(last) {
			t.Errorf("wish %d is of %v, the one before of %v", round, at, last)
		}
		last = at
		db.Advance(t, -time.Second)
	}
}

func promptAnswers(t *testing.T, db Database) {
	s := db.Open(t)
	all := []scheduler.Answer{scheduler.KeepExtending, scheduler.LetEnd, scheduler.StopExtending}
	other := posted(t, s, about("other", 0), "shown")
	for _, first := range all {
		for _, second := range all {
			want := posted(t, s, about(fmt.Sprint(first, " ", second), 0), "shown")
			equal(t, "not answered", want.Answer, scheduler.NoAnswer)
			want.Answer, want.By = first, alice
			want = sameButTime(t, s, "answered", answers(t, s, want.ID, first, alice, true), want)
			taken := first != second
			before := want
			if taken {
				want.Answer, want.By = second, bob
				db.Advance(t, time.Second)
			}
			want = sameButTime(t, s, fmt.Sprintf("%s after %s", second, first), answers(t, s, want.ID, second, bob, taken), want)
			equal(t, "a later answer", want.Answered.After(before.Answered), taken)
			equal(t, "stored", readPrompt(t, s, want.ID), want)
		}
	}
	equal(t, "other", readPrompt(t, s, other.ID), other)
	for answer, by := range map[scheduler.Answer]extension.Actor{
		scheduler.NoAnswer: alice, "joke": alice, scheduler.LetEnd: {}, scheduler.KeepExtending: {Team: "T1"},
	} {
		if _, taken, err := s.Prompts.AnswerPrompt(t.Context(), other.ID, answer, by); err == nil || taken {
			t.Errorf("%q of %v was taken", answer, by)
		}
	}
	_, _, err := s.Prompts.AnswerPrompt(t.Context(), 1<<40, scheduler.LetEnd, alice)
	failsWith(t, err, scheduler.ErrNoPrompt)
}

func promptLapses(t *testing.T, db Database) {
	s := db.Open(t)
	lapses := func(id int64, by extension.Actor, want bool) {
		t.Helper()
		answers(t, s, id, scheduler.Lapse, by, want)
	}
	other := posted(t, s, about("other", 0), "shown")
	other = answers(t, s, other.ID, scheduler.KeepExtending, alice, true)
	for number, next := range []scheduler.Answer{scheduler.KeepExtending, scheduler.LetEnd, scheduler.StopExtending} {
		p := posted(t, s, about(fmt.Sprint("run ", number), 0), "shown")
		lapses(p.ID, alice, false)
		p = answers(t, s, p.ID, scheduler.KeepExtending, alice, true)
		lapses(p.ID, bob, false)
		lapses(p.ID, alice, true)
		lapses(p.ID, alice, false)
		p.Lapsed = true
		equal(t, "stored", readPrompt(t, s, p.ID), p)
		p.Answer, p.By, p.Lapsed = next, bob, false
		sameButTime(t, s, "answered again", answers(t, s, p.ID, next, bob, true), p)
		answers(t, s, p.ID, next, alice, false)
		lapses(p.ID, bob, next == scheduler.KeepExtending)
	}
	equal(t, "other", readPrompt(t, s, other.ID), other)
	_, _, err := s.Prompts.AnswerPrompt(t.Context(), 1<<40, scheduler.Lapse, alice)
	failsWith(t, err, scheduler.ErrNoPrompt)
}

func raceToAnswer(t *testing.T, db Database) {
	stores := several(t, db)
	for round, answer := range []scheduler.Answer{scheduler.LetEnd, scheduler.KeepExtending, scheduler.StopExtending} {
		p := posted(t, stores[0], about(fmt.Sprint("run ", round), 0), "shown")
		answers := make([]scheduler.Prompt, racingStores*racersByStore)
		oneWins(t, race(t, stores, func(s *store.Store, racer int) error {
			answered, first, err := s.Prompts.AnswerPrompt(t.Context(), p.ID, answer, extension.Actor{Team: "T1", User: fmt.Sprint(racer)})
			answers[racer] = answered
			return won(first, err)
		}), isLost)
		for _, answered := range answers {
			equal(t, "answer that everybody saw", answered, answers[0])
		}
	}
}
