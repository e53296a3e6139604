package bot

import (
	"context"
	"runtime/debug"
	"strings"

	"github.com/overtime-bot/overtime/bot/access"
	"github.com/overtime-bot/overtime/bot/grammar"
	"github.com/overtime-bot/overtime/bot/i18n"
	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/scheduler"
	"github.com/overtime-bot/overtime/scheduler/extension"
	"golang.org/x/sync/errgroup"
)

// hostLookups is how many hosts one list may look up; each may cost a call under the quota.
const hostLookups = 50

// list is `/extend list`: the running meetings that the person may see, earliest end first.
func (b *Bot) list(ctx context.Context, c call) Reply {
	running, err := b.config.Extender.Running(ctx)
	if err != nil {
		return b.serviceTrouble(ctx, c, err)
	}
	rules := b.rulesSeen(ctx)
	head, none := i18n.ListHead, i18n.ListNone
	if !c.verdict.SeesAll {
		var unknown, watched bool
		running, watched, unknown = b.seenBy(ctx, c, running, rules)
		head, none = i18n.ListOwnHead, i18n.ListOwnNone
		if watched {
			head = i18n.ListWatchedHead
		}
		if unknown && len(running) == 0 {
			return Reply{Tone: Trouble, Text: c.say.Say(i18n.ListOwnUnknown, nil), Next: c.say.Say(i18n.NotWrittenNext, nil)}
		}
	}
	reply := Reply{Tone: Telling, Offers: b.offerToQuiet(ctx, c)}
	if c.verdict.Allowed || len(running) > 0 {
		reply.Last = b.pausedNote(ctx, c)
	}
	if len(running) == 0 {
		reply.Text, reply.Next = c.say.Say(none, nil), c.say.Say(i18n.ParseHelp, i18n.Data{"Command": c.typed("help")})
		return reply
	}
	reply.Text = c.say.Say(head, i18n.Data{"Count": len(running)})
	reply.Next = c.say.Say(i18n.ListNext, i18n.Data{"Command": c.typed(running[0].ID + " 30")})
	b.addItems(c, &reply, running, rules)
	return reply
}

// addItems lists the meetings, and says how many more there are.
func (b *Bot) addItems(c call, reply *Reply, running []meeting.Meeting, rules map[string]scheduler.Rule) {
	for _, m := range running[:min(len(running), itemLimit)] {
		reply.Items = append(reply.Items, b.item(c, m, rules))
	}
	if more := len(running) - itemLimit; more > 0 {
		reply.Last = strings.TrimSpace(c.say.Say(i18n.ListMore, i18n.Data{"Count": more}) + "\n" + reply.Last)
	}
}

func (b *Bot) item(c call, m meeting.Meeting, rules map[string]scheduler.Rule) Item {
	item := Item{
		Text: c.say.Say(i18n.ListItem, i18n.Data{
			"Meeting": m.ID, "End": dateToken(m.End, c.zone), "Remaining": remaining(c.say, m.End.Sub(b.config.Clock.Now())),
		}),
		About: aboutMeeting(c.say, m),
	}
	if key := listedAs(ownRule(m, rules)); key != "" {
		item.Text += " · " + c.say.Say(key, nil)
	}
	return item
}

// listedAs is the word of a list for a rule; nothing for none.
func listedAs(rule scheduler.Rule) i18n.Key {
	switch {
	case rule.Of == "":
		return ""
	case !rule.Paused.IsZero():
		return i18n.ListWatchedPaused
	case rule.Mode == scheduler.ModeAsk:
		return i18n.ListWatchedAsk
	case rule.Mode == scheduler.ModeAuto:
		return i18n.ListWatchedAuto
	}
	return ""
}

// aboutMeeting is what helps to recognise a meeting: foreign text, but for our words between.
func aboutMeeting(say i18n.Printer, m meeting.Meeting) string {
	line := plain(m.Subject, 100)
	if m.HostName != "" {
		line += " · " + say.Say(i18n.HostedBy, i18n.Data{"Host": plain(m.HostName, 40)})
	}
	if m.People >= 0 {
		line += " · " + say.Say(i18n.People, i18n.Data{"Count": m.People})
	}
	return line
}

