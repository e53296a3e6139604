package extension

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/overtime-bot/overtime/meeting"
)

// Request is one wish to extend a running meeting.
type Request struct {
	Key      string          // the envelope of a command; run and offered end of a button or a tick
	Envelope string          // the envelope that the answer goes to
	Meeting  meeting.Meeting // as it was found, and as the actor was authorised for it
	Origin   Origin
	Actor    Actor
	RuleOf   string // of the rule, from the tick
	Minutes  int
	Platform bool // hand it to the platform; Minutes is not used
	// OfferedEnd is the end that the request was made for: if it has moved, nothing is sent. Zero for a
	// typed number of minutes, which counts from whatever the end is.
	OfferedEnd time.Time
}

// Outcome is how a request ended, for now.
type Outcome string

// The outcomes. Those with the name of a State say that a row was stored and stands in it.
const (
	DidConfirm Outcome = "confirmed" // read back
	DidAccept  Outcome = "accepted"  // the service said yes; not yet read
	DidRefuse  Outcome = "refused"   // no effect: Result.Err says why
	NotKnown   Outcome = "unknown"   // not confirmed yet; a notice follows
	NoEffect   Outcome = "void"      // settled as not done, while the request waited
	NotClear   Outcome = "unclear"   // settled as something else, while the request waited

	Busy    Outcome = "busy"    // Result.By holds the run
	Already Outcome = "already" // Result.By did the same before
	Moved   Outcome = "moved"   // the end is not the offered one any more
	Ended   Outcome = "ended"   // the run is over
	TooMany Outcome = "too-many"
	Limited Outcome = "limited" // Result.Limit and Left say which limit and what is left
)

// Result is what Extend did.
type Result struct {
	Outcome   Outcome
	Extension Extension       // the row, where one was stored
	Meeting   meeting.Meeting // as it was read last
	By        Extension       // Busy and Already: whose
	Limit     Limit           // Limited
	Left      int             // minutes left: TooMany and Limited
	Joined    bool            // the answer is that of an equal request of the same person
	Err       error           // DidRefuse: what the service, or the way to it, said
}

// ErrNotWritten says that the store did not take what must be written down first: nothing was sent.
var ErrNotWritten = errors.New("could not be written down")

// Reasons of rows.
const (
	reasonRunOver     = "run over"
	reasonMoved       = "end moved"
	reasonReadFailed  = "end could not be read"
	reasonNotAimed    = "cut off before it was sent"
	reasonAmbiguous   = "outcome not known"
	ReasonRefused     = "refused by the service"
	reasonNotSent     = "not sent"
	reasonNotRead     = "target not read yet"
	reasonRepeated    = "settled before"
	reasonUnchanged   = "end unchanged"
	reasonOtherEnd    = "end moved otherwise"
	reasonProlongs    = "platform extends it itself"
	reasonRunEnded    = "run ended before it was known"
	reasonNeverKnown  = "could not be read in time"
	reasonNeverTarget = "target was never read"

	reasonAcceptedOver = "run ended before the target was read"
)

// Extend claims the run, reads its end, compares, writes down, sends, and reads back: design section 3. An error
// means that nothing was sent: ErrNotWritten for the store, else what reading the meeting gave.
func (x *Extender) Extend(ctx context.Context, request Request) (Result, error) {
	if limit := x.config.MaxMinutes; limit > 0 && request.Minutes > limit {
		return Result{Outcome: TooMany, Meeting: request.Meeting, Left: limit}, nil
	}
	row, result, err := x.claim(ctx, request)
	if err != nil || result != nil {
		return resultOr(result), err
	}
	x.begin(row.ID)
	defer x.end(row.ID)
	x.config.Observe(row)
	if row.Attempt > 1 {
		if before, err := x.settledBefore(ctx, row); before != nil || err != nil {
			return resultOr(before), err
		}
	}
	return x.act(ctx, request, row)
}

