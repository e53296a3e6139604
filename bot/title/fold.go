package title

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Title is a text that can be compared: its words in lower case, without accents, punctuation and invisible marks.
type Title struct {
	text string // the words with a space around each; empty if there is none
}

// Of makes what a meeting is called comparable.
func Of(text string) Title {
	if folded := fold(text); folded != "" {
		return Title{" " + folded + " "}
	}
	return Title{}
}

// shortcode is an emoji as Slack writes it into what people type.
var shortcode = regexp.MustCompile(`(^|\s)(:[a-z0-9_+-]+:)+`)

// Asked makes what somebody typed comparable. Slack's names of emoji count only where nothing else was typed.
func Asked(text string) Title {
	if plain := Of(shortcode.ReplaceAllString(text, "$1")); !plain.Empty() {
		return plain
	}
	return Of(text)
}

// Empty says that the text has no word.
func (t Title) Empty() bool { return t.text == "" }

// String is the words with a space between them.
func (t Title) String() string { return strings.TrimSpace(t.text) }

// kind is what a character is to the words around it.
type kind int

const (
	between  kind = iota // words
	nothing              // dropped: the words around it are one
	spaced               // of a script that puts spaces between words
	unspaced             // of one that does not
	single               // a word of its own: an emoji
)

// unspacedScripts put no spaces between words.
var unspacedScripts = []*unicode.RangeTable{
	unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar,
}

// lettersOf writes letters as people do who lack them on their keyboard, where Unicode takes nothing apart.
var lettersOf = map[rune]string{
	'ß': "ss", 'æ': "ae", 'œ': "oe", 'ø': "o", 'ł': "l", 'đ': "d", 'ı': "i", 'ς': "σ",
}

func fold(text string) string {
	ascii := isASCII(text)
	if !ascii {
		text = norm.NFKD.String(text)
	}
	folded := make([]byte, 0, len(text)+1)
	before := between
	for _, r := range text {
		what := kindOf(r)
		if before == unspaced && r >= utf8.RuneSelf && unicode.IsMark(r) {
			what = before
		}
		if what == nothing {
			continue
		}
		apart := what != before || what == single
		if before = what; what == between {
			continue
		}
		if apart && len(folded) > 0 {
			folded = append(folded, ' ')
		}
		folded = appendFolded(folded, r)
	}
	if ascii {
		return string(folded)
	}
	return norm.NFC.String(string(folded))
}

// appendFolded adds a character as it is compared.
func appendFolded(folded []byte, r rune) []byte {
	switch {
	case r >= 'A' && r <= 'Z':
		return append(folded, byte(r-'A'+'a'))
	case r < utf8.RuneSelf:
		return append(folded, byte(r))
	case r >= '٠' && r <= '٩':
		return append(folded, byte('0'+r-'٠'))
	case r >= '۰' && r <= '۹':
		return append(folded, byte('0'+r-'۰'))
	}
	r = unicode.ToLower(r)
	if letters, known := lettersOf[r]; known {
		return append(folded, letters...)
	}
	return utf8.AppendRune(folded, r)
}

func isASCII(text string) bool {
	for i := range len(text) {
		if text[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

const (
	maqaf   = 0x5be // the hyphen of Hebrew
	tatweel = 0x640 // makes Arabic letters longer
)

func kindOf(r rune) kind {
	switch {
	case r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9':
		return spaced
	case r >= 0x4e00 && r <= 0x9fff: // the commonest of Han
		return unspaced
	case r == '\'' || isDropped(r):
		return nothing
	case r < utf8.RuneSelf || r == utf8.RuneError:
		return between
	case unicode.In(r, unspacedScripts...):
		return unspaced
	case unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r):
		return spaced
	case unicode.Is(unicode.So, r):
		return single
	}
	return between
}

// isDropped says that people see no difference, or leave it out when they type: accents, vowel signs of Arabic and Hebrew,
// apostrophes, tones of emoji, invisible marks.
func isDropped(r rune) bool {
	switch {
	case r < utf8.RuneSelf:
		return false
	case r >= 0x300 && r <= 0x36f, r >= 0x591 && r <= 0x5c7 && r != maqaf, r == tatweel, r >= 0x64b && r <= 0x655, r == 0x670:
		return true
	case r >= 0x1f3fb && r <= 0x1f3ff:
		return true
	case r == '’' || r == '‘' || r == 'ʼ' || r == '´':
		return true
	}
	return unicode.In(r, unicode.Cf, unicode.Variation_Selector)
}
