package extension_test

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/meeting/meetingtest"
	"github.com/overtime-bot/overtime/scheduler/extension"
)

func TestExtendConfirmsWhatItReadBack(t *testing.T) {
	inWorld(t, extension.Limits{}, func(w *world) {
		result := w.extend(w.wish("e1", alice, 30))
		w.wantOutcome(result, extension.DidConfirm)
		want := w.end.Add(30 * time.Minute)
		if !result.Meeting.End.Equal(want) || !result.Extension.After.Equal(want) || !result.Extension.Before.Equal(w.end) {
			t.Errorf("before %v after %v end %v; want %v to %v", result.Extension.Before, result.Extension.After, result.Meeting.End, w.end, want)
		}
		w.wantEffects(30)
		w.wantState(result.Extension.ID, extension.Confirmed)
	})
}

func TestExtendAcceptsWhatIsNotReadYet(t *testing.T) {
	inWorld(t, extension.Limits{}, func(w *world) {
		w.service.SetListLag(40 * time.Second)
		w.run(w.extender)
		began := time.Now()
		result := w.extend(w.wish("e1", alice, 30))
		w.wantOutcome(result, extension.DidAccept)
		if took := time.Since(began); took > 6*time.Second {
			t.Errorf("the first answer took %v", took)
		}
		notice := w.nextNotice()
		if notice.Extension.State != extension.Confirmed || !notice.Meeting.End.Equal(w.end.Add(30*time.Minute)) {
			t.Errorf("notice: %s, end %v", notice.Extension.State, notice.Meeting.End)
		}
		w.wantEffects(30)
	})
}

// What was offered for an end is not added to another one that does not show yet. Minutes alone count from whatever the end is.
func TestNothingIsAddedToAnEndThatDoesNotShowYet(t *testing.T) {
	inWorld(t, extension.Limits{}, func(w *world) {
		w.service.SetListLag(40 * time.Second)
		w.run(w.extender)
		first := w.extend(w.wish("e1", alice, 30))
		w.wantOutcome(first, extension.DidAccept)
		offered := w.wish("e2", bob, 15)
		offered.OfferedEnd = w.end
		result := w.extend(offered)
		w.wantOutcome(result, extension.Busy)
		if result.By.ID != first.Extension.ID {
			t.Errorf("by %+v", result.By)
		}
		w.wantState(result.Extension.ID, extension.Refused)
		w.wantEffects(30)
		w.wantOutcome(w.extend(w.wish("e3", bob, 10)), extension.DidAccept)
		w.wantEffects(30, 10)
		time.Sleep(2 * time.Minute)
		offered = w.wish("e4", bob, 15)
		offered.OfferedEnd = w.end.Add(40 * time.Minute)
		w.wantOutcome(w.extend(offered), extension.DidAccept)
		w.wantEffects(30, 10, 15)
	})
}

func TestExtendRefusals(t *testing.T) {
	for _, test := range []struct {
		name  string
		fault meetingtest.Fault
		kind  error
	}{
		{"limit of the service", meetingtest.Fault{Kind: meetingtest.Refuse, Code: "MMC.111074003"}, meeting.ErrLimitReached},
		{"400", meetingtest.Fault{Kind: meetingtest.Refuse, Status: http.StatusBadRequest, Code: "MMC.111070001"}, meeting.ErrInvalid},
		{"403", meetingtest.Fault{Kind: meetingtest.Refuse, Status: http.StatusForbidden, Code: "MMC.111070002"}, meeting.ErrForbidden},
		{"401 twice", meetingtest.Fault{Kind: meetingtest.Refuse, Status: http.StatusUnauthorized, Times: 2}, meeting.ErrUnauthorised},
	} {
		t.Run(test.name, func(t *testing.T) {
			inWorld(t, extension.Limits{}, func(w *world) {
				test.fault.Op = meetingtest.OpExtend
				w.service.Inject(test.fault)
				result := w.extend(w.wish("e1", alice, 30))
				w.wantOutcome(result, extension.DidRefuse)
				if !errors.Is(result.Err, test.kind) {
					t.Errorf("error is %v, want %v", result.Err, test.kind)
				}
				w.wantEffects()
				w.wantState(result.Extension.ID, extension.Refused)
				w.wantOutcome(w.extend(w.wish("e2", alice, 15)), extension.DidConfirm) // the run is free again
				w.wantEffects(15)
			})
		})
	}
}

