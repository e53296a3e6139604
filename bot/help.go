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

func (h help) say(ctx context.Context, in interaction) Reply {
	on := grammar.Verb(in.command.HelpOn)
	rows := h.table.commands
	if named, ok := h.table.command(on); ok && on != "" {
		rows = []entry{named}
	}
	reply := Reply{Tone: Telling, Text: in.say.Say(i18n.HelpHead, nil)}
	for _, row := range rows {
		text := in.say.Say(row.help, i18n.Data{"Count": h.limits.DefaultMinutes})
		reply.Items = append(reply.Items, Item{Text: "`" + in.typed(usageIn(in.say, row.usage)) + "`\n" + text})
	}
	if refusal, refused := h.refused(ctx, in); refused {
		reply.Next = i18n.Join(refusal.Text, refusal.Next)
		return reply
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

// usageIn is what is typed, with the places to fill in named in the language of the reader.
func usageIn(say i18n.Printer, usage string) string {
	return strings.NewReplacer(
		"meeting", say.Say(i18n.HelpPlaceMeeting, nil), "minutes", say.Say(i18n.HelpPlaceMinutes, nil), "verb", say.Say(i18n.HelpPlaceVerb, nil),
	).Replace(usage)
}

// saysExample is an example of a verb that takes a meeting, as the limits allow it; of extending where none was named.
func (h help) saysExample(in interaction, on grammar.Verb) string {
	verb := cmp.Or(on, grammar.VerbExtend)
	if grammar.ExampleOf(verb, "").Meeting == "" {
		return ""
	}
	example := h.suggests.example(verb)
	return in.say.Say(i18n.ParseNext, i18n.Data{"Command": in.typed(example.String())})
}

// refused says that the person may extend nothing.
func (h help) refused(ctx context.Context, in interaction) (Reply, bool) {
	row, _ := h.table.command(grammar.VerbExtend)
	judging, cancel := context.WithTimeout(ctx, suggestWithin)
	defer cancel()
	return h.table.refused(h.table.judged(judging, in), row)
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
