package bot

import (
	"context"
	"fmt"

	"github.com/overtime-bot/overtime/bot/access"
	"github.com/overtime-bot/overtime/bot/grammar"
	"github.com/overtime-bot/overtime/bot/i18n"
	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/scheduler"
)

// Authorise asks whether the owner of a rule may extend the meeting now: by the same rules as if they typed it in the
// rule's channel. The reason is why the rule pauses, empty if they may. An error says that it could not be found out.
func (b *Bot) Authorise(ctx context.Context, rule scheduler.Rule, m meeting.Meeting) (scheduler.PauseReason, error) {
	if rule.Owner.User == "" {
		return "", nil // the configuration's own
	}
	verdict, err := b.gate.Authorise(ctx, rule.Owner.User, rule.Channel, m)
	switch {
	case err != nil:
		return "", fmt.Errorf("authorising %s for meeting %s: %w", rule.Owner.User, m.ID, err)
	case verdict.Allowed:
		return "", nil
	case verdict.Refusal == access.NotListed || verdict.Refusal == access.Denied:
		return scheduler.PausedOwnerMay, nil
	}
	return scheduler.PausedOwnerLeft, nil
}

// RulePaused tells the channel, else the owner, else NOTIFY_CHANNEL, that a rule paused, and why.
func (b *Bot) RulePaused(ctx context.Context, rule scheduler.Rule, m meeting.Meeting) error {
	refused := scheduler.ErrNobodyToTell
	readers := b.readers(scheduler.Occasion{Rule: rule, Meeting: m})
	for _, find := range readers[:len(readers)-1] { // the host is not concerned
		reader, there, err := find(ctx)
		if err != nil {
			return err
		}
		if !there {
			continue
		}
		_, err = b.post(ctx, reader.to, render(pausedRule(reader, rule, m)))
		if !refusedThere(err) {
			return err
		}
		b.logger.WarnContext(ctx, "a paused rule may not be told there; the next in line is told instead",
			"place", reader.to, "rule", rule.Of, "error", err, "remedy", remedyOf(err))
		refused = fmt.Errorf("%w: %w", refused, err)
	}
	return refused
}

func pausedRule(r reader, rule scheduler.Rule, m meeting.Meeting) Reply {
	key := i18n.RulePausedMay
	if rule.Paused.Reason == scheduler.PausedOwnerLeft {
		key = i18n.RulePausedLeft
	}
	again := grammar.Command{Verb: grammar.VerbWatch, Meeting: rule.Of, Mode: rule.Mode, Maximum: rule.Max}
	if rule.Minutes > 0 {
		again.Amount = grammar.Amount{Kind: grammar.ForMinutes, Count: rule.Minutes}
	}
	reply := Reply{
		Tone: Trouble, Text: r.say.Say(key, i18n.Data{"Meeting": rule.Of, "Who": who(rule.Owner)}),
		Next: r.say.Say(i18n.RulePausedNext, i18n.Data{"Command": commandText("", again.String())}),
	}
	if m.ID != "" {
		reply.About = titleOf(m)
	}
	return reply
}
