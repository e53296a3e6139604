package bot

import (
	"context"

	"github.com/overtime-bot/overtime/bot/access"
	"github.com/overtime-bot/overtime/bot/grammar"
	"github.com/overtime-bot/overtime/bot/i18n"
	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/scheduler"
	"github.com/overtime-bot/overtime/scheduler/extension"
)

// ruled finds the number whose rule is to end. Where none is named that is the only one of the channel, or else of the person.
func (w *watching) ruled(ctx context.Context, in interaction, rules map[string]scheduler.Rule) (interaction, Reply, bool) {
	if in.command.Unnamed() {
		var here []string
		for of, rule := range rules {
			if rule.Channel == in.from.Channel || rule.Channel == "" && isDirect(in.from.Channel) && in.is(rule.Owner) {
				here = append(here, of)
			}
		}
		if len(here) == 1 {
			in.command = in.command.Of(here[0])
		}
	}
	return w.finder.numbered(ctx, in)
}

// unwatch is for the rule's owner, for administrators, and for those who may extend the meeting.
func (w *watching) unwatch(ctx context.Context, in interaction) Reply {
	rules, err := w.rules.read(ctx)
	if err != nil {
		return w.refusals.notWritten(ctx, in, err)
	}
	in, asked, ok := w.ruled(ctx, in, rules)
	if !ok {
		return asked
	}
	rule, watched := rules[in.command.Meeting]
	if !watched || !in.is(rule.Owner) && !in.verdict.Admin() {
		found, m, refusal, ok := w.finder.toWatch(ctx, in)
		if !ok && !(watched && in.verdict.SeesAll) { // who sees everything may end the rule of a meeting that is no more
			return refusal
		}
		if !watched {
			return notWatched(found, m, rules)
		}
	}
	if reply, begun := w.refusals.begins(ctx, in); !begun {
		return reply
	}
	before, err := w.rules.store.DeleteRule(ctx, rule.Of)
	if err != nil {
		return w.refusals.notWritten(ctx, in, err)
	}
	return w.ended(ctx, in, rule, before)
}

// ended tells of the end of a rule: those who read of it, and the person who ended it.
func (w *watching) ended(ctx context.Context, in interaction, rule, before scheduler.Rule) Reply {
	found, m, _, mine := w.finder.toWatch(ctx, in)
	reply := Reply{Tone: Done, Next: in.say.Say(unwatched[w.otherwise.Mode], nil)}
	reply.Text, reply.Heading = saysOfRule(in.say, i18n.Unwatched, nil, rule, found.sight, m)
	if mine && !m.Start.After(w.now()) {
		reply.Text = i18n.Join(reply.Text, w.foresees.saysAbout(in.speech(), w.foresees.one(ctx, m)))
	}
	if before.Of != "" && (before.Channel != "" || before.Owner != in.actor()) {
		if !mine {
			m = w.listed(ctx, rule.Of)
		}
		to := w.reader(ctx, before, m)
		note := Reply{Tone: Telling, Next: to.say.Say(unwatched[w.otherwise.Mode], nil)}
		note.Text, note.Heading = saysOfRule(to.say, i18n.UnwatchedPublic, i18n.Data{"Who": who(in.actor())}, rule, to.sight, m)
		w.messenger.tellAt(ctx, openlyFor(in, to.id), note)
	}
	return reply
}

// listed is a running meeting as its readers may know it, where the one who ends its rule may not. It is empty if it does not
// run, or if that cannot be read.
func (w *watching) listed(ctx context.Context, id string) meeting.Meeting {
	running, err := w.finder.extender.Listed(ctx, extension.RecentFor)
	if err != nil {
		w.finder.logger.WarnContext(ctx, "a message goes without a title: the meetings could not be read", "error", err)
	}
	for _, m := range running {
		if m.ID == id {
			return m
		}
	}
	return meeting.Meeting{}
}

// saysOfRule says something of a rule, and names the meeting that it is of as far as the reader may know it.
func saysOfRule(say i18n.Printer, key i18n.Key, data i18n.Data, rule scheduler.Rule, sight access.Sight, m meeting.Meeting) (string, heading) {
	name := numberAlone(rule.Of)
	if m.ID == rule.Of {
		name = headingOf(sight, m)
	}
	if data == nil {
		data = i18n.Data{}
	}
	data["Meeting"] = name.Name
	return say.Say(key, data), name
}

// notWatched says that there is no rule of a number, but perhaps one of the meeting's other number.
func notWatched(in interaction, m meeting.Meeting, rules map[string]scheduler.Rule) Reply {
	key, command := i18n.NotWatchedNext, grammar.Command{Verb: grammar.VerbWatch, Meeting: in.command.Meeting, Mode: scheduler.ModeAsk}
	if other := ownRule(m, rules); other.Of != "" {
		key, command = i18n.NotWatchedOther, grammar.Command{Verb: grammar.VerbUnwatch, Meeting: other.Of}
	}
	reply := Reply{Tone: Telling, Next: in.say.Say(key, i18n.Data{"Command": in.typed(command.String())})}
	reply.Text, reply.Heading = saysOfRule(in.say, i18n.NotWatched, nil, scheduler.Rule{Of: in.command.Meeting}, in.sight, m)
	return reply
}
