package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"
)

// Queries are written once, for both databases: a question mark is a parameter, and clock is the database's
// clock in Unix milliseconds.
const clock = "@now"

// skipLocked passes over rows that another transaction is writing: a remark for SQLite, which has one writer.
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

// with puts the clock among the arguments.
func (q query) with(now int64, args []any) []any {
	if len(q.clocks) == 0 {
		return args
	}
	all := make([]any, 0, len(args)+len(q.clocks))
	for _, place := range q.clocks {
		before := place - len(all)
		all = append(append(all, args[:before]...), now)
		args = args[before:]
	}
	return append(all, args...)
}

// runner is what runs a statement: a transaction or a pool of Postgres, or prepared statements of SQLite.
type runner interface {
	QueryContext(ctx context.Context, text string, args ...any) (*sql.Rows, error)
	ExecContext(ctx context.Context, text string, args ...any) (sql.Result, error)
}

// session runs the queries of one method of Store.
type session struct {
	runner  runner
	queries *queries
	now     int64 // Unix milliseconds of the handed-in clock; unused where the database has a clock
	// lock is nil where there is one writer anyway.
	lock func(ctx context.Context, things []string) error
	// returning says that RETURNING costs little. SQLite fills a table of its own for it.
	returning bool
	// patience bounds each query; 0 where something else does.
	patience time.Duration
}

func (s session) patient(ctx context.Context) (context.Context, context.CancelFunc) {
	if s.patience == 0 {
		return ctx, func() {}
	}
	return context.WithTimeout(ctx, s.patience)
}

// serialise makes all transactions that name one of the same things wait for each other.
func (s session) serialise(ctx context.Context, things ...string) error {
	if s.lock == nil {
		return nil
	}
	return s.lock(ctx, things)
}

// row is sql.ErrNoRows by Scan if there is none.
func (s session) row(ctx context.Context, text string, args ...any) row {
	ctx, done := s.patient(ctx)
	rows, err := s.rows(ctx, text, args...)
	if err != nil {
		done()
	}
	return row{rows: rows, done: done, err: err}
}

// row is sql.Row, which cannot be made of a statement that could not be prepared.
type row struct {
	rows *sql.Rows
	done context.CancelFunc
	err  error
}

func (r row) Scan(into ...any) (err error) {
	if r.err != nil {
		return r.err
	}
	defer r.done()
	defer func() { err = errors.Join(err, r.rows.Close()) }()
	if !r.rows.Next() {
		return cmp.Or(r.rows.Err(), sql.ErrNoRows)
	}
	return r.rows.Scan(into...)
}

// rows leaves patience to its caller, who knows when it has seen all.
func (s session) rows(ctx context.Context, text string, args ...any) (*sql.Rows, error) {
	q := s.queries.of(text)
	return s.runner.QueryContext(ctx, q.text, q.with(s.now, args)...)
}

// exec tells how many rows were written.
func (s session) exec(ctx context.Context, text string, args ...any) (int64, error) {
	result, err := s.run(ctx, text, args)
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

func (s session) run(ctx context.Context, text string, args []any) (sql.Result, error) {
	ctx, done := s.patient(ctx)
	defer done()
	q := s.queries.of(text)
	return s.runner.ExecContext(ctx, q.text, q.with(s.now, args)...)
}

// insert tells the ID of the row.
func (s session) insert(ctx context.Context, text string, args ...any) (id int64, err error) {
	if s.returning {
		err = s.row(ctx, text+" RETURNING id", args...).Scan(&id)
		return id, err
	}
	result, err := s.run(ctx, text, args)
	if err != nil {
		return 0, err
	}
	return result.LastInsertId()
}

// queries remembers what each text is in the words of the database.
type queries struct {
	translate func(string) query
	known     sync.Map // text: query
}

func (q *queries) of(text string) query {
	if known, ok := q.known.Load(text); ok {
		return known.(query)
	}
	translated := q.translate(text)
	q.known.Store(text, translated)
	return translated
}
