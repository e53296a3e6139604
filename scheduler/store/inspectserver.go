package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
)

// server inspects a Postgres database.
func (i *Inspection) server(ctx context.Context, address string) (err error) {
	i.Server = "Postgres"
	if i.Known, err = knownVersion("postgres"); err != nil {
		return err
	}
	parsed, err := parsePostgres(address)
	if err != nil {
		return err
	}
	i.Where = fmt.Sprintf("%s:%d/%s", parsed.Host, parsed.Port, parsed.Database)
	db, limited, err := openServer(ctx, parsed, takeLimits(parsed.RuntimeParams))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	i.Pooled = !limited
	if err := i.readServer(ctx, db); err != nil {
		return inPostgresWords(err)
	}
	return nil
}

// readServer reads in one transaction, which a pooler that gives a connection for a statement alone does not take.
func (i *Inspection) readServer(ctx context.Context, db *sql.DB) error {
	ctx, cancel := context.WithTimeout(ctx, postgresPatience)
	defer cancel()
	tx, err := db.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // nothing was written
	var standBy, ours, mayCreate, mayWrite bool
	const query = "SELECT current_setting('server_version'), pg_is_in_recovery(), " + selectOurs + ", " + selectMayCreate + ", " + selectMayWrite
	var version string
	if err := tx.QueryRowContext(ctx, query).Scan(&version, &standBy, &ours, &mayCreate, &mayWrite); err != nil {
		return err
	}
	i.Server = "Postgres " + version
	switch i.Missing = !ours; {
	case standBy:
		return errStandBy
	case ours && !mayWrite, !ours && !mayCreate:
		return errNoRights
	case i.Missing:
		return nil
	}
	return i.tables(ctx, tx, forPostgres, time.Now())
}

const (
	selectOurs      = "to_regclass('goose_db_version') IS NOT NULL"
	selectMayCreate = "coalesce(has_schema_privilege(current_schema(), 'CREATE'), false)"
)

// selectMayWrite tells whether the user may change what is in the tables, where there are some.
const selectMayWrite = "coalesce(has_table_privilege(to_regclass('extensions'), 'INSERT'), false)"

var (
	errStandBy  = errors.New("the server takes no writes")
	errNoRights = errors.New("the user may not make tables and write to them")
)

// checkRights refuses a user who may not do what the question asks for. What fails for that later says less of it.
func checkRights(ctx context.Context, db *sql.DB, question string) error {
	ctx, cancel := context.WithTimeout(ctx, postgresPatience)
	defer cancel()
	var may bool
	err := db.QueryRowContext(ctx, "SELECT "+question).Scan(&may)
	if err == nil && !may {
		err = errNoRights
	}
	return err
}

// inPostgresWords adds the variable and what to do to what the server says, on one line.
func inPostgresWords(err error) error {
	if err == nil {
		return nil
	}
	err = oneLine{err}
	if remedy := remedyOfServer(err); remedy != "" {
		return fmt.Errorf("DATABASE_URL: %w: %s", err, remedy)
	}
	return fmt.Errorf("DATABASE_URL: %w", err)
}

// oneLine is an error that the driver tells in several lines, one for each host.
type oneLine struct{ error }

func (o oneLine) Error() string { return strings.Join(strings.Fields(o.error.Error()), " ") }
func (o oneLine) Unwrap() error { return o.error }

const (
	nameThePrimary = "it is a stand-by, or read-only; name the server that takes writes"
	grantRights    = "let the user make tables (GRANT CREATE ON SCHEMA public), or use the one who owns them"
)

func remedyOfServer(err error) string {
	if refused, ok := errors.AsType[*pgconn.PgError](err); ok {
		return remedyOfCode(refused.Code)
	}
	_, down := errors.AsType[*pgconn.ConnectError](err)
	switch {
	case errors.Is(err, errStandBy), errors.Is(err, pgconn.ErrReadOnlyConnection), errors.Is(err, pgconn.ErrStandbyConnection):
		return nameThePrimary
	case errors.Is(err, errNoRights):
		return grantRights
	case down:
		return "start the server, or put the host and the port right"
	}
	return ""
}

// noPrivilege is the code of what a user may not do.
const noPrivilege = "42501"

// remedyOfCode goes by https://www.postgresql.org/docs/current/errcodes-appendix.html
func remedyOfCode(code string) string {
	switch code {
	case "28P01", "28000":
		return "put the user and the password right, or let the user in (pg_hba.conf)"
	case "3D000":
		return "create the database, or name another"
	case "53300":
		return "the server has no connection left: raise max_connections, or run fewer replicas"
	case "53100":
		return "the server's disk is full; make room"
	case "57P03":
		return "the server is starting or stopping: wait"
	case noPrivilege:
		return grantRights
	case "25006":
		return nameThePrimary
	case protocolViolation:
		return "PgBouncer needs pool_mode = transaction or session"
	}
	return ""
}
