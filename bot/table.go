package bot

import (
	"context"
	"log/slog"

	"github.com/overtime-bot/overtime/bot/access"
	"github.com/overtime-bot/overtime/bot/dialog"
	"github.com/overtime-bot/overtime/bot/grammar"
	"github.com/overtime-bot/overtime/bot/i18n"
	"github.com/overtime-bot/overtime/scheduler/store"
)

// tools are what handlers share. Each handler gets only those that it needs.
type tools struct {
	Config
	extender  Extender
	scheduler Scheduler
	finder    *finder
	further   *further
	outcomes  *outcomes
	suggests  *suggesting
	follower  *follower
	rules     *rulebook
	quiet     *quietButtons
	refusals  *refusals
	gate      *access.Gate
	messenger *messenger
	dialogs   *dialogs
	speaker   *speaker
	logger    *slog.Logger
}

// NewDesk makes a Desk with its table of commands and buttons.
func NewDesk(config Config, extender Extender, scheduler Scheduler) *Desk {
	config.Views = pacedViews{config.Views, config.lines()}
	t := tools{
		Config: config, extender: extender, scheduler: scheduler,
		gate: config.gate(), messenger: config.messenger(), speaker: config.speaker(), logger: config.logger(),
	}
	t.refusals = &refusals{policy: config.Policy, view: config.Bookings.View, envelopes: config.Envelopes, logger: t.logger}
	t.rules = &rulebook{store: config.Rules, logger: t.logger}
	t.further = &further{extender: extender, rooms: scheduler, hosts: &askingHosts{t.gate, t.logger}, limits: t.Limits, logger: t.logger}
	t.finder = &finder{
		further: t.further, extender: extender, running: &running{extender: extender, now: t.Now}, bookings: config.Bookings, gate: t.gate, rules: t.rules,
		prompts: config.Prompts, refusals: t.refusals, now: t.Now, logger: t.logger, limits: t.Limits,
	}
	t.outcomes = &outcomes{extender: extender, further: t.further, refusals: t.refusals, limits: t.Limits, approvable: config.ApprovalChannel != "", logger: t.logger}
	t.outcomes.effects = &effects{t.rules, t.gate, t.speaker}
	t.suggests = &suggesting{t.gate, t.finder, t.Limits, t.Now}
	t.follower = &follower{prompts: config.Prompts, scheduler: scheduler, logger: t.logger}
	t.quiet = &quietButtons{hosts: config.Quiet, refusals: t.refusals, now: t.Now, logger: t.logger}
	table := &table{gate: t.gate, refusals: t.refusals, looking: newLooking(t.Now)}
	t.dialogs = t.dialog(table)
	table.commands, table.buttons = t.commands(table), t.buttons(table)
	desk := &Desk{
		table: table, actions: config.Actions, extender: extender, finder: t.finder, outcomes: t.outcomes, suggests: t.suggests,
		refusals: t.refusals, speaker: t.speaker, dialogs: t.dialogs, logger: t.logger, clockAhead: config.ClockAhead,
		mention: config.mention(),
	}
	desk.homes = t.homes(table, func(ctx context.Context, from sender) interaction {
		return table.judged(ctx, desk.understand(ctx, from))
	})
	return desk
}

// homes publishes what people see in their Home tab.
func (t tools) homes(all *table, understand func(context.Context, sender) interaction) *homes {
	foresees := &foreseeing{t.foretelling(), t.scheduler, t.logger}
	listing := &listing{t.extender, t.gate, t.rules, t.quiet, t.refusals, t.suggests, foresees, t.further, t.Now, t.logger}
	views := &homeViews{listing, t.extender, t.rules, t.refusals, t.gate, t.Past, t.Spent, t.State, t.Limits, t.Now, t.logger}
	return newHomes(views, t.messenger, all.looking, understand)
}

// dialog is what opens the dialog, and does what is filled in.
func (t tools) dialog(all *table) *dialogs {
	return &dialogs{
		views: t.Views, store: t.Dialogs, passwords: t.Passwords, held: newHeldPasswords(t.Now), gate: t.gate, finder: t.finder,
		refusals: t.refusals, speaker: t.speaker, table: all, mayHandOver: t.handingOver().allowed,
		limits: dialog.Limits{Default: t.Limits.DefaultMinutes, Most: t.Limits.MaxMinutes, Asks: t.ApprovalChannel != ""}, now: t.Now, logger: t.logger,
	}
}

