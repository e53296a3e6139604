package storetest

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/scheduler/extension"
	"github.com/overtime-bot/overtime/scheduler/store"
)

func isTaken(err error) bool {
	var taken *extension.TakenError
	return errors.As(err, &taken)
}

func raceForRun(t *testing.T, db Database) {
	stores := several(t, db)
	for round := range rounds {
		oneWins(t, race(t, stores, func(s *store.Store, racer int) error {
			e := wish(round)
			e.Key = fmt.Sprintf("key %d of %d", racer, round)
			e.Actor.User = fmt.Sprintf("U%d", racer)
			_, err := s.Ledger.Claim(t.Context(), e, extension.Limits{}, time.Minute)
			return err
		}), isTaken)
	}
}

// raceWithEnds lets rows of one run begin and end all the time: a wish that finds one which ends at that moment was not
// done by it.
func raceWithEnds(t *testing.T, db Database) {
	for _, err := range race(t, several(t, db), func(s *store.Store, racer int) error {
		e := wish(1)
		e.Key, e.Actor.User = fmt.Sprint("key ", racer), fmt.Sprint("U", racer)
		for {
			row, err := s.Ledger.Claim(t.Context(), e, extension.Limits{}, time.Minute)
			if isTaken(err) {
				continue
			}
			if err == nil {
				_, err = s.Ledger.Move(t.Context(), row.ID, extension.Sent, extension.Confirmed, extension.Ending{})
			}
			return err
		}
	}) {
		if err != nil {
			t.Error(err)
		}
	}
}

func raceForKey(t *testing.T, db Database) {
	stores := several(t, db)
	for round := range rounds {
		oneWins(t, race(t, stores, func(s *store.Store, racer int) error {
			e := wish(round)
			e.Run = fmt.Sprintf("run %d of %d", racer, round)
			e.Actor.User = fmt.Sprintf("U%d", racer)
			_, err := s.Ledger.Claim(t.Context(), e, extension.Limits{}, time.Minute)
			return err
		}), isTaken)
	}
}

func raceForMove(t *testing.T, db Database) {
	stores := several(t, db)
	for round := range rounds {
		row := claim(t, stores[0], wish(round))
		oneWins(t, race(t, stores, func(s *store.Store, racer int) error {
			_, err := s.Ledger.Move(t.Context(), row.ID, extension.Sent, states[2+racer%5], extension.Ending{})
			return err
		}), func(err error) bool { return errors.Is(err, extension.ErrMoved) })
	}
}
