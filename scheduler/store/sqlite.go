package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/pressly/goose/v3"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

const (
	// busyTimeout is how long a write waits for another process that holds SQLite's write lock.
	busyTimeout = 5 * time.Second
	// busyPoll is for how long the writer leaves that waiting to SQLite, which sleeps ever longer between its tries: a
	// process that writes all the time would hardly ever let this one in.
	busyPoll = 2 * time.Millisecond
	// sqliteReaders is how many reads run at once: a query takes microseconds, and each connection has a cache.
	sqliteReaders = 4
)

// sqliteDatabase is one SQLite file with one writer. Readers never wait for it: the journal is write-ahead.
type sqliteDatabase struct {
	now     func() time.Time
	queries *queries
	writer  *writer
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
	if err := migrateSQLite(ctx, d.writing, config.Logger); err != nil {
		return nil, errors.Join(err, d.writing.Close())
	}
	if d.reading, err = openPool(path, "ro", sqliteReaders); err != nil {
		return nil, errors.Join(err, d.writing.Close())
	}
	d.readers = newPrepared(d.reading)
	d.writer = startWriter(d.writing, d.session)
	return d, nil
}

// migrateSQLite begins again when another process migrates at the same time: each migration is one transaction
// that only one of them wins, and what is done is not begun again.
func migrateSQLite(ctx context.Context, db *sql.DB, log *slog.Logger) error {
	begun := time.Now()
	for attempt := 1; ; attempt++ {
		err := migrate(ctx, db, goose.DialectSQLite3, "sqlite", log)
		contested := isCode(err, sqlite3.SQLITE_BUSY) || isCode(err, sqlite3.SQLITE_ERROR)
		if !contested || attempt == 20 || time.Since(begun) > busyTimeout {
			return err
		}
	}
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
	return session{runner: runner, queries: d.queries, now: d.now().UnixMilli()}
}

// write shares its commit with others.
func (d *sqliteDatabase) write(ctx context.Context, how manner, do func(context.Context, session) error) error {
	return d.writer.write(ctx, how, do)
}

func (d *sqliteDatabase) read() session { return d.session(d.readers) }

func (d *sqliteDatabase) ping(ctx context.Context) error {
	var one int
	if err := d.read().row(ctx, "SELECT count(*) FROM goose_db_version").Scan(&one); err != nil {
		return err
	}
	return d.write(ctx, manner{}, func(context.Context, session) error { return nil })
}

// close ends with the writer, which then takes the write-ahead log into the file.
func (d *sqliteDatabase) close() error {
	d.writer.close()
	return errors.Join(d.readers.close(), d.reading.Close(), d.writing.Close())
}

// preparer is a pool or a connection.
type preparer interface {
	PrepareContext(ctx context.Context, text string) (*sql.Stmt, error)
}

// prepared runs statements that it prepares once: parsing costs SQLite more than running.
type prepared struct {
	on         preparer
	lock       sync.Mutex
	statements map[string]*sql.Stmt
	closed     bool
}

func newPrepared(on preparer) *prepared {
	return &prepared{on: on, statements: map[string]*sql.Stmt{}}
}

func (p *prepared) statement(text string) (*sql.Stmt, error) {
	p.lock.Lock()
	defer p.lock.Unlock()
	if p.closed {
		return nil, ErrClosed
	}
	if known := p.statements[text]; known != nil {
		return known, nil
	}
	// Not the caller's context: the statement outlives the call.
	statement, err := p.on.PrepareContext(context.Background(), text)
	if err != nil {
		return nil, err
	}
	p.statements[text] = statement
	return statement, nil
}

func (p *prepared) QueryContext(ctx context.Context, text string, args ...any) (*sql.Rows, error) {
	statement, err := p.statement(text)
	if err != nil {
		return nil, err
	}
	return statement.QueryContext(ctx, args...)
}

func (p *prepared) ExecContext(ctx context.Context, text string, args ...any) (sql.Result, error) {
	statement, err := p.statement(text)
	if err != nil {
		return nil, err
	}
	return statement.ExecContext(ctx, args...)
}

func (p *prepared) close() error {
	p.lock.Lock()
	defer p.lock.Unlock()
	var failed error
	for _, statement := range p.statements {
		failed = errors.Join(failed, statement.Close())
	}
	p.closed = true
	return failed
}

// isCode looks at the primary result code: the low byte of what SQLite returns.
func isCode(err error, code int) bool {
	var failed *sqlite.Error
	return errors.As(err, &failed) && failed.Code()&0xff == code
}
