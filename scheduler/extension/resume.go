package extension

import (
	"context"
	"errors"
	"fmt"
)

// Resume tells what became of an envelope whose worker may have died. It is false where nothing was sent for it or it
// was refused, so that it may be done again. A row that was claimed and never sent is abandoned first, which stops a
// worker that is only slow.
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
		row, err = x.config.Ledger.Abandon(ctx, row.ID, Ending{Reason: reasonNotAimed})
		if errors.Is(err, ErrMoved) {
			row, err = x.config.Ledger.Extension(ctx, rows[0].ID)
		}
		if err != nil {
			return Result{}, false, fmt.Errorf("giving up an extension that was not sent: %w", err)
		}
	}
	if row.State == Refused {
		return Result{}, false, nil
	}
	return resultOf(row), true, nil
}

// Stands tells how an extension stands by now.
func (x *Extender) Stands(ctx context.Context, id int64) (Result, error) {
	row, err := x.config.Ledger.Extension(ctx, id)
	if err != nil {
		return Result{}, fmt.Errorf("reading how an extension stands: %w", err)
	}
	return resultOf(row), nil
}
