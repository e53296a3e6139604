package bot

import (
	"strings"

	"github.com/overtime-bot/overtime/bot/grammar"
	"github.com/overtime-bot/overtime/bot/i18n"
)

var problems = map[grammar.Problem]i18n.Key{
	grammar.BadMeeting: i18n.ParseBadMeeting, grammar.AmbiguousMeeting: i18n.ParseAmbiguous,
	grammar.NotANumber: i18n.ParseNotANumber, grammar.Zero: i18n.ParseZero, grammar.Negative: i18n.ParseNegative,
	grammar.Fractional: i18n.ParseFractional, grammar.TooLong: i18n.ParseTooLong, grammar.BadTime: i18n.ParseBadTime,
	grammar.BareTime: i18n.ParseBareTime, grammar.TooManyWords: i18n.ParseTooManyWords, grammar.UnknownVerb: i18n.ParseUnknownVerb,
	grammar.NoMode: i18n.ParseNoMode, grammar.NoMaximumGiven: i18n.ParseNoMaximum,
	grammar.BadDate: i18n.ParseBadDate, grammar.OneMeeting: i18n.ParseOneMeeting,
}

// notUnderstood says what is wrong with a command, what was not done, and what to type instead. A command that only tells
// something leaves nothing undone.
func notUnderstood(in interaction, parse *grammar.ParseError, changesRules bool, instead string) Reply {
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
	return Reply{
		Tone: Refusal, Why: problem, Text: in.say.Say(problem, i18n.Data{"Word": quoted(parse.Word)}),
		Next: i18n.Join(undone, instead),
	}
}

// saysInstead says what to type instead: what was meant, or an example.
func saysInstead(in interaction, commands []grammar.Command, example bool) string {
	instead := make([]string, len(commands))
	for i, command := range commands {
		instead[i] = in.typed(command.String())
	}
	switch {
	case example:
		return in.say.Say(i18n.ParseNext, i18n.Data{"Command": instead[0]})
	case len(instead) == 1:
		return in.say.Say(i18n.ParseSuggestion, i18n.Data{"Command": instead[0]})
	}
	return in.say.Say(i18n.ParseSuggestions, i18n.Data{"Commands": "`" + strings.Join(instead, "`, `") + "`"})
}
