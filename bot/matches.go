package bot

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/overtime-bot/overtime/bot/grammar"
	"github.com/overtime-bot/overtime/bot/i18n"
	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/scheduler/extension"
	"github.com/overtime-bot/overtime/scheduler/store"
)

// mostMatches is how many meetings an answer asks about. Who looks for another one types more of its title.
const mostMatches = 5

// asks asks which of the meetings is meant. The button of each does what was asked for, as far as that is possible.
func (f *finder) asks(ctx context.Context, in interaction, found []match) Reply {
	reply := Reply{Tone: Asking, Text: in.say.Say(i18n.WhichMeeting, nil), Next: f.undone(in, i18n.WhichNext)}
	switch title := in.command.Title; {
	case title == "":
	case len(found) == 1:
		reply.Text, reply.Next = in.say.Say(i18n.WhichOne, i18n.Data{"Title": quoted(title)}), f.undone(in, i18n.WhichOneNext)
	default:
		reply.Text = in.say.Say(i18n.WhichMatch, i18n.Data{"Count": len(found), "Title": quoted(title)})
	}
	if amount := in.command.Amount; amount.Kind == grammar.ForMinutes && amount.Count > f.limits.MaxMinutes && in.command.Verb == grammar.VerbExtend {
		reply.Text = i18n.Join(in.say.Say(i18n.TooMany, i18n.Data{"Count": amount.Count, "Limit": f.limits.MaxMinutes}), reply.Text)
	}
	for _, m := range found[:min(len(found), mostMatches)] {
		reply.Items = append(reply.Items, f.matchItem(in, m))
		reply.Offers = append(reply.Offers, f.offerMatch(in, m, f.possible(ctx, in, m)))
	}
	if rest := len(found) - len(reply.Items); rest > 0 {
		reply.Last = in.say.Say(i18n.MatchMore, i18n.Data{"Count": rest})
	}
	return reply
}

func (f *finder) matchItem(in interaction, m match) Item {
	in.sight = m.sight
	return Item{Text: in.say.Say(i18n.ListItem, i18n.Data{
		"Meeting": in.named(m.meeting), "End": in.date(m.meeting.End), "Remaining": remaining(in.say, m.meeting.End.Sub(f.now())),
	}), About: aboutMeeting(in.say, m.sight, m.meeting)}
}

// noMatch says that nothing fits a title: to those who do not see every meeting, what they would read of one that is not
// theirs.
func (f *finder) noMatch(in interaction) Reply {
	reply := f.notYours(in)
	if in.verdict.SeesAll {
		reply = in.reply(Refusal, i18n.NoMatch, "", i18n.Data{"Title": quoted(in.command.Title)})
		reply.Next = f.undone(in, i18n.NoMatchNext)
	}
	var instead []grammar.Command
	if in.command.Verb == grammar.VerbExtend {
		instead = grammar.Misspelt(in.from.Text)
	}
	switch {
	case len(instead) == 0:
	case in.verdict.SeesAll && slices.Contains(instead, grammar.Command{Verb: grammar.VerbList}): // which is the next step as well
		reply.Next = i18n.Join(in.say.Say(i18n.NothingExtended, nil), saysInstead(in, instead, false))
	default:
		reply.Next = i18n.Join(saysInstead(in, instead, false), reply.Next)
	}
	return reply
}

// undone says what to do next, and that nothing was done where something could have been.
func (f *finder) undone(in interaction, next i18n.Key) string {
	text := in.say.Say(next, i18n.Data{"Command": in.typed(string(grammar.VerbList))})
	switch in.command.Verb {
	case grammar.VerbExtend, grammar.VerbAuto:
		return i18n.Join(in.say.Say(i18n.NothingExtended, nil), text)
	case grammar.VerbWatch, grammar.VerbUnwatch:
		return i18n.Join(in.say.Say(i18n.NothingChanged, nil), text)
	}
	return text
}

// possible is what was asked for, for one of the matches: no more minutes than it can still get. One that can get none is shown.
func (f *finder) possible(ctx context.Context, in interaction, m match) grammar.Command {
	command := in.command.Of(m.meeting.ID)
	if command.Verb != grammar.VerbExtend {
		return command
	}
	most, moment := f.mayGet(ctx, in, m.meeting)
	if most == 0 {
		return grammar.Command{Verb: grammar.VerbStatus, Meeting: m.meeting.ID}
	}
	if minutes, err := command.Amount.Minutes(moment); err == nil && minutes > most {
		return command.By(most)
	}
	return command
}

// mayGet is how many minutes a meeting can get from this person at once, and what their amounts are reckoned by. Where the
// limits cannot be read, the one at once counts.
func (f *finder) mayGet(ctx context.Context, in interaction, m meeting.Meeting) (most int, moment grammar.Moment) {
	left := f.further.of(ctx, extension.RunOf(m), m, in.actor())
	most = left.AtOnce
	if left.unknown {
		most = f.limits.MaxMinutes
	}
	return most, grammar.Moment{Now: f.now(), End: m.End, Zone: in.zone, Default: f.limits.DefaultMinutes, Limits: []int{most}}
}

// offerMatch is the button that carries a command out. An extension is for its run and its end, as everywhere.
func (f *finder) offerMatch(in interaction, m match, command grammar.Command) Offer {
	label := headingLabel(m) + " · " + f.saysWish(in.say, command)
	run, end := extension.RunOf(m.meeting), m.meeting.End
	switch {
	case command.Verb != grammar.VerbExtend:
		return Offer{Label: label, Action: store.Action{
			Verb: verbTyped, Run: run, MeetingID: m.meeting.ID, Command: command.String(), Expires: later(end, f.now().Add(time.Hour)),
		}}
	case command.Amount.Kind == grammar.ForMinutes:
		return offerMinutes(label, run, m.meeting.ID, command.Amount.Count, end)
	}
	return Offer{Label: label, Action: store.Action{
		Verb: verbAgain, Run: run, MeetingID: m.meeting.ID, Command: command.String(), OfferedEnd: end, Expires: end,
	}}
}

// headingLabel is what a meeting is called on a button, which is plain text.
func headingLabel(m match) string {
	const limit = 45
	if subject := m.sight.Subject(m.meeting); subject != "" {
		return plain(subject, limit)
	}
	return m.meeting.ID
}

// saysWish says on a button what it does.
func (f *finder) saysWish(say i18n.Printer, command grammar.Command) string {
	switch {
	case command.Verb != grammar.VerbExtend:
		return say.Say(i18n.ButtonThis, nil)
	case command.Amount.Kind == grammar.ToMaximum:
		return say.Say(i18n.ButtonMax, nil)
	case command.Amount.Kind == grammar.UntilClock:
		return say.Say(i18n.ButtonUntil, i18n.Data{"Time": strings.TrimPrefix(command.Amount.String(), "until ")})
	case command.Amount.Kind == grammar.ForMinutes:
		return say.Say(i18n.ButtonMore, i18n.Data{"Count": command.Amount.Count})
	}
	return say.Say(i18n.ButtonMore, i18n.Data{"Count": f.limits.DefaultMinutes})
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
