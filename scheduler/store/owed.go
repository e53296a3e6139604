package store

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/overtime-bot/overtime/scheduler/extension"
)

const (
	// tellAgain is how long the mover of an extension has to tell people of it before others do.
	tellAgain = 30 * time.Second
	// owedLives is the age at which an extension is of no interest any more.
	owedLives = day
)

const (
	updateTold = `UPDATE extensions SET owed_at = 0 WHERE id = ? AND owed_at > 0`
	// The rows are chosen in a query of their own, which Postgres runs once: never more than the limit.
	updateOwed = `WITH waiting AS (SELECT id FROM extensions
			WHERE owed_at > 0 AND owed_at <= @now AND created_at >= @now - ? ORDER BY owed_at LIMIT ?` + skipLocked + `)
		UPDATE extensions SET owed_at = @now + ? WHERE id IN (SELECT id FROM waiting)
		RETURNING ` + extensionColumns
	// An extension is older than the time at which it was owed.
	forgetOwed = `UPDATE extensions SET owed_at = 0 WHERE id IN (SELECT id FROM extensions
		WHERE owed_at > 0 AND owed_at < @now - ? ORDER BY owed_at LIMIT ?)`
)

// Told implements scheduler.Ledger.
func (s *Store) Told(ctx context.Context, id int64) error {
	return change(ctx, s, fmt.Sprintf("mark extension %d as told", id), func(ctx context.Context, tx session) error {
		_, err := tx.exec(ctx, updateTold, id)
		return err
	})
}

// Owed implements scheduler.Ledger.
func (s *Store) Owed(ctx context.Context, claimFor time.Duration, limit int) ([]extension.Extension, error) {
	return writeOne(ctx, s, "take owed notices over", func(ctx context.Context, tx session) ([]extension.Extension, error) {
		owed, err := extensions(ctx, tx, updateOwed, owedLives.Milliseconds(), max(limit, 0), claimFor.Milliseconds())
		slices.SortFunc(owed, func(a, b extension.Extension) int { return cmp.Compare(a.ID, b.ID) })
		return owed, err
	})
}
