package bot

import (
	"context"

	"github.com/overtime-bot/overtime/bot/i18n"
	"github.com/overtime-bot/overtime/scheduler/extension"
)

// limited says which limit stood in the way, and offers what can still be had: by that limit, the others, and the meeting.
func (o *outcomes) limited(ctx context.Context, in interaction, request extension.Request, result extension.Result) Reply {
	m := request.Meeting
	left := possible{Left: extension.Left{AtOnce: result.Left}}
	if !request.Platform && result.Left > 0 {
		left = o.further.of(ctx, extension.RunOf(m), m, in.actor())
		left.AtOnce = min(left.AtOnce, result.Left)
	}
	reply := o.saysLimit(in, request, result, left)
	switch {
	case left.stuck():
		reply.Next, reply.Offers = o.further.next(ctx, in, m, left, extension.Extension{})
		return reply
	case left.AtOnce > 0 && !request.Platform:
		label := in.say.Say(i18n.ButtonMore, i18n.Data{"Count": left.AtOnce})
		reply.Offers = []Offer{offerMinutes(label, extension.RunOf(m), m.ID, left.AtOnce, m.End)}
	}
	if o.approvable && (left.AtOnce > 0 || left.booked.IsZero()) {
		reply.Offers = append(reply.Offers, offerRequest(in.say, request, result)...)
	}
	return reply
}

// saysLimit says which limit it was. left is what can be had instead.
func (o *outcomes) saysLimit(in interaction, request extension.Request, result extension.Result, left possible) Reply {
	less := in.typed(extendCommand(request.Meeting.ID, left.AtOnce).String())
	if request.Platform {
		less = in.typed(handOverCommand(request.Meeting.ID, left.AtOnce).String())
	}
	data := i18n.Data{"Meeting": in.named(result.Meeting), "Whom": o.refusals.whom(in), "Command": less}
	var reply Reply
	named := result.Left // by the sentence
	switch {
	case result.Outcome == extension.TooMany:
		data["Count"], data["Limit"], named = max(request.Minutes, request.Each), o.limits.MaxMinutes, o.limits.MaxMinutes
		reply = in.reply(Refusal, i18n.TooMany, i18n.TooManyNext, data)
	case result.Limit == extension.LimitRoom:
		data["Start"] = in.date(result.Booked.Start)
		return in.reply(Refusal, i18n.LimitRoom, i18n.LimitRoomNext, data)
	case result.Limit == extension.LimitPerson:
		return in.reply(Refusal, i18n.LimitPerson, i18n.LimitPersonNext, i18n.Data{"Count": o.limits.PersonRate})
	case result.Left <= 0:
		none, limit := i18n.LimitRunNone, o.limits.MaxTotalMinutes
		if result.Limit == extension.LimitDaily {
			none, limit = i18n.LimitDailyNone, o.limits.DailyMinutes
		}
		data["Count"] = limit
		return in.reply(Refusal, none, i18n.LimitNextNone, data)
	default:
		reply = Reply{Tone: Refusal, Text: o.saysLeft(in, request, result.Limit, result.Left), Next: in.say.Say(i18n.LimitNextLess, data)} // which counts nothing
	}
	if left.AtOnce < named {
		reply.Text = i18n.Join(reply.Text, o.saysLess(in, request, left))
		if left.AtOnce == 0 {
			reply.Next = in.say.Say(i18n.LimitRoomNext, nil)
		}
	}
	return reply
}

// saysLess says why less can be had than the limit that a sentence names.
func (o *outcomes) saysLess(in interaction, request extension.Request, left possible) string {
	switch {
	case left.By != extension.LimitRoom:
		return o.saysLeft(in, request, left.By, left.AtOnce)
	case left.AtOnce == 0:
		return in.say.Say(i18n.LimitRoom, i18n.Data{"Meeting": in.named(request.Meeting), "Start": in.date(left.booked)})
	}
	return in.say.Say(i18n.LimitRoomLess, i18n.Data{"Count": left.AtOnce, "Start": in.date(left.booked)})
}

// saysLeft says what a limit over time leaves; nothing of the one at once.
func (o *outcomes) saysLeft(in interaction, request extension.Request, by extension.Limit, minutes int) string {
	switch by {
	case extension.LimitRun:
		return in.say.Say(i18n.LimitRun, i18n.Data{"Meeting": in.named(request.Meeting), "Count": minutes, "Limit": o.limits.MaxTotalMinutes})
	case extension.LimitDaily:
		return in.say.Say(i18n.LimitDaily, i18n.Data{"Count": minutes, "Limit": o.limits.DailyMinutes})
	}
	return ""
}
