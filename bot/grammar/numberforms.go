package grammar

import (
	"regexp"
	"strings"
)

// The forms in which invitations have the number of a meeting, besides digits and links.
var (
	dialled   = regexp.MustCompile(`^(?:\+?[0-9]*[*,]+)?([0-9]{9,})#*$`)   // +991117*914083136#
	addressed = regexp.MustCompile(`^(?:[a-z0-9]+:)?([0-9]{9,})@[^@\s]+$`) // sip:914083136@example.com
	dotted    = regexp.MustCompile(`^[0-9]{3,4}(?:[._][0-9]{3,4}){2,}$`)   // 914.083.136
)

// numberIn is the number in a word that holds more; empty if there is none.
func numberIn(word string) string {
	if found := dialled.FindStringSubmatch(word); found != nil {
		return found[1]
	}
	if found := addressed.FindStringSubmatch(word); found != nil {
		return found[1]
	}
	if dotted.MatchString(word) {
		return strings.NewReplacer(".", "", "_", "").Replace(word)
	}
	return ""
}
