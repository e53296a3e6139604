package bot

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/overtime-bot/overtime/bot/access"
	"github.com/overtime-bot/overtime/bot/grammar"
	"github.com/overtime-bot/overtime/bot/i18n"
	"github.com/overtime-bot/overtime/scheduler"
	"github.com/overtime-bot/overtime/scheduler/store"
)

// Permission is what a command needs before its handler runs.
type Permission int

// The permissions.
const (
	ForAnyone  Permission = iota // everybody may read it
	ForSeeing                    // those who may see some meeting
	ForMeeting                   // the handler asks for the meeting that is named
	ForAdmins                    // administrators
)

// Command is one row of the table that drives parsing, permission, help and the documents.
type Command struct {
	Verb   grammar.Verb
	Usage  string // what is typed after the command's name
	Help   i18n.Key
	Needs  Permission
	Handle func(*Bot, context.Context, call) Reply
}

// Commands is the table, in the order of the help.
func Commands() []Command {
	return []Command{
		{grammar.VerbExtend, "<meeting> [30 | 1h | 1h30m | until 15:30 | max]", i18n.HelpExtend, ForMeeting, (*Bot).extend},
		{grammar.VerbList, "list", i18n.HelpList, ForSeeing, (*Bot).list},
		{grammar.VerbStatus, "status <meeting>", i18n.HelpStatus, ForMeeting, (*Bot).status},
		{grammar.VerbWhy, "why <meeting> [minutes]", i18n.HelpWhy, ForMeeting, (*Bot).why},
		{grammar.VerbWatch, "watch <meeting> ask|auto [minutes] [max <minutes>]", i18n.HelpWatch, ForMeeting, (*Bot).watch},
		{grammar.VerbUnwatch, "unwatch <meeting>", i18n.HelpUnwatch, ForMeeting, (*Bot).unwatch},
		{grammar.VerbPause, "pause", i18n.HelpPause, ForAdmins, (*Bot).pause},
		{grammar.VerbResume, "resume", i18n.HelpResume, ForAdmins, (*Bot).resumeAll},
		{grammar.VerbHelp, "help [verb]", i18n.HelpHelp, ForAnyone, (*Bot).help},
	}
}

func commandOf(verb grammar.Verb) (Command, bool) {
	if verb == grammar.VerbDialog {
		verb = grammar.VerbList // nothing typed: show what could be extended
	}
	for _, command := range Commands() {
		if command.Verb == verb {
			return command, true
		}
	}
	return Command{}, false
}

// call is one command of one person, understood.
type call struct {
	envelope string
	from     sender
	request  grammar.Command
	person   access.Person
	subject  access.Subject
	verdict  access.Verdict // without regard to a host
	action   *store.Action  // of a button; nil for what was typed
	say      i18n.Printer
	zone     *time.Location
}

// typed is a command as the person would type it, for sentences that say what to type.
func (c call) typed(rest string) string { return commandText(c.from.Command, rest) }

func (b *Bot) newCall(ctx context.Context, next job, from sender) call {
	person, err := b.config.People.Person(ctx, from.User)
	if err != nil {
		b.logger.WarnContext(ctx, "a person could not be looked up", "user", from.User, "error", err)
		person = access.Person{ID: from.User}
	}
	return call{envelope: next.id, from: from, person: person, say: b.printerOf(person), zone: zoneOf(person.Zone)}
}

// printerOf speaks the person's language, or the default one.
func (b *Bot) printerOf(person access.Person) i18n.Printer {
	if person.Locale == "" {
		return b.config.Catalogue.For()
	}
	return b.config.Catalogue.For(person.Locale)
}

// command parses, authorises and handles what was typed.
func (b *Bot) command(ctx context.Context, c call) (Reply, grammar.Verb) {
	request, err := grammar.Parse(c.from.Text)
	if err != nil {
		return notUnderstood(c, err), request.Verb
	}
	c.request = request
	row, ok := commandOf(request.Verb)
	if !ok {
		return notUnderstood(c, notThere(request)), request.Verb
	}
	return b.carryOut(ctx, c, row), row.Verb
}

