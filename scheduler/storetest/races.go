package storetest

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/scheduler/extension"
	"github.com/overtime-bot/overtime/scheduler/store"
)

const (
	racingStores  = 3
	racersByStore = 8
	rounds        = 5
)

// race calls enter from several goroutines on several stores at the same moment, and returns their errors.
func race(t *testing.T, stores []Store, enter func(s Store, racer int) error) []error {
	t.Helper()
	results := make([]error, len(stores)*racersByStore)
	start := make(chan struct{})
	var all sync.WaitGroup
	for racer := range results {
		all.Go(func() {
			<-start
			results[racer] = enter(stores[racer%len(stores)], racer)
		})
	}
	close(start)
	all.Wait()
	return results
}

func several(t *testing.T, db Database) []Store {
	t.Helper()
	stores := make([]Store, racingStores)
	for at := range stores {
		stores[at] = db.Open(t)
	}
	return stores
}

// oneWins counts who got no error, and looks at everybody else's.
func oneWins(t *testing.T, results []error, lost func(error) bool) {
	t.Helper()
	won := 0
	for _, err := range results {
		switch {
		case err == nil:
			won++
		case !lost(err):
			t.Errorf("lost with %v", err)
		}
	}
	if won != 1 {
		t.Errorf("%d of %d won, want one", won, len(results))
	}
}

func isTaken(err error) bool {
	var taken *extension.TakenError
	return errors.As(err, &taken)
}

func raceForRun(t *testing.T, db Database) {
	stores := several(t, db)
	for round := range rounds {
		oneWins(t, race(t, stores, func(s Store, racer int) error {
			e := wish(round)
			e.Key = fmt.Sprintf("key %d of %d", racer, round)
			e.Actor.User = fmt.Sprintf("U%d", racer)
			_, err := s.Claim(t.Context(), e, extension.Limits{}, time.Minute)
			return err
		}), isTaken)
	}
}

