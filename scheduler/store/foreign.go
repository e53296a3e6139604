package store

import (
	"context"
	"database/sql"
	"errors"
)

// errForeign says that a file is a database, and another program's.
var errForeign = errors.New("it holds the tables of another program")

// checkOurs refuses a file with tables of which none is ours: it was likely named by mistake, and would be changed.
func checkOurs(ctx context.Context, db *sql.DB) error {
	const query = `SELECT count(*), count(CASE WHEN name = 'goose_db_version' THEN 1 END), count(CASE WHEN name = 'extensions' THEN 1 END)
		FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\_%' ESCAPE '\'`
	var tables, versions, extensions int
	if err := db.QueryRowContext(ctx, query).Scan(&tables, &versions, &extensions); err != nil {
		return err
	}
	if others := tables - versions; others > 0 && (versions == 0 || extensions == 0) {
		return errForeign
	}
	return nil
}
