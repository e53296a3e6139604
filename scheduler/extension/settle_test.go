package extension_test

import (
	"strings"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/meeting/meetingtest"
	"github.com/overtime-bot/overtime/scheduler/extension"
)

// A list that lagged for longer than a person can wait is remembered: doubt is settled by readings further apart.
func TestLongLagIsRespected(t *testing.T) {
	inWorld(t, extension.Limits{}, func(w *world) {
		w.service.SetListLag(7 * time.Second)
		w.service.Inject(meetingtest.Fault{Op: meetingtest.OpExtend, Skip: 1, Kind: meetingtest.HangUp, Applied: true})
		w.wantOutcome(w.extend(w.wish("e1", alice, 30)), extension.DidAccept)
		w.run(w.extender)
		w.nextNotice()
		w.service.SetListLag(17 * time.Second) // longer than the first look of the timer waits
		w.wantOutcome(w.extend(w.wish("e2", alice, 15)), extension.NotKnown)
		if notice := w.nextNotice(); notice.Extension.State != extension.Confirmed {
			t.Errorf("settled as %s", notice.Extension.State)
		}
		w.wantEffects(30, 15)
	})
}

// Each of these leaves the caller not knowing; the timer finds out, by reading alone.
func TestUnknownIsSettledByReading(t *testing.T) {
	for _, test := range []struct {
		name    string
		fault   meetingtest.Fault
		applied []int
		want    extension.State
	}{
		{"hung up before", meetingtest.Fault{Kind: meetingtest.HangUp}, nil, extension.Void},
		{"hung up after", meetingtest.Fault{Kind: meetingtest.HangUp, Applied: true}, []int{30}, extension.Confirmed},
		{"500 before", meetingtest.Fault{Kind: meetingtest.Refuse, Status: 500}, nil, extension.Void},
		{"500 after", meetingtest.Fault{Kind: meetingtest.Refuse, Status: 500, Applied: true}, []int{30}, extension.Confirmed},
		{"ambiguous code after", meetingtest.Fault{Kind: meetingtest.Refuse, Status: 400, Code: "MMC.111074004", Applied: true}, []int{30}, extension.Confirmed},
		{"ambiguous code before", meetingtest.Fault{Kind: meetingtest.Refuse, Status: 400, Code: "MMC.111072049"}, nil, extension.Void},
		{"no answer before the time limit", meetingtest.Fault{Kind: meetingtest.Hang, Applied: true}, []int{30}, extension.Confirmed},
		{"redirect", meetingtest.Fault{Kind: meetingtest.Redirect}, nil, extension.Void},
	} {
		t.Run(test.name, func(t *testing.T) {
			inWorld(t, extension.Limits{}, func(w *world) {
				w.run(w.extender)
				test.fault.Op = meetingtest.OpExtend
				w.service.Inject(test.fault)
				w.wantOutcome(w.extend(w.wish("e1", alice, 30)), extension.NotKnown)
				notice := w.nextNotice()
				if notice.Extension.State != test.want {
					t.Errorf("settled as %s (%s), want %s", notice.Extension.State, notice.Extension.Reason, test.want)
				}
				end, _ := w.service.End(meetingID)
				if !notice.Meeting.End.Equal(end) {
					t.Errorf("told the end %v, it is %v", notice.Meeting.End, end)
				}
				w.wantEffects(test.applied...)
				if w.notices.count() != 1 {
					t.Errorf("%d notices, want one", w.notices.count())
				}
			})
		})
	}
}

// While a row is open nothing else is sent for its run, whoever asks.
func TestUnknownHoldsItsRun(t *testing.T) {
	inWorld(t, extension.Limits{}, func(w *world) {
		w.service.Inject(meetingtest.Fault{Op: meetingtest.OpExtend, Kind: meetingtest.HangUp, Applied: true})
		w.wantOutcome(w.extend(w.wish("e1", alice, 30)), extension.NotKnown)
		busy := w.extend(w.wish("e2", bob, 15))
		w.wantOutcome(busy, extension.Busy)
		if busy.By.Actor != alice {
			t.Errorf("held by %v, want alice", busy.By.Actor)
		}
		w.wantEffects(30)
	})
}

func TestSomebodyElseMovedTheEnd(t *testing.T) {
	inWorld(t, extension.Limits{}, func(w *world) {
		w.service.Inject(meetingtest.Fault{Op: meetingtest.OpExtend, Kind: meetingtest.HangUp})
		w.wantOutcome(w.extend(w.wish("e1", alice, 30)), extension.NotKnown)
		w.service.SetEnd(meetingID, w.end.Add(10*time.Minute))
		w.run(w.extender)
		notice := w.nextNotice()
		if notice.Extension.State != extension.Unclear || !notice.Meeting.End.Equal(w.end.Add(10*time.Minute)) {
			t.Errorf("settled as %s with end %v", notice.Extension.State, notice.Meeting.End)
		}
	})
}

