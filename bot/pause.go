package bot

import (
	"context"

	"github.com/overtime-bot/overtime/bot/grammar"
	"github.com/overtime-bot/overtime/bot/i18n"
)

// pausing is `/extend pause` and `/extend resume`, for administrators: no prompts and no automatic extensions.
type pausing struct {
	rules     Rules
	refusals  *refusals
	expecting *expecting
}

func (p *pausing) pause(ctx context.Context, in interaction) Reply {
	if reply, begun := p.refusals.begins(ctx, in); !begun {
		return reply
	}
	before, err := p.rules.PauseAll(ctx, in.actor())
	if err != nil {
		return p.refusals.notWritten(ctx, in, err)
	}
	reply := in.reply(Done, i18n.PausedAll, i18n.PausedNext, i18n.Data{"Command": in.typed(string(grammar.VerbResume))})
	if !before.IsZero() {
		already := in.say.Say(i18n.PausedBefore, i18n.Data{"Who": who(before.By), "Since": in.date(before.Since)})
		reply.Text = i18n.Join(reply.Text, already)
		return reply
	}
	p.expecting.tell(ctx, in.actor(), i18n.PausedPublic)
	return reply
}

func (p *pausing) resume(ctx context.Context, in interaction) Reply {
	if reply, begun := p.refusals.begins(ctx, in); !begun {
		return reply
	}
	before, err := p.rules.ResumeAll(ctx)
	if err != nil {
		return p.refusals.notWritten(ctx, in, err)
	}
	if before.IsZero() {
		return in.reply(Telling, i18n.ResumedBefore, "", nil)
	}
	p.expecting.tell(ctx, in.actor(), i18n.ResumedPublic)
	return in.reply(Done, i18n.ResumedAll, "", nil)
}
