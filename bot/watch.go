package bot

import (
	"context"
	"strings"

	"github.com/overtime-bot/overtime/bot/grammar"
	"github.com/overtime-bot/overtime/bot/i18n"
	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/scheduler"
)

// watch is `/extend watch <meeting> ask|auto [minutes] [max <minutes>]`.
func (b *Bot) watch(ctx context.Context, c call) Reply {
	m, refusal, ok := b.mayWatch(ctx, c)
	if !ok {
		return refusal
	}
	rule, refusal, ok := b.ruleWished(c)
	if !ok {
		return refusal
	}
	before, err := b.config.Rules.PutRule(ctx, rule)
	if err != nil {
		return b.notWritten(ctx, c, err)
	}
	told := b.tellWatching(ctx, c, rule, before, m)
	return b.watching(ctx, c, rule, before, m, told)
}

// ruleWished is the rule that a command asks for, within the limits. What was not given is left to the configuration,
// unless the other number does not go with it.
func (b *Bot) ruleWished(c call) (scheduler.Rule, Reply, bool) {
	rule := scheduler.Rule{
		Of: c.request.Meeting, Mode: c.request.Mode, Minutes: c.request.Amount.Count, Max: c.request.Maximum,
		Owner: actorOf(c), Created: b.config.Clock.Now(),
	}
	if !isDirect(c.from.Channel) {
		rule.Channel = c.from.Channel
	}
	switch minutes, most := b.minutesOf(rule), b.maximumOf(rule); {
	case rule.Minutes > b.config.MaxMinutes:
		return rule, b.watchRefused(c, i18n.TooMany, rule.Minutes, b.config.MaxMinutes, c.request.Maximum), false
	case b.config.MaxTotalMinutes > 0 && rule.Max > b.config.MaxTotalMinutes:
		return rule, b.watchRefused(c, i18n.WatchMaxTooMany, rule.Max, b.config.MaxTotalMinutes, b.config.MaxTotalMinutes), false
	case minutes > most && rule.Max == 0:
		rule.Max = minutes
	case minutes > most && rule.Minutes == 0:
		rule.Minutes = most
	case minutes > most:
		return rule, b.watchRefused(c, i18n.WatchMaxTooFew, minutes, most, minutes), false
	}
	return rule, Reply{}, true
}

// isDirect says that a channel is a direct message, where nobody else reads. Slack gives those IDs of their own.
func isDirect(channel string) bool { return channel == "" || strings.HasPrefix(channel, "D") }

// watchRefused says which number is out of bounds, with the command as it would do.
func (b *Bot) watchRefused(c call, key i18n.Key, asked, limit, maximum int) Reply {
	instead := c.request
	instead.Amount.Count, instead.Maximum = min(instead.Amount.Count, b.config.MaxMinutes), maximum
	return Reply{
		Tone: Refusal, Text: c.say.Say(key, i18n.Data{"Asked": asked, "Limit": limit}),
		Next: c.say.Say(i18n.TooManyNext, i18n.Data{"Command": c.typed(instead.String())}),
	}
}

// mayWatch is mayExtend also for a meeting that is still to come. What is booked is for those to know who see
// everything, and for its host.
func (b *Bot) mayWatch(ctx context.Context, c call) (meeting.Meeting, Reply, bool) {
	found, err := b.config.Extender.Find(ctx, c.request.Meeting)
	if !missing(err) {
		return b.judge(ctx, c, found, err)
	}
	booked, bookedErr := b.config.Hosts.Booked(ctx, c.request.Meeting)
	if bookedErr != nil || !booked.End.After(b.config.Clock.Now()) {
		return b.judge(ctx, c, found, err)
	}
	if !c.verdict.SeesAll {
		return b.asHost(ctx, c, booked, nil)
	}
	return booked, Reply{}, true
}

// publicity is how the channel of a rule was told of it.
type publicity int

const (
	toldNobody publicity = iota // a direct message: there is no one else
	toldChannel
	toldRefused // the bot may not post there
)

// tellWatching tells the channel that it is watched for; a command that is carried out again tells it once.
func (b *Bot) tellWatching(ctx context.Context, c call, rule, before scheduler.Rule, m meeting.Meeting) publicity {
	if rule.Channel == "" {
		return toldNobody
	}
	if before.Of == rule.Of && sameTerms(before, rule) && before.Paused.IsZero() {
		return toldChannel
	}
	say := b.config.Catalogue.For()
	reply := Reply{
		Tone: Telling, About: titleOf(m),
		Text: i18n.Join(say.Say(i18n.WatchingPublic, i18n.Data{"Who": who(rule.Owner), "Meeting": rule.Of}), b.saysRule(say, rule)),
	}
	if !b.tellPublicly(ctx, rule.Channel, reply) {
		return toldRefused
	}
	return toldChannel
}

