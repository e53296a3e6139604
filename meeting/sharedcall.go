package meeting

import (
	"context"
	"errors"
	"sync"
	"time"
)

// lifetime bounds a client's shared calls. They live as long as the client, not as long as the first caller.
type lifetime struct {
	context  context.Context
	stop     context.CancelFunc
	patience time.Duration // how long a shared call may take at least
	mutex    sync.Mutex    // so that none begins once end waits
	calls    sync.WaitGroup
}

// patientTimeouts is how many timeouts of a single exchange a shared call may take. That is a login, a detail read and a
// token, with the odd repeat.
const patientTimeouts = 4

func newLifetime(timeout time.Duration) *lifetime {
	ctx, stop := context.WithCancel(context.Background())
	return &lifetime{context: ctx, stop: stop, patience: patientTimeouts * timeout}
}

// end stops all shared calls and waits for them. It is false where that was done before.
func (l *lifetime) end() bool {
	l.mutex.Lock()
	first := l.context.Err() == nil
	l.stop()
	l.mutex.Unlock()
	l.calls.Wait()
	return first
}

var errClosed = errors.New("client is closed")

// check fails once the client is closed.
func (l *lifetime) check(op string) error {
	if l.context.Err() != nil {
		return &Error{Op: op, Kind: ErrUnavailable, Err: errClosed}
	}
	return nil
}

// sharedCall is one piece of work whose result many wait for.
type sharedCall[T any] struct {
	priority priority
	done     chan struct{}
	value    T
	err      error
}

// share begins a shared call, which goes on even if nobody waits for it. It may take as long as the context that began it,
// and at least the client's patience. What it does at its end, such as storing what it got, belongs into run.
func share[T any](
	ctx context.Context, life *lifetime, op string, of Rank, run func(context.Context) (T, error),
) (*sharedCall[T], error) {
	life.mutex.Lock()
	defer life.mutex.Unlock()
	if err := life.check(op); err != nil {
		return nil, err
	}
	until := time.Now().Add(life.patience)
	if deadline, ok := ctx.Deadline(); ok && deadline.After(until) {
		until = deadline
	}
	shared := &sharedCall[T]{priority: priority{rank: of}, done: make(chan struct{})}
	life.calls.Go(func() {
		defer close(shared.done)
		ctx, cancel := context.WithDeadline(withPriority(life.context, &shared.priority), until)
		defer cancel()
		shared.value, shared.err = run(ctx)
	})
	return shared, nil
}

// wait returns the call's result, or the context's error if that ends first. The call has the highest rank of those who
// wait.
func (s *sharedCall[T]) wait(ctx context.Context, op string) (T, error) {
	s.priority.raise(priorityOf(ctx).now())
	select {
	case <-s.done:
		return s.value, s.err
	case <-ctx.Done():
		var none T
		return none, &Error{Op: op, Kind: ErrUnavailable, Err: ctx.Err()}
	}
}
