package bot

import (
	"context"
	"strings"
	"time"

	"github.com/overtime-bot/overtime/bot/i18n"
	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/scheduler"
	"github.com/overtime-bot/overtime/scheduler/extension"
	"github.com/overtime-bot/overtime/scheduler/store"
)

// why is `/extend why <meeting> [minutes]`: what automation will do with a running meeting, and what would come of so many
// minutes by hand. The checks behind that are one press away. It changes nothing.
type why struct {
	finder    *finder
	scheduler Scheduler
	rules     *rulebook
	refusals  *refusals
	limits    Limits
	otherwise scheduler.Automation
	foretells foretelling
	further   *further
	now       func() time.Time
}

func (w *why) explain(ctx context.Context, in interaction) Reply {
	reply, m, _, ok := w.answer(ctx, in)
	if !ok {
		return reply
	}
	reply.Offers = []Offer{{Label: in.say.Say(i18n.ButtonWhyAll, nil), Action: store.Action{
		Verb: verbWhyAll, Run: extension.RunOf(m), MeetingID: m.ID, Minutes: in.command.Amount.Count, Expires: laterOf(m.End, w.now().Add(time.Hour)),
	}}}
	return reply
}

// explainAll is explain with all checks in their order. It takes the place of the short answer.
func (w *why) explainAll(ctx context.Context, in interaction) Reply {
	reply, _, explained, ok := w.answer(ctx, in)
	if ok {
		reply.Items, reply.Replaces = []Item{{Text: w.saysChecks(in, explained)}}, true
	}
	return reply
}

// answer says in a sentence or two what will be done, and why.
func (w *why) answer(ctx context.Context, in interaction) (Reply, meeting.Meeting, scheduler.Explanation, bool) {
	in, m, refusal, ok := w.finder.toSee(ctx, in)
	if !ok {
		return refusal, m, scheduler.Explanation{}, false
	}
	explained, err := w.scheduler.Why(ctx, m, in.command.Amount.Count)
	if err != nil {
		return w.refusals.notWritten(ctx, in, err), m, explained, false
	}
	reply := Reply{
		Tone: Telling, Heading: headingOf(in.sight, m), Text: w.saysDecision(in, explained),
		Next: saysRule(in.say, explained.Rule, w.otherwise), Last: saysBookings(in, m, explained.History.Next),
	}
	if w.uncounted(explained) && explained.Decision.Act != scheduler.ActNothing {
		reply.Text = i18n.Join(in.say.Say(i18n.WhyUncounted, nil), reply.Text)
	}
	if explained.Trial.Minutes > 0 {
		reply.Text += "\n" + w.saysTrial(ctx, in, m, explained.Trial)
	}
	switch {
	case ruleless[explained.Decision.Reason]: // what the rule says would read as if it were done
		reply.Next = ""
	case explained.Rule.Of == "":
		reply.Next = i18n.Join(in.say.Say(i18n.WhyDefault, nil), reply.Next)
	default:
		reply.Next = i18n.Join(reply.Next, saysWhose(in.say, explained.Rule))
	}
	return reply, m, explained, true
}

// ruleless are the reasons to do nothing, whatever the rule says.
var ruleless = map[scheduler.Reason]bool{
	scheduler.RunOver: true, scheduler.PlatformExtends: true, scheduler.HandedOver: true, scheduler.NotExtendable: true, scheduler.ToldToEnd: true,
}

// uncounted says that nobody knows whether enough people are in.
func (w *why) uncounted(explained scheduler.Explanation) bool {
	return explained.Meeting.People < 0 && w.otherwise.MinPeople > 0
}

// saysChecks lists the checks up to the one that decided.
func (w *why) saysChecks(in interaction, explained scheduler.Explanation) string {
	checks := []string{in.say.Say(i18n.WhyChecks, nil)}
	for _, check := range explained.Checks {
		key := i18n.WhyNo
		if check.Holds {
			key = i18n.WhyYes
		} else if check.Reason == scheduler.Empty && w.uncounted(explained) {
			key = i18n.WhyUnknown
		}
		checks = append(checks, "• "+in.say.Say(key, i18n.Data{"Reason": w.foretells.saysReason(in.say, check.Reason)}))
		if check.Holds {
			break
		}
	}
	return strings.Join(checks, "\n")
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

// saysDecision says what will be done. Before its time that is enough; where nothing is foreseen, it says why not now.
func (w *why) saysDecision(in interaction, explained scheduler.Explanation) string {
	then := w.foretells.says(in.speech(), explained.Outlook)
	if then != "" {
		return then
	}
	return in.say.Say(i18n.WhyNothing, i18n.Data{"Reason": w.foretells.saysReason(in.say, explained.Decision.Reason)})
}

// saysTrial says what would come of an extension by hand.
func (w *why) saysTrial(ctx context.Context, in interaction, m meeting.Meeting, trial scheduler.Trial) string {
	switch trial.Outcome {
	case extension.TooMany:
		text := in.say.Say(i18n.TooMany, i18n.Data{"Count": trial.Minutes, "Limit": trial.Left})
		return i18n.Join(text, w.saysDaily(ctx, in, m, trial.Left))
	case extension.Limited:
		if trial.Limit == extension.LimitRoom {
			return in.say.Say(i18n.TrialRoomBooked, nil)
		}
		if trial.Left <= 0 {
			return in.say.Say(i18n.LimitRunNone, i18n.Data{"Meeting": in.named(m), "Count": w.limits.MaxTotalMinutes})
		}
		text := in.say.Say(i18n.LimitRun, i18n.Data{"Meeting": in.named(m), "Count": trial.Left, "Limit": w.limits.MaxTotalMinutes})
		return i18n.Join(text, w.saysDaily(ctx, in, m, trial.Left))
	case extension.Busy:
		return in.say.Say(i18n.TrialBusy, nil)
	case extension.Ended:
		return in.say.Say(i18n.Ended, i18n.Data{"Meeting": in.named(m)})
	}
	if trial.Hidden {
		return in.say.Say(i18n.StatusNoPassword, nil)
	}
	if less := w.saysDaily(ctx, in, m, trial.Minutes); less != "" {
		return less
	}
	text := in.say.Say(i18n.TrialGood, i18n.Data{"Count": trial.Minutes, "End": in.date(trial.End)})
	if trial.Clipped {
		text = i18n.Join(text, in.say.Say(i18n.TrialClipped, nil))
	}
	return text
}

// saysDaily says what the person's own limit of a day leaves, if that is less than so many minutes.
func (w *why) saysDaily(ctx context.Context, in interaction, m meeting.Meeting, minutes int) string {
	left := w.further.within(ctx, extension.RunOf(m), in.actor())
	switch {
	case left.unknown || left.By != extension.LimitDaily || left.AtOnce >= minutes:
		return ""
	case left.AtOnce <= 0:
		return in.say.Say(i18n.LimitDailyNone, i18n.Data{"Count": w.limits.DailyMinutes})
	}
	return in.say.Say(i18n.LimitDaily, i18n.Data{"Count": left.AtOnce, "Limit": w.limits.DailyMinutes})
}
