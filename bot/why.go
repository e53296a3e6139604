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
	foretells foretelling
}

func (w *why) explain(ctx context.Context, in interaction) Reply {
	in, m, refusal, ok := w.finder.toSee(ctx, in)
	if !ok {
		return refusal
	}
	explained, err := w.scheduler.Why(ctx, m, in.command.Amount.Count)
	if err != nil {
		return w.refusals.notWritten(ctx, in, err)
	}
	uncounted := explained.Meeting.People < 0 && w.otherwise.MinPeople > 0
	checks := []string{in.say.Say(i18n.WhyChecks, nil)}
	for _, check := range explained.Checks {
		key := i18n.WhyNo
		if check.Holds {
			key = i18n.WhyYes
		} else if check.Reason == scheduler.Empty && uncounted {
			key = i18n.WhyUnknown
		}
		checks = append(checks, "• "+in.say.Say(key, i18n.Data{"Reason": w.foretells.saysReason(in.say, check.Reason)}))
		if check.Holds { // it decided
			break
		}
	}
	reply := Reply{
		Tone: Telling, Heading: headingOf(in.sight, m), Text: w.saysDecision(in, explained),
		Items: []Item{{Text: strings.Join(checks, "\n")}}, Next: saysRule(in.say, explained.Rule, w.otherwise),
	}
	if uncounted && explained.Decision.Act != scheduler.ActNothing {
		reply.Text = i18n.Join(in.say.Say(i18n.WhyUncounted, nil), reply.Text)
	}
	if explained.Trial.Minutes > 0 {
		reply.Text += "\n" + w.saysTrial(in, m, explained.Trial)
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
		text = in.say.Say(i18n.WhyBooked, i18n.Data{"Start": in.date(next.Start)})
	}
	if next.HostSoon(m.End) {
		text = i18n.Join(text, in.say.Say(i18n.HostBooked, i18n.Data{"Start": in.date(next.Host)}))
	}
	return text
}

// saysDecision says what is done now, and then.
func (w *why) saysDecision(in interaction, explained scheduler.Explanation) string {
	then := w.foretells.says(in.speech(), explained.Outlook)
	if explained.Decision.Reason != scheduler.NotYet {
		return then
	}
	now := in.say.Say(i18n.WhyNothing, i18n.Data{"Reason": w.foretells.saysReason(in.say, scheduler.NotYet)})
	return i18n.Join(now, then)
}

// saysTrial says what would come of an extension by hand.
func (w *why) saysTrial(in interaction, m meeting.Meeting, trial scheduler.Trial) string {
	switch trial.Outcome {
	case extension.TooMany:
		return in.say.Say(i18n.TooMany, i18n.Data{"Count": trial.Minutes, "Limit": trial.Left})
	case extension.Limited:
		if trial.Limit == extension.LimitRoom {
			return in.say.Say(i18n.TrialRoomBooked, nil)
		}
		if trial.Left <= 0 {
			return in.say.Say(i18n.LimitRunNone, i18n.Data{"Meeting": in.named(m), "Count": w.limits.MaxTotalMinutes})
		}
		return in.say.Say(i18n.LimitRun, i18n.Data{"Meeting": in.named(m), "Count": trial.Left, "Limit": w.limits.MaxTotalMinutes})
	case extension.Busy:
		return in.say.Say(i18n.TrialBusy, nil)
	case extension.Ended:
		return in.say.Say(i18n.Ended, i18n.Data{"Meeting": in.named(m)})
	}
	if trial.Hidden {
		return in.say.Say(i18n.StatusNoPassword, nil)
	}
	text := in.say.Say(i18n.TrialGood, i18n.Data{"Count": trial.Minutes, "End": in.date(trial.End)})
	if trial.Clipped {
		text = i18n.Join(text, in.say.Say(i18n.TrialClipped, nil))
	}
	return text
}
