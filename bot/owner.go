package bot

import (
	"context"
	"errors"
	"fmt"

	"github.com/overtime-bot/overtime/bot/access"
	"github.com/overtime-bot/overtime/bot/grammar"
	"github.com/overtime-bot/overtime/bot/i18n"
	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/scheduler"
	"github.com/slack-go/slack"
)

// errOwnerUnknown says that a look-up failed on which their right may rest.
var errOwnerUnknown = errors.New("their right could not be found out")

// Authorise asks whether the owner of a rule, or whoever stands in it, may extend the meeting now: by the same rules as
// if they typed it in the rule's channel, but from their ID alone. An error means that it could not be found out.
func (b *Bot) Authorise(ctx context.Context, rule scheduler.Rule, m meeting.Meeting) (scheduler.PauseReason, error) {
	if rule.Owner.User == "" {
		return "", nil // the configuration's own
	}
	person, err := b.config.People.Person(ctx, rule.Owner.User)
	switch {
	case isNobody(err):
		return scheduler.PausedOwnerLeft, nil
	case err != nil:
		return "", fmt.Errorf("authorising %s for meeting %s: %w", rule.Owner.User, m.ID, err)
	case person.Deleted:
		return scheduler.PausedOwnerLeft, nil // also where ALLOWED_USERS has the ID
	}
	from := sender{User: rule.Owner.User, Channel: rule.Channel}
	subject := b.subjectOf(ctx, call{from: from, person: person})
	verdict := b.config.Policy.Allow(subject)
	if verdict.NeedsHost {
		if subject.Host, err = b.hosts.Lookup(ctx, m); err != nil {
			return "", fmt.Errorf("authorising %s for meeting %s: %w", rule.Owner.User, m.ID, err)
		}
		verdict = b.config.Policy.Allow(subject)
	}
	return pauseFor(verdict, rule)
}

// pauseFor turns a verdict on an owner into the reason why the rule pauses.
func pauseFor(verdict access.Verdict, rule scheduler.Rule) (scheduler.PauseReason, error) {
	switch {
	case verdict.Allowed:
		return "", nil
	case verdict.Refusal == access.LookupFailed || verdict.Refusal == access.PersonUnknown:
		return "", fmt.Errorf("authorising %s: %w: %v", rule.Owner.User, errOwnerUnknown, verdict.Failed)
	case verdict.Refusal == access.NotListed || verdict.Refusal == access.Denied:
		return scheduler.PausedOwnerMay, nil
	}
	return scheduler.PausedOwnerLeft, nil
}

// isNobody says that Slack knows no such account: it is not that the look-up failed.
func isNobody(err error) bool {
	var refused slack.SlackErrorResponse
	return errors.As(err, &refused) && (refused.Err == "user_not_found" || refused.Err == "user_not_visible")
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
