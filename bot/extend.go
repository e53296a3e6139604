package bot

import (
	"context"
	"errors"
	"time"

	"github.com/overtime-bot/overtime/bot/grammar"
	"github.com/overtime-bot/overtime/bot/i18n"
	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/scheduler/extension"
)

// extending is `/extend <meeting> [minutes]`, and the buttons that extend.
type extending struct {
	finder   *finder
	extender Extender
	outcomes *outcomes
	suggests *suggesting
	follower *follower
	limits   Limits
	now      func() time.Time
}

// extendTries is how often a request is worked out again that depends on the end, or on what is left.
const extendTries = 3

func (x *extending) extend(ctx context.Context, in interaction) Reply {
	if known, ok := x.known(in); ok {
		if reply, over := x.extendRun(ctx, x.finder.sighted(ctx, in, known), known); !over {
			return reply
		}
	}
	in, found, refusal, ok := x.finder.toExtend(ctx, in)
	if !ok {
		if refusal.Tone == Asking { // no meeting could get that
			if reply, passed := x.timePassed(ctx, in); passed {
				return reply
			}
		}
		return refusal
	}
	reply, _ := x.extendRun(ctx, in, found)
	return reply
}

// known spares the reading of which run is on, for those who may extend whichever it is: the end is read in any case before
// anything is sent. A time of day is reckoned from the end as it is now.
func (x *extending) known(in interaction) (meeting.Meeting, bool) {
	if in.action != nil || !in.verdict.Allowed || in.command.Amount.Kind == grammar.UntilClock {
		return meeting.Meeting{}, false
	}
	return x.extender.Known(in.command.Meeting)
}

// extendRun extends a run, and says whether it was over.
func (x *extending) extendRun(ctx context.Context, in interaction, found meeting.Meeting) (reply Reply, over bool) {
	request := extension.Request{
		Key: in.from.envelope, Envelope: in.from.envelope, Holder: in.from.holder,
		Meeting: found, Origin: extension.FromCommand, Actor: in.actor(),
	}
	if in.action != nil {
		if in.action.Run != "" && in.action.Run != extension.RunOf(found) {
			return overForButton(in), true
		}
		// Buttons for the same run and end are one wish: ten people who press get one extension.
		request.Key = extension.OfferKey(in.action.Run, in.action.OfferedEnd)
		request.Origin, request.OfferedEnd = extension.FromButton, in.action.OfferedEnd
	}
	if in.submitted != nil {
		if in.submitted.run != extension.RunOf(found) {
			return ended(in, found.ID), true
		}
		request.Key, request.OfferedEnd = in.submitted.key, in.submitted.offeredEnd
	}
	amount := in.command.Amount
	if amount.Kind == grammar.UntilClock {
		return x.until(ctx, in, request), false
	}
	var err error
	if request.Minutes, err = amount.Minutes(x.moment(in, found)); err != nil {
		return x.amountRefused(ctx, in, found, err), false
	}
	for try := 1; ; try++ {
		result, err := x.extender.Extend(ctx, request)
		less := amount.Kind == grammar.ToMaximum && result.Outcome == extension.Limited && result.Left > 0 && result.Left < request.Minutes
		if err != nil || !less || try == extendTries {
			return x.outcomes.reply(ctx, in, request, result, err), err == nil && result.Outcome == extension.Ended
		}
		request.Minutes = result.Left
	}
}

// until reckons the minutes from the end as it is now, and again if that moves meanwhile.
func (x *extending) until(ctx context.Context, in interaction, request extension.Request) Reply {
	for try := 1; ; try++ {
		now, err := x.extender.Look(ctx, request.Meeting.ID)
		if err != nil {
			return x.finder.notFound(ctx, in, err)
		}
		if extension.RunOf(now) != extension.RunOf(request.Meeting) { // what was authorised is over
			return ended(in, in.named(request.Meeting))
		}
		if in.action != nil && !now.End.Equal(in.action.OfferedEnd) {
			return x.outcomes.reply(ctx, in, request, extension.Result{Outcome: extension.Moved, Meeting: now}, nil)
		}
		request.Meeting, request.OfferedEnd = now, now.End
		if request.Minutes, err = in.command.Amount.Minutes(x.moment(in, now)); err != nil {
			return x.amountRefused(ctx, in, now, err)
		}
		result, err := x.extender.Extend(ctx, request)
		if err != nil || result.Outcome != extension.Moved || try == extendTries {
			return x.outcomes.reply(ctx, in, request, result, err)
		}
	}
}

