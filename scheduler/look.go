package scheduler

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
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

const (
	leastLook   = 20 * time.Second // for a look, however often the schedule has them
	aheadFor    = 5 * time.Minute  // how long before their time tokens are fetched
	asksAtOnce  = 8
	editsAtOnce = 4
)

// looker looks at the running meetings, and remembers of one look what the next one needs.
type looker struct {
	list     func(ctx context.Context) ([]meeting.Meeting, error)
	records  *records
	executor *executor
	follower *follower
	poster   *poster
	alarms   *alarms
	outage   *outage
	unseen   *unseen
	witness  *witness
	pacing   *pacing
	schedule cron.Schedule
	clock    extension.Clock
	logger   *slog.Logger
	observe  func(TickReport)
	looked   atomic.Value // time.Time of the last look, by this process or the holder of the lease

	looking sync.Mutex                    // one look at a time; the outage, and what follows, belong to it
	dealt   map[string]time.Time          // by meeting: the end that needs no more
	ready   *lru.Cache[string, time.Time] // by meeting: the end that its token was fetched ahead for
}

// lastLook is zero before the first look.
func (l *looker) lastLook() time.Time {
	at, _ := l.looked.Load().(time.Time)
	return at
}

// wallNow is without the monotonic clock, which stands still while a machine sleeps.
func (l *looker) wallNow() time.Time { return l.clock.Now().Round(0) }

// look looks at all running meetings and does what is due; its messages are left to the outbox. It begins nothing once
// the next look is due, which does not wait for it long.
func (l *looker) look(ctx context.Context, now time.Time) error {
	l.looking.Lock()
	defer l.looking.Unlock()
	began := l.wallNow() // a machine that sleeps in the middle must not go on with an old list
	until := l.schedule.Next(began.Local())
	if least := began.Add(leastLook); until.Before(least) {
		until = least
	}
	this := &look{by: l, now: now, next: l.schedule.Next(now.Local()), until: until, report: TickReport{At: now, Reasons: make(map[Reason]int)}}
	report := &this.report
	report.Err = extension.Survive("look", func() error { return this.work(ctx) })
	report.Took, report.Alarms = l.wallNow().Sub(began), l.alarms.report()
	if l.observe != nil {
		l.observe(*report)
	}
	if !report.Blind {
		l.looked.Store(l.wallNow())
	}
	return report.Err
}

// missed tells those who depend on a look that cannot happen.
func (l *looker) missed(ctx context.Context, now time.Time) {
	l.looking.Lock()
	defer l.looking.Unlock()
	l.outage.tell(ctx, now, TroubleNoTick, false)
}

// look is one look at the meetings.
type look struct {
	by         *looker
	now, until time.Time
	next       time.Time // look
	paused     Pause
	idle       bool // nothing acts by itself: no meetings were listed
	rules      map[string]Rule
	meetings   []meeting.Meeting // earliest end first
	report     TickReport
}

// work is the story of a look.
func (l *look) work(ctx context.Context) error {
	if trouble, err := l.read(ctx); err != nil {
		return l.blind(ctx, trouble, err)
	}
	due, ahead := l.sift()
	if err := l.by.records.recall(ctx, due); err != nil {
		return l.blind(ctx, TroubleNoTick, err)
	}
	l.by.outage.over(l.now)
	acts := l.decide(ctx, due)
	parts := []func() error{ // Slack must not hold up what has a deadline
		func() error { return l.extendPaced(ctx, append(acts[ActExtend], ahead...)) },
		func() error { return l.each(ctx, acts[ActAsk], asksAtOnce, l.by.executor.ask) },
		func() error {
			return errors.Join(l.follow(ctx), l.by.unseen.look(ctx, l), l.by.poster.repostUnsure(ctx), l.by.witness.look(ctx, l))
		},
	}
	return inParallel(parts, len(parts), nil, func(part func() error) error { return extension.Survive("part of a look", part) })
}

// blind is a look that cannot go on. Those who depend on it are told, unless it is the end of the process that cut it off.
func (l *look) blind(ctx context.Context, trouble Trouble, err error) error {
	l.report.Blind = true
	if ctx.Err() == nil {
		l.by.outage.tell(ctx, l.now, trouble, trouble != TroubleNoTick)
	}
	return err
}

