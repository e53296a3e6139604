package grammar

import (
	"strings"
	"time"
)

// parseHistory reads [meeting] [from <date>].
func parseHistory(command Command, words []string) (Command, *ParseError) {
	if len(words) == 0 {
		return command, nil
	}
	if _, isDate := dateOf(words[0]); isDate || meaningOf(words[0]) == meaningFrom {
		return parseFrom(command, words)
	}
	return parseMeeting(command, words)
}

// parseFrom reads nothing, or from a date on.
func parseFrom(command Command, words []string) (Command, *ParseError) {
	if len(words) == 0 {
		return command, nil
	}
	named := meaningOf(words[0]) == meaningFrom
	if named {
		words = words[1:]
	}
	if len(words) == 0 {
		return command, problem(BadDate, "")
	}
	date, ok := dateOf(words[0])
	switch {
	case ok:
		command.From = date
		return command, tooMany(words[1:])
	case named:
		return command, problem(BadDate, words[0])
	}
	return command, tooMany(words)
}

// dateOf reads 2026-11-27, also with slashes or dots.
func dateOf(word string) (string, bool) {
	date, err := time.Parse("2006-1-2", strings.NewReplacer("/", "-", ".", "-").Replace(word))
	return date.Format(time.DateOnly), err == nil
}
