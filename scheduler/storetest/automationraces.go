package storetest

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/scheduler"
	"github.com/overtime-bot/overtime/scheduler/extension"
)

var errLost = errors.New("another was first")

// won turns what a method said into the error of a race.
func won(first bool, err error) error {
	if err == nil && !first {
		return errLost
	}
	return err
}

func isLost(err error) bool { return errors.Is(err, errLost) }

// raceForRule replaces one rule all the time: each is the one before of one other, and of the last nobody.
func raceForRule(t *testing.T, db Database) {
	stores := several(t, db)
	for range rounds {
		befores := make([]string, racingStores*racersByStore)
		for _, err := range race(t, stores, func(s Store, racer int) error {
			rule := ruleOf("914083136")
			rule.Channel = fmt.Sprint(racer)
			before, err := s.PutRule(t.Context(), rule)
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
		oneWins(t, race(t, stores, func(s Store, _ int) error {
			before, err := s.DeleteRule(t.Context(), "914083136")
			return won(before.Of != "", err)
		}), isLost)
	}
}

func raceForRulePause(t *testing.T, db Database) {
	stores := several(t, db)
	for range rounds {
		putRule(t, stores[0], ruleOf("914083136"))
		oneWins(t, race(t, stores, func(s Store, _ int) error {
			return won(s.PauseRule(t.Context(), "914083136", alice, scheduler.PausedOwnerLeft))
		}), isLost)
	}
}

func raceForPause(t *testing.T, db Database) {
	stores := several(t, db)
	for range rounds {
		oneWins(t, race(t, stores, func(s Store, racer int) error {
			before, err := s.PauseAll(t.Context(), extension.Actor{Team: "T1", User: fmt.Sprint(racer)})
			return won(before.IsZero(), err)
		}), isLost)
		oneWins(t, race(t, stores, func(s Store, _ int) error {
			before, err := s.ResumeAll(t.Context())
			return won(!before.IsZero(), err)
		}), isLost)
	}
}

func raceForPrompt(t *testing.T, db Database) {
	stores := several(t, db)
	for round := range rounds {
		ids := make([]int64, racingStores*racersByStore)
		oneWins(t, race(t, stores, func(s Store, racer int) error {
			p, first, err := s.ClaimPrompt(t.Context(), about(fmt.Sprint("run ", round), 0))
			ids[racer] = p.ID
			return won(first, err)
		}), isLost)
		for _, id := range ids {
			equal(t, "prompt that everybody saw", id, ids[0])
		}
	}
}

func raceToShow(t *testing.T, db Database) {
	stores := several(t, db)
	p := posted(t, stores[0], about("run", 0), "0")
	for round := range rounds {
		oneWins(t, race(t, stores, func(s Store, _ int) error {
			return won(s.ShowPrompt(t.Context(), p.ID, fmt.Sprint(round), fmt.Sprint(round+1)))
		}), isLost)
	}
}

func raceToAnswer(t *testing.T, db Database) {
	stores := several(t, db)
	for round, answer := range []scheduler.Answer{scheduler.LetEnd, scheduler.KeepExtending, scheduler.StopExtending} {
		p := posted(t, stores[0], about(fmt.Sprint("run ", round), 0), "shown")
		answers := make([]scheduler.Prompt, racingStores*racersByStore)
		oneWins(t, race(t, stores, func(s Store, racer int) error {
			answered, first, err := s.AnswerPrompt(t.Context(), p.ID, answer, extension.Actor{Team: "T1", User: fmt.Sprint(racer)})
			answers[racer] = answered
			return won(first, err)
		}), isLost)
		for _, answered := range answers {
			equal(t, "answer that everybody saw", answered, answers[0])
		}
	}
}

func raceForUnsure(t *testing.T, db Database) {
	stores := several(t, db)
	const prompts = 20
	for number := range prompts {
		claimPrompt(t, stores[0], about(fmt.Sprint("run ", number), 0), true)
	}
	db.Advance(t, 61*time.Second)
	eachOnce(t, stores, prompts, func(s Store, _, limit int) ([]string, error) {
		unsure, err := s.UnsurePrompts(t.Context(), time.Minute, limit)
		var got []string
		for _, p := range unsure {
			got = append(got, p.Run)
		}
		return got, err
	})
}
