package bot

import (
	"context"
	"time"

	"github.com/overtime-bot/overtime/bot/i18n"
	"github.com/overtime-bot/overtime/scheduler"
)

// freshFor is how old a command may be that a crash left undone and that is done all the same. What is older
// nobody expects any more: the person is told, and may press a button.
const freshFor = 2 * time.Minute

// resume answers an envelope whose worker died. What was sent is told as it stands; what was not is done if it is
// fresh, else offered.
func (b *Bot) resume(ctx context.Context, c call, next job) (Reply, Verb) {
	result, sent, err := b.config.Scheduler.Resume(ctx, next.id)
	switch {
	case err != nil:
		return b.notExtended(ctx, c, err), ""
	case sent:
		return b.resumed(ctx, c, result), VerbExtend
	case next.leftFor > freshFor:
		return b.leftUndone(ctx, c, next), ""
	default:
		return b.first(ctx, c, next)
	}
}

// resumed tells what became of an extension that was sent before the crash.
func (b *Bot) resumed(ctx context.Context, c call, result scheduler.Result) Reply {
	if found, err := b.config.Scheduler.Find(ctx, result.Extension.MeetingID); err == nil && scheduler.RunOf(found) == result.Extension.Run {
		end := result.Meeting.End
		if result.Meeting = found; !end.IsZero() {
			result.Meeting.End = end
		}
	}
	wish := scheduler.Request{Meeting: result.Meeting, Minutes: result.Extension.Minutes}
	c.request.Meeting = result.Extension.MeetingID
	return b.extended(ctx, c, wish, result, nil)
}

// leftUndone tells that nothing was done, with a button to do it now.
func (b *Bot) leftUndone(ctx context.Context, c call, next job) Reply {
	reply := Reply{Tone: Trouble, Text: c.say.Say(i18n.SettledNothing, nil)}
	command, err := b.leftCommand(ctx, c, next)
	if err != nil || command.Verb != VerbExtend {
		reply.Next = c.say.Say(i18n.ParseHelp, i18n.Data{"Command": c.typed("help")})
		return reply
	}
	reply.Next = c.say.Say(i18n.SettledVoidNext, i18n.Data{"Command": c.typed(command.String())})
	reply.Offers = []Offer{b.offerAgain(c.say.Say(i18n.ButtonNow, nil), "", command.Meeting, command.String())}
	return reply
}

// leftCommand is the command that was left undone, typed or pressed.
func (b *Bot) leftCommand(ctx context.Context, c call, next job) (Request, error) {
	if next.kind != interactiveKind {
		return Parse(c.from.Text)
	}
	action, err := b.config.Inbox.Action(ctx, c.from.Pressed)
	if err != nil {
		return Request{}, err
	}
	return requestOf(action)
}
