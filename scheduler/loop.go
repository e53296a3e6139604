package scheduler

import (
	"context"
	"log/slog"
	"time"

	"github.com/overtime-bot/overtime/scheduler/extension"
	"github.com/robfig/cron/v3"
)

const (
	lookLease  = "tick"
	leaseFor   = 45 * time.Second
	leaseEvery = 15 * time.Second // it is renewed, or asked for
	leaseAgain = 5 * time.Second  // after the store did not answer
	sleepFor   = 24 * time.Hour   // where a schedule names no time at all, which ParseSchedule excludes
)

// loop looks as the schedule says, in the replica that holds the lease.
type loop struct {
	leases   LeaseStore
	owner    string
	schedule cron.Schedule
	looker   *looker
	clock    extension.Clock
	logger   *slog.Logger
}

// next is when the look after now is due.
func (l *loop) next(now time.Time) time.Time {
	next := l.schedule.Next(now.Local())
	if next.IsZero() {
		return now.Add(sleepFor)
	}
	return next
}

// run looks at once, and then as the schedule says, until ctx ends. There is one look at a time. One look catches up with
// what a long one, or a machine that slept, has missed.
func (l *loop) run(ctx context.Context) {
	defer func() { // another replica goes on at once
		ctx, cancel := forWriting(ctx)
		defer cancel()
		if err := l.leases.ReleaseLease(ctx, lookLease, l.owner); err != nil {
			l.logger.WarnContext(ctx, "the lease was not given up; it ends by itself", "error", err)
		}
	}()
	held := false
	next := l.looker.wallNow()
	for ctx.Err() == nil {
		now := l.looker.wallNow()
		if later := l.next(now); next.After(later) {
			next = later // the clock was set back
		}
		holds, err := l.leases.Lease(ctx, lookLease, l.owner, leaseFor)
		if err != nil {
			if ctx.Err() != nil {
				return
			}
			l.logger.ErrorContext(ctx, "the meetings cannot be looked at: no lease", "error", err)
			if held && !now.Before(l.next(l.looker.lastLook())) {
				l.looker.missed(ctx, now) // the last holder tells those who depend on it
			}
			_ = l.clock.Wait(ctx, leaseAgain)
			continue // what is due stays due
		}
		if !holds {
			l.looker.looked.Store(now) // the holder looks
		}
		due, gained := !now.Before(next), holds && !held
		held = holds
		if held && (due || gained) {
			l.lookAsHolder(ctx, now)
		}
		if due {
			next = l.next(now)
		}
		_ = l.clock.Wait(ctx, min(next.Sub(l.looker.wallNow()), leaseEvery)) // the loop's condition sees the end of ctx
	}
}

// lookAsHolder looks, and renews the lease meanwhile.
func (l *loop) lookAsHolder(ctx context.Context, now time.Time) {
	renewing, stop := context.WithCancel(ctx)
	renewed := make(chan struct{})
	go func() {
		defer close(renewed)
		for l.clock.Wait(renewing, leaseEvery) == nil {
			if _, err := l.leases.Lease(renewing, lookLease, l.owner, leaseFor); err != nil && renewing.Err() == nil {
				l.logger.WarnContext(ctx, "the lease could not be renewed", "error", err)
			}
		}
	}()
	if err := l.looker.look(ctx, now); err != nil && ctx.Err() == nil {
		l.logger.ErrorContext(ctx, "looking at the meetings", "error", err)
	}
	stop()
	<-renewed
}
