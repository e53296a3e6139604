package bot

import (
	"errors"
	"strings"

	"github.com/overtime-bot/overtime/bot/grammar"
	"github.com/overtime-bot/overtime/bot/i18n"
)

var problems = map[grammar.Problem]i18n.Key{
	grammar.NoMeeting: i18n.ParseNoMeeting, grammar.BadMeeting: i18n.ParseBadMeeting, grammar.AmbiguousMeeting: i18n.ParseAmbiguous,
	grammar.NotANumber: i18n.ParseNotANumber, grammar.Zero: i18n.ParseZero, grammar.Negative: i18n.ParseNegative,
	grammar.Fractional: i18n.ParseFractional, grammar.TooLong: i18n.ParseTooLong, grammar.BadTime: i18n.ParseBadTime,
	grammar.BareTime: i18n.ParseBareTime, grammar.TooManyWords: i18n.ParseTooManyWords, grammar.UnknownVerb: i18n.ParseUnknownVerb,
	grammar.NoMode: i18n.ParseNoMode, grammar.NoMaximumGiven: i18n.ParseNoMaximum,
}

// notUnderstood says what is wrong with a command, what was not done, and what to type instead. A command that only
// tells something leaves nothing undone.
func notUnderstood(in interaction, err error, changesRules bool) Reply {
	parse, ok := errors.AsType[*grammar.ParseError](err)
	if !ok {
		parse = &grammar.ParseError{Problem: grammar.UnknownVerb}
	}
	problem, ok := problems[parse.Problem]
	switch {
	case !ok:
		problem = i18n.ParseUnknownVerb
	case parse.Problem == grammar.BadTime && parse.Word == "":
		problem = i18n.ParseNoTime
	}
	var undone string
	switch {
	case parse.Verb == grammar.VerbExtend || parse.Verb == grammar.VerbAuto:
		undone = in.say.Say(i18n.NothingExtended, nil)
	case changesRules:
		undone = in.say.Say(i18n.NothingChanged, nil)
	}
	instead := make([]string, len(parse.Suggestions))
	for i, suggestion := range parse.Suggestions {
		instead[i] = in.typed(suggestion)
	}
	var next string
	switch len(instead) {
	case 0:
		next = in.say.Say(i18n.ParseNext, i18n.Data{"Command": in.typed(grammar.ExampleOf(parse.Verb, parse.Meeting))})
	case 1:
		next = in.say.Say(i18n.ParseSuggestion, i18n.Data{"Command": instead[0]})
	default:
		next = in.say.Say(i18n.ParseSuggestions, i18n.Data{"Commands": "`" + strings.Join(instead, "`, `") + "`"})
	}
	return Reply{
		Tone: Refusal, Text: in.say.Say(problem, i18n.Data{"Word": quoted(parse.Word)}), Next: i18n.Join(undone, next),
	}
}
