package bot

import (
	"context"
	"strings"

	"github.com/overtime-bot/overtime/bot/i18n"
	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/scheduler"
	"github.com/overtime-bot/overtime/scheduler/extension"
)

// why is `/extend why <meeting> [minutes]`: what automation does with a running meeting, by which checks, and what would
// come of so many minutes by hand. It changes nothing.
type why struct {
	finder    *finder
	scheduler Scheduler
	rules     *rulebook
	refusals  *refusals
	limits    Limits
	otherwise scheduler.Automation
}

func (w *why) explain(ctx context.Context, in interaction) Reply {
	m, refusal, ok := w.finder.toSee(ctx, in, w.rules.readable(ctx))
	if !ok {
		return refusal
	}
	explained, err := w.scheduler.Why(ctx, m, in.command.Amount.Count)
	if err != nil {
		return w.refusals.notWritten(ctx, in, err)
	}
	checks := []string{in.say.Say(i18n.WhyChecks, nil)}
	for _, check := range explained.Checks {
		key := i18n.WhyNo
		if check.Holds {
			key = i18n.WhyYes
		}
		checks = append(checks, "• "+in.say.Say(key, i18n.Data{"Reason": w.saysReason(in, check.Reason)}))
		if check.Holds { // it decided
			break
		}
	}
	reply := Reply{
		Tone: Telling, About: titleOf(m), Text: w.saysDecision(in, explained.Decision),
		Items: []Item{{Text: strings.Join(checks, "\n")}}, Next: saysRule(in.say, explained.Rule, w.otherwise),
	}
	if explained.Trial.Minutes > 0 {
		reply.Text += "\n" + w.saysTrial(in, explained.Trial)
	}
	if explained.Rule.Of == "" {
		reply.Next = i18n.Join(in.say.Say(i18n.WhyDefault, nil), reply.Next)
	} else {
		reply.Next = i18n.Join(reply.Next, saysWhose(in.say, explained.Rule))
	}
	reply.Last = saysBookings(in, m, explained.History.Next)
	return reply
}

// saysBookings says what is booked after the meeting. The titles are not for everybody.
func saysBookings(in interaction, m meeting.Meeting, next scheduler.NextBooking) string {
	text := ""
	switch {
	case !next.Checked:
		text = in.say.Say(i18n.PromptUnchecked, nil)
	case !next.Start.IsZero():
		text = in.say.Say(i18n.WhyBooked, i18n.Data{"Start": dateToken(next.Start, in.zone)})
	}
	if next.HostSoon(m.End) {
		text = i18n.Join(text, in.say.Say(i18n.HostBooked, i18n.Data{"Start": dateToken(next.Host, in.zone)}))
	}
	return text
}

// saysDecision says what happens now, and why.
func (w *why) saysDecision(in interaction, decision scheduler.Decision) string {
	switch decision.Act {
	case scheduler.ActAsk:
		return in.say.Say(i18n.WhyAsk, nil)
	case scheduler.ActExtend:
		return in.say.Say(i18n.WhyExtend, i18n.Data{"Count": decision.Minutes})
	}
	text := in.say.Say(i18n.WhyNothing, i18n.Data{"Reason": w.saysReason(in, decision.Reason)})
	if !decision.At.IsZero() {
		text = i18n.Join(text, in.say.Say(i18n.WhyThen, i18n.Data{"At": dateToken(decision.At, in.zone)}))
	}
	return text
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

func (w *why) saysReason(in interaction, reason scheduler.Reason) string {
	key, ok := reasons[reason]
	switch {
	case !ok:
		return in.say.Say(i18n.WhyOther, i18n.Data{"Reason": foreign(string(reason), quotedLimit)})
	case key == i18n.WhyEmpty:
		return in.say.Say(key, i18n.Data{"Count": w.otherwise.MinPeople})
	}
	return in.say.Say(key, nil)
}

// saysTrial says what would come of an extension by hand.
func (w *why) saysTrial(in interaction, trial scheduler.Trial) string {
	switch trial.Outcome {
	case extension.TooMany:
		return in.say.Say(i18n.TooMany, i18n.Data{"Asked": trial.Minutes, "Limit": trial.Left})
	case extension.Limited:
		if trial.Left <= 0 {
			return in.say.Say(i18n.LimitRunNone, i18n.Data{"Limit": w.limits.MaxTotalMinutes})
		}
		return in.say.Say(i18n.LimitRun, i18n.Data{"Count": trial.Left, "Limit": w.limits.MaxTotalMinutes})
	case extension.Busy:
		return in.say.Say(i18n.TrialBusy, nil)
	case extension.Ended:
		return in.say.Say(i18n.Ended, i18n.Data{"Meeting": in.command.Meeting})
	}
	if trial.Hidden {
		return in.say.Say(i18n.StatusNoPassword, nil)
	}
	text := in.say.Say(i18n.TrialGood, i18n.Data{"Count": trial.Minutes, "End": dateToken(trial.End, in.zone)})
	if trial.Overlaps {
		text = i18n.Join(text, in.say.Say(i18n.TrialOverlaps, nil))
	}
	return text
}
