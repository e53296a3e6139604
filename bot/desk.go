package bot

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"time"

	"github.com/overtime-bot/overtime/bot/grammar"
	"github.com/overtime-bot/overtime/bot/i18n"
	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/scheduler/extension"
	"github.com/overtime-bot/overtime/scheduler/store"
)

// Desk works out the answer to what people type and press. It sends no answer itself.
type Desk struct {
	table    *table
	actions  ActionStore
	extender Extender
	finder   *finder
	outcomes *outcomes
	suggests *suggesting
	refusals *refusals
	speaker  *speaker
	dialogs  *dialogs
	homes    *homes
	logger   *slog.Logger

	clockAhead func() time.Duration // nil if nobody knows
	mention    string               // as people type it: "@overtime"
	misnamed   sync.Once            // the log tells once that the configuration has another name
}

// answer answers an envelope for the first time. The verb is for metrics.
func (d *Desk) answer(ctx context.Context, from sender) (Reply, grammar.Verb) {
	if from.opensDialog() { // before anything else: its trigger lives for three seconds
		from.opened = d.dialogs.load(ctx, from)
	}
	return d.guarded(ctx, from, d.respond)
}

// guarded answers by a function. A panic costs this one answer.
func (d *Desk) guarded(
	ctx context.Context, from sender, answer func(context.Context, interaction) (Reply, grammar.Verb),
) (reply Reply, verb grammar.Verb) {
	in := interaction{from: d.addressed(from), say: d.speaker.channel(), now: d.speaker.now()}
	defer func() {
		if value := recover(); value != nil {
			logPanic(ctx, d.logger, "a command panicked", value, "envelope", from.envelope)
			reply = d.refusals.broken(in)
		}
	}()
	in = d.understand(ctx, from)
	reply, verb = answer(ctx, in)
	return d.withClock(in, reply), verb
}

// withClock adds that the clocks are apart. Then each time and each "minutes left" may be wrong.
func (d *Desk) withClock(in interaction, reply Reply) Reply {
	if d.clockAhead == nil || reply.Later || reply.Said {
		return reply
	}
	if apart := d.clockAhead().Abs().Round(time.Minute); apart > 0 {
		note := in.say.Say(i18n.ClocksApart, i18n.Data{"Count": int(apart / time.Minute), "Whom": d.refusals.whom(in)})
		reply.Last = strings.TrimSpace(reply.Last + "\n" + note)
	}
	return reply
}

func (d *Desk) understand(ctx context.Context, from sender) interaction {
	person, say := d.speaker.person(ctx, from.User)
	return interaction{
		from: d.addressed(from), team: d.refusals.policy.Team, person: person, say: say, zone: zoneOfPerson(person), now: d.speaker.now(),
	}
}

// addressed knows how its sender calls the bot: as they just did, or else by the name of the configuration.
func (d *Desk) addressed(from sender) sender {
	if from.kind == commandKind && from.Command != "" && from.Command != d.speaker.command {
		d.misnamed.Do(func() {
			d.logger.Warn("the Slack app's command has another name than SLACK_COMMAND, which texts tell people to type: make them the same",
				"app", from.Command, "SLACK_COMMAND", d.speaker.command)
		})
	}
	if from.Event == mentionEvent {
		from.Command = d.mention
	}
	from.Command = cmp.Or(from.Command, d.speaker.command)
	return from
}

func (d *Desk) respond(ctx context.Context, in interaction) (Reply, grammar.Verb) {
	switch {
	case in.from.opensDialog():
		return d.dialogs.open(ctx, in)
	case in.from.submits():
		return d.dialogs.submit(ctx, in)
	case in.from.kind == interactiveKind:
		return d.press(ctx, in)
	}
	first := d.suggests.example(grammar.VerbExtend)
	switch {
	case in.from.Event == homeEvent:
		d.homes.opens(ctx, in.from)
		return Reply{Said: true}, ""
	case in.from.Event == joinedEvent:
		return welcome(d.speaker.channel(), d.speaker.command, d.mention, first), ""
	case in.from.Event != "" && isGreeting(in.from.Text):
		if refusal, refused := (help{table: d.table}).refused(ctx, in); refused {
			return refusal, grammar.VerbHelp
		}
		return hello(in, first), grammar.VerbHelp
	}
	command, err := grammar.Parse(in.from.Text)
	in.command = command
	row, ok := d.table.command(command.Verb)
	if err == nil && ok {
		return d.table.carryOut(ctx, in, row), row.verb
	}
	return d.misread(ctx, in, err), command.Verb
}

