package scheduler

import (
	"context"
	"slices"
	"sync"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
	"github.com/overtime-bot/overtime/scheduler/extension"
)

const (
	// lastMinutes before an end, it is too late for another try: the first failure is told. Earlier, what may pass is tried twice first.
	lastMinutes = 3 * time.Minute
	retryAfter  = time.Minute // after a refusal, and longer each time: the service means what it says
)

// alarms count what fails, and tell people of it. A restart forgets what failed, which does no harm.
type alarms struct {
	poster   *poster
	now      func() time.Time
	attempts *lru.Cache[string, attempt] // by extension.OfferKey

	mu     sync.Mutex
	counts map[Trouble]int // since the last report
}

type attempt struct {
	times int
	again time.Time // not before
}

// failed notes that automation failed for a meeting, and tells the channel. It waits for a second failure where the
// trouble may pass and there is time.
func (a *alarms) failed(ctx context.Context, c candidate, trouble Trouble) {
	a.count(trouble)
	now := a.now()
	last, _ := a.attempts.Get(c.key())
	last.times++
	if trouble == TroubleRefused {
		last.again = now.Add(retryAfter * time.Duration(last.times))
	}
	a.attempts.Add(c.key(), last)
	if passing[trouble] && last.times < 2 && mayWait(c.meeting.End, c.history.NextLook) {
		return
	}
	a.tell(ctx, c, trouble, true)
}

// waits says that the service refused the extension, and that it is not tried again yet.
func (a *alarms) waits(key string) bool {
	last, _ := a.attempts.Get(key)
	return a.now().Before(last.again)
}

// mayWait says that the next look leaves people time enough before the end.
func mayWait(end, nextLook time.Time) bool { return !nextLook.After(end.Add(-lastMinutes)) }

func (a *alarms) count(trouble Trouble) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.counts[trouble]++
}

// report takes the counts.
func (a *alarms) report() map[Trouble]int {
	a.mu.Lock()
	defer a.mu.Unlock()
	taken := a.counts
	a.counts = make(map[Trouble]int)
	return taken
}

// tell tells of trouble, once for each end. Where it cannot be written down, since the store is what fails, another replica
// may tell it too: that is better than silence.
func (a *alarms) tell(ctx context.Context, c candidate, trouble Trouble, written bool) {
	told := func(p Prompt) bool {
		return p.Kind == PromptTrouble && p.End.Equal(c.meeting.End) && p.reached(c.wish.Rule)
	}
	if slices.ContainsFunc(c.history.Prompts, told) {
		return
	}
	about := []any{"meeting", c.meeting.ID, "trouble", trouble, "end", c.meeting.End}
	a.poster.beside(ctx, "telling that automation failed", func() error {
		if !written {
			ctx, cancel := context.WithTimeout(ctx, postFor)
			defer cancel()
			_, err := a.poster.announce(ctx, c.troubled(trouble))
			return err
		}
		won, err := a.poster.postOnce(ctx, c.troubled(trouble))
		if won {
			a.poster.logger.WarnContext(ctx, "automation failed", about...)
		}
		return err
	}, about...)
}

// tellIn tells what people must hear of a decision to do nothing.
func (a *alarms) tellIn(ctx context.Context, now time.Time, c candidate, config Automation) {
	if trouble := troubleIn(now, c, config); trouble != NoTrouble {
		a.count(trouble)
		a.tell(ctx, c, trouble, true)
	}
}

// lateTarget is how long an accepted extension may stay unread before people hear of it.
const lateTarget = time.Minute

// countedOn says that people expect something of automation: there is a rule, or they heard of the run before.
func (c *candidate) countedOn() bool {
	return c.rule.Of != "" || len(c.history.Prompts) > 0 || c.history.Run.AutoMinutes > 0
}

// troubleIn is what people must hear of a decision to do nothing. Nobody expects anything before the lead.
func troubleIn(now time.Time, c candidate, config Automation) Trouble {
	expected := c.countedOn() && hasCome(now, c.history.NextLook, c.meeting.End.Add(-config.Lead))
	empty, last := isEmpty(c.meeting, config), c.history.Run.Last
	switch reason := c.decision.Reason; {
	case reason == OverQuota && !c.history.Early:
		return TroubleQuota
	case reason == NotExtendable:
		// Without a rule it is told once in a run, and only where there are people to extend for.
		told := slices.ContainsFunc(c.history.Prompts, func(p Prompt) bool { return p.Kind == PromptTrouble })
		if c.rule.Of == "" && (told || empty) {
			return NoTrouble
		}
		return TroubleHidden
	case reason == NoGap && expected:
		return TroubleBooked
	case reason == OverBudget && expected && !empty:
		return TroubleSpent
	case reason == ExtendedAlready && last.State == extension.Accepted && now.Sub(last.CreatedAt) > lateTarget:
		return TroubleUnclear
	}
	return NoTrouble
}
