package meeting

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"
)

// limiter keeps each API path under its quota, and gives turns to the calls that wait. It starts with our own limit and
// learns the service's from its headers. It goes by the machine's clock, since the service's minute does too.
type limiter struct {
	rate  int // calls a minute, 0 none
	mutex sync.Mutex
	paths map[string]*pathLimit
}

func newLimiter(rate int) *limiter {
	return &limiter{rate: rate, paths: make(map[string]*pathLimit)}
}

// pathLimit is the quota of one path and who waits for it. Nobody polls: one timer serves all who wait.
type pathLimit struct {
	quota
	line
	timer *time.Timer
}

func (l *limiter) of(path string) *pathLimit {
	known := l.paths[path]
	if known == nil {
		known = &pathLimit{quota: quota{limit: l.rate, period: time.Minute, left: float64(l.rate), filled: time.Now()}}
		l.paths[path] = known
	}
	return known
}

// isInTime tells whether a call gets its turn before the context's deadline, if nobody else comes.
func (p *pathLimit) isInTime(ctx context.Context) bool {
	delay := p.delay(time.Now(), p.ahead(priorityOf(ctx).isAutomatic())+1)
	deadline, ok := ctx.Deadline()
	return delay == 0 || !ok || time.Until(deadline) > delay
}

// wait returns when the path may be called, and counts the call. Where its turn would come after the context's deadline, it
// returns ErrThrottled at once. That is judged by who waits now.
func (l *limiter) wait(ctx context.Context, op, path string) error {
	w, inTime := l.enter(ctx, path)
	if w != nil {
		select {
		case inTime = <-w.turn:
		case <-ctx.Done():
			l.leave(path, w)
			if errors.Is(ctx.Err(), context.DeadlineExceeded) {
				return tooLate(op, ctx.Err())
			}
			return &Error{Op: op, Kind: ErrUnavailable, Err: ctx.Err()}
		}
	}
	if !inTime {
		return tooLate(op, nil)
	}
	return nil
}

func tooLate(op string, cause error) error {
	return &Error{Op: op, Kind: ErrThrottled, Message: "the quota is used up until after the deadline", Err: cause}
}

// mayBegin fails where the context has ended, or will have ended before a call gets its turn.
func (l *limiter) mayBegin(ctx context.Context, op, path string) error {
	if err := ctx.Err(); err != nil {
		return &Error{Op: op, Kind: ErrUnavailable, Err: err}
	}
	l.mutex.Lock()
	defer l.mutex.Unlock()
	if !l.of(path).isInTime(ctx) {
		return tooLate(op, nil)
	}
	return nil
}

// enter lets the call pass or queues it. Where the call comes too late, it does neither.
func (l *limiter) enter(ctx context.Context, path string) (queued *waiter, inTime bool) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	known, now := l.of(path), time.Now()
	if len(known.waiting) == 0 && known.delay(now, 1) == 0 {
		known.left--
		return nil, true
	}
	if !known.isInTime(ctx) {
		return nil, false
	}
	w := &waiter{priority: priorityOf(ctx), turn: make(chan bool, 1)}
	w.deadline, _ = ctx.Deadline()
	known.waiting = append(known.waiting, w)
	l.serve(known, now)
	return w, true
}

// leave gives up a place in the line, or the turn that came in between.
func (l *limiter) leave(path string, w *waiter) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	known := l.of(path)
	if at := slices.Index(known.waiting, w); at >= 0 {
		known.waiting = slices.Delete(known.waiting, at, at+1)
	} else if <-w.turn {
		known.left = min(known.left+1, float64(known.limit))
	}
	l.serve(known, time.Now())
}

// serve gives a turn to all who may have one now, and sets the timer for the next.
func (l *limiter) serve(known *pathLimit, now time.Time) {
	for len(known.waiting) > 0 && known.delay(now, 1) == 0 {
		known.left--
		known.next().turn <- true
	}
	if known.timer != nil {
		known.timer.Stop()
		known.timer = nil
	}
	if len(known.waiting) > 0 {
		known.timer = time.AfterFunc(known.delay(now, 1), func() {
			l.mutex.Lock()
			defer l.mutex.Unlock()
			l.serve(known, time.Now())
		})
	}
}

// learn takes the quota from an answer's headers and a pause from a refusal. It sends those away whose turn now comes too
// late.
func (l *limiter) learn(path string, reply answer) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	known, now := l.of(path), time.Now()
	known.adopt(reply.header.Values("X-APIG-Ratelimit-Api"), now)
	known.heed(reply, now)
	first := now.Add(known.delay(now, 1))
	known.waiting = slices.DeleteFunc(known.waiting, func(w *waiter) bool {
		late := !w.deadline.IsZero() && !first.Before(w.deadline)
		if late {
			w.turn <- false
		}
		return late
	})
	l.serve(known, now)
}

// perMinute is how many calls of the path a minute allows; 0 is no limit.
func (l *limiter) perMinute(path string) int {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	known := l.of(path)
	if known.limit == 0 {
		return 0
	}
	return max(1, int(float64(known.limit)*float64(time.Minute)/float64(known.period)))
}
