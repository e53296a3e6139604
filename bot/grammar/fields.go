package grammar

import (
	"regexp"
	"strings"

	"github.com/overtime-bot/overtime/meeting"
)

// ParseAmount reads what stands in a field for an amount, in the forms that Parse takes behind a meeting; nothing is the
// default. Errors are *ParseError.
func ParseAmount(text string) (Amount, error) {
	amount, fault := parseAmount(wordsOf(text))
	if fault != nil {
		return Amount{}, fault
	}
	return amount, nil
}

// ParseUntil reads what stands in a field for a time of day. Errors are *ParseError.
func ParseUntil(text string) (Amount, error) {
	amount, fault := parseUntil(skip(wordsOf(text), meaningUntil))
	if fault != nil {
		return Amount{}, fault
	}
	return amount, nil
}

// mentioned is what may be the link or the number of a meeting in a longer text: a link, or a number with spaces or dashes
// between its groups.
var mentioned = regexp.MustCompile(`https?://[^\s<>|"]+|\d[\d \-]{7,25}\d`)

// dated is a date with its time, as invitations write it: no number of a meeting.
var dated = regexp.MustCompile(`(?:^|[\s(:,])(?:19|20)\d\d-\d\d?-\d\d?\b(?:[ T]+\d\d?:\d\d)?`)

// FindMeeting finds the meeting that a text of somebody's mentions: that of the first join link, else the first number
// that is whole. It is empty where there is none.
func FindMeeting(text string) string {
	number := ""
	for _, candidate := range mentioned.FindAllString(dated.ReplaceAllString(strings.Map(plainRune, text), "|"), -1) {
		link := isLink(candidate)
		if !link && number != "" || !link && len(strings.NewReplacer(" ", "", "-", "").Replace(candidate)) < wholeID {
			continue
		}
		id, err := meeting.ParseID(strings.TrimRight(candidate, ".,;:!?)"))
		switch {
		case err != nil:
		case link:
			return id
		default:
			number = id
		}
	}
	return number
}
