package meeting

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	// firstBlock is the pause after a 429 that tells none. It doubles up to the period of the limit.
	firstBlock = time.Second
	longBlock  = time.Hour

	rateHeader = "X-APIG-Ratelimit-Api"

	mostCounted = 100_000 // calls of a period; a larger limit is taken for this
)

// quota is what may be called of one path: our own limit, and those that the service tells.
type quota struct {
	own          allowance // its limit is 0 where there is none
	told         []allowance
	open         [ranks]int // calls that had their turn, and no answer yet
	blockedUntil time.Time
	refusals     int // 429s in a row
}

// delay is how long until a call of the rank may begin, behind others that wait.
func (q *quota) delay(now time.Time, r Rank, ahead [ranks]int) time.Duration {
	longest := max(q.blockedUntil.Sub(now), 0)
	for limit := range q.limits {
		longest = max(longest, limit.delay(now, r, q.open, ahead))
	}
	return longest
}

func (q *quota) limits(yield func(*allowance) bool) {
	if q.own.limit > 0 && !yield(&q.own) {
		return
	}
	for i := range q.told {
		if !yield(&q.told[i]) {
			return
		}
	}
}

// over says that a call that had its turn was answered, or will not be.
func (q *quota) over(now time.Time, r Rank) {
	q.open[r]--
	for limit := range q.limits {
		limit.count(now, r)
	}
}

// adopt takes the service's limits, beside our own. What they say is left only ever takes something away: answers may
// overtake one another.
func (q *quota) adopt(headers []string, now time.Time) {
	var told []allowance
	open := 0
	for _, calls := range q.open {
		open += calls
	}
	for _, header := range headers {
		limit, left, ok := parseRateHeader(header)
		same := func(a allowance) bool { return a.period == limit.period }
		if !ok || slices.ContainsFunc(told, same) {
			continue
		}
		if at := slices.IndexFunc(q.told, same); at >= 0 {
			limit.used = q.told[at].used
		}
		limit.countOthers(now, limit.limit-left, open)
		told = append(told, limit)
	}
	if told != nil {
		q.told = told
	}
}

// longestPause is for a refusal that tells none.
func (q *quota) longestPause() time.Duration {
	if len(q.told) > 0 {
		return q.told[0].period
	}
	return time.Minute
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
		pause = min(firstBlock<<min(q.refusals, 16), q.longestPause())
		q.refusals++
	}
	if until := now.Add(pause); until.After(q.blockedUntil) {
		q.blockedUntil = until
	}
}

// Told is a quota of one API path as the service tells it: so many calls are left of those in a period.
type Told struct {
	Left, Limit int
	Period      time.Duration
}

// QuotaTold reads what an answer's headers tell; the narrowest comes first. Nil: they tell nothing.
func QuotaTold(header http.Header) (all []Told) {
	for _, text := range header.Values(rateHeader) {
		if told, left, ok := parseRateHeader(text); ok {
			all = append(all, Told{Left: left, Limit: told.limit, Period: told.period})
		}
	}
	slices.SortStableFunc(all, func(a, b Told) int { return cmp.Compare(a.Left, b.Left) })
	return all
}

// parseRateHeader reads "remain:99,limit:100,time:1 minute".
func parseRateHeader(header string) (told allowance, left int, ok bool) {
	units := map[string]time.Duration{"second": time.Second, "minute": time.Minute, "hour": time.Hour, "day": 24 * time.Hour}
	left = -1
	for part := range strings.SplitSeq(header, ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(part), ":")
		value = strings.TrimSpace(value)
		switch name {
		case "remain":
			left = wholeNumber(value)
		case "limit":
			told.limit = wholeNumber(value)
		case "time":
			amount, unit, _ := strings.Cut(value, " ")
			if number := wholeNumber(amount); number <= 1000 {
				told.period = time.Duration(number) * units[strings.TrimSuffix(strings.TrimSpace(unit), "s")]
			}
		}
	}
	ok = left >= 0 && told.limit > 0 && told.period > 0
	told.limit = min(told.limit, mostCounted)
	return told, min(left, told.limit), ok
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
