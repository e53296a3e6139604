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
	found, err := f.extender.Find(ctx, in.command.Meeting)
	return f.judge(ctx, in, found, err)
}

// toWatch is toExtend also for a meeting that is still to come. Only its host, and those who see everything, may know
// that it is booked.
func (f *finder) toWatch(ctx context.Context, in interaction) (meeting.Meeting, Reply, bool) {
	found, err := f.extender.Find(ctx, in.command.Meeting)
	if !missing(err) {
		return f.judge(ctx, in, found, err)
	}
	booked, notBooked := f.bookings.Booked(ctx, in.command.Meeting)
	if notBooked != nil || !booked.End.After(f.now()) {
		return f.judge(ctx, in, found, err)
	}
	if !in.verdict.SeesAll {
		return f.asHost(ctx, in, booked, nil)
	}
	return booked, Reply{}, true
}

// judge says whether the person may extend a meeting that was looked for; err is the error of that.
func (f *finder) judge(ctx context.Context, in interaction, found meeting.Meeting, err error) (meeting.Meeting, Reply, bool) {
	switch {
	case !in.verdict.Allowed:
		return f.asHost(ctx, in, found, err)
	case missing(err) && !in.verdict.SeesAll: // what a meeting is called, or will be, is not theirs to know
		return found, f.notYours(in), false
	case err != nil:
		return found, f.notFound(ctx, in, err), false
	}
	return found, Reply{}, true
}

// toSee finds a meeting that the person may see, as it is now. To extend from a channel is not to see every meeting,
// but those that the channel watches.
func (f *finder) toSee(ctx context.Context, in interaction, rules map[string]scheduler.Rule) (meeting.Meeting, Reply, bool) {
	found, err := f.extender.Look(ctx, in.command.Meeting)
	switch {
	case err == nil && in.verdict.Sees(false, watchedFrom(in, found, rules)):
	case !in.verdict.SeesAll:
		return f.asHost(ctx, in, found, err)
	case err != nil:
		return found, f.notFound(ctx, in, err), false
	}
	return found, Reply{}, true
}

// asHost asks whether the meeting is this person's own. Whether it is not there or not theirs, the answer is the same.
func (f *finder) asHost(ctx context.Context, in interaction, found meeting.Meeting, err error) (meeting.Meeting, Reply, bool) {
	if missing(err) {
		return found, f.notYours(in), false
	}
	if err != nil {
		return found, f.refusals.serviceFailed(ctx, in, err), false
	}
	hosts, err := f.gate.AsHost(ctx, in.subject, found)
	if err != nil {
		f.logger.WarnContext(ctx, "a host could not be looked up: nobody passes as the host", "error", err)
	}
	if !hosts {
		return found, f.notYours(in), false
	}
	return found, Reply{}, true
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
