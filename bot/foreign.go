package bot

import (
	"strings"
	"unicode"
)

// quotedLimit is how many characters of a person's own word an answer quotes.
const quotedLimit = 40

// plain makes foreign text fit for a plain_text object: one line, nothing invisible that could turn or hide
// what follows it, and no longer than limit characters. It is never empty, which Slack would refuse.
func plain(text string, limit int) string {
	line := strings.Join(strings.FieldsFunc(strings.ToValidUTF8(text, ""), breaks), " ")
	line = strings.TrimSpace(clip(line, limit))
	if !strings.ContainsFunc(line, seen) {
		return "-"
	}
	return line
}

// seen says that a character shows: a line of nothing but joiners and selectors would be an empty one.
func seen(r rune) bool { return unicode.IsGraphic(r) && !unicode.IsSpace(r) && !unicode.IsMark(r) }

// breaks says that a character ends a line, turns its direction, or is not to be seen.
func breaks(r rune) bool {
	switch r {
	case '\u200d', '\ufe0f': // parts of emoji
		return false
	}
	return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == '\u2028' || r == '\u2029'
}

var escaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

// foreign makes foreign text fit to stand in a verbatim mrkdwn sentence: cut first, so that no entity is.
func foreign(text string, limit int) string { return escaper.Replace(plain(text, limit)) }

// clip cuts text to so many characters, 1 or more.
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
