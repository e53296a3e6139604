package bot

import (
	"strconv"
	"strings"

	"github.com/overtime-bot/overtime/bot/grammar"
	"github.com/overtime-bot/overtime/scheduler/store"
)

// An action_id says what an element of a message does: a verb, and often what with, as "extend:15" or "page:2". Where two
// of a message would be the same, the second ends in ":2". It gives no right: what a press does is decided by the stored
// action whose ID is the element's value. A list stores one action for all that it offers for a meeting, and only there the
// action_id says which of it was meant.

// actionID is the action_id of the button of a stored action.
func actionID(action store.Action) string {
	verb, argument := action.Verb, ""
	switch action.Verb {
	case verbExtend, store.VerbMore:
		argument = strconv.Itoa(action.Minutes)
	case verbAgain:
		verb = verbExtend
	case verbTyped:
		if command, err := grammar.Parse(action.Command); err == nil {
			verb, argument = string(command.Verb), string(command.Mode)
		}
	}
	return joinActionID(strings.ReplaceAll(verb, " ", "_"), argument)
}

func joinActionID(verb, argument string) string {
	if argument == "" {
		return verb
	}
	return verb + ":" + argument
}

// splitActionID gives the verb and what it is done with. What makes an action_id the only one of its message is left out.
func splitActionID(id string) (verb, argument string) {
	verb, argument, _ = strings.Cut(id, ":")
	argument, _, _ = strings.Cut(argument, ":")
	return verb, argument
}

// actionIDs makes the action_ids of one message differ.
type actionIDs map[string]int

func (used actionIDs) distinct(id string) string {
	used[id]++
	if used[id] == 1 {
		return id
	}
	verb, argument, _ := strings.Cut(id, ":")
	return verb + ":" + argument + ":" + strconv.Itoa(used[id])
}

// optionValue is the value of an option in a menu: what a button would have as its value and as its action_id.
func optionValue(action, id string) string { return action + " " + id }
