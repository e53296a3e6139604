package store

import (
	"cmp"
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

const (
	// maxGroup bounds the writes of one commit, and so how long the first of them waits for the last.
	maxGroup = 128
	// busyTimeout is how long a write waits for another process that holds SQLite's write lock.
	busyTimeout = 5 * time.Second
	// busyPoll is for how long the writer leaves that waiting to SQLite, which sleeps ever longer between its tries: a
	// process that writes all the time would hardly ever let this one in.
	busyPoll = 2 * time.Millisecond
	// lastGrace is for the try to get a lock that is under way when there is no time left.
	lastGrace = time.Second
)

// writer is the one goroutine that writes to SQLite. It takes everybody who waits into one transaction: forcing a commit
// to the disk takes as long for one write as for many.
type writer struct {
	db      *sql.DB
	files   *inUse
	session func(runner) session
	queue   chan *queued
	chores  chan chan error // each is answered
	closing chan struct{}
	once    sync.Once
	ended   chan struct{}
	patient context.Context // while it lives, SQLite's locks are waited for
	hurry   context.CancelFunc
	tries   int // to get a lock, each for busyPoll

	failed error // of the goroutine, once it has ended

	// Of the goroutine alone; nil until the first write, and after a failure.
	connection *sql.Conn
	settled    *settled
	*prepared
}

// queued is one write that waits for its turn.
type queued struct {
	how   manner
	do    func(context.Context, session) error
	taken atomic.Bool // by the writer that begins it, or by the caller that gives up
	err   error       // of do
	done  chan error
}

func startWriter(db *sql.DB, files *inUse, session func(runner) session) *writer {
	w := &writer{
		db: db, files: files, session: session, tries: int(busyTimeout / busyPoll),
		queue: make(chan *queued, maxGroup), chores: make(chan chan error), closing: make(chan struct{}), ended: make(chan struct{}),
	}
	w.patient, w.hurry = context.WithCancel(context.Background())
	go w.run()
	return w
}

// write returns nil once the write is on disk. A caller that gives up has its write left out, unless that has begun.
func (w *writer) write(ctx context.Context, how manner, do func(context.Context, session) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	q := &queued{how: how, do: do, done: make(chan error, 1)}
	select {
	case w.queue <- q:
	case <-ctx.Done():
		return ctx.Err()
	case <-w.ended:
		return ErrClosed
	}
	select {
	case err := <-q.done:
		return err
	case <-ctx.Done():
		q.taken.Store(true)
		return ctx.Err()
	case <-w.ended:
	}
	select {
	case err := <-q.done:
		return err
	default:
		return ErrClosed
	}
}

// close waits for the group under way. When ctx ends, nothing waits for a lock any more; a disk that stands still is left
// to itself.
func (w *writer) close(ctx context.Context) error {
	w.once.Do(func() { close(w.closing) })
	defer context.AfterFunc(ctx, w.hurry)()
	select {
	case <-w.ended:
		return w.failed
	case <-ctx.Done():
	}
	select {
	case <-w.ended:
		return w.failed
	case <-time.After(lastGrace):
		return errors.New("what is being written does not end: the disk hangs")
	}
}

func (w *writer) run() {
	defer close(w.ended)
	defer w.disconnect()
	for {
		select {
		case first := <-w.queue:
			w.commit(first)
		case answer := <-w.chores:
			answer <- w.empty()
		case <-w.closing:
			w.failed = w.finish()
			return
		}
	}
}

// commit writes everything that waits in one transaction, and then answers everybody. After an error that breaks the
// transaction, the next write gets another connection: this one may be in any state.
func (w *writer) commit(first *queued) {
	if err := inWords(w.files.path, w.begin()); err != nil {
		waited := len(w.queue) // while it was tried; for them the next try would last as long
		first.done <- err
		for range waited {
			(<-w.queue).done <- err
		}
		return
	}
	var group []*queued
	var broken error
	for next := first; next != nil && broken == nil; {
		if !next.taken.Swap(true) {
			group = append(group, next)
			broken = w.carryOut(next)
		}
		if broken == nil {
			next = w.waiting(len(group))
		}
	}
	if broken == nil {
		broken = w.exec("COMMIT")
	}
	if w.files.size("-wal") > 0 {
		w.settled = nil
	}
	if broken != nil {
		_ = w.exec("ROLLBACK") // SQLite has often rolled back by itself
		w.disconnect()
		broken = inWords(w.files.path, broken)
	}
	for _, q := range group {
		q.done <- cmp.Or(broken, q.err)
	}
}

// waiting is the next write for a group of that size. It is nil when nobody waits, or the group is large enough.
func (w *writer) waiting(size int) *queued {
	if size >= maxGroup {
		return nil
	}
	if len(w.queue) == 0 {
		runtime.Gosched() // lets those in who are about to queue up
	}
	select {
	case next := <-w.queue:
		return next
	default:
		return nil
	}
}

// carryOut does one write so that it can fail alone: under its own savepoint, which one change does not need. An error of
// carryOut itself means that the transaction is lost.
func (w *writer) carryOut(q *queued) error {
	if q.how != several {
		q.err = q.do(context.Background(), w.session(w))
		var failed *sqlite.Error
		if !errors.As(q.err, &failed) || failed.Code()&0xff == sqlite3.SQLITE_CONSTRAINT {
			return nil // an error of the caller's own, or one that undoes its statement alone
		}
		return q.err
	}
	if err := w.exec("SAVEPOINT one"); err != nil {
		return err
	}
	if q.err = q.do(context.Background(), w.session(w)); q.err != nil {
		if err := w.exec("ROLLBACK TO one"); err != nil {
			return errors.Join(q.err, err)
		}
	}
	return w.exec("RELEASE one")
}

// begin begins a transaction with SQLite's write lock.
func (w *writer) begin() (err error) {
	if err = w.connect(); err == nil {
		err = w.untilFree(func() error { return w.exec("BEGIN IMMEDIATE") })
	}
	if err == nil && len(w.files.files) == 1 { // the others are there by now
		err = w.files.remember(besides[1:])
	}
	if err != nil && !isCode(err, sqlite3.SQLITE_BUSY) && !errors.Is(err, ErrReplaced) {
		w.disconnect()
	}
	return err
}

// connect makes sure that there is a connection, to the file that was opened at first.
func (w *writer) connect() (err error) {
	if err := w.files.check(); err != nil {
		if w.connection != nil {
			// The log is of no use to another file. Where this one was moved to, it is whole.
			_ = w.truncate()
		}
		return err
	}
	if w.connection != nil {
		return w.checkSize()
	}
	// Contexts of callers end at waiting for the writer; its own statements run to their end.
	if w.connection, err = w.db.Conn(context.Background()); err != nil {
		return err
	}
	w.prepared = &prepared{on: w.connection}
	return w.exec(fmt.Sprint("PRAGMA busy_timeout = ", busyPoll.Milliseconds()))
}

// untilFree tries again while another process holds a lock.
func (w *writer) untilFree(do func() error) error {
	held := func(err error) bool { return isCode(err, sqlite3.SQLITE_BUSY) || errors.Is(err, errHeld) }
	err := do()
	for try := 1; try < w.tries && held(err) && w.patient.Err() == nil; try++ {
		err = do()
	}
	return err
}

func (w *writer) exec(text string) error {
	_, err := w.ExecContext(context.Background(), text)
	return err
}

// disconnect gives the connection up for good: the pool opens another.
func (w *writer) disconnect() {
	if w.connection == nil {
		return
	}
	_ = w.prepared.close()
	_ = w.connection.Raw(func(any) error { return driver.ErrBadConn })
	_ = w.connection.Close()
	w.connection, w.settled = nil, nil
	w.files.forget()
}
