package scheduler_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/meeting/meetingtest"
	"github.com/overtime-bot/overtime/scheduler"
)

// crowd is how many extend at once, each a meeting of their own.
const crowd = 32

func crowded(i int) string { return fmt.Sprintf("9000000%02d", i) }

func (w *world) addCrowd() {
	for i := range crowd {
		w.service.Add(meetingtest.Meeting{ID: crowded(i), People: 2})
	}
}

// extendAll extends each meeting of the crowd at the same time, and holds that each answer is true.
func (w *world) extendAll(round string) {
	w.t.Helper()
	var all sync.WaitGroup
	for i := range crowd {
		all.Go(func() {
			found, err := w.scheduler.Find(w.ctx, crowded(i))
			if err != nil {
				w.t.Error(err)
				return
			}
			result, err := w.scheduler.Extend(w.ctx, scheduler.Request{
				Key: fmt.Sprint(round, i), Meeting: found, Origin: scheduler.FromCommand, Minutes: 15,
				Actor: scheduler.Actor{Team: "T", User: fmt.Sprint("U", i)},
			})
			end, _ := w.service.End(crowded(i))
			if err != nil || result.Outcome != scheduler.DidConfirm || !result.Meeting.End.Equal(end.Truncate(time.Minute)) {
				w.t.Errorf("%s: %s is %s until %v, %v; it ends %v", round, crowded(i), result.Outcome, result.Meeting.End, err, end)
			}
		})
	}
	all.Wait()
}

// warmUp fetches the control tokens, for which the first PUTs are too late for early reads, and waits until those are
// made again.
func (w *world) warmUp() {
	for i := range 3 {
		w.extendAll(fmt.Sprint("warm-up ", i))
	}
}

func (w *world) reads() int {
	return w.service.Count(meetingtest.OpOnline) + w.service.Count(meetingtest.OpOnlineDetail)
}

// round is how long one takes, and how many reads.
func (w *world) round(name string) (took time.Duration, reads int) {
	w.t.Helper()
	began, before := time.Now(), w.reads()
	w.extendAll(name)
	return time.Since(began), w.reads() - before
}

// Where many extend at once, the end is read back while the PUTs are on their way: nobody waits for three calls.
func TestManyReadBackWhileTheySend(t *testing.T) {
	inWorld(t, scheduler.Limits{}, func(w *world) {
		w.addCrowd()
		w.warmUp()
		for i := range 3 {
			if took, reads := w.round(fmt.Sprint("round ", i)); took >= 300*time.Millisecond || reads > 4 {
				t.Errorf("round %d took %v and %d reads", i, took, reads)
			}
		}
	})
}

// Where the service shows the new end only later, that is mostly left out, so that it costs few reads for nothing.
func TestReadsThatAreTooEarlyAreLeftOut(t *testing.T) {
	inWorld(t, scheduler.Limits{}, func(w *world) {
		w.addCrowd()
		w.service.Inject(meetingtest.Fault{Op: meetingtest.OpExtend, Kind: meetingtest.Late, Before: 200 * time.Millisecond, Times: -1})
		early := 0
		for i := range 9 {
			took, reads := w.round(fmt.Sprint("round ", i))
			t.Logf("round %d: %v, %d reads", i, took, reads)
			if reads > 4 { // with two stragglers
				early++
			}
		}
		if early > 3 {
			t.Errorf("%d of 9 rounds read too early", early)
		}
	})
}

// An end at or beyond the target may be somebody else's as long as the PUT is on its way: only after it, it counts.
func TestEarlyReadOfAnotherEnd(t *testing.T) {
	inWorld(t, scheduler.Limits{}, func(w *world) {
		w.addCrowd()
		w.warmUp()
		w.service.Inject(meetingtest.Fault{
			Op: meetingtest.OpExtend, ConferenceID: crowded(7), Kind: meetingtest.Late, Before: 300 * time.Millisecond,
		})
		end, _ := w.service.End(crowded(7))
		time.AfterFunc(150*time.Millisecond, func() { w.service.SetEnd(crowded(7), end.Add(time.Hour)) }) // by hand
		w.extendAll("with somebody else")
		if now, _ := w.service.End(crowded(7)); !now.Equal(end.Add(75 * time.Minute)) {
			t.Errorf("it ends %v", now)
		}
	})
}

// Where reads are slow, nobody waits for one that is early and then for another.
func TestSlowReadsAreNotMadeEarly(t *testing.T) {
	inWorld(t, scheduler.Limits{}, func(w *world) {
		w.addCrowd()
		w.warmUp()
		w.service.Inject(meetingtest.Fault{Op: meetingtest.OpOnline, Kind: meetingtest.Late, After: 4 * time.Second, Times: -1})
		w.round("notices how slow")
		if took, _ := w.round("slow"); took > 10*time.Second { // two reads and a PUT
			t.Errorf("it took %v", took)
		}
	})
}
