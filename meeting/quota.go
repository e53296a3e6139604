package meeting

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

const (
	// firstBlock is the pause after a 429 that tells none. It doubles up to the period.
	firstBlock = time.Second
	longBlock  = time.Hour
)

// quota is a bucket that holds one period's calls.
type quota struct {
	limit        int // calls a period; 0 is none
	period       time.Duration
	left         float64   // calls; without meaning where there is no limit
	filled       time.Time // when left was true
	blockedUntil time.Time
	refusals     int // 429s in a row
}

// delay is how long until so many calls may have been made, the last one included.
func (q *quota) delay(now time.Time, calls int) time.Duration {
	blocked := max(q.blockedUntil.Sub(now), 0)
	if q.limit == 0 {
		return blocked
	}
	q.fill(now)
	missing := float64(calls) - q.left
	if missing <= 0 {
		return blocked
	}
	// A nanosecond more, so that rounding never asks for a wait of nothing.
	return max(blocked, time.Duration(missing*float64(q.period)/float64(q.limit))+1)
}

func (q *quota) fill(now time.Time) {
	if passed := now.Sub(q.filled); passed > 0 {
		q.left = min(float64(q.limit), q.left+float64(q.limit)*float64(passed)/float64(q.period))
		q.filled = now
	}
}

// adopt takes the service's limit. It never raises what is left under an unchanged one: answers may overtake one another.
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

// heed takes a pause from a refusal. Of many refused together only the first counts, or a burst would shut the path for
// long.
func (q *quota) heed(reply answer, now time.Time) {
	if reply.isSuccess() {
		q.refusals = 0
		return
	}
	pause, told := retryAfter(reply.header.Get("Retry-After"), now)
	if !told {
		vendor := readVendorError(reply.body) // which also refuses after too many wrong passwords
		throttled := reply.status == http.StatusTooManyRequests || vendor.number == flowControl ||
			vendor.ofGateway && vendor.number == gatewayThrottled
		if !throttled || now.Before(q.blockedUntil) {
			return
		}
		pause = min(firstBlock<<min(q.refusals, 16), q.period)
		q.refusals++
	}
	if until := now.Add(pause); until.After(q.blockedUntil) {
		q.blockedUntil = until
	}
}

// parseRateHeader reads "remain:99,limit:100,time:1 minute".
func parseRateHeader(header string) (quota, bool) {
	units := map[string]time.Duration{"second": time.Second, "minute": time.Minute, "hour": time.Hour, "day": 24 * time.Hour}
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
			amount, unit, _ := strings.Cut(value, " ")
			if number := wholeNumber(amount); number <= 1000 {
				told.period = time.Duration(number) * units[strings.TrimSuffix(strings.TrimSpace(unit), "s")]
			}
		}
	}
	told.left = float64(remain)
	return told, remain >= 0 && told.limit > 0 && told.period > 0
}

// wholeNumber is -1 for what is none.
func wholeNumber(text string) int {
	number, err := strconv.Atoi(text)
	if err != nil || number < 0 || number > 1<<30 {
		return -1
	}
	return number
}

// retryAfter reads seconds or a date. A pause is at most an hour, since a fault there must not silence us for ever.
func retryAfter(text string, now time.Time) (time.Duration, bool) {
	if seconds := wholeNumber(text); seconds >= 0 {
		return min(time.Duration(seconds)*time.Second, longBlock), true
	}
	date, err := http.ParseTime(text)
	if err != nil {
		return 0, false
	}
	return min(max(date.Sub(now), 0), longBlock), true
}
