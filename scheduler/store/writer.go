package store

import (
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

// maxGroup bounds the writes of one commit, and so how long the first of them waits for the last.
const maxGroup = 128

// writer is the one goroutine that writes to SQLite. While one group of writes is forced to the disk, the next is
// carried out; it is committed when the disk is free, and shares that wait.
type writer struct {
	db      *sql.DB
	session func(runner) session
	queue   chan *queued
	closing chan struct{}
	once    sync.Once
	ended   chan struct{}
	syncer  *syncer
	tries   int // to get SQLite's write lock, each for busyPoll

	// Of the goroutine alone.
	connection *connection // nil until the first write, and after a failure
	group      []*queued
	unsynced   bool // the disk failed: nothing is to be committed behind what it may have lost
}

// queued is one write on its way.
type queued struct {
	how   manner
	do    func(context.Context, session) error
	taken atomic.Bool // by the writer that begins it, or by the caller that gives up
	err   error
	// decided is closed when do has succeeded: what it found holds, unless the commit fails. nil where nobody asks.
	decided chan struct{}
	done    chan error
}

// startWriter starts the goroutine. Its connection commits to the write-ahead log alone, which sync forces to the disk.
func startWriter(db *sql.DB, session func(runner) session, sync func() error) *writer {
	w := &writer{
		db: db, session: session, syncer: startSyncer(sync), tries: int(busyTimeout / busyPoll),
		queue: make(chan *queued, maxGroup), closing: make(chan struct{}), ended: make(chan struct{}),
	}
	go w.run()
	return w
}

func (w *writer) write(ctx context.Context, how manner, do func(context.Context, session) error) error {
	q := &queued{how: how, do: do, done: make(chan error, 1)}
	if err := w.enqueue(ctx, q); err != nil {
		return err
	}
	return w.wait(ctx, q)
}

// decide returns when do is over: no other write comes between it and its commit, for which written waits.
func (w *writer) decide(ctx context.Context, how manner, do func(context.Context, session) error) (written func() error, err error) {
	q := &queued{how: how, do: do, done: make(chan error, 1), decided: make(chan struct{})}
	if err := w.enqueue(ctx, q); err != nil {
		return nil, err
	}
	select {
	case <-q.decided:
		return func() error { return w.wait(ctx, q) }, nil
	case err := <-q.done: // it failed, or is written already
		return func() error { return nil }, err
	case <-ctx.Done():
	case <-w.ended:
	}
	return func() error { return nil }, w.wait(ctx, q)
}

func (w *writer) enqueue(ctx context.Context, q *queued) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	select {
	case w.queue <- q:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	case <-w.ended:
		return ErrClosed
	}
}

