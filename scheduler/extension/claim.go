package extension

import (
	"context"
	"errors"
	"fmt"
)

// claim inserts the row, and waits a little for a run that someone else holds. A result says that the request is
// answered without a row.
func (x *Extender) claim(ctx context.Context, request Request) (Extension, *Result, error) {
	giveUp := x.config.Clock.Now().Add(takenPatience)
	offer := request.Key
	for {
		row, err := x.config.Ledger.Claim(ctx, request.row(), request.within(x.config.Limits), x.config.Timeout+settleMargin)
		var taken *TakenError
		var duplicate *DuplicateError
		var limit *LimitError
		switch {
		case err == nil:
			return row, nil, nil
		case errors.As(err, &duplicate) && x.setBack(ctx, request, duplicate.Of):
			request.Key = fmt.Sprintf("%s after %d", offer, duplicate.Of.ID)
			continue
		case errors.As(err, &duplicate):
			return row, &Result{Outcome: Already, By: duplicate.Of, Meeting: request.Meeting}, nil
		case errors.As(err, &limit):
			return row, &Result{Outcome: Limited, Limit: limit.Limit, Left: limit.Left, Meeting: request.Meeting}, nil
		case !errors.As(err, &taken):
			return row, nil, fmt.Errorf("%w: %w", ErrNotWritten, err)
		case request.equals(taken.By):
			result, err := x.join(ctx, request, taken.By)
			return row, &result, err
		case !x.config.Clock.Now().Before(giveUp):
			return row, &Result{Outcome: Busy, By: taken.By, Meeting: request.Meeting}, nil
		}
		if err := x.config.Clock.Wait(ctx, takenPoll); err != nil {
			return row, nil, fmt.Errorf("waiting for the run: %w", err)
		}
	}
}

// setBack says that the meeting has the end again that is offered, after the offer was taken: somebody has set it back, or
// what was accepted never showed and is given up. Then it is a new offer, which is taken once, too.
func (x *Extender) setBack(ctx context.Context, request Request, by Extension) bool {
	repeated := request.Envelope != "" && request.Envelope == by.Envelope
	if request.OfferedEnd.IsZero() || repeated || by.Platform || !by.isPast(x.config.Clock.Now()) {
		return false
	}
	now, err := x.reads.fresh(ctx, by.MeetingID)
	return err == nil && RunOf(now) == by.Run && now.End.Equal(request.OfferedEnd)
}

// join waits until an equal request is no longer being carried out, and tells its result.
func (x *Extender) join(ctx context.Context, request Request, by Extension) (Result, error) {
	giveUp := x.config.Clock.Now().Add(x.config.Timeout + readBackFor)
	for by.State == Sent && x.config.Clock.Now().Before(giveUp) {
		if err := x.config.Clock.Wait(ctx, takenPoll); err != nil {
			return Result{}, fmt.Errorf("waiting for an equal request: %w", err)
		}
		row, err := x.config.Ledger.Extension(ctx, by.ID)
		if err != nil {
			return Result{}, fmt.Errorf("%w: %w", ErrNotWritten, err)
		}
		by = row
	}
	result := resultOf(by)
	result.Meeting = request.Meeting
	if !by.After.IsZero() {
		result.Meeting.End = by.After
	}
	return result, nil
}
