package scheduler

import (
	"cmp"
	"context"
	"slices"

	"github.com/overtime-bot/overtime/meeting"
)

// Sight tells whether the list of running meetings is less than what was asked for.
type Sight interface{ View() meeting.View }

// unseen keeps the meetings that a list showed before the service narrowed it to the account's own. They run on, and nobody
// looks at them.
type unseen struct {
	sight    Sight // nil: no list is narrowed
	records  *records
	alarms   *alarms
	meetings []meeting.Meeting // of the last list that was not narrowed; since then, of those that it lacks
}

// look tells those who watch what the list does not show, once automation would deal with it.
func (u *unseen) look(ctx context.Context, l *look) error {
	if u.sight == nil || !u.sight.View().Refused {
		u.meetings = l.meetings
		return nil
	}
	seen := make(map[string]bool, len(l.meetings))
	for _, m := range l.meetings {
		seen[m.ID] = true
	}
	var lacking []candidate
	for _, m := range u.meetings {
		near := hasCome(l.now, l.next, m.End.Add(-u.records.terms.Automation.Lead))
		if c := u.records.candidate(m, l.rules); near && !seen[m.ID] && c.rule.Mode.acts() {
			lacking = append(lacking, c)
		}
	}
	if err := u.records.recall(ctx, lacking); err != nil {
		return err
	}
	u.meetings = slices.DeleteFunc(slices.Clone(u.meetings), func(m meeting.Meeting) bool { return seen[m.ID] })
	for _, c := range lacking {
		last := c.history.Run.Last
		if end := cmp.Or(last.After, last.Target); end.After(c.meeting.End) {
			c.meeting.End = end
		}
		if !l.now.Before(c.meeting.End) {
			u.forget(c.meeting.ID)
			continue
		}
		if u.records.decide(l.now, &c); c.decision.Act != ActNothing {
			u.alarms.count(TroubleUnseen)
			u.alarms.tell(ctx, c, TroubleUnseen, true)
		}
	}
	return nil
}

func (u *unseen) forget(id string) {
	u.meetings = slices.DeleteFunc(u.meetings, func(m meeting.Meeting) bool { return m.ID == id })
}
