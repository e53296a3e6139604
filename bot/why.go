package bot

import (
	"context"
	"strings"

	"github.com/overtime-bot/overtime/bot/i18n"
	"github.com/overtime-bot/overtime/scheduler"
	"github.com/overtime-bot/overtime/scheduler/extension"
)

// why is `/extend why <meeting> [minutes]`: what automation does with a running meeting, by which checks, and what would
// come of so many minutes by hand. It changes nothing.
func (b *Bot) why(ctx context.Context, c call) Reply {
	m, refusal, ok := b.maySee(ctx, c, b.rulesSeen(ctx))
	if !ok {
		return refusal
	}
	explained, err := b.config.Scheduler.Why(ctx, m, c.request.Amount.Count)
	if err != nil {
		return b.notWritten(ctx, c, err)
	}
	reply := Reply{
		Tone: Telling, About: titleOf(m), Text: b.saysDecision(c, explained.Decision),
		Items: []Item{{Text: b.saysChecks(c, explained)}},
		Next:  b.saysRuleOf(c, explained.Rule), Last: saysBooked(c, explained.History.Next),
	}
	if explained.Trial.Minutes > 0 {
		reply.Text += "\n" + b.saysTrial(c, explained.Trial)
	}
	return reply
}

// saysDecision says what happens now, and why.
func (b *Bot) saysDecision(c call, decision scheduler.Decision) string {
	switch decision.Act {
	case scheduler.ActAsk:
		return c.say.Say(i18n.WhyAsk, nil)
	case scheduler.ActExtend:
		return c.say.Say(i18n.WhyExtend, i18n.Data{"Count": decision.Minutes})
	}
	text := c.say.Say(i18n.WhyNothing, i18n.Data{"Reason": b.saysReason(c, decision.Reason)})
	if !decision.At.IsZero() {
		text = i18n.Join(text, c.say.Say(i18n.WhyThen, i18n.Data{"At": dateToken(decision.At, c.zone)}))
	}
	return text
}

// saysChecks lists the checks as far as the one that decided.
func (b *Bot) saysChecks(c call, explained scheduler.Explanation) string {
	lines := []string{c.say.Say(i18n.WhyChecks, nil)}
	for _, check := range explained.Checks {
		key := i18n.WhyNo
		if check.Holds {
			key = i18n.WhyYes
		}
		lines = append(lines, "• "+c.say.Say(key, i18n.Data{"Reason": b.saysReason(c, check.Reason)}))
		if check.Holds {
			break
		}
	}
	return strings.Join(lines, "\n")
}

// reasons are the words for what keeps automation from acting.
var reasons = map[scheduler.Reason]i18n.Key{
	scheduler.RunOver: i18n.WhyOver, scheduler.NoRule: i18n.WhyNoRule, scheduler.RuleOff: i18n.WhyOff,
	scheduler.AllPaused: i18n.WhyAllPaused, scheduler.RulePaused: i18n.WhyRulePaused,
	scheduler.PlatformExtends: i18n.WhyPlatform, scheduler.NotExtendable: i18n.WhyNoPassword,
	scheduler.InDoubt: i18n.WhyInDoubt, scheduler.ToldToEnd: i18n.WhyLetEnd, scheduler.ExtendedAlready: i18n.WhyExtended,
	scheduler.OverBudget: i18n.WhyBudget, scheduler.CapReached: i18n.WhyCap, scheduler.AskedAlready: i18n.WhyAsked,
	scheduler.NotYet: i18n.WhyNotYet, scheduler.Empty: i18n.WhyEmpty, scheduler.NoGap: i18n.WhyNoGap,
	scheduler.OverQuota: i18n.WhyQuota,
}

func (b *Bot) saysReason(c call, reason scheduler.Reason) string {
	key, ok := reasons[reason]
	switch {
	case !ok:
		return c.say.Say(i18n.WhyOther, i18n.Data{"Reason": foreign(string(reason), quotedLimit)})
	case key == i18n.WhyEmpty:
		return c.say.Say(key, i18n.Data{"Count": b.config.Automation.MinPeople})
	}
	return c.say.Say(key, nil)
}

// saysRuleOf says which rule the meeting is under, somebody's or the configuration's.
func (b *Bot) saysRuleOf(c call, rule scheduler.Rule) string {
	if rule.Of == "" {
		return i18n.Join(c.say.Say(i18n.WhyDefault, nil), b.saysRule(c.say, rule))
	}
	return i18n.Join(b.saysRule(c.say, rule), b.saysWhose(c.say, rule))
}

// saysBooked says what is known of the next booking; its title is not for everybody.
func saysBooked(c call, next scheduler.NextBooking) string {
	switch {
	case !next.Checked:
		return c.say.Say(i18n.PromptUnchecked, nil)
	case next.Start.IsZero():
		return ""
	}
	return c.say.Say(i18n.WhyBooked, i18n.Data{"Start": dateToken(next.Start, c.zone)})
}

// saysTrial says what would come of an extension by hand.
func (b *Bot) saysTrial(c call, trial scheduler.Trial) string {
	switch trial.Outcome {
	case extension.TooMany:
		return c.say.Say(i18n.TooMany, i18n.Data{"Asked": trial.Minutes, "Limit": trial.Left})
	case extension.Limited:
		if trial.Left <= 0 {
			return c.say.Say(i18n.LimitRunNone, i18n.Data{"Limit": b.config.MaxTotalMinutes})
		}
		return c.say.Say(i18n.LimitRun, i18n.Data{"Count": trial.Left, "Limit": b.config.MaxTotalMinutes})
	case extension.Busy:
		return c.say.Say(i18n.TrialBusy, nil)
	case extension.Ended:
		return c.say.Say(i18n.Ended, i18n.Data{"Meeting": c.request.Meeting})
	}
	if trial.Hidden {
		return c.say.Say(i18n.StatusNoPassword, nil)
	}
	text := c.say.Say(i18n.TrialGood, i18n.Data{"Count": trial.Minutes, "End": dateToken(trial.End, c.zone)})
	if trial.Overlaps {
		text = i18n.Join(text, c.say.Say(i18n.TrialOverlaps, nil))
	}
	return text
}
