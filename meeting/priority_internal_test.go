package meeting

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// inLine queues calls up behind a quota of one a second, and tells in which order they had their turns.
type inLine struct {
	t     *testing.T
	begun time.Time
	limit *limiter
	group sync.WaitGroup
	mutex sync.Mutex
	turns []string
	at    []time.Duration
}

const linePath = "/path"

func newInLine(t *testing.T) *inLine {
	line := &inLine{t: t, limit: newLimiter(60), begun: time.Now()}
	for range 60 {
		line.call(t.Context(), "")
	}
	synctest.Wait()
	line.turns, line.at = nil, nil
	return line
}

// call enters the line before it returns.
func (l *inLine) call(ctx context.Context, name string) {
	l.group.Go(func() { l.await(ctx, name) })
	synctest.Wait()
}

func (l *inLine) await(ctx context.Context, name string) {
	if err := l.limit.wait(ctx, "op", linePath); err != nil {
		name = fmt.Sprint(name, ":", err.(*Error).Kind)
	}
	l.mutex.Lock()
	defer l.mutex.Unlock()
	l.turns = append(l.turns, name)
	l.at = append(l.at, time.Since(l.begun).Round(time.Millisecond))
}

func (l *inLine) want(turns ...string) {
	l.t.Helper()
	l.group.Wait()
	if diff := cmp.Diff(turns, l.turns); diff != "" {
		l.t.Error(diff)
	}
}

func TestTurns(t *testing.T) {
	for name, test := range map[string]struct{ come, want string }{
		"people in the order they came":    {"p q r", "p q r"},
		"automation in the order it came":  {"3 1 2 1", "3 1 2 1"},
		"one of five is automation's":      {"1 2 3 a b c d e f g h i", "a b c d 1 e f g h 2 i 3"},
		"people alone have it all":         {"a b c d e f", "a b c d e f"},
		"automation has what people leave": {"1 a 2 3", "a 1 2 3"},
		"nobody waits behind later people": {"1 a b c d e", "a b c d 1 e"},
	} {
		synctest.Test(t, func(t *testing.T) {
			line := newInLine(t)
			for who := range strings.FieldsSeq(test.come) {
				line.call(contextOf(t, who), who)
			}
			line.group.Wait()
			if got := strings.Join(line.turns, " "); got != test.want {
				t.Errorf("%s: %s, want %s", name, got, test.want)
			}
			for i, at := range line.at {
				if want := time.Duration(i+1) * time.Second; at != want {
					t.Errorf("%s: turn %d at %v, want %v", name, i, at, want)
				}
			}
		})
	}
}

// contextOf is automation's for a number, else a person's.
func contextOf(t *testing.T, who string) context.Context {
	if wholeNumber(who) >= 0 {
		return Automatic(t.Context())
	}
	return t.Context()
}

// While both wait, of each period's calls automation has a fifth at least, and people the rest.
func TestAFifthIsKeptForDeadlines(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		line := newInLine(t)
		for i := range 150 {
			line.call(t.Context(), "person")
			line.call(Automatic(t.Context()), fmt.Sprint(i))
		}
		line.group.Wait()
		for minute := range 3 {
			people := 0
			for i, who := range line.turns[:180] {
				if line.at[i] > time.Duration(minute)*time.Minute && line.at[i] <= time.Duration(minute+1)*time.Minute && who == "person" {
					people++
				}
			}
			if people != 48 {
				t.Errorf("minute %d: people had %d of 60 calls", minute, people)
			}
		}
		if last := line.at[len(line.at)-1]; last != 300*time.Second {
			t.Errorf("300 calls took %v at one a second", last)
		}
	})
}

// Whether a turn comes in time is told at once, from who waits and what is left.
func TestTooLateIsToldAtOnce(t *testing.T) {
	for name, test := range map[string]struct {
		waiting, who string
		turn         time.Duration // of who
	}{
		"alone":                          {"", "p", time.Second},
		"behind people":                  {"a b c", "p", 4 * time.Second},
		"people behind a fifth":          {"1 2 a b c d", "p", 6 * time.Second},
		"before automation":              {"1 2 3", "p", time.Second},
		"automation behind people":       {"a b", "1", 3 * time.Second},
		"automation behind four of them": {"a b c d e f g h", "1", 5 * time.Second},
		"automation behind one and all":  {"5 a b c d e f g h", "1", 10 * time.Second},
		"automation behind automation":   {"3 4 5", "1", 4 * time.Second},
	} {
		synctest.Test(t, func(t *testing.T) {
			line := newInLine(t)
			ctx, cancel := context.WithCancel(t.Context())
			for who := range strings.FieldsSeq(test.waiting) {
				line.call(withPriority(ctx, priorityOf(contextOf(t, who))), who)
			}
			late, end := context.WithTimeout(contextOf(t, test.who), test.turn-10*time.Millisecond)
			defer end()
			if err := line.limit.wait(late, "op", linePath); !errors.Is(err, ErrThrottled) || time.Since(line.begun) != 0 {
				t.Errorf("%s: %v after %v", name, err, time.Since(line.begun))
			}
			inTime, end := context.WithTimeout(contextOf(t, test.who), test.turn+10*time.Millisecond)
			defer end()
			if err := line.limit.wait(inTime, "op", linePath); err != nil || time.Since(line.begun).Round(time.Millisecond) != test.turn {
				t.Errorf("%s: %v after %v, want %v", name, err, time.Since(line.begun), test.turn)
			}
			cancel()
			line.group.Wait()
		})
	}
}

