package pace

import (
	"context"
	"maps"
	"sync"
	"time"

	"github.com/slack-go/slack"
)

// Line is what Slack counts together: the calls of one method, and of chat.postMessage those to one channel.
type Line struct {
	Method  string
	Channel string // empty where Slack counts all channels together
}

// Importance is who goes first after a hold.
type Importance int

// What people wait for goes first.
const (
	First  Importance = iota // answers and prompts
	Second                   // edits, and what a channel reads about what others did
	Last                     // what is shown afresh without being asked for
	importances
)

// Lines keep from Slack what it wants to have later. A line that is held holds no other back.
type Lines struct {
	mu    sync.Mutex
	lines map[Line]*line
}

type line struct {
	until   time.Time
	waiting [importances]int // callers that have waited, until they are done
	left    chan struct{}    // closed when one of them is done
}

// NewLines makes Lines of which none is held.
func NewLines() *Lines { return &Lines{lines: make(map[Line]*line)} }

// turnedAwayTries is how often a call is made that something on the way turns away. What Slack throttles is tried for
// longer.
const turnedAwayTries = 3

// Patiently makes a call, and again what was not taken, after the time that Slack gives, or a second. It gives up where
// that is not before the end of ctx; then Slack certainly did not take the call. The wait is by the world's clock, like
// Slack's.
func (l *Lines) Patiently(ctx context.Context, at Line, importance Importance, call func() error) (err error) {
	waits := false
	for tries := 0; ; {
		wait, ahead := l.ahead(at, importance)
		switch {
		case wait <= 0 && ahead == nil:
			tries++
			err = call()
			var again bool
			if wait, again = Again(err); !again || turnedAway(err) && tries >= turnedAwayTries {
				return err
			}
			l.hold(at, wait)
		case err == nil:
			err = &slack.RateLimitedError{RetryAfter: max(wait, briefly)}
		}
		if !waits {
			waits = true
			l.join(at, importance)
			defer l.leave(at, importance)
		}
		if !pause(ctx, wait, ahead) {
			return err
		}
	}
}

// pause waits until a hold ends, else until somebody who goes first is done. It is false if ctx ends before.
func pause(ctx context.Context, wait time.Duration, ahead <-chan struct{}) bool {
	if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) <= wait {
		return false
	}
	var ends <-chan time.Time
	if wait > 0 {
		ends, ahead = time.After(wait), nil
	}
	select {
	case <-ends:
	case <-ahead:
	case <-ctx.Done():
	}
	return ctx.Err() == nil
}

// ahead is what a caller has to wait for: the end of a hold, or somebody more important, who also waited.
func (l *Lines) ahead(at Line, importance Importance) (wait time.Duration, ahead <-chan struct{}) {
	l.mu.Lock()
	defer l.mu.Unlock()
	held, ok := l.lines[at]
	if !ok {
		return 0, nil
	}
	for more := range importance {
		if held.waiting[more] > 0 {
			ahead = held.left
		}
	}
	return time.Until(held.until), ahead
}

func (l *Lines) hold(at Line, wait time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	maps.DeleteFunc(l.lines, func(_ Line, held *line) bool {
		return !held.until.After(now) && held.waiting == [importances]int{}
	})
	l.line(at).until = now.Add(wait)
}

func (l *Lines) join(at Line, importance Importance) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.line(at).waiting[importance]++
}

func (l *Lines) leave(at Line, importance Importance) {
	l.mu.Lock()
	defer l.mu.Unlock()
	held := l.line(at)
	held.waiting[importance]--
	close(held.left)
	held.left = make(chan struct{})
}

// line is the line of that name. The caller holds mu.
func (l *Lines) line(at Line) *line {
	if l.lines[at] == nil {
		l.lines[at] = &line{left: make(chan struct{})}
	}
	return l.lines[at]
}
