package bot

import (
	"context"
	"log/slog"
	"slices"
	"time"

	"github.com/overtime-bot/overtime/bot/access"
	"github.com/overtime-bot/overtime/bot/i18n"
	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/scheduler/extension"
	"github.com/overtime-bot/overtime/scheduler/store"
)

// homeViews makes Homes.
type homeViews struct {
	listing  *listing
	extender Extender
	rules    *rulebook
	refusals *refusals
	gate     *access.Gate
	past     PastStore
	spent    Spent
	state    func(ctx context.Context) State // nil if nobody knows
	limits   Limits
	now      func() time.Time
	logger   *slog.Logger
}

// view makes the Home of a person whom the policy has judged. running are the running meetings, or err says why nobody knows
// them.
func (v *homeViews) view(ctx context.Context, in interaction, running []meeting.Meeting, err error) home {
	h := home{at: v.now()}
	if why := v.mayNothing(ctx, in); why != "" {
		h.none = in.say.Say(i18n.ListOwnNone, nil)
		h.may = []string{why, in.say.Say(i18n.HomeAsk, i18n.Data{"Whom": v.refusals.whom(in)})}
		return h
	}
	if err != nil {
		h.none = v.refusals.serviceFailed(ctx, in, err).Text
	} else {
		v.addMeetings(ctx, in, running, &h)
	}
	h.may, h.last = v.saysRights(ctx, in), v.saysLast(ctx, in)
	if in.verdict.Admin() {
		v.addState(ctx, in, &h)
	}
	return h
}

// mayNothing says why the person may extend no meeting at all; empty if they may.
func (v *homeViews) mayNothing(ctx context.Context, in interaction) string {
	switch {
	case in.verdict.Allowed:
		return ""
	case !in.verdict.NeedsHost:
		return v.refusals.denied(in, in.verdict.Refusal).Text
	}
	mayHost, err := v.gate.MayHost(ctx, in.subject)
	switch {
	case mayHost || err != nil:
		return ""
	case len(in.verdict.Failed) > 0:
		return v.refusals.denied(in, access.LookupFailed).Text
	}
	return in.say.Say(i18n.HomeNoAccount, nil)
}

func (v *homeViews) addMeetings(ctx context.Context, in interaction, running []meeting.Meeting, h *home) {
	all := v.listing.seen(ctx, in, running)
	seen := all.own(in)
	if h.all = in.verdict.SeesAll && all.unknown; h.all {
		seen = all.all
	}
	shown := make([]meeting.Meeting, min(len(seen), homeMeetings))
	for i := range shown {
		shown[i] = seen[i].Meeting
	}
	h.hidden, h.dialog = len(seen)-len(shown), len(all.all) > 0
	h.rest = saysRest(in, len(all.all), len(seen))
	switch {
	case len(seen) > 0:
	case h.all:
		h.none = in.say.Say(i18n.ListNone, nil)
	case all.unknown:
		h.none = in.say.Say(i18n.ListOwnUnknown, nil)
	default:
		h.none = in.say.Say(i18n.ListOwnNone, nil)
	}
	left := v.listing.further.each(ctx, shown, in.actor())
	for i, outlook := range v.listing.foresees.all(ctx, shown) {
		m := shown[i]
		in.sight = seen[i].sight
		entry := homeMeeting{meeting: m, sight: in.sight, text: in.say.Say(i18n.Status, i18n.Data{
			"Meeting": in.named(m), "End": in.date(m.End), "Remaining": remaining(in.say, m.End.Sub(h.at)),
		})}
		entry.next = i18n.Join(saysObstacles(in.say, m), v.listing.foresees.saysAbout(in.speech(), outlook))
		if entry.next == "" {
			entry.next = v.listing.foresees.says(in.speech(), outlook)
		}
		entry.next = i18n.Join(saysAwaited(in.say, left[i].awaited), entry.next)
		if m.ProlongMinutes <= 0 && m.End.After(h.at) {
			entry.row = homeRow(in.say, m, left[i].AtOnce)
		}
		h.meetings = append(h.meetings, entry)
	}
}

// saysRights says what the person may, and how much.
func (v *homeViews) saysRights(ctx context.Context, in interaction) (lines []string) {
	whom := i18n.Data{"Whom": v.refusals.whom(in)}
	switch {
	case in.verdict.Admin():
		lines = append(lines, in.say.Say(i18n.HomeMayAdmin, nil))
	case in.verdict.Allowed:
		lines = append(lines, in.say.Say(i18n.HomeMayAll, nil))
	default:
		lines = append(lines, in.say.Say(i18n.NotYoursNext, whom))
	}
	if v.limits.MaxTotalMinutes > 0 {
		lines = append(lines, in.say.Say(i18n.HelpLimitsTotal, i18n.Data{"Count": v.limits.MaxMinutes, "Run": v.limits.MaxTotalMinutes}))
	} else {
		lines = append(lines, in.say.Say(i18n.HelpLimits, i18n.Data{"Count": v.limits.MaxMinutes}))
	}
	if v.limits.DailyMinutes > 0 && v.spent != nil {
		used, err := v.spent.DailyMinutes(ctx, []extension.Actor{in.actor()})
		if err != nil {
			v.logger.WarnContext(ctx, "a Home goes without what is left for the day", "error", err)
			return lines
		}
		left := max(0, v.limits.DailyMinutes-used[in.actor()])
		lines = append(lines, in.say.Say(i18n.HomeDaily, i18n.Data{"Count": left, "Limit": v.limits.DailyMinutes}))
	}
	return lines
}

func (v *homeViews) saysLast(ctx context.Context, in interaction) (lines []string) {
	last, err := v.past.Past(ctx, store.Past{By: in.actor()}, homeLast)
	if err != nil {
		v.logger.WarnContext(ctx, "a Home goes without the last extensions", "error", err)
	}
	sights, err := v.gate.Sights(ctx, in.subject)
	if err != nil {
		v.logger.WarnContext(ctx, "a Home goes without the titles of the last extensions", "error", err)
	}
	for _, e := range last {
		lines = append(lines, saysDone(in, sights(e.Meeting(), access.Watch{}), e))
	}
	return lines
}

// addState adds how the bot is.
func (v *homeViews) addState(ctx context.Context, in interaction, h *home) {
	if v.state != nil {
		state := v.state(ctx)
		h.state = append(h.state, in.say.Say(i18n.HomeSockets, i18n.Data{"Count": state.Sockets}))
		if !state.LastLook.IsZero() {
			h.state = append(h.state, in.say.Say(i18n.HomeLooked, i18n.Data{"At": in.date(state.LastLook)}))
		}
		key := i18n.HomeReady
		if len(state.Reasons) > 0 {
			key = i18n.HomeNotReady
		}
		h.state, h.reasons = append(h.state, in.say.Say(key, nil)), slices.Clone(state.Reasons)
	}
	if paused := v.rules.pausedNote(ctx, in); paused != "" {
		h.state = append(h.state, paused)
	} else {
		h.state = append(h.state, in.say.Say(i18n.HomeNotPaused, nil))
	}
}
