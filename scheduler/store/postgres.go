package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"hash/fnv"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
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
	// protocolViolation is PgBouncer's answer to what it does not take.
	protocolViolation = "08P01"
)

// errUnreadableURL stands for pgx's own error, which may quote the password.
var errUnreadableURL = errors.New("DATABASE_URL cannot be read: its port is no number, or a setting after its ? has a value " +
	"that is none, or names a file that is not there (as sslmode, sslrootcert, connect_timeout)")

// postgresDatabase is a server that several replicas share.
type postgresDatabase struct {
	db       *sql.DB
	queries  *queries
	patience time.Duration
	limits   *limits // of each transaction; nil where a connection has them
	closed   atomic.Bool
}

func openPostgres(ctx context.Context, config Config) (*postgresDatabase, error) {
	parsed, err := parsePostgres(config.URL)
	if err != nil {
		return nil, err
	}
	of := takeLimits(parsed.RuntimeParams)
	db, limited, err := openServer(ctx, parsed, of)
	if err != nil {
		return nil, err
	}
	err = checkRights(ctx, db, selectOurs+" OR "+selectMayCreate)
	if err == nil {
		err = migratePostgres(ctx, *parsed, config)
	}
	if err == nil {
		err = checkRights(ctx, db, selectMayWrite)
	}
	if err != nil {
		return nil, errors.Join(inPostgresWords(err), db.Close())
	}
	openAll(ctx, db)
	d := &postgresDatabase{db: db, queries: &queries{translate: forPostgres}, patience: postgresPatience}
	if !limited {
		d.limits = &of
	}
	return d, nil
}

func parsePostgres(address string) (*pgx.ConnConfig, error) {
	parsed, err := pgx.ParseConfig(address)
	if err != nil {
		return nil, errUnreadableURL
	}
	if parsed.ConnectTimeout == 0 {
		parsed.ConnectTimeout = postgresConnecting
	}
	if parsed.ValidateConnect == nil { // no target_session_attrs: a stand-by is of no use
		parsed.ValidateConnect = pgconn.ValidateConnectTargetSessionAttrsReadWrite
	}
	return parsed, nil
}

// limits make the server give up what its client has given up, with the locks that it holds: the client may be gone
// without a word.
type limits struct{ statement, idle string }

const (
	statementTimeout = "statement_timeout"
	idleTimeout      = "idle_in_transaction_session_timeout"
)

// takeLimits takes the limits out of the URL's parameters, and fills in what is not there.
func takeLimits(from map[string]string) limits {
	usual := strconv.FormatInt(postgresPatience.Milliseconds(), 10)
	taken := limits{cmp.Or(from[statementTimeout], usual), cmp.Or(from[idleTimeout], usual)}
	delete(from, statementTimeout)
	delete(from, idleTimeout)
	return taken
}

// openServer tells whether connections have the limits. PgBouncer refuses or ignores them, since a connection to the
// server is one client's for a transaction alone. There the names of prepared statements are of no use either.
func openServer(ctx context.Context, parsed *pgx.ConnConfig, of limits) (_ *sql.DB, limited bool, err error) {
	with := parsed.Copy()
	with.RuntimeParams[statementTimeout], with.RuntimeParams[idleTimeout] = of.statement, of.idle
	db := connections(with)
	limited, err = hasLimits(ctx, db)
	refused, _ := errors.AsType[*pgconn.PgError](err)
	if err == nil && !limited || refused != nil && refused.Code == protocolViolation {
		_ = db.Close() // nothing was done with it
		parsed.DefaultQueryExecMode = pgx.QueryExecModeCacheDescribe
		db = connections(parsed)
		limited, err = hasLimits(ctx, db)
	}
	if err != nil {
		return nil, false, errors.Join(inPostgresWords(err), db.Close())
	}
	return db, limited, nil
}

func connections(config *pgx.ConnConfig) *sql.DB {
	db := stdlib.OpenDB(*config)
	db.SetMaxOpenConns(postgresConnections)
	db.SetMaxIdleConns(postgresConnections)
	db.SetConnMaxLifetime(postgresLifetime)
	return db
}

// openAll opens every connection before the first command comes: a burst of them would have to wait for the server to
// answer each newcomer, and be turned away. A connection that the server does not give now is asked for when it is needed.
func openAll(ctx context.Context, db *sql.DB) {
	ctx, cancel := context.WithTimeout(ctx, postgresPatience)
	defer cancel()
	opened := make([]*sql.Conn, postgresConnections)
	var opening sync.WaitGroup
	for at := range opened {
		opening.Go(func() { opened[at], _ = db.Conn(ctx) })
	}
	opening.Wait()
	for _, conn := range opened {
		if conn != nil {
			_ = conn.Close() // back to the pool
		}
	}
}

func hasLimits(ctx context.Context, db *sql.DB) (limited bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, postgresPatience)
	defer cancel()
	// Without parameters, so that nothing is prepared.
	const query = "SELECT source = 'client' FROM pg_settings WHERE name = '" + statementTimeout + "'"
	err = db.QueryRowContext(ctx, query).Scan(&limited)
	return limited, err
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
	if d.limits != nil {
		_, err = tx.ExecContext(ctx, "SELECT set_config($1, $2, true), set_config($3, $4, true)",
			statementTimeout, d.limits.statement, idleTimeout, d.limits.idle)
	}
	if err == nil {
		err = do(ctx, on)
	}
	if err != nil {
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
		err = errStandBy
	}
	return inPostgresWords(err)
}

// tend has nothing to do: the server does.
func (d *postgresDatabase) tend(context.Context) error { return nil }

// close waits for nobody: a server that stands still never answers a goodbye.
func (d *postgresDatabase) close(context.Context) error {
	d.closed.Store(true)
	return d.db.Close()
}
