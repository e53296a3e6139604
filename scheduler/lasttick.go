package scheduler

import (
	"sync/atomic"
	"time"
)

// instant is a time that many read; zero until it is set.
type instant struct{ nanoseconds atomic.Int64 }

func (i *instant) set(at time.Time) { i.nanoseconds.Store(at.UnixNano()) }

func (i *instant) get() time.Time {
	if at := i.nanoseconds.Load(); at != 0 {
		return time.Unix(0, at)
	}
	return time.Time{}
}
