package grammar_test

import (
	"strings"
	"testing"

	"github.com/overtime-bot/overtime/bot/grammar"
)

func TestDistance(t *testing.T) {
	for _, test := range []struct {
		a, b string
		want int
	}{
		{"", "", 0},
		{"help", "help", 0},
		{"", "help", 4},
		{"help", "", 4},
		{"hepl", "help", 1},  // swapped
		{"helpp", "help", 1}, // added
		{"hlp", "help", 1},   // left out
		{"halp", "help", 1},  // changed
		{"hlep", "list", 4},
		{"ca", "abc", 3}, // what was swapped is not edited again
		{"automátic", "automatic", 1},
		{"abcdefgh", "badcfehg", 4},
	} {
		if got := grammar.Distance(test.a, test.b); got != test.want {
			t.Errorf("Distance(%q, %q) = %d, want %d", test.a, test.b, got, test.want)
		}
	}
}

// An example can be typed as it stands, and does what its verb says.
func TestExampleOf(t *testing.T) {
	for verb, takesMeeting := range map[grammar.Verb]bool{
		grammar.VerbExtend: true, grammar.VerbStatus: true, grammar.VerbWhy: true, grammar.VerbAuto: true, grammar.VerbWatch: true, grammar.VerbUnwatch: true,
		grammar.VerbList: false, grammar.VerbHistory: false, grammar.VerbPause: false, grammar.VerbResume: false, grammar.VerbHelp: false,
	} {
		for _, meeting := range []string{"", "771234567", "771234"} {
			example := grammar.ExampleOf(verb, meeting)
			command, err := grammar.Parse(example.String())
			if err != nil || command != example || command.Verb != verb || (command.Meeting != "") != takesMeeting {
				t.Errorf("the example of %q is %q, read as %+v, %v", verb, example, command, err)
			}
			if takesMeeting && !strings.Contains(example.Meeting, meeting) {
				t.Errorf("the example of %q for %s is %q", verb, meeting, example)
			}
		}
	}
	for _, verb := range []grammar.Verb{grammar.VerbDialog, "unheard of"} {
		if got := grammar.ExampleOf(verb, "771234567"); got.String() != "771234567 30" {
			t.Errorf("the example of %q is %q, want that of extend", verb, got)
		}
	}
}
