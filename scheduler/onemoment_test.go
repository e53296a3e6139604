package scheduler_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/scheduler"
	"github.com/overtime-bot/overtime/scheduler/extension"
)

// busyRuns has something happen between two reads of what was done.
type busyRuns struct {
	scheduler.RunStore
	happens func(reads int)
	reads   *int
}

func (b busyRuns) happened() {
	*b.reads++
	b.happens(*b.reads)
}

func (b busyRuns) Runs(ctx context.Context, runs []string) (map[string]scheduler.RunSummary, error) {
	defer b.happened()
	return b.RunStore.Runs(ctx, runs)
}

func (b busyRuns) DailyMinutes(ctx context.Context, people []extension.Actor) (map[extension.Actor]int, error) {
	defer b.happened()
	return b.RunStore.DailyMinutes(ctx, people)
}

// Somebody extends while it is found out what comes next: what is said was true before that, or is true after it.
func TestForeseenFromOneMoment(t *testing.T) {
	for after := 1; after <= 4; after++ { // that many reads
		inOffice(t, scheduler.ModeOff, func(o *office) {
			o.config.Daily, o.doorConfig.Limits.DailyMinutes = 20, 20
			extend := sync.OnceFunc(func() { o.wantOutcome(o.extend(o.wish("by hand", alice, 12)), extension.DidConfirm) })
			var reads int
			o.config.Store.RunStore = busyRuns{o.store.History, func(reads int) {
				if reads == after {
					extend()
				}
			}, &reads}
			o.replica = o.another()
			o.watch(scheduler.Rule{Mode: scheduler.ModeAuto, Minutes: 15, Max: 60})
			found, err := o.extender.Find(o.ctx, meetingID)
			if err != nil {
				t.Fatal(err)
			}
			outlooks, err := o.Foresee(o.ctx, []meeting.Meeting{found})
			if err != nil {
				t.Fatal(err)
			}
			extend()
			said := outlooks[0]
			switch before, now := said.End.Equal(o.end), said.End.Equal(o.end.Add(12*time.Minute)); {
			case before && said.Minutes != 15, now && said.Minutes != 8, !before && !now:
				t.Errorf("after %d reads: will %s by %d, of the end %s", after, said.Act, said.Minutes, said.End.Format("15:04"))
			}
		})
	}
}
