package scheduler_test

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/scheduler"
	"github.com/overtime-bot/overtime/scheduler/extension"
	"github.com/overtime-bot/overtime/scheduler/store"
)

// fixedList is a service whose list costs nothing.
type fixedList []meeting.Meeting

func (l fixedList) Running(context.Context) ([]meeting.Meeting, error) {
	return append([]meeting.Meeting(nil), l...), nil
}

func (l fixedList) Get(context.Context, string) (meeting.Meeting, error) {
	return meeting.Meeting{}, meeting.ErrNotFound
}
func (fixedList) Extend(context.Context, string, int) error     { return nil }
func (fixedList) AutoExtend(context.Context, string, int) error { return nil }
func (fixedList) ExtendRate() int                               { return 100 }

// BenchmarkTickNoneDue is what a tick costs beyond the calls of the list, where nothing is due; one meeting in a
// hundred has a rule of its own.
func BenchmarkTickNoneDue(b *testing.B) {
	for _, size := range []int{10_000, 100_000} {
		b.Run(fmt.Sprint(size), func(b *testing.B) {
			now := time.Now().Truncate(time.Minute)
			list := make(fixedList, size)
			for i := range list {
				list[i] = meeting.Meeting{
					ID: fmt.Sprint(910_000_000 + i), Start: now.Add(-time.Hour), People: 5, Extendable: true,
					End: now.Add(30 * time.Minute).Add(time.Duration(i) * time.Minute / 20).Truncate(time.Minute),
				}
			}
			opened, err := store.Open(b.Context(), store.Config{URL: filepath.Join(b.TempDir(), "overtime.db")})
			if err != nil {
				b.Fatal(err)
			}
			defer func() { _ = opened.Close(context.Background()) }()
			for i := range size / 100 {
				rule := scheduler.Rule{Of: list[100*i].ID, Mode: scheduler.ModeAsk, Owner: alice, Channel: "C1"}
				if _, err := opened.Automation.PutRule(b.Context(), rule); err != nil {
					b.Fatal(err)
				}
			}
			var report scheduler.TickReport
			made := &replica{}
			made.extender, err = extension.New(extension.Config{
				Meetings: list, Ledger: opened.Ledger, Notifier: made, Clock: extension.Clock{Now: time.Now},
			})
			if err != nil {
				b.Fatal(err)
			}
			made.Scheduler, err = scheduler.New(scheduler.Config{
				Extender: made.extender, Quota: list, Store: storesOf(opened),
				Announcer: &announcer{shows: map[string]string{}}, Clock: extension.Clock{Now: time.Now},
				MaxMinutes: 120, RunMinutes: 240,
				Observe: func(r scheduler.TickReport) { report = r },
				Automation: scheduler.Automation{
					Mode: scheduler.ModeAuto, Schedule: "* * * * *", Lead: 10 * time.Minute, Minutes: 15, Max: 60, MinPeople: 2,
				},
			})
			if err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			for b.Loop() {
				if err := made.Tick(b.Context(), now); err != nil {
					b.Fatal(err)
				}
			}
			if report.Reasons[scheduler.NotYet] != size {
				b.Fatalf("decided %v", report.Reasons)
			}
		})
	}
}
