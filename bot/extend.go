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

// extendTries is how often a wish that depends on the end, or on what is left, is worked out again.
const extendTries = 3

// extend is `/extend <meeting> [minutes]`.
func (b *Bot) extend(ctx context.Context, c call) Reply {
	found, refusal, ok := b.mayExtend(ctx, c)
	if !ok {
		return refusal
	}
	if c.action != nil && c.action.Run != "" && c.action.Run != extension.RunOf(found) {
		return b.overForButton(c)
	}
	wish := b.wish(c, found)
	if c.request.Amount.Kind == grammar.UntilClock {
		if !c.person.Known {
			return b.zoneUnknown(c, found)
		}
		return b.extendUntil(ctx, c, wish)
	}
	minutes, err := c.request.Amount.Minutes(b.terms(c, found))
	if err != nil {
		return b.amountRefused(c, found, err)
	}
	wish.Minutes = minutes
	if c.request.Amount.Kind == grammar.ToMaximum {
		return b.extendToMaximum(ctx, c, wish)
	}
	result, err := b.config.Extender.Extend(ctx, wish)
	return b.extended(ctx, c, wish, result, err)
}

// wish is what a command or a button asks of the scheduler.
func (b *Bot) wish(c call, found meeting.Meeting) extension.Request {
	wish := extension.Request{
		Key: keyOf(c), Envelope: c.envelope, Meeting: found, Origin: extension.FromCommand,
		Actor: actorOf(c),
	}
	if c.action != nil {
		wish.Origin, wish.OfferedEnd = extension.FromButton, c.action.OfferedEnd
	}
	return wish
}

// extendToMaximum asks for the most at once, and for less where a limit leaves less.
func (b *Bot) extendToMaximum(ctx context.Context, c call, wish extension.Request) Reply {
	for try := 1; ; try++ {
		result, err := b.config.Extender.Extend(ctx, wish)
		less := result.Outcome == extension.Limited && result.Left > 0 && result.Left < wish.Minutes
		if err != nil || !less || try == extendTries {
			return b.extended(ctx, c, wish, result, err)
		}
		wish.Minutes = result.Left
	}
}

// extendUntil reckons the minutes from the end as it is now, and anew when it moves under its hands.
func (b *Bot) extendUntil(ctx context.Context, c call, wish extension.Request) Reply {
	for try := 1; ; try++ {
		now, err := b.config.Extender.Look(ctx, wish.Meeting.ID)
		if err != nil {
			return b.notFound(ctx, c, err)
		}
		if extension.RunOf(now) != extension.RunOf(wish.Meeting) { // what was authorised is over
			return b.ended(c, wish.Meeting.ID)
		}
		if c.action != nil && !now.End.Equal(c.action.OfferedEnd) {
			return b.extended(ctx, c, wish, extension.Result{Outcome: extension.Moved, Meeting: now}, nil)
		}
		wish.Meeting, wish.OfferedEnd = now, now.End
		wish.Minutes, err = c.request.Amount.Minutes(b.terms(c, now))
		if err != nil {
			return b.amountRefused(c, now, err)
		}
		result, err := b.config.Extender.Extend(ctx, wish)
		if err != nil || result.Outcome != extension.Moved || try == extendTries {
			return b.extended(ctx, c, wish, result, err)
		}
	}
}

// zoneUnknown refuses a time of the day of somebody whose clock is not known: to take another's would be to guess.
func (b *Bot) zoneUnknown(c call, m meeting.Meeting) Reply {
	return Reply{
		Tone: Trouble, Text: c.say.Say(i18n.ZoneUnknown, nil),
		Next: saysOtherwise(c, &grammar.ParseError{Verb: grammar.VerbExtend, Meeting: m.ID}),
	}
}

func (b *Bot) terms(c call, m meeting.Meeting) grammar.Moment {
	return grammar.Moment{
		Now: b.config.Clock.Now(), End: m.End, Zone: c.zone,
		Default: b.config.DefaultMinutes, Limits: []int{b.config.MaxMinutes},
	}
}

