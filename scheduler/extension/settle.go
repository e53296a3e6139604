package extension

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/overtime-bot/overtime/meeting"
	"golang.org/x/sync/errgroup"
)

const (
	settleLook     = 5 * time.Second  // how often the timer looks for rows that other processes left
	settleTogether = 16               // rows settled at the same time
	settleAgain    = 5 * time.Second  // after a reading that failed or moved under the eyes
	tellWithin     = 5 * time.Minute  // before it is tried again, by any replica
	longestLag     = 10 * time.Second // of the list, that settling reckons with: its two readings are twice that apart

	inboxForgets = 25 * time.Minute // a little less than the 30 minutes after which an envelope's payload is erased
)

// Run settles what is in doubt until ctx ends, and then waits for what it began.
func (x *Extender) Run(ctx context.Context) error {
	defer x.reads.work.Wait()
	defer x.config.Outbox.Wait()
	for ctx.Err() == nil {
		if err := x.settleDue(ctx); err != nil && ctx.Err() == nil {
			x.config.Logger.ErrorContext(ctx, "settling extensions", "error", err)
		}
		_ = x.config.Clock.Wait(ctx, x.untilNext(ctx)) // the loop's condition sees the end of ctx
	}
	return nil
}

// untilNext is how long the timer may sleep.
func (x *Extender) untilNext(ctx context.Context) time.Duration {
	next, waiting, err := x.config.Ledger.NextSettle(ctx)
	if err != nil || !waiting {
		return settleLook
	}
	return max(readApart, min(next, settleLook))
}

// Settle settles what is due now, by reading, and returns when people were told. Rows that this process is still working
// on are left alone.
func (x *Extender) Settle(ctx context.Context) error {
	err := x.settleDue(ctx)
	x.config.Outbox.Wait()
	return err
}

func (x *Extender) settleDue(ctx context.Context) error {
	due, err := x.config.Ledger.Due(ctx, 10*settleTogether)
	if err != nil {
		return fmt.Errorf("looking for extensions to settle: %w", err)
	}
	var group errgroup.Group
	group.SetLimit(settleTogether)
	for _, row := range due {
		if !x.mine(row.ID) {
			group.Go(func() error { return Survive(named(row), func() error { return x.settle(ctx, row) }) })
		}
	}
	return errors.Join(group.Wait(), x.tellOwed(ctx))
}

func named(row Extension) string { return fmt.Sprintf("extension %d", row.ID) }

// tellOwed tells what others settled and did not live to tell.
func (x *Extender) tellOwed(ctx context.Context) error {
	owed, err := x.config.Ledger.Owed(ctx, tellWithin, settleTogether)
	if err != nil {
		return fmt.Errorf("looking for people who wait to be told: %w", err)
	}
	for _, row := range owed {
		x.Tell(ctx, row, meeting.Meeting{ID: row.MeetingID, End: row.After})
	}
	return nil
}

// settle moves one due row on.
func (x *Extender) settle(ctx context.Context, row Extension) error {
	if row.Before.IsZero() {
		return x.giveUp(ctx, row)
	}
	now, readings, err := x.readTwice(ctx, row)
	if ctx.Err() != nil {
		return nil // the row stays due, for the next start or another replica
	}
	judged := judge(row, readings, x.late(row))
	if row.State == Accepted && judged.state == Confirmed {
		x.sawLag(x.config.Clock.Now().Sub(row.CreatedAt)) // at most
	}
	if err != nil && judged.state == row.State {
		x.config.Logger.WarnContext(ctx, "an extension cannot be settled yet", "extension", row.ID, "meeting", row.MeetingID, "error", err)
	}
	return x.settled(ctx, row, judged, now)
}

// giveUp closes a row that was never sent. Its envelope is left undone in the inbox, and whoever takes that over does
// the wish anew or tells that nothing was done: told here as well, the one would contradict the other. Only a person
// whom the inbox forgets is told from here.
func (x *Extender) giveUp(ctx context.Context, row Extension) error {
	forgotten := row.Envelope == "" || x.config.Clock.Now().Sub(row.CreatedAt) > inboxForgets
	moved, err := x.config.Ledger.Abandon(ctx, row.ID, Ending{Reason: reasonNotAimed, Tell: forgotten})
	if err == nil && !forgotten {
		x.config.Observe(moved)
		return nil
	}
	return x.ended(ctx, moved, err, meeting.Meeting{ID: row.MeetingID})
}

// late says that the row has waited for as long as a row may.
func (x *Extender) late(row Extension) bool {
	return row.SettleAt.Sub(row.CreatedAt) > x.config.Timeout+settleMargin+watchFor
}

// readings is what was seen of a row's run.
type readings struct {
	over         bool // the run has ended
	steady       bool // two readings a second apart were equal; one is enough for an accepted row
	end          time.Time
	prolongsSelf bool
}