// read reads what all decisions go by. The trouble is what people are told of an error.
func (l *look) read(ctx context.Context) (Trouble, error) {
	store := l.by.records.store
	paused, err := store.Paused(ctx)
	if err != nil {
		return TroubleNoTick, fmt.Errorf("reading whether automation is paused: %w", err)
	}
	rules, err := store.Rules(ctx)
	if err != nil {
		return TroubleNoTick, fmt.Errorf("reading the rules: %w", err)
	}
	l.paused, l.rules = paused, RuleBook(rules)
	l.by.outage.paused, l.by.outage.rules = l.paused, l.rules
	if l.idle, err = l.isIdle(ctx, rules); err != nil {
		return TroubleNoTick, err
	}
	if !l.idle {
		if l.meetings, err = l.list(ctx); err != nil {
			return troubleOfRead(err), fmt.Errorf("listing the meetings: %w", err)
		}
	}
	l.by.outage.keep(l.now, l.meetings)
	l.report.Meetings = len(l.meetings)
	return NoTrouble, nil
}

// list lists the meetings, however many pages that takes, until the look is to be over.
func (l *look) list(ctx context.Context) ([]meeting.Meeting, error) {
	ctx, cancel := context.WithTimeout(meeting.Automatic(ctx), l.until.Sub(l.by.wallNow()))
	defer cancel()
	return l.by.list(ctx)
}

// isIdle says that nothing can be done by itself, and no message follows its meeting. Then the list need not be read,
// which is what takes the service's quota.
func (l *look) isIdle(ctx context.Context, rules []Rule) (bool, error) {
	acts := func(rule Rule) bool { return rule.Mode.acts() }
	if l.by.records.terms.Automation.Mode.acts() || slices.ContainsFunc(rules, acts) {
		return false, nil
	}
	prompts, err := l.by.records.store.FollowedPrompts(ctx)
	if err != nil {
		return false, fmt.Errorf("reading the prompts that are followed: %w", err)
	}
	return len(prompts) == 0, nil
}

// sift finds the meetings whose histories matter now, and those whose tokens are to be fetched ahead. All others are
// decided about by what the list says.
func (l *look) sift() (due, ahead []candidate) {
	records, config := l.by.records, l.by.records.terms.Automation
	var items []PlanItem
	var at []int // in the list, of the item
	// What falls before the next look is dealt with now.
	lead := config.Lead + max(0, l.next.Sub(l.now)-1)
	for i, m := range l.meetings {
		rule := records.ruleOf(m, l.rules)
		decision := Decision{Reason: NoRule}
		if rule.Of != "" || rule.Mode.acts() {
			decision = Decide(l.now, m, rule, History{Paused: l.paused, NextLook: l.next}, records.terms)
		}
		if !concerns(decision.Reason, hasCome(l.now, l.next, m.End.Add(-config.Lead))) {
			l.report.Reasons[decision.Reason]++
			continue
		}
		at = append(at, i)
		items = append(items, PlanItem{
			End: m.End, Lead: lead, Extends: wishOf(m.End, rule, config.Mode, nil).Mode == ModeAuto,
			Free: decision.Reason == Empty || isEmpty(m, config) || l.by.dealt[m.ID].Equal(m.End),
		})
	}
	rate := l.by.pacing.rate(len(l.meetings), l.now.Sub(l.by.lastLook()))
	now, soon := Plan(l.now, items, rate), Plan(l.now.Add(aheadFor), items, rate)
	for i, planned := range now {
		prepares := soon[i].Due && !items[i].Free && items[i].Extends
		if !planned.Due {
			l.report.Reasons[NotYet]++
		}
		if !planned.Due && !prepares {
			continue
		}
		m := l.meetings[at[i]]
		c := records.candidate(m, l.rules)
		c.history = History{Early: planned.Early, Unserved: planned.Unserved}
		if planned.Due {
			due = append(due, c)
		} else if end, ok := l.by.ready.Get(m.ID); !ok || !end.Equal(m.End) {
			ahead = append(ahead, c)
		}
	}
	return due, ahead
}

