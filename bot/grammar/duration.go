package grammar

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// AmountKind says how an extension's length was given.
type AmountKind int

// The kinds of an Amount.
const (
	ByDefault  AmountKind = iota // nothing was given
	ForMinutes                   // so many minutes
	UntilClock                   // until a time of day
	ToMaximum                    // as long as the limits allow
)

// Amount is by how much to extend, as it was typed; Minutes makes it a number once the end is known.
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

// Terms are what an Amount is reckoned with.
type Moment struct {
	Now, End time.Time      // End is the present end of the meeting
	Zone     *time.Location // the person's own; nil is UTC
	Default  int            // minutes if none were given
	Limits   []int          // minutes, those limits alone that hold; one that is used up is 0
}

// AmountError says why an Amount is no number of minutes.
type AmountError struct {
	Problem AmountProblem
	Until   time.Time // of NotAfterEnd: the instant that was meant
}

func (e *AmountError) Error() string { return "amount: " + string(e.Problem) }

// AmountProblem is what is wrong with an Amount now.
type AmountProblem string

// The problems of an Amount.
const (
	NotAfterEnd AmountProblem = "not_after_end" // the meeting lasts until then already
	NoSuchTime  AmountProblem = "no_such_time"  // the clock skips it that day
	NothingLeft AmountProblem = "nothing_left"  // max, and a limit is used up
	NoMaximum   AmountProblem = "no_maximum"    // max, and nothing limits it
)

// Minutes tells how many minutes to add: 1 or more, rounded up so that the meeting lasts at least until the
// time that was given. It does not apply the limits, but for "max", which is the least of them. Errors are
// *AmountError.
func (a Amount) Minutes(terms Moment) (int, error) {
	switch a.Kind {
	case ForMinutes:
		return a.Count, nil
	case UntilClock:
		return a.untilClock(terms)
	case ToMaximum:
		return leastOf(terms.Limits)
	}
	return terms.Default, nil
}

func leastOf(limits []int) (int, error) {
	if len(limits) == 0 {
		return 0, &AmountError{Problem: NoMaximum}
	}
	least := slices.Min(limits)
	if least <= 0 {
		return 0, &AmountError{Problem: NothingLeft}
	}
	return least, nil
}

func (a Amount) untilClock(terms Moment) (int, error) {
	until, err := a.next(terms)
	if err != nil {
		return 0, err
	}
	if !until.After(terms.End) {
		return 0, &AmountError{Problem: NotAfterEnd, Until: until}
	}
	return int((until.Sub(terms.End) + time.Minute - 1) / time.Minute), nil
}

// next is when the clock shows this time next: today, or tomorrow if that is past.
func (a Amount) next(terms Moment) (time.Time, error) {
	zone := terms.Zone
	if zone == nil {
		zone = time.UTC
	}
	today := terms.Now.In(zone)
	for _, day := range []time.Time{today, today.AddDate(0, 0, 1)} {
		times := a.on(day)
		for _, at := range times {
			if at.After(terms.Now) {
				return at, nil
			}
		}
		if len(times) == 0 && a.wall(day, zone).After(terms.Now) {
			break
		}
	}
	return time.Time{}, &AmountError{Problem: NoSuchTime}
}

