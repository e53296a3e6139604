package grammar

import (
	"slices"
	"strings"

	"github.com/overtime-bot/overtime/scheduler"
)

// parseRest reads what follows the meeting of a command.
func parseRest(command Command, words []string) (_ Command, fault *ParseError) {
	words = modeFirst(command.Verb, words)
	switch command.Verb {
	case VerbExtend:
		if len(words) > 0 && meaningOf(words[0]) == meaningAuto {
			command.Verb = VerbAuto
			return parseRest(command, words[1:])
		}
		command.Amount, fault = parseAmount(words)
	case VerbHistory:
		command, fault = parseFrom(command, words)
	case VerbWatch:
		command, fault = parseWatch(command, words)
	case VerbAuto, VerbWhy:
		if words = skip(words, meaningFor); len(words) > 0 {
			command.Amount.Kind = ForMinutes
			if command.Amount.Count, fault = parseMinutes(words); fault != nil {
				fault.Verb = command.Verb
			}
		}
	default:
		fault = tooMany(words)
	}
	if fault != nil {
		fault.Verb = command.Verb
	}
	switch {
	case fault == nil:
	case command.Verb == VerbExtend:
		for i := range fault.Suggestions { // which are amounts
			fault.Suggestions[i].Verb, fault.Suggestions[i].Meeting, fault.Suggestions[i].Title = command.Verb, command.Meeting, command.Title
		}
	case fault.Problem == BareTime: // which only VerbExtend takes
		fault.Suggestions = nil
	}
	return command, fault
}

// modeFirst puts a mode that stands behind its minutes in front of them: "30 auto" is "auto 30".
func modeFirst(verb Verb, words []string) []string {
	last := len(words) - 1
	if last < 1 || verb != VerbExtend && verb != VerbWatch {
		return words
	}
	switch means := meaningOf(words[last]); {
	case means != meaningAuto && (verb != VerbWatch || modes[means] == ""):
		return words
	case modes[meaningOf(words[0])] != "":
		return words
	}
	return append([]string{words[last]}, words[:last]...)
}

// modes are the modes of VerbWatch.
var modes = map[meaning]scheduler.Mode{meaningAsk: scheduler.ModeAsk, meaningAuto: scheduler.ModeAuto}

// parseWatch reads ask|auto [minutes] [max <minutes>]. Without a mode it suggests both, with the numbers if it can
// read those.
func parseWatch(command Command, words []string) (_ Command, fault *ParseError) {
	if len(words) > 0 {
		command.Mode = modes[meaningOf(words[0])]
	}
	if command.Mode == "" {
		if numbers, fault := parseWatch(command, append([]string{string(VerbAuto)}, words...)); fault == nil {
			command = numbers
		}
		ask, auto := command, command
		ask.Mode, auto.Mode = scheduler.ModeAsk, scheduler.ModeAuto
		return command, problem(NoMode, strings.Join(words, " "), ask, auto)
	}
	minutes, maximum := words[1:], []string(nil)
	at := slices.IndexFunc(minutes, func(word string) bool { return meaningOf(word) == meaningMax })
	if at >= 0 {
		minutes, maximum = minutes[:at], minutes[at+1:]
	}
	if minutes = skip(minutes, meaningFor); len(minutes) > 0 {
		command.Amount.Kind = ForMinutes
		if command.Amount.Count, fault = parseMinutes(minutes); fault != nil {
			return command, fault
		}
	}
	switch {
	case at < 0:
	case len(maximum) == 0:
		command.Maximum = exampleMaximum
		fault = problem(NoMaximumGiven, "", command)
	default:
		command.Maximum, fault = parseMinutes(skip(maximum, meaningFor))
	}
	return command, fault
}
