package access

import (
	"context"
	"errors"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
	"github.com/slack-go/slack"
	"golang.org/x/sync/singleflight"
)

const (
	lookupTimeout = 3 * time.Second // of one look-up in Slack
	believed      = 5 * time.Minute // how long an answer holds
	longestHold   = time.Minute     // how long a throttled look-up is not asked again, at most
)

// lookups keeps the answers of one kind of look-up; if there are too many, the oldest goes. It keeps no failure, but
// does not ask again what Slack throttled for as long as Slack says.
type lookups[T any] struct {
	now     func() time.Time
	answers *lru.Cache[string, answer[T]]
	flight  singleflight.Group
}

// answer holds from when it was asked for: what Slack says may be as old as that.
type answer[T any] struct {
	value        T
	err          error // of a look-up that was throttled
	asked, until time.Time
}

func newLookups[T any](most int, now func() time.Time) *lookups[T] {
	answers, err := lru.New[string, answer[T]](most)
	if err != nil {
		panic(err) // most is not positive
	}
	return &lookups[T]{now: now, answers: answers}
}

// kept gives an answer that still holds. None does before it was asked: the clock was put back, and its age is not
// known.
func (l *lookups[T]) kept(id string) (answer[T], bool) {
	found, ok := l.answers.Peek(id) // not Get, which makes it younger
	now := l.now()
	return found, ok && !now.Before(found.asked) && now.Before(found.until)
}

// keep believes a value for five minutes.
func (l *lookups[T]) keep(id string, value T, asked time.Time) {
	l.answers.Add(id, answer[T]{value: value, asked: asked, until: asked.Add(believed)})
}

// get gives the answer that is kept, or asks Slack. The first to ask does so for all who wait, so that the look-up goes
// on until its own time limit even if ctx ends.
func (l *lookups[T]) get(ctx context.Context, id string, ask func(context.Context) (T, error)) (T, error) {
	var none T
	if id == "" {
		return none, errors.New("look up: no ID")
	}
	if err := ctx.Err(); err != nil {
		return none, err
	}
	if found, ok := l.kept(id); ok {
		return found.value, found.err
	}
	value, err, _ := l.flight.Do(id, func() (any, error) {
		if found, ok := l.kept(id); ok { // from a flight that has just ended
			return found.value, found.err
		}
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), lookupTimeout)
		defer cancel()
		asked := l.now()
		value, err := ask(ctx)
		if throttled, ok := errors.AsType[*slack.RateLimitedError](err); ok {
			l.answers.Add(id, answer[T]{err: err, asked: asked, until: asked.Add(min(throttled.RetryAfter, longestHold))})
		} else if err == nil {
			l.keep(id, value, asked)
		}
		return value, err
	})
	if err != nil {
		return none, err
	}
	return value.(T), nil
}
