package grammar_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/overtime-bot/overtime/bot/grammar"
	"github.com/overtime-bot/overtime/scheduler"
)

func watching(mode scheduler.Mode, minutes, maximum int) grammar.Command {
	command := grammar.Command{Verb: grammar.VerbWatch, Meeting: pastedID, Mode: mode, Maximum: maximum}
	if minutes > 0 {
		command.Amount = forMinutes(minutes)
	}
	return command
}

func TestParseReadsRules(t *testing.T) {
	for text, want := range map[string]grammar.Command{
		"ask":                    watching(scheduler.ModeAsk, 0, 0),
		"auto":                   watching(scheduler.ModeAuto, 0, 0),
		"ASK":                    watching(scheduler.ModeAsk, 0, 0),
		"auto 20":                watching(scheduler.ModeAuto, 20, 0),
		"auto for 20 minutes":    watching(scheduler.ModeAuto, 20, 0),
		"auto 1h":                watching(scheduler.ModeAuto, 60, 0),
		"auto max 60":            watching(scheduler.ModeAuto, 0, 60),
		"auto 20 max 60":         watching(scheduler.ModeAuto, 20, 60),
		"auto 20m max 1h30m":     watching(scheduler.ModeAuto, 20, 90),
		"auto 20 max. 60":        watching(scheduler.ModeAuto, 20, 60),
		"ask 20 max 60 min":      watching(scheduler.ModeAsk, 20, 60),
		"preguntar 20 máximo 60": watching(scheduler.ModeAsk, 20, 60),
		"automático":             watching(scheduler.ModeAuto, 0, 0),
		"询问":                     watching(scheduler.ModeAsk, 0, 0),
		"自动20分钟最多60分钟":           watching(scheduler.ModeAuto, 20, 60),
		"自動 ２０ 最長 ６０":            watching(scheduler.ModeAuto, 20, 60),
	} {
		for _, before := range []string{"watch 914083136 ", "watch 914 083 136 ", "vigilar 914-083-136 ", "关注914083136 "} {
			wantCommand(t, before+text, want)
		}
	}
}

func TestParseRefusesRules(t *testing.T) {
	for _, test := range []struct {
		text        string
		problem     grammar.Problem
		word        string
		suggestions []string
	}{
		{"watch", grammar.NoMode, "", []string{"watch ask", "watch auto"}},
		{"watch 914083136", grammar.NoMode, "", []string{"watch 914083136 ask", "watch 914083136 auto"}},
		{"watch 914083136 20", grammar.NoMode, "20", []string{"watch 914083136 ask 20", "watch 914083136 auto 20"}},
		{"watch 914083136 20 max 60", grammar.NoMode, "20 max 60", []string{"watch 914083136 ask 20 max 60", "watch 914083136 auto 20 max 60"}},
		{"watch 914083136 always", grammar.NoMode, "always", []string{"watch 914083136 ask", "watch 914083136 auto"}},
		{"watch 914083136 auto max", grammar.NoMaximumGiven, "", []string{"watch 914083136 auto max 60"}},
		{"watch 914083136 auto 0", grammar.Zero, "0", nil},
		{"watch 914083136 auto 20 max 0", grammar.Zero, "0", nil},
		{"watch 914083136 auto -5", grammar.Negative, "-5", nil},
		{"watch 914083136 auto 1.5", grammar.Fractional, "1.5", nil},
		{"watch 914083136 auto 15:30", grammar.BareTime, "15:30", nil},
		{"watch 914083136 auto soon", grammar.NotANumber, "soon", nil},
		{"watch 914083136 auto 20 60", grammar.TooManyWords, "60", nil},
		{"watch 914083136 auto max 60 70", grammar.TooManyWords, "70", nil},
		{"why 914083136 soon", grammar.NotANumber, "soon", nil},
		{"unwatch 914083136 now", grammar.TooManyWords, "now", nil},
		{"pause 914083136", grammar.TooManyWords, "914083136", nil},
		{"resume now", grammar.TooManyWords, "now", nil},
	} {
		got, err := grammar.Parse(test.text)
		want := grammar.ParseError{Problem: test.problem, Word: test.word}
		if err == nil {
			t.Errorf("Parse(%q) gives %+v, want %q", test.text, got, test.problem)
			continue
		}
		if diff := cmp.Diff(want, parseErrorOf(err), cmpopts.IgnoreFields(grammar.ParseError{}, "Verb", "Meeting", "Title", "Suggestions")); diff != "" {
			t.Errorf("Parse(%q) (-want +got):\n%s", test.text, diff)
		}
		if suggested := suggestedBy(err); !slices.Equal(suggested, test.suggestions) {
			t.Errorf("Parse(%q) suggests %q, want %q", test.text, suggested, test.suggestions)
		}
		if got != (grammar.Command{}) {
			t.Errorf("Parse(%q) gives %+v beside its error", test.text, got)
		}
	}
}
