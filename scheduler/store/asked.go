package store

import (
	"cmp"
	"context"
	"slices"

	"github.com/overtime-bot/overtime/scheduler/extension"
)

// The key of a typed command is its envelope: those rows are found by the key, which spares them an index.
const selectAsked = `SELECT ` + extensionColumns + ` FROM extensions
		WHERE key = ? AND freed = 0 AND envelope = key
	UNION ALL SELECT ` + extensionColumns + ` FROM extensions
		WHERE key = ? AND freed = 1 AND envelope = key
	UNION ALL SELECT ` + extensionColumns + ` FROM extensions
		WHERE envelope = ? AND envelope <> '' AND envelope <> key`

// Asked implements scheduler.Ledger.
func (s *Store) Asked(ctx context.Context, envelope string) ([]extension.Extension, error) {
	asked, err := extensions(ctx, s.database.read(), selectAsked, envelope, envelope, envelope)
	slices.SortFunc(asked, func(a, b extension.Extension) int { return cmp.Compare(b.ID, a.ID) })
	return asked, doing("read the extensions of an envelope", err)
}
