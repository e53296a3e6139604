package extension

import (
	"context"
	"errors"
	"fmt"

	"github.com/overtime-bot/overtime/meeting"
)

// Resume tells what became of an envelope whose worker may have died: what its extension stands at, and false
// where nothing was sent for it or it was refused, so that it may be done anew. A row that was claimed and never sent is abandoned
// first, which stops a worker that is only slow.
func (x *Extender) Resume(ctx context.Context, envelope string) (Result, bool, error) {
	rows, err := x.config.Ledger.Asked(ctx, envelope)
	if err != nil {
		return Result{}, false, fmt.Errorf("looking for what was done already: %w", err)
	}
	if len(rows) == 0 {
		return Result{}, false, nil
	}
	row := rows[0]
	if row.State == Sent && row.Before.IsZero() {
		row, err = x.abandon(ctx, row)
	}
	if err != nil {
		return Result{}, false, err
	}
	if row.State == Refused {
		return Result{}, false, nil
	}
	return standing(row), true, nil
}

// Stands tells how an extension stands by now.
func (x *Extender) Stands(ctx context.Context, id int64) (Result, error) {
	row, err := x.config.Ledger.Extension(ctx, id)
	if err != nil {
		return Result{}, fmt.Errorf("reading how an extension stands: %w", err)
	}
	return standing(row), nil
}

func standing(row Extension) Result {
	return Result{
		Outcome: outcomeOf(row.State), Extension: row, Joined: true,
		Meeting: meeting.Meeting{ID: row.MeetingID, End: row.After},
	}
}

// abandon gives up a row that was never sent, or reads what became of it meanwhile.
func (x *Extender) abandon(ctx context.Context, row Extension) (Extension, error) {
	abandoned, err := x.config.Ledger.Abandon(ctx, row.ID, Ending{Reason: reasonNotAimed})
	if errors.Is(err, ErrMoved) {
		abandoned, err = x.config.Ledger.Extension(ctx, row.ID)
	}
	if err != nil {
		return Extension{}, fmt.Errorf("giving up an extension that was not sent: %w", err)
	}
	return abandoned, nil
}
