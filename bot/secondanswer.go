package bot

import (
	"context"
	"fmt"

	"github.com/overtime-bot/overtime/scheduler/extension"
)

// Settled sends the second answer: it tells the person who asked how an extension in doubt came out. It goes where they
// asked, if the envelope still knows that.
func (i *Inbox) Settled(ctx context.Context, notice extension.Notice) error {
	e := notice.Extension
	if e.Actor.User == "" {
		return nil // nobody asked
	}
	from := sender{envelope: e.Envelope, User: e.Actor.User}
	if envelope, err := i.envelopes.Envelope(ctx, e.Envelope); err == nil && envelope.Payload != nil {
		if asked, err := senderOf(e.Envelope, envelope.Type, envelope.Payload); err == nil {
			from = asked // the person as Slack knows them here
		}
	}
	reply := i.desk.settled(ctx, from, notice)
	if err := i.messenger.answer(ctx, from.User, from.place, reply); err != nil {
		return fmt.Errorf("telling a person how extension %d came out: %w", e.ID, err)
	}
	if e.Envelope != "" && i.noteAnswered(ctx, e.Envelope, false) { // which erases where they asked: told again, others do not read it again
		i.show(ctx, reply)
	}
	return nil
}
