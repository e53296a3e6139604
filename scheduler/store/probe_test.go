package store_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/scheduler/store"
	"github.com/overtime-bot/overtime/scheduler/storetest"
)

// Ready is who can write. A disk that is full lets everything be read, and whatever changes nothing be done.
func TestPingOfAFullDisk(t *testing.T) {
	folder := t.TempDir()
	mounts(t, folder, 0, "size=2m")
	path, filler := filepath.Join(folder, "overtime.db"), filepath.Join(folder, "filler")
	s, err := store.Open(t.Context(), store.Config{URL: path})
	succeeds(t, err)
	defer s.Close(t.Context())
	for round := range 2 {
		succeeds(t, s.Ping(t.Context()))
		succeeds(t, s.Tend(t.Context()))
		succeeds(t, claimKey(t.Context(), s, "before "+string(rune('a'+round))))
		_ = os.WriteFile(filler, make([]byte, 4<<20), 0o600)
		if round == 0 { // where nobody writes
			until(t, "a full disk is noticed", func() bool { return s.Ping(t.Context()) != nil })
		}
		for _, err := range []error{claimKey(t.Context(), s, "full"), s.Ping(t.Context())} {
			if err == nil || !strings.Contains(err.Error(), "the disk is full") || !strings.Contains(err.Error(), path) {
				t.Errorf("a full disk: %v", err)
			}
		}
		succeeds(t, os.Remove(filler))
	}
	succeeds(t, s.Ping(t.Context()))
}

// until waits for what the store notes within seconds.
func until(t *testing.T, what string, done func() bool) {
	t.Helper()
	for begun := time.Now(); !done(); time.Sleep(50 * time.Millisecond) {
		if time.Since(begun) > soon {
			t.Fatalf("after %v: %s", soon, what)
		}
	}
}

// A server that can be read and takes no writes is not ready.
func TestPingWritesToPostgres(t *testing.T) {
	server := newServer(t, storetest.StartPostgres(t), "probe")
	s := server.Open(t)
	succeeds(t, s.Ping(t.Context()))
	for _, text := range []string{
		"CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE disk_full; END'",
		"CREATE TRIGGER full_disk BEFORE INSERT OR UPDATE ON probe EXECUTE FUNCTION full_disk()",
	} {
		_, err := server.db.ExecContext(t.Context(), text)
		succeeds(t, err)
	}
	until(t, "a full disk is noticed", func() bool { return s.Ping(t.Context()) != nil })
	_, err := server.db.ExecContext(t.Context(), "DROP TRIGGER full_disk ON probe")
	succeeds(t, err)
	succeeds(t, s.Ping(t.Context()))
}
