package meeting

import (
	"net/url"
	"path"
	"strings"
	"unicode"
)

const (
	minIDDigits = 6
	maxIDDigits = 20
	maxIDText   = 2048
)

// ParseID turns what people paste into a meeting ID's digits: "914 083 136", "914-083-136", full-width digits, or a join
// link ("https://…/#/j/914083136/…"). Invisible marks may be anywhere. It accepts nothing else. The error is of kind
// ErrInvalid. It does not repeat the text, since join links hold secrets.
func ParseID(text string) (string, error) {
	if len(text) > maxIDText {
		return "", invalidID("text is too long for a meeting ID")
	}
	plain := strings.TrimSpace(foldPasted(text))
	if strings.Contains(plain, "://") {
		return parseJoinLink(plain)
	}
	var digits strings.Builder
	for index := range len(plain) {
		switch sign := plain[index]; {
		case isDigit(sign):
			digits.WriteByte(sign)
		case sign == ' ':
		case sign == '-' && index > 0 && index < len(plain)-1: // between groups of digits
		default:
			return "", invalidID("a meeting ID is digits, as 914 083 136")
		}
	}
	return checkDigits(digits.String())
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

// foldPasted drops what cannot be seen and makes full-width signs, spaces and dashes plain. It is narrower than NFKC on
// purpose: that would turn the footnote mark in "91408313²" into a digit.
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

func isDigit(sign byte) bool { return sign >= '0' && sign <= '9' }

func onlyDigits(text string) bool {
	for index := range len(text) {
		if !isDigit(text[index]) {
			return false
		}
	}
	return text != ""
}

// parseJoinLink reads the ID that follows "/j/" in a link's fragment or path, or that a link to "/j" or its like has in its
// query. The host may be anyone's: the service is re-branded, and the ID alone gives access to nothing.
func parseJoinLink(text string) (string, error) {
	text = strings.TrimSuffix(strings.TrimPrefix(text, "<"), ">")
	text, _, _ = strings.Cut(text, "|") // Slack's <link|label>
	link, err := url.Parse(text)
	if err != nil || link.Host == "" || (link.Scheme != "https" && link.Scheme != "http") {
		return "", invalidID("not a join link")
	}
	fragment, query, _ := strings.Cut(link.Fragment, "?")
	for _, place := range []string{fragment, link.Path} {
		place, _, _ = strings.Cut(place, "?")
		parts := strings.Split(place, "/")
		for index, part := range parts[:len(parts)-1] {
			if part == "j" && onlyDigits(parts[index+1]) {
				return checkDigits(parts[index+1])
			}
		}
	}
	isJoin := path.Base(fragment) == "j" || path.Base(link.Path) == "j"
	for _, query := range []string{query, link.RawQuery} {
		if digits := idInQuery(query, isJoin); digits != "" {
			return checkDigits(digits)
		}
	}
	return "", invalidID("the link names no meeting")
}

// idInQuery is the ID in the query of a link; "id" says what it is of in a join link alone.
func idInQuery(query string, isJoin bool) string {
	values, err := url.ParseQuery(query)
	if err != nil {
		return ""
	}
	for _, wanted := range []string{"conferenceid", "meetingid", "confid", "id"} {
		for name, each := range values {
			if strings.ToLower(name) == wanted && onlyDigits(each[0]) && (wanted != "id" || isJoin) {
				return each[0]
			}
		}
	}
	return ""
}

// checkID wants an ID as ParseID or the service returns it.
func checkID(op, id string) error {
	if onlyDigits(id) && len(id) <= 32 {
		return nil
	}
	return &Error{Op: op, Kind: ErrInvalid, Message: "a meeting ID is digits"}
}
