package scheduler

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/scheduler/extension"
	"github.com/robfig/cron/v3"
)

// TickReport is what one look at the meetings came to; for metrics.
type TickReport struct {
	At       time.Time
	Took     time.Duration
	Meetings int             // that run
	Reasons  map[Reason]int  // how each was decided about
	Err      error           // why it could not be done, or what failed in it; nil if all went well
	Blind    bool            // nothing was looked at: Err says why
	Alarms   map[Trouble]int // failures since the report before, whether they were told before or not
}

// automation is what ticks remember of one another. It is nil in a Scheduler that does nothing by itself.
type automation struct {
	schedule cron.Schedule
	owner    string // of the lease
	held     bool   // the lease, when it was last asked for; the loop's own
	booked   *booked
	tries    attempts
	failures failures
	followed *followed
	changed  changes
	people   pace
	looked   instant // when the meetings were last looked at, by this process or the holder of the lease

	ticking sync.Mutex // what follows belongs to the tick under way
	good    lastGood
	dealt   map[place]time.Time // runs that need no more for this end
	ready   map[place]time.Time // runs whose token was fetched ahead for this end
	waved   time.Time           // when the last wave of extensions began
	items   []PlanItem          // kept for its room, as is at
	at      []int32
}

// place is a run without the cost of its name.
type place struct {
	id    string
	start int64
}

func placeOf(m meeting.Meeting) place { return place{id: m.ID, start: m.Start.Unix()} }

const (
	leastTick    = 20 * time.Second // for a tick, however often the schedule has them
	aheadFor     = 5 * time.Minute  // how long before their time tokens are fetched
	asksTogether = 8
)

// Tick looks at all running meetings and does what is due: it asks, extends, and has its messages follow. It returns
// when what it began is over. An error means that some of it failed; each failure costs its own meeting.
func (s *Scheduler) Tick(ctx context.Context, now time.Time) error {
	err := s.tick(ctx, now)
	s.config.Outbox.Wait()
	return err
}

// tick is Tick, and leaves its messages to the outbox.
func (s *Scheduler) tick(ctx context.Context, now time.Time) error {
	s.ticking.Lock()
	defer s.ticking.Unlock()
	began := s.wallNow() // a machine that sleeps in the middle is not to go on with an old list
	t := &tick{Scheduler: s, now: now, until: s.tickEnds(began)}
	t.report = TickReport{At: now, Reasons: make(map[Reason]int)}
	t.report.Err = extension.Survive("tick", func() error { return t.work(ctx) })
	t.report.Took, t.report.Alarms = s.wallNow().Sub(began), s.failures.take()
	if s.config.Observe != nil {
		s.config.Observe(t.report)
	}
	if !t.report.Blind {
		s.looked.set(s.config.Clock.Now())
	}
	return t.report.Err
}

// tickEnds is when a tick begins nothing any more: when the next one is due, which does not wait for it long.
func (s *Scheduler) tickEnds(began time.Time) time.Time {
	next := s.schedule.Next(began.Local())
	if least := began.Add(leastTick); next.Before(least) {
		return least
	}
	return next
}

// tick is one look at the meetings.
type tick struct {
	*Scheduler
	now, until time.Time
	paused     Pause
	rules      map[string]Rule
	meetings   []meeting.Meeting // earliest end first
	report     TickReport

	mu sync.Mutex // of ready, while parts of the tick run beside one another
}

func (t *tick) work(ctx context.Context) error {
	if err := t.read(ctx); err != nil {
		t.report.Blind = true
		return err
	}
	due, ahead := t.sift()
	err := t.recall(ctx, t.paused, due)
	if err != nil {
		t.report.Blind = true
		t.blind(ctx, t.now, TroubleNoTick, false)
		return err
	}
	t.good.well(t.now)
	acts := t.decide(ctx, due)
	// Slack must not hold up what has a deadline.
	return errors.Join(t.beside(
		func() error { return t.inWaves(ctx, acts[ActExtend], ahead) },
		func() error { return t.each(ctx, acts[ActAsk], asksTogether, t.ask) },
		func() error { return errors.Join(t.follow(ctx), t.announceUnsure(ctx)) },
	)...)
}

