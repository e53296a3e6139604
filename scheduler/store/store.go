package store

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"time"
)

// Store is one database. The methods of its parts may be called by many goroutines at once. Any number of Stores, in any
// number of processes, may be open on one database.
//
// A method whose context ends while its write waits for its turn has written nothing. If the context ends later, the
// write may still be committed, though the method returns the context's error: the caller cannot know. The same holds
// where the disk or the connection fails during the commit.
type Store struct {
	Ledger     *Ledger
	History    *History
	Automation *Automation
	Prompts    *Prompts
	Approvals  *Approvals
	Inbox      *Inbox
	database   database
}

// Open opens the database and brings its schema up to date. The error is ErrNotYet where a later try may succeed.
func Open(ctx context.Context, config Config) (*Store, error) {
	if config.Now == nil {
		config.Now = time.Now
	}
	if config.Logger == nil {
		config.Logger = slog.New(slog.DiscardHandler)
	}
	var on database
	var err error
	switch {
	case !strings.Contains(config.URL, "://"):
		on, err = openSQLite(ctx, config)
	case IsPostgres(config.URL):
		on, err = openPostgres(ctx, config)
	default: // the URL may hold a password, at any place if it is malformed
		err = errUnknownKind
	}
	if mayPass(err) {
		err = &notYet{err}
	}
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	on = &probed{database: on}
	return &Store{
		Ledger: &Ledger{on}, History: &History{on}, Automation: &Automation{on}, Prompts: &Prompts{on}, Approvals: &Approvals{on},
		Inbox:    &Inbox{on},
		database: on,
	}, nil
}

// IsPostgres tells the URL of a server from the path of an SQLite file.
func IsPostgres(url string) bool {
	scheme, _, isURL := strings.Cut(url, "://")
	return isURL && (scheme == "postgres" || scheme == "postgresql")
}

// Close waits for the writes that have begun, until ctx ends. Those that wait fail with ErrClosed.
func (s *Store) Close(ctx context.Context) error {
	return doing("close database", s.database.close(ctx))
}

// Ping tells whether the database can be read and takes writes. It writes something, unless that went well within the last
// seconds, and nothing has failed since.
func (s *Store) Ping(ctx context.Context) error {
	return doing("ping database", s.database.ping(ctx))
}

// Tend is to be called every few seconds. What was erased is then nowhere any more, and the error tells when the database
// is not the one that was opened.
func (s *Store) Tend(ctx context.Context) error { return doing("tend database", s.database.tend(ctx)) }
