package scheduler

import (
	"testing"
	"time"
)

// Groups stay under the quota of every path: of extensions five in a minute, of the list and of the details as many
// reads as a group takes.
func TestGroups(t *testing.T) {
	for _, test := range []struct{ quota, listed, group int }{
		{0, 1000, withoutQuota}, {100, 0, 20}, {100, 1000, 20}, {100, 2500, 20}, {100, 10_000, 11}, {3, 100, 1}, {1, 100_000, 1},
	} {
		pacing := &pacing{quota: fixedQuota(test.quota)}
		if got := pacing.group(test.listed); got != test.group {
			t.Errorf("quota %d, %d meetings: groups of %d, want %d", test.quota, test.listed, got, test.group)
		}
	}
}

type fixedQuota int

func (q fixedQuota) ExtendRate() int { return int(q) }

// What people extend is taken off what automation counts on, down to the fifth that is kept for it.
func TestRateLeavesPeopleFirst(t *testing.T) {
	for _, test := range []struct {
		begun int64
		since time.Duration
		want  int
	}{{0, time.Minute, 80}, {50, time.Minute, 50}, {95, time.Minute, 20}, {300, time.Minute, 20}, {100, 2 * time.Minute, 50}} {
		pacing := &pacing{quota: fixedQuota(100)}
		pacing.people.Store(test.begun)
		if got := pacing.rate(10, test.since); got != test.want {
			t.Errorf("%d extensions of people in %v: %d, want %d", test.begun, test.since, got, test.want)
		}
		if again := pacing.rate(10, test.since); again != 80 {
			t.Errorf("they were counted twice: %d", again)
		}
	}
}