// beside runs parts at the same time; a panic costs its own part.
func (t *tick) beside(parts ...func() error) []error {
	errs := make([]error, len(parts))
	var work sync.WaitGroup
	for i, part := range parts {
		work.Go(func() { errs[i] = extension.Survive("part of a tick", part) })
	}
	work.Wait()
	return errs
}

// read reads what all decisions go by. What cannot be read is told to those who depend on it.
func (t *tick) read(ctx context.Context) (err error) {
	if t.paused, err = t.config.Store.Paused(ctx); err == nil {
		t.rules, err = t.ruleBook(ctx)
	}
	if err != nil {
		t.blind(ctx, t.now, TroubleNoTick, false)
		return fmt.Errorf("reading the rules: %w", err)
	}
	t.good.paused = t.paused
	idle, err := t.idles(ctx)
	if err == nil && !idle {
		err = t.list(ctx)
	}
	if err != nil {
		return err
	}
	t.good.keep(t.now, t.meetings, t.rules)
	t.report.Meetings = len(t.meetings)
	t.tries.prune(t.now)
	t.forgetReady()
	return nil
}

// idles says that nothing can be done by itself, and no message follows its meeting: then the list need not be read,
// which is what takes the service's quota.
func (t *tick) idles(ctx context.Context) (bool, error) {
	if t.ownRule().Mode.acts() {
		return false, nil
	}
	for _, rule := range t.rules {
		if rule.Mode.acts() {
			return false, nil
		}
	}
	prompts, err := t.config.Store.FollowedPrompts(ctx)
	if err != nil {
		return false, fmt.Errorf("reading the prompts that are followed: %w", err)
	}
	return len(prompts) == 0, nil
}

// list reads the running meetings.
func (t *tick) list(ctx context.Context) (err error) {
	t.meetings, err = t.config.Extender.Running(meeting.Automatic(ctx))
	if err != nil {
		t.blind(ctx, t.now, TroubleService, true)
		return fmt.Errorf("listing the meetings: %w", err)
	}
	return nil
}

// sift finds the meetings whose histories matter now, and those whose tokens are to be fetched ahead. All others are
// decided about by what the list says.
func (t *tick) sift() (due, ahead []candidate) {
	t.items, t.at = t.items[:0], t.at[:0]
	for i := range t.meetings {
		m := &t.meetings[i]
		rule := RuleOf(*m, t.rules, t.ownRule())
		if rule.Of == "" && !rule.Mode.acts() {
			t.report.Reasons[NoRule]++
			continue
		}
		decision := Decide(t.now, *m, rule, History{Paused: t.paused}, t.terms())
		near := !t.now.Before(m.End.Add(-t.config.Automation.Lead))
		if !concerns(decision.Reason, near) {
			t.report.Reasons[decision.Reason]++
			continue
		}
		t.at = append(t.at, int32(i)) //nolint:gosec // a list is never that long
		t.items = append(t.items, PlanItem{
			End: m.End, Lead: t.config.Automation.Lead, Extends: rule.Mode == ModeAuto,
			Free: decision.Reason == Empty || isEmpty(*m, t.config.Automation) || t.dealt[placeOf(*m)].Equal(m.End),
		})
	}
	rate := t.rate()
	now, soon := Plan(t.now, t.items, rate), Plan(t.now.Add(aheadFor), t.items, rate)
	for i, planned := range now {
		switch {
		case planned.Due:
			due = append(due, t.candidate(i, planned))
		case soon[i].Due && !t.items[i].Free && t.items[i].Extends:
			t.report.Reasons[NotYet]++
			if c := t.candidate(i, planned); !t.isReady(c) {
				ahead = append(ahead, c)
			}
		default:
			t.report.Reasons[NotYet]++
		}
	}
	return due, ahead
}

func (t *tick) isReady(c candidate) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.ready[placeOf(c.meeting)].Equal(c.meeting.End)
}

// concerns says that a decision depends on more than the list, or is to be told.
func concerns(reason Reason, near bool) bool {
	switch reason {
	case RunOver, NoRule, RuleOff, AllPaused, RulePaused, PlatformExtends:
		return false
	case NotExtendable:
		return near
	}
	return true
}

func (t *tick) candidate(item int, planned Planned) candidate {
	m := t.meetings[t.at[item]]
	return candidate{
		meeting: m, run: extension.RunOf(m), rule: RuleOf(m, t.rules, t.ownRule()),
		history: History{Early: planned.Early, Unserved: planned.Unserved},
	}
}