// misread answers what was not understood. Those who may do nothing read that, and nothing to type.
func (d *Desk) misread(ctx context.Context, in interaction, err error) Reply {
	parse, understood := errors.AsType[*grammar.ParseError](err)
	command := in.command
	switch {
	case understood:
	case err != nil:
		parse = &grammar.ParseError{Problem: grammar.UnknownVerb}
	default: // the verb is understood, but not there: suggest what does the same
		parse = &grammar.ParseError{
			Problem: grammar.UnknownVerb, Word: string(command.Verb), Verb: command.Verb, Suggestions: []grammar.Command{command.Instead()},
		}
	}
	row, _ := d.table.command(parse.Verb)
	ctx, cancel := context.WithTimeout(meeting.Looking(ctx), suggestWithin)
	defer cancel()
	if in = d.table.judged(ctx, in); row.needs != forAnyone {
		if refusal, refused := d.table.refused(in, row); refused {
			return refusal
		}
	}
	commands, example := d.suggests.instead(ctx, in, parse)
	reply := notUnderstood(in, parse, row.changesRules, saysInstead(in, commands, example))
	if parse.Problem == grammar.NoMode && !example {
		reply = d.finder.offersModes(ctx, in, reply, commands)
	}
	return reply
}

// press carries out what a button stands for. It believes nothing of the button but the ID of its action, and checks
// again whether this person may press it.
func (d *Desk) press(ctx context.Context, in interaction) (Reply, grammar.Verb) {
	action, err := d.actions.Action(ctx, in.from.Pressed)
	if err != nil && !errors.Is(err, store.ErrNoAction) {
		return d.refusals.notExtended(ctx, in, errors.Join(extension.ErrNotWritten, err)), grammar.VerbExtend
	}
	if err == nil {
		in.action = &action
		in.command, err = commandOf(action, in.from.PressedID)
	}
	row, ok := d.table.buttons[action.Verb]
	if err != nil || !ok {
		return staleButton(in), grammar.VerbExtend
	}
	return d.table.carryOut(ctx, in, row), cmp.Or(row.verb, in.command.Verb)
}

// turnAway says that nothing is done, and why.
func (d *Desk) turnAway(ctx context.Context, from sender, text, next i18n.Key) Reply {
	reply, _ := d.guarded(ctx, from, func(ctx context.Context, in interaction) (Reply, grammar.Verb) {
		if from.Event == homeEvent {
			d.homes.unwritten(ctx, from)
			return Reply{Said: true}, ""
		}
		return in.reply(Failed, text, next, i18n.Data{"Command": in.typed(lookOf(in).String())}), ""
	})
	return reply
}

// freshFor is how old a command may be that is done. Nobody still expects an older one, which a crash left undone or which
// waited behind others: the person reads that it was not done, and gets a button to do it now.
const freshFor = 2 * time.Minute

// resume answers an envelope whose worker died, or that waited for long. It tells how a request that was sent stands. One
// that was not sent is done if it may be, and else offered.
func (d *Desk) resume(ctx context.Context, from sender, may allowance) (Reply, grammar.Verb) {
	return d.guarded(ctx, from, func(ctx context.Context, in interaction) (Reply, grammar.Verb) {
		result, sent, err := d.extender.Resume(ctx, from.envelope)
		switch {
		case err != nil: // whatever is said now may be false
			d.logger.WarnContext(ctx, "an envelope that was taken over is left for later", "envelope", from.envelope, "error", err)
			return Reply{Later: true}, ""
		case sent:
			return d.resumed(ctx, in, result), grammar.VerbExtend
		case may == mayDo, may == mayTell && d.onlyTells(ctx, from), from.asksNothing():
			return d.respond(ctx, in)
		}
		return d.leftUndone(ctx, in), ""
	})
}

