package meeting

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/cenkalti/backoff/v5"
)

const (
	readTries  = 3
	firstPause = 200 * time.Millisecond
	longPause  = 2 * time.Second
)

// read repeats a call that only reads where that may help: a broken connection, 5xx, 429. It begins no pause that the context's
// deadline would cut off.
func read(ctx context.Context, once func() (answer, error)) (answer, error) {
	pauses := backoff.NewExponentialBackOff()
	pauses.InitialInterval, pauses.MaxInterval, pauses.Multiplier = firstPause, longPause, 2
	var bound time.Duration // 0 is none
	if deadline, ok := ctx.Deadline(); ok {
		bound = max(time.Until(deadline), 1)
	}
	var last error
	reply, err := backoff.Retry(ctx, func() (answer, error) {
		reply, err := once()
		if err != nil {
			last = err
			if ctx.Err() != nil || !mayPass(err) {
				err = backoff.Permanent(err)
			}
		}
		return reply, err
	}, backoff.WithBackOff(pauses), backoff.WithMaxTries(readTries), backoff.WithMaxElapsedTime(bound))
	if err != nil {
		return answer{}, last // rather than the bare error of a context that ended in a pause
	}
	return reply, nil
}

// mayPass tells whether the same call may succeed a moment later. One that took all of its time has had it.
func mayPass(err error) bool {
	var failure *Error
	if !errors.As(err, &failure) || errors.Is(err, errClosed) || errors.Is(err, errTooLong) ||
		errors.Is(err, context.DeadlineExceeded) {
		return false
	}
	switch failure.Kind {
	case ErrUnavailable:
		return failure.Status == 0 || failure.Status >= 500
	case ErrThrottled:
		return failure.Status != 0 && !slices.Contains(lockCodes, failure.number)
	}
	return false
}
