package bot

import (
	"context"
	"slices"
	"time"

	"github.com/overtime-bot/overtime/bot/grammar"
	"github.com/overtime-bot/overtime/bot/i18n"
	"github.com/overtime-bot/overtime/scheduler/extension"
)

// freshFor is how old a command may be that a crash left undone and that is done all the same. What is older
// nobody expects any more: the person is told, and may press a button.
const freshFor = 2 * time.Minute

// resume answers an envelope whose worker died. What was sent is told as it stands; what was not is done if it is
// fresh, else offered.
func (b *Bot) resume(ctx context.Context, c call, next job) (Reply, grammar.Verb) {
	result, sent, err := b.config.Extender.Resume(ctx, next.id)
	switch {
	case err != nil: // whatever is said now may be false
		b.logger.WarnContext(ctx, "an envelope that was taken over is left for later", "envelope", next.id, "error", err)
		return Reply{Later: true}, ""
	case sent:
		return b.resumed(ctx, c, result), grammar.VerbExtend
	case next.leftFor > freshFor:
		return b.leftUndone(ctx, c, next), ""
	default:
		return b.first(ctx, c, next)
	}
}

// resumed tells what became of an extension that was sent before the crash. The row does not know what the meeting is
// called.
func (b *Bot) resumed(ctx context.Context, c call, result extension.Result) Reply {
	if found, err := b.config.Extender.Find(ctx, result.Extension.MeetingID); err == nil && extension.RunOf(found) == result.Extension.Run {
		end := result.Meeting.End
		if result.Meeting = found; !end.IsZero() {
			result.Meeting.End = end
		}
	}
	wish := extension.Request{Meeting: result.Meeting, Minutes: result.Extension.Minutes}
	c.request.Meeting = result.Extension.MeetingID
	return b.extended(ctx, c, wish, result, nil)
}

// keepPromise tells how an extension came out that was settled while the promise to tell it was on its way: whoever
// settled it may have told it first, and a promise must not be the last that the person reads. Told twice is better.
func (b *Bot) keepPromise(ctx context.Context, next job, from sender, promise Reply) {
	result, err := b.config.Extender.Stands(ctx, promise.Promised)
	if err != nil {
		b.logger.WarnContext(ctx, "how a promised extension stands could not be read", "extension", promise.Promised, "error", err)
		return
	}
	if result.Outcome == extension.DidAccept || result.Outcome == extension.NotKnown {
		return // the timer tells it when it is settled
	}
	b.answer(ctx, next, from, b.resumed(ctx, b.newCall(ctx, next, from), result))
}

// leftUndone tells that nothing was done, with a button to do it now.
func (b *Bot) leftUndone(ctx context.Context, c call, next job) Reply {
	if b.changesRules(ctx, c, next) {
		return Reply{
			Tone: Trouble, Text: c.say.Say(i18n.LeftUnclear, nil),
			Next: c.say.Say(i18n.LeftUnclearNext, i18n.Data{"Command": c.typed("list")}),
		}
	}
	reply := Reply{Tone: Trouble, Text: c.say.Say(i18n.SettledNothing, nil)}
	command, offers, err := b.leftCommand(ctx, c, next)
	if err != nil || command.Verb != grammar.VerbExtend {
		reply.Next = c.say.Say(i18n.ParseHelp, i18n.Data{"Command": c.typed("help")})
		return reply
	}
	reply.Next = c.say.Say(i18n.SettledVoidNext, i18n.Data{"Command": c.typed(command.String())})
	reply.Offers = offers
	return reply
}

// changesRules says that a request changes what automation does. It leaves no row by which to tell whether it was done
// before the crash, and by now another may have changed the same: it is not done again.
func (b *Bot) changesRules(ctx context.Context, c call, next job) bool {
	if next.kind != interactiveKind {
		command, err := grammar.Parse(c.from.Text)
		return err == nil && slices.Contains([]grammar.Verb{grammar.VerbWatch, grammar.VerbUnwatch, grammar.VerbPause, grammar.VerbResume}, command.Verb)
	}
	action, err := b.config.Inbox.Action(ctx, c.from.Pressed)
	return err == nil && slices.Contains([]string{verbKeep, verbEnd, verbStop, verbTyped, verbQuiet, verbAskAgain}, action.Verb)
}

// leftCommand is the command that was left undone, typed or pressed, and the button that does it now.
func (b *Bot) leftCommand(ctx context.Context, c call, next job) (grammar.Command, []Offer, error) {
	label := c.say.Say(i18n.ButtonNow, nil)
	if next.kind != interactiveKind {
		command, err := grammar.Parse(c.from.Text)
		return command, b.offerCommand(ctx, label, command), err
	}
	action, err := b.config.Inbox.Action(ctx, c.from.Pressed)
	if err != nil {
		return grammar.Command{}, nil, err
	}
	command, err := requestOf(action)
	return command, []Offer{{Label: label, Action: action}}, err // the same row: both buttons are one wish
}

// offerCommand offers a typed command for the run that the meeting is in now, and nothing where that is not known:
// later the number may be that of another run.
func (b *Bot) offerCommand(ctx context.Context, label string, command grammar.Command) []Offer {
	if command.Verb != grammar.VerbExtend {
		return nil
	}
	found, err := b.config.Extender.Find(ctx, command.Meeting)
	if err != nil {
		b.logger.WarnContext(ctx, "an answer goes without its button: the meeting could not be read", "error", err)
		return nil
	}
	return []Offer{offerAgain(label, found, command)}
}
