package extension_test

import (
	"context"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/meeting/meetingtest"
	"github.com/overtime-bot/overtime/scheduler/extension"
)

// hookedStore does something just before a row is aimed or moved; nil is nothing.
type hookedStore struct {
	extension.Ledger
	beforeAim, beforeMove func(id int64)
}

func (s *hookedStore) Aim(ctx context.Context, id int64, before, target time.Time, settleIn time.Duration) error {
	if s.beforeAim != nil {
		s.beforeAim(id)
	}
	return s.Ledger.Aim(ctx, id, before, target, settleIn)
}

func (s *hookedStore) Move(ctx context.Context, id int64, from, to extension.State, ending extension.Ending) (extension.Extension, error) {
	if s.beforeMove != nil {
		s.beforeMove(id)
	}
	return s.Ledger.Move(ctx, id, from, to, ending)
}

// Another replica confirmed the row, with an end that this one's list does not show yet: what is stored is told.
func TestEndOfAStoredRowIsItsOwn(t *testing.T) {
	inWorld(t, extension.Limits{}, func(w *world) {
		w.service.SetListLag(time.Minute)
		target := w.end.Add(30 * time.Minute)
		w.extender = w.newExtender(&hookedStore{Ledger: w.store.Ledger, beforeMove: func(id int64) {
			if _, err := w.store.Ledger.Move(w.ctx, id, extension.Sent, extension.Confirmed, extension.Ending{After: target}); err != nil {
				t.Error(err)
			}
		}}, extension.Limits{})
		result := w.extend(w.wish("e1", alice, 30))
		w.wantOutcome(result, extension.DidConfirm)
		if !result.Meeting.End.Equal(target) {
			t.Errorf("told the end %v, want %v", result.Meeting.End, target)
		}
	})
}

// A worker that is so slow that its command was given up and done anew by another must not send any more.
func TestSlowWorkerSendsNothing(t *testing.T) {
	inWorld(t, extension.Limits{}, func(w *world) {
		other := w.extender
		w.extender = w.newExtender(&hookedStore{Ledger: w.store.Ledger, beforeAim: func(int64) {
			_, done, err := other.Resume(w.ctx, "e1")
			if err != nil || done {
				t.Errorf("resumed: %v, %v", done, err)
			}
		}}, extension.Limits{})
		w.wantOutcome(w.extend(w.wish("e1", alice, 30)), extension.DidRefuse)
		w.wantEffects()
		if n := w.service.Count(meetingtest.OpExtend); n != 0 {
			t.Errorf("%d PUTs", n)
		}
	})
}

// The timer of another replica gives up a row only while it was not aimed: afterwards it may be on its way.
func TestTimerDoesNotGiveUpWhatIsAimed(t *testing.T) {
	inWorld(t, extension.Limits{}, func(w *world) {
		other := w.extender
		w.extender = w.newExtender(&hookedStore{Ledger: w.store.Ledger, beforeAim: func(int64) {
			time.Sleep(14 * time.Second) // a claim and a read that took for ever
		}}, extension.Limits{})
		w.run(other)
		result := w.extend(w.wish("e1", alice, 30))
		w.wantOutcome(result, extension.DidRefuse)
		w.wantEffects()
		if w.notices.count() != 0 {
			t.Error("told by the timer, and by who asked for it")
		}
	})
}

func TestResume(t *testing.T) {
	inWorld(t, extension.Limits{}, func(w *world) {
		if _, done, err := w.extender.Resume(w.ctx, "e1"); done || err != nil {
			t.Errorf("before anything was done: %v, %v", done, err)
		}
		w.wantOutcome(w.extend(w.wish("e1", alice, 30)), extension.DidConfirm)
		result, done, err := w.extender.Resume(w.ctx, "e1")
		if err != nil || !done || result.Outcome != extension.DidConfirm || !result.Meeting.End.Equal(w.end.Add(30*time.Minute)) {
			t.Errorf("after it was confirmed: %+v, %v, %v", result, done, err)
		}
		w.service.Inject(meetingtest.Fault{Op: meetingtest.OpExtend, Kind: meetingtest.HangUp, Applied: true})
		w.wantOutcome(w.extend(w.wish("e2", alice, 15)), extension.NotKnown)
		result, done, err = w.extender.Resume(w.ctx, "e2")
		if err != nil || !done || result.Outcome != extension.NotKnown {
			t.Errorf("while it is not known: %+v, %v, %v", result, done, err)
		}
		w.wantEffects(30, 15)
	})
}

// People are owed the notice until it was delivered.
func TestNoticeIsRepeatedUntilDelivered(t *testing.T) {
	inWorld(t, extension.Limits{}, func(w *world) {
		w.notices.fails = 2
		w.service.Inject(meetingtest.Fault{Op: meetingtest.OpExtend, Kind: meetingtest.HangUp, Applied: true})
		w.wantOutcome(w.extend(w.wish("e1", alice, 30)), extension.NotKnown)
		w.run(w.extender)
		if notice := w.nextNotice(); notice.Extension.State != extension.Confirmed || !notice.Meeting.End.Equal(w.end.Add(30*time.Minute)) {
			t.Errorf("told %s, end %v", notice.Extension.State, notice.Meeting.End)
		}
		time.Sleep(10 * time.Minute)
		if w.notices.count() != 1 {
			t.Errorf("%d notices", w.notices.count())
		}
	})
}

// A PUT that was answered late, and a list that lags: another replica's timer must not take it for one that failed.
func TestOtherReplicaDoesNotVoidAYes(t *testing.T) {
	inWorld(t, extension.Limits{}, func(w *world) {
		other := w.extender
		w.extender = w.newExtender(w.store.Ledger, extension.Limits{})
		wish := w.wish("e1", alice, 30)
		w.service.SetListLag(8 * time.Second)
		w.service.Inject(meetingtest.Fault{Op: meetingtest.OpExtend, Before: 9500 * time.Millisecond})
		w.run(other)
		result := w.extend(wish)
		if result.Outcome != extension.DidConfirm && result.Outcome != extension.DidAccept {
			t.Errorf("outcome %s", result.Outcome)
		}
		time.Sleep(time.Minute)
		w.wantState(result.Extension.ID, extension.Confirmed)
		w.wantEffects(30)
	})
}

// An envelope that comes again after its doubt was settled is told how that came out, and not sent again.
func TestRepeatAfterItWasSettled(t *testing.T) {
	for state, moved := range map[extension.State]time.Duration{extension.Unclear: 10 * time.Minute, extension.Void: 0} {
		inWorld(t, extension.Limits{}, func(w *world) {
			w.service.Inject(meetingtest.Fault{Op: meetingtest.OpExtend, Kind: meetingtest.HangUp})
			w.wantOutcome(w.extend(w.wish("e1", alice, 30)), extension.NotKnown)
			w.service.SetEnd(meetingID, w.end.Add(moved))
			w.run(w.extender)
			if notice := w.nextNotice(); notice.Extension.State != state {
				t.Fatalf("settled as %s, want %s", notice.Extension.State, state)
			}
			again := w.extend(w.wish("e1", alice, 30))
			w.wantOutcome(again, extension.Outcome(state))
			if !again.Meeting.End.Equal(w.end.Add(moved)) {
				t.Errorf("told the end %v", again.Meeting.End)
			}
			if n := w.service.Count(meetingtest.OpExtend); n != 1 {
				t.Errorf("%d PUTs", n)
			}
			w.wantOutcome(w.extend(w.wish("e2", alice, 15)), extension.DidConfirm) // the run is free for a new wish
		})
	}
}