func TestWhoLeavesMakesRoom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		line := newInLine(t)
		ctx, cancel := context.WithCancel(t.Context())
		for _, who := range []string{"a", "b", "c"} {
			line.call(ctx, who)
		}
		line.call(t.Context(), "d")
		cancel()
		line.group.Wait()
		slices.Sort(line.turns[:3]) // they go together
		line.want("a:service is unavailable", "b:service is unavailable", "c:service is unavailable", "d")
		if line.at[3] != time.Second {
			t.Errorf("d at %v", line.at[3])
		}
		// Overtaken by people until its deadline: nothing told that beforehand.
		line.turns = nil
		late, end := context.WithTimeout(Automatic(t.Context()), 2500*time.Millisecond)
		defer end()
		line.call(late, "10")
		for _, who := range []string{"e", "f", "g"} {
			line.call(t.Context(), who)
		}
		line.want("e", "f", "10:too many calls", "g")
	})
}

// A turn that is given to one who has just left is not lost.
func TestATurnThatNobodyTakesIsGivenBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		line := newInLine(t)
		ctx, cancel := context.WithCancel(t.Context())
		gone, inTime := line.limit.enter(ctx, linePath)
		if gone == nil || !inTime {
			t.Fatal(gone, inTime)
		}
		line.call(t.Context(), "a")
		time.Sleep(time.Second + time.Millisecond) // the bubble's time: its turn comes
		synctest.Wait()
		cancel()
		line.limit.leave(linePath, gone)
		line.want("a")
		if line.at[0] != time.Second+time.Millisecond {
			t.Errorf("a at %v", line.at[0])
		}
	})
}

// What the service tells meanwhile moves those who wait.
func TestLearningMovesWhoWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		line := newInLine(t)
		soon, end := context.WithTimeout(t.Context(), 30*time.Second)
		defer end()
		line.call(soon, "soon")
		line.call(t.Context(), "patient")
		line.limit.learn(linePath, answer{status: 429, header: map[string][]string{"Retry-After": {"60"}}})
		line.want("soon:too many calls", "patient")
		if line.at[0] != 0 || line.at[1] != time.Minute {
			t.Errorf("at %v", line.at)
		}
		line = newInLine(t)
		line.call(t.Context(), "a")
		line.limit.learn(linePath, answer{status: 200, header: map[string][]string{"X-Apig-Ratelimit-Api": {"remain:5,limit:100,time:1 minute"}}})
		line.want("a")
		if line.at[0] != 0 {
			t.Errorf("waited %v for a turn that is there", line.at[0])
		}
	})
}

// Shared work that automation began goes with people's from when a person joins it.
func TestSharedWorkBecomesPeoples(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		line := newInLine(t)
		for _, who := range []string{"1", "2"} {
			line.call(contextOf(t, who), who)
		}
		life := newLifetime(time.Minute)
		shared, err := share(contextOf(t, "3"), life, "op", true, func(ctx context.Context) (int, error) {
			line.await(ctx, "shared")
			return 0, nil
		})
		if err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		join := func(who string) {
			line.group.Go(func() { _, _ = shared.wait(contextOf(t, who), "op") })
			synctest.Wait()
		}
		join("4")
		if !shared.priority.isAutomatic() {
			t.Error("it became people's before a person joined")
		}
		join("a")
		line.want("shared", "1", "2")
		life.end()
	})
}

func TestNoTimerIsLeftBehind(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		line := newInLine(t)
		line.call(t.Context(), "a")
		line.want("a")
		line.limit.mutex.Lock()
		defer line.limit.mutex.Unlock()
		if line.limit.of(linePath).timer != nil {
			t.Error("a timer runs for nobody")
		}
	})
}

func TestExtendRate(t *testing.T) {
	for name, test := range map[string]struct {
		rate   int
		header string
		want   int
	}{
		"our own":         {100, "", 100},
		"none":            {0, "", 0},
		"learned":         {100, "remain:1,limit:40,time:1 minute", 40},
		"of an hour":      {0, "remain:1,limit:600,time:1 hour", 10},
		"of a second":     {100, "remain:1,limit:2,time:1 second", 120},
		"less than one":   {100, "remain:1,limit:5,time:1 hour", 1},
		"no such setting": {7, "garbage", 7},
	} {
		limits := newLimiter(test.rate)
		client := &Client{sender: &sender{limits: limits}}
		limits.learn(extendPath, answer{status: 200, header: map[string][]string{"X-Apig-Ratelimit-Api": {test.header}}})
		limits.learn(listPath, answer{status: 200, header: map[string][]string{"X-Apig-Ratelimit-Api": {"remain:1,limit:3,time:1 minute"}}})
		if got := client.ExtendRate(); got != test.want {
			t.Errorf("%s: %d, want %d", name, got, test.want)
		}
	}
}

func BenchmarkLimiterWithoutRate(b *testing.B) {
	limit := newLimiter(0)
	b.ReportAllocs()
	for b.Loop() {
		if limit.wait(b.Context(), "op", linePath) != nil {
			b.Fatal()
		}
	}
}

// BenchmarkLine is a thousand automatic calls that wait together.
func BenchmarkLine(b *testing.B) {
	for b.Loop() {
		limit := newLimiter(1)
		known := limit.of(linePath)
		known.left = 0
		var came []*waiter
		for range 1000 {
			w, inTime := limit.enter(Automatic(b.Context()), linePath)
			if !inTime {
				b.Fatal("too late without a deadline")
			}
			came = append(came, w)
		}
		for _, w := range came {
			if known.next() != w {
				b.Fatal("out of order")
			}
		}
		known.timer.Stop()
	}
}
