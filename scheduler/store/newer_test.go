package store_test

import (
	"database/sql"
	"strings"
	"testing"

	"github.com/overtime-bot/overtime/scheduler/store"
	"github.com/overtime-bot/overtime/scheduler/storetest"
)

// A schema that a newer version has made is refused, however much newer it is, and stays as it is.
func refusesNewer(t *testing.T, url string, db *sql.DB) {
	t.Helper()
	tell := func() (version int) {
		if err := db.QueryRow("SELECT max(version_id) FROM goose_db_version").Scan(&version); err != nil {
			t.Fatal(err)
		}
		return version
	}
	known := tell()
	for _, newer := range []int{known + 1, known + 100} {
		if _, err := db.Exec("INSERT INTO goose_db_version (version_id, is_applied) VALUES ($1, $2)", newer, true); err != nil {
			t.Fatal(err)
		}
		s, err := store.Open(t.Context(), store.Config{URL: url})
		if err == nil {
			_ = s.Close(t.Context())
			t.Fatalf("version %d was opened", newer)
		}
		if !strings.Contains(err.Error(), "newer version") || !strings.Contains(err.Error(), "restore") {
			t.Errorf("version %d is refused with %v", newer, err)
		}
		if got := tell(); got != newer {
			t.Errorf("version %d has become %d", newer, got)
		}
	}
}

func TestNewerSQLiteIsRefused(t *testing.T) {
	f := newFile(t)
	f.open(t)
	db, err := sql.Open("sqlite", f.path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	refusesNewer(t, f.path, db)
}

func TestNewerPostgresIsRefused(t *testing.T) {
	s := newServer(t, storetest.StartPostgres(t), "newer")
	s.Open(t)
	refusesNewer(t, s.url.String(), s.db)
}
