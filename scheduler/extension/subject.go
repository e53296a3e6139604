package extension

import (
	"strings"
	"unicode"

	"github.com/overtime-bot/overtime/meeting"
)

// longestSubject is how much is kept of what a meeting is called, in runes. People are shown less.
const longestSubject = 200

// SubjectOf is what a meeting is called, fit to be stored: a database that refuses a sign of it would refuse the extension.
func SubjectOf(m meeting.Meeting) string {
	text := strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(m.Subject, "�"))
	if runes := []rune(text); len(runes) > longestSubject {
		return string(runes[:longestSubject])
	}
	return text
}
