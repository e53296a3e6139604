package bot

import (
	"context"

	"github.com/overtime-bot/overtime/bot/grammar"
	"github.com/overtime-bot/overtime/bot/i18n"
)

// help is `/extend help [verb]`.
type help struct {
	table  *table
	limits Limits
}

func (h help) say(_ context.Context, in interaction) Reply {
	on := grammar.Verb(in.command.HelpOn)
	rows := h.table.commands
	if named, ok := h.table.command(on); ok && on != "" {
		rows = []entry{named}
	}
	reply := Reply{Tone: Telling, Text: in.say.Say(i18n.HelpHead, nil)}
	for _, row := range rows {
		text := in.say.Say(row.help, i18n.Data{"Count": h.limits.DefaultMinutes})
		reply.Items = append(reply.Items, Item{Text: "`" + in.typed(row.usage) + "`\n" + text})
	}
	if on != "" && on != grammar.VerbExtend && on != grammar.VerbHelp {
		return reply // lengths and limits are about extending
	}
	reply.Next = in.say.Say(i18n.HelpMoreExtend, nil)
	if h.limits.MaxTotalMinutes > 0 {
		reply.Last = in.say.Say(i18n.HelpLimitsTotal, i18n.Data{"Count": h.limits.MaxMinutes, "Run": h.limits.MaxTotalMinutes})
	} else {
		reply.Last = in.say.Say(i18n.HelpLimits, i18n.Data{"Count": h.limits.MaxMinutes})
	}
	return reply
}
