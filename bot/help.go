package bot

import (
	"context"

	"github.com/overtime-bot/overtime/bot/grammar"
	"github.com/overtime-bot/overtime/bot/i18n"
)

// help is `/extend help [verb]`.
func (b *Bot) help(_ context.Context, c call) Reply {
	reply := Reply{Tone: Telling, Text: c.say.Say(i18n.HelpHead, nil)}
	for _, command := range helpOn(c.request.HelpOn) {
		text := c.say.Say(command.Help, i18n.Data{"Default": b.config.DefaultMinutes})
		reply.Items = append(reply.Items, Item{Text: "`" + c.typed(command.Usage) + "`\n" + text})
	}
	if on := grammar.Verb(c.request.HelpOn); on != "" && on != grammar.VerbExtend && on != grammar.VerbHelp {
		return reply // lengths and limits are about extending
	}
	reply.Next = c.say.Say(i18n.HelpMoreExtend, nil)
	if b.config.MaxTotalMinutes > 0 {
		reply.Last = c.say.Say(i18n.HelpLimitsTotal, i18n.Data{"Once": b.config.MaxMinutes, "Run": b.config.MaxTotalMinutes})
	} else {
		reply.Last = c.say.Say(i18n.HelpLimits, i18n.Data{"Once": b.config.MaxMinutes})
	}
	return reply
}

// helpOn are the commands that help was asked on: the one that was named, else all.
func helpOn(verb string) []Command {
	if command, ok := commandOf(grammar.Verb(verb)); ok && verb != "" {
		return []Command{command}
	}
	return Commands()
}
