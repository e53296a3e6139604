package extension

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// claim inserts the row, waiting a little for a run that someone else holds. A result means that it is answered.
func (x *Extender) claim(ctx context.Context, request Request) (Extension, *Result, error) {
	giveUp := x.config.Clock.Now().Add(takenPatience)
	for {
		row, err := x.config.Ledger.Claim(ctx, rowOf(request), x.config.Limits, x.config.Timeout+settleMargin)
		var taken *TakenError
		if !errors.As(err, &taken) {
			result, err := claimed(request, err)
			return row, result, err
		}
		if equal(request, taken.By) {
			result, err := x.joined(ctx, request, taken.By)
			return Extension{}, &result, err
		}
		if !x.config.Clock.Now().Before(giveUp) {
			return Extension{}, &Result{Outcome: Busy, By: taken.By, Meeting: request.Meeting}, nil
		}
		if err := x.config.Clock.Wait(ctx, takenPoll); err != nil {
			return Extension{}, nil, fmt.Errorf("waiting for the run: %w", err)
		}
	}
}

// claimed turns what the store said of a claim into an answer, or an error; it is neither where the row was stored.
func claimed(request Request, err error) (*Result, error) {
	var duplicate *DuplicateError
	var limit *LimitError
	switch {
	case err == nil:
		return nil, nil
	case errors.As(err, &duplicate):
		return &Result{Outcome: Already, By: duplicate.Of, Meeting: request.Meeting}, nil
	case errors.As(err, &limit):
		return &Result{Outcome: Limited, Limit: limit.Limit, Left: limit.Left, Meeting: request.Meeting}, nil
	default:
		return nil, fmt.Errorf("%w: %w", ErrNotWritten, err)
	}
}

func rowOf(request Request) Extension {
	row := Extension{
		Key: request.Key, Envelope: request.Envelope,
		Run: RunOf(request.Meeting), MeetingID: request.Meeting.ID,
		Origin: request.Origin, Actor: request.Actor, RuleOf: request.RuleOf,
		Minutes: request.Minutes, Platform: request.Platform,
	}
	if request.Platform {
		row.Minutes = 0
	}
	return row
}

// equal says that a typed command wishes the same as one of the same person that is still under way.
func equal(request Request, by Extension) bool {
	return request.Origin == FromCommand && by.Origin == FromCommand && request.Actor == by.Actor &&
		request.Minutes == by.Minutes && request.Platform == by.Platform
}

// joined waits until an equal request is no longer being carried out, and tells its result.
func (x *Extender) joined(ctx context.Context, request Request, by Extension) (Result, error) {
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
	now := request.Meeting
	if !by.After.IsZero() {
		now.End = by.After
	}
	return Result{Outcome: outcomeOf(by.State), Extension: by, Meeting: now, Joined: true}, nil
}

// lagSeen is the longest list lag that this process has seen.
func (x *Extender) lagSeen() time.Duration { return time.Duration(x.lag.Load()) }
