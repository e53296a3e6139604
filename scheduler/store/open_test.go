package store_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/scheduler"
	"github.com/overtime-bot/overtime/scheduler/extension"
	"github.com/overtime-bot/overtime/scheduler/store"
)

func TestFileIsPrivate(t *testing.T) {
	directory := t.TempDir()
	t.Chdir(directory)
	for _, name := range []string{"overtime.db", filepath.Join(directory, "a b?c#d%e&f=g.db")} {
		s, err := store.Open(t.Context(), store.Config{URL: name})
		if err != nil {
			t.Fatal(err)
		}
		found, err := filepath.Glob(filepath.Join(directory, "*"))
		if err != nil || len(found) != 3 { // with the write-ahead log and its index
			t.Errorf("files of %s: %v %v", name, found, err)
		}
		for _, file := range found {
			if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
				t.Errorf("%s: %v %v", file, info.Mode(), err)
			}
		}
		if err := s.Close(context.Background()); err != nil {
			t.Error(err)
		}
		if err := os.Remove(name); err != nil {
			t.Errorf("the file has another name: %v", err)
		}
	}
}

func TestOpenFails(t *testing.T) {
	directory := t.TempDir()
	garbage := filepath.Join(directory, "garbage")
	if err := os.WriteFile(garbage, []byte(strings.Repeat("This is no database. ", 100)), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, wanted := range map[string]string{
		"":                                    "not the path",
		":memory:":                            "not the path",
		"file:overtime.db":                    "not the path",
		"mysql://user:secret@localhost/":      "no kind of database",
		"user:secret@localhost://overtime":    "no kind of database",
		directory:                             "open database",
		filepath.Join(directory, "no/db"):     "no such file or directory",
		filepath.Join(garbage, "overtime.db"): "not a directory",
		garbage:                               "not a database",
	} {
		s, err := store.Open(t.Context(), store.Config{URL: name})
		if err == nil {
			s.Close(context.Background())
			t.Errorf("%q was opened", name)
			continue
		}
		if errors.Is(err, store.ErrNotYet) {
			t.Errorf("%q: no waiting heals %v", name, err)
		}
		if !strings.Contains(err.Error(), wanted) || !strings.HasPrefix(err.Error(), "open database: ") {
			t.Errorf("%q: %v, want %q", name, err, wanted)
		}
		if strings.Contains(err.Error(), "secret") {
			t.Errorf("an error with a password: %v", err)
		}
	}
}

func TestManyOpenANewFile(t *testing.T) {
	f := newFile(t)
	var all sync.WaitGroup
	for range 6 {
		all.Go(func() {
			s, err := store.Open(t.Context(), store.Config{URL: f.path})
			if err != nil {
				t.Error(err)
				return
			}
			if err := s.Close(context.Background()); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
}

// What is a day old exactly, or a minute, counts no more; what is a millisecond younger does.
func TestLimitsAtTheirEdge(t *testing.T) {
	cases := map[string]struct {
		limits extension.Limits
		window time.Duration
	}{
		"daily":  {extension.Limits{DailyMinutes: 15}, 24 * time.Hour},
		"person": {extension.Limits{PersonRate: 1}, time.Minute},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			f := newFile(t)
			s := f.open(t)
			ask := func(key string) error {
				_, err := s.Ledger.Claim(t.Context(), extension.Extension{
					Key: key, Run: key, Minutes: 15, Actor: extension.Actor{Team: "T1", User: "U1"},
				}, c.limits, time.Minute)
				return err
			}
			if err := ask("first"); err != nil {
				t.Fatal(err)
			}
			f.Advance(t, c.window-time.Millisecond)
			if err := ask("too early"); err == nil {
				t.Error("claimed inside of the window")
			}
			f.Advance(t, time.Millisecond)
			if err := ask("second"); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestClaimAndSettlingAtTheirEdge(t *testing.T) {
	f := newFile(t)
	s := f.open(t)
	if _, err := s.Ledger.Claim(t.Context(), extension.Extension{Key: "a", Run: "a"}, extension.Limits{}, time.Minute); err != nil {
		t.Fatal(err)
	}
	e := store.Envelope{ID: "a"}
	if _, err := s.Inbox.StoreEnvelope(t.Context(), e, "one", time.Minute); err != nil {
		t.Fatal(err)
	}
	check := func(wait time.Duration, due int, fresh bool) {
		t.Helper()
		got, waits, err := s.Ledger.NextSettle(t.Context())
		if err != nil || !waits || got != wait {
			t.Errorf("NextSettle: %v %v %v, want %v", got, waits, err, wait)
		}
		rows, err := s.Ledger.Due(t.Context(), 10)
		if err != nil || len(rows) != due {
			t.Errorf("due: %v %v, want %d", rows, err, due)
		}
		again, err := s.Inbox.StoreEnvelope(t.Context(), e, "two", time.Minute)
		if err != nil || again != fresh {
			t.Errorf("fresh: %v %v, want %v", again, err, fresh)
		}
	}
	f.Advance(t, time.Minute-time.Millisecond)
	check(time.Millisecond, 0, false)
	f.Advance(t, time.Millisecond)
	check(0, 1, true)
}

func TestPromptsAtTheirEdge(t *testing.T) {
	f := newFile(t)
	s := f.open(t)
	p, _, err := s.Prompts.ClaimPrompt(t.Context(), scheduler.Prompt{Kind: scheduler.PromptAsk, Run: "a", End: time.Unix(60, 0)})
	if err != nil {
		t.Fatal(err)
	}
	f.Advance(t, time.Minute)
	for _, want := range []int{0, 1} {
		unsure, err := s.Prompts.UnsurePrompts(t.Context(), time.Minute, 10)
		if err != nil || len(unsure) != want {
			t.Errorf("unsure: %v %v, want %d", unsure, err, want)
		}
		f.Advance(t, time.Millisecond)
	}
	f.now.Store(p.Created.Add(7 * 24 * time.Hour).UnixMilli())
	for _, want := range []scheduler.PromptState{scheduler.PromptUnsure, scheduler.PromptClosed} {
		if err := s.Prune(t.Context(), 0); err != nil {
			t.Fatal(err)
		}
		if p, err := s.Prompts.Prompt(t.Context(), p.ID); err != nil || p.State != want {
			t.Errorf("%s %v, want %s", p.State, err, want)
		}
		f.Advance(t, time.Millisecond)
	}
}
