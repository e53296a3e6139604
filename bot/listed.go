package bot

import (
	"context"
	"slices"
	"time"

	"github.com/overtime-bot/overtime/bot/access"
	"github.com/overtime-bot/overtime/bot/i18n"
	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/scheduler"
)

// seenMeeting is a running meeting that a person may see.
type seenMeeting struct {
	meeting.Meeting
	sight access.Sight   // what they may know of it
	rule  scheduler.Rule // that somebody made for it; its Of is empty if there is none
	near  bool           // they host it, or the channel watches it from which they ask
}

// seenMeetings are all of them, earliest end first.
type seenMeetings struct {
	all     []seenMeeting
	watched bool // the channel watches some, and lets them see those
	unknown bool // nobody can tell now which they host: to those who do not see all, the list is without these
}

// seen leaves the meetings that the person may see: all, or those that they host, and those that the channel watches from
// which they ask.
func (l *listing) seen(ctx context.Context, in interaction, running []meeting.Meeting) (seen seenMeetings) {
	rules := l.rules.readable(ctx)
	sightOf, err := l.gate.Sights(ctx, in.subject)
	if err != nil {
		l.logger.WarnContext(ctx, "nobody can tell which meetings somebody hosts: the list is without them", "error", err)
	}
	hosts, unsure := l.hosted(ctx, in)
	for _, m := range running {
		rule := ownRule(m, rules)
		sight := sightOf(m, watchOf(rule))
		if !sight.Shows(m) {
			continue
		}
		here := rule.Channel != "" && rule.Channel == in.from.Channel
		seen.all = append(seen.all, seenMeeting{m, sight, rule, here || hosts(m)})
		seen.watched = seen.watched || here && in.verdict.SeesWatched
	}
	seen.unknown = err != nil || unsure
	return seen
}

// hostedPatience is how long a list waits to know which of all meetings are the person's own.
const hostedPatience = 2 * time.Second

// hosted says which meetings somebody hosts who sees all of them. It is true if nobody can tell.
func (l *listing) hosted(ctx context.Context, in interaction) (hosts func(meeting.Meeting) bool, unknown bool) {
	if !in.verdict.SeesAll || in.command.All {
		return func(meeting.Meeting) bool { return false }, false
	}
	asking, cancel := context.WithTimeout(ctx, hostedPatience)
	defer cancel()
	hosts, err := l.gate.Hosting(asking, in.subject)
	if err != nil {
		l.logger.WarnContext(ctx, "nobody can tell which meetings somebody hosts: the list has all", "error", err)
	}
	return hosts, err != nil
}

// own are the person's own, also for those who see every meeting.
func (s seenMeetings) own(in interaction) []seenMeeting {
	if !in.verdict.SeesAll {
		return s.all
	}
	return slices.DeleteFunc(slices.Clone(s.all), func(m seenMeeting) bool { return !m.near })
}

// choose says what is listed, under which heading: to those who see every meeting only what is near, if anything is, unless
// they ask for all.
func (s seenMeetings) choose(in interaction) (listed []seenMeeting, head, none i18n.Key) {
	switch {
	case !in.verdict.SeesAll && s.watched:
		return s.all, i18n.ListWatchedHead, i18n.ListOwnNone
	case !in.verdict.SeesAll:
		return s.all, i18n.ListOwnHead, i18n.ListOwnNone
	}
	listed = s.own(in)
	if in.command.All || len(listed) == 0 || len(listed) == len(s.all) {
		return s.all, i18n.ListHead, i18n.ListNone
	}
	if isDirect(in.from.Channel) {
		return listed, i18n.ListMineHead, i18n.ListNone
	}
	return listed, i18n.ListHereHead, i18n.ListNone
}
