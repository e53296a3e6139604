package store_test

import (
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/scheduler/store"
	"github.com/overtime-bot/overtime/scheduler/storetest"
)

// filesOf tells what is in a folder, and when it was written.
func filesOf(t *testing.T, folder string) string {
	t.Helper()
	entries, err := os.ReadDir(folder)
	succeeds(t, err)
	var all strings.Builder
	for _, entry := range entries {
		info, err := entry.Info()
		succeeds(t, err)
		fmt.Fprintln(&all, entry.Name(), info.Size(), info.ModTime())
	}
	return all.String()
}

// Inspect tells what there is, before the first start, after it and beside a bot, and leaves no trace.
func TestInspectChangesNothing(t *testing.T) {
	folder := t.TempDir()
	config := store.Config{URL: filepath.Join(folder, "overtime.db")}
	inspect := func() store.Inspection {
		t.Helper()
		before := filesOf(t, folder)
		found, err := store.Inspect(t.Context(), config)
		if err != nil {
			t.Fatal(err)
		}
		if after := filesOf(t, folder); after != before {
			t.Errorf("it changed\n%s to\n%s", before, after)
		}
		return found
	}
	if found := inspect(); !found.Missing || found.Where != config.URL || found.Free <= 0 || found.Known < 23 {
		t.Errorf("before the first start: %+v", found)
	}
	s, err := store.Open(t.Context(), config)
	succeeds(t, err)
	if _, err := s.Automation.Lease(t.Context(), "tick", "a replica", time.Minute); err != nil {
		t.Fatal(err)
	}
	if found := inspect(); found.Missing || found.Schema != found.Known || len(found.InUse) != 1 || found.Mode.Perm() != 0o600 || found.Owner == "" {
		t.Errorf("beside a bot: %+v", found)
	}
	succeeds(t, s.Automation.ReleaseLease(t.Context(), "tick", "a replica"))
	succeeds(t, s.Close(t.Context()))
	if found := inspect(); found.Missing || found.Schema != found.Known || len(found.InUse) != 0 {
		t.Errorf("after a bot: %+v", found)
	}
}

// A file with the tables of another program was named by mistake. Neither Open nor Inspect touches it.
func TestAnotherProgramsDatabase(t *testing.T) {
	for name, statements := range map[string]string{
		"without versions": "CREATE TABLE notes (text TEXT)",
		"with versions":    "CREATE TABLE notes (text TEXT); CREATE TABLE goose_db_version (id INTEGER, version_id INTEGER, is_applied INTEGER, tstamp TEXT)",
	} {
		path := filepath.Join(t.TempDir(), "notes.db")
		db, err := sql.Open("sqlite", path)
		succeeds(t, err)
		_, err = db.ExecContext(t.Context(), statements)
		succeeds(t, errors.Join(err, db.Close()))
		_, opened := store.Open(t.Context(), store.Config{URL: path})
		_, inspected := store.Inspect(t.Context(), store.Config{URL: path})
		for _, err := range []error{opened, inspected} {
			if err == nil || !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), "another program: move it away") {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}

// A file whose pages are not what they should be is found, though it opens.
func TestInspectFindsDamage(t *testing.T) {
	path := filepath.Join(t.TempDir(), "overtime.db")
	s, err := store.Open(t.Context(), store.Config{URL: path})
	succeeds(t, err)
	succeeds(t, s.Close(t.Context()))
	file, err := os.OpenFile(path, os.O_WRONLY, 0)
	succeeds(t, err)
	defer file.Close()
	info, err := file.Stat()
	succeeds(t, err)
	_, err = file.WriteAt(make([]byte, info.Size()-3*4096), 3*4096)
	succeeds(t, err)
	if _, err := store.Inspect(t.Context(), store.Config{URL: path}); err == nil || !strings.Contains(err.Error(), "damaged; restore a backup") {
		t.Error(err)
	}
}

// What is wrong with a server is told with the variable and what to do, by Open and by Inspect.
func TestPostgresTroublesInWords(t *testing.T) {
	at := storetest.NewPostgres(t)
	missing := at.URL()
	missing.Path = "/missing"
	gone := at.URL()
	gone.RawQuery = "host=" + t.TempDir() + "&user=postgres"
	nobodyThere := at.URL()
	nobodyThere.RawQuery = strings.Replace(nobodyThere.RawQuery, "user=postgres", "user=stranger", 1)
	statements := storetest.StartPgBouncer(t, at, 2, "pool_mode = statement")
	standBy := newServer(t, at.URL(), "standby")
	if _, err := standBy.db.ExecContext(t.Context(), "ALTER DATABASE standby SET default_transaction_read_only = on"); err != nil {
		t.Fatal(err)
	}
	asked := at.URL()
	asked.RawQuery = strings.Replace(asked.RawQuery, "user=postgres", "user="+storetest.AskedUser+"&password=x", 1)
	for address, wanted := range map[string]string{
		standBy.url.String(): "name the server that takes writes",
		asked.String():       "password authentication failed",
		missing.String():     "create the database",
		gone.String():        "start the server, or put the host and the port right",
		nobodyThere.String(): "put the user and the password right",
		statements.String():  "pool_mode = transaction or session",
	} {
		_, opened := store.Open(t.Context(), store.Config{URL: address})
		_, inspected := store.Inspect(t.Context(), store.Config{URL: address})
		for _, err := range []error{opened, inspected} {
			if err == nil || !strings.Contains(err.Error(), "DATABASE_URL: ") || !strings.Contains(err.Error(), wanted) || strings.Contains(err.Error(), "\n") {
				t.Errorf("it does not say %q: %v", wanted, err)
			}
		}
	}
}

// Behind a pooler of transactions a database is used and inspected as any other, and Inspect says that there is one.
func TestInspectPostgres(t *testing.T) {
	at := storetest.NewPostgres(t)
	pooled := storetest.StartPgBouncer(t, at, 2)
	for _, address := range []string{at.URL().String(), pooled.String()} {
		found, err := store.Inspect(t.Context(), store.Config{URL: address})
		if err != nil || !found.Missing || found.Pooled != (address == pooled.String()) || !strings.HasPrefix(found.Server, "Postgres 1") {
			t.Errorf("before the first start: %+v %v", found, err)
		}
	}
	s := openPostgres(t, at.URL())
	if _, err := s.Automation.Lease(t.Context(), "tick", "a replica", time.Minute); err != nil {
		t.Fatal(err)
	}
	for _, address := range []string{at.URL().String(), pooled.String()} {
		found, err := store.Inspect(t.Context(), store.Config{URL: address})
		if err != nil || found.Missing || found.Schema != found.Known || len(found.InUse) != 1 {
			t.Errorf("beside a bot: %+v %v", found, err)
		}
	}
}
