package bot

import (
	"slices"
	"strconv"

	"github.com/overtime-bot/overtime/bot/grammar"
	"github.com/overtime-bot/overtime/bot/i18n"
	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/scheduler"
	"github.com/overtime-bot/overtime/scheduler/extension"
	"github.com/overtime-bot/overtime/scheduler/store"
)

// rowID is how long the ID of a list's row is: it stands in the list five times.
const rowID = 16

// rowAction is what the buttons beside a running meeting may do: extend it from this end, watch it or end that, and explain
// it. Of other minutes than the usual ones only those count that the row offers.
func rowAction(verb string, m meeting.Meeting, rule scheduler.Rule, steps []int) store.Action {
	command := grammar.Command{Verb: grammar.VerbWatch, Meeting: m.ID, Mode: scheduler.ModeAsk}
	if rule.Of != "" {
		command = grammar.Command{Verb: grammar.VerbUnwatch, Meeting: rule.Of}
	}
	action := store.Action{
		Verb: verb, Run: extension.RunOf(m), MeetingID: m.ID, Command: command.String(), OfferedEnd: m.End,
		Expires: m.End.Add(promptLife),
	}
	for _, minutes := range steps {
		if !slices.Contains(offeredSteps, minutes) {
			action.Minutes = minutes
		}
	}
	return action
}

// rowCommand is what an element of a row stands for.
func rowCommand(row store.Action, id string) (grammar.Command, error) {
	switch verb, argument := splitActionID(id); verb {
	case verbExtend:
		minutes, err := strconv.Atoi(argument)
		if err == nil && (slices.Contains(offeredSteps, minutes) || minutes > 0 && minutes == row.Minutes) {
			return extendCommand(row.MeetingID, minutes), nil
		}
	case string(grammar.VerbWhy):
		return grammar.Command{Verb: grammar.VerbWhy, Meeting: row.MeetingID}, nil
	case string(grammar.VerbWatch), string(grammar.VerbUnwatch):
		command, err := grammar.Parse(row.Command)
		if err != nil || string(command.Verb) != verb {
			return grammar.Command{}, errNoCommand
		}
		if command.Verb == grammar.VerbWatch && argument == string(scheduler.ModeAuto) {
			command.Mode = scheduler.ModeAuto
		}
		return command, nil
	}
	return grammar.Command{}, errNoCommand
}

// listedRow is the row of a meeting in a list: the shortest step as a button, and a menu.
func listedRow(say i18n.Printer, m meeting.Meeting, rule scheduler.Rule, most int) Row {
	steps := stepsWithin(most)
	row := Row{Action: rowAction(verbRow, m, rule, steps)}
	choices := stepChoices(say, steps)
	row.Buttons, row.Menu = choices[:min(1, len(choices))], choices[min(1, len(choices)):]
	row.Menu = append(row.Menu, watchChoice(say, rule), Choice{say.Say(i18n.ButtonWhy, nil), string(grammar.VerbWhy)})
	return row
}

// homeRow is the row of a meeting in a Home.
func homeRow(say i18n.Printer, m meeting.Meeting, most int) Row {
	steps := stepsWithin(most)
	return Row{Action: rowAction(verbRow, m, scheduler.Rule{}, steps), Buttons: stepChoices(say, steps)}
}

// statusRow is the row under a meeting's status.
func statusRow(say i18n.Printer, m meeting.Meeting, rule scheduler.Rule, most int) Row {
	steps := stepsWithin(most)
	row := Row{Action: rowAction(verbStatus, m, rule, steps), Buttons: append(stepChoices(say, steps), watchChoice(say, rule))}
	if rule.Of == "" {
		auto := joinActionID(string(grammar.VerbWatch), string(scheduler.ModeAuto))
		row.Buttons = append(row.Buttons, Choice{say.Say(i18n.ButtonWatchAuto, nil), auto})
	}
	return row
}

func stepChoices(say i18n.Printer, steps []int) (choices []Choice) {
	for _, minutes := range steps {
		label := say.Say(i18n.ButtonMore, i18n.Data{"Count": minutes})
		choices = append(choices, Choice{label, joinActionID(verbExtend, strconv.Itoa(minutes))})
	}
	return choices
}

func watchChoice(say i18n.Printer, rule scheduler.Rule) Choice {
	if rule.Of != "" {
		return Choice{say.Say(i18n.ButtonUnwatch, nil), string(grammar.VerbUnwatch)}
	}
	return Choice{say.Say(i18n.ButtonWatchAsk, nil), string(grammar.VerbWatch)}
}