// concerns says that a decision depends on more than the list, or must be told.
func concerns(reason Reason, near bool) bool {
	switch reason {
	case RunOver, NoRule, RuleOff, AllPaused, PlatformExtends, HandedOver:
		return false
	case NotExtendable, RulePaused: // people may have answered that it goes on
		return near
	}
	return true
}

// decide decides about what is due, and says what is to be done in the order of the ends.
func (l *look) decide(ctx context.Context, due []candidate) map[Act][]candidate {
	alarms := l.by.alarms
	acts, dealt := make(map[Act][]candidate), make(map[string]time.Time)
	for _, c := range due {
		l.by.records.decide(l.now, &c)
		l.report.Reasons[c.decision.Reason]++
		alarms.tellIn(ctx, l.now, c, l.by.records.terms.Automation)
		if c.decision.Act == ActNothing && c.decision.Reason != NotYet && c.decision.Reason != OverQuota {
			dealt[c.meeting.ID] = c.meeting.End
		}
		if c.decision.Act != ActNothing && !alarms.waits(c.key()) {
			acts[c.decision.Act] = append(acts[c.decision.Act], c)
		}
	}
	l.by.dealt = dealt
	return acts
}

// extendPaced extends what is due, in the order of the ends. Where a group has room left, it fetches tokens for what is due
// later.
func (l *look) extendPaced(ctx context.Context, candidates []candidate) error {
	groups := slices.Collect(slices.Chunk(candidates, l.by.pacing.group(len(l.meetings))))
	mayBegin := func() bool { return l.by.pacing.await(ctx, l.until) }
	return inParallel(groups, groupsTogether, mayBegin, func(group []candidate) error {
		return l.each(ctx, group, len(group), func(ctx context.Context, c candidate) error {
			if c.decision.Act == ActExtend {
				return l.by.executor.extend(ctx, c)
			}
			l.prepareAhead(ctx, c)
			return nil
		})
	})
}

// prepareAhead fetches a token for an extension that is not due yet. What fails is tried again by the next look.
func (l *look) prepareAhead(ctx context.Context, c candidate) {
	err := l.by.executor.prepare(meeting.Automatic(ctx), c.meeting, c.meeting.End)
	if err != nil {
		l.by.logger.DebugContext(ctx, "a control token could not be fetched ahead", "meeting", c.meeting.ID, "error", err)
		return
	}
	l.by.ready.Add(c.meeting.ID, c.meeting.End)
}

// follow has the posted messages follow their meetings, by the list that was read.
func (l *look) follow(ctx context.Context) error {
	prompts, err := l.by.records.store.FollowedPrompts(ctx)
	if err != nil {
		return fmt.Errorf("reading the prompts that are followed: %w", err)
	}
	follower := l.by.follower
	stale := follower.stale(prompts, l.meetings, l.rules)
	if err := l.by.records.recallNow(ctx, stale, l.by.records.store.Rules); err != nil {
		return err
	}
	return l.each(ctx, stale, editsAtOnce, func(ctx context.Context, c candidate) error {
		return follower.followStale(ctx, l.now, c)
	})
}

// each deals with the candidates in their order, a few at once, and begins none after the look's end. A panic costs its
// own meeting.
func (l *look) each(ctx context.Context, candidates []candidate, atOnce int, do func(context.Context, candidate) error) error {
	mayBegin := func() bool { return ctx.Err() == nil && l.by.clock.Now().Before(l.until) }
	return inParallel(candidates, atOnce, mayBegin, func(c candidate) error {
		return extension.Survive("meeting "+c.meeting.ID, func() error { return do(ctx, c) })
	})
}

// inParallel does each item in order, at most so many at once, and returns when all are over. It asks begin before each
// (nil is always yes), and leaves the rest at a no.
func inParallel[T any](items []T, atOnce int, begin func() bool, do func(T) error) error {
	errs := make([]error, len(items))
	slots := make(chan struct{}, atOnce)
	var work sync.WaitGroup
	for i, item := range items {
		slots <- struct{}{}
		if begin != nil && !begin() {
			break
		}
		work.Go(func() {
			defer func() { <-slots }()
			errs[i] = do(item)
		})
	}
	work.Wait()
	return errors.Join(errs...)
}
