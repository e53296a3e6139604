package meeting

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"
)

// limiter keeps each API path under its quota, and gives turns to the calls that wait. It starts with our own limit, which
// the service's headers may lower. It goes by the machine's clock, since the service's minute does too.
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
		known = &pathLimit{quota: quota{own: allowance{limit: l.rate, period: time.Minute}}}
		l.paths[path] = known
	}
	return known
}

// isInTime tells whether a call gets its turn before the context's deadline, if nobody else comes.
func (p *pathLimit) isInTime(ctx context.Context) bool {
	r := priorityOf(ctx).now()
	delay := p.delay(time.Now(), r, p.ahead(r))
	deadline, ok := ctx.Deadline()
	return delay == 0 || !ok || time.Until(deadline) > delay
}

// wait returns when the path may be called. The call counts for the rank until over. Where its turn would come after the
// context's deadline, wait returns ErrNoTurn at once. That is judged by who waits now.
func (l *limiter) wait(ctx context.Context, op, path string) (Rank, error) {
	if p := priorityOf(ctx); p != nil && p.patience > 0 {
		patient, cancel := context.WithTimeout(ctx, p.patience)
		defer cancel()
		ctx = patient
	}
	w, given := l.enter(ctx, path)
	if w != nil {
		select {
		case given = <-w.turn:
		case <-ctx.Done():
			l.leave(path, w)
			if errors.Is(ctx.Err(), context.DeadlineExceeded) {
				return 0, tooLate(op, ctx.Err())
			}
			return 0, &Error{Op: op, Kind: ErrUnavailable, Err: ctx.Err()}
		}
	}
	if !given.inTime {
		return 0, tooLate(op, nil)
	}
	return given.rank, nil
}

func tooLate(op string, cause error) error {
	return &Error{Op: op, Kind: ErrThrottled, Err: errors.Join(ErrNoTurn, cause)}
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
func (l *limiter) enter(ctx context.Context, path string) (queued *waiter, given turn) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	known, now, p := l.of(path), time.Now(), priorityOf(ctx)
	if r := p.now(); known.byRank()[r] == 0 && known.delay(now, r, [ranks]int{}) == 0 {
		known.open[r]++
		return nil, turn{rank: r, inTime: true}
	}
	if !known.isInTime(ctx) {
		return nil, turn{}
	}
	w := &waiter{priority: p, turn: make(chan turn, 1)}
	w.deadline, _ = ctx.Deadline()
	known.waiting = append(known.waiting, w)
	p.waitsAt(func() { l.serveNow(path) })
	l.serve(known, now)
	return w, turn{}
}

// leave gives up a place in the line, or the turn that came in between.
func (l *limiter) leave(path string, w *waiter) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	known := l.of(path)
	if at := slices.Index(known.waiting, w); at >= 0 {
		known.waiting = slices.Delete(known.waiting, at, at+1)
	} else if given := <-w.turn; given.inTime {
		known.open[given.rank]--
	}
	l.serve(known, time.Now())
}

// over says that a call that had its turn was answered, or will not be.
func (l *limiter) over(path string, r Rank) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	known, now := l.of(path), time.Now()
	known.over(now, r)
	l.serve(known, now)
}

func (l *limiter) serveNow(path string) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	l.serve(l.of(path), time.Now())
}

// serve gives a turn to all who may have one now, and sets the timer for the next.
func (l *limiter) serve(known *pathLimit, now time.Time) {
	if known.timer != nil {
		known.timer.Stop()
		known.timer = nil
	}
	soonest := time.Duration(-1)
	for r := range ranks {
		waiting := known.byRank()[r]
		for ; waiting > 0; waiting-- {
			if delay := known.delay(now, r, [ranks]int{}); delay > 0 {
				if soonest < 0 || delay < soonest {
					soonest = delay
				}
				break
			}
			known.open[r]++
			known.take(r).turn <- turn{rank: r, inTime: true}
		}
	}
	if soonest >= 0 {
		known.timer = time.AfterFunc(soonest, func() {
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
	known.adopt(reply.header.Values(rateHeader), now)
	known.heed(reply, now)
	known.waiting = slices.DeleteFunc(known.waiting, func(w *waiter) bool {
		first := now.Add(known.delay(now, w.priority.now(), [ranks]int{}))
		late := !w.deadline.IsZero() && !first.Before(w.deadline)
		if late {
			w.turn <- turn{}
		}
		return late
	})
	l.serve(known, now)
}

// perMinute is how many calls of the path a minute allows; 0 is no limit.
func (l *limiter) perMinute(path string) int {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	least := 0
	for limit := range l.of(path).limits {
		calls := max(1, int(float64(limit.limit)*float64(time.Minute)/float64(limit.period)))
		if least == 0 || calls < least {
			least = calls
		}
	}
	return least
}