// commands are the rows of what is typed, in the order of the help. A new one is a row here, and a file with its handler.
func (t tools) commands(all *table) []entry {
	extending := &extending{t.finder, t.extender, t.outcomes, t.suggests, t.follower, t.Limits, t.Now}
	handing := t.handingOver()
	foretells := t.foretelling()
	foresees := &foreseeing{foretells, t.scheduler, t.logger}
	listing := &listing{t.extender, t.gate, t.rules, t.quiet, t.refusals, t.suggests, foresees, t.further, t.Now, t.logger}
	status := &status{t.finder, t.extender, t.further, t.rules, t.Automation, foresees, t.Now, t.logger}
	why := t.why()
	watching := &watching{t.finder, t.rules, t.refusals, t.suggests, t.messenger, t.speaker, t.Limits, t.Automation, foresees, t.Now}
	pausing := &pausing{t.Rules, t.refusals, &expecting{foresees, t.gate, t.messenger, t.speaker, t.NotifyChannel, t.logger}}
	history := &history{t.Past, t.Wishes, t.finder, t.gate, t.rules, t.refusals, t.Now}
	help := help{all, t.Limits, t.command(), t.mention(), t.MissingScopes, t.refusals, t.suggests}
	return []entry{
		{grammar.VerbExtend, "<meeting> [30 | 1h | 1h30m | until 15:30 | max]", i18n.HelpExtend, forMeeting, false, extending.extend},
		{grammar.VerbAuto, "<meeting> auto [minutes]", i18n.HelpAuto, forMeeting, false, handing.handOver},
		{grammar.VerbList, "list [all]", i18n.HelpList, forMeeting, false, listing.list},
		{grammar.VerbStatus, "status <meeting>", i18n.HelpStatus, forMeeting, false, status.show},
		{grammar.VerbHistory, "history [meeting] [from 2026-11-27]", i18n.HelpHistory, forMeeting, false, history.show},
		{grammar.VerbWhy, "why <meeting> [minutes]", i18n.HelpWhy, forMeeting, false, why.explain},
		{grammar.VerbWatch, "watch <meeting> ask|auto [minutes] [max <minutes>]", i18n.HelpWatch, forMeeting, true, watching.watch},
		{grammar.VerbUnwatch, "unwatch <meeting>", i18n.HelpUnwatch, forMeeting, true, watching.unwatch},
		{grammar.VerbPause, "pause", i18n.HelpPause, forAdmins, true, pausing.pause},
		{grammar.VerbResume, "resume", i18n.HelpResume, forAdmins, true, pausing.resume},
		{grammar.VerbHelp, "help [verb]", i18n.HelpHelp, forAnyone, false, help.say},
	}
}

func (t tools) why() *why {
	return &why{t.finder, t.scheduler, t.rules, t.refusals, t.Limits, t.Automation, t.foretelling(), t.further, t.Now}
}

func (t tools) handingOver() *handingOver {
	foresees := &foreseeing{t.foretelling(), t.scheduler, t.logger}
	return &handingOver{t.finder, t.extender, t.outcomes, t.gate, foresees, t.follower, t.refusals}
}

// buttons are the rows of what is pressed, by the verb of the stored action.
func (t tools) buttons(all *table) map[string]entry {
	extending := &extending{t.finder, t.extender, t.outcomes, t.suggests, t.follower, t.Limits, t.Now}
	answers := &promptButtons{t.finder, t.scheduler, &foreseeing{t.foretelling(), t.scheduler, t.logger}, t.refusals, t.follower, t.further}
	approvals := &approvalButtons{newApprovals(t.Config, t.extender, t.scheduler), t.finder, t.refusals, t.Limits, &reasonViews{t.Views, t.logger}, t.further}
	extends := entry{verb: grammar.VerbExtend, needs: forMeeting, handle: extending.press}
	return map[string]entry{
		verbExtend:     extends,
		verbAgain:      extends,
		store.VerbMore: extends,
		verbHandOver:   {verb: grammar.VerbAuto, needs: forMeeting, handle: t.handingOver().press},
		verbTurn:       {verb: grammar.VerbHistory, needs: forAnyone, handle: all.pressPage}, // the command's entry asks
		verbKeep:       {verb: verbKeep, needs: forMeeting, changesRules: true, handle: answers.press},
		verbEnd:        {verb: verbEnd, needs: forMeeting, changesRules: true, handle: answers.press},
		verbStop:       {verb: verbStop, needs: forMeeting, changesRules: true, handle: answers.press},
		verbRow:        {needs: forAnyone, handle: all.pressRow}, // the command's entry asks
		verbStatus:     {needs: forAnyone, handle: all.pressRow},
		verbPage:       {needs: forAnyone, handle: all.pressPage},
		verbTyped:      {verb: verbTyped, needs: forAnyone, changesRules: true, handle: all.pressTyped}, // the command's entry asks
		verbRequest:    {verb: verbRequest, needs: forMeeting, changesRules: true, handle: approvals.request},
		verbApprove:    {verb: verbApprove, needs: forAdmins, changesRules: true, handle: approvals.approve},
		verbDeny:       {verb: verbDeny, needs: forAdmins, changesRules: true, handle: approvals.deny},
		verbQuiet:      {verb: verbQuiet, needs: forAnyone, changesRules: true, handle: t.quiet.press},
		verbWhyAll:     {verb: grammar.VerbWhy, needs: forMeeting, handle: t.why().explainAll},
		verbAskAgain:   {verb: verbAskAgain, needs: forAnyone, changesRules: true, handle: t.quiet.press},
	}
}
