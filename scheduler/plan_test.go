package scheduler_test

import (
	"testing"
	"time"

	"github.com/overtime-bot/overtime/scheduler"
)

const planLead = 10 * time.Minute

func herd(size int, end time.Time) []scheduler.PlanItem {
	items := make([]scheduler.PlanItem, size)
	for i := range items {
		items[i] = scheduler.PlanItem{End: end, Lead: planLead, Extends: true}
	}
	return items
}

func count(planned []scheduler.Planned, holds func(scheduler.Planned) bool) int {
	found := 0
	for _, p := range planned {
		if holds(p) {
			found++
		}
	}
	return found
}

func isDue(p scheduler.Planned) bool      { return p.Due }
func isEarly(p scheduler.Planned) bool    { return p.Early }
func isUnserved(p scheduler.Planned) bool { return p.Unserved }

// Work on a herd begins as much earlier as the whole of it takes, and not before.
func TestPlanBeginsEarlier(t *testing.T) {
	end := time.Date(2026, 3, 2, 15, 0, 0, 0, time.UTC)
	for _, test := range []struct {
		name       string
		size, rate int
		before     time.Duration // of the end
		due        int
	}{
		{"one at its lead", 1, 0, planLead, 1},
		{"one before its lead", 1, 0, planLead + time.Second, 0},
		{"one with a quota", 1, 60, planLead + time.Second, 1},
		{"a herd without a quota", 1000, 0, planLead + time.Second, 0},
		{"a herd at its time", 1000, 100, planLead + 10*time.Minute, 1000},
		{"a herd before its time", 1000, 100, planLead + 10*time.Minute + time.Second, 0},
		{"half the quota", 1000, 50, planLead + 20*time.Minute, 1000},
		{"nobody", 0, 100, 0, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			planned := scheduler.Plan(end.Add(-test.before), herd(test.size, end), test.rate)
			if got := count(planned, isDue); got != test.due {
				t.Errorf("%d are due, want %d", got, test.due)
			}
			if got := count(planned, isUnserved); got != 0 {
				t.Errorf("%d are not served", got)
			}
		})
	}
}

// What ends before a herd goes first, though it would have had time by itself.
func TestPlanMakesRoomForAHerd(t *testing.T) {
	end := time.Date(2026, 3, 2, 15, 0, 0, 0, time.UTC)
	items := append(herd(50, end.Add(-5*time.Minute)), herd(950, end)...)
	planned := scheduler.Plan(end.Add(-20*time.Minute), items, 100)
	if due, early := count(planned, isDue), count(planned, isEarly); due != 1000 || early != 1000 {
		t.Errorf("%d are due, %d of them early", due, early)
	}
	after := append(herd(1000, end), herd(10, end.Add(20*time.Minute))...)
	if due := count(scheduler.Plan(end.Add(-20*time.Minute), after, 100), isDue); due != 1000 {
		t.Errorf("%d are due; what ends later has time", due)
	}
}

// What was dealt with for this end keeps no place, and is not made early.
func TestPlanLeavesOutWhatIsDone(t *testing.T) {
	end := time.Date(2026, 3, 2, 15, 0, 0, 0, time.UTC)
	items := herd(1000, end)
	for i := range 900 {
		items[i].Free = true
	}
	if due := count(scheduler.Plan(end.Add(-12*time.Minute), items, 100), isDue); due != 0 {
		t.Errorf("%d are due 12 minutes before: 100 take one minute", due)
	}
	planned := scheduler.Plan(end.Add(-11*time.Minute), items, 100)
	if due := count(planned, isDue); due != 100 || planned[0].Due || planned[0].Early == planned[0].Due {
		t.Errorf("%d are due, the first of them %v", due, planned[0])
	}
	if due := count(scheduler.Plan(end.Add(-planLead), items, 100), isDue); due != 1000 {
		t.Errorf("%d are due at the lead: what is done is looked at too", due)
	}
}

// What the quota cannot serve is known beforehand: all but what it can.
func TestPlanKnowsWhatIsNotServed(t *testing.T) {
	end := time.Date(2026, 3, 2, 15, 0, 0, 0, time.UTC)
	planned := scheduler.Plan(end.Add(-4*time.Minute), herd(1000, end), 100)
	for i, p := range planned {
		if !p.Due || p.Unserved != (i >= 400) {
			t.Fatalf("item %d: %+v", i, p)
		}
	}
	asked := herd(1000, end)
	for i := range asked {
		asked[i].Extends = i >= 900
	}
	if got := count(scheduler.Plan(end.Add(-4*time.Minute), asked, 100), isUnserved); got != 0 {
		t.Errorf("%d are not served, though people are only asked about the others", got)
	}
}
