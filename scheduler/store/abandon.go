package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/overtime-bot/overtime/scheduler/extension"
)

const updateAbandon = `UPDATE extensions SET state = 'refused', reason = ?, updated_at = @now, settle_at = 0,
	owed_at = CASE WHEN ? <> 0 THEN @now + ? ELSE owed_at END, freed = 1, counted = 0
	WHERE id = ? AND state = 'sent' AND before_end = 0`

// Abandon implements scheduler.Ledger.
func (s *Store) Abandon(ctx context.Context, id int64, ending extension.Ending) (extension.Extension, error) {
	return writeOne(ctx, s, fmt.Sprintf("abandon extension %d", id), func(ctx context.Context, tx session) (extension.Extension, error) {
		abandoned, err := scanExtension(changing(ctx, tx, updateAbandon, id, ending.Reason, number(ending.Tell), tellAgain.Milliseconds(), id))
		if errors.Is(err, sql.ErrNoRows) {
			return abandoned, extension.ErrMoved
		}
		return abandoned, err
	})
}
