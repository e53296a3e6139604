package bot

import (
	"context"
	"log/slog"
	"time"

	"github.com/overtime-bot/overtime/bot/access"
	"github.com/overtime-bot/overtime/bot/grammar"
	"github.com/overtime-bot/overtime/bot/i18n"
	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/scheduler"
)

// listing is `/extend list`: the running meetings that the person may see, earliest end first.
type listing struct {
	extender Extender
	gate     *access.Gate
	rules    *rulebook
	quiet    *quietButtons
	refusals *refusals
	suggests *suggesting
	foresees *foreseeing
	now      func() time.Time
	logger   *slog.Logger
}

func (l *listing) list(ctx context.Context, in interaction) Reply {
	running, err := l.extender.Running(ctx)
	if err != nil {
		return l.refusals.serviceFailed(ctx, in, err)
	}
	rules := l.rules.readable(ctx)
	seen, sights, watched, unknown := l.seen(ctx, in, running, rules)
	head, none := i18n.ListOwnHead, i18n.ListOwnNone
	switch {
	case in.verdict.SeesAll:
		head, none = i18n.ListHead, i18n.ListNone
	case watched:
		head = i18n.ListWatchedHead
	case unknown && len(seen) == 0:
		return in.reply(Failed, i18n.ListOwnUnknown, i18n.NotWrittenNext, nil)
	}
	reply := Reply{Tone: Telling, Offers: l.quiet.offer(ctx, in)}
	if in.verdict.Allowed || len(seen) > 0 {
		reply.Last = l.rules.pausedNote(ctx, in)
	}
	if in.verdict.SeesAll && l.refusals.view().Refused {
		reply.Last = i18n.Join(in.say.Say(i18n.ListNarrowed, nil), reply.Last)
	}
	if len(seen) == 0 {
		reply.Text, reply.Next = in.say.Say(none, nil), in.say.Say(i18n.ParseHelp, i18n.Data{"Command": in.typed("help")})
		return reply
	}
	reply.Text = in.say.Say(head, i18n.Data{"Count": len(seen)})
	reply.Next = l.saysNext(ctx, in, seen)
	listed := seen[:min(len(seen), itemLimit)]
	for i, outlook := range l.foresees.all(ctx, listed) {
		reply.Items = append(reply.Items, l.item(in, sights[i], listed[i], outlook))
	}
	reply.Rest, reply.More = len(seen)-len(listed), saysMore(in.say)
	return reply
}

// saysNext says how to extend one of the meetings: the first to which more may be added, and which the platform does not
// extend anyway.
func (l *listing) saysNext(ctx context.Context, in interaction, seen []meeting.Meeting) string {
	if l.refusals.view().HidesAll() {
		return in.say.Say(i18n.ServiceHidesAll, nil)
	}
	for _, m := range seen[:min(len(seen), itemLimit)] {
		if !m.Extendable || m.ProlongMinutes > 0 {
			continue
		}
		command, _ := l.suggests.fitMeeting(ctx, in, m, grammar.ExampleOf(grammar.VerbExtend, m.ID))
		if command.Verb == grammar.VerbExtend {
			return in.say.Say(i18n.ListNext, i18n.Data{"Command": in.typed(command.String())})
		}
	}
	return ""
}

// saysMore says how many entries of a list are left out at its end.
func saysMore(say i18n.Printer) func(int) string {
	return func(count int) string { return say.Say(i18n.ListMore, i18n.Data{"Count": count}) }
}

func (l *listing) item(in interaction, sight access.Sight, m meeting.Meeting, outlook scheduler.Outlook) Item {
	text := in.say.Say(i18n.ListItem, i18n.Data{
		"Meeting": headingOf(sight, m).Name, "End": in.date(m.End), "Remaining": remaining(in.say, m.End.Sub(l.now())),
	})
	if next := l.foresees.briefly(in.speech(), outlook); next != "" {
		text += " · " + next
	}
	return Item{Text: text, About: aboutMeeting(in.say, sight, m)}
}

// seen leaves the meetings that the person may see, with what they may know of each: all, or those that they host, and those
// that the channel watches from which they ask. watched says that there are some of the latter, and unknown that nobody can
// tell now which are theirs.
func (l *listing) seen(
	ctx context.Context, in interaction, running []meeting.Meeting, rules map[string]scheduler.Rule,
) (seen []meeting.Meeting, sights []access.Sight, watched, unknown bool) {
	sightOf, err := l.gate.Sights(ctx, in.subject)
	if err != nil {
		l.logger.WarnContext(ctx, "nobody can tell which meetings somebody hosts: the list is without them", "error", err)
	}
	for _, m := range running {
		watch := watchOf(ownRule(m, rules))
		if sight := sightOf(m, watch); sight.Shows(m) {
			seen, sights = append(seen, m), append(sights, sight)
			watched = watched || watch.Channel != "" && watch.Channel == in.from.Channel
		}
	}
	return seen, sights, watched && in.verdict.SeesWatched, err != nil
}
