package bot

import (
	"cmp"
	"context"
	"log/slog"
	"time"

	"github.com/overtime-bot/overtime/bot/access"
	"github.com/overtime-bot/overtime/bot/grammar"
	"github.com/overtime-bot/overtime/bot/i18n"
	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/scheduler"
)

// rulebook reads what is to happen before meetings end.
type rulebook struct {
	store  Rules
	logger *slog.Logger
}

// read gives all rules, by the meeting or room that they are of.
func (b *rulebook) read(ctx context.Context) (map[string]scheduler.Rule, error) {
	rules, err := b.store.Rules(ctx)
	if err != nil {
		return nil, err
	}
	return scheduler.RuleBook(rules), nil
}

// readable is read for an answer that can do without the rules.
func (b *rulebook) readable(ctx context.Context) map[string]scheduler.Rule {
	rules, err := b.read(ctx)
	if err != nil {
		b.logger.WarnContext(ctx, "an answer goes without the rules", "error", err)
	}
	return rules
}

// pausedNote says that all automation is paused, and by whom. It says nothing if it is not, or if that cannot be read.
// It is for those who may see or extend some meeting.
func (b *rulebook) pausedNote(ctx context.Context, in interaction) string {
	pause, err := b.store.Paused(ctx)
	if err != nil {
		b.logger.WarnContext(ctx, "an answer goes without saying whether automation is paused", "error", err)
	}
	if err != nil || pause.IsZero() {
		return ""
	}
	data := i18n.Data{"Command": in.typed(string(grammar.VerbResume)), "Who": who(pause.By)}
	if pause.By.User == "" {
		return in.say.Say(i18n.AllPausedNote, data)
	}
	return in.say.Say(i18n.AllPausedBy, data)
}

// ownRule is the rule that somebody made for the meeting or its room. Its Of is empty if there is none.
func ownRule(m meeting.Meeting, rules map[string]scheduler.Rule) scheduler.Rule {
	return scheduler.RuleOf(m, rules, scheduler.Rule{})
}

// nameOfRule names what a rule is of: the meeting, or a number that is not the meeting's own, such as a room's.
func nameOfRule(rule scheduler.Rule, sight access.Sight, m meeting.Meeting) string {
	if rule.Of != m.ID {
		return bold(rule.Of)
	}
	return headingOf(sight, m).Name
}

// watchOf is a rule as far as it lets people and channels see.
func watchOf(rule scheduler.Rule) access.Watch {
	return access.Watch{Owner: rule.Owner.User, Channel: rule.Channel}
}

// saysRule says in a sentence what a rule does. What it leaves open is the configuration's.
func saysRule(say i18n.Printer, rule scheduler.Rule, otherwise scheduler.Automation) string {
	steps := i18n.Data{"Count": cmp.Or(rule.Minutes, otherwise.Minutes), "Limit": cmp.Or(rule.Max, otherwise.Max)}
	switch rule.Mode {
	case scheduler.ModeAsk:
		text := say.Say(i18n.RuleAsk, i18n.Data{"Count": int(otherwise.Lead / time.Minute)})
		if rule.Minutes > 0 || rule.Max > 0 {
			text = i18n.Join(text, say.Say(i18n.RuleKeep, steps))
		}
		return text
	case scheduler.ModeAuto:
		return say.Say(i18n.RuleAuto, steps)
	}
	return say.Say(i18n.RuleOff, nil)
}

// saysWhose says whose rule it is, which channel reads about it, and whether it is paused.
func saysWhose(say i18n.Printer, rule scheduler.Rule) string {
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

// unwatched says what happens to meetings that nobody watches.
var unwatched = map[scheduler.Mode]i18n.Key{
	scheduler.ModeOff: i18n.OtherwiseOff, scheduler.ModeAsk: i18n.OtherwiseAsk, scheduler.ModeAuto: i18n.OtherwiseAuto,
}

// saysGoesOn says that a rule extends the next run again after this one was stopped, and how to end that; nothing if
// it does not. Typed is a command as the reader types it.
func saysGoesOn(say i18n.Printer, typed func(rest string) string, rule scheduler.Rule, meetingID string) string {
	if rule.Mode != scheduler.ModeAuto || !rule.Paused.IsZero() {
		return ""
	}
	if rule.Of == "" {
		ask := grammar.Command{Verb: grammar.VerbWatch, Meeting: meetingID, Mode: scheduler.ModeAsk}
		return say.Say(i18n.StoppedDefaultNext, i18n.Data{"Command": typed(ask.String())})
	}
	end := grammar.Command{Verb: grammar.VerbUnwatch, Meeting: rule.Of}
	return say.Say(i18n.StoppedRuleNext, i18n.Data{"Command": typed(end.String())})
}
