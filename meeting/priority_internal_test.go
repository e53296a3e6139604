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

// inLine queues calls up behind others' that stop counting one a second, and tells in which order they had their turns.
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
	line.limit.of(linePath).own.countOthers(line.begun, 60, 0)
	return line
}

// call enters the line before it returns.
func (l *inLine) call(ctx context.Context, name string) {
	l.group.Go(func() { l.await(ctx, name) })
	synctest.Wait()
}

func (l *inLine) await(ctx context.Context, name string) {
	given, err := l.limit.wait(ctx, "op", linePath)
	if err != nil {
		name = fmt.Sprint(name, ":", err.(*Error).Kind)
	} else {
		defer l.limit.over(linePath, given)
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
		"people in the order they came":       {"p q r", "p q r"},
		"automation in the order it came":     {"3 1 2 1", "3 1 2 1"},
		"looks in the order they came":        {"C A B", "C A B"},
		"who extends, deadlines, who looks":   {"A 1 a B 2 b", "a b 1 2 A B"},
		"nobody waits behind those who look":  {"A B C D 1", "1 A B C D"},
		"nobody waits behind later deadlines": {"a 1 2 3", "a 1 2 3"},
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

// contextOf is automation's for a number, and one of who looks for a capital letter. Else it is of who extends.
func contextOf(t *testing.T, who string) context.Context {
	switch {
	case wholeNumber(who) >= 0:
		return Automatic(t.Context())
	case strings.ToLower(who) != who:
		return Looking(t.Context())
	}
	return t.Context()
}

// Whether a turn comes in time is told at once, from who surely goes first and what is left.
func TestTooLateIsToldAtOnce(t *testing.T) {
	for name, test := range map[string]struct {
		waiting, who string
		turn         time.Duration // of who
	}{
		"alone":                        {"", "p", time.Second},
		"behind people":                {"a b c", "p", 4 * time.Second},
		"before automation":            {"1 2 3", "p", time.Second},
		"before who looks":             {"A B", "1", time.Second},
		"automation behind automation": {"3 4 5", "1", 4 * time.Second},
		"who looks behind all":         {"a 1 A", "B", 4 * time.Second},
	} {
		synctest.Test(t, func(t *testing.T) {
			line := newInLine(t)
			ctx, cancel := context.WithCancel(t.Context())
			for who := range strings.FieldsSeq(test.waiting) {
				line.call(withPriority(ctx, priorityOf(contextOf(t, who))), who)
			}
			late, end := context.WithTimeout(contextOf(t, test.who), test.turn-10*time.Millisecond)
			defer end()
			if _, err := line.limit.wait(late, "op", linePath); !errors.Is(err, ErrThrottled) || !errors.Is(err, ErrNoTurn) || time.Since(line.begun) != 0 {
				t.Errorf("%s: %v after %v", name, err, time.Since(line.begun))
			}
			inTime, end := context.WithTimeout(contextOf(t, test.who), test.turn+10*time.Millisecond)
			defer end()
			if _, err := line.limit.wait(inTime, "op", linePath); err != nil || time.Since(line.begun).Round(time.Millisecond) != test.turn {
				t.Errorf("%s: %v after %v, want %v", name, err, time.Since(line.begun), test.turn)
			}
			cancel()
			line.group.Wait()
		})
	}
}

// Who has no deadline but a patience is told when that is over, for each call by itself.
func TestPatienceIsForATurn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		line := newInLine(t)
		patient := WithRank(t.Context(), looking, 2500*time.Millisecond)
		line.call(patient, "A")
		line.group.Wait()
		line.call(patient, "B")
		line.group.Wait()
		for range 3 {
			line.call(t.Context(), "p")
		}
		line.call(patient, "C")
		line.want("A", "B", "C:too many calls", "p", "p", "p")
		if line.at[1] != 2*time.Second || line.at[2] != 2*time.Second {
			t.Errorf("at %v", line.at)
		}
	})
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
		// Overtaken by people until its deadline, which could not be known when it came.
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
		gone, given := line.limit.enter(ctx, linePath)
		if gone == nil {
			t.Fatal(given)
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
		line.limit.learn(linePath, answer{status: 200, header: map[string][]string{"X-Apig-Ratelimit-Api": {"remain:0,limit:20,time:1 minute"}}})
		line.want("a")
		if line.at[0] != 3*time.Second {
			t.Errorf("went %v after the service told that others had used a smaller quota up", line.at[0])
		}
	})
}

// Shared work has the highest rank of those who wait for it, and goes at once where that allows it.
func TestSharedWorkRises(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		line := newInLine(t)
		life := newLifetime(time.Minute)
		for _, who := range []string{"A", "1"} {
			line.call(contextOf(t, who), who)
		}
		shared, err := share(contextOf(t, "B"), life, "op", looking, func(ctx context.Context) (int, error) {
			line.await(ctx, "shared")
			return 0, nil
		})
		if err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		join := func(who string) Rank {
			line.group.Go(func() { _, _ = shared.wait(contextOf(t, who), "op") })
			synctest.Wait()
			return shared.priority.now()
		}
		for who, want := range map[string]Rank{"C": looking} {
			if got := join(who); got != want {
				t.Errorf("with %s its rank is %d", who, got)
			}
		}
		if join("2") != deadlines || join("D") != deadlines || join("p") != extending {
			t.Error("it has not the highest rank of those who wait")
		}
		line.want("shared", "1", "A")
		life.end()
	})
	synctest.Test(t, func(t *testing.T) {
		limit := newLimiter(60)
		for range 24 { // two fifths
			given, _ := limit.wait(Looking(t.Context()), "op", linePath)
			limit.over(linePath, given)
		}
		p := &priority{rank: looking}
		begun := time.Now()
		go func() {
			time.Sleep(time.Second)
			p.raise(deadlines)
		}()
		if _, err := limit.wait(withPriority(t.Context(), p), "op", linePath); err != nil || time.Since(begun) != time.Second {
			t.Errorf("%v after %v", err, time.Since(begun))
		}
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
		"of a second":     {0, "remain:1,limit:2,time:1 second", 120},
		"more than ours":  {100, "remain:1,limit:200,time:1 minute", 100},
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
		given, err := limit.wait(b.Context(), "op", linePath)
		if err != nil {
			b.Fatal(err)
		}
		limit.over(linePath, given)
	}
}

// BenchmarkLine is a thousand automatic calls that wait together.
func BenchmarkLine(b *testing.B) {
	for b.Loop() {
		limit := newLimiter(1)
		known := limit.of(linePath)
		known.own.countOthers(time.Now(), 1, 0)
		var came []*waiter
		for range 1000 {
			w, _ := limit.enter(Automatic(b.Context()), linePath)
			if w == nil {
				b.Fatal("too late without a deadline")
			}
			came = append(came, w)
		}
		for _, w := range came {
			if known.take(deadlines) != w {
				b.Fatal("out of order")
			}
		}
		known.timer.Stop()
	}
}
