package bot

import (
	"cmp"
	"context"
	"log/slog"
	"slices"
	"time"

	"github.com/overtime-bot/overtime/bot/access"
	"github.com/overtime-bot/overtime/bot/grammar"
	"github.com/overtime-bot/overtime/bot/i18n"
	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/scheduler"
	"github.com/overtime-bot/overtime/scheduler/extension"
)

// listing is `/extend list [all]`: the running meetings that the person may see, earliest end first, a page at a time.
type listing struct {
	extender Extender
	gate     *access.Gate
	rules    *rulebook
	quiet    *quietButtons
	refusals *refusals
	suggests *suggesting
	foresees *foreseeing
	further  *further
	now      func() time.Time
	logger   *slog.Logger
}

func (l *listing) list(ctx context.Context, in interaction) Reply {
	running, err := l.extender.Running(ctx)
	if err != nil {
		return l.refusals.serviceFailed(ctx, in, err)
	}
	seen := l.seen(ctx, in, running)
	if seen.unknown && len(seen.all) == 0 && !in.verdict.SeesAll {
		return in.reply(Failed, i18n.ListOwnUnknown, i18n.NotWrittenNext, nil)
	}
	listed, head, none := seen.choose(in)
	page, pages := pageOf(in, len(listed))
	reply := Reply{
		Tone: Telling, Row: turning(in.say, in.command, page, pages, l.now()), Offers: l.quiet.offer(ctx, in),
		Last: l.saysLast(ctx, in, len(seen.all), page, pages), More: saysMore(in.say),
	}
	if len(listed) == 0 {
		reply.Text, reply.Next = in.say.Say(none, nil), in.say.Say(i18n.ParseHelp, i18n.Data{"Command": in.typed("help")})
		return reply
	}
	reply.Text = in.say.Say(head, i18n.Data{"Count": len(listed)})
	on := entriesOn(listed, page)
	next, asks := l.saysNext(ctx, in, on)
	reply.Next, reply.Offers = i18n.Join(saysRest(in, len(seen.all), len(listed)), next), append(reply.Offers, asks...)
	meetings := make([]meeting.Meeting, len(on))
	for i, each := range on {
		meetings[i] = each.Meeting
	}
	left := l.further.each(ctx, meetings, in.actor())
	for i, outlook := range l.foresees.all(ctx, meetings) {
		reply.Items = append(reply.Items, l.item(in, on[i], outlook, left[i]))
	}
	return reply
}

// saysRest says how to see all meetings, or that the person does not.
func saysRest(in interaction, seen, listed int) string {
	switch {
	case seen > listed:
		all := grammar.Command{Verb: grammar.VerbList, All: true}
		return in.say.Say(i18n.ListAllNext, i18n.Data{"Count": seen, "Command": in.typed(all.String())})
	case in.command.All && !in.verdict.SeesAll && isDirect(in.from.Channel):
		return in.say.Say(i18n.ListOnlyMine, nil)
	case in.command.All && !in.verdict.SeesAll:
		return in.say.Say(i18n.ListNotAll, nil)
	}
	return ""
}

// saysNext says how to extend one of the meetings: the first to which more may be added, and which the platform does not
// extend anyway. Where there is none, a host types the password of the first that hides it.
func (l *listing) saysNext(ctx context.Context, in interaction, listed []seenMeeting) (next string, asks []Offer) {
	if l.refusals.view().HidesAll() {
		own, asks := l.asksHost(ctx, in, listed)
		return i18n.Join(in.say.Say(i18n.ServiceHidesAll, nil), own), asks
	}
	for _, m := range listed {
		if !m.Extendable || m.ProlongMinutes > 0 {
			continue
		}
		command, _ := l.suggests.fitMeeting(ctx, in, m.Meeting, grammar.ExampleOf(grammar.VerbExtend, m.ID))
		if command.Verb == grammar.VerbExtend {
			return in.say.Say(i18n.ListNext, i18n.Data{"Command": in.typed(command.String())}), nil
		}
	}
	return l.asksHost(ctx, in, listed)
}

// asksHost has somebody type the password of the first meeting that hides it, among those that they host.
func (l *listing) asksHost(ctx context.Context, in interaction, listed []seenMeeting) (next string, asks []Offer) {
	hides := func(m seenMeeting) bool { return !m.Extendable }
	if !slices.ContainsFunc(listed, hides) {
		return "", nil
	}
	hosts := l.further.hosts.hosting(ctx, in)
	at := slices.IndexFunc(listed, func(m seenMeeting) bool { return hides(m) && hosts(m.Meeting) })
	if at < 0 {
		return "", nil
	}
	next, asks = askPassword(in, listed[at].Meeting)
	return headingOf(listed[at].sight, listed[at].Meeting).put(next), asks
}

// saysLast says which page it is, and what of all meetings the list does not show.
func (l *listing) saysLast(ctx context.Context, in interaction, seen, page, pages int) (last string) {
	if pages > 1 {
		last = in.say.Say(i18n.ListPage, i18n.Data{"Page": page, "Pages": pages})
	}
	if in.verdict.SeesAll && l.refusals.view().Refused {
		last = i18n.Join(last, in.say.Say(i18n.ListNarrowed, nil))
	}
	if in.verdict.Allowed || seen > 0 {
		last = i18n.Join(last, l.rules.pausedNote(ctx, in))
	}
	return last
}

// saysMore says how many entries of a list are left out at its end.
func saysMore(say i18n.Printer) func(int) string {
	return func(count int) string { return say.Say(i18n.ListMore, i18n.Data{"Count": count}) }
}

func (l *listing) item(in interaction, m seenMeeting, outlook scheduler.Outlook, left possible) Item {
	next := l.saysComing(in, outlook, left.awaited)
	named := func(titles int) string {
		text := in.say.Say(i18n.ListItem, i18n.Data{
			"Meeting": boldWithin(cmp.Or(m.sight.Subject(m.Meeting), m.ID), titles), "End": in.date(m.End),
			"Remaining": remaining(in.say, m.End.Sub(l.now())),
		})
		if next != "" {
			text += " · " + next
		}
		text += "\n" + m.ID
		if people := peopleOf(in.say, m.sight, m.Meeting); people != "" && titles > shortest {
			text += " · " + inSentence(people, titles+hostLimit)
		}
		return text
	}
	return Item{Named: named, Row: listedRow(in.say, m.Meeting, m.rule, left.AtOnce)}
}

// saysComing says what is awaited of a meeting, and what will be done with it.
func (l *listing) saysComing(in interaction, outlook scheduler.Outlook, awaited extension.Extension) string {
	coming := l.foresees.briefly(in.speech(), outlook)
	if awaited.ID == 0 {
		return coming
	}
	reason := scheduler.InDoubt
	if awaited.State == extension.Accepted {
		reason = scheduler.ExtendedAlready
	}
	said := l.foresees.saysReason(in.say, reason)
	if coming == "" || outlook.Reason == reason && outlook.Handed.ID == 0 { // nothing is done for that reason
		return said
	}
	return said + " · " + coming
}
