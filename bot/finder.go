package bot

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/overtime-bot/overtime/bot/access"
	"github.com/overtime-bot/overtime/bot/i18n"
	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/scheduler/extension"
)

// finder finds the meeting that a person names, if they may extend or see it. Otherwise it gives the refusal.
type finder struct {
	extender Extender
	further  *further
	running  *running
	bookings Bookings
	gate     *access.Gate
	rules    *rulebook
	prompts  Prompts
	refusals *refusals
	now      func() time.Time
	logger   *slog.Logger

	limits Limits
}

// toExtend finds a running meeting that the person may extend, and what they may know of it.
func (f *finder) toExtend(ctx context.Context, in interaction) (interaction, meeting.Meeting, Reply, bool) {
	in, asked, ok := f.numbered(ctx, in)
	switch {
	case !ok:
		return in, meeting.Meeting{}, asked, false
	case !in.verdict.Allowed:
		return f.listed(ctx, in, f.extender.Find)
	}
	found, err := f.extender.Find(ctx, in.command.Meeting)
	switch {
	case missing(err) && !in.verdict.SeesAll: // what a meeting is called, or will be, is not theirs to know
		return in, found, f.notYours(in), false
	case err != nil:
		return in, found, f.notFound(ctx, in, err), false
	}
	return f.sighted(ctx, in, found), found, Reply{}, true
}

// toWatch is toExtend also for a meeting that is still to come. Only those who see everything may know that it is booked.
func (f *finder) toWatch(ctx context.Context, in interaction) (interaction, meeting.Meeting, Reply, bool) {
	in, asked, ok := f.numbered(ctx, in)
	switch {
	case !ok:
		return in, meeting.Meeting{}, asked, false
	case !in.verdict.SeesAll:
		return f.toExtend(ctx, in)
	}
	found, err := f.extender.Find(ctx, in.command.Meeting)
	if missing(err) {
		booked, notBooked := f.bookings.Booked(ctx, in.command.Meeting)
		if notBooked == nil && booked.End.After(f.now()) {
			return f.sighted(ctx, in, booked), booked, Reply{}, true
		}
	}
	if err != nil {
		return in, found, f.notFound(ctx, in, err), false
	}
	return f.sighted(ctx, in, found), found, Reply{}, true
}

// toSee finds a meeting that the person may see, as it is now. To extend from a channel is not to see every meeting,
// but those that the channel watches.
func (f *finder) toSee(ctx context.Context, in interaction) (interaction, meeting.Meeting, Reply, bool) {
	in, asked, ok := f.numbered(ctx, in)
	switch {
	case !ok:
		return in, meeting.Meeting{}, asked, false
	case !in.verdict.SeesAll:
		return f.listed(ctx, in, f.extender.Look)
	}
	found, err := f.extender.Look(ctx, in.command.Meeting)
	if err != nil {
		return in, found, f.notFound(ctx, in, err), false
	}
	return f.sighted(ctx, in, found), found, Reply{}, true
}

// sighted says what the person may know of a meeting. Where that cannot be found out, they read its number.
func (f *finder) sighted(ctx context.Context, in interaction, m meeting.Meeting) interaction {
	sight, err := f.gate.Sight(ctx, in.subject, m, f.watchOf(ctx, in, m))
	if err != nil {
		f.logger.WarnContext(ctx, "a host could not be looked up: an answer goes without a title", "meeting", m.ID, "error", err)
	}
	in.sight = sight
	return in
}

// watchOf is the rule of a meeting, as far as it lets people see who ask from its channel.
func (f *finder) watchOf(ctx context.Context, in interaction, m meeting.Meeting) access.Watch {
	if !in.verdict.SeesWatched {
		return access.Watch{}
	}
	return watchOf(ownRule(m, f.rules.readable(ctx)))
}

// reader reads a running meeting by its number.
type reader func(ctx context.Context, id string) (meeting.Meeting, error)

