package bot

import (
	"context"
	"errors"
	"slices"

	"github.com/overtime-bot/overtime/scheduler"
	"github.com/overtime-bot/overtime/scheduler/store"
)

// press carries out what a button stands for. Nothing that the button says is believed but the ID of its row, and
// who presses is asked for their permission anew.
func (b *Bot) press(ctx context.Context, c call) Reply {
	action, err := b.config.Inbox.Action(ctx, c.from.Pressed)
	if errors.Is(err, store.ErrNoAction) {
		return b.staleButton(c)
	}
	if err != nil {
		return b.notExtended(ctx, c, errors.Join(scheduler.ErrNotWritten, err))
	}
	c.action = &action
	c.request, err = requestOf(action)
	if err != nil {
		return b.staleButton(c)
	}
	c.subject = b.subjectOf(ctx, c)
	c.verdict = b.config.Policy.Allow(c.subject)
	if refusal, refused := b.refusedOutright(c); refused {
		return refusal
	}
	reply := b.extend(ctx, c)
	reply.Replaces = reply.Tone == Done
	return reply
}

// errNoExtension says that a button stands for nothing that this process knows: a later version may have stored it.
var errNoExtension = errors.New("the button does not stand for an extension")

// requestOf is the command that a button stands for.
func requestOf(action store.Action) (Request, error) {
	request := Request{Verb: VerbExtend, Meeting: action.MeetingID, Amount: Amount{Kind: ForMinutes, Count: action.Minutes}}
	var err error
	switch action.Verb {
	case verbExtend:
	case store.VerbMore:
		if !slices.Contains(offeredSteps, action.Minutes) {
			err = errNoExtension
		}
	case verbAgain:
		request, err = Parse(action.Command)
	default:
		return Request{}, errNoExtension
	}
	if err == nil && request.Verb != VerbExtend {
		err = errNoExtension
	}
	return request, err
}

// keyOf is what makes a wish one of a kind. That of a command is its envelope. Buttons that were offered for the same
// run and end are one wish, whoever presses which: ten people and three replicas get one extension.
func keyOf(c call) string {
	if c.action == nil {
		return c.envelope
	}
	return scheduler.OfferKey(c.action.Run, c.action.OfferedEnd)
}

// overForButton answers a button whose run is over: the meeting of that number may be another by now.
func (b *Bot) overForButton(c call) Reply {
	reply := b.ended(c, c.action.MeetingID)
	reply.Tone = Telling
	return reply
}