// resumed tells what became of an extension that was sent before. Its row does not know what the meeting is called.
func (d *Desk) resumed(ctx context.Context, in interaction, result extension.Result) Reply {
	row := result.Extension
	if found, err := d.extender.Find(ctx, row.MeetingID); err == nil && extension.RunOf(found) == row.Run {
		end := result.Meeting.End
		if result.Meeting = found; !end.IsZero() {
			result.Meeting.End = end
		}
	}
	in.command.Meeting = row.MeetingID
	in = d.finder.sighted(ctx, d.table.judged(ctx, in), result.Meeting)
	return d.outcomes.reply(ctx, in, extension.Request{
		Envelope: in.from.envelope, Meeting: result.Meeting, Origin: row.Origin, Actor: row.Actor,
		Minutes: row.Minutes, Platform: row.Platform, Each: row.Each,
	}, result, nil)
}

// leftUndone says that nothing was done, with a button to do it now. A request that changes rules leaves no row that
// tells whether it was done, and by now somebody else may have changed the same: it is not done again.
func (d *Desk) leftUndone(ctx context.Context, in interaction) Reply {
	var command grammar.Command
	var err error
	var row entry
	var action store.Action
	switch {
	case in.from.submits():
		command, err = d.submitted(ctx, in)
		row, _ = d.table.command(command.Verb)
	case in.from.kind == interactiveKind:
		if action, err = d.actions.Action(ctx, in.from.Pressed); err == nil {
			row = d.table.buttons[action.Verb]
			command, err = commandOf(action, in.from.PressedID)
		}
		if typed, ok := d.table.command(command.Verb); row.verb == "" && ok && command.Verb != "" {
			row = typed
		}
	default:
		if command, err = grammar.Parse(in.from.Text); err == nil {
			row, _ = d.table.command(command.Verb)
		}
	}
	text := i18n.SettledNothing
	if in.from.late {
		text = i18n.CameLate
	}
	again := i18n.Data{"Command": in.typed(d.suggests.within(command).String())}
	switch {
	case row.changesRules && !in.from.late:
		return in.reply(Failed, i18n.LeftUnclear, i18n.LeftUnclearNext, i18n.Data{"Command": in.typed("list")})
	case err != nil, command.Verb != grammar.VerbExtend && !in.from.late:
		return in.reply(Failed, text, i18n.ParseHelp, i18n.Data{"Command": in.typed("help")})
	case command.Verb != grammar.VerbExtend:
		return in.reply(Failed, text, i18n.SettledVoidNext, again)
	}
	reply := in.reply(Failed, text, i18n.SettledVoidNext, again)
	if action.ID != "" { // the same row: both buttons are one wish
		again := Choice{in.say.Say(i18n.ButtonNow, nil), actionID(action)}
		if action.Verb == verbRow || action.Verb == verbStatus {
			again.ID = in.from.PressedID
		}
		reply.Row = Row{Action: action, Buttons: []Choice{again}}
		return reply
	}
	in.command = command // a button would tell that the meeting runs
	if in, _, _, may := d.finder.toExtend(ctx, d.table.judged(ctx, in)); may {
		reply.Offers = d.outcomes.offerNow(ctx, in, in.command)
	}
	return reply
}

// settled is the second answer: it says how an extension in doubt came out.
func (d *Desk) settled(ctx context.Context, from sender, notice extension.Notice) Reply {
	in := d.finder.sighted(ctx, d.table.judged(ctx, d.understand(ctx, from)), notice.Meeting)
	return d.outcomes.settled(ctx, in, in.typed(d.outcomes.again(notice.Extension).String()), notice)
}

// promised says how an extension stands whose second answer was promised; false if it is not settled yet.
func (d *Desk) promised(ctx context.Context, from sender, id int64) (Reply, bool) {
	result, err := d.extender.Stands(ctx, id)
	if err != nil {
		d.logger.WarnContext(ctx, "how a promised extension stands could not be read", "extension", id, "error", err)
		return Reply{}, false
	}
	if result.Outcome == extension.DidAccept || result.Outcome == extension.NotKnown {
		return Reply{}, false // the timer tells it when it is settled
	}
	reply := d.resumed(ctx, d.understand(ctx, from), result)
	reply.Effect = nil // which the timer tells
	return reply, true
}
