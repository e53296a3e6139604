package grammar

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"time"
)

// AmountKind says how the length of an extension was given.
type AmountKind int

// The kinds of an Amount.
const (
	ByDefault  AmountKind = iota // nothing was given
	ForMinutes                   // so many minutes
	UntilClock                   // until a time of day
	ToMaximum                    // as long as the limits allow
)

// Amount is the length of an extension, as it was typed. Minutes makes it a number once the end is known.
type Amount struct {
	Kind         AmountKind
	Count        int // minutes, of ForMinutes: 1 or more
	Hour, Minute int // of UntilClock: 0:00 to 23:59 on the person's own clock
}

// longestMinutes is the most that a time.Duration holds. Limits of ours are far below.
const longestMinutes = int(math.MaxInt64 / int64(time.Minute))

// String gives the form that Parse reads back, as "30", "until 15:30" or "max"; empty for the default.
func (a Amount) String() string {
	switch a.Kind {
	case ForMinutes:
		return strconv.Itoa(a.Count)
	case UntilClock:
		return fmt.Sprintf("until %02d:%02d", a.Hour, a.Minute)
	case ToMaximum:
		return "max"
	}
	return ""
}

// Moment is what Minutes reckons with.
type Moment struct {
	Now, End time.Time      // End is the present end of the meeting
	Zone     *time.Location // the person's own; nil if it is not known
	Default  int            // minutes if none were given
	Limits   []int          // minutes, only those limits that apply; one that is used up is 0
}

// AmountError says why an Amount is no number of minutes.
type AmountError struct {
	Problem AmountProblem
	Until   time.Time // of NotAfterEnd and HasPassed: the time that was meant
}

func (e *AmountError) Error() string { return "amount: " + string(e.Problem) }

// AmountProblem is what is wrong with an Amount now.
type AmountProblem string

// The problems of an Amount.
const (
	NotAfterEnd AmountProblem = "not_after_end" // the meeting lasts until then already
	HasPassed   AmountProblem = "has_passed"    // just now, and not tomorrow's
	NoSuchTime  AmountProblem = "no_such_time"  // the clock skips it that day
	NoZone      AmountProblem = "no_zone"       // a time of day, and nobody knows on whose clock
	NothingLeft AmountProblem = "nothing_left"  // max, and a limit is used up
	NoMaximum   AmountProblem = "no_maximum"    // max, and nothing limits it
)

// Minutes tells how many minutes to add: 1 or more. A time of day is rounded up, so that the meeting lasts at least
// until then. "max" is the least of the limits; nothing else is held to them. Errors are *AmountError.
func (a Amount) Minutes(moment Moment) (int, error) {
	switch a.Kind {
	case ForMinutes:
		return a.Count, nil
	case UntilClock:
		if moment.Zone == nil {
			return 0, &AmountError{Problem: NoZone}
		}
		until, ok := a.next(moment.Now.In(moment.Zone))
		if !ok {
			return 0, &AmountError{Problem: NoSuchTime}
		}
		if passed, nearer := a.passed(moment.Now, until); nearer {
			return 0, &AmountError{Problem: HasPassed, Until: passed}
		}
		if !until.After(moment.End) {
			return 0, &AmountError{Problem: NotAfterEnd, Until: until}
		}
		return int((until.Sub(moment.End) + time.Minute - 1) / time.Minute), nil
	case ToMaximum:
		if len(moment.Limits) == 0 {
			return 0, &AmountError{Problem: NoMaximum}
		}
		least := slices.Min(moment.Limits)
		if least <= 0 {
			return 0, &AmountError{Problem: NothingLeft}
		}
		return least, nil
	}
	return moment.Default, nil
}

// next is when the clock shows this time next: today, or tomorrow if that is past. It is false where the clock skips
// the time on that day.
func (a Amount) next(now time.Time) (time.Time, bool) {
	for _, day := range []time.Time{now, now.AddDate(0, 0, 1)} {
		times := a.on(day)
		for _, at := range times {
			if at.After(now) {
				return at, true
			}
		}
		if len(times) == 0 && time.Date(day.Year(), day.Month(), day.Day(), a.Hour, a.Minute, 0, 0, day.Location()).After(now) {
			break
		}
	}
	return time.Time{}, false
}

// passed is when the clock last showed this time, before it next does at until. Who names a time that is nearer in the
// past than in the future does not mean tomorrow's.
func (a Amount) passed(now, until time.Time) (last time.Time, nearer bool) {
	last = until.AddDate(0, 0, -1)
	shown := last.Hour() == a.Hour && last.Minute() == a.Minute // else the clock skipped it
	return last, shown && now.Sub(last) < until.Sub(now)
}

// on lists when the clock shows this time on that day, in order. That is once, never where the clock is put forward,
// and twice where it is put back. time.Date would pick one without saying which.
func (a Amount) on(day time.Time) []time.Time {
	zone := day.Location()
	asUTC := time.Date(day.Year(), day.Month(), day.Day(), a.Hour, a.Minute, 0, 0, time.UTC)
	var times []time.Time
	for _, around := range []time.Duration{-24 * time.Hour, 24 * time.Hour} {
		_, offset := asUTC.Add(around).In(zone).Zone()
		at := asUTC.Add(-time.Duration(offset) * time.Second).In(zone)
		shows := at.Hour() == a.Hour && at.Minute() == a.Minute && at.Day() == day.Day()
		if shows && !slices.ContainsFunc(times, at.Equal) {
			times = append(times, at)
		}
	}
	slices.SortFunc(times, time.Time.Compare)
	return times
}
