package bot

import (
	"context"

	"github.com/overtime-bot/overtime/bot/access"
	"github.com/overtime-bot/overtime/bot/grammar"
	"github.com/overtime-bot/overtime/bot/i18n"
)

// permission is who may use a row of the table.
type permission int

const (
	forAnyone  permission = iota
	forMeeting            // those who may see or extend some meeting; the handler asks about the one that is named
	forAdmins
)

// entry is a row of the table: a command or a button. Commands also have their usage and help.
type entry struct {
	verb         grammar.Verb // what is typed; of a button, its name in the metrics
	usage        string       // what is typed after the command's name
	help         i18n.Key
	needs        permission
	changesRules bool // what automation does: no row tells afterwards whether it was done
	handle       func(ctx context.Context, in interaction) Reply
}

// table has all that people can type and press. It drives parsing, permission and help.
type table struct {
	commands []entry // in the order of the help
	buttons  map[string]entry
	gate     *access.Gate
	refusals *refusals
	looking  *looking
}

// command finds the entry of a verb.
func (t *table) command(verb grammar.Verb) (entry, bool) {
	if verb == grammar.VerbDialog {
		verb = grammar.VerbList // nothing typed: show what could be extended
	}
	for _, row := range t.commands {
		if row.verb == verb {
			return row, true
		}
	}
	return entry{}, false
}

// carryOut asks whether the person may do what an entry is for, and lets it be done.
func (t *table) carryOut(ctx context.Context, in interaction, row entry) Reply {
	reply := t.permitted(ctx, in, row)
	reply.Once = reply.Once || row.changesRules
	reply.Over = in.asks(reply.Over)
	return reply
}

func (t *table) permitted(ctx context.Context, in interaction, row entry) Reply {
	if row.needs == forAnyone {
		return row.handle(ctx, in)
	}
	in = t.judged(ctx, in)
	if refusal, refused := t.refused(in, row); refused {
		return refusal
	}
	if looks[row.verb] {
		return t.look(ctx, in, row)
	}
	return row.handle(ctx, in)
}

// refused says that the person may not use a row, whatever the meeting.
func (t *table) refused(in interaction, row entry) (Reply, bool) {
	switch {
	case !in.verdict.Allowed && !in.verdict.NeedsHost:
		return t.refusals.denied(in, in.verdict.Refusal), true
	case row.needs == forAdmins && !in.verdict.Admin():
		return t.refusals.notAdmin(in), true
	}
	return Reply{}, false
}

// judged says what the person may.
func (t *table) judged(ctx context.Context, in interaction) interaction {
	in.subject = t.gate.Subject(ctx, in.person, in.from.Team, in.from.Channel)
	in.verdict = t.gate.Allow(in.subject)
	return in
}

// pressTyped carries out a command that an answer offered, as if the person typed it where the button is.
func (t *table) pressTyped(ctx context.Context, in interaction) Reply {
	row, ok := t.command(in.command.Verb)
	if !ok {
		return staleButton(in)
	}
	reply := t.carryOut(ctx, in, row)
	reply.Replaces = reply.Tone == Done
	return reply
}

// pressRow does what was chosen, as if the person typed it where the row is. A list stays, to choose from it again.
func (t *table) pressRow(ctx context.Context, in interaction) Reply {
	row, _ := t.command(in.command.Verb)
	reply := t.carryOut(ctx, in, row)
	reply.Replaces = reply.Tone == Done && in.action.Verb == verbStatus
	return reply
}

// pressPage shows another page, as things are now, in place of the one with the button.
func (t *table) pressPage(ctx context.Context, in interaction) Reply {
	row, _ := t.command(in.command.Verb)
	reply := t.carryOut(ctx, in, row)
	reply.Replaces = reply.Tone == Telling
	return reply
}

// asks adds to what the log says what was asked for, where the handler got no further.
func (in interaction) asks(o outcomeLine) outcomeLine {
	if o.done.Meeting == "" {
		o.done.Meeting = in.command.Meeting
	}
	if o.done.Meeting == "" && in.action != nil {
		o.done.Meeting = in.action.MeetingID
	}
	if o.done.Minutes == 0 && in.command.Amount.Kind == grammar.ForMinutes {
		o.done.Minutes = in.command.Amount.Count
	}
	return o
}
