package extension_test

import (
	"testing"
	"time"

	"github.com/overtime-bot/overtime/scheduler/extension"
)

// An approval lifts each limit of minutes, for its own request alone; its minutes count for the one who asked.
func TestApprovalLiftsTheLimitsOfMinutes(t *testing.T) {
	for name, limits := range map[string]extension.Limits{
		"at once": {}, "of a run": {RunMinutes: 60}, "of a day": {DailyMinutes: 60}, "all": {RunMinutes: 10, DailyMinutes: 10},
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, limits, func(w *world) {
				approved := w.wish("approved", alice, 180)
				approved.Origin, approved.OfferedEnd = extension.FromApproval, w.end
				if result := w.extend(approved); result.Outcome != extension.DidConfirm {
					t.Fatalf("approved: %+v", result)
				}
				added, err := w.store.Ledger.Added(w.ctx, w.run1, alice)
				if err != nil || added.Run != 180 || added.Daily != 180 {
					t.Errorf("counted: %+v, %v", added, err)
				}
				if result := w.extend(w.wish("typed", alice, 121)); result.Outcome != extension.TooMany && result.Outcome != extension.Limited {
					t.Errorf("afterwards: %+v", result)
				}
			})
		})
	}
}

// What is no limit of minutes holds for what was approved, too.
func TestApprovalLiftsNothingElse(t *testing.T) {
	inWorld(t, extension.Limits{PersonRate: 1}, func(w *world) {
		w.extend(w.wish("typed", alice, 5))
		approved := w.wish("approved", alice, 180)
		approved.Origin = extension.FromApproval
		if result := w.extend(approved); result.Outcome != extension.Limited || result.Limit != extension.LimitPerson {
			t.Errorf("within the same minute: %+v", result)
		}
		time.Sleep(time.Minute)
		approved.OfferedEnd = w.end
		if result := w.extend(approved); result.Outcome != extension.Moved {
			t.Errorf("from an end that moved: %+v", result)
		}
	})
}
