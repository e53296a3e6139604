package main

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/bot/slacksim"
	"github.com/overtime-bot/overtime/meeting/meetingtest"
)

// How many dialogs are opened, and how many meetings they are searched in.
const (
	benchDialogs        = 10 * loadInFlight
	benchDialogMeetings = 10_000
)

// BenchmarkDialogs measures how long people wait for the first view of the dialog, for the filled form and for the options
// of what they type, with as many at it as commands are under way in BenchmarkCommands.
func BenchmarkDialogs(b *testing.B) {
	bench := newBench(b)
	bench.program.Path = buildBinary(b)
	for i := range benchDialogMeetings {
		bench.meetings.Add(meetingtest.Meeting{Subject: fmt.Sprintf("Planning of group %d", i), People: 2})
	}
	bench.start("overtime")
	bench.meetings.SetLatency(100 * time.Millisecond)
	bench.openDialogs(b, loadInFlight)
	for range b.N {
		first, form, options := bench.openDialogs(b, benchDialogs)
		b.Logf("\nfirst view %s\nform       %s\noptions    %s", first, form, options)
		b.ReportMetric(0, "ns/op")
		b.ReportMetric(float64(first.p99)/1e6, "first-view-p99-ms")
		b.ReportMetric(float64(options.p99)/1e6, "options-p99-ms")
	}
	bench.stop()
}

func (b *bench) openDialogs(tb testing.TB, dialogs int) (first, form, options spread) {
	var mu sync.Mutex
	var times [3][]time.Duration
	b.inFlight(dialogs, func(ctx context.Context, slot, turn int) bool {
		took, err := b.dialog(ctx, fmt.Sprintf("U0LOAD%02d", slot), turn)
		if err != nil {
			tb.Errorf("dialog %d: %v", turn, err)
			return false
		}
		mu.Lock()
		defer mu.Unlock()
		for i := range times {
			times[i] = append(times[i], took[i])
		}
		return true
	})
	if tb.Failed() {
		tb.Fatalf("%s", b.stderr)
	}
	return spreadOf(times[0]), spreadOf(times[1]), spreadOf(times[2])
}

// dialog opens one, waits until it is filled, searches, and closes it.
func (b *bench) dialog(ctx context.Context, user string, turn int) (took [3]time.Duration, err error) {
	began := time.Now()
	if _, err := b.slack.Command(user, demoGeneral, "/extend"); err != nil {
		return took, err
	}
	if _, err = b.viewOf(ctx, user, ""); err != nil {
		return took, fmt.Errorf("first view: %w", err)
	}
	took[0] = time.Since(began)
	view, err := b.viewOf(ctx, user, `"callback_id":"extend"`)
	if err != nil {
		return took, fmt.Errorf("form: %w", err)
	}
	took[1] = time.Since(began)
	began = time.Now()
	options, err := b.slack.Suggest(ctx, user, view.ID, "meeting", "meeting", fmt.Sprintf("group %d", turn))
	if err != nil || len(options) == 0 {
		return took, fmt.Errorf("%d options: %w", len(options), err)
	}
	took[2] = time.Since(began)
	return took, b.slack.DismissAll(user, view.ID)
}

// viewOf waits for somebody's modal that has these words.
func (b *bench) viewOf(ctx context.Context, user, words string) (top slacksim.OpenView, err error) {
	err = b.slack.Wait(ctx, func(state slacksim.State) bool {
		top = topModal(state, user)
		return top.ID != "" && strings.Contains(string(top.View), words)
	})
	return top, err
}
