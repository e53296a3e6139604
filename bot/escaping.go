package bot

import (
	"strings"
	"unicode"
)

// quotedLimit is how many characters of a person's own word an answer quotes.
const quotedLimit = 40

// plain makes foreign text fit for a plain_text object: one line, no longer than limit characters, without the
// invisible ones that could turn or hide what follows. It is never empty, which Slack would refuse.
func plain(text string, limit int) string {
	line := strings.Join(strings.FieldsFunc(strings.ToValidUTF8(text, ""), func(r rune) bool {
		if r == '\u200d' || r == '\ufe0f' { // parts of emoji
			return false
		}
		return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == '\u2028' || r == '\u2029'
	}), " ")
	line = strings.TrimSpace(clip(line, limit))
	if !strings.ContainsFunc(line, func(r rune) bool {
		return unicode.IsGraphic(r) && !unicode.IsSpace(r) && !unicode.IsMark(r)
	}) {
		return "-"
	}
	return line
}

var escaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

// foreign makes foreign text fit for a verbatim mrkdwn sentence. It cuts first, so that no entity is cut.
func foreign(text string, limit int) string { return escaper.Replace(plain(text, limit)) }

// quoted shows a word of the person's own.
func quoted(word string) string { return "“" + foreign(word, quotedLimit) + "”" }

// clip cuts text to limit characters, or to 1 if that is less.
func clip(text string, limit int) string {
	limit = max(limit, 1)
	if len(text) <= limit {
		return text
	}
	runes := []rune(text)
	if len(runes) <= limit {
		return text
	}
	return string(runes[:limit-1]) + "…"
}
