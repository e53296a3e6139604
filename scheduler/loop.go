package scheduler

import (
	"context"
	"crypto/rand"
	"fmt"
	"time"
)

const (
	tickLease  = "tick"
	leaseFor   = 45 * time.Second
	leaseEvery = 15 * time.Second // it is renewed, or asked for
	leaseAgain = 5 * time.Second  // after the store did not answer
	sleepFor   = 24 * time.Hour   // where a schedule names no time at all, which ParseSchedule excludes
)

// newAutomation makes what ticks remember.
func newAutomation(config Automation) (*automation, error) {
	schedule, err := ParseSchedule(config.Schedule)
	if err != nil {
		return nil, fmt.Errorf("scheduler: the schedule: %w", err)
	}
	return &automation{
		schedule: schedule, owner: rand.Text(), booked: newBooked(), changed: newChanges(),
		tries: attempts{byKey: make(map[string]attempt)}, followed: newFollowed(), ready: make(map[place]time.Time),
	}, nil
}

// LastTick tells when the running meetings were last looked at, by this process or, as far as the lease tells, by
// another one. It is zero until then.
func (s *Scheduler) LastTick() time.Time { return s.looked.get() }

// TickDue tells when the look after the last one is due; zero until there was one.
func (s *Scheduler) TickDue() time.Time {
	last := s.LastTick()
	if last.IsZero() {
		return last
	}
	return s.nextTick(last)
}

// runTicks ticks as the schedule says, at once first, where this process holds the lease. There is one tick at a time;
// what a long one, or a machine that slept, has missed is caught up by one.
func (s *Scheduler) runTicks(ctx context.Context) {
	defer s.releaseTicks(ctx)
	next := s.wallNow()
	for ctx.Err() == nil {
		now := s.wallNow()
		if later := s.nextTick(now); next.After(later) {
			next = later // the clock was set back
		}
		gained, err := s.elect(ctx)
		if err != nil {
			s.storeFails(ctx, now, err)
			_ = s.config.Clock.Wait(ctx, leaseAgain)
			continue // what is due stays due
		}
		due := !now.Before(next)
		if s.held && (due || gained) {
			s.tickAsHolder(ctx, now)
		}
		if due {
			next = s.nextTick(now)
		}
		_ = s.config.Clock.Wait(ctx, min(next.Sub(s.wallNow()), leaseEvery)) // the loop's condition sees the end of ctx
	}
}

// wallNow is without the monotonic clock, which stands still while a machine sleeps.
func (s *Scheduler) wallNow() time.Time { return s.config.Clock.Now().Round(0) }

func (s *Scheduler) nextTick(now time.Time) time.Time {
	next := s.schedule.Next(now.Local())
	if next.IsZero() {
		return now.Add(sleepFor)
	}
	return next
}

// elect asks for the lease, and tells whether it was gained just now.
func (s *Scheduler) elect(ctx context.Context) (gained bool, err error) {
	held, err := s.config.Store.Lease(ctx, tickLease, s.owner, leaseFor)
	if err != nil {
		return false, err
	}
	gained = held && !s.held
	s.held = held
	if !held {
		s.looked.set(s.config.Clock.Now()) // whoever holds it looks
	}
	return gained, nil
}

// storeFails is for a tick that cannot happen. Whoever held the lease last tells those who depend on it.
func (s *Scheduler) storeFails(ctx context.Context, now time.Time, err error) {
	if ctx.Err() != nil {
		return
	}
	s.config.Logger.ErrorContext(ctx, "the meetings cannot be looked at: no lease", "error", err)
	s.ticking.Lock()
	defer s.ticking.Unlock()
	if s.held && !now.Before(s.nextTick(s.looked.get())) {
		s.blind(ctx, now, TroubleNoTick, false)
	}
}

// tickAsHolder ticks, and renews the lease meanwhile.
func (s *Scheduler) tickAsHolder(ctx context.Context, now time.Time) {
	renewing, stop := context.WithCancel(ctx)
	renewed := make(chan struct{})
	go func() {
		defer close(renewed)
		for s.config.Clock.Wait(renewing, leaseEvery) == nil {
			if _, err := s.config.Store.Lease(renewing, tickLease, s.owner, leaseFor); err != nil && renewing.Err() == nil {
				s.config.Logger.WarnContext(ctx, "the lease could not be renewed", "error", err)
			}
		}
	}()
	if err := s.tick(ctx, now); err != nil && ctx.Err() == nil {
		s.config.Logger.ErrorContext(ctx, "looking at the meetings", "error", err)
	}
	stop()
	<-renewed
}

// releaseTicks lets another replica go on at once.
func (s *Scheduler) releaseTicks(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), writePatience)
	defer cancel()
	if err := s.config.Store.ReleaseLease(ctx, tickLease, s.owner); err != nil {
		s.config.Logger.WarnContext(ctx, "the lease was not given up; it ends by itself", "error", err)
	}
}