// amountRefused says why the wish is no number of minutes now.
func (b *Bot) amountRefused(c call, m meeting.Meeting, err error) Reply {
	var amount *grammar.AmountError
	if errors.As(err, &amount) && amount.Problem == grammar.NotAfterEnd {
		return Reply{
			Tone: Telling, About: titleOf(m),
			Text: c.say.Say(i18n.EndLater, i18n.Data{"End": dateToken(m.End, c.zone)}),
			Next: c.say.Say(i18n.EndLaterNext, nil),
		}
	}
	return Reply{
		Tone: Refusal,
		Text: c.say.Say(i18n.NoSuchTime, i18n.Data{"Word": quoted(c.request.Amount.String())}),
		Next: saysOtherwise(c, &grammar.ParseError{Verb: grammar.VerbExtend, Meeting: m.ID}),
	}
}

func titleOf(m meeting.Meeting) []string {
	if m.Subject == "" {
		return []string{m.ID}
	}
	return []string{plain(m.Subject, aboutLimit-len(m.ID)-3) + " · " + m.ID}
}

// extended says what came of a wish.
func (b *Bot) extended(ctx context.Context, c call, wish extension.Request, result extension.Result, err error) Reply {
	if err != nil {
		return b.notExtended(ctx, c, err)
	}
	reply := b.outcome(ctx, c, wish, result)
	if reply.About == nil {
		reply.About = titleOf(result.Meeting)
	}
	return reply
}

func (b *Bot) outcome(ctx context.Context, c call, wish extension.Request, result extension.Result) Reply {
	end := i18n.Data{"End": dateToken(result.Meeting.End, c.zone)}
	switch result.Outcome {
	case extension.DidConfirm:
		return b.confirmed(ctx, c, result)
	case extension.DidAccept:
		return c.pending(c.say.Say(i18n.Accepted, end), i18n.AcceptedNext, result)
	case extension.NotKnown:
		return c.pending(c.say.Say(i18n.Unknown, nil), i18n.UnknownNext, result)
	case extension.DidRefuse:
		if result.Err == nil { // that of an equal request, or of one that another process gave up
			return Reply{Tone: Refusal, Text: c.say.Say(i18n.JoinedRefusal, nil), Next: c.say.Say(i18n.MovedNext, nil)}
		}
		return b.serviceRefused(ctx, c, result.Err)
	case extension.NoEffect, extension.NotClear:
		return b.settledInTime(ctx, c, wish, extension.Notice{Extension: result.Extension, Meeting: result.Meeting})
	case extension.Busy:
		return Reply{
			Tone: Waiting,
			Text: c.say.Say(i18n.Busy, i18n.Data{"Who": who(result.By.Actor)}),
			Next: c.say.Say(i18n.BusyNext, i18n.Data{"Command": c.typed("status " + wish.Meeting.ID)}),
		}
	case extension.Already:
		return b.already(ctx, c, result)
	case extension.Moved:
		return Reply{Tone: Telling, Text: c.say.Say(i18n.Moved, end), Next: c.say.Say(i18n.MovedNext, nil)}
	case extension.Ended:
		return b.ended(c, wish.Meeting.ID)
	default:
		return b.limited(c, wish, result)
	}
}

// already says that the same was done before, and when the meeting ends by now.
func (b *Bot) already(ctx context.Context, c call, result extension.Result) Reply {
	by := result.By
	end := by.After
	if now, err := b.config.Extender.Look(ctx, by.MeetingID); err == nil && extension.RunOf(now) == by.Run {
		end = now.End
	}
	data := i18n.Data{"Who": who(by.Actor), "End": dateToken(end, c.zone)}
	if by.State == extension.Accepted && end.Before(by.Target) {
		return Reply{Tone: Waiting, Text: c.say.Say(i18n.Accepted, data), Next: c.say.Say(i18n.BusyNext, i18n.Data{"Command": c.typed("status " + by.MeetingID)})}
	}
	return Reply{Tone: Done, Text: c.say.Say(i18n.Already, data)}
}

