package bot

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/overtime-bot/overtime/bot/access"
	"github.com/overtime-bot/overtime/bot/i18n"
	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/scheduler"
	"github.com/overtime-bot/overtime/scheduler/extension"
)

// finder finds the meeting that a person names, if they may extend or see it. Otherwise it gives the refusal.
type finder struct {
	extender Extender
	bookings Bookings
	gate     *access.Gate
	refusals *refusals
	now      func() time.Time
	logger   *slog.Logger
}

// toExtend finds a running meeting that the person may extend.
func (f *finder) toExtend(ctx context.Context, in interaction) (meeting.Meeting, Reply, bool) {
	if !in.verdict.Allowed {
		return f.asHost(ctx, in, f.extender.Find)
	}
	found, err := f.extender.Find(ctx, in.command.Meeting)
	switch {
	case missing(err) && !in.verdict.SeesAll: // what a meeting is called, or will be, is not theirs to know
		return found, f.notYours(in), false
	case err != nil:
		return found, f.notFound(ctx, in, err), false
	}
	return found, Reply{}, true
}

// toWatch is toExtend also for a meeting that is still to come. Only those who see everything may know that it is booked.
func (f *finder) toWatch(ctx context.Context, in interaction) (meeting.Meeting, Reply, bool) {
	if !in.verdict.SeesAll {
		return f.toExtend(ctx, in)
	}
	found, err := f.extender.Find(ctx, in.command.Meeting)
	if missing(err) {
		booked, notBooked := f.bookings.Booked(ctx, in.command.Meeting)
		if notBooked == nil && booked.End.After(f.now()) {
			return booked, Reply{}, true
		}
	}
	if err != nil {
		return found, f.notFound(ctx, in, err), false
	}
	return found, Reply{}, true
}

// toSee finds a meeting that the person may see, as it is now. To extend from a channel is not to see every meeting,
// but those that the channel watches.
func (f *finder) toSee(ctx context.Context, in interaction, rules map[string]scheduler.Rule) (meeting.Meeting, Reply, bool) {
	if !in.verdict.SeesAll {
		return f.listed(ctx, in, f.extender.Look, func(m meeting.Meeting) bool { return in.verdict.Sees(false, watchedFrom(in, m, rules)) })
	}
	found, err := f.extender.Look(ctx, in.command.Meeting)
	if err != nil {
		return found, f.notFound(ctx, in, err), false
	}
	return found, Reply{}, true
}

// asHost finds a meeting for somebody who has no other right to it than as its host.
func (f *finder) asHost(ctx context.Context, in interaction, read reader) (meeting.Meeting, Reply, bool) {
	return f.listed(ctx, in, read, func(meeting.Meeting) bool { return false })
}

// reader reads a running meeting by its number.
type reader func(ctx context.Context, id string) (meeting.Meeting, error)

// listed finds a meeting that a person hosts, or may know for another reason. Others learn nothing of it, be it from the
// answer or from the time that it takes: what decides is their own account and the list that all share, and the meeting
// itself is not read before it is theirs.
func (f *finder) listed(ctx context.Context, in interaction, read reader, known func(meeting.Meeting) bool) (meeting.Meeting, Reply, bool) {
	mayHost, err := f.gate.MayHost(ctx, in.subject)
	switch {
	case in.verdict.SeesWatched:
	case err != nil:
		return meeting.Meeting{}, f.refusals.hostUnknown(ctx, in, err), false
	case !mayHost:
		return meeting.Meeting{}, f.notYours(in), false
	}
	listed, err := f.extender.Listed(ctx)
	if err != nil {
		return meeting.Meeting{}, f.refusals.serviceFailed(ctx, in, err), false
	}
	id := in.command.Meeting
	m := meeting.Meeting{ID: id}
	for _, running := range listed {
		if running.ID == id || running.RoomID == id {
			m = running
			break
		}
	}
	if !known(m) {
		hosts, err := f.gate.AsHost(ctx, in.subject, m)
		switch {
		case err != nil && !missing(err):
			return m, f.refusals.hostUnknown(ctx, in, err), false
		case !hosts:
			return m, f.notYours(in), false
		}
	}
	now, err := read(ctx, m.ID)
	switch {
	case missing(err), err == nil && extension.RunOf(now) != extension.RunOf(m): // what was theirs is over
		return m, f.notYours(in), false
	case err != nil:
		return m, f.refusals.serviceFailed(ctx, in, err), false
	}
	return now, Reply{}, true
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
	return in.reply(Refusal, i18n.NotYours, i18n.NotYoursNext, i18n.Data{"Meeting": in.command.Meeting, "Whom": f.refusals.whom(in.say)})
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
		reply := in.reply(Telling, i18n.NotRunningYet, i18n.NotRunningYetNext, i18n.Data{"Meeting": id})
		reply.About = titleOf(booked)
		return reply
	case notBooked == nil || service != nil && closedCodes[service.Code]:
		return ended(in, id)
	}
	return in.reply(Refusal, i18n.NoMeeting, i18n.NoMeetingNext, i18n.Data{"Meeting": id, "Command": in.typed("list")})
}
