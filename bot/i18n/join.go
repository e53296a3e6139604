package i18n

import (
	"strings"
	"unicode/utf8"
)

// Join puts sentences behind each other and leaves out the empty ones. It separates them by a space, except after a
// full-width mark of Chinese, which brings its own.
func Join(sentences ...string) string {
	var joined strings.Builder
	for _, sentence := range sentences {
		last, _ := utf8.DecodeLastRuneInString(joined.String())
		if joined.Len() > 0 && sentence != "" && !strings.ContainsRune("。！？；：", last) {
			joined.WriteByte(' ')
		}
		joined.WriteString(sentence)
	}
	return joined.String()
}
