package bot

import (
	"cmp"
	"context"
	"log/slog"
	"time"

	"github.com/overtime-bot/overtime/bot/grammar"
	"github.com/overtime-bot/overtime/bot/i18n"
	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/scheduler/extension"
	"github.com/overtime-bot/overtime/scheduler/store"
)

// outcomes says what came of an extension, and offers what can be done next.
type outcomes struct {
	extender Extender
	refusals *refusals
	limits   Limits
	logger   *slog.Logger
}

// reply says what came of a request.
func (o *outcomes) reply(ctx context.Context, in interaction, request extension.Request, result extension.Result, err error) (reply Reply) {
	if err != nil {
		return o.refusals.notExtended(ctx, in, err)
	}
	end := i18n.Data{"End": in.date(result.Meeting.End)}
	switch result.Outcome {
	case extension.DidConfirm:
		reply = o.confirmed(ctx, in, result)
	case extension.DidAccept:
		reply = in.reply(Waiting, i18n.Accepted, i18n.AcceptedNext, end)
	case extension.NotKnown:
		reply = in.reply(Waiting, i18n.Unknown, i18n.UnknownNext, nil)
	case extension.DidRefuse:
		reply = in.reply(Refusal, i18n.JoinedRefusal, i18n.MovedNext, nil)
		if result.Err != nil { // else an equal request was refused, or another process gave it up
			reply = o.refusals.serviceRefused(ctx, in, result.Err)
		}
	case extension.NoEffect, extension.NotClear:
		again := in.typed(extendCommand(request.Meeting.ID, min(request.Minutes, o.limits.MaxMinutes)).String())
		reply = o.settled(ctx, in, again, extension.Notice{Extension: result.Extension, Meeting: result.Meeting})
	case extension.Busy:
		status := in.typed("status " + request.Meeting.ID)
		reply = in.reply(Waiting, i18n.Busy, i18n.BusyNext, i18n.Data{"Who": who(result.By.Actor), "Command": status})
	case extension.Already:
		reply = o.already(ctx, in, result.By)
	case extension.Moved:
		reply = in.reply(Telling, i18n.Moved, i18n.MovedNext, end)
	case extension.Ended:
		reply = ended(in, request.Meeting.ID)
	default:
		reply = o.limited(in, request, result)
	}
	if result.Outcome == extension.DidAccept || result.Outcome == extension.NotKnown {
		reply.Pending, reply.Promised = true, result.Extension.ID
	}
	if reply.Heading.Name == "" {
		reply.Heading = headingOf(in.sight, result.Meeting)
	}
	if title := in.sight.Booked(result.Booked); title != "" && roomStops(result) {
		reply.About = append(reply.About, in.say.Say(i18n.BookedFor, i18n.Data{"Subject": plain(title, aboutLimit)}))
	}
	return reply
}

// roomStops says that the room's next booking leaves no time for more.
func roomStops(result extension.Result) bool {
	booked := result.Booked.Start
	return !booked.IsZero() && booked.Sub(result.Meeting.End) < time.Minute
}

// already says who did the same before, and when the meeting ends by now.
func (o *outcomes) already(ctx context.Context, in interaction, by extension.Extension) Reply {
	end := by.After
	if now, err := o.extender.Look(ctx, by.MeetingID); err == nil && extension.RunOf(now) == by.Run {
		end = now.End
	}
	data := i18n.Data{"Who": who(by.Actor), "End": in.date(end), "Command": in.typed("status " + by.MeetingID)}
	if by.State == extension.Accepted && end.Before(by.Target) {
		return in.reply(Waiting, i18n.Accepted, i18n.BusyNext, data)
	}
	return in.reply(Done, i18n.Already, "", data)
}

// confirmed tells the verified new end, and what is left.
func (o *outcomes) confirmed(ctx context.Context, in interaction, result extension.Result) Reply {
	added := int(result.Extension.After.Sub(result.Extension.Before) / time.Minute)
	if added <= 0 {
		added = result.Extension.Minutes
	}
	left, offers := o.more(ctx, in.say, result.Extension, result.Booked.Start)
	if roomStops(result) {
		left = i18n.Join(in.say.Say(i18n.ClippedToRoom, i18n.Data{"Start": in.date(result.Booked.Start)}), left)
	}
	return Reply{
		Tone: Done, Own: true, Next: left, Offers: offers,
		Text: in.say.Say(i18n.Extended, i18n.Data{
			"Meeting": in.named(result.Meeting), "Count": min(added, result.Extension.Minutes), "End": in.date(result.Meeting.End),
		}),
	}
}

// more says what is left of the run after a confirmed extension, and offers more minutes from the end that it made, as
// far as the limits and the room's next booking allow. The extension's own row stands for these buttons.
func (o *outcomes) more(ctx context.Context, say i18n.Printer, e extension.Extension, booked time.Time) (sentence string, offers []Offer) {
	left, err := o.extender.Left(ctx, e.Run, e.Pays())
	if err != nil {
		o.logger.WarnContext(ctx, "what is left of a limit could not be read", "error", err)
		return "", nil
	}
	if left.Limited {
		sentence = say.Say(i18n.LeftOfRun, i18n.Data{"Count": left.Run, "Limit": o.limits.MaxTotalMinutes})
	}
	atOnce := left.AtOnce
	if !booked.IsZero() {
		atOnce = min(atOnce, int(booked.Sub(e.After)/time.Minute))
	}
	for _, minutes := range offeredSteps {
		if minutes <= atOnce {
			label := say.Say(i18n.ButtonMore, i18n.Data{"Count": minutes})
			offers = append(offers, Offer{Label: label, Action: store.Action{
				ID: store.OfferID(e, minutes), Verb: store.VerbMore, Minutes: minutes,
			}})
		}
	}
	return sentence, offers
}

