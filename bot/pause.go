package bot

import (
	"context"

	"github.com/overtime-bot/overtime/bot/grammar"
	"github.com/overtime-bot/overtime/bot/i18n"
)

// pause is `/extend pause`, for administrators: no prompts and no automatic extensions any more.
func (b *Bot) pause(ctx context.Context, c call) Reply {
	before, err := b.config.Rules.PauseAll(ctx, actorOf(c))
	if err != nil {
		return b.notWritten(ctx, c, err)
	}
	reply := Reply{
		Tone: Done, Text: c.say.Say(i18n.PausedAll, nil),
		Next: c.say.Say(i18n.PausedNext, i18n.Data{"Command": c.typed(string(grammar.VerbResume))}),
	}
	if !before.IsZero() {
		already := c.say.Say(i18n.PausedBefore, i18n.Data{"Who": who(before.By), "Since": dateToken(before.Since, c.zone)})
		reply.Text = i18n.Join(reply.Text, already)
		return reply
	}
	b.notify(ctx, c, i18n.PausedPublic)
	return reply
}

// resumeAll is `/extend resume`, for administrators.
func (b *Bot) resumeAll(ctx context.Context, c call) Reply {
	before, err := b.config.Rules.ResumeAll(ctx)
	if err != nil {
		return b.notWritten(ctx, c, err)
	}
	if before.IsZero() {
		return Reply{Tone: Telling, Text: c.say.Say(i18n.ResumedBefore, nil)}
	}
	b.notify(ctx, c, i18n.ResumedPublic)
	return Reply{Tone: Done, Text: c.say.Say(i18n.ResumedAll, nil)}
}

// notify tells NOTIFY_CHANNEL what an administrator did, if there is one.
func (b *Bot) notify(ctx context.Context, c call, key i18n.Key) {
	if b.config.NotifyChannel == "" {
		return
	}
	text := b.config.Catalogue.For().Say(key, i18n.Data{"Who": who(actorOf(c))})
	b.tellPublicly(ctx, b.config.NotifyChannel, Reply{Tone: Telling, Text: text})
}

// pausedNote says that all automation is paused, and by whom, and nothing where it is not, or cannot be read. It is for
// those who may act on some meeting, or see one.
func (b *Bot) pausedNote(ctx context.Context, c call) string {
	pause, err := b.config.Rules.Paused(ctx)
	if err != nil {
		b.logger.WarnContext(ctx, "an answer goes without saying whether automation is paused", "error", err)
	}
	if err != nil || pause.IsZero() {
		return ""
	}
	data := i18n.Data{"Command": c.typed(string(grammar.VerbResume)), "Who": who(pause.By)}
	if pause.By.User == "" {
		return c.say.Say(i18n.AllPausedNote, data)
	}
	return c.say.Say(i18n.AllPausedBy, data)
}
