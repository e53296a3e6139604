package extension

import (
	"context"
	"time"
)

// Clock is the one clock of the program. Moving it wakes the waits.
type Clock struct {
	Now func() time.Time
	// Moved gives a channel that is closed when the clock is next moved by hand; nil for a clock that never is.
	Moved func() <-chan struct{}
}

// Wait blocks until d has passed by the clock, or ctx ends. A clock that is set back makes it begin again.
func (c Clock) Wait(ctx context.Context, d time.Duration) error {
	until := c.Now().Add(d)
	for {
		var moved <-chan struct{}
		if c.Moved != nil {
			moved = c.Moved()
		}
		now := c.Now()
		left := until.Sub(now)
		if left > d {
			until, left = now.Add(d), d
		}
		if left <= 0 || ctx.Err() != nil {
			return ctx.Err()
		}
		timer := time.NewTimer(left)
		select {
		case <-timer.C:
		case <-moved:
		case <-ctx.Done():
		}
		timer.Stop()
	}
}