// settledInTime is the answer to a wish that was settled while it waited.
func (b *Bot) settledInTime(ctx context.Context, c call, wish extension.Request, notice extension.Notice) Reply {
	reply := b.settledReply(c.say, c.zone, c.typed(wishText(wish)), notice)
	reply.Offers = b.settledOffers(ctx, c.say, notice)
	return reply
}

func (c call) pending(text string, next i18n.Key, result extension.Result) Reply {
	return Reply{Tone: Waiting, Text: text, Next: c.say.Say(next, nil), Pending: true, Promised: result.Extension.ID}
}

func wishText(wish extension.Request) string {
	return grammar.Command{Verb: grammar.VerbExtend, Meeting: wish.Meeting.ID, Amount: grammar.Amount{Kind: grammar.ForMinutes, Count: wish.Minutes}}.String()
}

// who names the person who did something; automation has no name.
func who(actor extension.Actor) string {
	if actor.User == "" {
		return "Overtime"
	}
	return "<@" + actor.User + ">"
}

// confirmed tells the verified new end, and what is left.
func (b *Bot) confirmed(ctx context.Context, c call, result extension.Result) Reply {
	added := int(result.Extension.After.Sub(result.Extension.Before) / time.Minute)
	if added <= 0 {
		added = result.Extension.Minutes
	}
	reply := Reply{Tone: Done, Own: true, Text: c.say.Say(i18n.Extended, i18n.Data{
		"Count": min(added, result.Extension.Minutes), "End": dateToken(result.Meeting.End, c.zone),
	})}
	left, limited, err := b.left(ctx, result.Extension)
	if err != nil {
		b.logger.WarnContext(ctx, "what is left of a limit could not be read", "error", err)
		return reply
	}
	if limited {
		reply.Next = c.say.Say(i18n.LeftOfRun, i18n.Data{"Count": left, "Limit": b.config.MaxTotalMinutes})
	}
	reply.Offers = offerMore(c.say, result.Extension, b.atOnce(left, limited))
	return reply
}

// limited says which limit stood in the way, and what is left under it.
func (b *Bot) limited(c call, wish extension.Request, result extension.Result) Reply {
	less := c.typed(wish.Meeting.ID + " " + grammar.Amount{Kind: grammar.ForMinutes, Count: result.Left}.String())
	if result.Outcome == extension.TooMany {
		return Reply{
			Tone: Refusal,
			Text: c.say.Say(i18n.TooMany, i18n.Data{"Asked": wish.Minutes, "Limit": result.Left}),
			Next: c.say.Say(i18n.TooManyNext, i18n.Data{"Command": less}),
		}
	}
	if result.Limit == extension.LimitPerson {
		return Reply{
			Tone: Refusal,
			Text: c.say.Say(i18n.LimitPerson, i18n.Data{"Limit": b.config.PersonRate}),
			Next: c.say.Say(i18n.LimitPersonNext, nil),
		}
	}
	some, none, limit := i18n.LimitRun, i18n.LimitRunNone, b.config.MaxTotalMinutes
	if result.Limit == extension.LimitDaily {
		some, none, limit = i18n.LimitDaily, i18n.LimitDailyNone, b.config.DailyMinutes
	}
	data := i18n.Data{"Count": result.Left, "Limit": limit, "Whom": b.whom(c.say), "Command": less}
	if result.Left <= 0 {
		delete(data, "Count")
		return Reply{Tone: Refusal, Text: c.say.Say(none, data), Next: c.say.Say(i18n.LimitNextNone, data)}
	}
	text := c.say.Say(some, data)
	delete(data, "Count") // the next sentence counts nothing
	return Reply{Tone: Refusal, Text: text, Next: c.say.Say(i18n.LimitNextLess, data)}
}