// readTwice reads the run's end, and for a row in doubt once more a second later.
func (x *Extender) readTwice(ctx context.Context, row Extension) (meeting.Meeting, readings, error) {
	first, over, err := x.readRun(ctx, row)
	if err != nil || over || row.State == Accepted {
		return first, readings{over: over, steady: err == nil, end: first.End}, err
	}
	if err := x.config.Clock.Wait(ctx, x.apart(row, first)); err != nil {
		return first, readings{}, err
	}
	second, over, err := x.readRun(ctx, row)
	return second, readings{
		over:   over,
		steady: err == nil && second.End.Equal(first.End), end: second.End,
		prolongsSelf: second.ProlongMinutes > 0,
	}, err
}

// apart is how long after the first reading the second follows. A list that lags behind shows an end that was, and
// never the target before its time.
func (x *Extender) apart(row Extension, first meeting.Meeting) time.Duration {
	if first.End.Equal(row.Target) {
		return readApart
	}
	return max(readApart, 2*x.lagSeen())
}

func (x *Extender) readRun(ctx context.Context, row Extension) (now meeting.Meeting, over bool, err error) {
	now, err = x.reads.fresh(ctx, row.MeetingID)
	if errors.Is(err, meeting.ErrNotFound) || errors.Is(err, meeting.ErrNotRunning) {
		return meeting.Meeting{ID: row.MeetingID}, true, nil
	}
	if err != nil {
		return meeting.Meeting{ID: row.MeetingID}, false, err
	}
	return now, RunOf(now) != row.Run, nil
}

// verdict is what becomes of a row: its own state again when it is to be looked at later.
type verdict struct {
	state  State
	reason string
	again  time.Duration
}

// judge decides by what was read; pure.
func judge(row Extension, seen readings, late bool) verdict {
	if row.State == Accepted {
		return judgeAccepted(row, seen, late)
	}
	switch {
	case seen.over:
		return verdict{state: Unclear, reason: reasonRunEnded}
	case !seen.steady && late:
		return verdict{state: Unclear, reason: reasonNeverKnown}
	case !seen.steady:
		return verdict{state: Unknown, reason: reasonAmbiguous, again: settleAgain}
	case row.Platform:
		return verdict{state: Unclear, reason: reasonProlongs}
	case seen.end.Equal(row.Target):
		return verdict{state: Confirmed}
	case !seen.end.Equal(row.Before):
		return verdict{state: Unclear, reason: reasonOtherEnd}
	case seen.prolongsSelf:
		return verdict{state: Unclear, reason: reasonProlongs}
	default:
		return verdict{state: Void, reason: reasonUnchanged}
	}
}

// judgeAccepted decides about a row that the service said yes to: it waits for its target, and is never sent again.
func judgeAccepted(row Extension, seen readings, late bool) verdict {
	switch {
	case !seen.over && seen.steady && !seen.end.Before(row.Target):
		return verdict{state: Confirmed}
	case seen.over:
		return verdict{state: Accepted, reason: reasonAcceptedOver}
	case late:
		return verdict{state: Accepted, reason: reasonNeverTarget}
	default:
		return verdict{state: Accepted, reason: row.Reason, again: recheckEvery}
	}
}

// settled writes a verdict down, and tells people when it ends the doubt.
func (x *Extender) settled(ctx context.Context, row Extension, v verdict, now meeting.Meeting) error {
	later := v.again > 0
	moved, err := x.config.Ledger.Move(ctx, row.ID, row.State, v.state, Ending{
		After: now.End, Reason: v.reason, SettleIn: v.again, Tell: !later,
	})
	if later && err == nil {
		return nil
	}
	return x.ended(ctx, moved, err, now)
}

// ended tells people of a row that was moved out of doubt, if it was this process that moved it.
func (x *Extender) ended(ctx context.Context, moved Extension, err error, now meeting.Meeting) error {
	if errors.Is(err, ErrMoved) {
		return nil // another replica was first, and tells
	}
	if err != nil {
		return fmt.Errorf("writing down how an extension ended: %w", err)
	}
	x.config.Observe(moved)
	x.Tell(ctx, moved, now)
	return nil
}

// Tell tells people how an extension came out, beside other work. Until that is noted, they are owed it, by any replica
// that is alive.
func (x *Extender) Tell(ctx context.Context, row Extension, now meeting.Meeting) {
	over := row.Reason == reasonRunEnded || row.Reason == reasonAcceptedOver
	x.config.Outbox.Put(ctx, func() {
		err := Survive(named(row), func() error {
			if err := x.config.Notifier.Settled(ctx, Notice{Extension: row, Meeting: now, Over: over}); err != nil {
				return fmt.Errorf("telling how extension %d ended: %w", row.ID, err)
			}
			return x.Told(ctx, row)
		})
		if err != nil && ctx.Err() == nil {
			x.config.Logger.ErrorContext(ctx, "telling how an extension ended", "extension", row.ID, "error", err)
		}
	})
}

// Told notes that nobody is owed a word about the row any more.
func (x *Extender) Told(ctx context.Context, row Extension) error {
	noting, cancel := context.WithTimeout(context.WithoutCancel(ctx), storePatience)
	defer cancel()
	if err := x.config.Ledger.Told(noting, row.ID); err != nil {
		return fmt.Errorf("noting that extension %d was told: %w", row.ID, err)
	}
	return nil
}
