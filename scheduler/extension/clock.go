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

// Wait blocks until d has passed by the clock, or ctx ends. A clock that is set back makes it begin anew.
func (c Clock) Wait(ctx context.Context, d time.Duration) error {
	until := c.Now().Add(d)
	for {
		moved := c.moved()
		now := c.Now()
		left := until.Sub(now)
		if left > d {
			until, left = now.Add(d), d
		}
		if left <= 0 || ctx.Err() != nil {
			return ctx.Err()
		}
		sleep(ctx, left, moved)
	}
}

func sleep(ctx context.Context, d time.Duration, moved <-chan struct{}) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-moved:
	case <-ctx.Done():
	}
}

func (c Clock) moved() <-chan struct{} {
	if c.Moved == nil {
		return nil
	}
	return c.Moved()
}
