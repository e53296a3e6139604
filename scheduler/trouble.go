package scheduler

import (
	"context"
	"sync"
	"time"

	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/scheduler/extension"
)

const (
	// lastMinutes before an end, the first failure is told. Before, what may pass by itself is tried twice first.
	lastMinutes = 3 * time.Minute
	// blindFor is how long the last good reading may be old before that is told: two ticks of every minute.
	blindFor   = 100 * time.Second
	retryAfter = time.Minute // after a refusal, and longer each time: the service means what it says
)

// attempts remembers what failed for which end, by OfferKey. A restart forgets it, which does no harm.
type attempts struct {
	mu    sync.Mutex
	byKey map[string]attempt
}

type attempt struct {
	times int
	again time.Time // not before
	end   time.Time
}

// failed counts a failure, and returns how many there are. After a wait that is not 0 it is tried again, and the next
// wait is longer.
func (a *attempts) failed(key string, now, end time.Time, wait time.Duration) int {
	a.mu.Lock()
	defer a.mu.Unlock()
	last := a.byKey[key]
	last.times++
	last.again, last.end = now.Add(wait*time.Duration(last.times)), end
	a.byKey[key] = last
	return last.times
}

// waits says that it is not yet time to try again.
func (a *attempts) waits(key string, now time.Time) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return now.Before(a.byKey[key].again)
}

func (a *attempts) forget(key string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.byKey, key)
}

// prune forgets ends that have passed.
func (a *attempts) prune(now time.Time) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for key, last := range a.byKey {
		if now.After(last.end) {
			delete(a.byKey, key)
		}
	}
}

// failures counts them until they are reported.
type failures struct {
	mu        sync.Mutex
	byTrouble map[Trouble]int
}

func (f *failures) add(trouble Trouble) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.byTrouble == nil {
		f.byTrouble = make(map[Trouble]int)
	}
	f.byTrouble[trouble]++
}

func (f *failures) take() map[Trouble]int {
	f.mu.Lock()
	defer f.mu.Unlock()
	taken := f.byTrouble
	f.byTrouble = nil
	return taken
}

// passing are the troubles that may pass by themselves before the end.
var passing = map[Trouble]bool{TroubleThrottle: true, TroubleService: true, TroubleOwner: true, TroubleNoTick: true}

// failed notes that automation failed for a meeting, and tells the channel: at once, unless it may pass, and there is
// time to try once more.
func (s *Scheduler) failed(ctx context.Context, c candidate, trouble Trouble) {
	wait := time.Duration(0)
	if trouble == TroubleRefused {
		wait = retryAfter
	}
	s.failures.add(trouble)
	now := s.config.Clock.Now()
	times := s.tries.failed(c.key(), now, c.meeting.End, wait)
	if passing[trouble] && times < 2 && c.meeting.End.Sub(now) > lastMinutes {
		return
	}
	s.alarm(ctx, c, trouble)
}

// alarm tells of trouble, once for each end.
func (s *Scheduler) alarm(ctx context.Context, c candidate, trouble Trouble) {
	for _, prompt := range c.history.Prompts {
		if prompt.Kind == PromptTrouble && prompt.End.Equal(c.meeting.End) {
			return
		}
	}
	occasion := c.occasion(PromptTrouble, c.meeting.End)
	occasion.Trouble = trouble
	s.config.Outbox.Put(ctx, func() {
		err := extension.Survive("telling of trouble", func() error {
			won, err := s.announceOnce(ctx, occasion)
			if won {
				s.config.Logger.WarnContext(ctx, "automation failed", "meeting", c.meeting.ID, "trouble", trouble, "end", c.meeting.End)
			}
			return err
		})
		if err != nil {
			s.config.Logger.ErrorContext(ctx, "telling that automation failed", "meeting", c.meeting.ID, "trouble", trouble, "error", err)
		}
	})
}

// lastGood is what was known when all went well, for the time when nothing can be read.
type lastGood struct {
	meetings []meeting.Meeting
	rules    map[string]Rule
	paused   Pause
	at       time.Time       // when all went well
	alarmed  map[string]bool // without writing it down, by OfferKey
}

// keep keeps what was read by a tick that may still find that it cannot go on.
func (l *lastGood) keep(now time.Time, meetings []meeting.Meeting, rules map[string]Rule) {
	l.meetings, l.rules = meetings, rules
	if l.at.IsZero() {
		l.well(now)
	}
}

// well notes that a tick has read all that it takes.
func (l *lastGood) well(now time.Time) {
	l.at, l.alarmed = now, make(map[string]bool)
}

// blind tells of the meetings that automation would be dealing with by now, if it could read what is going on. A first
// failure counts only where no time is left for another try. written says that the store takes what is written.
func (s *Scheduler) blind(ctx context.Context, now time.Time, trouble Trouble, written bool) {
	good := &s.good
	patient := now.Sub(good.at) < blindFor
	for _, m := range good.meetings {
		rule := RuleOf(m, good.rules, s.ownRule())
		decision := Decide(now, m, rule, History{Paused: good.paused}, s.terms())
		c := candidate{meeting: m, run: extension.RunOf(m), rule: rule, decision: decision}
		if decision.Act == ActNothing || patient && m.End.Sub(now) > lastMinutes {
			continue
		}
		s.failures.add(trouble)
		switch {
		case written:
			s.alarm(ctx, c, trouble) // the store knows whether it was told
		case !good.alarmed[c.key()]:
			good.alarmed[c.key()] = true
			s.alarmUnwritten(ctx, c, trouble)
		}
	}
}

// alarmUnwritten tells of trouble that cannot be written down, since the store is what fails: another replica may tell
// it too, which is better than silence.
func (s *Scheduler) alarmUnwritten(ctx context.Context, c candidate, trouble Trouble) {
	occasion := c.occasion(PromptTrouble, c.meeting.End)
	occasion.Trouble = trouble
	s.config.Outbox.Put(ctx, func() {
		telling, cancel := context.WithTimeout(ctx, announceFor)
		defer cancel()
		if err := extension.Survive("telling of trouble", func() error { _, err := s.announce(telling, occasion); return err }); err != nil {
			s.config.Logger.ErrorContext(ctx, "telling that automation failed", "meeting", c.meeting.ID, "trouble", trouble, "error", err)
		}
	})
}
