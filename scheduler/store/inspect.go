package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"time"
)

// Inspection is what Inspect saw of a database.
type Inspection struct {
	Where   string // the full path, or the server and the database: no secret
	Server  string // "SQLite", or Postgres with its version
	Missing bool   // it has none of our tables yet: the first start makes them
	Schema  int64  // its version; 0 if Missing
	Known   int64  // the version that this program makes
	InUse   []string
	Pooled  bool // behind a pooler that gives a connection to the server for a transaction alone

	Owner string      // of the file; empty where that is not known
	Mode  fs.FileMode // of the file; 0 where there is none
	Free  int64       // bytes on the disk; -1 where that is not known
}

// Inspect looks at a database without changing it: it makes no file, migrates nothing and writes nothing. Its errors are
// Open's own.
func Inspect(ctx context.Context, config Config) (found Inspection, err error) {
	found.Free = -1
	switch scheme, _, isURL := strings.Cut(config.URL, "://"); {
	case !isURL:
		err = found.file(ctx, config.URL)
	case scheme == "postgres" || scheme == "postgresql":
		err = found.server(ctx, config.URL)
	default: // the URL may hold a password, at any place if it is malformed
		err = errUnknownKind
	}
	return found, err // it names the file or the variable
}

var errUnknownKind = errors.New("no kind of database that is known: want a path or postgres://")

// withLeases is the first version of the schema with the table of leases.
const withLeases = 5

const selectHolders = "SELECT DISTINCT owner FROM leases WHERE name = 'tick' AND held_until > @now"

// tables reads what Overtime keeps of itself.
func (i *Inspection) tables(ctx context.Context, on runner, to func(string) query, now time.Time) error {
	reading := session{runner: on, queries: &queries{translate: to}, now: now.UnixMilli()}
	version, err := one(ctx, reading, nil, scanValue[int64], "SELECT max(version_id) FROM goose_db_version")
	if err != nil {
		return fmt.Errorf("read the version of the schema: %w", err)
	}
	switch i.Schema = version; {
	case version > i.Known:
		return errNewer(version, i.Known)
	case version < withLeases:
		return nil
	}
	i.InUse, err = all(ctx, reading, scanValue[string], selectHolders)
	return doing("read who uses it", err)
}