// carryOut asks whether the person may do what a row of the table is for, and lets it be done.
func (b *Bot) carryOut(ctx context.Context, c call, row Command) Reply {
	if row.Needs == ForAnyone {
		return row.Handle(b, ctx, c)
	}
	return b.allowed(ctx, c, func(b *Bot, ctx context.Context, c call) Reply {
		if row.Needs == ForAdmins && !c.verdict.Admin() {
			return b.refusedToAdmins(c)
		}
		return row.Handle(b, ctx, c)
	})
}

// notUnderstood says what is wrong with a command and what to type instead.
func notUnderstood(c call, err error) Reply {
	var parse *grammar.ParseError
	if !errors.As(err, &parse) {
		parse = &grammar.ParseError{Problem: grammar.UnknownVerb}
	}
	return Reply{
		Tone: Refusal, Text: c.say.Say(problemKey(parse), i18n.Data{"Word": quoted(parse.Word)}),
		Next: saysOtherwise(c, parse),
	}
}

// saysOtherwise says what was not done, and what to type instead.
func saysOtherwise(c call, parse *grammar.ParseError) string {
	return i18n.Join(saysUndone(c.say, parse.Verb), saysInstead(c, parse))
}

// saysUndone says what a command did not do that was not understood; nothing of one that only tells something.
func saysUndone(say i18n.Printer, verb grammar.Verb) string {
	switch verb {
	case grammar.VerbExtend, grammar.VerbAuto:
		return say.Say(i18n.NothingExtended, nil)
	case grammar.VerbWatch, grammar.VerbUnwatch, grammar.VerbPause, grammar.VerbResume:
		return say.Say(i18n.NothingChanged, nil)
	}
	return ""
}

// saysInstead says what to type instead.
func saysInstead(c call, parse *grammar.ParseError) string {
	switch len(parse.Suggestions) {
	case 0:
		return c.say.Say(i18n.ParseNext, i18n.Data{"Command": c.typed(grammar.ExampleOf(parse.Verb, parse.Meeting))})
	case 1:
		return c.say.Say(i18n.ParseSuggestion, i18n.Data{"Command": c.typed(parse.Suggestions[0])})
	}
	typed := make([]string, len(parse.Suggestions))
	for i, suggestion := range parse.Suggestions {
		typed[i] = "`" + c.typed(suggestion) + "`"
	}
	return c.say.Say(i18n.ParseSuggestions, i18n.Data{"Commands": strings.Join(typed, ", ")})
}

// notThere says that a verb was understood and is not there, with what does the same if something does.
func notThere(request grammar.Command) *grammar.ParseError {
	instead := grammar.Command{Verb: grammar.VerbHelp}
	if request.Verb == grammar.VerbAuto && request.Meeting != "" {
		instead = grammar.Command{Verb: grammar.VerbWatch, Meeting: request.Meeting, Mode: scheduler.ModeAuto}
	}
	return &grammar.ParseError{Problem: grammar.UnknownVerb, Word: string(request.Verb), Verb: request.Verb, Suggestions: []string{instead.String()}}
}

// quoted shows a word of the person's own.
func quoted(word string) string { return "“" + foreign(word, quotedLimit) + "”" }

func problemKey(err *grammar.ParseError) i18n.Key {
	keys := map[grammar.Problem]i18n.Key{
		grammar.NoMeeting: i18n.ParseNoMeeting, grammar.BadMeeting: i18n.ParseBadMeeting, grammar.AmbiguousMeeting: i18n.ParseAmbiguous,
		grammar.NotANumber: i18n.ParseNotANumber, grammar.Zero: i18n.ParseZero, grammar.Negative: i18n.ParseNegative,
		grammar.Fractional: i18n.ParseFractional, grammar.TooLong: i18n.ParseTooLong, grammar.BadTime: i18n.ParseBadTime,
		grammar.BareTime: i18n.ParseBareTime, grammar.TooManyWords: i18n.ParseTooManyWords, grammar.UnknownVerb: i18n.ParseUnknownVerb,
		grammar.NoMode: i18n.ParseNoMode, grammar.NoMaximumGiven: i18n.ParseNoMaximum,
	}
	if err.Problem == grammar.BadTime && err.Word == "" {
		return i18n.ParseNoTime
	}
	if key, ok := keys[err.Problem]; ok {
		return key
	}
	return i18n.ParseUnknownVerb
}
