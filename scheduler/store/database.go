package store

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"
)

// ErrClosed is returned by every method after Store.Close.
var ErrClosed = errors.New("store is closed")

// Config is what Open needs.
type Config struct {
	URL    string           // path of an SQLite file, made with mode 0600 if it is missing; or postgres://…
	Now    func() time.Time // SQLite's clock, time.Now if nil; Postgres has its own
	Logger *slog.Logger     // silent if nil
}

// database is what differs between the kinds of databases.
type database interface {
	// write runs do in a transaction that is on disk when it returns nil. After an error of do nothing stays.
	write(ctx context.Context, how manner, do func(context.Context, session) error) error
	// read is a session outside of transactions: each of its queries sees what was committed before it.
	read() (session, error)
	ping(ctx context.Context) error
	tend(ctx context.Context) error
	// close takes little longer than ctx lives, whatever the disk, another process or the server does.
	close(ctx context.Context) error
}

// manner is what a write is made of. Some are cheaper.
type manner int

const (
	several    manner = iota // statements
	readsFirst               // only the last statement changes anything
	single                   // one statement, or one and a look at what it changed
)

// write returns what do found, once that is on disk. A caller that gives up does not look at what do finds.
func write[T any](ctx context.Context, on database, how manner, what string, do func(context.Context, session) (T, error)) (T, error) {
	var none, found T
	err := on.write(ctx, how, func(ctx context.Context, tx session) (err error) {
		found, err = do(ctx, tx)
		return err
	})
	if err != nil {
		return none, doing(what, err)
	}
	return found, nil
}

// exec runs one statement and tells how many rows it changed.
func exec(ctx context.Context, on database, what, text string, args ...any) (int64, error) {
	return write(ctx, on, single, what, func(ctx context.Context, tx session) (int64, error) {
		return tx.exec(ctx, text, args...)
	})
}

// changeAll runs one statement and returns the rows that it changed.
func changeAll[T any](ctx context.Context, on database, what string, scan func(scanner) (T, error), text string, args ...any) ([]T, error) {
	return write(ctx, on, single, what, func(ctx context.Context, tx session) ([]T, error) {
		return all(ctx, tx, scan, text, args...)
	})
}

// changeOne is changeAll for at most one row; none is the error where there is none.
func changeOne[T any](ctx context.Context, on database, what string, none error, scan func(scanner) (T, error), text string, args ...any) (T, error) {
	return write(ctx, on, single, what, func(ctx context.Context, tx session) (T, error) {
		return one(ctx, tx, none, scan, text, args...)
	})
}

// changeOr is changeOne, and true; or else false, with the row as the query otherwise reads it.
func changeOr[T any](
	ctx context.Context, on database, what string, none error, scan func(scanner) (T, error), otherwise string, of []any, text string, args ...any,
) (T, bool, error) {
	changed := false
	found, err := write(ctx, on, single, what, func(ctx context.Context, tx session) (T, error) {
		found, err := one(ctx, tx, none, scan, text, args...)
		if changed = err == nil; errors.Is(err, none) {
			found, err = one(ctx, tx, none, scan, otherwise, of...)
		}
		return found, err
	})
	return found, err == nil && changed, err
}

// readAll returns every row of a query.
func readAll[T any](ctx context.Context, on database, what string, scan func(scanner) (T, error), text string, args ...any) (found []T, err error) {
	session, err := on.read()
	if err == nil {
		found, err = all(ctx, session, scan, text, args...)
	}
	return found, doing(what, err)
}

// readOne returns the one row of a query; none is the error where there is none.
func readOne[T any](ctx context.Context, on database, what string, none error, scan func(scanner) (T, error), text string, args ...any) (found T, err error) {
	session, err := on.read()
	if err == nil {
		found, err = one(ctx, session, none, scan, text, args...)
	}
	return found, doing(what, err)
}

// doing says what was being done.
func doing(what string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", what, err)
}

// milliseconds is 0 for the zero time, as in the database.
func milliseconds(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

func instant(milliseconds int64) time.Time {
	if milliseconds == 0 {
		return time.Time{}
	}
	return time.UnixMilli(milliseconds).UTC()
}

func number(yes bool) int64 {
	if yes {
		return 1
	}
	return 0
}
