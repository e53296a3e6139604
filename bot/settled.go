package bot

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"github.com/overtime-bot/overtime/bot/access"
	"github.com/overtime-bot/overtime/bot/grammar"
	"github.com/overtime-bot/overtime/bot/i18n"
	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/scheduler/extension"
)

// Settled is the second answer: it tells the person who asked how an extension in doubt came out.
func (b *Bot) Settled(ctx context.Context, notice extension.Notice) error {
	user := notice.Extension.Actor.User
	if user == "" {
		return nil // nobody asked
	}
	from := b.asked(ctx, notice.Extension)
	person, err := b.config.People.Person(ctx, user)
	if err != nil {
		person = access.Person{ID: user}
	}
	c := call{envelope: notice.Extension.Envelope, from: from, say: b.printerOf(person), zone: zoneOf(person.Zone)}
	again := c.typed(wishText(extension.Request{Meeting: meeting.Meeting{ID: notice.Extension.MeetingID}, Minutes: max(1, notice.Extension.Minutes)}))
	reply := b.settledReply(c.say, c.zone, again, notice)
	reply.Offers = b.settledOffers(ctx, c.say, notice)
	if err := b.deliver(ctx, user, from.ResponseURL, render(b.withButtons(ctx, reply))); err != nil {
		return fmt.Errorf("telling a person how extension %d came out: %w", notice.Extension.ID, err)
	}
	if notice.Extension.Envelope != "" {
		b.answered(ctx, job{id: notice.Extension.Envelope}, false)
	}
	return nil
}

// asked finds where the person asked, while the envelope still knows it.
func (b *Bot) asked(ctx context.Context, e extension.Extension) sender {
	from := sender{User: e.Actor.User}
	envelope, err := b.config.Inbox.Envelope(ctx, e.Envelope)
	if err != nil || envelope.Payload == nil {
		return from
	}
	told, err := senderOf(job{kind: envelope.Type, payload: envelope.Payload})
	if err != nil {
		return from
	}
	from.Command, from.ResponseURL = told.Command, told.ResponseURL
	return from
}

// settledOffers are the buttons of a second answer: more time after a success, the same again after none.
func (b *Bot) settledOffers(ctx context.Context, say i18n.Printer, notice extension.Notice) []Offer {
	e := notice.Extension
	switch {
	case e.Minutes == 0:
		return nil
	case e.State == extension.Confirmed:
		return offerMore(say, e, b.leftAtOnce(ctx, e))
	case e.State == extension.Void:
		return []Offer{offerMinutes(say.Say(i18n.ButtonAgain, nil), e.Run, e.MeetingID, e.Minutes, e.Before)}
	case e.State == extension.Refused:
		wish := grammar.Command{Verb: grammar.VerbExtend, Meeting: e.MeetingID, Amount: grammar.Amount{Kind: grammar.ForMinutes, Count: e.Minutes}}
		return b.offerCommand(ctx, say.Say(i18n.ButtonNow, nil), wish)
	default:
		return nil
	}
}

// left is what a run may still get after an extension of it; false where there is no limit.
func (b *Bot) left(ctx context.Context, e extension.Extension) (int, bool, error) {
	if e.Added > 0 && b.config.MaxTotalMinutes > 0 { // its claim has just looked
		return max(0, b.config.MaxTotalMinutes-e.Added), true, nil
	}
	return b.config.Extender.Left(ctx, e.Run)
}

// leftAtOnce is the most that one more extension may add to a run now.
func (b *Bot) leftAtOnce(ctx context.Context, e extension.Extension) int {
	left, limited, err := b.left(ctx, e)
	if err != nil {
		b.logger.WarnContext(ctx, "what is left of a limit could not be read", "error", err)
		return 0
	}
	return b.atOnce(left, limited)
}

// atOnce clips what is left of a run, where that is limited, to what one extension may add.
func (b *Bot) atOnce(left int, limited bool) int {
	if !limited {
		return b.config.MaxMinutes
	}
	return min(left, b.config.MaxMinutes)
}

// settledReply words how an extension in doubt came out.
func (b *Bot) settledReply(say i18n.Printer, zone *time.Location, again string, notice extension.Notice) Reply {
	command := i18n.Data{"Command": again}
	about := titleOf(notice.Meeting)
	seen := cmp.Or(notice.Meeting.End, notice.Extension.After)
	end := i18n.Data{"End": dateToken(seen, zone)}
	switch state := notice.Extension.State; {
	case state == extension.Confirmed:
		return Reply{Tone: Done, About: about, Text: say.Say(i18n.SettledConfirmed, end)}
	case state == extension.Refused:
		return Reply{Tone: Trouble, About: about, Text: say.Say(i18n.SettledNothing, nil), Next: say.Say(i18n.SettledVoidNext, command)}
	case state == extension.Void:
		return Reply{Tone: Trouble, About: about, Text: say.Say(i18n.SettledVoid, end), Next: say.Say(i18n.SettledVoidNext, command)}
	case state == extension.Accepted && !notice.Over:
		return Reply{Tone: Trouble, About: about, Text: say.Say(i18n.SettledAccepted, end), Next: say.Say(i18n.SettledUnreadableNext, nil)}
	case notice.Over:
		return Reply{Tone: Trouble, About: about, Text: say.Say(i18n.SettledOver, nil), Next: say.Say(i18n.EndedNext, nil)}
	case seen.IsZero():
		return Reply{Tone: Trouble, About: about, Text: say.Say(i18n.SettledUnreadable, nil), Next: say.Say(i18n.SettledUnreadableNext, nil)}
	default:
		return Reply{Tone: Trouble, About: about, Text: say.Say(i18n.SettledUnclear, end), Next: say.Say(i18n.SettledUnclearNext, command)}
	}
}
