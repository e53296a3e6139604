package grammar

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"
)

// parseAmount reads nothing, minutes, "until" and a time, or "max".
func parseAmount(words []string) (Amount, *ParseError) {
	words = skip(words, meaningFor)
	if len(words) == 0 {
		return Amount{}, nil
	}
	switch meaningOf(words[0]) {
	case meaningMax:
		return Amount{Kind: ToMaximum}, tooMany(words[1:])
	case meaningUntil:
		return parseUntil(words[1:])
	}
	minutes, fault := parseMinutes(words)
	return Amount{Kind: ForMinutes, Count: minutes}, fault
}

// parseUntil reads 15:30, 15.30, 3:30pm, 3 pm. It refuses a bare hour, since "until 30" may mean minutes, and suggests
// how to write out a time without a colon, as 15 or 1530. An hour up to 12 may be in either half of the day.
func parseUntil(words []string) (Amount, *ParseError) {
	words = skip(words, meaningArticle)
	if len(words) == 0 {
		return Amount{}, problem(BadTime, "")
	}
	until, _, rest, ok := clockOf(words)
	if ok {
		return until, tooMany(rest)
	}
	fault := problem(BadTime, words[0])
	if digits := words[0]; isDigits(digits) && len(digits) <= 4 {
		if len(digits) <= 2 {
			digits += "00"
		}
		colon := len(digits) - 2
		if until, _, _, ok := clockOf([]string{digits[:colon] + ":" + digits[colon:]}); ok {
			fault.Suggestions = []Command{{Amount: until}}
			if until.Hour > 0 && until.Hour <= 12 {
				until.Hour = (until.Hour + 12) % 24
				fault.Suggestions = append(fault.Suggestions, Command{Amount: until})
			}
		}
	}
	return Amount{}, fault
}

// clockOf reads a time of day, as "15:30", "3:30pm" or "3:30 p.m.", and gives the words after it. Its half of the day is
// meaningAM, meaningPM or nothing; an hour alone takes one. 24:00 is midnight.
func clockOf(words []string) (until Amount, half meaning, rest []string, ok bool) {
	clock, rest := words[0], words[1:]
	if at := strings.IndexFunc(clock, unicode.IsLetter); at > 0 {
		clock, half = clock[:at], meaningOf(clock[at:])
		if half != meaningAM && half != meaningPM {
			return Amount{}, meaningNone, nil, false
		}
	} else if len(rest) > 0 {
		if next := meaningOf(rest[0]); next == meaningAM || next == meaningPM {
			half, rest = next, rest[1:]
		}
	}
	hours, minutes, cut := strings.Cut(strings.ReplaceAll(clock, ".", ":"), ":")
	if !cut && half != meaningNone {
		minutes = "00"
	}
	if !isDigits(hours) || !isDigits(minutes) || len(hours) > 2 || len(minutes) != 2 {
		return Amount{}, half, nil, false
	}
	hour, _ := strconv.Atoi(hours)
	minute, _ := strconv.Atoi(minutes)
	switch {
	case half != meaningNone:
		ok = hour >= 1 && hour <= 12
		if hour %= 12; half == meaningPM {
			hour += 12
		}
	case hour == 24 && minute == 0:
		hour, ok = 0, true
	default:
		ok = hour < 24
	}
	return Amount{Kind: UntilClock, Hour: hour, Minute: minute}, half, rest, ok && minute < 60
}

// piece is a run of digits, or of anything else, and the word that it is from.
type piece struct {
	text string
	word int
}

var digitsOrNot = regexp.MustCompile(`[0-9]+|[^0-9]+`)

// parseMinutes reads 30, 30m, 30 min, +30, 1h, 1h30, 1h30m, 1.5h, 1 hour 30 minutes.
func parseMinutes(words []string) (int, *ParseError) {
	if len(words) > 1 && (words[0] == "+" || words[0] == "-") {
		words = append([]string{words[0] + words[1]}, words[2:]...)
	}
	words = inMinutes(words)
	if fault := checkNumber(words); fault != nil {
		return 0, fault
	}
	var pieces []piece
	for i, word := range words {
		if i == 0 {
			word = strings.TrimPrefix(word, "+")
		}
		for _, text := range digitsOrNot.FindAllString(word, -1) {
			pieces = append(pieces, piece{text, i})
		}
	}
	minutes, used, fault := reckon(pieces)
	switch {
	case fault != nil:
		return 0, fault
	case used < len(pieces) && pieces[used].word == pieces[used-1].word:
		return 0, problem(NotANumber, words[pieces[used].word])
	case used < len(pieces):
		return 0, tooMany(words[pieces[used].word:])
	case minutes == 0:
		return 0, problem(Zero, strings.Join(words, " "))
	}
	return minutes, nil
}

// checkNumber tells apart what is no whole number of minutes: each has a sentence of its own.
func checkNumber(words []string) *ParseError {
	word := words[0]
	whole, fraction, cut := strings.Cut(strings.ReplaceAll(strings.TrimRightFunc(word, unicode.IsLetter), ",", "."), ".")
	until, half, _, isClock := clockOf(words)
	switch {
	case strings.HasPrefix(word, "-") && strings.IndexFunc(word[1:], isDigit) == 0:
		return problem(Negative, word)
	case isClock && (half != meaningNone || strings.Contains(word, ":")):
		return problem(BareTime, word, Command{Amount: until})
	case cut && isDigits(fraction) && (whole == "" || isDigits(strings.TrimPrefix(whole, "+"))):
		return problem(Fractional, word)
	case strings.IndexFunc(strings.TrimPrefix(word, "+"), isDigit) != 0:
		return problem(NotANumber, word)
	}
	return nil
}

// reckon reads the pieces as "number [unit]" or "hours unit [minutes [unit]]", and tells how many it used.
func reckon(pieces []piece) (minutes, used int, fault *ParseError) {
	first, fault := number(pieces[0].text)
	if fault != nil || len(pieces) == 1 {
		return first, 1, fault
	}
	switch meaningOf(pieces[1].text) {
	case meaningMinutes:
		return first, 2, nil
	case meaningHours:
	default:
		return first, 1, nil
	}
	if first > longestMinutes/60-1 {
		return 0, 0, problem(TooLong, pieces[0].text)
	}
	if len(pieces) == 2 || !isDigits(pieces[2].text) {
		return first * 60, 2, nil
	}
	rest, fault := number(pieces[2].text)
	if fault == nil && rest > 59 {
		fault = problem(NotANumber, pieces[0].text+pieces[1].text+pieces[2].text)
	}
	if len(pieces) > 3 && meaningOf(pieces[3].text) == meaningMinutes {
		return first*60 + rest, 4, fault
	}
	return first*60 + rest, 3, fault
}

func number(digits string) (int, *ParseError) {
	value, err := strconv.Atoi(digits)
	if err != nil || value > longestMinutes {
		return 0, problem(TooLong, digits)
	}
	return value, nil
}
