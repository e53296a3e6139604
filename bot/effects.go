package bot

import (
	"context"

	"github.com/overtime-bot/overtime/bot/access"
	"github.com/overtime-bot/overtime/bot/i18n"
	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/scheduler/extension"
)

// effects words what others read of an extension that was asked for in a thread. The person reads their own answer.
type effects struct {
	rules   *rulebook
	gate    *access.Gate
	speaker *speaker
}

// of is what the thread reads of an extension. It is nil where the extension was asked for elsewhere, and where the channel
// does not watch the meeting.
func (f *effects) of(ctx context.Context, in interaction, m meeting.Meeting, e extension.Extension) *effect {
	where := asksInThread(in)
	if where.thread == "" {
		return nil
	}
	rule := ownRule(m, f.rules.readable(ctx))
	if rule.Channel != where.channel {
		return nil
	}
	to := recipient{id: rule.Channel, say: f.speaker.channel(), now: f.speaker.now(), sight: f.gate.ChannelSight(ctx, watchOf(rule), m)}
	key, heading := i18n.PromptExtended, headingOf(to.sight, m)
	if e.Platform {
		key = i18n.HandedBy
	}
	text := to.say.Say(key, i18n.Data{"Who": who(e.Actor), "Meeting": heading.Name, "End": to.date(m.End)})
	return &effect{place: where, reply: Reply{Tone: Done, Heading: heading, Text: text}}
}

// asksInThread is the thread in which somebody mentions the bot, or presses what it answered there; the zero place if it is none.
// A message that everybody reads says itself what comes of its buttons.
func asksInThread(in interaction) place {
	public := in.action != nil && in.action.Prompt != 0
	if in.from.Thread == "" || isDirect(in.from.Channel) || public || in.from.Event != mentionEvent && in.action == nil {
		return place{}
	}
	return openly(in.from.Channel, in.from.Thread)
}

// openlyFor is where a channel reads what somebody did: in their thread, if they asked in one of that channel.
func openlyFor(in interaction, channel string) place {
	if where := asksInThread(in); where.channel == channel {
		return where
	}
	return openly(channel, "")
}
