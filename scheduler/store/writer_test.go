package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/scheduler/extension"
	sqlite3 "modernc.org/sqlite/lib"
)

// opened is a Store with a look inside, on a file that others can open, too.
func opened(t *testing.T) (*Store, *writer, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "overtime.db")
	s, err := Open(t.Context(), Config{URL: path})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return s, s.database.(*probed).database.(*sqliteDatabase).writer, path
}

func claimed(ctx context.Context, s *Store, key string) error {
	_, err := s.Ledger.Claim(ctx, extension.Extension{Key: key, Run: key, Minutes: 15}, extension.Limits{}, time.Minute)
	return err
}

func keys(t *testing.T, s *Store) map[string]bool {
	t.Helper()
	rows, err := s.History.Extensions(t.Context(), "", 1000)
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]bool{}
	for _, row := range rows {
		found[row.Key] = true
	}
	return found
}

// set changes the writer's connection, as trouble of the disk would.
func set(t *testing.T, s *Store, pragma string) {
	t.Helper()
	err := s.database.write(t.Context(), several, func(ctx context.Context, tx session) error {
		_, err := all(ctx, tx, scanValue[string], "PRAGMA "+pragma)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// holdLock is another process that holds the write lock until release is called.
func holdLock(t *testing.T, path string) (release func()) {
	t.Helper()
	other, err := openPool(path, "rw", 1)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { other.Close() })
	tx, err := other.Begin() // immediate
	if err != nil {
		t.Fatal(err)
	}
	return func() {
		if err := tx.Rollback(); err != nil {
			t.Error(err)
		}
	}
}

// grouped queues writes behind one that waits for them, and returns what they and the first one got.
func grouped(t *testing.T, w *writer, first error, writes ...func(context.Context, session) error) []error {
	t.Helper()
	return groupedAs(t, w, several, first, writes...)
}

func groupedAs(t *testing.T, w *writer, how manner, first error, writes ...func(context.Context, session) error) []error {
	t.Helper()
	results := make([]error, len(writes)+1)
	begun := make(chan struct{})
	queued := make(chan struct{})
	var all sync.WaitGroup
	all.Go(func() {
		results[0] = w.write(t.Context(), several, func(context.Context, session) error {
			close(begun)
			<-queued
			return first
		})
	})
	<-begun
	for at, write := range writes {
		all.Go(func() { results[at+1] = w.write(t.Context(), how, write) })
		for len(w.queue) <= at {
			runtime.Gosched() // it is on its way into the queue
		}
	}
	close(queued)
	all.Wait()
	return results
}

func insertion(key string, then error) func(context.Context, session) error {
	return func(ctx context.Context, tx session) error {
		_, err := insert(ctx, tx, extension.Extension{Key: key, Run: key}, tally{attempt: 1, now: tx.now}, time.Minute)
		return errors.Join(err, then)
	}
}

func TestOneThatFailsDoesNotSpoilItsGroup(t *testing.T) {
	s, w, _ := opened(t)
	wrong := errors.New("wrong")
	results := grouped(t, w, wrong, insertion("a", nil), insertion("b", wrong), insertion("c", nil),
		insertion("c", nil), insertion("d", nil))
	failed := 0
	for at, err := range results[1:] {
		switch {
		case at == 1 && !errors.Is(err, wrong):
			t.Errorf("b got %v", err)
		case at != 1 && err != nil:
			failed++
			if !isCode(err, sqlite3.SQLITE_CONSTRAINT) {
				t.Errorf("write %d got %v", at, err)
			}
		}
	}
	if failed != 1 || !errors.Is(results[0], wrong) {
		t.Errorf("results: %v", results)
	}
	if got := fmt.Sprint(keys(t, s)); got != "map[a:true c:true d:true]" {
		t.Errorf("stored: %v", got)
	}
}

// One statement fails alone without a savepoint; after any error but a constraint's the whole group is told.
func TestOneStatementThatFails(t *testing.T) {
	s, w, _ := opened(t)
	results := groupedAs(t, w, single, nil, insertion("a", nil), insertion("c", nil), insertion("c", nil), insertion("d", nil))
	failed := 0
	for _, err := range results {
		if err != nil {
			failed++
			if !isCode(err, sqlite3.SQLITE_CONSTRAINT) {
				t.Errorf("got %v", err)
			}
		}
	}
	if got := fmt.Sprint(keys(t, s)); failed != 1 || got != "map[a:true c:true d:true]" {
		t.Errorf("stored: %v, %v", got, results)
	}
	broken := func(ctx context.Context, tx session) error {
		_, err := tx.exec(ctx, "INSERT INTO nowhere VALUES (1)")
		return err
	}
	for at, err := range groupedAs(t, w, single, nil, insertion("e", nil), broken)[1:] {
		if err == nil {
			t.Errorf("write %d was told that it was stored", at)
		}
	}
	if got := keys(t, s); got["e"] {
		t.Error("a write of a lost transaction was stored")
	}
	if err := claimed(t.Context(), s, "afterwards"); err != nil {
		t.Errorf("the store did not recover: %v", err)
	}
}

func TestAllFailWithTheirTransaction(t *testing.T) {
	s, w, _ := opened(t)
	lost := func(ctx context.Context, tx session) error { // as after an error of the disk
		_, err := tx.exec(ctx, "ROLLBACK")
		return err
	}
	results := grouped(t, w, nil, insertion("before", nil), lost, insertion("after", nil))
	for at, err := range results[:3] {
		if err == nil {
			t.Errorf("write %d was lost with its transaction, and was told that it was stored", at)
		}
	}
	if results[3] != nil {
		t.Errorf("the next transaction: %v", results[3])
	}
	if got := fmt.Sprint(keys(t, s)); got != "map[after:true]" {
		t.Errorf("stored: %v", got)
	}
}

func TestAllFailWithTheirCommit(t *testing.T) {
	s, w, _ := opened(t)
	broken := func(ctx context.Context, tx session) error { // found by COMMIT alone
		for _, text := range []string{
			"CREATE TABLE child (id INTEGER PRIMARY KEY, of INTEGER REFERENCES envelopes (seq) DEFERRABLE INITIALLY DEFERRED)",
			"INSERT INTO child (of) VALUES (1)",
		} {
			if _, err := tx.exec(ctx, text); err != nil {
				return err
			}
		}
		return nil
	}
	for at, err := range grouped(t, w, nil, insertion("before", nil), broken, insertion("after", nil)) {
		if !isCode(err, sqlite3.SQLITE_CONSTRAINT) {
			t.Errorf("write %d of a commit that failed got %v", at, err)
		}
	}
	if got := keys(t, s); len(got) != 0 {
		t.Errorf("stored: %v", got)
	}
	if err := claimed(t.Context(), s, "afterwards"); err != nil {
		t.Errorf("the store did not recover: %v", err)
	}
}

func TestLockedByAnotherProcess(t *testing.T) {
	s, w, path := opened(t)
	w.tries = 10
	release := holdLock(t, path)
	err := claimed(t.Context(), s, "locked")
	if !isCode(err, sqlite3.SQLITE_BUSY) {
		t.Errorf("a locked database: %v", err)
	}
	if got := err.Error(); got[:len("claim extension: ")] != "claim extension: " {
		t.Errorf("the error does not say what was being done: %v", got)
	}
	if err := s.Ping(t.Context()); !isCode(err, sqlite3.SQLITE_BUSY) {
		t.Errorf("ping of a locked database: %v", err)
	}
	if _, err := s.History.Extensions(t.Context(), "", 1); err != nil {
		t.Errorf("a lock keeps readers out: %v", err)
	}
	release()
	if err := claimed(t.Context(), s, "free again"); err != nil {
		t.Errorf("the lock is gone, but: %v", err)
	}
	if stored := keys(t, s); stored["locked"] {
		t.Error("what failed was written")
	}
}

func TestCallerThatGivesUpHasWrittenNothing(t *testing.T) {
	s, w, path := opened(t)
	release := holdLock(t, path)
	ctx, cancel := context.WithCancel(t.Context())
	results := make(chan error)
	for range 2 {
		go func() { results <- claimed(ctx, s, "given up") }()
	}
	for len(w.queue) != 1 { // the other one waits for the lock
		runtime.Gosched()
	}
	cancel()
	for range 2 {
		if err := <-results; !errors.Is(err, context.Canceled) {
			t.Errorf("gave up with %v", err)
		}
	}
	release()
	if err := claimed(t.Context(), s, "patient"); err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(keys(t, s)); got != "map[patient:true]" {
		t.Errorf("stored: %v", got)
	}
}

func TestFullDisk(t *testing.T) {
	s, _, _ := opened(t)
	set(t, s, "max_page_count = 1") // as many as there are
	var err error
	var stored []string
	for number := 0; err == nil && number < 10000; number++ {
		key := fmt.Sprint("key ", number)
		if err = claimed(t.Context(), s, key); err == nil {
			stored = append(stored, key)
		}
	}
	if !isCode(err, sqlite3.SQLITE_FULL) {
		t.Fatalf("a full disk: %v", err)
	}
	set(t, s, "max_page_count = 4294967294")
	if err := claimed(t.Context(), s, "room again"); err != nil {
		t.Errorf("there is room again, but: %v", err)
	}
	found := keys(t, s)
	for _, key := range append(stored, "room again") {
		if !found[key] {
			t.Errorf("%s was lost", key)
		}
	}
}

// Again and again, since a write that follows at once must not get the error of the one before.
func TestReadOnlyDatabase(t *testing.T) {
	s, _, _ := opened(t)
	for number := range 100 {
		set(t, s, "query_only = on")
		if err := claimed(t.Context(), s, "read-only"); !isCode(err, sqlite3.SQLITE_READONLY) {
			t.Errorf("a read-only database: %v", err)
		}
		set(t, s, "query_only = off")
		if err := claimed(t.Context(), s, fmt.Sprint("writable again ", number)); err != nil {
			t.Errorf("it can be written again, but: %v", err)
		}
	}
}

func TestEveryConnectionIsSetUp(t *testing.T) {
	s, _, _ := opened(t)
	d := s.database.(*probed).database.(*sqliteDatabase)
	ask := func(db *sql.DB, pragma string) (answer string) {
		if err := db.QueryRow("PRAGMA " + pragma).Scan(&answer); err != nil {
			t.Errorf("%s: %v", pragma, err)
		}
		return answer
	}
	for pragma, want := range map[string]string{
		"journal_mode": "wal", "synchronous": "2", "busy_timeout": "5000", "foreign_keys": "1", "secure_delete": "1",
	} {
		if got := ask(d.writing, pragma); got != want {
			t.Errorf("%s of the writer is %s, want %s", pragma, got, want)
		}
	}
	if _, err := d.reading.Exec("DELETE FROM extensions"); !isCode(err, sqlite3.SQLITE_READONLY) {
		t.Errorf("a reader wrote: %v", err)
	}
}

// A process that writes all the time lets another on the same file have its turn.
func TestABusyWriterLetsAnotherIn(t *testing.T) {
	busy, _, path := opened(t)
	other, err := Open(t.Context(), Config{URL: path})
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close(context.Background())
	if err := claimed(t.Context(), busy, "held"); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	var writing sync.WaitGroup
	defer writing.Wait()
	defer stop()
	for range 8 {
		writing.Go(func() {
			for ctx.Err() == nil {
				_ = claimed(ctx, busy, "held") // it is taken, each time
			}
		})
	}
	for at := range 200 {
		if err := claimed(t.Context(), other, fmt.Sprint("other ", at)); err != nil {
			t.Fatal(err)
		}
	}
}
