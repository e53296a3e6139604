package pace

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/slack-go/slack"
)

var (
	oneLine = Line{Method: "chat.update"}
	another = Line{Method: "views.publish"}
)

// When a hold ends, what matters most goes first, whenever it came, and the rest waits until that is done.
func TestWhatMattersMostGoesFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		lines := NewLines()
		lines.hold(oneLine, 30*time.Second)
		var mu sync.Mutex
		var order []Importance
		var calling sync.WaitGroup
		for _, importance := range []Importance{Last, Second, Last, First, Second, First} {
			calling.Go(func() {
				err := lines.Patiently(t.Context(), oneLine, importance, func() error {
					time.Sleep(300 * time.Millisecond) // on its way
					mu.Lock()
					defer mu.Unlock()
					order = append(order, importance)
					return nil
				})
				if err != nil {
					t.Error(err)
				}
			})
			time.Sleep(time.Second)
		}
		calling.Wait()
		if !slices.IsSorted(order) || len(order) != 6 {
			t.Errorf("went in the order %v", order)
		}
	})
}

// A hold is for one line, for as long as Slack says, and for who came after it too.
func TestHold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		lines, began := NewLines(), time.Now()
		var calls atomic.Int32
		throttledOnce := func() error {
			if calls.Add(1) == 1 {
				return &slack.RateLimitedError{RetryAfter: 7 * time.Second}
			}
			return nil
		}
		at := func(line Line) string {
			err := lines.Patiently(t.Context(), line, First, throttledOnce)
			return fmt.Sprint(time.Since(began), " ", err)
		}
		var calling sync.WaitGroup
		took := make([]string, 3)
		for i, line := range []Line{oneLine, oneLine, another} {
			calling.Go(func() { took[i] = at(line) })
			synctest.Wait()
		}
		calling.Wait()
		if want := []string{"7s <nil>", "7s <nil>", "0s <nil>"}; !slices.Equal(took, want) {
			t.Errorf("took %v, want %v", took, want)
		}
	})
}

// Where a hold, or somebody more important, lasts longer than the caller waits, nothing is called.
func TestGivesUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		lines := NewLines()
		lines.hold(oneLine, 10*time.Second)
		within, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		began := time.Now()
		never := func() error { t.Error("called"); return nil }
		if err := lines.Patiently(within, oneLine, First, never); !limited(err) || time.Since(began) != 0 {
			t.Errorf("%v after %v", err, time.Since(began))
		}
		var calling sync.WaitGroup
		calling.Go(func() {
			_ = lines.Patiently(t.Context(), oneLine, First, func() error { time.Sleep(time.Minute); return nil })
		})
		synctest.Wait()
		longer, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		defer cancel()
		if err := lines.Patiently(longer, oneLine, Last, never); !limited(err) || time.Since(began) != 20*time.Second {
			t.Errorf("%v after %v", err, time.Since(began))
		}
		calling.Wait()
		lines.hold(another, time.Second)
		if len(lines.lines) != 1 {
			t.Errorf("%d lines are remembered", len(lines.lines))
		}
	})
}

func limited(err error) bool {
	_, throttled := Throttled(err)
	return throttled
}

func TestThrottled(t *testing.T) {
	for _, test := range []struct {
		err       error
		wait      time.Duration
		throttled bool
		pause     time.Duration
		again     bool
	}{
		{&slack.RateLimitedError{RetryAfter: 30 * time.Second}, 30 * time.Second, true, 30 * time.Second, true},
		{fmt.Errorf("posting: %w", &slack.RateLimitedError{}), 0, true, time.Second, true},
		{slack.SlackErrorResponse{Err: "ratelimited"}, 0, true, time.Second, true},
		{slack.SlackErrorResponse{Err: "rate_limited"}, 0, true, time.Second, true},
		{slack.StatusCodeError{Code: 429}, 0, true, time.Second, true},
		{slack.StatusCodeError{Code: 407}, 0, false, time.Second, true},
		{slack.StatusCodeError{Code: 503}, 0, false, time.Second, false},
		{slack.SlackErrorResponse{Err: "not_in_channel"}, 0, false, time.Second, false},
		{errors.New("no network"), 0, false, time.Second, false},
		{nil, 0, false, time.Second, false},
	} {
		wait, throttled := Throttled(test.err)
		pause, again := Again(test.err)
		if wait != test.wait || throttled != test.throttled || again != test.again || again && pause != test.pause {
			t.Errorf("%v: %v, %v; again %v, %v", test.err, wait, throttled, pause, again)
		}
	}
}
