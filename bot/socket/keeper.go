package socket

import (
	"context"
	"errors"
	"time"

	"github.com/slack-go/slack"
)

// keeper keeps one of the connections. It opens a socket, waits until that has to be replaced, opens
// the next one, and closes the old one after that.
type keeper struct {
	client  *Client
	number  int
	delays  *retryDelays
	current *connection // may be dead already; nil before the first
}

// keep runs until ctx ends. It leaves the sockets that are open then to Client.closeAll.
func (k *keeper) keep(ctx context.Context) {
	wait := time.Duration(0)
	for sleep(ctx, wait) {
		next, err := k.open(ctx)
		if err != nil {
			wait = k.failed(ctx, err)
			continue
		}
		if k.current != nil {
			k.client.background.Go(k.current.retire)
		}
		k.current = next
		wait = k.waitForLoss(ctx)
	}
}

// waitForLoss waits until the current socket has to be replaced, and returns how long to wait first.
func (k *keeper) waitForLoss(ctx context.Context) time.Duration {
	select {
	case <-ctx.Done():
		return 0
	case <-k.current.replace:
	}
	k.client.observe(Event{Kind: EventReplacing, Socket: k.number, Detail: k.current.reason})
	if k.current.healthy {
		k.delays.exponential.Reset()
	}
	switch {
	case k.current.reason == reasonTooMany:
		return k.delays.next(k.client.config.TooManyBackoff)
	case k.current.healthy:
		return 0
	default:
		return k.delays.next(0)
	}
}

// open returns a live socket, one whose hello has come, or an error.
func (k *keeper) open(ctx context.Context) (*connection, error) {
	c := k.client
	if !c.gate.pass(ctx) {
		return nil, ctx.Err()
	}
	started := time.Now()
	address, err := c.openURL(ctx)
	if err != nil {
		return nil, err
	}
	redact := redactor(address)
	conn, err := c.dial(ctx, address, redact)
	if err != nil {
		return nil, err
	}
	candidate := c.start(k.number, conn, redact, started)
	err = candidate.waitForHello(ctx)
	if err != nil && ctx.Err() == nil { // else it is left to Client.closeAll
		c.background.Go(candidate.retire)
	}
	return candidate, err
}

// errTooMany means that the app has more than 10 sockets open.
var errTooMany = errors.New("too_many_websockets: other processes hold the 10 sockets of the app")

func (s *connection) waitForHello(ctx context.Context) error {
	timer := time.NewTimer(s.client.config.HelloTimeout)
	defer timer.Stop()
	select {
	case <-s.live:
		return nil
	case <-timer.C:
		return errors.New("no hello within " + s.client.config.HelloTimeout.String())
	case <-ctx.Done():
		return ctx.Err()
	case <-s.replace:
	}
	if s.isLive() { // both at once: the keeper sees the loss next
		return nil
	}
	if s.reason == reasonTooMany {
		return errTooMany
	}
	return errors.New("no hello: " + s.reason)
}

// failed decides what a failed attempt means, and returns how long to wait for the next.
func (k *keeper) failed(ctx context.Context, err error) time.Duration {
	if ctx.Err() != nil {
		return 0
	}
	var refused slack.SlackErrorResponse
	if errors.As(err, &refused) {
		if fatal := newFatalError(refused); fatal != nil {
			k.client.fail(fatal)
			return 0
		}
	}
	detail, atLeast := k.client.classify(err)
	wait := k.delays.next(atLeast)
	k.client.logger.Warn("no socket: trying again", "socket", k.number, "error", err, "wait", wait.Round(time.Millisecond))
	k.client.observe(Event{Kind: EventOpenFailed, Socket: k.number, Detail: detail, Duration: wait})
	return wait
}

// classify returns a word for a failure, and the shortest wait that it asks for. A rate limit holds
// every keeper back.
func (c *Client) classify(err error) (detail string, atLeast time.Duration) {
	var limited *slack.RateLimitedError
	var refused slack.SlackErrorResponse
	switch {
	case errors.As(err, &limited):
		c.gate.shut(limited.RetryAfter)
		return "ratelimited", min(limited.RetryAfter, longestRetryAfter)
	case errors.As(err, &refused) && refused.Err == "ratelimited":
		c.gate.shut(c.config.BackoffMax) // it does not say for how long
		return "ratelimited", c.config.BackoffMax
	case errors.As(err, &refused):
		return "refused", 0
	case errors.Is(err, errTooMany):
		return reasonTooMany, c.config.TooManyBackoff
	default:
		return "unreachable", 0
	}
}