// wait waits for the answer of the writer; a caller that gives up has its write left out, unless that has begun.
func (w *writer) wait(ctx context.Context, q *queued) error {
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

func (w *writer) close() {
	w.once.Do(func() { close(w.closing) })
	<-w.ended
}

func (w *writer) run() {
	defer close(w.ended)
	defer w.disconnect()
	defer w.syncer.close()
	for {
		select {
		case first := <-w.queue:
			w.commit(first)
		case <-w.closing:
			return
		}
	}
}

// commit writes in one transaction everything that is queued until the disk is free, and hands it to the syncer, which
// answers when it is on disk.
func (w *writer) commit(first *queued) {
	w.group = nil // the syncer has the one before
	if err := w.begin(); err != nil {
		w.group = append(w.group, first)
		for next := w.waiting(); next != nil; next = w.waiting() {
			w.group = append(w.group, next)
		}
		answer(w.group, err)
		return
	}
	for next := first; next != nil; {
		if err := w.carryOut(next); err != nil {
			answer(w.group, w.abandon(err))
			return
		}
		var lost error
		if next, lost = w.next(); lost != nil {
			w.unsynced = true
			answer(w.group, w.abandon(lost))
			w.syncer.free <- nil
			return
		}
	}
	changed, err := w.end()
	if err != nil || !changed {
		answer(w.group, err)
		w.syncer.free <- nil
		return
	}
	w.syncer.groups <- answerSoon(w.group)
}

// carryOut does one write in the open transaction; its error means that the transaction is lost.
func (w *writer) carryOut(q *queued) error {
	if q.taken.Swap(true) {
		return nil // its caller gave up
	}
	w.group = append(w.group, q)
	err := w.connection.run(q, w.session)
	if q.decided != nil && q.err == nil && err == nil {
		close(q.decided)
	}
	return err
}

// next is the next write of the group. It is nil when the group is to be committed: the disk is free, which the writer
// then has taken, and nobody waits; or the group is large enough. An error is that of the group before.
func (w *writer) next() (*queued, error) {
	if len(w.queue) == 0 {
		runtime.Gosched() // those who are about to queue up do so: a commit costs the same for one and for many
	}
	if next := w.waiting(); next != nil {
		return next, nil
	}
	queue := w.queue
	if len(w.group) >= maxGroup {
		queue = nil
	}
	select {
	case next := <-queue:
		return next, nil
	case err := <-w.syncer.free:
		return nil, err
	}
}

// waiting is nil when nobody waits, or the group is large enough.
func (w *writer) waiting() *queued {
	if len(w.group) >= maxGroup {
		return nil
	}
	select {
	case next := <-w.queue:
		return next
	default:
		return nil
	}
}

func (w *writer) begin() error {
	if w.connection == nil {
		connection, err := connect(w.db)
		if err != nil {
			return err
		}
		w.connection = connection
		if err := connection.count(w.session); err != nil {
			w.disconnect()
			return err
		}
	}
	if err := w.mend(); err != nil {
		w.disconnect()
		return err
	}
	err := w.lock()
	if err != nil && !isCode(err, sqlite3.SQLITE_BUSY) {
		w.disconnect()
	}
	return err
}

// lock begins a transaction with SQLite's write lock.
func (w *writer) lock() (err error) {
	for range w.tries {
		if err = w.connection.exec("BEGIN IMMEDIATE"); !isCode(err, sqlite3.SQLITE_BUSY) {
			return err
		}
	}
	return err
}

// mend takes the write-ahead log into the file after a failure of the disk, and empties it: what is behind a frame that
// was lost would be lost with it.
func (w *writer) mend() error {
	if !w.unsynced {
		return nil
	}
	if err := w.connection.waitWhenBusy(busyTimeout); err != nil {
		return err
	}
	var busy, frames, taken int
	err := w.session(w.connection).row(context.Background(), "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &frames, &taken)
	if err == nil && busy != 0 {
		err = errors.New("the write-ahead log cannot be emptied now")
	}
	if err != nil {
		return fmt.Errorf("after a failure of the disk: %w", err)
	}
	w.unsynced = false
	return w.connection.waitWhenBusy(busyPoll)
}

// end commits, and tells whether there is anything to force to the disk: who looks every few seconds for what is left
// to do mostly finds nothing.
func (w *writer) end() (changed bool, err error) {
	before := w.connection.changes
	if err := w.connection.count(w.session); err != nil {
		return false, w.abandon(err)
	}
	if err := w.connection.exec("COMMIT"); err != nil {
		return false, w.abandon(err)
	}
	return w.connection.changes != before, nil
}

// abandon rolls back what is broken. The next write gets a new connection: the old one may be in any state.
func (w *writer) abandon(broken error) error {
	// Its own error says nothing new: SQLite has often rolled back by itself.
	_ = w.connection.exec("ROLLBACK")
	w.disconnect()
	return broken
}

func (w *writer) disconnect() {
	if w.connection != nil {
		w.connection.close()
		w.connection = nil
	}
}

// connection is the writer's connection to SQLite with its prepared statements.
type connection struct {
	sql *sql.Conn
	*prepared
	changes int64 // rows that were changed since it was opened, also those that were rolled back
}

func connect(db *sql.DB) (*connection, error) {
	// Contexts of callers end at waiting for the writer; its own statements run to their end.
	conn, err := db.Conn(context.Background())
	if err != nil {
		return nil, err
	}
	c := &connection{sql: conn, prepared: newPrepared(conn)}
	if err := c.waitWhenBusy(busyPoll); err != nil {
		c.close()
		return nil, err
	}
	return c, nil
}

// waitWhenBusy is how long SQLite itself waits for a lock.
func (c *connection) waitWhenBusy(limit time.Duration) error {
	_, err := c.sql.ExecContext(context.Background(), fmt.Sprint("PRAGMA busy_timeout = ", limit.Milliseconds()))
	return err
}

func (c *connection) count(session func(runner) session) error {
	return session(c).row(context.Background(), "SELECT total_changes()").Scan(&c.changes)
}

func (c *connection) exec(text string) error {
	_, err := c.ExecContext(context.Background(), text)
	return err
}

// run does one write so that it can fail alone: under its own savepoint, which one change does not need. An error
// of run itself means that the transaction is lost.
func (c *connection) run(q *queued, session func(runner) session) error {
	if q.how.lone || q.how.last {
		q.err = q.do(context.Background(), session(c))
		return endsTransaction(q.err)
	}
	if err := c.exec("SAVEPOINT one"); err != nil {
		return err
	}
	if q.err = q.do(context.Background(), session(c)); q.err != nil {
		if err := c.exec("ROLLBACK TO one"); err != nil {
			return errors.Join(q.err, err)
		}
	}
	return c.exec("RELEASE one")
}

// endsTransaction returns an error of SQLite after which the transaction may be gone; one of a constraint undoes its
// statement alone, and any other error is the caller's own.
func endsTransaction(err error) error {
	var failed *sqlite.Error
	if !errors.As(err, &failed) || failed.Code()&0xff == sqlite3.SQLITE_CONSTRAINT {
		return nil
	}
	return err
}

// close gives the connection up for good: the pool opens another.
func (c *connection) close() {
	_ = c.prepared.close()
	_ = c.sql.Raw(func(any) error { return driver.ErrBadConn })
	_ = c.sql.Close()
}
