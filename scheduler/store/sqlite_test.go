package store_test

import (
	"context"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/scheduler/store"
	"github.com/overtime-bot/overtime/scheduler/storetest"
)

// file is an SQLite database whose clock stands still unless it is moved.
type file struct {
	path string
	now  atomic.Int64 // Unix milliseconds
}

func newFile(t *testing.T) *file {
	f := &file{path: filepath.Join(t.TempDir(), "overtime.db")}
	f.now.Store(time.Date(2026, 3, 1, 14, 0, 0, 123e6, time.UTC).UnixMilli())
	return f
}

func (f *file) Open(t *testing.T) *store.Store { return f.open(t) }

func (f *file) URL() string { return f.path }

func (f *file) open(t *testing.T) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), store.Config{
		URL: f.path,
		Now: func() time.Time { return time.UnixMilli(f.now.Load()) },
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return s
}

func (f *file) Advance(_ *testing.T, by time.Duration) { f.now.Add(by.Milliseconds()) }

func TestSQLiteKeepsTheContract(t *testing.T) {
	storetest.Run(t, func(t *testing.T) storetest.Database { return newFile(t) })
}
