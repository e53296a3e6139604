package bot

import (
	"cmp"
	"context"
	"strings"

	"github.com/overtime-bot/overtime/bot/grammar"
	"github.com/overtime-bot/overtime/bot/i18n"
)

// help is `/extend help [verb]`.
type help struct {
	table    *table
	limits   Limits
	command  string // in a thread, where nobody types one
	mention  string
	missing  []string // scopes
	refusals *refusals
	suggests *suggesting
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
	reply.Next = h.saysExample(in, on)
	if on != "" && on != grammar.VerbExtend && on != grammar.VerbHelp {
		return reply // lengths and limits are about extending
	}
	reply.Next = i18n.Join(reply.Next, in.say.Say(i18n.HelpMoreExtend, nil))
	if h.limits.MaxTotalMinutes > 0 {
		reply.Last = in.say.Say(i18n.HelpLimitsTotal, i18n.Data{"Count": h.limits.MaxMinutes, "Run": h.limits.MaxTotalMinutes})
	} else {
		reply.Last = in.say.Say(i18n.HelpLimits, i18n.Data{"Count": h.limits.MaxMinutes})
	}
	if on == "" {
		reply.Last += "\n" + h.saysWays(in)
	}
	return reply
}

// saysExample is an example of a verb that takes a meeting, as the limits allow it; of extending where none was named.
func (h help) saysExample(in interaction, on grammar.Verb) string {
	example := h.suggests.within(grammar.ExampleOf(cmp.Or(on, grammar.VerbExtend), ""))
	if example.Meeting == "" {
		return ""
	}
	return in.say.Say(i18n.ParseNext, i18n.Data{"Command": in.typed(example.String())})
}

// saysWays says how else people can ask, or why they cannot.
func (h help) saysWays(in interaction) string {
	if len(h.missing) > 0 {
		return in.say.Say(i18n.HelpNoMentions, i18n.Data{"Scopes": codes(h.missing), "Whom": h.refusals.whom(in)})
	}
	slash := in.typed("")
	if !strings.HasPrefix(slash, "/") {
		slash = commandText(h.command, "")
	}
	return in.say.Say(i18n.HelpMentions, i18n.Data{
		"Command": slash, "Mention": commandText(h.mention, string(grammar.VerbList)),
	})
}

// codes shows words as code, one after another.
func codes(words []string) string {
	return "`" + strings.Join(words, "`, `") + "`"
}
