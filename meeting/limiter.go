package meeting

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// limiter keeps each API path under its quota. It knows our own limit at first, and learns the
// service's from its headers. It goes by the machine's clock: the quota is the service's, whose
// minute no clock of ours can move on.
type limiter struct {
	rate  int // calls a minute, 0 none
	mutex sync.Mutex
	paths map[string]*quota
}

func newLimiter(rate int) *limiter {
	return &limiter{rate: rate, paths: make(map[string]*quota)}
}

// quota is a bucket that holds one period's calls.
type quota struct {
	limit        int // calls a period; 0 is none
	period       time.Duration
	left         float64
	filled       time.Time // when left was true
	blockedUntil time.Time
	refusals     int // 429s in a row
}

const (
	// firstBlock is waited for after a 429 that does not say how long; it doubles up to the period.
	firstBlock = time.Second
	longBlock  = time.Hour
)

func (l *limiter) of(path string) *quota {
	known := l.paths[path]
	if known == nil {
		known = &quota{limit: l.rate, period: time.Minute, left: float64(l.rate), filled: time.Now()}
		l.paths[path] = known
	}
	return known
}

// wait returns when the path may be called, and counts the call. If that would be past the context's
// deadline it returns ErrThrottled at once.
func (l *limiter) wait(ctx context.Context, op, path string) error {
	for {
		delay := l.take(path)
		if delay == 0 {
			return nil
		}
		if !fits(ctx, delay) {
			return &Error{Op: op, Kind: ErrThrottled, Message: "the quota is used up until after the deadline"}
		}
		if err := sleep(ctx, delay); err != nil {
			return &Error{Op: op, Kind: ErrUnavailable, Err: err}
		}
	}
}

// fitsIn tells whether a call now would get its turn before the context's deadline.
func (l *limiter) fitsIn(ctx context.Context, path string) bool {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	return fits(ctx, l.of(path).delay(time.Now()))
}

// take counts a call and returns 0, or says how long until it is worth asking again.
func (l *limiter) take(path string) time.Duration {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	known := l.of(path)
	delay := known.delay(time.Now())
	if delay == 0 && known.limit > 0 {
		known.left--
	}
	return delay
}

func fits(ctx context.Context, delay time.Duration) bool {
	deadline, ok := ctx.Deadline()
	return delay == 0 || !ok || time.Until(deadline) > delay
}

func sleep(ctx context.Context, delay time.Duration) error {
	timer := time.NewTimer(delay)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (q *quota) delay(now time.Time) time.Duration {
	if now.Before(q.blockedUntil) {
		return q.blockedUntil.Sub(now)
	}
	if q.limit == 0 {
		return 0
	}
	q.fill(now)
	if q.left >= 1 {
		return 0
	}
	// A nanosecond more, so that rounding never asks for a wait of nothing.
	return time.Duration((1-q.left)*float64(q.period)/float64(q.limit)) + 1
}

func (q *quota) fill(now time.Time) {
	if passed := now.Sub(q.filled); passed > 0 {
		q.left = min(float64(q.limit), q.left+float64(q.limit)*float64(passed)/float64(q.period))
		q.filled = now
	}
}

// learn takes the quota from an answer's headers, and a pause from a refusal.
func (l *limiter) learn(path string, reply answer) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	known := l.of(path)
	now := time.Now()
	known.adopt(reply.header.Values("X-APIG-Ratelimit-Api"), now)
	if reply.isSuccess() {
		known.refusals = 0
		return
	}
	if pause, ok := retryAfter(reply.header.Get("Retry-After"), now); ok {
		known.block(now.Add(pause))
	} else if readVendorError(reply.body).isFlowControl(reply.status) && !now.Before(known.blockedUntil) {
		// Of many refused together only the first counts, or a burst would shut the path for long.
		known.block(now.Add(min(firstBlock<<min(known.refusals, 16), known.period)))
		known.refusals++
	}
}

func (q *quota) block(until time.Time) {
	if until.After(q.blockedUntil) {
		q.blockedUntil = until
	}
}

// adopt never raises what is left under an unchanged limit: answers may overtake one another.
func (q *quota) adopt(headers []string, now time.Time) {
	for _, header := range headers {
		told, ok := parseRateHeader(header)
		if !ok {
			continue
		}
		if told.limit != q.limit || told.period != q.period {
			q.limit, q.period, q.left, q.filled = told.limit, told.period, told.left, now
		}
		q.fill(now)
		q.left = min(q.left, told.left)
	}
}

// parseRateHeader reads "remain:99,limit:100,time:1 minute".
func parseRateHeader(header string) (quota, bool) {
	var told quota
	remain := -1
	for part := range strings.SplitSeq(header, ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(part), ":")
		value = strings.TrimSpace(value)
		switch name {
		case "remain":
			remain = wholeNumber(value)
		case "limit":
			told.limit = wholeNumber(value)
		case "time":
			told.period = parsePeriod(value)
		}
	}
	told.left = float64(remain)
	return told, remain >= 0 && told.limit > 0 && told.period > 0
}

func wholeNumber(text string) int {
	number, err := strconv.Atoi(text)
	if err != nil || number < 0 || number > 1<<30 {
		return -1
	}
	return number
}

// parsePeriod reads "1 minute"; 0 is a period that is not known.
func parsePeriod(text string) time.Duration {
	amount, unit, _ := strings.Cut(text, " ")
	units := map[string]time.Duration{
		"second": time.Second, "minute": time.Minute, "hour": time.Hour, "day": 24 * time.Hour,
	}
	number := wholeNumber(amount)
	if number < 1 || number > 1000 {
		return 0
	}
	return time.Duration(number) * units[strings.TrimSuffix(strings.TrimSpace(unit), "s")]
}

// retryAfter reads seconds, or a date; at most an hour, since a fault there must not silence us for ever.
func retryAfter(text string, now time.Time) (time.Duration, bool) {
	if text == "" {
		return 0, false
	}
	if seconds := wholeNumber(text); seconds >= 0 {
		return min(time.Duration(seconds)*time.Second, longBlock), true
	}
	date, err := http.ParseTime(text)
	if err != nil {
		return 0, false
	}
	return min(max(date.Sub(now), 0), longBlock), true
}
