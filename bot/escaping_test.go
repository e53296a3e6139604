package bot

import (
	"errors"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/overtime-bot/overtime/bot/grammar"
	"github.com/overtime-bot/overtime/bot/i18n"
)

func TestPlain(t *testing.T) {
	for text, want := range map[string]string{
		"Weekly product sync":      "Weekly product sync",
		"":                         "-",
		" \t\n":                    "-",
		"\u200b\u202e\u2066\ufeff": "-",
		"\u200d\ufe0f":             "-",
		"one\r\n✅ two\u2028three":  "one ✅ two three",
		"a\u202egnp.exe":           "a gnp.exe",
		"\xff\xfebad":              "bad",
		"季度规划会议":                   "季度规划会议",
		"👩\u200d💻 pairing":         "👩\u200d💻 pairing",
		"123456789012345678901":    "1234567890123456789…",
		"<b>&amp;":                 "<b>&amp;",
	} {
		if got := plain(text, 20); got != want {
			t.Errorf("plain(%q) = %q, want %q", text, got, want)
		}
	}
}

func FuzzForeign(f *testing.F) {
	for _, seed := range []string{"", "x", hostile, "&&&&&&&&&&&&", "\u200d", "\xff", strings.Repeat("<", 300), "a\u0301\u0301", "\u2028"} {
		f.Add(seed, 20)
		f.Add(seed, 1)
		f.Add(seed, -5)
	}
	f.Fuzz(func(t *testing.T, text string, limit int) {
		limit %= 500
		line := plain(text, limit)
		if strings.TrimSpace(line) == "" || !utf8.ValidString(line) {
			t.Fatalf("plain(%q, %d) = %q", text, limit, line)
		}
		if n := utf8.RuneCountInString(line); n > max(limit, 1) {
			t.Fatalf("plain(%q, %d) has %d characters", text, limit, n)
		}
		for _, r := range line {
			if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || r == '\u2028' || r == '\u2029' || r == '\u200b' {
				t.Fatalf("plain(%q, %d) has %U", text, limit, r)
			}
		}
		escaped := foreign(text, limit)
		if strings.ContainsAny(escaped, "<>") {
			t.Fatalf("foreign(%q, %d) = %q", text, limit, escaped)
		}
		if back := unescape(escaped); back != line {
			t.Fatalf("foreign(%q, %d) = %q is not %q, escaped: an entity is cut", text, limit, escaped, line)
		}
	})
}

// unescape is what Slack does.
func unescape(text string) string {
	return strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&").Replace(text)
}

// Whatever is typed, the answer passes the linter.
func FuzzNotUnderstood(f *testing.F) {
	for _, seed := range []string{"", "914083136 `x`", hostile, "914 083 136 914 083 136 5 6 7", "help " + hostile, strings.Repeat("914-", 100)} {
		f.Add(seed)
	}
	catalogue, err := i18n.Load("en")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string) {
		c := interaction{from: sender{Command: "/extend", Text: text}, say: catalogue.For("en")}
		_, err := grammar.Parse(text)
		if parse, ok := errors.AsType[*grammar.ParseError](err); ok {
			for _, fault := range lint(render(notUnderstood(c, parse, false, saysInstead(c, parse.Suggestions, false)))) {
				t.Errorf("%q: %s", text, fault)
			}
		}
	})
}