func TestEndThatMovedIsToldNotSent(t *testing.T) {
	inWorld(t, extension.Limits{}, func(w *world) {
		wish := w.wish("e1", alice, 30)
		wish.OfferedEnd = w.end
		w.service.SetEnd(meetingID, w.end.Add(15*time.Minute))
		result := w.extend(wish)
		w.wantOutcome(result, extension.Moved)
		if !result.Meeting.End.Equal(w.end.Add(15 * time.Minute)) {
			t.Errorf("told %v", result.Meeting.End)
		}
		w.wantEffects()
	})
}

func TestMeetingThatEndedAfterItWasFound(t *testing.T) {
	inWorld(t, extension.Limits{}, func(w *world) {
		wish := w.wish("e1", alice, 30)
		w.service.EndMeeting(meetingID)
		w.wantOutcome(w.extend(wish), extension.Ended)
		w.wantEffects()
	})
}

// A personal room meets again under its ID: what was found belongs to the run that is over.
func TestNextRunIsNotExtendedForTheLast(t *testing.T) {
	inWorld(t, extension.Limits{}, func(w *world) {
		wish := w.wish("e1", alice, 30)
		w.service.EndMeeting(meetingID)
		time.Sleep(2 * time.Minute)
		w.service.Add(meetingtest.Meeting{ID: meetingID, People: 2})
		w.wantOutcome(w.extend(wish), extension.Ended)
		w.wantEffects()
	})
}

func TestEqualCommandsUnderWayAreOne(t *testing.T) {
	inWorld(t, extension.Limits{}, func(w *world) {
		wishes := []extension.Request{w.wish("e1", alice, 30), w.wish("e2", alice, 30), w.wish("e3", alice, 30)}
		results := make([]extension.Result, len(wishes))
		var all sync.WaitGroup
		for i, wish := range wishes {
			all.Go(func() { results[i] = w.extend(wish) })
		}
		all.Wait()
		joined := 0
		for _, result := range results {
			w.wantOutcome(result, extension.DidConfirm)
			if result.Joined {
				joined++
			}
			if !result.Meeting.End.Equal(w.end.Add(30 * time.Minute)) {
				t.Errorf("told the end %v", result.Meeting.End)
			}
		}
		w.wantEffects(30)
		if joined != 2 {
			t.Errorf("%d joined, want 2", joined)
		}
		// After the answer it is a new wish.
		w.wantOutcome(w.extend(w.wish("e4", alice, 30)), extension.DidConfirm)
		w.wantEffects(30, 30)
	})
}

func TestDifferentPeopleFollowEachOther(t *testing.T) {
	inWorld(t, extension.Limits{}, func(w *world) {
		wishes := []extension.Request{w.wish("e1", alice, 30), w.wish("e2", bob, 15)}
		var all sync.WaitGroup
		for _, wish := range wishes {
			all.Go(func() { w.wantOutcome(w.extend(wish), extension.DidConfirm) })
		}
		all.Wait()
		end, _ := w.service.End(meetingID)
		if !end.Equal(w.end.Add(45 * time.Minute)) {
			t.Errorf("ends %v", end)
		}
	})
}

func TestKeyIsDoneOnce(t *testing.T) {
	inWorld(t, extension.Limits{}, func(w *world) {
		w.wantOutcome(w.extend(w.wish("e1", alice, 30)), extension.DidConfirm)
		again := w.extend(w.wish("e1", alice, 30))
		w.wantOutcome(again, extension.Already)
		w.wantEffects(30)
	})
}

func TestLimits(t *testing.T) {
	inWorld(t, extension.Limits{RunMinutes: 50, PersonRate: 3}, func(w *world) {
		many := w.wish("e0", alice, 121)
		if result := w.extend(many); result.Outcome != extension.TooMany || result.Left != 50 {
			t.Errorf("too many: %s, left %d", result.Outcome, result.Left)
		}
		w.wantOutcome(w.extend(w.wish("e1", alice, 30)), extension.DidConfirm)
		over := w.extend(w.wish("e2", alice, 30))
		if over.Outcome != extension.Limited || over.Limit != extension.LimitRun || over.Left != 20 {
			t.Errorf("over the run's limit: %s %s left %d", over.Outcome, over.Limit, over.Left)
		}
		left, err := w.extender.Left(w.ctx, extension.RunOf(many.Meeting), alice)
		if want := (extension.Left{Run: 20, Limited: true, AtOnce: 20, By: extension.LimitRun}); err != nil || left != want {
			t.Errorf("left %+v, %v", left, err)
		}
		w.wantOutcome(w.extend(w.wish("e3", alice, 1)), extension.DidConfirm)
		w.wantOutcome(w.extend(w.wish("e4", alice, 1)), extension.DidConfirm)
		if quick := w.extend(w.wish("e5", alice, 1)); quick.Limit != extension.LimitPerson {
			t.Errorf("fourth within a minute: %s %s", quick.Outcome, quick.Limit)
		}
		w.wantEffects(30, 1, 1)
	})
}

