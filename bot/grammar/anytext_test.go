package grammar_test

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/overtime-bot/overtime/bot/grammar"
)

func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		"", "914083136 30", "914 083 136 1h30m", "914083136 until 3:30 p.m.", "914083136 max", "914083 136", "help extend",
		"<https://a.example/#/j/914083136/x|914 083 136> ３０分钟", "status 914-083-136", "914083136 auto 5", "— 1e3 ٣٠ &amp;lt;",
		"914083136 + 30", "hlep", "watch 914083136 ask", "watch 914 083 136 auto 15 max 1h", "关注 914083136 自动 15分钟 最多 60", "why 914083136 30", "30.5", "-5", "到15:30", "@x /y 914083136", "\xff <@U1|x> `a`",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		command, err := grammar.Parse(text)
		if err != nil {
			wantUsefulError(t, err)
			return
		}
		if command.Maximum < 0 || command.Amount.Kind == grammar.ForMinutes && command.Amount.Count <= 0 {
			t.Fatalf("Parse(%q) extends by %d minutes", text, command.Amount.Count)
		}
		wantCanonical(t, command)
	})
}

func wantCanonical(t *testing.T, command grammar.Command) {
	t.Helper()
	again, err := grammar.Parse(command.String())
	if err != nil || again != command {
		t.Fatalf("%+v is written %q, which is read as %+v, %v", command, command, again, err)
	}
}

// wantUsefulError holds that an error has bounded text and that what it suggests is understood.
func wantUsefulError(t *testing.T, err error) {
	t.Helper()
	parse := parseErrorOf(err)
	if parse.Problem == "" || utf8.RuneCountInString(parse.Word) > 40 || !utf8.ValidString(parse.Word) {
		t.Fatalf("error is %+v", parse)
	}
	for i, suggestion := range parse.Suggestions {
		wantCanonical(t, suggestion)
		if slices.Contains(parse.Suggestions[:i], suggestion) {
			t.Fatalf("suggestion %q comes twice", suggestion)
		}
	}
	wantCanonical(t, grammar.ExampleOf(parse.Verb, parse.Meeting))
}

// suggestedBy are the suggestions of an error as they are typed.
func suggestedBy(err error) (texts []string) {
	for _, suggestion := range parseErrorOf(err).Suggestions {
		texts = append(texts, suggestion.String())
	}
	return texts
}

// Whatever is typed, what is suggested instead is read as exactly what is meant: words of every kind in every order, for
// IDs that are too short to stand beside a bare number, too.
func TestEverySuggestionIsTaken(t *testing.T) {
	pieces := []string{
		"914083", "914083136", "771 234", "30", "136", "120", "until", "3", "15:30", "930", "max", "auto", "ask", "watch", "status",
		"statsu", "histroy", "extned", "why", "914083-30", "-914083136-120", "for", "h", "now", "help", "hlep", "9140 8313 6",
	}
	thirds, least := append(pieces, ""), 5000
	if testing.Short() { // two words: with the race detector all take half a minute
		thirds, least = []string{""}, 100
	}
	errors := 0
	for _, first := range pieces {
		for _, second := range pieces {
			for _, third := range thirds {
				if _, err := grammar.Parse(strings.Join([]string{first, second, third}, " ")); err != nil {
					wantUsefulError(t, err)
					errors++
				}
			}
		}
	}
	if errors < least {
		t.Errorf("%d texts were refused", errors)
	}
}
