package bot

import (
	"context"
	"errors"
	"slices"

	"github.com/overtime-bot/overtime/bot/grammar"
	"github.com/overtime-bot/overtime/scheduler/extension"
	"github.com/overtime-bot/overtime/scheduler/store"
)

// press carries out what a button stands for. Nothing that the button says is believed but the ID of its row, and
// who presses is asked for their permission anew.
func (b *Bot) press(ctx context.Context, c call) (Reply, grammar.Verb) {
	action, err := b.config.Inbox.Action(ctx, c.from.Pressed)
	if errors.Is(err, store.ErrNoAction) {
		return b.staleButton(c), grammar.VerbExtend
	}
	if err != nil {
		return b.notExtended(ctx, c, errors.Join(extension.ErrNotWritten, err)), grammar.VerbExtend
	}
	c.action = &action
	switch action.Verb {
	case verbQuiet, verbAskAgain:
		return b.pressQuiet(ctx, c), grammar.Verb(action.Verb)
	case verbTyped:
		return b.pressTyped(ctx, c), grammar.Verb(action.Verb)
	case verbKeep, verbEnd, verbStop:
		return b.allowed(ctx, c, (*Bot).pressAnswer), grammar.Verb(action.Verb)
	}
	c.request, err = requestOf(action)
	if err != nil {
		return b.staleButton(c), grammar.VerbExtend
	}
	return b.allowed(ctx, c, (*Bot).pressExtend), grammar.VerbExtend
}

// allowed asks who presses for their permission anew, and lets it be done unless no meeting could give it.
func (b *Bot) allowed(ctx context.Context, c call, handle func(*Bot, context.Context, call) Reply) Reply {
	c.subject = b.gate.Subject(ctx, c.person, c.from.Team, c.from.Channel)
	c.verdict = b.config.Policy.Allow(c.subject)
	if refusal, refused := b.refusedOutright(c); refused {
		return refusal
	}
	return handle(b, ctx, c)
}

// pressExtend extends, for the run and the end of the button. A prompt that everybody reads is not replaced by what
// one person is answered: it follows its meeting.
func (b *Bot) pressExtend(ctx context.Context, c call) Reply {
	reply := b.extend(ctx, c)
	if c.action.Prompt != 0 {
		return b.followed(ctx, c, reply)
	}
	reply.Replaces = reply.Tone == Done
	return reply
}

// errNoExtension says that a button stands for nothing that this process knows: a later version may have stored it.
var errNoExtension = errors.New("the button does not stand for an extension")

// requestOf is the command that a button stands for.
func requestOf(action store.Action) (grammar.Command, error) {
	request := grammar.Command{Verb: grammar.VerbExtend, Meeting: action.MeetingID, Amount: grammar.Amount{Kind: grammar.ForMinutes, Count: action.Minutes}}
	var err error
	switch action.Verb {
	case verbExtend:
	case store.VerbMore:
		if !slices.Contains(offeredSteps, action.Minutes) {
			err = errNoExtension
		}
	case verbAgain:
		request, err = grammar.Parse(action.Command)
	default:
		return grammar.Command{}, errNoExtension
	}
	if err == nil && request.Verb != grammar.VerbExtend {
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
	return extension.OfferKey(c.action.Run, c.action.OfferedEnd)
}

// overForButton answers a button whose run is over: the meeting of that number may be another by now.
func (b *Bot) overForButton(c call) Reply {
	reply := b.ended(c, c.action.MeetingID)
	reply.Tone = Telling
	return reply
}
