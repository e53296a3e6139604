package grammar_test

import (
	"testing"

	"github.com/overtime-bot/overtime/bot/grammar"
)

// What colleagues type who know no grammar, in three languages: each is the same as the command behind it.
func TestEverydayPhrases(t *testing.T) {
	for text, want := range map[string]string{
		"can you give us ten more minutes?":        "10",
		"weekly sync fifteen minutes":              `"weekly sync" 15`,
		"could we have twenty minutes more please": "20",
		"extend my meeting by forty-five minutes":  "45",
		"dame diez minutos más":                    "10",
		"amplía la revisión quince minutos":        `"la revisión" 15`,
		"再延长十五分钟":                                  "15",
		"产品周会延长四十五分钟":                              `"产品周会" 45`,
		"季度规划 延长半小时":                               `"季度规划" 30`,
		"季度规划 延长 20 分钟":                            `"季度规划" 20`,
		"加时10分钟":                                   "10",
		"weekly sync to 23:45":                     `"weekly sync" until 23:45`,
		"extend weekly sync to 5:30pm":             `"weekly sync" until 17:30`,
		"amplía mi reunión a las 16:30":            "until 16:30",
		"stop watching weekly sync":                `unwatch "weekly sync"`,
		"dejar de vigilar 914083136":               "unwatch 914083136",
		"不再关注产品周会":                                 `unwatch "产品周会"`,
		"weekly sync until noon":                   `"weekly sync" until 12:00`,
		"amplía la revisión hasta el mediodía":     `"la revisión" until 12:00`,
		"914083136 until midnight":                 "914083136 until 00:00",
		"introduction to go 15":                    `"introduction to go" 15`,
		"five whys 15":                             `"five whys" 15`,
		"plan a 20":                                `"plan a" 20`,
	} {
		command, err := grammar.Parse(text)
		if err != nil || command.String() != want {
			t.Errorf("%q: %q, %v, want %q", text, command, err, want)
		}
	}
}

// One's own meeting is no title: in quotes it would be one.
func TestOwnMeetingsAreSuggestedWithoutQuotes(t *testing.T) {
	for _, text := range []string{"extend my meeting until quarter past six", "my meeting until teatime", "amplía mi reunión hasta luego"} {
		_, err := grammar.Parse(text)
		parse, ok := err.(*grammar.ParseError)
		if !ok || parse.Example().Title != "" {
			t.Errorf("%q: %v", text, err)
		}
	}
}
