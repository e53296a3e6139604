package scheduler

import (
	"sync/atomic"
	"time"
)

// Quota tells how many extensions a minute the service allows, as far as is known; 0 = no limit.
type Quota interface{ ExtendRate() int }

const (
	keptForDeadlines   = 5 // the fifth of the quota that people leave to automation
	mostExtenders      = 16
	extendersPerMinute = 12 // extensions a minute that one of them is for: none waits long for its turn
)

// pace counts what people extend, who go first.
type pace struct{ begun atomic.Int64 }

// rate is how many extensions a minute automation can count on: what people leave of the quota, and at least the fifth
// that is kept for it. 0 is no limit. It is asked once a tick, since it counts what people began after the one before.
func (t *tick) rate() int {
	begun := int(t.people.begun.Swap(0))
	quota := t.quota()
	if quota == 0 {
		return 0
	}
	if since := t.now.Sub(t.looked.get()); since > time.Minute {
		begun = int(float64(begun) * float64(time.Minute) / float64(since))
	}
	return max(quota-begun, quota/keptForDeadlines, 1)
}

func (s *Scheduler) quota() int {
	if s.config.Quota == nil {
		return 0
	}
	return max(0, s.config.Quota.ExtendRate())
}

// extendersAtOnce is how many extensions automation has under way: no more than get their turn under the quota before
// their own time is over.
func (t *tick) extendersAtOnce() int {
	quota := t.quota()
	if quota == 0 {
		return mostExtenders
	}
	return min(mostExtenders, max(1, quota/extendersPerMinute))
}

// instant is a time that many read; zero until it is set.
type instant struct{ nanoseconds atomic.Int64 }

func (i *instant) set(at time.Time) { i.nanoseconds.Store(at.UnixNano()) }

func (i *instant) get() time.Time {
	if at := i.nanoseconds.Load(); at != 0 {
		return time.Unix(0, at)
	}
	return time.Time{}
}
