package store

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"sync"
	"time"
)

// Queries are written once, for both databases: a question mark is a parameter, and clock is the database's clock in Unix
// milliseconds.
const clock = "@now"

// skipLocked passes over rows that another transaction is writing. For SQLite, which has one writer, it is a remark.
const skipLocked = " /* skip locked */"

// query is one statement in the words of its database.
type query struct {
	text   string
	clocks []int // where among the parameters the handed-in clock goes; none where the database has a clock
}

// forSQLite makes the clock a parameter: SQLite's clock is the handed-in one.
func forSQLite(text string) query {
	var q query
	place := 0
	for at := 0; at < len(text); at++ {
		switch {
		case text[at] == '?':
			place++
		case strings.HasPrefix(text[at:], clock):
			q.clocks = append(q.clocks, place)
			place++
		}
	}
	q.text = strings.ReplaceAll(text, clock, "?")
	return q
}

// forPostgres numbers the parameters. The clock is a function of the schema.
func forPostgres(text string) query {
	text = strings.NewReplacer(clock, "overtime_now()", skipLocked, " FOR UPDATE SKIP LOCKED").Replace(text)
	var numbered strings.Builder
	for place, part := range strings.Split(text, "?") {
		if place > 0 {
			fmt.Fprintf(&numbered, "$%d", place)
		}
		numbered.WriteString(part)
	}
	return query{text: numbered.String()}
}

// queries remembers what each text is in the words of the database.
type queries struct {
	translate func(string) query
	known     sync.Map // text: query
}

// of translates a text, and puts the clock among its arguments.
func (q *queries) of(text string, now int64, args []any) (string, []any) {
	known, ok := q.known.Load(text)
	if !ok {
		known = q.translate(text)
		q.known.Store(text, known)
	}
	translated := known.(query)
	if len(translated.clocks) == 0 {
		return translated.text, args
	}
	all := make([]any, 0, len(args)+len(translated.clocks))
	for _, place := range translated.clocks {
		before := place - len(all)
		all = append(append(all, args[:before]...), now)
		args = args[before:]
	}
	return translated.text, append(all, args...)
}

// runner is what runs a statement: a transaction or a pool of Postgres, or prepared statements of SQLite.
type runner interface {
	QueryContext(ctx context.Context, text string, args ...any) (*sql.Rows, error)
	ExecContext(ctx context.Context, text string, args ...any) (sql.Result, error)
}

// session runs the queries of one method.
type session struct {
	runner  runner
	queries *queries
	now     int64 // Unix milliseconds of the handed-in clock; unused where the database has a clock
	// lock makes all transactions that name one of the same things wait for each other.
	lock func(ctx context.Context, things ...string) error
	// patience bounds each query; 0 where something else does.
	patience time.Duration
}

func (s session) patient(ctx context.Context) (context.Context, context.CancelFunc) {
	if s.patience == 0 {
		return ctx, func() {}
	}
	return context.WithTimeout(ctx, s.patience)
}

// exec tells how many rows were written.
func (s session) exec(ctx context.Context, text string, args ...any) (int64, error) {
	ctx, done := s.patient(ctx)
	defer done()
	text, args = s.queries.of(text, s.now, args)
	result, err := s.runner.ExecContext(ctx, text, args...)
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

// scanner is one row of a query.
type scanner interface{ Scan(into ...any) error }

// all returns every row of a query.
func all[T any](ctx context.Context, on session, scan func(scanner) (T, error), text string, args ...any) ([]T, error) {
	ctx, done := on.patient(ctx)
	defer done()
	text, args = on.queries.of(text, on.now, args)
	rows, err := on.runner.QueryContext(ctx, text, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close() // again after the last row: harmless
	var found []T
	for rows.Next() {
		row, err := scan(rows)
		if err != nil {
			return nil, err
		}
		found = append(found, row)
	}
	return found, rows.Err()
}

// one returns the one row of a query; none is the error where there is none.
func one[T any](ctx context.Context, on session, none error, scan func(scanner) (T, error), text string, args ...any) (found T, err error) {
	rows, err := all(ctx, on, scan, text, args...)
	switch {
	case err != nil:
		return found, err
	case len(rows) == 0:
		return found, none
	}
	return rows[0], nil
}

// scanValue scans a row of one column.
func scanValue[T any](from scanner) (value T, err error) {
	err = from.Scan(&value)
	return value, err
}
