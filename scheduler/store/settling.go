package store

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/overtime-bot/overtime/scheduler/extension"
)

// owedFor is the age at which an extension is no longer of interest.
const owedFor = 24 * time.Hour

const (
	// A time further away than any is set was set before the clock was set back: it has come.
	selectDue = `SELECT ` + extensionColumns + ` FROM extensions
		WHERE settle_at > 0 AND (settle_at <= @now OR settle_at > @now + 180000) ORDER BY settle_at, id LIMIT ?`
	selectNextSettle = `SELECT settle_at - @now FROM extensions WHERE settle_at > 0 ORDER BY settle_at LIMIT 1`
	selectUnsettled  = `SELECT count(*), coalesce(@now - min(created_at), 0) FROM extensions WHERE state IN ('sent', 'unknown')`
	// The rows are chosen in a query of their own, which Postgres runs once: never more than the limit.
	updateOwed = `WITH waiting AS (SELECT id FROM extensions
			WHERE owed_at > 0 AND (owed_at <= @now OR owed_at > @now + 600000) AND created_at >= @now - ? ORDER BY owed_at LIMIT ?` + skipLocked + `)
		UPDATE extensions SET owed_at = @now + ? WHERE id IN (SELECT id FROM waiting)
		RETURNING ` + extensionColumns
	updateTold = `UPDATE extensions SET owed_at = 0 WHERE id = ? AND owed_at > 0`
)

// Due implements extension.Settling.
func (l *Ledger) Due(ctx context.Context, limit int) ([]extension.Extension, error) {
	return readAll(ctx, l, "read due extensions", scanExtension, selectDue, max(limit, 0))
}

// NextSettle implements extension.Settling.
func (l *Ledger) NextSettle(ctx context.Context) (time.Duration, bool, error) {
	first, err := readAll(ctx, l, "read the next time to settle", scanValue[int64], selectNextSettle)
	if err != nil || len(first) == 0 {
		return 0, false, err
	}
	return time.Duration(max(first[0], 0)) * time.Millisecond, true, nil
}

// Unsettled counts the extensions of which nobody knows yet how they came out, and tells the age of the oldest.
func (l *Ledger) Unsettled(ctx context.Context) (count int, oldest time.Duration, err error) {
	type summed struct{ count, age int64 }
	rows, err := readAll(ctx, l, "count unsettled extensions", func(from scanner) (s summed, err error) {
		err = from.Scan(&s.count, &s.age)
		return s, err
	}, selectUnsettled)
	if err != nil || len(rows) == 0 {
		return 0, 0, err
	}
	return int(rows[0].count), time.Duration(max(rows[0].age, 0)) * time.Millisecond, nil
}

// Owed implements extension.Settling.
func (l *Ledger) Owed(ctx context.Context, claimFor time.Duration, limit int) ([]extension.Extension, error) {
	owed, err := changeAll(ctx, l, "take owed notices over", scanExtension,
		updateOwed, owedFor.Milliseconds(), max(limit, 0), claimFor.Milliseconds())
	slices.SortFunc(owed, func(a, b extension.Extension) int { return cmp.Compare(a.ID, b.ID) })
	return owed, err
}

// Told implements extension.Settling.
func (l *Ledger) Told(ctx context.Context, id int64) error {
	_, err := exec(ctx, l, fmt.Sprintf("mark extension %d as told", id), updateTold, id)
	return err
}