func (x *extending) moment(in interaction, m meeting.Meeting) grammar.Moment {
	return grammar.Moment{
		Now: x.now(), End: m.End, Zone: in.zone, Default: x.limits.DefaultMinutes, Limits: []int{x.limits.MaxMinutes},
	}
}

// amountRefused says why what was asked for is no number of minutes now.
func (x *extending) amountRefused(ctx context.Context, in interaction, m meeting.Meeting, err error) Reply {
	amount, _ := errors.AsType[*grammar.AmountError](err)
	if amount != nil && amount.Problem == grammar.NotAfterEnd {
		reply := in.reply(Telling, i18n.EndLater, i18n.EndLaterNext, i18n.Data{"Meeting": in.named(m), "End": in.date(m.End)})
		reply.Heading = headingOf(in.sight, m)
		return reply
	}
	command := in.typed(x.suggests.other(ctx, in, m).String())
	reply := x.noSuchTime(in, amount, command)
	if amount != nil && amount.Problem == grammar.HasPassed {
		reply.Text = in.say.Say(i18n.TimePassed, i18n.Data{"Meeting": in.named(m), "At": in.day(amount.Until), "End": in.date(m.End)})
		reply.Heading = headingOf(in.sight, m)
	}
	return reply
}

// timePassed says that the time of day that was asked for has passed, before anybody is asked for which meeting.
func (x *extending) timePassed(ctx context.Context, in interaction) (Reply, bool) {
	if in.command.Amount.Kind != grammar.UntilClock {
		return Reply{}, false
	}
	_, err := x.suggests.ahead(in, in.command)
	amount, _ := errors.AsType[*grammar.AmountError](err)
	if amount == nil || amount.Problem == grammar.NotAfterEnd {
		return Reply{}, false
	}
	instead := in.command
	instead.Amount.Hour = (instead.Amount.Hour + 12) % 24
	fitting, ok := x.suggests.fit(ctx, in, instead)
	if !ok {
		fitting = x.suggests.within(in.command.By(x.limits.DefaultMinutes))
	}
	return x.noSuchTime(in, amount, in.typed(fitting.String())), true
}

// noSuchTime says why a time of day cannot be the end of any meeting.
func (x *extending) noSuchTime(in interaction, amount *grammar.AmountError, command string) Reply {
	reply := Reply{
		Tone: Refusal, Why: i18n.NoSuchTime, Text: in.say.Say(i18n.NoSuchTime, i18n.Data{"Word": quoted(in.command.Amount.String())}),
		Next: i18n.Join(in.say.Say(i18n.NothingExtended, nil), in.say.Say(i18n.ParseNext, i18n.Data{"Command": command})),
	}
	switch {
	case amount != nil && amount.Problem == grammar.NoZone: // another's clock would be a guess
		reply.Tone, reply.Text = Failed, in.say.Say(i18n.ZoneUnknown, nil)
	case amount != nil && amount.Problem == grammar.HasPassed:
		reply.Text = in.say.Say(i18n.TimePassedAny, i18n.Data{"At": in.day(amount.Until)})
	}
	return reply
}

// press extends for the run and the end of the button. What one person reads does not replace a prompt that everybody
// reads, which follows its meeting.
func (x *extending) press(ctx context.Context, in interaction) Reply {
	reply := x.extend(ctx, in)
	if in.action.Prompt != 0 {
		return x.follower.follow(ctx, in, reply)
	}
	reply.Replaces = reply.Tone == Done
	return reply
}
