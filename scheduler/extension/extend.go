package extension

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/overtime-bot/overtime/meeting"
)

// Extend claims the run, reads its end, compares, writes down, sends, and reads back. An error
// means that nothing was sent: ErrNotWritten for the store, else what reading the meeting gave.
func (x *Extender) Extend(ctx context.Context, request Request) (Result, error) {
	if limit := x.config.MaxMinutes; limit > 0 && max(request.Minutes, request.Each) > limit && request.Origin != FromApproval {
		return tooMany(ctx, request, limit, x.Left)
	}
	row, answered, err := x.claim(ctx, request)
	if err != nil {
		return Result{}, err
	}
	if answered != nil {
		return *answered, nil
	}
	defer x.underway.begin(row.ID)()
	x.config.Observe(row)
	if row.Attempt > 1 && row.Key == row.Envelope {
		if result, done, err := x.settledBefore(ctx, row); done || err != nil {
			return result, err
		}
	}
	awaited, err := awaitedBefore(ctx, request, row, x.config.Ledger)
	if err != nil {
		x.drop(ctx, row, reasonNotSent)
		return Result{}, err
	}
	booked := lookAhead(ctx, request, x.config.Booked, &x.reads.work)
	claimed := row // the row changes while it is prepared
	x.reads.work.Go(func() { prepare(ctx, claimed, x.config) })
	now, err := x.reads.fresh(ctx, row.MeetingID)
	if result, stop, err := x.compare(ctx, request, row, awaited, now, err); stop {
		return result, err
	}
	next := booked.await(ctx)
	row, result, err := x.fit(ctx, row, now, next.Start)
	if result == nil && err == nil {
		var sent Result
		sent, err = x.send(ctx, row, now)
		result = &sent
	}
	if err != nil {
		return Result{}, err
	}
	result.Booked = next
	return *result, nil
}

// prepare fetches the token for the PUT while the end is read. It goes on when the caller leaves, as long as a PUT may last:
// others wait for the same token.
func prepare(ctx context.Context, row Extension, config Config) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), config.Timeout)
	defer cancel()
	err := Survive("preparing an extension", func() error { return config.Prepare(ctx, row.MeetingID, time.Time{}) })
	if err != nil {
		config.Logger.DebugContext(ctx, "an extension goes without having been prepared", "extension", row.ID, "error", err)
	}
}

// tooMany refuses what is more than the limit at once, and tells how much would be taken.
func tooMany(ctx context.Context, request Request, limit int, leftOf func(context.Context, string, Actor) (Left, error)) (Result, error) {
	row := request.row()
	if row.Platform { // what it adds counts against no limit
		return Result{Outcome: TooMany, Meeting: request.Meeting, Left: limit}, nil
	}
	left, err := leftOf(ctx, row.Run, row.Pays())
	if err != nil {
		return Result{}, fmt.Errorf("%w: %w", ErrNotWritten, err)
	}
	result := Result{Outcome: TooMany, Meeting: request.Meeting, Left: left.AtOnce, Limit: left.By}
	if left.AtOnce == 0 { // less would not be taken, either
		result.Outcome = Limited
	}
	return result, nil
}

// settledBefore ends a row whose very command was sent before and settled as anything but refused. Slack may repeat an
// envelope after its answer. It must not be sent again, though such a row frees its key for the buttons.
func (x *Extender) settledBefore(ctx context.Context, row Extension) (Result, bool, error) {
	rows, err := x.config.Ledger.Asked(ctx, row.Envelope)
	if err != nil {
		x.drop(ctx, row, reasonNotSent)
		return Result{}, false, fmt.Errorf("%w: %w", ErrNotWritten, err)
	}
	for _, earlier := range rows {
		if earlier.State == Unclear || earlier.State == Void {
			x.drop(ctx, row, reasonRepeated)
			return resultOf(earlier), true, nil
		}
	}
	return Result{}, false, nil
}

// awaitedBefore is what was accepted for the run, and is still to be read, before the end is read for the request: read after
// that, it could show just in between. Where no end was offered, the minutes count from whichever end there is.
func awaitedBefore(ctx context.Context, request Request, row Extension, records Records) (Extension, error) {
	if request.OfferedEnd.IsZero() {
		return Extension{}, nil
	}
	awaited, err := records.Awaited(ctx, row.Run)
	if err != nil {
		return Extension{}, fmt.Errorf("%w: %w", ErrNotWritten, err)
	}
	return awaited, nil
}

// compare looks at the end that was read after the claim: stop says that nothing is to be sent.
func (x *Extender) compare(
	ctx context.Context, request Request, row, awaited Extension, now meeting.Meeting, err error,
) (result Result, stop bool, _ error) {
	switch {
	case errors.Is(err, meeting.ErrNotFound), errors.Is(err, meeting.ErrNotRunning):
		row = x.drop(ctx, row, reasonRunOver)
		return Result{Outcome: Ended, Extension: row, Meeting: request.Meeting}, true, nil
	case err != nil:
		x.drop(ctx, row, reasonReadFailed)
		return Result{}, true, fmt.Errorf("reading the end of the meeting: %w", err)
	case RunOf(now) != row.Run:
		row = x.drop(ctx, row, reasonRunOver)
		return Result{Outcome: Ended, Extension: row, Meeting: now}, true, nil
	case !request.OfferedEnd.IsZero() && !now.End.Equal(request.OfferedEnd):
		row = x.drop(ctx, row, reasonMoved)
		return Result{Outcome: Moved, Extension: row, Meeting: now}, true, nil
	case awaited.ID != 0 && awaited.Outruns(now.End, x.config.Clock.Now()): // the offered end no longer counts
		row = x.drop(ctx, row, reasonBusy)
		return Result{Outcome: Busy, Extension: row, By: awaited, Meeting: now}, true, nil
	}
	return Result{}, false, nil
}

