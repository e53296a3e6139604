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
	Outcome extension.Outcome // DidConfirm where nothing that is known stands in the way; Busy, Ended, TooMany, Limited
	Left    int               // TooMany and Limited: how many minutes are left
	End     time.Time         // DidConfirm: the end that it would lead to
	// Hidden says that the service would refuse it: the account does not see the host's password.
	Hidden bool
	// Overlaps says that it would run into the next booking, which keeps nobody from extending by hand.
	Overlaps bool
}

// Why explains what automation does with a running meeting, and what would come of so many minutes by hand, if that is
// not 0. It changes nothing.
func (s *Scheduler) Why(ctx context.Context, m meeting.Meeting, minutes int) (Explanation, error) {
	c := candidate{meeting: m, run: extension.RunOf(m)}
	if s.automation != nil {
		known, err := s.recallOne(ctx, m, extension.RunOf(m))
		if err != nil {
			return Explanation{}, err
		}
		c = known
	}
	now := s.config.Clock.Now()
	explained := Explanation{
		Meeting: m, Rule: c.rule, History: c.history,
		Decision: Decide(now, m, c.rule, c.history, s.terms()), Checks: checked(now, c, s.terms()),
	}
	if minutes > 0 {
		explained.Trial = s.try(now, c, minutes)
	}
	return explained, nil
}

func checked(now time.Time, c candidate, terms Terms) []Check {
	facts := consider(now, c.meeting, c.rule, c.history, terms)
	told := make([]Check, 0, len(reasons))
	for _, reason := range reasons {
		told = append(told, Check{Reason: reason, Holds: facts.holds(reason)})
	}
	return told
}

// try says what Extend would do first of all.
func (s *Scheduler) try(now time.Time, c candidate, minutes int) Trial {
	facts := consider(now, c.meeting, c.rule, c.history, s.terms())
	trial := Trial{Minutes: minutes, Outcome: extension.DidConfirm, Hidden: !c.meeting.Extendable}
	switch {
	case !now.Before(c.meeting.End):
		trial.Outcome = extension.Ended
	case s.config.MaxMinutes > 0 && minutes > s.config.MaxMinutes:
		trial.Outcome, trial.Left = extension.TooMany, s.config.MaxMinutes
	case c.history.Run.Open:
		trial.Outcome = extension.Busy
	case facts.left >= 0 && minutes > facts.left:
		trial.Outcome, trial.Left = extension.Limited, facts.left
	default:
		trial.End = c.meeting.End.Add(time.Duration(minutes) * time.Minute)
		trial.Overlaps = facts.gap >= 0 && minutes > facts.gap
	}
	return trial
}
