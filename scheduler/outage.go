package scheduler

import (
	"context"
	"time"

	"github.com/overtime-bot/overtime/meeting"
)

// blindFor is how old the last good reading may be before people hear of it: two looks of every minute.
const blindFor = 100 * time.Second

// outage keeps what was known when all went well, for the time when nothing can be read.
type outage struct {
	alarms  *alarms
	records *records

	meetings []meeting.Meeting
	rules    map[string]Rule
	paused   Pause
	good     time.Time       // when all went well
	told     map[string]bool // without writing it down, by extension.OfferKey
}

// keep keeps what a look has read, though it may still find that it cannot go on.
func (o *outage) keep(now time.Time, meetings []meeting.Meeting, rules map[string]Rule) {
	o.meetings, o.rules = meetings, rules
	if o.good.IsZero() {
		o.over(now)
	}
}

// over says that a look has read all that it takes.
func (o *outage) over(now time.Time) { o.good, o.told = now, make(map[string]bool) }

// tell tells of the meetings that automation would be dealing with by now if it could read what is going on. A first
// failure counts only where no time is left for another try. written says that the store takes what is written.
func (o *outage) tell(ctx context.Context, now time.Time, trouble Trouble, written bool) {
	patient, next := now.Sub(o.good) < blindFor, o.records.schedule.Next(now.Local())
	for _, m := range o.meetings {
		c := o.records.candidate(m, o.rules)
		c.decision = Decide(now, m, c.rule, History{Paused: o.paused, NextLook: next}, o.records.terms)
		if c.decision.Act == ActNothing || patient && mayWait(m.End, next) {
			continue
		}
		o.alarms.count(trouble)
		if !written && o.told[c.key()] {
			continue
		}
		if !written { // else the store knows whether it was told
			o.told[c.key()] = true
		}
		o.alarms.tell(ctx, c, trouble, written)
	}
}
