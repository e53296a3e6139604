package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"hash/fnv"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

const (
	// postgresConnections is small: several replicas share a server, which takes 100 by default.
	postgresConnections = 12
	// postgresConnecting is how long to wait for a connection to one host, unless the URL has a connect_timeout.
	postgresConnecting = 3 * time.Second
	// postgresPatience is how long to wait for what a method does, also for a server that never answers.
	postgresPatience = 10 * time.Second
	// postgresLifetime leads connections back to a server that was gone for a while.
	postgresLifetime = 5 * time.Minute
)

// postgresDatabase is a server that several replicas share.
type postgresDatabase struct {
	db       *sql.DB
	queries  *queries
	patience time.Duration
	closed   atomic.Bool
}

func openPostgres(ctx context.Context, config Config) (*postgresDatabase, error) {
	parsed, err := pgx.ParseConfig(config.URL)
	if err != nil {
		return nil, errors.New("the URL of Postgres cannot be read") // the error may quote its password
	}
	if parsed.ConnectTimeout == 0 {
		parsed.ConnectTimeout = postgresConnecting
	}
	if parsed.ValidateConnect == nil { // no target_session_attrs: a stand-by is of no use
		parsed.ValidateConnect = pgconn.ValidateConnectTargetSessionAttrsReadWrite
	}
	if err := migratePostgres(ctx, *parsed, config); err != nil {
		return nil, err
	}
	// The server gives up what its client has given up, with the locks that it holds: the client may be gone without a
	// word. The URL may say otherwise.
	for _, name := range []string{"statement_timeout", "idle_in_transaction_session_timeout"} {
		if parsed.RuntimeParams[name] == "" {
			parsed.RuntimeParams[name] = strconv.FormatInt(postgresPatience.Milliseconds(), 10)
		}
	}
	db := stdlib.OpenDB(*parsed)
	db.SetMaxOpenConns(postgresConnections)
	db.SetMaxIdleConns(postgresConnections)
	db.SetConnMaxLifetime(postgresLifetime)
	return &postgresDatabase{db: db, queries: &queries{translate: forPostgres}, patience: postgresPatience}, nil
}

// migratePostgres has a pool of its own: migrations may take long.
func migratePostgres(ctx context.Context, parsed pgx.ConnConfig, config Config) (err error) {
	db := stdlib.OpenDB(parsed)
	defer func() { err = errors.Join(err, db.Close()) }()
	if err := pingWithin(ctx, db, postgresPatience); err != nil {
		return err
	}
	one, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 300))
	if err != nil {
		return err
	}
	return migrate(ctx, db, goose.DialectPostgres, "postgres", config.Logger, goose.WithSessionLocker(one))
}

func pingWithin(ctx context.Context, db *sql.DB, patience time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	return db.PingContext(ctx)
}

// write spares one statement the round trips of BEGIN and COMMIT.
func (d *postgresDatabase) write(ctx context.Context, how manner, do func(context.Context, session) error) error {
	on, err := d.read()
	if err != nil {
		return err
	}
	if how == single {
		return do(ctx, on)
	}
	ctx, cancel := context.WithTimeout(ctx, d.patience)
	defer cancel()
	tx, err := d.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	on = session{runner: tx, queries: d.queries, lock: func(ctx context.Context, things ...string) error {
		return lockThings(ctx, tx, things)
	}}
	if err := do(ctx, on); err != nil {
		// Its own error says nothing new: the connection is lost, and with it the transaction.
		_ = tx.Rollback()
		return err
	}
	return tx.Commit()
}

// lockThings takes locks that end with the transaction, in the order of their numbers: two transactions never
// wait for each other. Things that share a number by chance only wait once too often.
func lockThings(ctx context.Context, tx *sql.Tx, things []string) error {
	numbers := make([]int64, len(things))
	for at, thing := range things {
		hash := fnv.New64a()
		hash.Write([]byte(thing))
		numbers[at] = int64(hash.Sum64())
	}
	slices.Sort(numbers)
	calls := make([]string, len(numbers))
	arguments := make([]any, len(numbers))
	for at, number := range numbers {
		calls[at], arguments[at] = fmt.Sprintf("pg_advisory_xact_lock($%d)", at+1), number
	}
	_, err := tx.ExecContext(ctx, "SELECT "+strings.Join(calls, ", "), arguments...)
	return err
}

func (d *postgresDatabase) read() (session, error) {
	if d.closed.Load() {
		return session{}, ErrClosed
	}
	return session{runner: d.db, queries: d.queries, patience: d.patience}, nil
}

func (d *postgresDatabase) ping(ctx context.Context) error {
	on, err := d.read()
	if err != nil {
		return err
	}
	readOnly, err := one(ctx, on, nil, scanValue[bool], "SELECT pg_is_in_recovery() FROM goose_db_version LIMIT 1")
	if err == nil && readOnly {
		err = errors.New("the server is a stand-by: it takes no writes")
	}
	return err
}

// close waits for nobody: a server that stands still never answers a goodbye.
func (d *postgresDatabase) close(context.Context) error {
	d.closed.Store(true)
	return d.db.Close()
}
