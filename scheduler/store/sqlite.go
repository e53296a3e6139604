package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/pressly/goose/v3"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// sqliteReaders is how many reads run at once: a query takes microseconds, and each connection has a cache.
const sqliteReaders = 4

// sqliteDatabase is one SQLite file with one writer. Readers never wait for it: the journal is write-ahead.
type sqliteDatabase struct {
	*writer // whose write shares its commit with others
	now     func() time.Time
	queries *queries
	writing *sql.DB // one connection, the writer's
	reading *sql.DB
	readers *prepared
}

func openSQLite(ctx context.Context, config Config) (*sqliteDatabase, error) {
	path, err := createFile(config.URL)
	if err != nil {
		return nil, err
	}
	d := &sqliteDatabase{now: config.Now, queries: &queries{translate: forSQLite}}
	if d.writing, err = openPool(path, "rw", 1); err != nil {
		return nil, err
	}
	// Another process may migrate at the same time: each migration is one transaction that only one of them wins, and what
	// is done is not begun again.
	begun := time.Now()
	for attempt := 1; ; attempt++ {
		err = migrate(ctx, d.writing, goose.DialectSQLite3, "sqlite", config.Logger)
		contested := isCode(err, sqlite3.SQLITE_BUSY) || isCode(err, sqlite3.SQLITE_ERROR)
		if !contested || attempt == 20 || time.Since(begun) > busyTimeout {
			break
		}
	}
	if err == nil {
		d.reading, err = openPool(path, "ro", sqliteReaders)
	}
	if err != nil {
		return nil, errors.Join(err, d.writing.Close())
	}
	d.readers = &prepared{on: d.reading}
	d.writer = startWriter(d.writing, d.session)
	return d, nil
}

// createFile makes the file before SQLite does, which would let everybody read it.
func createFile(name string) (string, error) {
	if name == "" || name == ":memory:" || strings.HasPrefix(name, "file:") {
		return "", fmt.Errorf("%q is not the path of a file", name)
	}
	path, err := filepath.Abs(name)
	if err != nil {
		return "", err
	}
	if _, err := os.Stat(path); err == nil {
		return path, nil
	}
	// Made under another name and closed before it is seen: to close a file drops all locks that SQLite has on
	// it in this process.
	made, err := os.CreateTemp(filepath.Dir(path), ".overtime-*") // mode 0600
	if err != nil {
		return "", fmt.Errorf("create %s: %w", path, err)
	}
	defer os.Remove(made.Name())
	if err := made.Close(); err != nil {
		return "", err
	}
	if err := os.Link(made.Name(), path); err != nil && !errors.Is(err, os.ErrExist) {
		return "", fmt.Errorf("create %s: %w", path, err)
	}
	return path, nil
}

// openPool sets what SQLite keeps per connection: each connection that the pool opens later needs it, too.
func openPool(path, mode string, connections int) (*sql.DB, error) {
	options := url.Values{
		"mode":          {mode},
		"_txlock":       {"immediate"},
		"_busy_timeout": {fmt.Sprint(busyTimeout.Milliseconds())},
		"_foreign_keys": {"on"},
		"_error_rc":     {"true"},
		// Erased payloads hold secrets: their bytes are overwritten in the pages that are written anyway. The cache stays
		// at SQLite's own two megabytes (each commit walks through all of it, and the system has another), and so does
		// the log (a long one takes long to be taken into a large file).
		"_pragma": {"temp_store(MEMORY)", "secure_delete(FAST)"},
	}
	if mode == "rw" {
		options.Set("_journal_mode", "WAL")
		options.Set("_synchronous", "FULL") // a commit that returned is on disk
	}
	name := url.URL{Scheme: "file", Path: path, RawQuery: options.Encode()}
	connector, err := sqlite.NewConnector(name.String())
	if err != nil {
		return nil, err
	}
	db := sql.OpenDB(connector)
	db.SetMaxOpenConns(connections)
	db.SetMaxIdleConns(connections)
	return db, nil
}

func (d *sqliteDatabase) session(runner runner) session {
	unneeded := func(context.Context, ...string) error { return nil } // there is one writer
	return session{runner: runner, queries: d.queries, now: d.now().UnixMilli(), lock: unneeded}
}

func (d *sqliteDatabase) read() (session, error) { return d.session(d.readers), nil }

func (d *sqliteDatabase) ping(ctx context.Context) error {
	if _, err := one(ctx, d.session(d.readers), nil, scanValue[int], "SELECT count(*) FROM goose_db_version"); err != nil {
		return err
	}
	return d.write(ctx, several, func(context.Context, session) error { return nil })
}

// close ends with the writer: as the last connection it removes the log that it has taken into the file.
func (d *sqliteDatabase) close(ctx context.Context) error {
	return errors.Join(d.readers.close(), d.reading.Close(), d.writer.close(ctx), d.writing.Close())
}
