package socket

import (
	"context"
	"sync"
	"time"

	"github.com/cenkalti/backoff/v5"
	"golang.org/x/time/rate"
)

// longestRetryAfter bounds a Retry-After that is far too long.
const longestRetryAfter = time.Hour

// gate bounds the calls of apps.connections.open, for all sockets together and whatever the server does.
type gate struct {
	limiter *rate.Limiter

	mu      sync.Mutex
	shutFor time.Time // Slack's Retry-After
}

// shut lets nobody through until the time is over.
func (g *gate) shut(retryAfter time.Duration) {
	g.mu.Lock()
	defer g.mu.Unlock()
	until := time.Now().Add(min(retryAfter, longestRetryAfter))
	if until.After(g.shutFor) {
		g.shutFor = until
	}
}

// pass waits for its turn. It returns false if ctx ended first.
func (g *gate) pass(ctx context.Context) bool {
	for {
		g.mu.Lock()
		wait := time.Until(g.shutFor)
		g.mu.Unlock()
		if wait <= 0 {
			return g.limiter.Wait(ctx) == nil
		}
		if !sleep(ctx, wait) {
			return false
		}
	}
}

// sleep returns false if ctx ended first.
func sleep(ctx context.Context, duration time.Duration) bool {
	if duration <= 0 {
		return ctx.Err() == nil
	}
	timer := time.NewTimer(duration)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}

// retryDelays are the waits between the attempts of one keeper. Each is twice as long as the one
// before, give or take half by chance, so that replicas do not come back all at once.
type retryDelays struct {
	config      Config
	exponential backoff.ExponentialBackOff
}

func newRetryDelays(config Config) *retryDelays {
	delays := &retryDelays{config: config, exponential: backoff.ExponentialBackOff{
		InitialInterval:     config.BackoffMin,
		RandomizationFactor: 0.5,
		Multiplier:          2,
		MaxInterval:         config.BackoffMax,
	}}
	delays.exponential.Reset()
	return delays
}

// next is the wait after another failure: atLeast plus the backoff.
func (d *retryDelays) next(atLeast time.Duration) time.Duration {
	return atLeast + min(d.exponential.NextBackOff(), d.config.BackoffMax)
}
