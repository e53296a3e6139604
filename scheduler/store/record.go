package store

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	sqlite3 "modernc.org/sqlite/lib"
)

// Record is a database that is read alone, beside the bot that uses it: nothing in it is changed or locked.
type Record struct {
	History  *History
	database *onlyRead
}

// OpenRecord opens the database of a bot to read it. Its schema must be the one that this version makes.
func OpenRecord(ctx context.Context, config Config) (*Record, error) {
	on, err := openToRead(ctx, config.URL)
	if err != nil {
		return nil, doing("open database", err)
	}
	if err := on.knows(ctx); err != nil {
		return nil, doing("open database", errors.Join(on.words(err), on.close(ctx)))
	}
	return &Record{History: &History{on}, database: on}, nil
}

// Close lets go of the database.
func (r *Record) Close() error { return r.database.close(context.Background()) }

// onlyRead is a database without its writes.
type onlyRead struct {
	kind     string            // the directory of its migrations
	words    func(error) error // says where the database is and what to do
	sessions func() (session, error)
	closes   func() error
}

var errOnlyRead = errors.New("the database is open to be read alone")

func (o *onlyRead) write(context.Context, manner, func(context.Context, session) error) error {
	return errOnlyRead
}
func (o *onlyRead) read() (session, error)      { return o.sessions() }
func (o *onlyRead) ping(context.Context) error  { return nil }
func (o *onlyRead) tend(context.Context) error  { return nil }
func (o *onlyRead) close(context.Context) error { return o.closes() }

func openToRead(ctx context.Context, url string) (*onlyRead, error) {
	if IsPostgres(url) {
		return postgresToRead(ctx, url)
	}
	file, err := fileToRead(url)
	if err != nil {
		return nil, err
	}
	pool, err := openPool(file, "ro", 1)
	if err != nil {
		return nil, err
	}
	if err := pool.PingContext(ctx); err != nil {
		return nil, errors.Join(inWords(file, err), pool.Close())
	}
	readers := &prepared{on: pool}
	on := session{runner: readers, queries: &queries{translate: forSQLite}}
	return &onlyRead{
		kind:     "sqlite",
		words:    func(err error) error { return inWords(file, err) },
		sessions: func() (session, error) { return on, nil },
		closes:   func() error { return errors.Join(readers.close(), pool.Close()) },
	}, nil
}

func postgresToRead(ctx context.Context, url string) (*onlyRead, error) {
	parsed, err := pgx.ParseConfig(url)
	if err != nil {
		return nil, errUnreadableURL
	}
	if parsed.ConnectTimeout == 0 {
		parsed.ConnectTimeout = postgresConnecting
	}
	db, _, err := openServer(ctx, parsed, takeLimits(parsed.RuntimeParams))
	if err != nil {
		return nil, err
	}
	d := &postgresDatabase{db: db, queries: &queries{translate: forPostgres}, patience: postgresPatience}
	return &onlyRead{kind: "postgres", words: inWordsOfReading, sessions: d.read, closes: db.Close}, nil
}

// inWordsOfReading are those of Postgres, for a user who need not write.
func inWordsOfReading(err error) error {
	if refused, _ := errors.AsType[*pgconn.PgError](err); refused != nil && refused.Code == noPrivilege {
		return fmt.Errorf("DATABASE_URL: %w: let the user read the tables (GRANT pg_read_all_data), or use the one who owns them", oneLine{err})
	}
	return inPostgresWords(err)
}

// fileToRead is the path of an SQLite file that is there already.
func fileToRead(name string) (string, error) {
	path, err := fullPath(name)
	if err == nil && !isThere(path) {
		err = fmt.Errorf("%s is not there: DATABASE_URL names another file, or Overtime has not run yet", path)
	}
	return path, err
}

// knows says why the schema cannot be read; nil if it is the one of this version.
func (o *onlyRead) knows(ctx context.Context) error {
	want, err := knownVersion(o.kind)
	if err != nil {
		return err
	}
	on, err := o.read()
	if err != nil {
		return err
	}
	is, err := one(ctx, on, nil, scanValue[int64], "SELECT max(version_id) FROM goose_db_version")
	refused, _ := errors.AsType[*pgconn.PgError](err)
	switch {
	case isCode(err, sqlite3.SQLITE_ERROR), refused != nil && refused.Code == "42P01":
		return errors.New("there are no tables of Overtime: name the bot's database in DATABASE_URL, or start Overtime, which makes them")
	case err != nil:
		return fmt.Errorf("reading the version of the schema: %w", err)
	case is > want:
		return errNewer(is, want)
	case is < want:
		return fmt.Errorf("the schema has version %d, and this version of Overtime reads %d: use the version of the bot that "+
			"runs, or start this one, which brings the schema up to date", is, want)
	}
	_, err = one(ctx, on, nil, scanValue[int64], "SELECT count(*) FROM (SELECT 1 FROM extensions LIMIT 1) AS newest")
	return doing("reading the extensions", err)
}