// raceWithEnds lets rows of one run begin and end all the time: a wish that finds one which ends at that moment was not
// done by it.
func raceWithEnds(t *testing.T, db Database) {
	for _, err := range race(t, several(t, db), func(s Store, racer int) error {
		e := wish(1)
		e.Key, e.Actor.User = fmt.Sprint("key ", racer), fmt.Sprint("U", racer)
		for {
			row, err := s.Claim(t.Context(), e, extension.Limits{}, time.Minute)
			if isTaken(err) {
				continue
			}
			if err == nil {
				_, err = s.Move(t.Context(), row.ID, extension.Sent, extension.Confirmed, extension.Ending{})
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
		oneWins(t, race(t, stores, func(s Store, racer int) error {
			e := wish(round)
			e.Run = fmt.Sprintf("run %d of %d", racer, round)
			e.Actor.User = fmt.Sprintf("U%d", racer)
			_, err := s.Claim(t.Context(), e, extension.Limits{}, time.Minute)
			return err
		}), isTaken)
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
			oneWins(t, race(t, stores, func(s Store, racer int) error {
				e := wish(base + racer)
				e.Actor.User = fmt.Sprintf("%s %d", limit, round)
				_, err := s.Claim(t.Context(), e, limits, time.Minute)
				return err
			}), func(err error) bool {
				var limited *extension.LimitError
				return errors.As(err, &limited) && limited.Limit == limit
			})
		}
	}
}

func raceForMove(t *testing.T, db Database) {
	stores := several(t, db)
	for round := range rounds {
		row := claim(t, stores[0], wish(round))
		oneWins(t, race(t, stores, func(s Store, racer int) error {
			_, err := s.Move(t.Context(), row.ID, extension.Sent, states[2+racer%5], extension.Ending{})
			return err
		}), func(err error) bool { return errors.Is(err, extension.ErrMoved) })
	}
}

var errStale = errors.New("not fresh")

func raceForFresh(t *testing.T, db Database) {
	stores := several(t, db)
	for round := range rounds {
		enter := func(s Store, racer int) error {
			fresh, err := s.StoreEnvelope(t.Context(), envelope(round), fmt.Sprint(racer), time.Minute)
			if err == nil && !fresh {
				err = errStale
			}
			return err
		}
		stale := func(err error) bool { return errors.Is(err, errStale) }
		oneWins(t, race(t, stores, enter), stale)
		db.Advance(t, 61*time.Second)
		oneWins(t, race(t, stores, enter), stale)
	}
}

func raceForLease(t *testing.T, db Database) {
	stores := several(t, db)
	enter := func(s Store, racer int) error {
		held, err := s.Lease(t.Context(), "tick", fmt.Sprint(racer), time.Minute)
		if err == nil && !held {
			err = errStale
		}
		return err
	}
	for round := range rounds {
		results := race(t, stores, enter)
		oneWins(t, results, func(err error) bool { return errors.Is(err, errStale) })
		holder := slices.Index(results, nil)
		if holder < 0 {
			return
		}
		leases(t, stores[0], "tick", fmt.Sprint(holder), true)
		if round%2 == 0 {
			succeed(t, stores[1].ReleaseLease(t.Context(), "tick", fmt.Sprint(holder)))
		} else {
			db.Advance(t, 61*time.Second)
		}
	}
}

func raceForEnvelopes(t *testing.T, db Database) {
	stores := several(t, db)
	const envelopes = 20
	for number := range envelopes {
		_, err := stores[0].StoreEnvelope(t.Context(), envelope(number), "crashed", time.Minute)
		succeed(t, err)
	}
	db.Advance(t, 61*time.Second)
	eachOnce(t, stores, envelopes, func(s Store, racer, limit int) ([]string, error) {
		owner := fmt.Sprint(racer)
		taken, err := s.TakeEnvelopes(t.Context(), owner, time.Minute, limit)
		var got []string
		for _, e := range taken {
			got = append(got, e.ID)
			if e.Owner != owner {
				t.Errorf("%s got an envelope of %s", owner, e.Owner)
			}
		}
		return got, err
	})
}

func raceForNotices(t *testing.T, db Database) {
	stores := several(t, db)
	const notices = 20
	for number := range notices {
		ended(t, stores[0], number, extension.Void, true)
	}
	for range rounds {
		db.Advance(t, 61*time.Second)
		eachOnce(t, stores, notices, func(s Store, _, limit int) ([]string, error) {
			owed, err := s.Owed(t.Context(), time.Minute, limit)
			var got []string
			for _, row := range owed {
				got = append(got, row.Key)
			}
			return got, err
		})
	}
}

// eachOnce lets many take a few things each at the same moment, and then the rest: each thing is to be taken once.
func eachOnce(t *testing.T, stores []Store, things int, take func(s Store, racer, limit int) ([]string, error)) {
	t.Helper()
	const few = 3
	var lock sync.Mutex
	times := map[string]int{}
	taking := func(s Store, racer, limit int) error {
		got, err := take(s, racer, limit)
		lock.Lock()
		defer lock.Unlock()
		for _, thing := range got {
			times[thing]++
		}
		if len(got) > limit {
			t.Errorf("got %d, asked for %d", len(got), limit)
		}
		return err
	}
	for _, err := range race(t, stores, func(s Store, racer int) error { return taking(s, racer, few) }) {
		succeed(t, err)
	}
	succeed(t, taking(stores[0], 0, things))
	equal(t, "things that were taken", len(times), things)
	for thing, number := range times {
		if number != 1 {
			t.Errorf("%s was taken %d times", thing, number)
		}
	}
}

func envelope(number int) store.Envelope {
	return store.Envelope{
		ID: fmt.Sprintf("envelope %d", number), Type: "slash_commands",
		Payload: fmt.Appendf(nil, `{"response_url":"https://hooks.slack.test/%d"}`, number),
	}
}
