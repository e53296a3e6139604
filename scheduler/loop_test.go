package scheduler_test

import (
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/overtime-bot/overtime/meeting/meetingtest"
	"github.com/overtime-bot/overtime/scheduler"
	"github.com/overtime-bot/overtime/scheduler/extension"
)

// Restarts, and a replica beside, change nothing: one extension and one message for each end.
func TestRestartsAndReplicas(t *testing.T) {
	inOffice(t, scheduler.ModeAuto, func(o *office) {
		config, door := o.config, o.doorConfig
		opened := o.open(o.dir + "/overtime.db")
		config.Store, door.Ledger = storesOf(opened), opened.Ledger
		o.start(o.replicaOf(config, door))
		stop := o.start(o.replica)
		for minutes := 12; minutes > -65; minutes-- {
			o.until(time.Duration(minutes)*time.Minute - 100*time.Millisecond*time.Duration(12-minutes))
			stop()
			o.replica = o.another()
			stop = o.start(o.replica)
		}
		o.wantEffects(15, 15, 15, 15)
		o.wantSaid(scheduler.PromptAsk, 60)
		o.wantSaid(scheduler.PromptAuto, 0, 15, 30, 45)
	})
}

// While the holder of the lease is dead, another takes over within a minute.
func TestLeaseIsTakenOver(t *testing.T) {
	inOffice(t, scheduler.ModeAuto, func(o *office) {
		if held, err := o.store.Automation.Lease(o.ctx, "tick", "somebody who died", 45*time.Second); err != nil || !held {
			t.Fatal(held, err)
		}
		o.start(o.replica)
		time.Sleep(30 * time.Second)
		if o.reports.count() != 0 {
			t.Error("it ticked beside the holder")
		}
		if due := o.replica.TickDue(); !due.After(time.Now()) || time.Until(due) > time.Minute {
			t.Errorf("the next look is due %v", due)
		}
		if last := o.replica.LastTick(); time.Since(last) > 20*time.Second {
			t.Errorf("last tick %v: the holder is taken for alive", last)
		}
		time.Sleep(40 * time.Second)
		if o.reports.count() != 2 { // when it gained the lease, and at the minute
			t.Errorf("%d ticks", o.reports.count())
		}
	})
}

// The lease is given up at the end: another goes on at once.
func TestLeaseIsGivenUp(t *testing.T) {
	inOffice(t, scheduler.ModeAuto, func(o *office) {
		stop := o.start(o.replica)
		time.Sleep(time.Second)
		if o.reports.count() != 1 {
			t.Errorf("%d ticks at once", o.reports.count())
		}
		stop()
		if held, err := o.store.Automation.Lease(o.ctx, "tick", "another", time.Minute); err != nil || !held {
			t.Error(held, err)
		}
	})
}

// movedClock is a clock that is moved by hand.
type movedClock struct {
	mu    sync.Mutex
	ahead time.Duration
	moved chan struct{}
}

func (c *movedClock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return time.Now().Add(c.ahead)
}

func (c *movedClock) wake() <-chan struct{} {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.moved
}

// move sets how far the clock is ahead, and wakes those who wait or leaves them asleep.
func (c *movedClock) move(ahead time.Duration, wakes bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ahead = ahead
	if wakes {
		close(c.moved)
		c.moved = make(chan struct{})
	}
}

// A machine that slept ticks once when it wakes, however much it has missed, and clock moves wake it.
func TestSuspendedMachine(t *testing.T) {
	inOffice(t, scheduler.ModeAuto, func(o *office) {
		clock := &movedClock{moved: make(chan struct{})}
		o.config.Clock = extension.Clock{Now: clock.now, Moved: clock.wake}
		o.start(o.another())
		time.Sleep(90 * time.Second)
		synctest.Wait()
		if o.reports.count() != 2 {
			t.Fatalf("%d ticks in 90 s", o.reports.count())
		}
		clock.move(20*time.Minute, true)
		time.Sleep(10 * time.Second)
		synctest.Wait()
		if o.reports.count() != 3 {
			t.Errorf("%d ticks after it slept, want one more", o.reports.count())
		}
		time.Sleep(25 * time.Second) // the next minute
		synctest.Wait()
		if o.reports.count() != 4 {
			t.Errorf("%d ticks, want one at the minute", o.reports.count())
		}
		clock.move(-time.Hour, false)
		time.Sleep(2 * time.Minute)
		if got := o.reports.count(); got < 5 || got > 7 {
			t.Errorf("%d ticks after the clock was set back", got)
		}
	})
}

// A tick that lasts begins nothing after the next is due, and none overlaps another.
func TestSlowTick(t *testing.T) {
	inOffice(t, scheduler.ModeAsk, func(o *office) {
		for i := range 60 {
			o.service.Add(meetingtest.Meeting{ID: "9140840" + string(rune('0'+i/10)) + string(rune('0'+i%10)), End: o.end, People: 3})
		}
		o.announcer.takes = 12 * time.Second
		o.start(o.replica)
		o.until(-time.Minute)
		if asked := len(o.announcer.of(scheduler.PromptAsk)); asked != 61 {
			t.Errorf("%d were asked", asked)
		}
		o.reports.mu.Lock()
		defer o.reports.mu.Unlock()
		for _, report := range o.reports.seen {
			if report.Took > 73*time.Second {
				t.Errorf("a tick took %v", report.Took)
			}
		}
	})
}
