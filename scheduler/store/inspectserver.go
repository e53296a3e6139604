package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
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
	var standBy, ours, mayCreate bool
	const query = `SELECT current_setting('server_version'), pg_is_in_recovery(), to_regclass('goose_db_version') IS NOT NULL,
		coalesce(has_schema_privilege(current_schema(), 'CREATE'), false)`
	var version string
	if err := tx.QueryRowContext(ctx, query).Scan(&version, &standBy, &ours, &mayCreate); err != nil {
		return err
	}
	i.Server = "Postgres " + version
	switch i.Missing = !ours; {
	case standBy:
		return errStandBy
	case !mayCreate && !ours:
		return errNoRights
	case i.Missing:
		return nil
	}
	return i.tables(ctx, tx, forPostgres, time.Now())
}

var (
	errStandBy  = errors.New("the server is a stand-by: it takes no writes")
	errNoRights = errors.New("the user of DATABASE_URL may not make tables: GRANT CREATE ON SCHEMA public TO that user, or use another one")
)

// inPostgresWords adds what to do to what the server says.
func inPostgresWords(err error) error {
	remedy := remedyOfServer(err)
	if err == nil || remedy == "" {
		return err
	}
	return fmt.Errorf("DATABASE_URL: %w: %s", err, remedy)
}

// remedyOfServer goes by the code: https://www.postgresql.org/docs/current/errcodes-appendix.html
func remedyOfServer(err error) string {
	refused, ok := errors.AsType[*pgconn.PgError](err)
	if !ok {
		if _, down := errors.AsType[*pgconn.ConnectError](err); down {
			return "start the server, or put the host and the port right"
		}
		return ""
	}
	switch refused.Code {
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
	case "42501":
		return "give the user the right to make tables: GRANT CREATE ON SCHEMA public"
	case protocolViolation:
		return "PgBouncer needs pool_mode = transaction or session"
	}
	return ""
}
