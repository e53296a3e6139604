package scheduler

import (
	"time"

	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/scheduler/extension"
)

// Outlook is what automation will do before a meeting ends, if nothing changes: what Decide says once its time has come.
// Every sentence about the future is worded from one. Its Decision.At is the look that acts, unless the act is
// ActNothing.
type Outlook struct {
	Decision
	MeetingID string
	End       time.Time // the end that it is about
	Rule      Rule      // of the meeting, in force or not; the configuration's where none has to do with this run
	Wish      Wish
	MayAdd    int // minutes that automation may still add at that wish
	// Handed is by what the run was handed to the platform, which nothing shows to extend it so far: what is foreseen is done
	// only if its end stays where it is. Zero where nobody handed it over, or the end has moved since.
	Handed extension.Extension
}

// Foresee says what automation will do with a running meeting. looks gives the look that does what is due at a time.
func Foresee(now time.Time, looks func(due time.Time) time.Time, m meeting.Meeting, rule Rule, history History, terms Terms) Outlook {
	history.Early = false
	decision := Decide(now, m, rule, history, terms)
	if last := history.Run.Last; decision.Reason == ExtendedAlready && last.Before.Equal(m.End) && last.Target.After(m.End) {
		m.End = last.Target // the list lags behind
		decision = Decide(now, m, rule, history, terms)
	}
	facts := consider(now, m, rule, history, terms)
	handed := facts.handed()
	waits := decision.Reason == NotYet || decision.Reason == HandedOver && handed.ID != 0
	due := now
	if waits {
		due = facts.at
	}
	at := looks(due)
	if waits || decision.Act != ActNothing {
		if at.After(due) {
			due = at
		}
		decision = Decide(due, m, rule, history, terms)
	}
	decision.At = time.Time{}
	if decision.Act != ActNothing {
		decision.At = at
	}
	c := consider(due, m, rule, history, terms)
	return Outlook{Decision: decision, MeetingID: m.ID, End: m.End, Rule: rule, Wish: c.wish, MayAdd: min(c.autoLeft, c.daily), Handed: handed}
}
