package grammar

import (
	"regexp"
	"strings"
)

// The forms in which invitations have the number of a meeting, besides digits and links.
var (
	dialled   = regexp.MustCompile(`^(?:tel:)?(?:\+?[0-9]*[*,]+)?([0-9]{9,})#*$`) // +991117*914083136#
	addressed = regexp.MustCompile(`^(?:[a-z0-9]+:)?([0-9]{9,})@[^@\s]+$`)        // sip:914083136@example.com
	dotted    = regexp.MustCompile(`^[0-9]{3,4}(?:[._][0-9]{3,4}){2,}$`)          // 914.083.136
)

// listed are several numbers with a sign between, as people list them: 914083136,920417765. In a dial string the number in
// front is a telephone's, with + or 0, or other signs follow.
var listed = regexp.MustCompile(`(^|\s)` + oneOfList + `(?: ?[` + betweenNumbers + `] ?` + oneOfList + `)+([\s.!?]|$)`)

const (
	oneOfList      = `(?:[1-9][0-9]{8,11}|[1-9][0-9]{2}(?:[ -][0-9]{3}){2})`
	betweenNumbers = `,;/、|&+`
)

// setApart puts spaces between the numbers of a list, and none into one of them.
func setApart(text string) string {
	return listed.ReplaceAllStringFunc(text, func(list string) string {
		numbers := strings.FieldsFunc(list, func(r rune) bool { return strings.ContainsRune(betweenNumbers, r) })
		for i, number := range numbers {
			numbers[i] = strings.NewReplacer(" ", "", "-", "").Replace(number)
		}
		return " " + strings.Join(numbers, " ") + " "
	})
}

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
