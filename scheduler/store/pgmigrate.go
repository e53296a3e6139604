package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
)

// beginMigrating makes all who migrate wait for each other. The server ends a transaction whose client is gone.
const beginMigrating = `BEGIN;
	SET LOCAL idle_in_transaction_session_timeout = '1min';
	SELECT pg_advisory_xact_lock(6029041757)`

// migratePostgres brings the schema up to date in one transaction, which holds a lock. Nothing else would do behind
// PgBouncer: what a session has locked stays with a connection that is another client's by then.
func migratePostgres(ctx context.Context, parsed pgx.ConnConfig, config Config) (err error) {
	db := sql.OpenDB(&onlyTransaction{of: stdlib.GetConnector(parsed)})
	db.SetMaxOpenConns(1)
	defer func() { err = errors.Join(err, db.Close()) }() // what is not committed is undone
	if err := migrate(ctx, db, goose.DialectPostgres, "postgres", config.Logger); err != nil {
		return err
	}
	_, err = db.ExecContext(ctx, "COMMIT")
	return err
}

// onlyTransaction makes one connection, which is in a transaction.
type onlyTransaction struct {
	of   driver.Connector
	made bool
}

func (o *onlyTransaction) Driver() driver.Driver { return o.of.Driver() }

// Connect is called by one goroutine at a time.
func (o *onlyTransaction) Connect(ctx context.Context) (driver.Conn, error) {
	if o.made {
		return nil, driver.ErrBadConn // it was lost, and the transaction with it
	}
	conn, err := o.of.Connect(ctx)
	if err != nil {
		return nil, err
	}
	in := inTransaction{conn.(*stdlib.Conn)}
	err = in.run(ctx, beginMigrating)
	if err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	o.made = true
	return in, nil
}

// inTransaction is a connection whose transactions are parts of one.
type inTransaction struct{ *stdlib.Conn }

func (in inTransaction) run(ctx context.Context, text string) error {
	_, err := in.ExecContext(ctx, text, nil)
	return err
}

func (in inTransaction) BeginTx(ctx context.Context, _ driver.TxOptions) (driver.Tx, error) {
	return in, in.run(ctx, "SAVEPOINT part")
}

func (in inTransaction) Commit() error   { return in.run(context.Background(), "RELEASE part") }
func (in inTransaction) Rollback() error { return in.run(context.Background(), "ROLLBACK TO part") }

// ResetSession does not mind the transaction.
func (in inTransaction) ResetSession(context.Context) error { return nil }
