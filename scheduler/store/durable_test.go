package store

import (
	"context"
	"encoding/binary"
	"fmt"
	"os"
	"testing"
	"time"
)

func stored(ctx context.Context, s *Store, id string) error {
	_, err := s.Inbox.StoreEnvelope(ctx, Envelope{ID: id, Type: "slash_commands"}, "one", time.Minute)
	return err
}

// commits counts the transactions in the write-ahead log, which stays short enough here not to be taken into the file.
// https://sqlite.org/fileformat2.html#walformat
func commits(t *testing.T, path string) (count int) {
	t.Helper()
	log, err := os.ReadFile(path + "-wal")
	if err != nil {
		t.Fatal(err)
	}
	const header, frameHeader = 32, 24
	if len(log) < header {
		return 0
	}
	frame := frameHeader + int(binary.BigEndian.Uint32(log[8:])) // the size of a page
	for at := header; at+frame <= len(log); at += frame {
		if binary.BigEndian.Uint32(log[at+4:]) != 0 { // the size of the database after a commit
			count++
		}
	}
	return count
}

// Who waits together shares a commit.
func TestWritesShareACommit(t *testing.T) {
	s, w, path := opened(t)
	if err := stored(t.Context(), s, "first"); err != nil {
		t.Fatal(err)
	}
	before := commits(t, path)
	var writes []func(context.Context, session) error
	for at := range 20 {
		writes = append(writes, insertion(fmt.Sprint("key ", at), nil))
	}
	for at, err := range grouped(t, w, nil, writes...) {
		if err != nil {
			t.Errorf("write %d: %v", at, err)
		}
	}
	if got := commits(t, path) - before; got != 1 {
		t.Errorf("%d commits", got)
	}
	if got := keys(t, s); len(got) != 20 {
		t.Errorf("%d are stored", len(got))
	}
}

// Who looks for what is left to do, and finds nothing, does not keep the disk busy.
func TestNothingIsForcedToDiskForNothing(t *testing.T) {
	s, _, path := opened(t)
	looks := func() {
		t.Helper()
		if err := s.Ping(t.Context()); err != nil { // which writes now and then
			t.Fatal(err)
		}
		before := commits(t, path)
		if _, err := s.Inbox.TakeEnvelopes(t.Context(), "one", time.Minute, 10); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Ledger.Owed(t.Context(), time.Minute, 10); err != nil {
			t.Fatal(err)
		}
		if err := s.Ping(t.Context()); err != nil || commits(t, path) != before {
			t.Errorf("%v, written to disk %d times", err, commits(t, path)-before)
		}
	}
	looks()
	for at := range 3 {
		before := commits(t, path)
		if err := stored(t.Context(), s, fmt.Sprint("one ", at)); err != nil || commits(t, path) != before+1 {
			t.Errorf("%v, written to disk %d times", err, commits(t, path)-before)
		}
		looks()
	}
}
