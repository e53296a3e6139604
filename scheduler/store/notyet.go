package store

import (
	"context"
	"database/sql/driver"
	"errors"
	"io"
	"net"

	"github.com/jackc/pgx/v5/pgconn"
	sqlite3 "modernc.org/sqlite/lib"
)

// ErrNotYet is what Open's error is, to errors.Is, where a later try may succeed: the server is not up, or lets nobody in
// yet, or somebody else holds the file. Anything else stays as it is until somebody changes something.
var ErrNotYet = errors.New("the database is not there yet")

// notYet leaves the text of its error alone.
type notYet struct{ error }

func (n *notYet) Unwrap() []error { return []error{ErrNotYet, n.error} }

// mayPass tells trouble that passes by itself. A role or a database that is missing may be made after the server is up;
// what our statements are refused for (class 42) stays.
func mayPass(err error) bool {
	if refused, ok := errors.AsType[*pgconn.PgError](err); ok {
		return refused.Code[:min(2, len(refused.Code))] != "42"
	}
	if _, ok := errors.AsType[*pgconn.ConnectError](err); ok {
		return true
	}
	if _, ok := errors.AsType[*net.OpError](err); ok { // not net.Error, which a file's errors are, too
		return true
	}
	for _, lost := range []error{io.EOF, io.ErrUnexpectedEOF, driver.ErrBadConn, context.DeadlineExceeded} {
		if errors.Is(err, lost) {
			return true
		}
	}
	return isCode(err, sqlite3.SQLITE_BUSY) || isCode(err, sqlite3.SQLITE_LOCKED)
}
