package scheduler

import (
	"context"
	"time"

	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/scheduler/extension"
)

// Explanation says why automation does what it does with a meeting, in codes.
type Explanation struct {
	Meeting  meeting.Meeting
	Rule     Rule
	History  History
	Decision Decision
	Outlook  Outlook
	Checks   []Check // in order; the first that holds decided
	Trial    Trial   // where minutes were asked about
}

// Check is one of the reasons that there are to do nothing.
type Check struct {
	Reason Reason
	Holds  bool // the reason is there
}

// Trial is what would become of an extension by hand now.
type Trial struct {
	Minutes int
	Outcome extension.Outcome // DidConfirm where nothing known stands in the way; Busy, Ended, TooMany, Limited
	Limit   extension.Limit   // Limited: the run's, or the room's next booking
	Left    int               // TooMany and Limited: how many minutes are left
	End     time.Time         // DidConfirm: the end that it would lead to
	// Hidden says that the service would refuse it: the account does not see the host's password.
	Hidden bool
	// Clipped says that the room's next booking leaves time for fewer minutes: Minutes are those.
	Clipped bool
}

// Why explains what automation does with a running meeting. Where minutes is not 0, it also says what would come of so
// many by hand. It changes nothing.
func (s *Scheduler) Why(ctx context.Context, m meeting.Meeting, minutes int) (Explanation, error) {
	m = s.records.counted(ctx, m)
	c, err := s.records.recallOne(ctx, m, extension.RunOf(m))
	if err != nil {
		return Explanation{}, err
	}
	one := []candidate{c}
	if err := s.records.byThoseWhoMay(ctx, one); err != nil {
		return Explanation{}, err
	}
	c = one[0]
	s.records.decide(s.records.now(), &c)
	now, terms := s.records.now(), s.records.terms
	facts := consider(now, m, c.rule, c.history, terms)
	explained := Explanation{Meeting: m, Rule: c.rule, History: c.history, Decision: c.decision, Outlook: c.outlook}
	if at := explained.Decision.At; at.After(now) {
		explained.Decision.At = s.records.looks(at)
	}
	for _, reason := range reasons {
		explained.Checks = append(explained.Checks, Check{Reason: reason, Holds: facts.holds(reason)})
	}
	if minutes > 0 {
		explained.Trial = facts.try(minutes)
	}
	return explained, nil
}

// try says what Extend would do first of all.
func (c *circumstances) try(minutes int) Trial {
	trial := Trial{Minutes: minutes, Outcome: extension.DidConfirm, Hidden: !c.meeting.Extendable}
	switch {
	case !c.now.Before(c.meeting.End):
		trial.Outcome = extension.Ended
	case c.terms.AtOnce > 0 && minutes > c.terms.AtOnce:
		trial.Outcome, trial.Left = extension.TooMany, c.terms.AtOnce
	case c.history.Run.Open:
		trial.Outcome = extension.Busy
	case minutes > c.left:
		trial.Outcome, trial.Limit, trial.Left = extension.Limited, extension.LimitRun, c.left
	case c.gap == 0:
		trial.Outcome, trial.Limit = extension.Limited, extension.LimitRoom
	default:
		trial.Minutes, trial.Clipped = min(minutes, c.gap), minutes > c.gap
		trial.End = c.meeting.End.Add(time.Duration(trial.Minutes) * time.Minute)
	}
	return trial
}