func TestPlatformTakesOver(t *testing.T) {
	inWorld(t, extension.Limits{}, func(w *world) {
		wish := w.wish("e1", alice, 0)
		wish.Platform, wish.Each = true, 20
		result := w.extend(wish)
		w.wantOutcome(result, extension.DidConfirm)
		if effects := w.service.Effects(meetingID); len(effects) != 1 || !effects[0].Auto || effects[0].Minutes != 20 {
			t.Errorf("effects: %+v", effects)
		}
		wish = w.wish("e2", alice, 0)
		wish.Platform, wish.Each = true, 121
		if result := w.extend(wish); result.Outcome != extension.TooMany || result.Left != 120 {
			t.Errorf("more than the limit at once: %s, %d left", result.Outcome, result.Left)
		}
	})
}

// brokenStore fails one call.
type brokenStore struct {
	extension.Ledger
	claim, aim, move error
}

func (s *brokenStore) Claim(ctx context.Context, e extension.Extension, limits extension.Limits, settleIn time.Duration) (extension.Extension, error) {
	if s.claim != nil {
		return extension.Extension{}, s.claim
	}
	return s.Ledger.Claim(ctx, e, limits, settleIn)
}

func (s *brokenStore) Aim(ctx context.Context, id int64, before, target time.Time, settleIn time.Duration) error {
	if s.aim != nil {
		return s.aim
	}
	return s.Ledger.Aim(ctx, id, before, target, settleIn)
}

func (s *brokenStore) Move(ctx context.Context, id int64, from, to extension.State, ending extension.Ending) (extension.Extension, error) {
	if s.move != nil {
		return extension.Extension{}, s.move
	}
	return s.Ledger.Move(ctx, id, from, to, ending)
}

func TestNothingIsSentThatWasNotWrittenDown(t *testing.T) {
	full := errors.New("disk full")
	for name, broken := range map[string]brokenStore{"claim": {claim: full}, "aim": {aim: full}} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, extension.Limits{}, func(w *world) {
				broken.Ledger = w.store.Ledger
				w.extender = w.newExtender(&broken, extension.Limits{})
				_, err := w.extender.Extend(w.ctx, w.wish("e1", alice, 30))
				if !errors.Is(err, extension.ErrNotWritten) || !errors.Is(err, full) {
					t.Errorf("error is %v", err)
				}
				w.wantEffects()
				if n := w.service.Count(meetingtest.OpExtend); n != 0 {
					t.Errorf("%d PUTs", n)
				}
			})
		})
	}
}

// What was done but not written down is not called done; the timer finds out when the store is back.
func TestOutcomeThatCouldNotBeWritten(t *testing.T) {
	inWorld(t, extension.Limits{}, func(w *world) {
		broken := &brokenStore{Ledger: w.store.Ledger, move: errors.New("disk full")}
		w.extender = w.newExtender(broken, extension.Limits{})
		w.wantOutcome(w.extend(w.wish("e1", alice, 30)), extension.NotKnown)
		broken.move = nil
		w.run(w.extender)
		if notice := w.nextNotice(); notice.Extension.State != extension.Confirmed {
			t.Errorf("settled as %s", notice.Extension.State)
		}
		w.wantEffects(30)
	})
}

// A caller who leaves, at the end of the process, leaves the row to whoever settles.
func TestCallerWhoLeaves(t *testing.T) {
	inWorld(t, extension.Limits{}, func(w *world) {
		wish := w.wish("e1", alice, 30)
		ctx, cancel := context.WithTimeout(w.ctx, 250*time.Millisecond) // in the middle of the PUT
		defer cancel()
		result, err := w.extender.Extend(ctx, wish)
		if err != nil {
			t.Fatal(err)
		}
		w.wantOutcome(result, extension.NotKnown)
		w.run(w.extender)
		time.Sleep(time.Minute)
		w.wantState(result.Extension.ID, extension.Confirmed)
		w.wantEffects(30)
	})
}
