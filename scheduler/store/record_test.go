package store_test

import (
	"context"
	"database/sql"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/scheduler/extension"
	"github.com/overtime-bot/overtime/scheduler/store"
	"github.com/overtime-bot/overtime/scheduler/storetest"
)

// otherVersions: a record of another version of the schema is refused with what to do, and the schema stays as it is.
func otherVersions(t *testing.T, url string, db *sql.DB) {
	t.Helper()
	var known int
	if err := db.QueryRow("SELECT max(version_id) FROM goose_db_version").Scan(&known); err != nil {
		t.Fatal(err)
	}
	refused := func(says string) {
		t.Helper()
		record, err := store.OpenRecord(t.Context(), store.Config{URL: url})
		if err == nil {
			_ = record.Close()
		}
		name := url
		if store.IsPostgres(url) {
			name = "DATABASE_URL: "
		}
		if err == nil || !strings.Contains(err.Error(), says) || !strings.Contains(err.Error(), name) {
			t.Errorf("it says %v, and not %q with %q", err, says, name)
		}
	}
	execute := func(text string, args ...any) {
		t.Helper()
		if _, err := db.Exec(text, args...); err != nil {
			t.Fatal(err)
		}
	}
	execute("INSERT INTO goose_db_version (version_id, is_applied) VALUES ($1, $2)", known+1, true)
	refused("start the newer version")
	execute("DELETE FROM goose_db_version WHERE version_id >= $1", known)
	refused("use the version of the bot that runs")
	execute("DROP TABLE goose_db_version")
	refused("no tables of Overtime")
}

func TestRecordOfAnotherSQLiteVersion(t *testing.T) {
	f := newFile(t)
	f.open(t)
	db, err := sql.Open("sqlite", f.path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	otherVersions(t, f.path, db)
}

func TestRecordOfAnotherPostgresVersion(t *testing.T) {
	s := newServer(t, storetest.StartPostgres(t), "record")
	s.Open(t)
	otherVersions(t, s.url.String(), s.db)
}

// Who may read nothing is told which variable names the user, and what the user needs. Who may only read needs no more.
func TestRecordNeedsToReadAlone(t *testing.T) {
	s := newServer(t, storetest.StartPostgres(t), "rights")
	s.Open(t)
	as := func(user string) string { return strings.Replace(s.url.String(), "user=postgres", "user="+user, 1) }
	for _, statement := range []string{
		"CREATE ROLE reader LOGIN", "GRANT pg_read_all_data TO reader", "CREATE ROLE blind LOGIN",
		"CREATE ROLE half LOGIN", "GRANT SELECT ON goose_db_version TO half",
	} {
		_, err := s.db.ExecContext(t.Context(), statement)
		succeeds(t, err)
	}
	for user, says := range map[string]string{
		"blind": "let the user read the tables", "half": "let the user read the tables", "stranger": "put the user and the password right",
	} {
		_, err := store.OpenRecord(t.Context(), store.Config{URL: as(user)})
		if err == nil || !strings.Contains(err.Error(), "DATABASE_URL: ") || !strings.Contains(err.Error(), says) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v, want %q", user, err, says)
		}
	}
	record, err := store.OpenRecord(t.Context(), store.Config{URL: as("reader")})
	succeeds(t, err)
	succeeds(t, record.Close())
}

// A record makes no file, and names what is wrong with the one it is pointed to.
func TestRecordMakesNoFile(t *testing.T) {
	folder := t.TempDir()
	missing, foreign := filepath.Join(folder, "missing.db"), filepath.Join(folder, "foreign.db")
	if err := os.WriteFile(foreign, []byte(strings.Repeat("This is no database. ", 99)), 0o600); err != nil {
		t.Fatal(err)
	}
	for path, says := range map[string]string{missing: "is not there", foreign: "move it away", folder: "it is a folder"} {
		record, err := store.OpenRecord(t.Context(), store.Config{URL: path})
		if err == nil {
			_ = record.Close()
		}
		if err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v, want %q", path, err, says)
		}
	}
	if _, err := os.Stat(missing); err == nil {
		t.Error("the file was made")
	}
}

// A backup has what was committed, while the bot writes, and a bot goes on from it. Nobody else may read it.
func TestBackup(t *testing.T) {
	f := newFile(t)
	s := f.open(t)
	before := claimed(t, s, 1)
	into := filepath.Join(t.TempDir(), "copy.db")
	writing, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for writing.Err() == nil {
			_ = s.Ping(writing)
		}
	}()
	err := store.Backup(t.Context(), f.path, into)
	stop()
	<-ended
	if err != nil {
		t.Fatal(err)
	}
	after := claimed(t, s, 2)
	files, _ := os.ReadDir(filepath.Dir(into))
	if info, err := os.Stat(into); err != nil || info.Mode().Perm() != 0o600 || len(files) != 1 {
		t.Errorf("the copy is %v (%v), among %v", info.Mode(), err, files)
	}
	restored := &file{path: into}
	restored.now.Store(f.now.Load())
	again := restored.open(t)
	if row, err := again.Ledger.Extension(t.Context(), before.ID); err != nil || row != before {
		t.Errorf("the copy has %+v (%v)", row, err)
	}
	if row := claimed(t, again, 2); row.ID != after.ID || row.Run != after.Run {
		t.Errorf("the copy goes on with %+v", row)
	}
}

func claimed(t *testing.T, s *store.Store, number int) extension.Extension {
	t.Helper()
	row, err := s.Ledger.Claim(t.Context(), extension.Extension{
		Key: string(rune('a' + number)), Run: string(rune('a' + number)), MeetingID: "914083136", Origin: extension.FromCommand,
		Actor: extension.Actor{Team: "T1", User: "U1"}, Minutes: 15,
	}, extension.Limits{}, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	return row
}

// A backup overwrites nothing, and what failed leaves nothing behind.
func TestBackupThatFails(t *testing.T) {
	f := newFile(t)
	f.open(t)
	folder := t.TempDir()
	there, dangling := filepath.Join(folder, "there"), filepath.Join(folder, "dangling")
	if err := os.WriteFile(there, []byte("mine"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(filepath.Join(folder, "nowhere"), dangling); err != nil {
		t.Fatal(err)
	}
	for what, attempt := range map[string]struct{ url, into, says string }{
		"a file":           {f.path, there, "is there already"},
		"a link":           {f.path, dangling, "is there already"},
		"the database":     {f.path, f.path, "is there already"},
		"no folder":        {f.path, filepath.Join(folder, "no", "copy"), "no such file or directory"},
		"nothing":          {f.path, "", "a new file"},
		"a folder":         {f.path, folder, "is there already"},
		"no database":      {filepath.Join(folder, "missing.db"), filepath.Join(folder, "copy"), "is not there"},
		"another database": {there, filepath.Join(folder, "copy"), "database"},
		"a server":         {"postgres://u@localhost/x", filepath.Join(folder, "copy"), "its own tools"},
	} {
		if err := store.Backup(t.Context(), attempt.url, attempt.into); err == nil || !strings.Contains(err.Error(), attempt.says) {
			t.Errorf("%s: %v, want %q", what, err, attempt.says)
		}
	}
	if content, err := os.ReadFile(there); err != nil || string(content) != "mine" {
		t.Errorf("the file says %q (%v)", content, err)
	}
	var left []string
	_ = filepath.WalkDir(folder, func(path string, _ fs.DirEntry, _ error) error {
		left = append(left, filepath.Base(path))
		return nil
	})
	if len(left) != 3 {
		t.Errorf("left behind: %v", left)
	}
}
