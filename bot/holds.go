package bot

import (
	"context"
	"errors"
	"maps"
	"sync"
	"time"

	"github.com/slack-go/slack"
)

// holds keep from Slack what it wants to have later. It counts messages by their place, and says how long to wait.
type holds struct {
	mu    sync.Mutex
	until map[string]time.Time // by place
}

// turnedAwayTries is how often a call is made that somebody on the way turns away. What Slack throttles is tried for
// longer.
const turnedAwayTries = 3

// patiently makes a call, and again what was not taken, after the time that Slack gives, or a second. It gives up where
// that is not before the end of ctx. The wait is by the world's clock, like Slack's.
func (h *holds) patiently(ctx context.Context, place string, call func() error) error {
	for try := 1; ; try++ {
		wait := time.Until(h.of(place))
		err := error(&slack.RateLimitedError{RetryAfter: wait})
		if wait <= 0 {
			err = call()
			var passes bool
			if wait, passes = throttledFor(err); !passes {
				return err
			}
			h.hold(place, wait)
		}
		if _, status := errors.AsType[slack.StatusCodeError](err); status && try >= turnedAwayTries {
			return err
		}
		if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) <= wait {
			return err
		}
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return err // that it was not taken is certain
		}
	}
}

func (h *holds) of(place string) time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.until[place]
}

func (h *holds) hold(place string, wait time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	now := time.Now()
	maps.DeleteFunc(h.until, func(_ string, until time.Time) bool { return !until.After(now) })
	h.until[place] = now.Add(wait)
}
