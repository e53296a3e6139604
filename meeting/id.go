package meeting

import (
	"net/url"
	"strings"
	"unicode"
)

const (
	minIDDigits = 6
	maxIDDigits = 20
	maxIDText   = 2048
)

// ParseID turns what people paste into a meeting ID's digits: "914 083 136", "914-083-136", full-width
// digits, a join link ("https://…/#/j/914083136/…"), with invisible marks anywhere. It accepts nothing else:
// the error is of kind ErrInvalid and does not repeat the text, since join links hold secrets.
func ParseID(text string) (string, error) {
	if len(text) > maxIDText {
		return "", invalidID("text is too long for a meeting ID")
	}
	plain := strings.TrimSpace(foldPasted(text))
	if strings.Contains(plain, "://") {
		return parseJoinLink(plain)
	}
	digits, ok := joinGroups(plain)
	if !ok {
		return "", invalidID("a meeting ID is digits, as 914 083 136")
	}
	return checkDigits(digits)
}

func invalidID(message string) error {
	return &Error{Op: "read meeting ID", Kind: ErrInvalid, Message: message}
}

func checkDigits(digits string) (string, error) {
	if len(digits) < minIDDigits || len(digits) > maxIDDigits {
		return "", invalidID("a meeting ID has 6 to 20 digits")
	}
	return digits, nil
}

// foldPasted drops what cannot be seen and makes full-width signs, spaces and dashes plain. It is narrower
// than NFKC on purpose, which would turn the footnote mark in "91408313²" into a digit.
func foldPasted(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case isInvisible(r):
			return -1
		case unicode.IsSpace(r):
			return ' '
		case r >= '！' && r <= '～':
			return r - '！' + '!'
		case unicode.Is(unicode.Pd, r), r == '−':
			return '-'
		}
		return r
	}, text)
}

func isInvisible(r rune) bool {
	return unicode.In(r, unicode.Cf, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector)
}

// joinGroups joins groups of digits, parted by spaces and dashes; a sign before or after is no such part.
func joinGroups(text string) (string, bool) {
	var digits strings.Builder
	for index := range len(text) {
		switch sign := text[index]; {
		case isDigit(sign):
			digits.WriteByte(sign)
		case sign == ' ':
		case sign == '-' && index > 0 && index < len(text)-1:
		default:
			return "", false
		}
	}
	return digits.String(), digits.Len() > 0
}

func isDigit(sign byte) bool { return sign >= '0' && sign <= '9' }

func onlyDigits(text string) bool {
	for index := range len(text) {
		if !isDigit(text[index]) {
			return false
		}
	}
	return text != ""
}

// parseJoinLink reads the ID that follows "/j/" in a link's path or fragment. The host is anyone's:
// the service is re-branded, and the ID alone gives access to nothing.
func parseJoinLink(text string) (string, error) {
	text = strings.TrimSuffix(strings.TrimPrefix(text, "<"), ">")
	text, _, _ = strings.Cut(text, "|") // Slack's <link|label>
	link, err := url.Parse(text)
	if err != nil || link.Host == "" || (link.Scheme != "https" && link.Scheme != "http") {
		return "", invalidID("not a join link")
	}
	for _, place := range []string{link.Fragment, link.Path} {
		if digits, ok := idAfterJ(place); ok {
			return checkDigits(digits)
		}
	}
	if digits := link.Query().Get("conferenceID"); onlyDigits(digits) {
		return checkDigits(digits)
	}
	return "", invalidID("the link names no meeting")
}

func idAfterJ(path string) (string, bool) {
	path, _, _ = strings.Cut(path, "?")
	parts := strings.Split(path, "/")
	for index, part := range parts[:len(parts)-1] {
		if part == "j" && onlyDigits(parts[index+1]) {
			return parts[index+1], true
		}
	}
	return "", false
}

// checkID wants an ID as ParseID returns it, or as the service does.
func checkID(op, id string) error {
	if onlyDigits(id) && len(id) <= 32 {
		return nil
	}
	return &Error{Op: op, Kind: ErrInvalid, Message: "a meeting ID is digits"}
}
