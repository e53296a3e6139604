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
	further  *further
	refusals *refusals
	effects  *effects
	limits   Limits
	logger   *slog.Logger
	// approvable says that administrators can be asked for what is beyond a limit.
	approvable bool
}

// reply says what came of a request, and for whom else.
func (o *outcomes) reply(ctx context.Context, in interaction, request extension.Request, result extension.Result, err error) Reply {
	if err != nil {
		return o.refusals.notExtended(ctx, in, err)
	}
	reply := o.cameOf(ctx, in, request, result)
	reply.Over = overOf(request, result)
	if result.Outcome == extension.DidAccept || result.Outcome == extension.NotKnown {
		reply.Pending, reply.Promised = true, result.Extension.ID
	}
	own := !result.Joined || result.Extension.Envelope == in.from.envelope // who joins another's did nothing more
	if result.Outcome == extension.DidConfirm && own {
		m := request.Meeting
		m.End = result.Meeting.End
		reply.Effect = o.effects.of(ctx, in, m, result.Extension)
	}
	if reply.Heading.Name == "" {
		reply.Heading = headingOf(in.sight, result.Meeting)
	}
	if title := in.sight.Booked(result.Booked); title != "" && roomStops(result) {
		reply.About = append(reply.About, in.say.Say(i18n.BookedFor, i18n.Data{"Subject": plain(title, aboutLimit)}))
	}
	return reply
}

// cameOf is what came of a request, in words.
func (o *outcomes) cameOf(ctx context.Context, in interaction, request extension.Request, result extension.Result) (reply Reply) {
	end := i18n.Data{"Meeting": in.named(result.Meeting), "End": in.date(result.Meeting.End)}
	switch result.Outcome {
	case extension.DidConfirm:
		if result.Extension.Platform {
			return o.handed(in, result)
		}
		reply = o.confirmed(ctx, in, request, result)
	case extension.DidAccept:
		reply = in.reply(Waiting, i18n.Accepted, i18n.AcceptedNext, end)
	case extension.NotKnown:
		reply = in.reply(Waiting, i18n.Unknown, i18n.UnknownNext, end)
		if result.Extension.Platform {
			reply.Text = in.say.Say(i18n.HandedUnknown, nil)
		}
	case extension.DidRefuse:
		reply = in.reply(Refusal, i18n.JoinedRefusal, i18n.MovedNext, nil)
		if result.Err != nil { // else an equal request was refused, or another process gave it up
			reply = o.further.hosts.instead(ctx, in, result, o.refusals.serviceRefused(ctx, in, result.Err))
		}
	case extension.NoEffect, extension.NotClear:
		again := in.typed(o.again(result.Extension).String())
		reply = o.settled(ctx, in, again, extension.Notice{Extension: result.Extension, Meeting: result.Meeting})
	case extension.Busy:
		if result.By.State == extension.Accepted {
			return o.further.awaits(in, result.Meeting, result.By)
		}
		status := in.typed("status " + request.Meeting.ID)
		reply = in.reply(Waiting, i18n.Busy, i18n.BusyNext, i18n.Data{"Meeting": in.named(result.Meeting), "Who": who(result.By.Actor), "Command": status})
	case extension.Already:
		reply = o.already(ctx, in, request.Meeting, result.By)
	case extension.Moved:
		reply = o.further.moved(ctx, in, result.Meeting)
	case extension.Ended:
		reply = ended(in, in.named(request.Meeting))
	default:
		reply = o.limited(ctx, in, request, result)
	}
	return reply
}

// roomStops says that the room's next booking leaves no time for more.
func roomStops(result extension.Result) bool {
	booked := result.Booked.Start
	return !booked.IsZero() && booked.Sub(result.Meeting.End) < time.Minute
}

// already says who did the same before, when the meeting ends by now, and what is still possible.
func (o *outcomes) already(ctx context.Context, in interaction, m meeting.Meeting, by extension.Extension) Reply {
	m.End = by.After
	if now, err := o.extender.Look(ctx, by.MeetingID); err == nil && extension.RunOf(now) == by.Run {
		m = now
	}
	data := i18n.Data{
		"Meeting": in.named(m), "Who": who(by.Actor), "End": in.date(m.End), "Command": in.typed("status " + by.MeetingID),
	}
	if by.Platform {
		return in.reply(Telling, i18n.HandedAlready, i18n.HandedNext, data)
	}
	if by.State == extension.Accepted && m.End.Before(by.Target) {
		return in.reply(Waiting, i18n.Accepted, i18n.BusyNext, data)
	}
	reply := in.reply(Done, i18n.Already, "", data)
	left := o.further.of(ctx, by.Run, m, in.actor())
	reply.Next, reply.Offers = o.further.next(ctx, in, m, left, by)
	return reply
}

// confirmed tells the verified new end, and what is left.
func (o *outcomes) confirmed(ctx context.Context, in interaction, request extension.Request, result extension.Result) Reply {
	e, m := result.Extension, request.Meeting
	added := int(e.After.Sub(e.Before) / time.Minute)
	if added <= 0 {
		added = e.Minutes
	}
	m.End, m.Extendable = result.Meeting.End, true // or it were not done
	left := o.further.within(ctx, e.Run, e.Pays()).before(m, result.Booked.Start)
	if result.Joined { // which says nothing of bookings
		left = o.further.of(ctx, e.Run, m, e.Pays())
	}
	next, offers := o.further.next(ctx, in, m, left, e)
	if roomStops(result) && left.By != extension.LimitRoom { // a limit leaves nothing, either
		next = i18n.Join(in.say.Say(i18n.ClippedToRoom, i18n.Data{"Start": in.date(result.Booked.Start)}), next)
	}
	return Reply{
		Tone: Done, Own: true, Next: next, Offers: offers,
		Text: in.say.Say(i18n.Extended, i18n.Data{"Meeting": in.named(m), "Count": min(added, e.Minutes), "End": in.date(m.End)}),
	}
}

