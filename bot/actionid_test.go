package bot

import (
	"strings"
	"testing"

	"github.com/overtime-bot/overtime/scheduler/store"
)

// The action_id of each button says in the words of the contract what it does.
func TestActionIDs(t *testing.T) {
	for want, action := range map[string]store.Action{
		"extend:15": {Verb: verbExtend, Minutes: 15},
		"more:30":   {Verb: store.VerbMore, Minutes: 30},
		"extend":    {Verb: verbAgain, Command: "914083136 until 15:30"},
		"watch:ask": {Verb: verbTyped, Command: "watch 914083136 ask"},
		"unwatch":   {Verb: verbTyped, Command: "unwatch 914083136"},
		"keep":      {Verb: verbKeep},
		"stop":      {Verb: verbStop},
		"end":       {Verb: verbEnd},
		"quiet":     {Verb: verbQuiet},
		"ask_again": {Verb: verbAskAgain},
	} {
		if got := actionID(action); got != want {
			t.Errorf("%+v: %q, want %q", action, got, want)
		}
	}
}

// However often the same stands in a message, its action_ids differ and say the same.
func TestActionIDsOfOneMessageDiffer(t *testing.T) {
	used, seen := actionIDs{}, map[string]bool{}
	for range 3 {
		for _, id := range []string{"extend:15", "extend:30", "watch", "page:2"} {
			distinct := used.distinct(id)
			verb, argument := splitActionID(distinct)
			if seen[distinct] || joinActionID(verb, argument) != id || strings.Contains(distinct, " ") {
				t.Errorf("%q as %q, seen: %v", id, distinct, seen[distinct])
			}
			seen[distinct] = true
		}
	}
}
