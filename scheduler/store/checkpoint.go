package store

import (
	"context"
	"errors"
)

// errHeld says that another process reads from the write-ahead log, or holds a lock.
var errHeld = errors.New("another process is in the way")

// checkpoint takes the write-ahead log into the file and empties it: then a copy of the file alone holds everything, and
// what was erased is nowhere.
func (w *writer) checkpoint() error {
	err := w.connect()
	if err == nil {
		err = w.untilFree(w.truncate)
	}
	return doing("take the write-ahead log into the file", err)
}

// truncate finds in SQLite's answer that somebody is in the way: that is no error of its own.
func (w *writer) truncate() error {
	rows, err := w.QueryContext(context.Background(), "PRAGMA wal_checkpoint(TRUNCATE)")
	if err != nil {
		return err
	}
	defer rows.Close()
	var busy, pages, taken int
	for rows.Next() {
		if err := rows.Scan(&busy, &pages, &taken); err != nil {
			return err
		}
	}
	if busy != 0 {
		return errHeld
	}
	return rows.Err()
}
