package extension

import (
	"context"
	"time"
)

// Ledger keeps extensions. Each method is one transaction that is on disk when it returns nil. storetest has the
// contract, and every store passes it.
type Ledger interface {
	Claims
	Records
	Settling
}

// Claims is the Ledger of those who extend.
type Claims interface {
	// Claim inserts e in state Sent with settle_at = now + settleIn, if no row holds its run, its key is not
	// used by an open, accepted or confirmed row, the limits allow it, and its envelope is e.Holder's: all in one
	// transaction, so of any number of callers and processes one wins. Errors: *TakenError, *DuplicateError,
	// *LimitError, ErrTakenOver.
	// Minutes of sent, unknown, accepted, confirmed and unclear rows count against the limits.
	Claim(ctx context.Context, e Extension, limits Limits, settleIn time.Duration) (Extension, error)
	// Aim stores before and target of a row that is still Sent, and sets settle_at again; ErrMoved otherwise.
	Aim(ctx context.Context, id int64, before, target time.Time, settleIn time.Duration) error
	// Shorten lowers the minutes of a row that is still Sent and was never aimed; ErrMoved otherwise.
	Shorten(ctx context.Context, id int64, minutes int) (Extension, error)
	// Move is a compare-and-swap of the state; ErrMoved when the row is not in from. A void row becomes confirmed only if
	// no later row of its run had an effect, or may have one; ErrMoved otherwise.
	Move(ctx context.Context, id int64, from, to State, ending Ending) (Extension, error)
	// Abandon moves a row to Refused that is Sent and was never aimed, so that it is proven not to have been sent;
	// ErrMoved otherwise. Its claimer can no longer aim it.
	Abandon(ctx context.Context, id int64, ending Ending) (Extension, error)
}

// Records is the Ledger of those who look something up.
type Records interface {
	// Extension reads one row.
	Extension(ctx context.Context, id int64) (Extension, error)
	// Asked lists the rows of one Slack envelope, newest first.
	Asked(ctx context.Context, envelope string) ([]Extension, error)
	// Added sums the minutes that count against Limits.RunMinutes of the run, and against Limits.DailyMinutes of somebody.
	Added(ctx context.Context, run string, by Actor) (Added, error)
	// Awaited is the newest row of a run that is unknown, or accepted and to be read again: the zero Extension if none is.
	Awaited(ctx context.Context, run string) (Extension, error)
}

// Settling is the Ledger of those who settle what is in doubt, and tell.
type Settling interface {
	// Due returns rows that are sent, unknown, accepted or void and whose settle_at has come, earliest first.
	Due(ctx context.Context, limit int) ([]Extension, error)
	// NextSettle tells how long from now the earliest settle_at is (0 if it has passed); false if none waits.
	NextSettle(ctx context.Context) (time.Duration, bool, error)
	// Owed takes over rows whose notice is owed: moved with Ending.Tell, not Told within 30 s, and not claimed by
	// another caller of Owed whose claimFor is not over. Of any number of callers one gets each; oldest first. Rows
	// older than 24 hours are no longer of interest.
	Owed(ctx context.Context, claimFor time.Duration, limit int) ([]Extension, error)
	// Told says that nobody is owed a notice of the row now; no error if nobody was.
	Told(ctx context.Context, id int64) error
}
