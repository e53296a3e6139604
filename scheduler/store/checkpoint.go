package store

import (
	"context"
	"errors"
	"fmt"
)

// errHeld says that another process reads from the write-ahead log, or holds a lock.
var errHeld = errors.New("another process is in the way")

// tend has the write-ahead log emptied, unless that is empty or another process is in the way.
func (w *writer) tend(ctx context.Context) error {
	answer := make(chan error, 1)
	select {
	case w.chores <- answer:
	case <-ctx.Done():
		return ctx.Err()
	case <-w.ended:
		return ErrClosed
	}
	select {
	case err := <-answer:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (w *writer) empty() error {
	err := w.connect()
	if err != nil {
		return inWords(w.files.path, err)
	}
	err = w.truncate()
	if err == nil {
		err = w.settle()
	}
	if errors.Is(err, errHeld) {
		return nil
	}
	return inWords(w.files.path, err)
}

// finish takes the write-ahead log into the file, as the last thing of all: a copy of the file alone then holds
// everything. SQLite itself leaves a log without its file alone, so that the next start sees it.
func (w *writer) finish() error {
	err := w.connect()
	if err == nil {
		err = doing("take the write-ahead log into the file", w.untilFree(w.truncate))
	}
	return inWords(w.files.path, err)
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

// settled is how a database is while its log is empty.
type settled struct {
	size    int64 // of the file
	version int64 // it changes with what other processes commit
}

// settle notes that the log is empty. That ends with the next commit.
func (w *writer) settle() error {
	version, err := w.version()
	w.settled = &settled{w.files.size(""), version}
	return err
}

func (w *writer) version() (int64, error) {
	return one(context.Background(), w.session(w), nil, scanValue[int64], "PRAGMA data_version")
}

// checkSize finds a file that was written over in its place: its size has changed, and nobody has committed anything.
func (w *writer) checkSize() error {
	if w.settled == nil || w.files.size("") == w.settled.size {
		return nil
	}
	version, err := w.version()
	if err == nil && version == w.settled.version {
		return fmt.Errorf("%s was written over: %w", w.files.path, ErrReplaced)
	}
	w.settled = nil
	return err
}
