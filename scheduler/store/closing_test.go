package store_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/scheduler/extension"
	"github.com/overtime-bot/overtime/scheduler/store"
	"github.com/overtime-bot/overtime/scheduler/storetest"
)

func claimKey(ctx context.Context, s *store.Store, key string) error {
	_, err := s.Ledger.Claim(ctx, extension.Extension{Key: key, Run: key}, extension.Limits{}, time.Minute)
	return err
}

// A copy of the file alone is a copy of everything, once the store is closed. Others may have read meanwhile.
func TestClosedFileHoldsEverything(t *testing.T) {
	f := newFile(t)
	s := f.open(t)
	const rows = 50
	var all sync.WaitGroup
	for number := range rows {
		all.Go(func() {
			if err := claimKey(t.Context(), s, fmt.Sprint("key ", number)); err != nil {
				t.Error(err)
			}
			if _, err := s.History.Extensions(t.Context(), "", rows); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if err := s.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	if left, _ := filepath.Glob(f.path + "-*"); len(left) > 0 {
		t.Errorf("beside the file: %v", left)
	}
	content, err := os.ReadFile(f.path)
	if err != nil {
		t.Fatal(err)
	}
	elsewhere := newFile(t)
	if err := os.WriteFile(elsewhere.path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	copied, err := elsewhere.open(t).History.Extensions(t.Context(), "", 2*rows)
	if err != nil || len(copied) != rows {
		t.Errorf("the copy holds %d extensions, want %d: %v", len(copied), rows, err)
	}
}

// held is another process that keeps the file's write lock, or reads all the time, until release is called.
func held(t *testing.T, path, transaction string) (release func()) {
	t.Helper()
	other, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { other.Close() })
	other.SetMaxOpenConns(1)
	for _, text := range []string{transaction, "SELECT count(*) FROM extensions"} {
		if _, err := other.ExecContext(t.Context(), text); err != nil {
			t.Fatal(err)
		}
	}
	return func() { other.Close() }
}

func TestCloseHasADeadline(t *testing.T) {
	for name, transaction := range map[string]string{"locked": "BEGIN IMMEDIATE", "read": "BEGIN"} {
		writers := map[string]int{"locked": 200}[name]
		t.Run(name, func(t *testing.T) {
			f := newFile(t)
			s, err := store.Open(t.Context(), store.Config{URL: f.path})
			if err != nil {
				t.Fatal(err)
			}
			held(t, f.path, transaction)
			if transaction == "BEGIN" { // its snapshot keeps the log from being emptied
				if err := claimKey(t.Context(), s, "newer"); err != nil {
					t.Fatal(err)
				}
			}
			results := make(chan error, writers)
			for number := range writers {
				go func() { results <- claimKey(context.Background(), s, fmt.Sprint("key ", number)) }()
			}
			ctx, cancel := context.WithTimeout(t.Context(), impatience)
			defer cancel()
			err = isBounded(t, "Close", impatience+2*time.Second, func() error { return s.Close(ctx) })
			if err == nil || !strings.Contains(err.Error(), "log into the file: another process is in the way") {
				t.Errorf("what was not taken into the file was told as %v", err)
			}
			for range writers {
				if err := <-results; err == nil {
					t.Error("a write got through a lock")
				}
			}
			if err := claimKey(t.Context(), s, "late"); !errors.Is(err, store.ErrClosed) {
				t.Errorf("a write after Close: %v", err)
			}
		})
	}
}

// A server that stands still never says goodbye, on any of the connections.
func TestCloseOfASilentServer(t *testing.T) {
	g := newGate(t, storetest.NewPostgres(t))
	s, err := store.Open(t.Context(), store.Config{URL: g.address.String()})
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	for number := range 50 { // many connections
		all.Go(func() {
			if err := claimKey(t.Context(), s, fmt.Sprint("key ", number)); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	g.shut.Store(true)
	ctx, cancel := context.WithTimeout(t.Context(), impatience)
	defer cancel()
	_ = isBounded(t, "Close", promptly, func() error { return s.Close(ctx) })
}
