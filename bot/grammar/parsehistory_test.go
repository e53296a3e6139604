package grammar_test

import (
	"slices"
	"testing"

	"github.com/overtime-bot/overtime/bot/grammar"
)

func TestParseHistory(t *testing.T) {
	const day = "2026-11-27"
	for text, want := range map[string]grammar.Command{
		"history":                             {},
		"history from 2026-11-27":             {From: day},
		"history since 2026/11/27":            {From: day},
		"history 2026.11.27":                  {From: day},
		"historial desde 2026-11-27":          {From: day},
		"历史 从 2026-11-27":                     {From: day},
		"history from 2026-1-2":               {From: "2026-01-02"},
		"history 914 083 136 from 2026–11–27": {Meeting: "914083136", From: day},
		"history 914083136 2026-11-27":        {Meeting: "914083136", From: day},
	} {
		want.Verb = grammar.VerbHistory
		command, err := grammar.Parse(text)
		if again, fault := grammar.Parse(command.String()); err != nil || command != want || fault != nil || again != want {
			t.Errorf("%q is %+v, %v; %q is %+v, %v", text, command, err, command, again, fault)
		}
	}
	for text, want := range map[string]grammar.Problem{
		"history from": grammar.BadDate, "history from yesterday": grammar.BadDate, "history from 2026-13-01": grammar.BadDate,
		"history 914083136 from 27.11.2026": grammar.BadDate, "history from 2026-11-27 again": grammar.TooManyWords,
		"history 914083136 30": grammar.TooManyWords,
	} {
		_, err := grammar.Parse(text)
		if parse, ok := err.(*grammar.ParseError); !ok || parse.Problem != want || slices.Contains([]grammar.Verb{""}, parse.Verb) {
			t.Errorf("%q: %+v, want %s", text, err, want)
		}
	}
}
