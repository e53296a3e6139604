package bot

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"github.com/overtime-bot/overtime/bot/i18n"
	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/scheduler"
)

// Settled is the second answer: it tells the person who asked how an extension in doubt came out.
func (b *Bot) Settled(ctx context.Context, notice scheduler.Notice) error {
	user := notice.Extension.Actor.User
	if user == "" {
		return nil // nobody asked
	}
	from := b.asked(ctx, notice.Extension)
	person, err := b.config.People.Person(ctx, user)
	if err != nil {
		person = Person{ID: user}
	}
	c := call{envelope: notice.Extension.Envelope, from: from, say: b.printerOf(person), zone: zoneOf(person.Zone)}
	again := c.typed(wishText(scheduler.Request{Meeting: meeting.Meeting{ID: notice.Extension.MeetingID}, Minutes: max(1, notice.Extension.Minutes)}))
	reply := b.settledReply(c.say, c.zone, again, notice)
	if err := b.deliver(context.WithoutCancel(ctx), user, from.ResponseURL, render(reply)); err != nil {
		return fmt.Errorf("telling a person how extension %d came out: %w", notice.Extension.ID, err)
	}
	if notice.Extension.Envelope != "" {
		b.answered(ctx, job{id: notice.Extension.Envelope}, false)
	}
	return nil
}

// asked finds where the person asked, while the envelope still knows it.
func (b *Bot) asked(ctx context.Context, e scheduler.Extension) sender {
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

// settledReply words how an extension in doubt came out.
func (b *Bot) settledReply(say i18n.Printer, zone *time.Location, again string, notice scheduler.Notice) Reply {
	command := i18n.Data{"Command": again}
	about := titleOf(notice.Meeting)
	seen := cmp.Or(notice.Meeting.End, notice.Extension.After)
	end := i18n.Data{"End": dateToken(seen, zone)}
	switch state := notice.Extension.State; {
	case state == scheduler.Confirmed:
		return Reply{Tone: Done, About: about, Text: say.Say(i18n.SettledConfirmed, end)}
	case state == scheduler.Refused:
		return Reply{Tone: Trouble, About: about, Text: say.Say(i18n.SettledNothing, nil), Next: say.Say(i18n.SettledVoidNext, command)}
	case state == scheduler.Void:
		return Reply{Tone: Trouble, About: about, Text: say.Say(i18n.SettledVoid, end), Next: say.Say(i18n.SettledVoidNext, command)}
	case notice.Over:
		return Reply{Tone: Trouble, About: about, Text: say.Say(i18n.SettledOver, nil), Next: say.Say(i18n.EndedNext, nil)}
	case seen.IsZero():
		return Reply{Tone: Trouble, About: about, Text: say.Say(i18n.SettledUnreadable, nil), Next: say.Say(i18n.SettledUnreadableNext, nil)}
	default:
		return Reply{Tone: Trouble, About: about, Text: say.Say(i18n.SettledUnclear, end), Next: say.Say(i18n.SettledUnclearNext, command)}
	}
}
