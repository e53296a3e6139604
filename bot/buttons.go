package bot

import (
	"errors"
	"slices"
	"time"

	"github.com/overtime-bot/overtime/bot/grammar"
	"github.com/overtime-bot/overtime/bot/i18n"
	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/scheduler/extension"
	"github.com/overtime-bot/overtime/scheduler/store"
)

// What a button does when it is pressed: the verb of its stored action, beside store.VerbMore. Buttons under old
// messages keep theirs. Each has a case in commandOf, and a row in table.go.
const (
	verbExtend   = "extend"    // so many minutes, for the run and the end that it was offered for
	verbAgain    = "again"     // a command that was not carried out
	verbTyped    = "typed"     // a command of the table, as if the person typed it
	verbKeep     = "keep"      // extend the run up to the cap, without asking
	verbEnd      = "end"       // let it end
	verbStop     = "stop"      // no longer extend the run by itself
	verbHandOver = "hand_over" // hand the run to the platform
	verbTurn     = "turn"      // verbPage under messages of earlier versions: of the history, with the page in Minutes
	verbQuiet    = "quiet"     // no more prompts for this host
	verbAskAgain = "ask again" // takes that back
	verbWhyAll   = "why all"   // all checks behind the answer to why
	verbRequest  = "request_approval"
	verbApprove  = "approve"
	verbDeny     = "deny"
	verbRow      = "row"    // what is chosen beside a meeting in a list
	verbStatus   = "status" // what is chosen under a meeting's status
	verbPage     = "page"   // another page of what a command lists
)

// promptLife is how long after the end the buttons under a message still say that the meeting is over.
const promptLife = 12 * time.Hour

// errNoCommand says that this version does not know what a button does. A later version may have stored it.
var errNoCommand = errors.New("the button does nothing that is known")

// commandOf is the command that a stored action stands for. Where it serves several buttons, their action_id says which was
// pressed; it counts nowhere else. Buttons that are about no meeting have no command.
func commandOf(action store.Action, pressedID string) (command grammar.Command, err error) {
	wanted := []grammar.Verb{grammar.VerbExtend}
	switch action.Verb {
	case verbExtend, verbKeep, verbEnd, verbStop, verbRequest:
		return extendCommand(action.MeetingID, action.Minutes), nil
	case store.VerbMore:
		if slices.Contains(offeredSteps, action.Minutes) {
			return extendCommand(action.MeetingID, action.Minutes), nil
		}
		return grammar.Command{}, errNoCommand
	case verbHandOver:
		return handOverCommand(action.MeetingID, action.Minutes), nil
	case verbQuiet, verbAskAgain, verbApprove, verbDeny:
		return grammar.Command{}, nil
	case verbWhyAll:
		command = extendCommand(action.MeetingID, action.Minutes)
		command.Verb = grammar.VerbWhy
		return command, nil
	case verbTurn:
		wanted = []grammar.Verb{grammar.VerbHistory}
	case verbRow, verbStatus:
		return rowCommand(action, pressedID)
	case verbAgain:
	case verbPage:
		wanted = []grammar.Verb{grammar.VerbList, grammar.VerbHistory}
	case verbTyped:
		wanted = []grammar.Verb{
			grammar.VerbWatch, grammar.VerbUnwatch, grammar.VerbStatus, grammar.VerbWhy, grammar.VerbAuto, grammar.VerbHistory,
		}
	default:
		return grammar.Command{}, errNoCommand
	}
	command, err = grammar.Parse(action.Command)
	if err == nil && !slices.Contains(wanted, command.Verb) {
		err = errNoCommand
	}
	return command, err
}

// offerMinutes offers so many minutes, for a run and its end.
func offerMinutes(label, run, id string, minutes int, end time.Time) Offer {
	return Offer{Label: label, Action: store.Action{
		Verb: verbExtend, Run: run, MeetingID: id, Minutes: minutes, OfferedEnd: end, Expires: end,
	}}
}

// offerTyped offers a command about a meeting, for as long as the meeting lasts, and for an hour at least.
func offerTyped(say i18n.Printer, label i18n.Key, m meeting.Meeting, command grammar.Command, now time.Time) Offer {
	return Offer{Label: say.Say(label, nil), Action: store.Action{
		Verb: verbTyped, Run: extension.RunOf(m), MeetingID: m.ID, Command: command.String(), Expires: laterOf(m.End, now.Add(time.Hour)),
	}}
}

func laterOf(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// offerUnwatch offers to end a rule.
func offerUnwatch(say i18n.Printer, m meeting.Meeting, ruleOf string, now time.Time) []Offer {
	return []Offer{offerTyped(say, i18n.ButtonUnwatch, m, grammar.Command{Verb: grammar.VerbUnwatch, Meeting: ruleOf}, now)}
}
