package storetest

import (
	"errors"
	"sync"
	"testing"

	"github.com/overtime-bot/overtime/scheduler/store"
)

const (
	racingStores  = 3
	racersByStore = 8
	rounds        = 5
)

// race calls enter from several goroutines on several stores at the same moment, and returns their errors.
func race(t *testing.T, stores []*store.Store, enter func(s *store.Store, racer int) error) []error {
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

func several(t *testing.T, db Database) []*store.Store {
	t.Helper()
	stores := make([]*store.Store, racingStores)
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

var errLost = errors.New("another was first")

// won turns what a method said into the error of a race.
func won(first bool, err error) error {
	if err == nil && !first {
		return errLost
	}
	return err
}

func isLost(err error) bool { return errors.Is(err, errLost) }

// eachOnce lets many take a few things each at the same moment, and then the rest: each thing is to be taken once.
func eachOnce(t *testing.T, stores []*store.Store, things int, take func(s *store.Store, racer, limit int) ([]string, error)) {
	t.Helper()
	const few = 3
	var lock sync.Mutex
	times := map[string]int{}
	taking := func(s *store.Store, racer, limit int) error {
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
	for _, err := range race(t, stores, func(s *store.Store, racer int) error { return taking(s, racer, few) }) {
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
