package extension

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/overtime-bot/overtime/meeting"
)

// nextBooking is what a room is booked for next, once that was looked up.
type nextBooking chan meeting.Booking

// lookAhead looks for the room's next booking beside the reading of the end. It goes on when the caller leaves: others use
// what it finds.
func lookAhead(
	ctx context.Context, request Request, booked func(context.Context, meeting.Meeting) meeting.Booking, work *group,
) nextBooking {
	found := make(nextBooking, 1)
	if request.Platform || request.Meeting.RoomID == "" {
		found <- meeting.Booking{}
		return found
	}
	looking := context.WithoutCancel(ctx)
	work.Go(func() { found <- booked(looking, request.Meeting) })
	return found
}

// await waits for what is booked next, but not for long; zero if nothing is, or that is not known.
func (n nextBooking) await(ctx context.Context) meeting.Booking {
	patience := time.NewTimer(bookedPatience)
	defer patience.Stop()
	select {
	case next := <-n:
		return next
	case <-patience.C:
	case <-ctx.Done():
	}
	return meeting.Booking{}
}

// fit shortens a row to what fits before the room's next booking. A result says that nothing does.
func (x *Extender) fit(ctx context.Context, row Extension, now meeting.Meeting, booked time.Time) (Extension, *Result, error) {
	if booked.IsZero() || row.Platform {
		return row, nil, nil
	}
	gap := max(0, int(booked.Sub(now.End)/time.Minute))
	switch {
	case row.Minutes <= gap:
		return row, nil, nil
	case gap == 0:
		row = x.drop(ctx, row, reasonRoomBooked)
		return row, &Result{Outcome: Limited, Limit: LimitRoom, Extension: row, Meeting: now}, nil
	}
	shorter, err := x.config.Ledger.Shorten(ctx, row.ID, gap)
	switch {
	case errors.Is(err, ErrMoved):
		row = x.drop(ctx, row, reasonNotSent)
		return row, &Result{Outcome: resultOf(row).Outcome, Extension: row, Meeting: now}, nil
	case err != nil:
		x.drop(ctx, row, reasonNotSent)
		return row, nil, fmt.Errorf("%w: %w", ErrNotWritten, err)
	}
	return shorter, nil, nil
}