// on lists the instants of that day at which the clock shows this time, in order: one, none where the clock is
// put forward, two where it is put back. time.Date would pick one without saying which.
func (a Amount) on(day time.Time) []time.Time {
	zone := day.Location()
	asUTC := a.wall(day, time.UTC)
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

func (a Amount) wall(day time.Time, zone *time.Location) time.Time {
	return time.Date(day.Year(), day.Month(), day.Day(), a.Hour, a.Minute, 0, 0, zone)
}

// parseAmount reads the words after the meeting: nothing, minutes, "until" and a time, or "max".
func parseAmount(words []string) (Amount, error) {
	if len(words) > 1 && meaningOf(words[0]) == meaningFor {
		words = words[1:]
	}
	if len(words) == 0 {
		return Amount{}, nil
	}
	switch meaningOf(words[0]) {
	case meaningMax:
		return Amount{Kind: ToMaximum}, tooMany(words[1:])
	case meaningUntil:
		return parseUntil(words[1:])
	}
	minutes, err := parseMinutes(words)
	if err != nil {
		return Amount{}, err
	}
	return Amount{Kind: ForMinutes, Count: minutes}, nil
}

// tooMany is the error of words that are left over, nil if there are none.
func tooMany(words []string) error {
	if len(words) == 0 {
		return nil
	}
	return problem(TooManyWords, strings.Join(words, " "))
}

// parseUntil reads 15:30, 15.30, 3:30pm, 3 pm. A bare hour is refused: "until 30" may mean minutes.
func parseUntil(words []string) (Amount, error) {
	if len(words) > 1 && meaningOf(words[0]) == meaningArticle {
		words = words[1:]
	}
	if len(words) == 0 {
		return Amount{}, problem(BadTime, "")
	}
	clock, half, rest := splitHalf(words)
	hour, minute, ok := clockOf(clock, half)
	if !ok {
		return Amount{}, problem(BadTime, words[0], clockSuggestions(words[0])...)
	}
	return Amount{Kind: UntilClock, Hour: hour, Minute: minute}, tooMany(rest)
}

// splitHalf takes the time apart from its half of the day, be it "3:30pm" or "3:30 p.m.".
func splitHalf(words []string) (clock string, half meaning, rest []string) {
	clock, rest = words[0], words[1:]
	if at := strings.IndexFunc(clock, isLetter); at > 0 {
		if half := meaningOf(clock[at:]); half == meaningAM || half == meaningPM {
			return clock[:at], half, rest
		}
		return clock, meaningNone, rest
	}
	if len(rest) > 0 {
		if half := meaningOf(rest[0]); half == meaningAM || half == meaningPM {
			return clock, half, rest[1:]
		}
	}
	return clock, meaningNone, rest
}

func clockOf(clock string, half meaning) (hour, minute int, ok bool) {
	hours, minutes, cut := strings.Cut(strings.ReplaceAll(clock, ".", ":"), ":")
	if !cut && half != meaningNone {
		minutes = "00"
	}
	if !isDigits(hours) || !isDigits(minutes) || len(hours) > 2 || len(minutes) != 2 {
		return 0, 0, false
	}
	hour, _ = strconv.Atoi(hours)
	minute, _ = strconv.Atoi(minutes)
	hour, ok = hourOfDay(hour, minute, half)
	return hour, minute, ok && minute < 60
}

// hourOfDay turns an hour as people say it into 0 to 23; 24:00 is midnight.
func hourOfDay(hour, minute int, half meaning) (int, bool) {
	switch half {
	case meaningAM:
		return hour % 12, hour >= 1 && hour <= 12
	case meaningPM:
		return hour%12 + 12, hour >= 1 && hour <= 12
	}
	if hour == 24 && minute == 0 {
		return 0, true
	}
	return hour, hour < 24
}

// clockSuggestions writes out a time that was given without a colon, as 15 or 1530.
func clockSuggestions(word string) []string {
	if !isDigits(word) || len(word) > 4 {
		return nil
	}
	clock := word + ":00"
	if len(word) > 2 {
		clock = word[:len(word)-2] + ":" + word[len(word)-2:]
	}
	hour, minute, ok := clockOf(clock, meaningNone)
	if !ok {
		return nil
	}
	return []string{Amount{Kind: UntilClock, Hour: hour, Minute: minute}.String()}
}

// parseMinutes reads 30, 30m, 30 min, +30, 1h, 1h30, 1h30m, 1 hour 30 minutes.
func parseMinutes(words []string) (int, error) {
	if len(words) > 1 && (words[0] == "+" || words[0] == "-") {
		words = append([]string{words[0] + words[1]}, words[2:]...)
	}
	if err := checkNumber(words); err != nil {
		return 0, err
	}
	pieces := piecesOf(words)
	minutes, used, err := reckon(pieces)
	if err != nil {
		return 0, err
	}
	if used < len(pieces) {
		left := pieces[used]
		if left.word == pieces[used-1].word {
			return 0, problem(NotANumber, words[left.word])
		}
		return 0, tooMany(words[left.word:])
	}
	if minutes == 0 {
		return 0, problem(Zero, strings.Join(words, " "))
	}
	return minutes, nil
}

// checkNumber tells apart what is no whole number of minutes: a sentence each.
func checkNumber(words []string) error {
	word := words[0]
	digits := strings.TrimRightFunc(word, isLetter)
	whole, fraction, cut := strings.Cut(strings.ReplaceAll(digits, ",", "."), ".")
	clock, half, _ := splitHalf(words)
	hour, minute, isClock := clockOf(clock, half)
	switch {
	case strings.HasPrefix(word, "-") && isDigits(word[1:min(2, len(word))]):
		return problem(Negative, word)
	case isClock && (half != meaningNone || strings.Contains(clock, ":")):
		return problem(BareTime, word, Amount{Kind: UntilClock, Hour: hour, Minute: minute}.String())
	case cut && isDigits(fraction) && (whole == "" || isDigits(strings.TrimPrefix(whole, "+"))):
		return problem(Fractional, word)
	case !isDigits(strings.TrimPrefix(digits, "+")) && !isDigits(firstDigits(strings.TrimPrefix(word, "+"))):
		return problem(NotANumber, word)
	}
	return nil
}

func firstDigits(word string) string {
	end := strings.IndexFunc(word, func(r rune) bool { return !isDigit(r) })
	if end < 0 {
		return word
	}
	return word[:end]
}

// piece is a run of digits, of letters, or of anything else, and the word that it is from.
type piece struct {
	text string
	word int
}

func piecesOf(words []string) []piece {
	var pieces []piece
	for i, word := range words {
		if i == 0 {
			word = strings.TrimPrefix(word, "+")
		}
		for word != "" {
			end := endOfRun(word)
			pieces = append(pieces, piece{word[:end], i})
			word = word[end:]
		}
	}
	return pieces
}

// endOfRun is where the run of digits, or of anything else, ends with which the word begins.
func endOfRun(word string) int {
	digits := isDigits(word[:1])
	end := strings.IndexFunc(word, func(r rune) bool { return isDigit(r) != digits })
	if end < 0 {
		return len(word)
	}
	return end
}

// reckon reads the pieces as "number [unit]" or "hours unit [minutes [unit]]", and tells how many it used.
func reckon(pieces []piece) (minutes, used int, err error) {
	first, err := number(pieces[0].text)
	if err != nil || len(pieces) == 1 {
		return first, 1, err
	}
	switch meaningOf(pieces[1].text) {
	case meaningMinutes:
		return first, 2, nil
	case meaningHours:
		return hoursAnd(first, pieces)
	}
	return first, 1, nil
}

func hoursAnd(hours int, pieces []piece) (minutes, used int, err error) {
	if hours > longestMinutes/60-1 {
		return 0, 0, problem(TooLong, pieces[0].text)
	}
	if len(pieces) == 2 || !isDigits(pieces[2].text) {
		return hours * 60, 2, nil
	}
	rest, err := number(pieces[2].text)
	if err != nil {
		return 0, 0, err
	}
	if rest > 59 {
		return 0, 0, problem(NotANumber, pieces[0].text+pieces[1].text+pieces[2].text)
	}
	if len(pieces) > 3 && meaningOf(pieces[3].text) == meaningMinutes {
		return hours*60 + rest, 4, nil
	}
	return hours*60 + rest, 3, nil
}

func number(digits string) (int, error) {
	if value, err := strconv.Atoi(digits); err == nil && value <= longestMinutes {
		return value, nil
	}
	return 0, problem(TooLong, digits)
}
