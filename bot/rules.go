package bot

import (
	"cmp"
	"context"
	"time"

	"github.com/overtime-bot/overtime/bot/grammar"
	"github.com/overtime-bot/overtime/bot/i18n"
	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/scheduler"
	"github.com/overtime-bot/overtime/scheduler/extension"
)

// Rules keeps what is to happen before meetings end, and who wants not to be asked.
type Rules interface {
	Rules(ctx context.Context) ([]scheduler.Rule, error)
	PutRule(ctx context.Context, rule scheduler.Rule) (before scheduler.Rule, err error)
	DeleteRule(ctx context.Context, of string) (before scheduler.Rule, err error)
	PauseAll(ctx context.Context, by extension.Actor) (before scheduler.Pause, err error)
	ResumeAll(ctx context.Context) (before scheduler.Pause, err error)
	Paused(ctx context.Context) (scheduler.Pause, error)
	SetQuiet(ctx context.Context, person extension.Actor, quiet bool) (before bool, err error)
	Quiet(ctx context.Context, person extension.Actor) (bool, error)
}

// Prompts tells how far a message of the automation has come.
type Prompts interface {
	Prompt(ctx context.Context, id int64) (scheduler.Prompt, error)
}

// rulesByOf reads all rules.
func (b *Bot) rulesByOf(ctx context.Context) (map[string]scheduler.Rule, error) {
	rules, err := b.config.Rules.Rules(ctx)
	if err != nil {
		return nil, err
	}
	return scheduler.RuleBook(rules), nil
}

// rulesSeen is rulesByOf for an answer that can do without them.
func (b *Bot) rulesSeen(ctx context.Context) map[string]scheduler.Rule {
	rules, err := b.rulesByOf(ctx)
	if err != nil {
		b.logger.WarnContext(ctx, "an answer goes without the rules", "error", err)
	}
	return rules
}

// ownRule is the rule that somebody made for the meeting or its room; its Of is empty where there is none.
func ownRule(m meeting.Meeting, rules map[string]scheduler.Rule) scheduler.Rule {
	return scheduler.RuleOf(m, rules, scheduler.Rule{})
}

// watchedFrom says whether the channel that a command comes from watches the meeting.
func watchedFrom(c call, m meeting.Meeting, rules map[string]scheduler.Rule) bool {
	rule := ownRule(m, rules)
	return rule.Of != "" && rule.Channel != "" && rule.Channel == c.from.Channel
}

// terms of a rule, with those of the configuration where it has none of its own.
func (b *Bot) minutesOf(rule scheduler.Rule) int {
	return cmp.Or(rule.Minutes, b.config.Automation.Minutes)
}

func (b *Bot) maximumOf(rule scheduler.Rule) int { return cmp.Or(rule.Max, b.config.Automation.Max) }

// saysRule says in a sentence what a rule does.
func (b *Bot) saysRule(say i18n.Printer, rule scheduler.Rule) string {
	switch rule.Mode {
	case scheduler.ModeAsk:
		return say.Say(i18n.RuleAsk, i18n.Data{"Count": int(b.config.Automation.Lead / time.Minute)})
	case scheduler.ModeAuto:
		return say.Say(i18n.RuleAuto, i18n.Data{"Count": b.minutesOf(rule), "Limit": b.maximumOf(rule)})
	}
	return say.Say(i18n.RuleOff, nil)
}

// saysWhose says whose rule it is, where it is read, and whether it is paused.
func (b *Bot) saysWhose(say i18n.Printer, rule scheduler.Rule) string {
	key := i18n.WatchedBy
	if rule.Channel != "" {
		key = i18n.WatchedFor
	}
	text := say.Say(key, i18n.Data{"Who": who(rule.Owner), "Channel": channelToken(rule.Channel)})
	if !rule.Paused.IsZero() {
		text = i18n.Join(text, say.Say(i18n.RuleIsPaused, i18n.Data{"Who": who(rule.Owner)}))
	}
	return text
}

// saysGoesOn says that a rule extends the next run again, where one was stopped, and how to end that; nothing where it
// does not. Name is the command's, "/extend" if empty.
func saysGoesOn(say i18n.Printer, name string, rule scheduler.Rule, meetingID string) string {
	switch {
	case rule.Mode != scheduler.ModeAuto || !rule.Paused.IsZero():
		return ""
	case rule.Of == "":
		instead := grammar.Command{Verb: grammar.VerbWatch, Meeting: meetingID, Mode: scheduler.ModeAsk}
		return say.Say(i18n.StoppedDefaultNext, i18n.Data{"Command": commandText(name, instead.String())})
	}
	end := grammar.Command{Verb: grammar.VerbUnwatch, Meeting: rule.Of}
	return say.Say(i18n.StoppedRuleNext, i18n.Data{"Command": commandText(name, end.String())})
}

func channelToken(channel string) string { return "<#" + channel + ">" }

// actorOf is who sent a command, by IDs.
func actorOf(c call) extension.Actor {
	return extension.Actor{Team: cmp.Or(c.person.TeamID, c.from.Team), User: c.from.User}
}