// limited says which limit stood in the way, and what it leaves.
func (o *outcomes) limited(in interaction, request extension.Request, result extension.Result) Reply {
	less := in.typed(extendCommand(request.Meeting.ID, result.Left).String())
	if result.Outcome == extension.TooMany {
		data := i18n.Data{"Count": request.Minutes, "Limit": o.limits.MaxMinutes, "Command": less}
		return in.reply(Refusal, i18n.TooMany, i18n.TooManyNext, data)
	}
	if result.Limit == extension.LimitRoom {
		return in.reply(Refusal, i18n.LimitRoom, i18n.LimitRoomNext, i18n.Data{"Start": in.date(result.Booked.Start)})
	}
	if result.Limit == extension.LimitPerson {
		return in.reply(Refusal, i18n.LimitPerson, i18n.LimitPersonNext, i18n.Data{"Count": o.limits.PersonRate})
	}
	some, none, limit := i18n.LimitRun, i18n.LimitRunNone, o.limits.MaxTotalMinutes
	if result.Limit == extension.LimitDaily {
		some, none, limit = i18n.LimitDaily, i18n.LimitDailyNone, o.limits.DailyMinutes
	}
	data := i18n.Data{"Count": limit, "Whom": o.refusals.whom(in), "Command": less}
	if result.Left <= 0 {
		return in.reply(Refusal, none, i18n.LimitNextNone, data)
	}
	text := in.say.Say(some, i18n.Data{"Count": result.Left, "Limit": limit})
	return Reply{Tone: Refusal, Text: text, Next: in.say.Say(i18n.LimitNextLess, data)} // which counts nothing
}

// settled says how an extension in doubt came out. again is the command that sends it again.
func (o *outcomes) settled(ctx context.Context, in interaction, again string, notice extension.Notice) Reply {
	latest := cmp.Or(notice.Meeting.End, notice.Extension.After)
	tone, text, next := Failed, i18n.SettledUnclear, i18n.SettledUnclearNext
	switch state := notice.Extension.State; {
	case state == extension.Confirmed:
		tone, text, next = Done, i18n.SettledConfirmed, ""
	case state == extension.Refused:
		text, next = i18n.SettledNothing, i18n.SettledVoidNext
	case state == extension.Void && notice.Extension.Reason == extension.ReasonOtherEnd:
		tone, text, next = Telling, i18n.SettledMoved, ""
	case state == extension.Void && watched(notice.Extension): // sent again, it could be done twice
		tone, text, next = Waiting, i18n.SettledWatched, i18n.SettledWatchedNext
		again = in.typed("status " + notice.Extension.MeetingID)
	case state == extension.Void:
		text, next = i18n.SettledVoid, i18n.SettledVoidNext
	case state == extension.Accepted && !notice.Over:
		text, next = i18n.SettledAccepted, i18n.SettledUnreadableNext
	case notice.Over:
		text, next = i18n.SettledOver, i18n.EndedNext
	case latest.IsZero():
		text, next = i18n.SettledUnreadable, i18n.SettledUnreadableNext
	}
	reply := in.reply(tone, text, next, i18n.Data{"End": in.date(latest), "Command": again})
	reply.Heading, reply.Offers = headingOf(in.sight, notice.Meeting), o.settledOffers(ctx, in.say, notice)
	return reply
}

// watched says that an extension without effect may still take effect: its end is looked at for some minutes.
func watched(e extension.Extension) bool { return !e.SettleAt.IsZero() }

// settledOffers offer more time after a success, and the same again after none.
func (o *outcomes) settledOffers(ctx context.Context, say i18n.Printer, notice extension.Notice) (offers []Offer) {
	e := notice.Extension
	switch {
	case e.Minutes == 0:
	case e.State == extension.Confirmed:
		_, offers = o.more(ctx, say, e, time.Time{})
	case e.State == extension.Void && !watched(e) && e.Reason != extension.ReasonOtherEnd:
		offers = []Offer{offerMinutes(say.Say(i18n.ButtonAgain, nil), e.Run, e.MeetingID, e.Minutes, e.Before)}
	case e.State == extension.Refused:
		offers = o.offerNow(ctx, say, extendCommand(e.MeetingID, e.Minutes))
	}
	return offers
}

// offerNow offers a command that was not carried out, for the run that is on now. It offers nothing if that is not known:
// later the number may be that of another run.
func (o *outcomes) offerNow(ctx context.Context, say i18n.Printer, command grammar.Command) []Offer {
	if command.Verb != grammar.VerbExtend {
		return nil
	}
	m, err := o.extender.Find(meeting.Looking(ctx), command.Meeting)
	if err != nil {
		o.logger.WarnContext(ctx, "an answer goes without its button: the meeting could not be read", "error", err)
		return nil
	}
	label, run := say.Say(i18n.ButtonNow, nil), extension.RunOf(m)
	if command.Amount.Kind == grammar.ForMinutes {
		return []Offer{offerMinutes(label, run, m.ID, command.Amount.Count, m.End)}
	}
	return []Offer{{Label: label, Action: store.Action{
		Verb: verbAgain, Run: run, MeetingID: m.ID, Command: command.String(), OfferedEnd: m.End, Expires: m.End,
	}}}
}
