package meeting

import (
	"context"
	"time"
)

// flight is one piece of work whose result many wait for.
type flight[T any] struct {
	priority priority
	done     chan struct{}
	value    T
	err      error
}

// launch runs the work for as long as the client lives, whoever stops waiting for it: for as long as the context that
// began it would wait, and a few timeouts at least. The work's own end (storing what it got) belongs into run.
func launch[T any](
	ctx context.Context, c *Client, op string, automatic bool, run func(context.Context) (T, error),
) (*flight[T], error) {
	c.closing.Lock()
	defer c.closing.Unlock()
	if c.closed {
		return nil, &Error{Op: op, Kind: ErrUnavailable, Err: errClosed}
	}
	until := time.Now().Add(flightTimeouts * c.config.Timeout)
	if deadline, ok := ctx.Deadline(); ok && deadline.After(until) {
		until = deadline
	}
	shared := &flight[T]{done: make(chan struct{})}
	shared.priority.automatic.Store(automatic)
	c.work.Go(func() {
		defer close(shared.done)
		ctx, cancel := context.WithDeadline(withPriority(c.life, &shared.priority), until)
		defer cancel()
		shared.value, shared.err = run(ctx)
	})
	return shared, nil
}

// flightTimeouts is how many timeouts of a single exchange a shared piece of work may take:
// a login, a detail read and a token, with the odd repeat.
const flightTimeouts = 4

// wait returns the flight's result, or the context's error if that ends first.
func (f *flight[T]) wait(ctx context.Context, op string) (T, error) {
	if !priorityOf(ctx).isAutomatic() { // a person must not stand behind automation for what automation began
		f.priority.automatic.Store(false)
	}
	select {
	case <-f.done:
		return f.value, f.err
	case <-ctx.Done():
		var none T
		return none, &Error{Op: op, Kind: ErrUnavailable, Err: ctx.Err()}
	}
}