// send writes the target down, sends the one PUT, and turns its answer into the row's next state. The PUT's context
// ends before its deadline only with the process. Then the row is in doubt, and another replica settles it.
func (x *Extender) send(ctx context.Context, row Extension, now meeting.Meeting) (Result, error) {
	aimed := row
	aimed.Before = now.End
	if !row.Platform {
		aimed.Target = now.End.Add(time.Duration(row.Minutes) * time.Minute)
	}
	// The deadline is anchored before the row's own time is written: nobody settles the row sooner.
	aiming := x.config.Clock.Now()
	sending, cancel := context.WithTimeout(ctx, x.config.Timeout)
	defer cancel()
	if err := x.config.Ledger.Aim(ctx, row.ID, aimed.Before, aimed.Target, x.config.Timeout+settleMargin); err != nil {
		row = x.drop(ctx, row, reasonNotSent)
		if errors.Is(err, ErrMoved) {
			return Result{Outcome: resultOf(row).Outcome, Extension: row, Meeting: now}, nil
		}
		return Result{}, fmt.Errorf("%w: %w", ErrNotWritten, err)
	}
	var err error
	sending = meeting.NoteRequestID(sending, &aimed.RequestID)
	if row.Platform {
		err = x.config.Meetings.AutoExtend(sending, row.MeetingID, row.Each)
	} else {
		err = x.config.Meetings.Extend(sending, row.MeetingID, row.Minutes)
	}
	switch {
	case err == nil && row.Platform:
		return x.move(ctx, aimed, Confirmed, Ending{After: now.End}, now, nil), nil
	case err == nil:
		return x.succeeded(ctx, aimed, now, aiming), nil
	case errors.Is(err, meeting.ErrAmbiguous):
		return x.move(ctx, aimed, Unknown, Ending{Reason: reasonAmbiguous, SettleIn: x.config.Timeout + settleMargin}, now, err), nil
	default:
		x.reads.outdate(row.MeetingID) // the password that was known may be the wrong one
		return x.move(ctx, aimed, Refused, Ending{Reason: ReasonRefused}, now, err), nil
	}
}

// succeeded reads the end back after a 200, until it is at or past the target, or gives it to the timer. Where reading
// could last beyond the row's time to be settled, the yes is written down first: the timer of another replica would take
// a list that lags for an extension that failed.
func (x *Extender) succeeded(ctx context.Context, row Extension, now meeting.Meeting, aimed time.Time) Result {
	yes := x.config.Clock.Now()
	if yes.Sub(aimed)+readBackFor+time.Second > x.config.Timeout+settleMargin {
		accepted := x.move(ctx, row, Accepted, Ending{Reason: reasonNotRead, SettleIn: recheckEvery}, now, nil)
		if accepted.Outcome != DidAccept {
			return accepted
		}
		row = accepted.Extension
	}
	pause := 200 * time.Millisecond
	for {
		reading, cancel := context.WithTimeout(ctx, readBackFor-x.config.Clock.Now().Sub(yes))
		read, err := x.reads.fresh(reading, row.MeetingID)
		cancel()
		passed := x.config.Clock.Now().Sub(yes)
		if err == nil && RunOf(read) == row.Run {
			now = read
			if !now.End.Before(row.Target) {
				x.lag.saw(passed)
				return x.move(ctx, row, Confirmed, Ending{After: now.End}, now, nil)
			}
		}
		over := passed+pause > readBackFor
		if over && err == nil {
			x.lag.saw(readBackFor) // at least
		}
		if over || x.config.Clock.Wait(ctx, pause) != nil {
			return x.move(ctx, row, Accepted, Ending{After: now.End, Reason: reasonNotRead, SettleIn: recheckEvery}, now, err)
		}
		pause = min(2*pause, time.Second)
	}
}

// drop ends a row that was never sent.
func (x *Extender) drop(ctx context.Context, row Extension, reason string) Extension {
	return x.move(ctx, row, Refused, Ending{Reason: reason}, meeting.Meeting{}, nil).Extension
}

// move writes the outcome down. When that fails, or another replica settled the row meanwhile, it tells what is
// stored, with the end that is stored, and leaves the rest to the timer.
func (x *Extender) move(ctx context.Context, row Extension, to State, ending Ending, now meeting.Meeting, cause error) Result {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), storePatience)
	defer cancel()
	// Nobody waits for the answer of a look: its channel is owed a notice.
	ending.RequestID = row.RequestID
	ending.Tell = row.Origin == FromTick && (to == Confirmed || to == Refused)
	moved, err := x.config.Ledger.Move(ctx, row.ID, row.State, to, ending)
	if errors.Is(err, ErrMoved) {
		if moved, err = x.config.Ledger.Extension(ctx, row.ID); !moved.After.IsZero() {
			now.End = moved.After
		}
	}
	if err != nil {
		x.config.Logger.ErrorContext(ctx, "the outcome of an extension was not written down; its timer settles it",
			"extension", row.ID, "meeting", row.MeetingID, "outcome", to, "error", err)
		return Result{Outcome: NotKnown, Extension: row, Meeting: now, Err: cause}
	}
	x.config.Observe(moved)
	return Result{Outcome: resultOf(moved).Outcome, Extension: moved, Meeting: now, Err: cause}
}
