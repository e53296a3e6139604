package grammar

import (
	"regexp"
	"slices"
	"strings"

	"github.com/overtime-bot/overtime/meeting"
)

// parseMeeting reads the meeting, by number or by title, or none, and what follows it.
func parseMeeting(command Command, words []string) (Command, *ParseError) {
	numbered := afterLabels(words)
	if readings := readingsOf(numbered); len(readings) > 0 {
		return parseNumbered(command, numbered, readings)
	}
	rest, named := withoutName(words)
	whole, fault := parseRest(command, rest)
	if fault == nil {
		return whole, nil
	}
	likely := likelyCommands(command.Verb, words)
	isAmount := !hasName(words) || len(words) > 0 && meaningOf(words[0]) == meaningUntil
	switch {
	case len(likely) > 0 || meetingIn(words) != "":
	case named && len(rest) == 0, isAmount && ofAmount[fault.Problem]:
		return command, fault
	case hasName(words):
		return parseTitled(command, words)
	}
	return command, problem(BadMeeting, words[0], likely...)
}

// ofAmount are the problems of what was clearly meant for an amount, or a mode.
var ofAmount = map[Problem]bool{
	Zero: true, Negative: true, Fractional: true, BadTime: true, BareTime: true, NoMode: true, NoMaximumGiven: true,
}

// parseNumbered tries every way to take the words apart. If one way holds, that is the answer; of several, none is.
func parseNumbered(command Command, words []string, readings []reading) (Command, *ParseError) {
	var found []Command
	var failure *ParseError
	for _, reading := range readings {
		command.Meeting = reading.id
		whole, fault := parseRest(command, unquoted(words[reading.words:]))
		if fault == nil {
			found = append(found, whole)
		} else if failure == nil {
			failure = fault
			failure.Meeting = reading.id
		}
	}
	switch len(found) {
	case 0:
		if second := anotherMeeting(command.Verb, words, readings[len(readings)-1]); second != nil {
			return command, second
		}
		return command, failure
	case 1:
		return found[0], nil
	}
	return command, problem(AmbiguousMeeting, strings.Join(words, " "), found...)
}

// anotherMeeting says that a second meeting follows the first, and suggests a command for each; nil if none does.
func anotherMeeting(verb Verb, words []string, first reading) *ParseError {
	rest := words[first.words:]
	for i := range rest {
		for _, second := range readingsOf(rest[i:]) {
			if len(second.id) < wholeID || len(second.id) > longestID || len(first.id) < wholeID || second.id == first.id {
				continue
			}
			command, fault := parseRest(Command{Verb: verb, Meeting: first.id}, rest[i+second.words:])
			if fault != nil {
				command = ExampleOf(verb, first.id)
			}
			problem := problem(OneMeeting, second.id, command, command.Of(second.id))
			problem.Meeting = first.id
			return problem
		}
	}
	return nil
}

// reading is one way to find a meeting ID at the beginning of the words.
type reading struct {
	id    string
	words int // how many of them it takes
}

const (
	shortestID = 6  // digits of an ID in one word
	longestID  = 12 // digits of what is a second meeting rather than a number of minutes
	groupSize  = 3  // digits of a group, as the vendor prints them: 914 083 136
	mostGroups = 7  // words of an ID, or of an amount: no text may keep us busy
)

// labelled is a number with its label in the same word, as ID=914083136.
var labelled = regexp.MustCompile(`^(\pL[\pL_-]*?)[:=#_.-]*([0-9][0-9-]*[0-9])#*$`)

// readingsOf lists the ways to find a meeting ID at the beginning of the words, the shortest first.
func readingsOf(words []string) (readings []reading) {
	add := func(text string, words int) {
		if isLink(text) && !strings.Contains(text, "://") {
			text = "https://" + text
		}
		if id, err := meeting.ParseID(text); err == nil {
			readings = append(readings, reading{id, words})
		}
	}
	if len(words) == 0 || isQuoted(words[0]) {
		return nil
	}
	first := words[0]
	number := numberIn(first)
	if found := labelled.FindStringSubmatch(first); found != nil && meaningOf(found[1]) == meaningMeeting {
		number = found[2]
	}
	if number != "" {
		add(number, 1)
		return readings
	}
	if !isDigits(first) {
		// A word with dashes may be more than an ID, as 914083136-30.
		groups := strings.Split(first, "-")
		loose := len(groups) > 1 && slices.ContainsFunc(groups, func(group string) bool {
			return len(group) < groupSize || len(group) > groupSize+1
		})
		if isLink(first) || strings.ContainsFunc(first, isDigit) && !loose {
			add(first, 1)
		}
		return readings
	}
	if len(first) >= shortestID {
		add(first, 1)
	}
	joined := ""
	for i, word := range words[:min(len(words), mostGroups)] {
		if !isDigits(word) || len(word)%groupSize != 0 || len(word) >= wholeID {
			break // a word of nine digits or more is no group
		}
		joined += word
		if i > 0 && len(joined) >= wholeID {
			add(joined, i+1)
		}
	}
	return readings
}

// isWholeID says that words are a number in whole, and an amount or nothing behind it.
func isWholeID(words []string) bool {
	for _, reading := range readingsOf(words) {
		if _, fault := parseAmount(words[reading.words:]); fault == nil && len(reading.id) >= wholeID {
			return true
		}
	}
	return false
}

// meetingIn is the meeting that is named somewhere among the words, as a whole ID or by its link; empty where none is.
func meetingIn(words []string) string {
	for i := range words {
		for _, reading := range readingsOf(words[i:]) {
			if len(reading.id) >= wholeID {
				return reading.id
			}
		}
	}
	return ""
}

// likelyCommands is what may have been meant: the meeting after what belongs behind it, the minutes behind a dash, or
// an ID in other groups than ours.
func likelyCommands(verb Verb, words []string) (likely []Command) {
	for i := 1; i < min(len(words), mostGroups); i++ {
		for _, reading := range readingsOf(words[i:]) {
			command, fault := parseRest(Command{Verb: verb, Meeting: reading.id}, words[:i])
			if fault == nil && reading.words == len(words)-i {
				likely = append(likely, command)
			}
		}
	}
	if len(words) == 0 {
		return nil
	}
	add := func(digits string, amount Amount) {
		digits = strings.ReplaceAll(digits, "-", "")
		if !isDigits(digits) || len(digits) < wholeID {
			return
		}
		id, err := meeting.ParseID(digits)
		switch {
		case err != nil:
		case verb == VerbHistory:
			likely = append(likely, Command{Verb: verb, Meeting: id})
		case verb == VerbExtend:
			likely = append(likely, Command{Verb: verb, Meeting: id, Amount: amount})
		default:
			likely = append(likely, ExampleOf(verb, id))
		}
	}
	if at := strings.LastIndexByte(words[0], '-'); at >= 0 {
		if amount, fault := parseAmount([]string{words[0][at+1:]}); fault == nil {
			add(words[0][:at], amount)
		}
	}
	joined := ""
	for _, word := range words {
		digits := strings.ReplaceAll(word, "-", "")
		if !isDigits(digits) || len(joined) >= wholeID || joined != "" && len(digits) >= wholeID {
			break
		}
		joined += digits
	}
	add(joined, Amount{})
	return likely
}
