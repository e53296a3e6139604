package scheduler

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/scheduler/extension"
)

const (
	// blindFor is how old the last good reading may be before people hear of it: two looks of every minute.
	blindFor = 100 * time.Second
	// listGood is how old a list may be, when things begin to go wrong, to tell what runs. A replica that takes over has an
	// older one, or none. A rare schedule has older ones, too.
	listGood = 5 * time.Minute
	// blindAgain is after how long a replica that starts tells again what another one told and did not live to note.
	blindAgain = 30 * time.Minute
)

// outage keeps what was known when all went well, for the time when nothing can be read.
type outage struct {
	alarms  *alarms
	records *records
	owner   string // of leases

	meetings []meeting.Meeting
	listed   time.Time // when they were
	rules    map[string]Rule
	paused   Pause
	good     time.Time       // when all went well
	bad      time.Time       // when it first went wrong since; zero while it does not
	told     map[string]bool // without writing it down, by extension.OfferKey or what a rule is of
}

// keep keeps what a look has read, though it may still find that it cannot go on.
func (o *outage) keep(now time.Time, meetings []meeting.Meeting) {
	o.meetings, o.listed = meetings, now
	if o.good.IsZero() {
		o.over(now)
	}
}

// over says that a look has read all that it takes.
func (o *outage) over(now time.Time) {
	o.good, o.bad, o.told = now, time.Time{}, make(map[string]bool)
}

// tell tells of the meetings that automation would be dealing with by now if it could read what is going on. A first
// failure counts only where no time is left for another try. written says that the store answers: what it knows counts,
// and it takes what is written.
func (o *outage) tell(ctx context.Context, now time.Time, trouble Trouble, written bool) {
	if o.bad.IsZero() {
		o.bad = now
	}
	if o.told == nil {
		o.told = make(map[string]bool)
	}
	known := o.known(ctx, now, &written)
	patient, next := now.Sub(o.good) < blindFor, o.records.schedule.Next(now.Local())
	for _, c := range known {
		c.history.Paused, c.history.NextLook = o.paused, next
		c.decision = Decide(now, c.meeting, c.rule, c.history, o.records.terms)
		if c.decision.Act == ActNothing || patient && mayWait(c.meeting.End, next) {
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
	if written && o.listIsOld() && now.Sub(o.bad) >= blindFor && o.paused.IsZero() {
		o.tellRules(ctx, known)
	}
}

// known are the meetings that run, as far as is known: by the last list and, if that is old, by the messages that follow a
// meeting. Of each it has what the store knows. If the store does not answer, written becomes false, and the list has to do.
func (o *outage) known(ctx context.Context, now time.Time, written *bool) []candidate {
	known, listed := make([]candidate, 0, len(o.meetings)), make(map[string]bool)
	for _, m := range o.meetings {
		c := o.records.candidate(m, o.rules)
		known, listed[c.run] = append(known, c), true
	}
	o.records.leaveOthersRuns(ctx, known)
	if !*written {
		return known
	}
	if o.listIsOld() {
		prompts, err := o.records.store.FollowedPrompts(ctx)
		if err != nil {
			*written = false
			return known
		}
		prompts = slices.DeleteFunc(prompts, func(p Prompt) bool { return listed[p.Run] })
		known = append(known, o.followed(prompts)...)
	}
	remembered := make([]candidate, len(known))
	copy(remembered, known)
	err := o.records.remember(ctx, remembered)
	if err == nil {
		err = o.records.recallDays(ctx, remembered)
	}
	if err != nil {
		*written = false
		return known
	}
	for i := range remembered {
		c := &remembered[i]
		last := c.history.Run.Last
		since := last.UpdatedAt.After(o.listed.Add(-extension.LagsFor))
		if end := cmp.Or(last.Target, last.After); since && end.After(c.meeting.End) {
			c.meeting.End = end
		}
	}
	return remembered
}

// listIsOld says that the last list does not tell what ran when things began to go wrong.
func (o *outage) listIsOld() bool {
	rare := o.records.schedule.Next(o.records.schedule.Next(o.listed.Local()))
	return o.listed.IsZero() || o.bad.Sub(o.listed) > listGood && rare.Before(o.bad)
}

// followed are the meetings of messages. They may be over, or go on for longer than the message knows.
func (o *outage) followed(prompts []Prompt) []candidate {
	latest := make(map[string]Prompt, len(prompts))
	for _, prompt := range prompts {
		if !prompt.End.Before(latest[prompt.Run].End) {
			latest[prompt.Run] = prompt
		}
	}
	known := make([]candidate, 0, len(latest))
	for run, prompt := range latest {
		m := meeting.Meeting{ID: prompt.MeetingID, End: prompt.End, People: -1, Extendable: true}
		if prompt.RuleOf != m.ID {
			m.RoomID = prompt.RuleOf
		}
		c := o.records.candidate(m, o.rules)
		c.run = run
		known = append(known, c)
	}
	return known
}

// tellRules tells those who watch a meeting of which nothing is known: it may run, and it may end. A lease keeps replicas
// that start from telling it again.
func (o *outage) tellRules(ctx context.Context, known []candidate) {
	covered := make(map[string]bool)
	for _, c := range known {
		covered[c.rule.Of] = true
	}
	for of, rule := range o.rules {
		if covered[of] || !rule.Mode.acts() || !rule.Paused.IsZero() || o.told[of] {
			continue
		}
		o.told[of] = true
		c := candidate{meeting: meeting.Meeting{ID: of, People: -1}, rule: rule, wish: Wish{Mode: rule.Mode, Rule: rule}}
		o.alarms.count(TroubleBlind)
		o.alarms.poster.beside(ctx, "telling that nothing is known of a meeting", func() error {
			mine, err := o.records.store.Lease(ctx, "outage "+of, o.owner, blindAgain)
			if err == nil && mine {
				telling, cancel := context.WithTimeout(ctx, postFor)
				defer cancel()
				_, err = o.alarms.poster.announce(telling, c.troubled(TroubleBlind))
			}
			return err
		}, "rule", of)
	}
}
