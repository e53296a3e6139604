package access

import (
	"cmp"
	"context"
	"errors"
	"sync"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
	"github.com/overtime-bot/overtime/bot/pace"
	"github.com/slack-go/slack"
	"golang.org/x/sync/singleflight"
)

const (
	lookupTimeout = 3 * time.Second // of one look-up in Slack
	believed      = 5 * time.Minute // how long an answer holds
	longestHold   = time.Minute     // how long a throttled method is not called again, at most
	untoldHold    = 5 * time.Second // where Slack does not say how long
)

// lookups keeps the answers of one kind of look-up, which is one method of Slack; if there are too many, the oldest goes.
// It keeps no failure.
type lookups[T any] struct {
	now     func() time.Time
	fresh   time.Duration // an answer that is older is looked up again; it holds for five minutes where Slack does not tell
	budget  *budget       // of answers that are looked up again; nil: no answer is before it no longer holds
	denies  func(T) bool  // such an answer holds until Slack tells another, however old it is; nil: none does
	timeout time.Duration // of one look-up
	answers *lru.Cache[string, answer[T]]
	flight  singleflight.Group
	hold    hold
}

// answer holds from when it was asked for: what Slack says may be as old as that.
type answer[T any] struct {
	value T
	asked time.Time
}

func newLookups[T any](most int, now func() time.Time) *lookups[T] {
	answers, err := lru.New[string, answer[T]](most)
	if err != nil {
		panic(err) // most is not positive
	}
	return &lookups[T]{now: now, fresh: believed, timeout: lookupTimeout, answers: answers}
}

// kept gives an answer that still holds. None does before it was asked: the clock was put back, and its age is not
// known.
func (l *lookups[T]) kept(id string) (answer[T], bool) { return l.younger(id, believed) }

func (l *lookups[T]) younger(id string, than time.Duration) (answer[T], bool) {
	found, ok := l.answers.Peek(id) // not Get, which makes it younger
	age := l.now().Sub(found.asked)
	return found, ok && age >= 0 && age < than
}

// keep believes a value for five minutes.
func (l *lookups[T]) keep(id string, value T, asked time.Time) {
	l.answers.Add(id, answer[T]{value: value, asked: asked})
}

// get gives the answer that is fresh, or asks Slack. The first to ask does so for all who wait, so that the look-up goes
// on until its own time limit even if ctx ends.
func (l *lookups[T]) get(ctx context.Context, id string, ask func(context.Context) (T, error)) (T, error) {
	var none T
	if id == "" {
		return none, errors.New("look up: no ID")
	}
	if err := ctx.Err(); err != nil {
		return none, err
	}
	if found, ok := l.younger(id, l.fresh); ok {
		return found.value, nil
	}
	value, err, _ := l.flight.Do(id, func() (any, error) {
		if found, ok := l.younger(id, l.fresh); ok { // from a flight that has just ended
			return found.value, nil
		}
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), l.timeout)
		defer cancel()
		return l.renew(ctx, id, ask)
	})
	if err != nil {
		return none, err
	}
	return value.(T), nil
}

// renew asks Slack, if it may be asked now. Where Slack does not tell, what is kept stands; where Slack refuses, nothing
// does.
func (l *lookups[T]) renew(ctx context.Context, id string, ask func(context.Context) (T, error)) (T, error) {
	found, known := l.kept(id)
	if old, ok := l.answers.Peek(id); ok && l.denies != nil && l.denies(old.value) {
		found, known = old, true
	}
	asked := l.now()
	err := l.hold.on(asked)
	if err == nil && l.budget != nil && !l.budget.take(asked, known, asked.Sub(found.asked)) {
		return found.value, nil
	}
	var value T
	if err == nil {
		value, err = ask(ctx)
		l.hold.note(err, asked)
	}
	switch {
	case err == nil:
		l.keep(id, value, asked)
	case known && untold(err):
		return found.value, nil
	default:
		l.answers.Remove(id)
	}
	return value, err
}

// untold says that Slack neither answered nor refused: it throttled, could not be reached, or was in trouble itself.
func untold(err error) bool {
	refused, ok := errors.AsType[slack.SlackErrorResponse](err)
	if !ok {
		return true
	}
	switch refused.Err {
	case "internal_error", "fatal_error", "service_unavailable", "request_timeout":
		return true
	}
	_, throttled := pace.Throttled(err)
	return throttled
}

// hold keeps a method from being called for as long as Slack says.
type hold struct {
	mu         sync.Mutex
	err        error
	from, till time.Time
}

// on gives the error of the call that was throttled, while Slack wants no other.
func (h *hold) on(now time.Time) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if now.Before(h.from) || !now.Before(h.till) { // before: the clock was put back
		return nil
	}
	return h.err
}

func (h *hold) note(err error, now time.Time) {
	wait, throttled := pace.Throttled(err)
	if !throttled {
		return
	}
	wait = min(cmp.Or(wait, untoldHold), longestHold)
	h.mu.Lock()
	defer h.mu.Unlock()
	h.err, h.from, h.till = err, now, now.Add(wait)
}
