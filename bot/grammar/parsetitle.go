package grammar

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	longestTitle = 1000 // characters; the meeting service takes 500
	mostTail     = 8    // words that may follow a title
	mostMinutes  = 3    // digits of a number behind a title that is minutes
)

// parseTitled reads a title and what follows it. In quotes it is what they hold. Otherwise it ends where the rest can be
// read: as much as possible is not the title.
func parseTitled(command Command, words []string) (Command, *ParseError) {
	at := slices.IndexFunc(words, isQuoted)
	if at >= 0 && !slices.ContainsFunc(words[:at], func(word string) bool { return !isIn(labels, word) && !isIn(nouns, word) }) {
		command.Title = words[at][len(quote):]
		if link, tooMuch := isTooMuch(strings.Fields(command.Title)); tooMuch {
			return command, problem(BadMeeting, link)
		}
		return withTitle(command, words[at+1:])
	}
	words = unquoted(words)
	if link, tooMuch := isTooMuch(words); tooMuch {
		return command, problem(BadMeeting, link)
	}
	for i := max(1, len(words)-mostTail); i < len(words); i++ {
		if command.Title = titleOf(strings.Join(words[:i], " ")); !hasName(strings.Fields(command.Title)) || !mayFollow(words[i:]) {
			continue
		}
		whole, fault := withTitle(command, words[i:])
		if fault == nil || isMeant(fault, words[i]) {
			return whole, fault
		}
	}
	if command.Title = titleOf(strings.Join(words, " ")); !hasName(strings.Fields(command.Title)) {
		return command, problem(BadMeeting, words[0])
	}
	return withTitle(command, nil)
}

// unquoted are the words without the quotes around some of them.
func unquoted(words []string) []string {
	if !slices.ContainsFunc(words, isQuoted) {
		return words
	}
	return strings.Fields(strings.ReplaceAll(strings.Join(words, " "), quote, " "))
}

// withTitle reads what follows a title.
func withTitle(command Command, rest []string) (Command, *ParseError) {
	whole, fault := parseRest(command, rest)
	if fault != nil {
		fault.Title = command.Title
		if others, named := withoutName(strings.Fields(command.Title)); named && len(others) == 0 { // in quotes it would be a title
			fault.Title = ""
		}
	}
	return whole, fault
}

// isTooMuch says which word makes a text no title: a link, whose secrets nobody should read again, or one too many.
func isTooMuch(words []string) (string, bool) {
	length := 0
	for _, word := range words {
		if length += utf8.RuneCountInString(word) + 1; length > longestTitle || isAddress.MatchString(word) {
			return word, true
		}
	}
	return "", false
}

// isAddress tells a link from words with a slash between.
var isAddress = regexp.MustCompile(`://|^[\w-]+(\.[\w-]+)+(:[0-9]+)?/|/.*[?#=]`)

// mayFollow says that words behind a title are not a part of it: a bare number of more than three digits is.
func mayFollow(words []string) bool {
	return !isDigits(words[0]) || len(words[0]) <= mostMinutes || len(words) > 1
}

// isMeant says that somebody meant what cannot be read for more than a part of the title.
func isMeant(fault *ParseError, first string) bool {
	switch fault.Problem {
	case Zero, Negative, NoMaximumGiven:
		return true
	case BadTime:
		return meaningOf(first) == meaningUntil
	case NoMode:
		return false
	}
	return modes[meaningOf(first)] != "" && fault.Verb == VerbWatch
}

// hasName says that something among the words can be a part of a title, and of no number or amount.
func hasName(words []string) bool {
	return slices.ContainsFunc(words, func(word string) bool {
		return isQuoted(word) || isName(word)
	})
}

func isName(word string) bool {
	for _, piece := range digitsOrNot.FindAllString(word, -1) {
		switch means := meaningOf(piece); {
		case strings.HasPrefix(string(means), "("): // it belongs to an amount or a number
		case strings.ContainsFunc(piece, func(r rune) bool { return unicode.IsLetter(r) || unicode.Is(unicode.So, r) && r != utf8.RuneError }):
			return true
		}
	}
	return false
}
