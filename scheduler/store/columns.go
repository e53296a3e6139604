package store

import (
	"context"
	"time"
)

// scanner is one row of a query.
type scanner interface{ Scan(into ...any) error }

// all scans every row of a query.
func all[T any](ctx context.Context, on session, scan func(scanner) (T, error), text string, args ...any) ([]T, error) {
	ctx, done := on.patient(ctx)
	defer done()
	rows, err := on.rows(ctx, text, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close() // again after the last row: harmless
	var found []T
	for rows.Next() {
		one, err := scan(rows)
		if err != nil {
			return nil, err
		}
		found = append(found, one)
	}
	return found, rows.Err()
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
