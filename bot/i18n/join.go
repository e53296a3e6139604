package i18n

import (
	"strings"
	"unicode/utf8"
)

// Join puts sentences behind each other, leaving out those that are empty. A space stands between two, but not behind
// a Chinese full stop, which brings its own.
func Join(sentences ...string) string {
	var joined strings.Builder
	for _, sentence := range sentences {
		if before, _ := utf8.DecodeLastRuneInString(joined.String()); joined.Len() > 0 && sentence != "" && !closesWide(before) {
			joined.WriteByte(' ')
		}
		joined.WriteString(sentence)
	}
	return joined.String()
}

// closesWide says that a mark ends a sentence and is as wide as a Chinese character.
func closesWide(mark rune) bool { return strings.ContainsRune("。！？；：", mark) }
