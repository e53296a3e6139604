package scheduler_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/meeting/meetingtest"
	"github.com/overtime-bot/overtime/scheduler"
	"github.com/overtime-bot/overtime/scheduler/extension"
)

// others lets so many other meetings run for two hours.
func (o *office) others(count int) {
	for i := range count {
		o.service.Add(meetingtest.Meeting{ID: fmt.Sprint(920_000_000 + i), Start: o.end.Add(-time.Hour), End: o.end.Add(2 * time.Hour), People: 3})
	}
}

// The time limit is of one call: a list of many slow pages takes longer, and still is read.
func TestALongListIsReadHoweverSlowItsPages(t *testing.T) {
	inOffice(t, scheduler.ModeAsk, func(o *office) {
		o.service.SetLatency(800 * time.Millisecond)
		o.others(7000)
		o.until(9 * time.Minute)
		for range 3 {
			began := time.Now()
			if err := o.Tick(o.ctx, time.Now()); err != nil {
				t.Errorf("after %v: %v", time.Since(began), err)
			}
			if took := time.Since(began); o.reports.last().Meetings != 7001 || took < 12*time.Second {
				t.Errorf("%d meetings after %v", o.reports.last().Meetings, took)
			}
			time.Sleep(time.Minute)
		}
		o.wantSaid(scheduler.PromptAsk, 0)
	})
}

// A list that takes as long as the time between two looks is given up, and a call that hangs is no call that waits.
func TestALookEndsBeforeTheNext(t *testing.T) {
	inOffice(t, scheduler.ModeAsk, func(o *office) {
		o.others(5000)
		for _, test := range []struct {
			latency, most time.Duration
		}{{8 * time.Second, time.Minute}, {15 * time.Second, 10 * time.Second}} {
			o.service.SetLatency(test.latency)
			began := time.Now()
			err := o.Tick(o.ctx, time.Now())
			if took := time.Since(began); err == nil || took > test.most || !o.reports.last().Blind || errors.Is(err, meeting.ErrNoTurn) {
				t.Errorf("%v a page: %v after %v", test.latency, err, took)
			}
		}
	})
}

// People who look at long lists use much of the quota up, and keep neither looks nor extensions from theirs.
func TestListsStarveNobody(t *testing.T) {
	for seed := range uint64(2) {
		inOffice(t, scheduler.ModeAuto, func(o *office) {
			random := rand.New(rand.NewPCG(seed, 4))
			o.service.SetLatency(50 * time.Millisecond)
			o.rate = 30
			client := o.newClient()
			o.doorConfig.Meetings, o.config.Tokens, o.config.Quota = client, client, client
			o.others(3000) // seven pages, more than a fifth
			r := o.another()
			o.start(r)
			var looking sync.WaitGroup
			var delayed atomic.Int64
			for range 100 {
				time.Sleep(time.Duration(random.ExpFloat64() * float64(8*time.Second))) // the bubble's time
				looking.Go(func() {
					ctx, cancel := context.WithTimeout(meeting.Looking(o.ctx), 40*time.Second)
					defer cancel()
					if _, err := r.extender.Running(ctx); errors.Is(err, meeting.ErrNoTurn) {
						delayed.Add(1)
					}
				})
			}
			o.until(5 * time.Minute)
			if random.IntN(2) == 0 { // a person extends in the middle of it
				o.replica = r
				o.wantOutcome(o.extend(o.wish("typed", alice, 15)), extension.DidConfirm)
			}
			looking.Wait()
			for _, report := range o.reports.seen {
				if report.Err != nil {
					t.Errorf("seed %d: a look failed: %v", seed, report.Err)
				}
			}
			if effects := o.service.Effects(meetingID); len(effects) == 0 {
				t.Errorf("seed %d: nothing was extended", seed)
			}
			if troubles := o.announcer.of(scheduler.PromptTrouble); len(troubles) > 0 || delayed.Load() == 0 {
				t.Errorf("seed %d: %d troubles; %d lists were delayed", seed, len(troubles), delayed.Load())
			}
		})
	}
}

// What our own limit delays is called that, and not a service that does not answer.
func TestALookThatOurLimitDelaysSaysSo(t *testing.T) {
	inOffice(t, scheduler.ModeAsk, func(o *office) {
		o.rate = 4
		client := o.newClient()
		o.doorConfig.Meetings, o.config.Tokens, o.config.Quota = client, client, client
		r := o.another()
		o.until(12 * time.Minute) // a list that is much older tells nothing
		if err := r.Tick(o.ctx, time.Now()); err != nil {
			t.Fatal(err)
		}
		o.others(5000) // eleven pages
		o.until(9 * time.Minute)
		var failed error
		for range 4 {
			if err := r.Tick(o.ctx, time.Now()); err != nil {
				failed = err
			}
			time.Sleep(time.Minute)
		}
		if !errors.Is(failed, meeting.ErrNoTurn) || strings.Contains(fmt.Sprint(failed), "unavailable") {
			t.Errorf("the look failed with %v", failed)
		}
		if said := o.wantSaid(scheduler.PromptTrouble, 0); said[0].Trouble != scheduler.TroubleDelayed {
			t.Errorf("people read %s", said[0].Trouble)
		}
		synctest.Wait()
	})
}