func TestRunThatEndedIsNotLeftOpen(t *testing.T) {
	inWorld(t, extension.Limits{}, func(w *world) {
		w.service.Inject(meetingtest.Fault{Op: meetingtest.OpExtend, Kind: meetingtest.HangUp})
		w.wantOutcome(w.extend(w.wish("e1", alice, 30)), extension.NotKnown)
		w.service.EndMeeting(meetingID)
		w.run(w.extender)
		if notice := w.nextNotice(); notice.Extension.State != extension.Unclear || !notice.Over {
			t.Errorf("settled as %s, over %v", notice.Extension.State, notice.Over)
		}
	})
}

// A service that cannot be read closes the row in the end, as unclear.
func TestUnreadableIsClosedInTheEnd(t *testing.T) {
	inWorld(t, extension.Limits{}, func(w *world) {
		w.service.Inject(meetingtest.Fault{Op: meetingtest.OpExtend, Kind: meetingtest.HangUp})
		result := w.extend(w.wish("e1", alice, 30))
		w.wantOutcome(result, extension.NotKnown)
		w.service.Inject(meetingtest.Fault{Kind: meetingtest.Refuse, Status: 500, Times: -1})
		w.run(w.extender)
		began := time.Now()
		if notice := w.nextNotice(); notice.Extension.State != extension.Unclear || !notice.Meeting.End.IsZero() {
			t.Errorf("settled as %s with end %v", notice.Extension.State, notice.Meeting.End)
		}
		if took := time.Since(began); took > 12*time.Minute {
			t.Errorf("the row was open for %v", took)
		}
	})
}

// A process that died between the claim and the PUT left a row that was never sent. Its envelope is still in the
// inbox, from where it is done again: to tell that nothing was done would soon be untrue.
func TestRowThatWasNeverSent(t *testing.T) {
	for name, test := range map[string]struct {
		asleep  time.Duration // all processes, before one settles
		notices int           // and lines in the log
	}{
		"soon":                                   {asleep: 14 * time.Second, notices: 0},
		"when the inbox has forgotten who asked": {asleep: 29 * time.Minute, notices: 1},
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, extension.Limits{}, func(w *world) {
				row := w.claimed("e1")
				time.Sleep(test.asleep)
				if err := w.extender.Settle(w.ctx); err != nil {
					t.Fatal(err)
				}
				w.wantState(row.ID, extension.Refused)
				w.wantEffects()
				if w.notices.count() != test.notices {
					t.Errorf("%d notices, want %d", w.notices.count(), test.notices)
				}
				if got := strings.Count(w.log.String(), "msg=done"); got != test.notices || got > 0 && !strings.Contains(w.log.String(), `reason="cut off before it was sent"`) {
					t.Errorf("%d lines, want %d:\n%s", got, test.notices, w.log.String())
				}
			})
		})
	}
}

// claimed is the row of a process that died after it had written it.
func (w *world) claimed(envelope string) extension.Extension {
	w.t.Helper()
	row, err := w.store.Ledger.Claim(w.ctx, extension.Extension{
		Key: envelope, Envelope: envelope, Run: extension.RunOf(w.wish(envelope, alice, 30).Meeting), MeetingID: meetingID,
		Origin: extension.FromCommand, Actor: alice, Minutes: 30,
	}, extension.Limits{}, 13*time.Second)
	if err != nil {
		w.t.Fatal(err)
	}
	return row
}

// A process that died after the PUT left a row that only reading can settle.
func TestRowOfAProcessThatDied(t *testing.T) {
	inWorld(t, extension.Limits{}, func(w *world) {
		wish := w.wish("e1", alice, 30)
		row, err := w.store.Ledger.Claim(w.ctx, extension.Extension{
			Key: "e1", Envelope: "e1", Run: extension.RunOf(wish.Meeting), MeetingID: meetingID, Origin: extension.FromCommand, Actor: alice, Minutes: 30,
		}, extension.Limits{}, 13*time.Second)
		if err != nil {
			t.Fatal(err)
		}
		if err := w.store.Ledger.Aim(w.ctx, row.ID, w.end, w.end.Add(30*time.Minute), 13*time.Second); err != nil {
			t.Fatal(err)
		}
		w.service.SetEnd(meetingID, w.end.Add(30*time.Minute))
		w.run(w.extender)
		if notice := w.nextNotice(); notice.Extension.State != extension.Confirmed {
			t.Errorf("settled as %s", notice.Extension.State)
		}
		w.wantEffects()
	})
}

