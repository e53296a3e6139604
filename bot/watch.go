package bot

import (
	"cmp"
	"context"
	"time"

	"github.com/overtime-bot/overtime/bot/i18n"
	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/scheduler"
)

// watching is `/extend watch <meeting> ask|auto [minutes] [max <minutes>]` and `/extend unwatch <meeting>`.
type watching struct {
	finder    *finder
	rules     *rulebook
	refusals  *refusals
	suggests  *suggesting
	messenger *messenger
	speaker   *speaker
	limits    Limits
	otherwise scheduler.Automation
	foresees  *foreseeing
	now       func() time.Time
}

func (w *watching) watch(ctx context.Context, in interaction) Reply {
	in, m, refusal, ok := w.finder.toWatch(ctx, in)
	if !ok {
		return refusal
	}
	rule, refusal, ok := w.rule(in)
	if !ok {
		return refusal
	}
	if rule.Of == m.ID && !m.End.After(w.now()) { // the list still has it; a room's rule is about the next meeting, too
		reply := in.reply(Refusal, i18n.WatchingOver, i18n.EndedNext, i18n.Data{"Meeting": in.named(m)})
		reply.Heading = headingOf(in.sight, m)
		return reply
	}
	running := !m.Start.After(w.now())
	var was, outlook scheduler.Outlook
	if running {
		was = w.foresees.one(ctx, m)
	}
	if reply, begun := w.refusals.begins(ctx, in); !begun {
		return reply
	}
	before, err := w.rules.store.PutRule(ctx, rule)
	if err != nil {
		return w.refusals.notWritten(ctx, in, err)
	}
	reply := Reply{
		Tone: Done, Heading: headingOf(in.sight, m), Last: w.rules.pausedNote(ctx, in),
		Text:   i18n.Join(in.say.Say(i18n.Watching, i18n.Data{"Meeting": nameOfRule(rule, in.sight, m)}), saysRule(in.say, rule, w.otherwise)),
		Offers: offerUnwatch(in.say, m, rule.Of, w.now()),
	}
	if running {
		outlook = w.foresees.wished(ctx, m)
		reply.Text = i18n.Join(reply.Text, saysObstacles(in.say, m), w.foresees.saysAbout(in.speech(), outlook))
	}
	where := i18n.WatchingDirect
	if rule.Channel != "" {
		where = i18n.WatchingHere
		news := was.Act != outlook.Act || was.Reason != outlook.Reason
		if !w.tellChannel(ctx, in, rule, before, m, outlook, news) {
			where, reply.Tone = i18n.WatchingCannotPost, Failed
		}
	}
	w.tellBefore(ctx, rule, before, m)
	if acted := was.Wish.Rule; outlook.Rule.Of == rule.Of && readerOf(acted) != readerOf(before) && w.mayRead(ctx, acted, m) {
		w.tellBefore(ctx, rule, acted, m)
	}
	reply.Next = in.say.Say(where, i18n.Data{"Channel": channelToken(rule.Channel)})
	if before.Of != "" && !in.is(before.Owner) {
		reply.Next = i18n.Join(reply.Next, in.say.Say(i18n.WatchingInstead, i18n.Data{"Who": who(before.Owner)}))
	}
	return reply
}

// rule is the rule that a command asks for, within the limits. What was not given is left to the configuration, unless
// the other number does not go with it.
func (w *watching) rule(in interaction) (scheduler.Rule, Reply, bool) {
	rule := scheduler.Rule{
		Of: in.command.Meeting, Mode: in.command.Mode, Minutes: in.command.Amount.Count, Max: in.command.Maximum,
		Owner: in.actor(), Created: w.now(),
	}
	if !isDirect(in.from.Channel) {
		rule.Channel = in.from.Channel
	}
	refused := func(key i18n.Key, asked, limit int) (scheduler.Rule, Reply, bool) {
		data := i18n.Data{"Count": asked, "Limit": limit, "Command": in.typed(w.suggests.within(in.command).String())}
		return rule, in.reply(Refusal, key, i18n.TooManyNext, data), false
	}
	total := w.limits.MaxTotalMinutes
	switch minutes, most := cmp.Or(rule.Minutes, w.otherwise.Minutes), cmp.Or(rule.Max, w.otherwise.Max); {
	case rule.Minutes > w.limits.MaxMinutes:
		return refused(i18n.TooMany, rule.Minutes, w.limits.MaxMinutes)
	case total > 0 && rule.Max > total:
		return refused(i18n.WatchMaxTooMany, rule.Max, total)
	case minutes > most && rule.Max == 0:
		rule.Max = minutes
	case minutes > most && rule.Minutes == 0:
		rule.Minutes = most
	case minutes > most:
		return refused(i18n.WatchMaxTooFew, minutes, most)
	}
	return rule, Reply{}, true
}

// tellChannel tells a channel that it watches a meeting. A command that is carried out again tells it once. It is false
// if the bot may not post there.
func (w *watching) tellChannel(ctx context.Context, in interaction, rule, before scheduler.Rule, m meeting.Meeting, outlook scheduler.Outlook, news bool) bool {
	if before.Paused.IsZero() {
		before.Paused, before.Created = rule.Paused, rule.Created
	}
	if before == rule && !news {
		return true
	}
	to := w.reader(ctx, rule, m)
	text := i18n.Join(
		to.say.Say(i18n.WatchingPublic, i18n.Data{"Who": who(rule.Owner), "Meeting": nameOfRule(rule, to.sight, m)}),
		saysRule(to.say, rule, w.otherwise), w.foresees.says(to.speech(), outlook),
	)
	return w.messenger.tellAt(ctx, openlyFor(in, rule.Channel), Reply{Tone: Telling, Heading: headingOf(to.sight, m), Text: text})
}

// reader is who reads of a rule, and what they may know of a meeting.
func (w *watching) reader(ctx context.Context, rule scheduler.Rule, m meeting.Meeting) recipient {
	to := recipient{id: readerOf(rule), say: w.speaker.channel(), now: w.speaker.now()}
	if rule.Channel != "" {
		to.sight = w.finder.gate.ChannelSight(ctx, watchOf(rule), m)
		return to
	}
	to.person, to.say = w.speaker.person(ctx, rule.Owner.User)
	to.sight = w.finder.gate.ReaderSight(ctx, to.person, watchOf(rule), m)
	return to
}

// mayRead says that the readers of a rule, which may be that of the meeting's other number, may read of this run.
func (w *watching) mayRead(ctx context.Context, rule scheduler.Rule, m meeting.Meeting) bool {
	if rule.Owner.User == "" {
		return false
	}
	verdict, err := w.finder.gate.Authorise(ctx, rule.Owner.User, rule.Channel, m)
	return err == nil && verdict.Allowed
}

// tellBefore tells those who read of the rule before that they do so no longer.
func (w *watching) tellBefore(ctx context.Context, rule, before scheduler.Rule, m meeting.Meeting) {
	if before.Of == "" || readerOf(before) == readerOf(rule) {
		return
	}
	to := w.reader(ctx, before, m)
	data := i18n.Data{"Who": who(rule.Owner), "Meeting": nameOfRule(before, to.sight, m)}
	w.messenger.tell(ctx, to.id, Reply{Tone: Telling, Heading: headingOf(to.sight, m), Text: to.say.Say(i18n.WatchingMoved, data)})
}