func sameTerms(a, b scheduler.Rule) bool {
	return a.Mode == b.Mode && a.Minutes == b.Minutes && a.Max == b.Max && a.Channel == b.Channel && a.Owner == b.Owner
}

// tellPublicly posts a message that a channel reads. Only where it is clear that Slack did not take it, it is false.
func (b *Bot) tellPublicly(ctx context.Context, channel string, reply Reply) bool {
	_, err := b.post(ctx, channel, render(reply))
	if err != nil {
		b.logger.WarnContext(ctx, "a channel was not told", "channel", channel, "error", err, "remedy", remedyOf(err))
	}
	return !refusedThere(err)
}

// watching is the answer to one who made a rule.
func (b *Bot) watching(ctx context.Context, c call, rule, before scheduler.Rule, m meeting.Meeting, told publicity) Reply {
	where := map[publicity]i18n.Key{
		toldNobody: i18n.WatchingDirect, toldChannel: i18n.WatchingHere, toldRefused: i18n.WatchingCannotPost,
	}[told]
	reply := Reply{
		Tone: Done, About: titleOf(m),
		Text: i18n.Join(c.say.Say(i18n.Watching, i18n.Data{"Meeting": rule.Of}), b.saysRule(c.say, rule)),
		Next: c.say.Say(where, i18n.Data{"Channel": channelToken(rule.Channel)}),
		Last: b.pausedNote(ctx, c),
	}
	if running := !m.Start.After(b.config.Clock.Now()); running {
		reply.Text = i18n.Join(reply.Text, saysObstacles(c.say, m))
	}
	if told == toldRefused {
		reply.Tone = Trouble
	}
	if before.Of != "" && before.Owner != rule.Owner {
		reply.Next = i18n.Join(reply.Next, c.say.Say(i18n.WatchingInstead, i18n.Data{"Who": who(before.Owner)}))
	}
	reply.Offers = []Offer{b.offerTyped(c.say.Say(i18n.ButtonUnwatch, nil), m, grammar.Command{Verb: grammar.VerbUnwatch, Meeting: rule.Of})}
	return reply
}

// unwatch is `/extend unwatch <meeting>`: for the rule's owner, administrators, and those who may extend the meeting.
func (b *Bot) unwatch(ctx context.Context, c call) Reply {
	rules, err := b.rulesByOf(ctx)
	if err != nil {
		return b.notWritten(ctx, c, err)
	}
	rule, watched := rules[c.request.Meeting]
	if !watched || rule.Owner != actorOf(c) && !c.verdict.Admin() {
		m, refusal, ok := b.mayWatch(ctx, c)
		if !ok && !(watched && c.verdict.SeesAll) { // who sees everything may end the rule of a meeting that is no more
			return refusal
		}
		if !watched {
			return b.notWatched(c, m, rules)
		}
	}
	before, err := b.config.Rules.DeleteRule(ctx, rule.Of)
	if err != nil {
		return b.notWritten(ctx, c, err)
	}
	if before.Of != "" && before.Channel != "" {
		say := b.config.Catalogue.For()
		b.tellPublicly(ctx, before.Channel, Reply{
			Tone: Telling, Text: say.Say(i18n.UnwatchedPublic, i18n.Data{"Who": who(actorOf(c)), "Meeting": rule.Of}),
			Next: b.saysOtherwise(say),
		})
	}
	return Reply{
		Tone: Done, Text: c.say.Say(i18n.Unwatched, i18n.Data{"Meeting": rule.Of}), Next: b.saysOtherwise(c.say),
	}
}

// saysOtherwise says what happens to meetings that nobody watches.
func (b *Bot) saysOtherwise(say i18n.Printer) string {
	switch b.config.Automation.Mode {
	case scheduler.ModeAsk:
		return say.Say(i18n.OtherwiseAsk, nil)
	case scheduler.ModeAuto:
		return say.Say(i18n.OtherwiseAuto, nil)
	}
	return say.Say(i18n.OtherwiseOff, nil)
}

// notWatched says that there is nothing to end, and what there may be: a rule of the same meeting's other number.
func (b *Bot) notWatched(c call, m meeting.Meeting, rules map[string]scheduler.Rule) Reply {
	key, command := i18n.NotWatchedNext, grammar.Command{Verb: grammar.VerbWatch, Meeting: c.request.Meeting, Mode: scheduler.ModeAsk}
	if other := ownRule(m, rules); other.Of != "" {
		key, command = i18n.NotWatchedOther, grammar.Command{Verb: grammar.VerbUnwatch, Meeting: other.Of}
	}
	return Reply{
		Tone: Telling, Text: c.say.Say(i18n.NotWatched, i18n.Data{"Meeting": c.request.Meeting}),
		Next: c.say.Say(key, i18n.Data{"Command": c.typed(command.String())}),
	}
}
