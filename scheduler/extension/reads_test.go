package extension_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/meeting/meetingtest"
	"github.com/overtime-bot/overtime/scheduler/extension"
)

// Whoever gives up a read is free at once, also the one who began it and the one whose read waits for another:
// the end of the process depends on it.
func TestWhoLeavesAReadIsFree(t *testing.T) {
	inWorld(t, extension.Limits{}, func(w *world) {
		w.wish("warm", alice, 15)
		w.service.Inject(meetingtest.Fault{Op: meetingtest.OpOnlineDetail, Kind: meetingtest.Late, Before: 8 * time.Second, Times: -1})
		ctx, cancel := context.WithTimeout(w.ctx, time.Second)
		defer cancel()
		began := time.Now()
		var all sync.WaitGroup
		for i := range 3 {
			all.Go(func() {
				time.Sleep(time.Duration(i) * 100 * time.Millisecond) // so that the later ones are not in the first read
				if _, err := w.extender.Look(ctx, meetingID); !errors.Is(err, context.DeadlineExceeded) {
					t.Errorf("reader %d got %v", i, err)
				}
			})
		}
		all.Wait()
		if took := time.Since(began); took > 1100*time.Millisecond {
			t.Errorf("they were held for %v", took)
		}
	})
}

// A read that others wait for goes on when the one who began it leaves; one that nobody waits for ends.
func TestAReadLivesAsLongAsSomebodyWaits(t *testing.T) {
	inWorld(t, extension.Limits{}, func(w *world) {
		w.wish("warm", alice, 15)
		w.service.Inject(meetingtest.Fault{Op: meetingtest.OpOnlineDetail, Kind: meetingtest.Late, Before: 3 * time.Second, Times: -1})
		w.run(w.extender)
		occupied := make(chan struct{})
		go func() { // the first read keeps the others in one batch
			defer close(occupied)
			_, _ = w.extender.Look(w.ctx, meetingID)
		}()
		time.Sleep(100 * time.Millisecond)
		var both sync.WaitGroup
		both.Go(func() {
			ctx, cancel := context.WithTimeout(w.ctx, time.Second)
			defer cancel()
			if _, err := w.extender.Look(ctx, meetingID); err == nil {
				t.Error("the one who left got an answer")
			}
		})
		time.Sleep(100 * time.Millisecond)
		both.Go(func() {
			found, err := w.extender.Look(w.ctx, meetingID)
			if err != nil || !found.End.Equal(w.end) {
				t.Errorf("the one who stayed got %v, %v", found.End, err)
			}
		})
		both.Wait()
		<-occupied

		// Nobody waits any more: the next read is not held up by what was given up.
		ctx, cancel := context.WithTimeout(w.ctx, 500*time.Millisecond)
		defer cancel()
		_, _ = w.extender.Look(ctx, meetingID)
		began := time.Now()
		if _, err := w.extender.Look(w.ctx, meetingID); err != nil {
			t.Error(err)
		}
		if took := time.Since(began); took > 3500*time.Millisecond {
			t.Errorf("a read after one that was given up took %v", took)
		}
	})
}

// Who has just missed a slow read does not wait for all of it before theirs begins; of those there are two at most.
func TestASlowReadIsOvertaken(t *testing.T) {
	inWorld(t, extension.Limits{}, func(w *world) {
		w.service.Inject(meetingtest.Fault{Op: meetingtest.OpOnlineDetail, Kind: meetingtest.Late, Before: 4 * time.Second, Times: -1})
		w.wish("how long a read takes", alice, 15)
		reads := w.service.Count(meetingtest.OpOnlineDetail)
		var all sync.WaitGroup
		for i := range 4 {
			all.Go(func() {
				time.Sleep(time.Duration(i) * 1100 * time.Millisecond)
				began := time.Now()
				if _, err := w.extender.Look(w.ctx, meetingID); err != nil {
					t.Error(err)
				}
				// The third and the fourth share a read that begins when the first is over.
				if took, most := time.Since(began), []float64{4.2, 5.3, 7.5, 6.5}[i]; took.Seconds() > most {
					t.Errorf("reader %d waited %v", i, took)
				}
			})
		}
		all.Wait()
		if got := w.service.Count(meetingtest.OpOnlineDetail) - reads; got != 3 {
			t.Errorf("%d reads", got)
		}
	})
}

// crowd is how many extend at once, each a meeting of their own.
const crowd = 32

