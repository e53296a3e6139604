package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/overtime-bot/overtime/scheduler/store"
)

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// While its file is gone the bot extends nothing, says so, and is not ready. Put back, it works again, and what was
// counted against the limits still counts.
func TestDatabaseFileIsTakenAway(t *testing.T) {
	p := newPlay(t, "MAX_TOTAL_MINUTES=40", "AUTO_EXTEND=off")
	path := filepath.Join(p.directory, "overtime.db")
	reasons := func() string {
		return strings.Join(p.program.health.readiness(t.Context()).Reasons, "; ")
	}
	wantContains(t, p.types(demoAlice, "/extend 914083136 30"), "✅ Extended by 30 minutes")
	if said := reasons(); strings.Contains(said, "database") {
		t.Errorf("a database that works: %s", said)
	}
	must(t, os.Rename(path, path+".away"))
	wantContains(t, p.types(demoAlice, "/extend 914083136 15"), "⚠️ I can't")
	wantContains(t, reasons(), "the database cannot be used", path, "removed or replaced")
	must(t, os.WriteFile(path, nil, 0o600))
	wantContains(t, p.types(demoAlice, "/extend 914083136 15"), "⚠️ I can't")
	if n := len(p.meetings.Effects("914083136")); n != 1 {
		t.Errorf("%d effects, want 1", n)
	}
	must(t, os.Rename(path+".away", path))
	wantContains(t, p.types(demoAlice, "/extend 914083136 15"), "can only get 10 more minutes (limit: 40)")
	wantContains(t, p.types(demoAlice, "/extend 914083136 10"), "✅ Extended by 10 minutes")
	if said := reasons(); strings.Contains(said, "database") {
		t.Errorf("a database that works again: %s", said)
	}
}

// A copy of the file alone is a backup once the bot was told to stop.
func TestStoppedBotLeavesOneFile(t *testing.T) {
	p := newPlay(t)
	wantContains(t, p.types(demoAlice, "/extend 914083136 30"), "✅ Extended by 30 minutes")
	must(t, p.stop())
	path := filepath.Join(p.directory, "overtime.db")
	if left, _ := filepath.Glob(path + "-*"); len(left) > 0 {
		t.Errorf("beside the file: %v", left)
	}
	content, err := os.ReadFile(path)
	must(t, err)
	backup := filepath.Join(t.TempDir(), "backup.db")
	must(t, os.WriteFile(backup, content, 0o600))
	opened, err := store.Open(t.Context(), store.Config{URL: backup})
	must(t, err)
	defer opened.Close(context.Background())
	rows, err := opened.History.Extensions(t.Context(), "914083136", 10)
	if err != nil || len(rows) != 1 {
		t.Errorf("%d rows, %v", len(rows), err)
	}
}

func TestTheLogTellsOfTheFileOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "overtime.db")
		opened, err := store.Open(t.Context(), store.Config{URL: path})
		must(t, err)
		defer func() { must(t, opened.Close(context.Background())) }()
		log := &safeBuffer{}
		logger := newLogger(LogConfig{}, log)
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan struct{})
		go func() { defer close(ended); tend(ctx, opened, logger) }()
		defer func() { stop(); <-ended }()
		lines := func(part string, want int) {
			t.Helper()
			time.Sleep(35 * time.Second)
			if got := strings.Count(log.String(), part); got != want {
				t.Errorf("%q is there %d times, want %d:\n%s", part, got, want, log)
			}
		}
		lines("", 1)
		for round := range 2 {
			must(t, os.Rename(path, path+".away"))
			lines("removed or replaced", round+1)
			must(t, os.Rename(path+".away", path))
			lines("can be used again", round+1)
		}
	})
}