// settledBefore ends a row whose very command was sent before and settled as anything but refused: an envelope that
// Slack repeats after its answer must not be sent again, though such a row frees its key for the buttons.
func (x *Extender) settledBefore(ctx context.Context, row Extension) (*Result, error) {
	if row.Envelope == "" || row.Key != row.Envelope {
		return nil, nil
	}
	rows, err := x.config.Ledger.Asked(ctx, row.Envelope)
	if err != nil {
		x.drop(ctx, row, reasonNotSent)
		return nil, fmt.Errorf("%w: %w", ErrNotWritten, err)
	}
	for _, earlier := range rows {
		if earlier.State == Unclear || earlier.State == Void {
			x.drop(ctx, row, reasonRepeated)
			result := standing(earlier)
			return &result, nil
		}
	}
	return nil, nil
}

func resultOr(result *Result) Result {
	if result == nil {
		return Result{}
	}
	return *result
}

// act carries out a claimed row.
func (x *Extender) act(ctx context.Context, request Request, row Extension) (Result, error) {
	now, err := x.reads.fresh(ctx, row.MeetingID)
	if result, stop, err := x.compare(ctx, request, row, now, err); stop {
		return result, err
	}
	row.Before = now.End
	if !row.Platform {
		row.Target = now.End.Add(time.Duration(row.Minutes) * time.Minute)
	}
	// The deadline is anchored before the row's own time is written: whoever settles the row comes later.
	aiming := x.config.Clock.Now()
	sendBy, cancel := context.WithTimeout(ctx, x.config.Timeout)
	defer cancel()
	if err := x.config.Ledger.Aim(ctx, row.ID, row.Before, row.Target, x.config.Timeout+settleMargin); err != nil {
		return x.notAimed(ctx, row, now, err)
	}
	err = x.send(sendBy, row)
	return x.conclude(ctx, row, now, aiming, err), nil
}

// compare looks at the end that was read after the claim: stop says that nothing is to be sent.
func (x *Extender) compare(ctx context.Context, request Request, row Extension, now meeting.Meeting, err error) (Result, bool, error) {
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
	}
	return Result{}, false, nil
}

// send is the one PUT. ctx has the deadline of the row; it ends earlier only with the process, and then the row is
// in doubt, and settled by whoever lives.
func (x *Extender) send(ctx context.Context, row Extension) error {
	if row.Platform {
		return x.config.Meetings.AutoExtend(ctx, row.MeetingID, 0)
	}
	return x.config.Meetings.Extend(ctx, row.MeetingID, row.Minutes)
}

// conclude turns the answer to the PUT into the row's next state. The row was aimed just before.
func (x *Extender) conclude(ctx context.Context, row Extension, now meeting.Meeting, aimed time.Time, err error) Result {
	switch {
	case err == nil && row.Platform:
		return x.move(ctx, row, Confirmed, Ending{After: now.End}, now, nil)
	case err == nil:
		return x.succeeded(ctx, row, now, aimed)
	case errors.Is(err, meeting.ErrAmbiguous):
		return x.move(ctx, row, Unknown, Ending{Reason: reasonAmbiguous, SettleIn: x.config.Timeout + settleMargin}, now, err)
	default:
		return x.move(ctx, row, Refused, Ending{Reason: ReasonRefused}, now, err)
	}
}

// succeeded reads the end back after a 200. Where that could last beyond the row's time to be settled, the yes is
// written down first: the timer of another replica would take a list that lags for an extension that failed.
func (x *Extender) succeeded(ctx context.Context, row Extension, now meeting.Meeting, aimed time.Time) Result {
	yes := x.config.Clock.Now()
	if yes.Sub(aimed)+readBackFor+time.Second > x.config.Timeout+settleMargin {
		accepted := x.move(ctx, row, Accepted, Ending{Reason: reasonNotRead, SettleIn: recheckEvery}, now, nil)
		if accepted.Outcome != DidAccept {
			return accepted
		}
		row = accepted.Extension
	}
	return x.readBack(ctx, row, now, yes)
}