// listed finds a meeting that a person hosts, or that the channel watches. Others learn nothing of it, be it from the answer
// or from the time that it takes: what decides is their own account and the list that all share, and the meeting itself is
// not read before it is theirs.
func (f *finder) listed(ctx context.Context, in interaction, read reader) (interaction, meeting.Meeting, Reply, bool) {
	m := meeting.Meeting{ID: in.command.Meeting}
	mayHost, err := f.gate.MayHost(ctx, in.subject)
	switch {
	case in.verdict.SeesWatched:
	case err != nil:
		return in, m, f.refusals.hostUnknown(ctx, in, err), false
	case !mayHost:
		return in, m, f.notYours(in), false
	}
	listed, err := f.extender.Listed(ctx, extension.RecentFor)
	if err != nil {
		return in, m, f.refusals.serviceFailed(ctx, in, err), false
	}
	for _, running := range listed {
		if running.ID == in.command.Meeting || running.RoomID == in.command.Meeting {
			m = running
			break
		}
	}
	in.sight, err = f.gate.Sight(ctx, in.subject, m, f.watchOf(ctx, in, m))
	switch {
	case err != nil && !missing(err):
		return in, m, f.refusals.hostUnknown(ctx, in, err), false
	case !in.sight.Shows(m):
		return in, m, f.notYours(in), false
	}
	now, err := read(ctx, m.ID)
	switch {
	case missing(err), err == nil && !in.sight.Shows(now): // what was theirs is over
		return in, m, f.notYours(in), false
	case err != nil:
		return in, m, f.refusals.serviceFailed(ctx, in, err), false
	}
	return in, now, Reply{}, true
}

// notYours depends on nothing that is known of the meeting. If a group or a channel could not be looked up, that may be
// the reason, and the answer says so instead.
func (f *finder) notYours(in interaction) Reply {
	if len(in.verdict.Failed) > 0 {
		return f.refusals.denied(in, access.LookupFailed)
	}
	if in.action != nil && in.action.Prompt != 0 { // the meeting stands above the button
		return f.refusals.denied(in, access.NotListed)
	}
	data := i18n.Data{"Meeting": in.command.Meeting, "Whom": f.refusals.whom(in)}
	switch {
	case in.command.Meeting != "" && (in.action != nil || in.submitted != nil): // they saw it where they pressed
		data["Meeting"], data["Command"] = bold(in.command.Meeting), in.typed("list")
		return in.reply(Refusal, i18n.PressedNotYours, i18n.PressedNotYoursNext, data)
	case in.command.Unnamed():
		return in.reply(Refusal, i18n.ListOwnNone, i18n.NotYoursNext, data)
	case in.command.Title != "":
		data["Meeting"] = quoted(in.command.Title)
	}
	return in.reply(Refusal, i18n.NotYours, i18n.NotYoursNext, data)
}

// notFound says why a meeting is not there, to somebody who may see every meeting.
func (f *finder) notFound(ctx context.Context, in interaction, err error) Reply {
	if !missing(err) {
		return f.refusals.serviceFailed(ctx, in, err)
	}
	id := in.command.Meeting
	booked, notBooked := f.bookings.Booked(ctx, id)
	service, _ := errors.AsType[*meeting.Error](err)
	switch {
	case notBooked == nil && booked.Start.After(f.now()):
		return f.notNow(ctx, in, booked, i18n.NotRunningYet, i18n.NotRunningYetNext)
	case notBooked == nil && booked.End.After(f.now()):
		return f.notNow(ctx, in, booked, i18n.NobodyIn, i18n.NobodyInNext)
	case notBooked == nil || service != nil && closedCodes[service.Code]:
		return ended(in, bold(id))
	}
	return in.reply(Refusal, i18n.NoMeeting, i18n.NoMeetingNext, i18n.Data{"Meeting": id, "Command": in.typed("list")})
}

// notNow says why a meeting that is booked cannot be extended yet.
func (f *finder) notNow(ctx context.Context, in interaction, booked meeting.Meeting, text, next i18n.Key) Reply {
	heading := headingOf(f.sighted(ctx, in, booked).sight, booked)
	reply := in.reply(Telling, text, next, i18n.Data{"Meeting": heading.Name})
	reply.Heading = heading
	return reply
}