// seenBy leaves the meetings that this person hosts, and those that the channel watches from which they ask; watched
// says that there are some of those.
func (b *Bot) seenBy(ctx context.Context, c call, running []meeting.Meeting, rules map[string]scheduler.Rule) (seen []meeting.Meeting, watched, unknown bool) {
	var others []meeting.Meeting
	shown := make(map[string]bool)
	for _, m := range running {
		if c.verdict.Sees(false, watchedFrom(c, m, rules)) {
			shown[m.ID], watched = true, true
		} else {
			others = append(others, m)
		}
	}
	hosted, unknown := b.hostedBy(ctx, c.person, others)
	for _, m := range hosted {
		shown[m.ID] = true
	}
	for _, m := range running {
		if shown[m.ID] {
			seen = append(seen, m)
		}
	}
	return seen, watched, unknown
}

// hostedBy leaves the meetings that this person hosts, and says whether some host could not be looked up: that one
// is nobody.
func (b *Bot) hostedBy(ctx context.Context, person access.Person, running []meeting.Meeting) (hosted []meeting.Meeting, unknown bool) {
	hosts := make([]access.HostLookup, len(running))
	asked, calls := make(map[string]bool), 0
	var group errgroup.Group
	group.SetLimit(8)
	for i, m := range running {
		if _, cached := b.gate.Hosts.Known(m); !cached && !asked[m.HostUUID] {
			if calls == hostLookups {
				hosts[i].Failed = true
				continue
			}
			calls++
			asked[m.HostUUID] = m.HostUUID != "" // without one, each meeting costs a call
		}
		group.Go(func() error {
			hosts[i] = b.hostOf(ctx, m)
			return nil
		})
	}
	_ = group.Wait() // its functions return no errors
	for i, m := range running {
		unknown = unknown || hosts[i].Failed
		if !hosts[i].Failed && person.Hosts(hosts[i].Email) {
			hosted = append(hosted, m)
		}
	}
	return hosted, unknown
}

// hostOf runs in goroutines of its own, where a panic would end the process.
func (b *Bot) hostOf(ctx context.Context, m meeting.Meeting) (host access.HostLookup) {
	defer func() {
		if value := recover(); value != nil {
			b.logger.ErrorContext(ctx, "looking up a host panicked", "meeting", m.ID, "panic", describePanic(value), "stack", string(debug.Stack()))
			host = access.HostLookup{Failed: true}
		}
	}()
	found, err := b.gate.Hosts.Lookup(ctx, m)
	if err != nil {
		b.logger.WarnContext(ctx, "a host could not be looked up: the list is without their meetings", "error", err)
	}
	return found
}

// status is `/extend status <meeting>`: read anew, not from memory.
func (b *Bot) status(ctx context.Context, c call) Reply {
	rules := b.rulesSeen(ctx)
	m, refusal, ok := b.maySee(ctx, c, rules)
	if !ok {
		return refusal
	}
	reply := Reply{
		Tone: Telling, About: []string{aboutMeeting(c.say, m)},
		Text: c.say.Say(i18n.Status, i18n.Data{
			"Meeting": m.ID, "End": dateToken(m.End, c.zone), "Remaining": remaining(c.say, m.End.Sub(b.config.Clock.Now())),
		}),
	}
	reply.Text = i18n.Join(reply.Text, saysObstacles(c.say, m))
	reply.Next = b.leftOf(ctx, c, m)
	reply.Last = b.pausedNote(ctx, c)
	rule := ownRule(m, rules)
	if rule.Of == "" {
		reply.Offers = b.offerWatch(c, m)
		return reply
	}
	reply.Text = i18n.Join(reply.Text, b.saysRule(c.say, rule), b.saysWhose(c.say, rule))
	reply.Offers = []Offer{b.offerTyped(c.say.Say(i18n.ButtonUnwatch, nil), m, grammar.Command{Verb: grammar.VerbUnwatch, Meeting: rule.Of})}
	return reply
}

// saysObstacles says what of a running meeting keeps automation from extending it.
func saysObstacles(say i18n.Printer, m meeting.Meeting) (text string) {
	if m.ProlongMinutes > 0 {
		text = say.Say(i18n.StatusProlongs, i18n.Data{"Count": m.ProlongMinutes})
	}
	if !m.Extendable {
		text = i18n.Join(text, say.Say(i18n.StatusNoPassword, nil))
	}
	return text
}

// leftOf says how much a run may still get; nothing where there is no limit.
func (b *Bot) leftOf(ctx context.Context, c call, m meeting.Meeting) string {
	left, limited, err := b.config.Extender.Left(ctx, extension.RunOf(m))
	if err != nil {
		b.logger.WarnContext(ctx, "what is left of a limit could not be read", "error", err)
	}
	if err != nil || !limited {
		return ""
	}
	return c.say.Say(i18n.LeftOfRun, i18n.Data{"Count": left, "Limit": b.config.MaxTotalMinutes})
}