// A PUT takes effect long after it was sent. The person hears that it still ends then, and hears within half a minute of
// the move that it moved. One extension is made, and counts.
func TestLateEffectIsTold(t *testing.T) {
	for _, late := range []time.Duration{25 * time.Second, 70 * time.Second, 5 * time.Minute, 10 * time.Minute} {
		inWorld(t, extension.Limits{RunMinutes: 240}, func(w *world) {
			end, _ := w.service.End(meetingID)
			w.run(w.extender)
			w.service.Inject(meetingtest.Fault{Op: meetingtest.OpExtend, Kind: meetingtest.HangUp})
			sent := time.Now()
			w.wantOutcome(w.extend(w.wish("e1", alice, 30)), extension.NotKnown)
			if notice := w.nextNotice(); notice.Extension.State != extension.Void || !notice.Meeting.End.Equal(end) || notice.Extension.SettleAt.IsZero() {
				t.Errorf("%v: told %+v", late, notice)
			}
			time.Sleep(late - time.Since(sent))
			w.service.SetEnd(meetingID, end.Add(30*time.Minute))
			notice := w.nextNotice()
			if took := time.Since(sent) - late; took > 30*time.Second || notice.Extension.State != extension.Confirmed || !notice.Meeting.End.Equal(end.Add(30*time.Minute)) {
				t.Errorf("%v: told after %v: %+v", late, took, notice)
			}
			if left, err := w.extender.Left(w.ctx, notice.Extension.Run, alice); left.Run != 210 || err != nil {
				t.Errorf("%v: %+v is left, %v", late, left, err)
			}
			time.Sleep(time.Hour)
			if count := w.notices.count(); count != 2 {
				t.Errorf("%v: told %d times", late, count)
			}
		})
	}
}

// Whatever becomes of the end after it was told that it has not moved: a move is told once, and nothing else is.
func TestWhatBecomesOfAVoidRow(t *testing.T) {
	for name, test := range map[string]struct {
		then func(w *world, end time.Time)
		want []time.Duration // the ends that are told, after the first
	}{
		"nothing":          {func(*world, time.Time) {}, nil},
		"it ends":          {func(w *world, _ time.Time) { w.service.EndMeeting(meetingID) }, nil},
		"moved otherwise":  {func(w *world, end time.Time) { w.service.SetEnd(meetingID, end.Add(45*time.Minute)) }, []time.Duration{45 * time.Minute}},
		"shortened":        {func(w *world, end time.Time) { w.service.SetEnd(meetingID, end.Add(-5*time.Minute)) }, []time.Duration{-5 * time.Minute}},
		"extended by hand": {func(w *world, _ time.Time) { w.wantOutcome(w.extend(w.wish("e2", bob, 30)), extension.DidConfirm) }, []time.Duration{30 * time.Minute}},
		"not to be read for a while": {func(w *world, end time.Time) {
			w.service.Inject(meetingtest.Fault{Op: meetingtest.OpOnlineDetail, Kind: meetingtest.Refuse, Status: 500, Times: -1})
			w.service.SetEnd(meetingID, end.Add(30*time.Minute))
			time.Sleep(time.Minute)
			w.service.ClearFaults()
		}, []time.Duration{30 * time.Minute}},
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, extension.Limits{}, func(w *world) {
				end, _ := w.service.End(meetingID)
				w.run(w.extender)
				w.service.Inject(meetingtest.Fault{Op: meetingtest.OpExtend, Kind: meetingtest.HangUp})
				w.wantOutcome(w.extend(w.wish("e1", alice, 30)), extension.NotKnown)
				w.nextNotice()
				time.Sleep(2 * time.Minute)
				test.then(w, end)
				time.Sleep(15 * time.Minute)
				if got := w.notices.count() - 1; got != len(test.want) {
					t.Fatalf("told %d times, want %d", got, len(test.want))
				}
				for _, want := range test.want {
					if notice := w.nextNotice(); notice.Meeting.End.Sub(end) != want {
						t.Errorf("told the end %v, want %v", notice.Meeting.End.Sub(end), want)
					}
				}
				if _, waiting, err := w.store.Ledger.NextSettle(w.ctx); waiting || err != nil {
					t.Errorf("it is still looked at, %v", err)
				}
			})
		})
	}
}
