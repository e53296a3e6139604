package grammar

import (
	"slices"
	"strings"

	"github.com/overtime-bot/overtime/meeting"
)

// parseMeeting reads the meeting and what follows it, in every way to take the words apart. If one way holds, that is
// the answer; of several, none is.
func parseMeeting(command Command, words []string) (Command, *ParseError) {
	for len(words) > 1 && meaningOf(words[0]) == meaningMeeting {
		words = words[1:]
	}
	if len(words) == 0 {
		return command, problem(NoMeeting, "")
	}
	var found []Command
	var failure *ParseError
	for _, reading := range readingsOf(words) {
		command.Meeting = reading.id
		whole, fault := parseRest(command, words[reading.words:])
		if fault == nil {
			found = append(found, whole)
		} else if failure == nil {
			failure = fault
			failure.Meeting = reading.id
		}
	}
	switch {
	case len(found) == 1:
		return found[0], nil
	case len(found) > 1:
		return command, problem(AmbiguousMeeting, strings.Join(words, " "), found...)
	case failure != nil:
		return command, failure
	}
	if _, fault := parseAmount(words); fault == nil {
		return command, problem(NoMeeting, strings.Join(words, " "))
	}
	return command, problem(BadMeeting, words[0], likelyCommands(command.Verb, words)...)
}

// reading is one way to find a meeting ID at the beginning of the words.
type reading struct {
	id    string
	words int // how many of them it takes
}

const (
	shortestID = 6 // digits of an ID in one word
	groupSize  = 3 // digits of a group, as the vendor prints them: 914 083 136
	mostGroups = 7 // words of an ID, or of an amount: no text may keep us busy
)

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
	first := words[0]
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
			if fault == nil && command.Verb != VerbAuto && reading.words == len(words)-i {
				likely = append(likely, command)
			}
		}
	}
	add := func(digits string, amount Amount) {
		digits = strings.ReplaceAll(digits, "-", "")
		if !isDigits(digits) || len(digits) < wholeID {
			return
		}
		id, err := meeting.ParseID(digits)
		switch {
		case err != nil:
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