// Requests that arrive together share their reads.
func TestReadsAreShared(t *testing.T) {
	inWorld(t, extension.Limits{}, func(w *world) {
		for i := range crowd {
			w.service.Add(meetingtest.Meeting{ID: crowded(i), People: 2})
		}
		var all sync.WaitGroup
		for i := range crowd {
			all.Go(func() { w.extendCrowded(i) })
		}
		all.Wait()
		reads := w.service.Count(meetingtest.OpOnline) + w.service.Count(meetingtest.OpOnlineDetail)
		if puts := w.service.Count(meetingtest.OpExtend); puts != crowd || reads > 10 {
			t.Errorf("%d PUTs and %d reads for %d extensions", puts, reads, crowd)
		}
	})
}

func crowded(i int) string { return fmt.Sprintf("9000000%02d", i) }

// extendCrowded extends one meeting of the crowd, and holds that the answer is true.
func (w *world) extendCrowded(i int) {
	found, err := w.extender.Find(w.ctx, crowded(i))
	if err != nil {
		w.t.Error(err)
		return
	}
	result, err := w.extender.Extend(w.ctx, extension.Request{
		Key: crowded(i), Meeting: found, Origin: extension.FromCommand, Minutes: 15,
		Actor: extension.Actor{Team: "T", User: fmt.Sprint("U", i)},
	})
	end, _ := w.service.End(crowded(i))
	if err != nil || result.Outcome != extension.DidConfirm || !result.Meeting.End.Equal(end.Truncate(time.Minute)) {
		w.t.Errorf("%s is %s until %v, %v; it ends %v", crowded(i), result.Outcome, result.Meeting.End, err, end)
	}
}

// The list of the last seconds serves all who ask, whichever meeting it is for; an older one does not.
func TestListedIsShared(t *testing.T) {
	inWorld(t, extension.Limits{}, func(w *world) {
		for _, step := range []struct {
			wait  time.Duration
			lists int
		}{{0, 1}, {0, 1}, {4 * time.Second, 1}, {2 * time.Second, 2}} {
			time.Sleep(step.wait)
			listed, err := w.extender.Listed(w.ctx, extension.RecentFor)
			if err != nil || len(listed) != 1 || listed[0].ID != meetingID {
				t.Fatalf("%+v, %v", listed, err)
			}
			if got := w.service.Count(meetingtest.OpOnline); got != step.lists {
				t.Errorf("%d lists were read, want %d", got, step.lists)
			}
		}
		w.service.Inject(meetingtest.Fault{Op: meetingtest.OpOnline, Kind: meetingtest.Refuse, Status: 500, Times: -1})
		time.Sleep(10 * time.Second)
		if listed, err := w.extender.Listed(w.ctx, extension.RecentFor); err == nil {
			t.Errorf("a list of long ago: %+v", listed)
		}
	})
}

// A list that is shared has what was read of single meetings since, and what others hold of it stays as it is.
func TestListedHasWhatWasReadSince(t *testing.T) {
	inWorld(t, extension.Limits{}, func(w *world) {
		w.service.Add(meetingtest.Meeting{ID: "920417765", Subject: "Another", Start: time.Now(), End: time.Now().Add(time.Hour), People: 4, RoomID: "777666555"})
		listed := func() map[string]meeting.Meeting {
			t.Helper()
			list, err := w.extender.Listed(w.ctx, time.Hour)
			if err != nil {
				t.Fatal(err)
			}
			found := make(map[string]meeting.Meeting)
			for _, m := range list {
				found[m.ID] = m
			}
			return found
		}
		first, err := w.extender.Listed(w.ctx, time.Hour)
		if err != nil || len(first) != 2 {
			t.Fatalf("%+v, %v", first, err)
		}
		before := listed()
		w.wantOutcome(w.extend(w.wish("k", alice, 30)), extension.DidConfirm)
		after := listed()
		want := before[meetingID]
		want.End = want.End.Add(30 * time.Minute)
		if got := after[meetingID]; !got.End.Equal(want.End) || got.People != want.People || after["920417765"] != before["920417765"] {
			t.Errorf("%+v, want %+v", after, want)
		}
		if lists := w.service.Count(meetingtest.OpOnline); lists != 1 {
			t.Errorf("%d lists were read", lists)
		}
		w.service.EndMeeting("920417765")
		if _, err := w.extender.Look(w.ctx, "920417765"); err == nil {
			t.Error("it is over, and was read")
		}
		if got := listed(); len(got) != 1 || !got[meetingID].End.Equal(want.End) {
			t.Errorf("one is over: %+v", got)
		}
		if len(first) != 2 || !first[0].End.Equal(before[first[0].ID].End) || !first[1].End.Equal(before[first[1].ID].End) {
			t.Errorf("the list that others hold has changed: %+v", first)
		}
	})
}
