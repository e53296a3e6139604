// Package store keeps extensions, the rules and prompts of automation, and the inbox of envelopes in SQLite or Postgres.
// Every write is on disk when its method returns nil.
package store

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/overtime-bot/overtime/scheduler/extension"
)

var _ extension.Ledger = (*Store)(nil)

// ErrClosed is returned by every method of a Store after Close.
var ErrClosed = errors.New("store is closed")

// Config is what Open needs.
type Config struct {
	URL    string           // path of an SQLite file, made with mode 0600 if it is missing; or postgres://…
	Now    func() time.Time // SQLite's clock, time.Now if nil; Postgres has its own
	Logger *slog.Logger     // silent if nil
}

// Store is one database. Its methods may be called by many goroutines at once, and any number of Stores, in any
// number of processes, may be open on one database.
//
// A method whose context ends while its write waits for its turn has written nothing. One whose context ends
// later returns the context's error too, though the write may still be committed: the caller cannot know. The
// same holds for an error of the commit itself, when the disk or the connection fails in that moment.
type Store struct{ database database }

// database is what differs between the kinds of databases.
type database interface {
	// write runs do in a transaction that is on disk when it returns nil; after an error of do nothing stays.
	write(ctx context.Context, how manner, do func(context.Context, session) error) error
	// read is a session outside of transactions: each of its queries sees what was committed before it.
	read() session
	ping(ctx context.Context) error
	close() error
}

// manner is what makes a write cheaper.
type manner struct {
	lone bool // it is one statement, which takes effect as a whole or not at all, or one and a look at what it changed
	last bool // its last statement alone changes anything
}

// Open opens the database and brings its schema up to date.
func Open(ctx context.Context, config Config) (*Store, error) {
	if config.Now == nil {
		config.Now = time.Now
	}
	if config.Logger == nil {
		config.Logger = slog.New(slog.DiscardHandler)
	}
	opened, err := openDatabase(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	return &Store{database: opened}, nil
}

func openDatabase(ctx context.Context, config Config) (database, error) {
	scheme, _, isURL := strings.Cut(config.URL, "://")
	switch {
	case !isURL:
		return openSQLite(ctx, config)
	case scheme == "postgres" || scheme == "postgresql":
		return openPostgres(ctx, config)
	}
	// The rest of the URL may hold a password.
	return nil, fmt.Errorf("%q is no kind of database: want a path or postgres://", scheme)
}

// Close waits for the writes that have begun, and fails those that wait with ErrClosed.
func (s *Store) Close() error {
	if err := s.database.close(); err != nil {
		return fmt.Errorf("close database: %w", err)
	}
	return nil
}

// Ping tells whether the database can be read and takes writes. It writes nothing.
func (s *Store) Ping(ctx context.Context) error { return doing("ping database", s.database.ping(ctx)) }

// write returns what do found, once it is on disk.
func write[T any](ctx context.Context, s *Store, what string, do func(context.Context, session) (T, error)) (T, error) {
	return writeAs(ctx, s, manner{}, what, do)
}

// writeOne is write for one statement.
func writeOne[T any](ctx context.Context, s *Store, what string, do func(context.Context, session) (T, error)) (T, error) {
	return writeAs(ctx, s, manner{lone: true}, what, do)
}

// writeAs looks at what do found only when do is over: a caller that gives up leaves it alone.
func writeAs[T any](ctx context.Context, s *Store, how manner, what string, do func(context.Context, session) (T, error)) (T, error) {
	var none, found T
	err := s.database.write(ctx, how, func(ctx context.Context, tx session) (err error) {
		found, err = do(ctx, tx)
		return err
	})
	if err != nil {
		return none, doing(what, err)
	}
	return found, nil
}

// change is writeOne for what finds nothing.
func change(ctx context.Context, s *Store, what string, do func(context.Context, session) error) error {
	return doing(what, s.database.write(ctx, manner{lone: true}, do))
}

// doing says what was being done.
func doing(what string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", what, err)
}
