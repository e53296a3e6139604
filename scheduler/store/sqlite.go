package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
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
	files, err := useFile(path)
	if err != nil {
		return nil, inWords(path, err)
	}
	d := &sqliteDatabase{now: config.Now, queries: &queries{translate: forSQLite}}
	if d.writing, err = openPool(path, "rw", 1); err != nil {
		return nil, err
	}
	// Another process may migrate at the same time: each migration is one transaction that only one of them wins, and what
	// is done is not begun again.
	begun := time.Now()
	for attempt := 1; ; attempt++ {
		if err = d.writing.PingContext(ctx); err == nil {
			err = checkOurs(ctx, d.writing)
		}
		if err == nil {
			err = migrate(ctx, d.writing, goose.DialectSQLite3, "sqlite", config.Logger)
		}
		contested := isCode(err, sqlite3.SQLITE_BUSY) || isCode(err, sqlite3.SQLITE_ERROR)
		if !contested || attempt == 20 || time.Since(begun) > busyTimeout {
			break
		}
	}
	if err == nil {
		d.reading, err = openPool(path, "ro", sqliteReaders)
	}
	if err != nil {
		return nil, errors.Join(inWords(path, err), d.writing.Close())
	}
	files.warnOfOthers(config.Logger)
	d.readers = &prepared{on: d.reading}
	d.writer = startWriter(d.writing, files, d.session)
	return d, nil
}

// openPool sets what SQLite keeps per connection: each connection that the pool opens later needs it, too.
func openPool(path, mode string, connections int) (*sql.DB, error) {
	options := url.Values{
		"mode":          {mode},
		"_txlock":       {"immediate"},
		"_busy_timeout": {fmt.Sprint(busyTimeout.Milliseconds())},
		"_foreign_keys": {"on"},
		"_error_rc":     {"true"},
		// Erased payloads hold secrets: their bytes are overwritten. The cache stays
		// at SQLite's own two megabytes (each commit walks through all of it, and the system has another), and so does
		// the log (a long one takes long to be taken into a large file).
		"_pragma": {"temp_store(MEMORY)", "secure_delete(ON)"},
	}
	if mode == "rw" {
		options.Set("_journal_mode", "WAL")
		options.Set("_synchronous", "FULL") // a commit that returned is on disk
	}
	return openWith(path, options, connections)
}

func openWith(path string, options url.Values, connections int) (*sql.DB, error) {
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
	err := d.write(ctx, several, func(context.Context, session) error { return nil })
	if err == nil {
		_, err = one(ctx, d.session(d.readers), nil, scanValue[int], "SELECT count(*) FROM goose_db_version")
	}
	return err
}

func (d *sqliteDatabase) tend(ctx context.Context) error { return d.writer.tend(ctx) }

// close ends with the writer: as the last connection it removes the log that it has taken into the file.
func (d *sqliteDatabase) close(ctx context.Context) error {
	return errors.Join(d.readers.close(), d.reading.Close(), d.writer.close(ctx), d.writing.Close())
}
