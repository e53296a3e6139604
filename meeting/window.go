package meeting

import (
	"slices"
	"time"
)

// moment is how much longer than a period a call counts: no two clocks run alike.
const moment = 10 * time.Millisecond

// window holds when each of the calls that were made stops counting, earliest first. The service hears of a call somewhere
// between its turn and its answer. So it counts from its turn until a period after its answer, and no period that the
// service may count has more calls than are allowed, whether it slides or begins with the clock.
type window struct{ until []time.Time }

func (w *window) add(until time.Time) {
	at, _ := slices.BinarySearchFunc(w.until, until, time.Time.Compare)
	w.until = slices.Insert(w.until, at, until)
}

func (w *window) forget(now time.Time) {
	at, _ := slices.BinarySearchFunc(w.until, now, time.Time.Compare)
	w.until = slices.Delete(w.until, 0, at)
}

// delay is how long until so many calls may have begun, the last one included. Of those that are open, without an answer,
// it knows that they count for a period yet.
func (w *window) delay(now time.Time, limit int, period time.Duration, open, calls int) time.Duration {
	w.forget(now)
	counted := len(w.until) + open
	// The call waits for the one at this place to stop counting. Behind those that are known, each stands a period behind
	// the one whose place it takes.
	place, rounds := counted+calls-1-limit, 0
	if place >= counted {
		rounds = (place-counted)/limit + 1
		place -= rounds * limit
	}
	wait := time.Duration(rounds) * period
	switch {
	case place < 0:
		return wait
	case place < len(w.until):
		return wait + w.until[place].Sub(now) + 1 // or the one at its place counts still
	}
	return wait + period + moment
}

// allowance is so many calls a period, of which the ranks have their shares.
type allowance struct {
	limit  int
	period time.Duration
	used   [len(shares)]window
}

// delay is how long until a call of the rank may begin, behind others that wait.
func (a *allowance) delay(now time.Time, r Rank, open, ahead [ranks]int) time.Duration {
	longest := time.Duration(0)
	for i, share := range shares {
		if !share.binds[r] {
			continue
		}
		opened, calls := 0, 1
		for other := range ranks {
			if share.of[other] {
				opened += open[other]
				calls += ahead[other]
			}
		}
		limit := max(1, a.limit*share.part/share.in)
		longest = max(longest, a.used[i].delay(now, limit, a.period, opened, calls))
	}
	return longest
}

// count counts a call that was answered.
func (a *allowance) count(now time.Time, r Rank) {
	for i, share := range shares {
		if share.of[r] {
			a.used[i].add(now.Add(a.period + moment))
		}
	}
}

// countOthers counts what the service has seen beyond what is known: calls of others, or of ours before a restart. Nobody
// knows when they were made. They stop counting one by one.
func (a *allowance) countOthers(now time.Time, seen, open int) {
	all := &a.used[0]
	all.forget(now)
	apart := a.period / time.Duration(a.limit)
	for i := range min(seen, a.limit) - open - len(all.until) {
		all.add(now.Add(time.Duration(i+1) * apart))
	}
}