// readBack reads until the end is at or past the target, or gives it to the timer some time after the yes.
func (x *Extender) readBack(ctx context.Context, row Extension, now meeting.Meeting, yes time.Time) Result {
	pause := 200 * time.Millisecond
	for {
		read, err := x.readWithin(ctx, row.MeetingID, readBackFor-x.config.Clock.Now().Sub(yes))
		if err == nil && RunOf(read) == row.Run {
			now = read
			if !now.End.Before(row.Target) {
				x.sawLag(x.config.Clock.Now().Sub(yes))
				return x.move(ctx, row, Confirmed, Ending{After: now.End}, now, nil)
			}
		}
		over := x.config.Clock.Now().Sub(yes)+pause > readBackFor
		if over && err == nil {
			x.sawLag(readBackFor) // at least
		}
		if over || x.config.Clock.Wait(ctx, pause) != nil {
			return x.move(ctx, row, Accepted, Ending{After: now.End, Reason: reasonNotRead, SettleIn: recheckEvery}, now, err)
		}
		pause = min(2*pause, time.Second)
	}
}

// readWithin is a fresh read that a person can wait for.
func (x *Extender) readWithin(ctx context.Context, id string, limit time.Duration) (meeting.Meeting, error) {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	return x.reads.fresh(ctx, id)
}

// move writes the outcome down. When that fails, or another replica settled the row meanwhile, it tells what is
// stored, and leaves the rest to the timer.
func (x *Extender) move(ctx context.Context, row Extension, to State, ending Ending, now meeting.Meeting, cause error) Result {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), storePatience)
	defer cancel()
	// Nobody waits for the answer of the tick: what it did is owed to the channel until that is told.
	ending.Tell = row.Origin == FromTick && (to == Confirmed || to == Refused)
	moved, err := x.config.Ledger.Move(ctx, row.ID, row.State, to, ending)
	if errors.Is(err, ErrMoved) {
		moved, err = x.config.Ledger.Extension(ctx, row.ID)
	}
	if err != nil {
		x.config.Logger.ErrorContext(ctx, "the outcome of an extension was not written down; its timer settles it",
			"extension", row.ID, "meeting", row.MeetingID, "outcome", to, "error", err)
		return Result{Outcome: NotKnown, Extension: row, Meeting: now, Err: cause}
	}
	moved.Added = row.Added
	x.config.Observe(moved)
	return Result{Outcome: outcomeOf(moved.State), Extension: moved, Meeting: now, Err: cause}
}

// drop ends a row that was never sent.
func (x *Extender) drop(ctx context.Context, row Extension, reason string) Extension {
	return x.move(ctx, row, Refused, Ending{Reason: reason}, meeting.Meeting{}, nil).Extension
}

// notAimed ends a row whose target was not written down: nothing was sent, nor will be.
func (x *Extender) notAimed(ctx context.Context, row Extension, now meeting.Meeting, err error) (Result, error) {
	row.Before, row.Target = time.Time{}, time.Time{}
	dropped := x.drop(ctx, row, reasonNotSent)
	if errors.Is(err, ErrMoved) {
		return Result{Outcome: outcomeOf(dropped.State), Extension: dropped, Meeting: now}, nil
	}
	return Result{}, fmt.Errorf("%w: %w", ErrNotWritten, err)
}

func outcomeOf(state State) Outcome {
	if state == Sent {
		return NotKnown
	}
	return Outcome(state)
}

// sawLag keeps the longest time that the service took to show what it had accepted, as far as settling can wait for.
func (x *Extender) sawLag(lag time.Duration) {
	lag = min(lag, longestLag)
	for {
		longest := x.lag.Load()
		if int64(lag) <= longest || x.lag.CompareAndSwap(longest, int64(lag)) {
			return
		}
	}
}