// decide decides about what is due, and says what is to be done in the order of the ends.
func (t *tick) decide(ctx context.Context, due []candidate) map[Act][]candidate {
	acts, dealt := make(map[Act][]candidate), make(map[place]time.Time)
	for _, c := range due {
		c.decision = Decide(t.now, c.meeting, c.rule, c.history, t.terms())
		t.report.Reasons[c.decision.Reason]++
		if trouble := t.troubleIn(c); trouble != NoTrouble {
			t.failures.add(trouble)
			t.alarm(ctx, c, trouble)
		}
		if c.decision.Act == ActNothing && c.decision.Reason != NotYet && c.decision.Reason != OverQuota {
			dealt[placeOf(c.meeting)] = c.meeting.End
		}
		if c.decision.Act != ActNothing && !t.tries.waits(c.key(), t.now) {
			acts[c.decision.Act] = append(acts[c.decision.Act], c)
		}
	}
	t.dealt = dealt
	return acts
}

// lateTarget is how long an accepted extension may stay unread before that is told.
const lateTarget = time.Minute

// troubleIn is what a decision to do nothing has to tell.
func (t *tick) troubleIn(c candidate) Trouble {
	switch reason := c.decision.Reason; {
	case reason == OverQuota && !c.history.Early:
		return TroubleQuota
	case reason == NotExtendable:
		return t.hiddenIn(c)
	case c.rule.Of == "" || t.now.Before(c.meeting.End.Add(-t.config.Automation.Lead)):
		// of what nobody watches nothing is expected, and of what has time left not yet
	case reason == NoGap:
		return TroubleBooked
	case reason == OverBudget && !isEmpty(c.meeting, t.config.Automation):
		return TroubleSpent
	}
	return t.lateTargetIn(c)
}

// hiddenIn tells of a meeting that the account cannot extend: those who watch it at each end, and of one that nobody
// watches once in a run, and only where there is somebody to extend it for.
func (t *tick) hiddenIn(c candidate) Trouble {
	told := slices.ContainsFunc(c.history.Prompts, func(p Prompt) bool { return p.Kind == PromptTrouble })
	if c.rule.Of == "" && (told || isEmpty(c.meeting, t.config.Automation)) {
		return NoTrouble
	}
	return TroubleHidden
}

// lateTargetIn tells of an extension that the service accepted and does not show.
func (t *tick) lateTargetIn(c candidate) Trouble {
	last := c.history.Run.Last
	if c.decision.Reason == ExtendedAlready && last.State == extension.Accepted && t.now.Sub(last.CreatedAt) > lateTarget {
		return TroubleUnclear
	}
	return NoTrouble
}

// each deals with the candidates in their order, a few at the same time, and begins none after the tick's end.
func (t *tick) each(ctx context.Context, candidates []candidate, atOnce int, do func(context.Context, candidate) error) error {
	var mu sync.Mutex
	var errs []error
	var work sync.WaitGroup
	slots := make(chan struct{}, atOnce)
	for _, c := range candidates {
		slots <- struct{}{}
		if ctx.Err() != nil || !t.config.Clock.Now().Before(t.until) {
			break
		}
		work.Go(func() {
			defer func() { <-slots }()
			if err := extension.Survive("meeting "+c.meeting.ID, func() error { return do(ctx, c) }); err != nil {
				mu.Lock()
				defer mu.Unlock()
				errs = append(errs, err)
			}
		})
	}
	work.Wait()
	return errors.Join(errs...)
}

// prepareAhead fetches a token for an extension that is not due yet. What fails is tried again by the next tick.
func (t *tick) prepareAhead(ctx context.Context, c candidate) error {
	err := t.prepare(meeting.Automatic(ctx), c.meeting, c.meeting.End)
	if err != nil {
		t.config.Logger.DebugContext(ctx, "a control token could not be fetched ahead", "meeting", c.meeting.ID, "error", err)
		return nil
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.ready[placeOf(c.meeting)] = c.meeting.End
	return nil
}

// forgetReady forgets tokens of ends that have passed.
func (t *tick) forgetReady() {
	t.mu.Lock()
	defer t.mu.Unlock()
	maps.DeleteFunc(t.ready, func(_ place, end time.Time) bool { return end.Before(t.now) })
}