// settled says how an extension in doubt came out. again is the command that sends it again.
func (o *outcomes) settled(ctx context.Context, in interaction, again string, notice extension.Notice) Reply {
	latest := cmp.Or(notice.Meeting.End, notice.Extension.After)
	tone, text, next := Failed, i18n.SettledUnclear, i18n.SettledUnclearNext
	switch state := notice.Extension.State; {
	case notice.Extension.Platform && state == extension.Confirmed:
		return o.handed(in, extension.Result{Extension: notice.Extension, Meeting: notice.Meeting})
	case state == extension.Confirmed:
		tone, text, next = Done, i18n.SettledConfirmed, ""
	case notice.Extension.Platform && state == extension.Unclear && !notice.Over && !latest.IsZero():
		text, next = i18n.HandedUnclear, i18n.HandedUnclearNext
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
	reply := in.reply(tone, text, next, i18n.Data{"Meeting": in.named(notice.Meeting), "End": in.date(latest), "Command": again})
	reply.Heading, reply.Offers = headingOf(in.sight, notice.Meeting), o.settledOffers(ctx, in, notice)
	if tone == Done {
		reply.Effect = o.effects.of(ctx, in, notice.Meeting, notice.Extension)
	}
	return reply
}

// handed says what was asked of the platform, and what nobody can confirm.
func (o *outcomes) handed(in interaction, result extension.Result) Reply {
	text := in.say.Say(i18n.Handed, nil)
	if each := result.Extension.Each; each > 0 {
		text = in.say.Say(i18n.HandedEach, i18n.Data{"Count": each})
	}
	reply := in.reply(Done, "", i18n.HandedNext, i18n.Data{"End": in.date(result.Meeting.End)})
	reply.Text, reply.Own = text, true
	return reply
}

// again is the command that asks for the same once more, within the limits.
func (o *outcomes) again(e extension.Extension) grammar.Command {
	if e.Platform {
		return handOverCommand(e.MeetingID, min(e.Each, o.limits.MaxMinutes))
	}
	return extendCommand(e.MeetingID, max(1, min(e.Minutes, o.limits.MaxMinutes)))
}

// watched says that an extension without effect may still take effect: its end is looked at for some minutes.
func watched(e extension.Extension) bool { return !e.SettleAt.IsZero() }

// settledOffers offer more time after a success, and the same again after none.
func (o *outcomes) settledOffers(ctx context.Context, in interaction, notice extension.Notice) (offers []Offer) {
	e, m := notice.Extension, notice.Meeting
	m.Extendable = m.Extendable || m.End.IsZero() || e.State == extension.Confirmed // nobody could read it, or it was done
	m.ID, m.End = e.MeetingID, cmp.Or(m.End, e.After)
	switch {
	case e.Platform:
	case notice.Over:
	case e.State == extension.Confirmed, e.State == extension.Void && e.Reason == extension.ReasonOtherEnd:
		_, offers = o.further.next(ctx, in, m, o.further.of(ctx, e.Run, m, e.Pays()), e)
	case e.State == extension.Void && !watched(e):
		m.End = e.Before
		if most := o.further.of(ctx, e.Run, m, e.Pays()).AtOnce; most > 0 {
			offers = []Offer{offerMinutes(in.say.Say(i18n.ButtonAgain, nil), e.Run, e.MeetingID, min(e.Minutes, most), e.Before)}
		}
	case e.State == extension.Refused:
		offers = o.offerNow(ctx, in, extendCommand(e.MeetingID, e.Minutes))
	}
	return offers
}

// offerNow offers a command that was not carried out, for the run that is on now. It offers nothing if that is not known:
// later the number may be that of another run.
func (o *outcomes) offerNow(ctx context.Context, in interaction, command grammar.Command) []Offer {
	if command.Verb != grammar.VerbExtend {
		return nil
	}
	m, err := o.extender.Find(meeting.Looking(ctx), command.Meeting)
	if err != nil {
		o.logger.WarnContext(ctx, "an answer goes without its button: the meeting could not be read", "error", err)
		return nil
	}
	label, run := in.say.Say(i18n.ButtonNow, nil), extension.RunOf(m)
	left := o.further.of(ctx, run, m, in.actor())
	if left.AtOnce == 0 {
		_, asks := o.further.next(ctx, in, m, left, extension.Extension{})
		return asks
	}
	if count := command.Amount.Count; command.Amount.Kind == grammar.ForMinutes {
		if count > left.AtOnce {
			count, label = left.AtOnce, in.say.Say(i18n.ButtonMore, i18n.Data{"Count": left.AtOnce})
		}
		return []Offer{offerMinutes(label, run, m.ID, count, m.End)}
	}
	return []Offer{{Label: label, Action: store.Action{
		Verb: verbAgain, Run: run, MeetingID: m.ID, Command: command.String(), OfferedEnd: m.End, Expires: m.End,
	}}}
}
