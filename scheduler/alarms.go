package scheduler

import (
	"context"
	"log/slog"
	"maps"
	"sync"
	"time"

	"github.com/overtime-bot/overtime/scheduler/extension"
)

const (
	// lastMinutes before an end, the first failure is told. Earlier, what may pass is tried twice first.
	lastMinutes = 3 * time.Minute
	retryAfter  = time.Minute // after a refusal, and longer each time: the service means what it says
)

// alarms count what fails, and tell people of it. What failed for which end is forgotten at a restart, which does no harm.
type alarms struct {
	poster  *poster
	notices *notices
	clock   extension.Clock
	logger  *slog.Logger

	mu       sync.Mutex
	attempts map[string]attempt // by extension.OfferKey
	counts   map[Trouble]int    // since the last report
}

type attempt struct {
	times int
	again time.Time // not before
	end   time.Time
}

// failed notes that automation failed for a meeting, and tells the channel. It waits for a second failure where the
// trouble may pass and there is time.
func (a *alarms) failed(ctx context.Context, c candidate, trouble Trouble) {
	a.count(trouble)
	now := a.clock.Now()
	a.mu.Lock()
	last := a.attempts[c.key()]
	last.times++
	last.again, last.end = now, c.meeting.End
	if trouble == TroubleRefused {
		last.again = now.Add(retryAfter * time.Duration(last.times))
	}
	a.attempts[c.key()] = last
	a.mu.Unlock()
	if passing[trouble] && last.times < 2 && c.meeting.End.Sub(now) > lastMinutes {
		return
	}
	a.tell(ctx, c, trouble)
}

func (a *alarms) count(trouble Trouble) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.counts[trouble]++
}

// waits says that it is not yet time to try again.
func (a *alarms) waits(key string, now time.Time) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return now.Before(a.attempts[key].again)
}

func (a *alarms) forget(key string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.attempts, key)
}

// report takes the counts, and forgets ends that have passed.
func (a *alarms) report(now time.Time) map[Trouble]int {
	a.mu.Lock()
	defer a.mu.Unlock()
	maps.DeleteFunc(a.attempts, func(_ string, last attempt) bool { return now.After(last.end) })
	taken := a.counts
	a.counts = make(map[Trouble]int)
	return taken
}

// tell tells of trouble, once for each end.
func (a *alarms) tell(ctx context.Context, c candidate, trouble Trouble) {
	for _, prompt := range c.history.Prompts {
		if prompt.Kind == PromptTrouble && prompt.End.Equal(c.meeting.End) {
			return
		}
	}
	about := []any{"meeting", c.meeting.ID, "trouble", trouble, "end", c.meeting.End}
	a.notices.put(ctx, "telling that automation failed", func() error {
		won, err := a.poster.postOnce(ctx, c.troubled(trouble))
		if won {
			a.logger.WarnContext(ctx, "automation failed", about...)
		}
		return err
	}, about...)
}

// tellUnwritten tells of trouble that cannot be written down, since the store is what fails. Another replica may tell it
// too, which is better than silence.
func (a *alarms) tellUnwritten(ctx context.Context, c candidate, trouble Trouble) {
	a.notices.put(ctx, "telling that automation failed", func() error {
		ctx, cancel := context.WithTimeout(ctx, postFor)
		defer cancel()
		_, err := a.poster.announce(ctx, c.troubled(trouble))
		return err
	}, "meeting", c.meeting.ID, "trouble", trouble)
}
