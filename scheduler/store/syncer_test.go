package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/scheduler"
)

func stored(ctx context.Context, s *Store, id string) error {
	_, err := await(s.StoreEnvelope(ctx, Envelope{ID: id, Type: "slash_commands"}, "one", time.Minute))
	return err
}

func envelopes(t *testing.T, s *Store) map[string]bool {
	t.Helper()
	found := map[string]bool{}
	rows, err := s.database.read().rows(t.Context(), "SELECT id FROM envelopes")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			t.Fatal(err)
		}
		found[id] = true
	}
	return found
}

// Nobody is told that a write is stored before it is on disk, and meanwhile the next writes are carried out.
func TestNobodyIsToldBeforeTheDisk(t *testing.T) {
	s, w, path := opened(t)
	syncing, goOn := make(chan struct{}, 10), make(chan struct{})
	var synced atomic.Int32
	w.syncer.sync = func() error {
		syncing <- struct{}{}
		<-goOn
		defer synced.Add(1)
		return syncFile(path + "-wal")
	}
	var told sync.WaitGroup
	told.Go(func() {
		if err := stored(t.Context(), s, "first"); err != nil || synced.Load() < 1 {
			t.Errorf("told %v after %d syncs", err, synced.Load())
		}
	})
	<-syncing
	for at := range 3 {
		told.Go(func() {
			if err := stored(t.Context(), s, fmt.Sprint("second ", at)); err != nil || synced.Load() < 2 {
				t.Errorf("told %v after %d syncs", err, synced.Load())
			}
		})
	}
	for len(w.queue) > 0 {
		runtime.Gosched()
	}
	close(goOn)
	told.Wait()
	if got := len(envelopes(t, s)); got != 4 {
		t.Errorf("%d are stored", got)
	}
}

// A claim is only worth something once it is aimed: it does not wait for the disk, and the aim waits for both.
func TestAClaimIsOnDiskWithItsAim(t *testing.T) {
	s, w, path := opened(t)
	goOn := make(chan struct{})
	var synced atomic.Int32
	w.syncer.sync = func() error {
		<-goOn
		defer synced.Add(1)
		return syncFile(path + "-wal")
	}
	row, err := await(s.Claim(t.Context(), scheduler.Extension{Key: "e1", Run: "r1", Minutes: 15}, scheduler.Limits{}, time.Minute))
	if err != nil || synced.Load() != 0 || !keys(t, s)["e1"] {
		t.Fatalf("claimed %v after %d syncs", err, synced.Load())
	}
	aimed := make(chan error)
	go func() { aimed <- s.Aim(t.Context(), row.ID, time.Unix(1e9, 0), time.Unix(1e9+900, 0), time.Minute) }()
	for len(w.queue) > 0 {
		runtime.Gosched()
	}
	close(goOn)
	if err := <-aimed; err != nil || synced.Load() < 2 {
		t.Errorf("aimed %v after %d syncs", err, synced.Load())
	}
	if moved, err := s.Move(t.Context(), row.ID, scheduler.Sent, scheduler.Confirmed, scheduler.Ending{}); err != nil || moved.State != scheduler.Confirmed {
		t.Errorf("moved %v, %v", moved.State, err)
	}
}

// What was decided is known before it is on disk, and written says when it is, or that it never will be.
func TestDecidedBeforeTheDisk(t *testing.T) {
	s, w, path := opened(t)
	goOn := make(chan error)
	w.syncer.sync = func() error {
		if err := <-goOn; err != nil {
			return err
		}
		return syncFile(path + "-wal")
	}
	for _, trouble := range []error{nil, errors.New("disk full")} {
		fresh, written, err := s.StoreEnvelope(t.Context(), Envelope{ID: fmt.Sprint(trouble), Type: "slash_commands"}, "one", time.Minute)
		if err != nil || !fresh {
			t.Fatalf("decided %v, %v", fresh, err)
		}
		told := make(chan error)
		go func() { told <- written() }()
		select {
		case err := <-told:
			t.Errorf("told %v before the disk", err)
		case goOn <- trouble:
		}
		if err := <-told; !errors.Is(err, trouble) {
			t.Errorf("told %v, want %v", err, trouble)
		}
	}
}

// After a failure of the disk nobody is told that their write is stored, and nothing is committed behind what may be
// lost until the log was taken into the file.
func TestDiskThatFails(t *testing.T) {
	s, w, path := opened(t)
	for at := range 20 {
		if err := stored(t.Context(), s, fmt.Sprint("before ", at)); err != nil {
			t.Fatal(err)
		}
	}
	if got := len(envelopes(t, s)); got != 20 { // which opens a reader: the last connection to close empties the log by itself
		t.Fatalf("%d are stored", got)
	}
	long := sizeOf(t, path+"-wal")
	broken := errors.New("input/output error")
	w.syncer.sync = func() error { return broken }
	if err := stored(t.Context(), s, "lost"); !errors.Is(err, broken) {
		t.Errorf("a write that did not reach the disk: %v", err)
	}
	if err := stored(t.Context(), s, "behind it"); !errors.Is(err, broken) {
		t.Errorf("a write behind it: %v", err)
	}
	w.syncer.sync = func() error { return syncFile(path + "-wal") }
	if err := stored(t.Context(), s, "afterwards"); err != nil {
		t.Fatalf("the disk works again, but: %v", err)
	}
	if size := sizeOf(t, path+"-wal"); size >= long { // it holds what came afterwards alone
		t.Errorf("the log was not taken into the file: it had %d bytes and has %d", long, size)
	}
	if found := envelopes(t, s); !found["before 0"] || !found["afterwards"] || found["behind it"] {
		t.Errorf("stored: %v", found)
	}
}

// Who looks for what is left to do, and finds nothing, does not keep the disk busy.
func TestNothingIsForcedToDiskForNothing(t *testing.T) {
	s, w, path := opened(t)
	var syncs atomic.Int32
	w.syncer.sync = func() error {
		syncs.Add(1)
		return syncFile(path + "-wal")
	}
	looks := func() {
		t.Helper()
		if _, err := s.TakeEnvelopes(t.Context(), "one", time.Minute, 10); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Owed(t.Context(), time.Minute, 10); err != nil {
			t.Fatal(err)
		}
	}
	looks()
	if err := s.Ping(t.Context()); err != nil || syncs.Load() != 0 {
		t.Errorf("%v, forced to disk %d times", err, syncs.Load())
	}
	for count := range int32(3) {
		if err := stored(t.Context(), s, fmt.Sprint("one ", count)); err != nil || syncs.Load() != count+1 {
			t.Errorf("%v, forced to disk %d times after %d writes", err, syncs.Load(), count+1)
		}
		looks()
	}
}

func sizeOf(t *testing.T, path string) int64 {
	t.Helper()
	file, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	return file.Size()
}

func TestSyncOfWhatIsNotThere(t *testing.T) {
	if err := syncFile(filepath.Join(t.TempDir(), "none-wal")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("got %v", err)
	}
}
