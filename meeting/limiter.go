package meeting

import (
	"context"
	"errors"
	"sync"
	"time"
)

// limiter keeps each API path under its quota, and lets whoever waits for one go in order of rank. It knows our own
// limit at first, and learns the service's from its headers. It goes by the machine's clock: the quota is the
// service's, whose minute no clock of ours can move on.
type limiter struct {
	rate     int // calls a minute, 0 none
	mutex    sync.Mutex
	paths    map[string]*pathLimit
	arrivals uint64
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

const (
	// firstBlock is waited for after a 429 that does not say how long; it doubles up to the period.
	firstBlock = time.Second
	longBlock  = time.Hour
)

func (l *limiter) of(path string) *pathLimit {
	known := l.paths[path]
	if known == nil {
		known = &pathLimit{quota: quota{limit: l.rate, period: time.Minute, left: float64(l.rate), filled: time.Now()}}
		l.paths[path] = known
	}
	return known
}

var errTooLate = errors.New("the quota is used up until after the deadline")

// wait returns when the path may be called, and counts the call. If that would be past the context's
// deadline it returns ErrThrottled at once: as far as is known, which is who waits now.
func (l *limiter) wait(ctx context.Context, op, path string) error {
	waiting, err := l.enter(ctx, path)
	if waiting != nil {
		err = l.await(ctx, path, waiting)
	}
	switch {
	case errors.Is(err, errTooLate):
		return &Error{Op: op, Kind: ErrThrottled, Message: errTooLate.Error()}
	case errors.Is(err, context.DeadlineExceeded):
		return &Error{Op: op, Kind: ErrThrottled, Message: errTooLate.Error(), Err: err}
	case err != nil:
		return &Error{Op: op, Kind: ErrUnavailable, Err: err}
	}
	return nil
}

// enter lets the call pass, where it returns nothing, or queues it up.
func (l *limiter) enter(ctx context.Context, path string) (*waiter, error) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	known, now, held := l.of(path), time.Now(), standingOf(ctx)
	if known.isEmpty() && known.delay(now, 1) == 0 {
		known.take()
		return nil, nil //nolint:nilnil // nothing to wait for
	}
	if !fits(ctx, known.turn(now, held.current())) {
		return nil, errTooLate
	}
	l.arrivals++
	w := &waiter{standing: held, arrival: l.arrivals, turn: make(chan bool, 1)}
	w.deadline, _ = ctx.Deadline()
	known.add(w)
	l.serve(known, now)
	return w, nil
}

// turn is how long until a call of that rank gets its turn, if nobody else comes.
func (p *pathLimit) turn(now time.Time, r rank) time.Duration { return p.delay(now, p.ahead(r)+1) }

func (l *limiter) await(ctx context.Context, path string, w *waiter) error {
	select {
	case inTime := <-w.turn:
		if !inTime {
			return errTooLate
		}
		return nil
	case <-ctx.Done():
		l.leave(path, w)
		return ctx.Err()
	}
}

// leave gives a place in the line up, or the call that it got meanwhile.
func (l *limiter) leave(path string, w *waiter) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	known := l.of(path)
	switch {
	case w.at >= 0:
		known.line.of(w.standing.current()).take(w)
	case <-w.turn:
		known.giveBack()
	}
	l.serve(known, time.Now())
}

// serve gives everybody a turn who may have one now, and sets the timer for the next.
func (l *limiter) serve(known *pathLimit, now time.Time) {
	for !known.isEmpty() && known.delay(now, 1) == 0 {
		known.take()
		known.next().turn <- true
	}
	switch {
	case !known.isEmpty() && known.timer == nil:
		known.timer = time.AfterFunc(known.delay(now, 1), func() { l.ring(known) })
	case !known.isEmpty():
		known.timer.Reset(known.delay(now, 1))
	case known.timer != nil:
		known.timer.Stop()
		known.timer = nil
	}
}

func (l *limiter) ring(known *pathLimit) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	l.serve(known, time.Now())
}

// dismiss sends those away who cannot have a turn in time any more.
func (l *limiter) dismiss(known *pathLimit, now time.Time) {
	first := now.Add(known.delay(now, 1))
	for _, w := range known.all() {
		if !w.deadline.IsZero() && !first.Before(w.deadline) {
			known.line.of(w.standing.current()).take(w)
			w.turn <- false
		}
	}
}

// share makes the standing of work that others may join: at first it is that of whoever begins it.
func (l *limiter) share(ctx context.Context) *standing {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	return &standing{standingOf(ctx).current()}
}

// raise gives shared work the rank of one who joins it, if that goes first.
func (l *limiter) raise(shared, by *standing) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	joining := by.current()
	if !joining.before(shared.rank) {
		return
	}
	var moved []func()
	for _, known := range l.paths {
		for _, w := range known.all() {
			if w.standing == shared {
				known.line.of(shared.rank).take(w)
				moved = append(moved, func() { known.add(w) })
			}
		}
	}
	shared.rank = joining
	for _, add := range moved {
		add()
	}
}

// fitsIn tells whether a call now would get its turn before the context's deadline.
func (l *limiter) fitsIn(ctx context.Context, path string) bool {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	return fits(ctx, l.of(path).turn(time.Now(), standingOf(ctx).current()))
}

func fits(ctx context.Context, delay time.Duration) bool {
	deadline, ok := ctx.Deadline()
	return delay == 0 || !ok || time.Until(deadline) > delay
}

// learn takes the quota from an answer's headers, and a pause from a refusal.
func (l *limiter) learn(path string, reply answer) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	known, now := l.of(path), time.Now()
	known.adopt(reply.header.Values("X-APIG-Ratelimit-Api"), now)
	known.heed(reply, now)
	if !known.isEmpty() {
		l.dismiss(known, now)
		l.serve(known, now)
	}
}

// heed takes a pause from a refusal.
func (q *quota) heed(reply answer, now time.Time) {
	if reply.isSuccess() {
		q.refusals = 0
		return
	}
	if pause, ok := retryAfter(reply.header.Get("Retry-After"), now); ok {
		q.block(now.Add(pause))
	} else if readVendorError(reply.body).isFlowControl(reply.status) && !now.Before(q.blockedUntil) {
		// Of many refused together only the first counts, or a burst would shut the path for long.
		q.block(now.Add(min(firstBlock<<min(q.refusals, 16), q.period)))
		q.refusals++
	}
}

// ExtendRate is how many extensions a minute the service's quota allows, as far as is known by now: our own limit
// until an answer tells the service's. 0 is no limit.
func (c *Client) ExtendRate() int {
	c.limits.mutex.Lock()
	defer c.limits.mutex.Unlock()
	return c.limits.of(extendPath).perMinute()
}
