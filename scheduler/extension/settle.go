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
	inboxForgets   = 25 * time.Minute // a little less than the 30 minutes after which an envelope's payload is erased
)

// Run settles what is in doubt until ctx ends, and then waits for what it began. It needs no lease and no schedule: two
// replicas may settle the same row, and the store lets one of them.
func (x *Extender) Run(ctx context.Context) error {
	defer x.reads.work.Wait()
	defer x.config.Outbox.Wait()
	for ctx.Err() == nil {
		if err := x.settleDue(ctx); err != nil && ctx.Err() == nil {
			x.config.Logger.ErrorContext(ctx, "settling extensions", "error", err)
		}
		pause := settleLook
		if next, waiting, err := x.config.Ledger.NextSettle(ctx); err == nil && waiting {
			pause = max(readApart, min(next, settleLook))
		}
		_ = x.config.Clock.Wait(ctx, pause) // the loop's condition sees the end of ctx
	}
	return nil
}

// Settle settles what is due now, by reading, and returns when people were told. It leaves rows alone that this process
// still works on.
func (x *Extender) Settle(ctx context.Context) error {
	err := x.settleDue(ctx)
	x.config.Outbox.Wait()
	return err
}

// settleDue settles what is due, and tells what others settled and did not live to tell.
func (x *Extender) settleDue(ctx context.Context) error {
	due, err := x.config.Ledger.Due(ctx, 10*settleTogether)
	if err != nil {
		return fmt.Errorf("looking for extensions to settle: %w", err)
	}
	var group errgroup.Group
	group.SetLimit(settleTogether)
	for _, row := range due {
		if !x.underway.has(row.ID) {
			group.Go(func() error { return Survive(named(row), func() error { return x.settle(ctx, row) }) })
		}
	}
	settled := group.Wait()
	owed, err := x.config.Ledger.Owed(ctx, tellWithin, settleTogether)
	if err != nil {
		err = fmt.Errorf("looking for people who wait to be told: %w", err)
	}
	for _, row := range owed {
		x.Tell(ctx, row, meeting.Meeting{ID: row.MeetingID, End: row.After})
	}
	return errors.Join(settled, err)
}

func named(row Extension) string { return fmt.Sprintf("extension %d", row.ID) }

// settle moves one due row on, and tells people when that ends the doubt.
func (x *Extender) settle(ctx context.Context, row Extension) error {
	if row.Before.IsZero() {
		return x.giveUp(ctx, row)
	}
	now, readings, err := x.readTwice(ctx, row)
	if ctx.Err() != nil {
		return nil // the row stays due, for the next start or another replica
	}
	watched := x.config.Timeout + settleMargin + watchFor
	if row.State == Void { // which was told some time after it was sent
		watched += time.Minute
	}
	late := row.SettleAt.Sub(row.CreatedAt) > watched
	judged := judge(row, readings, late)
	if row.State == Accepted && judged.state == Confirmed {
		x.lag.saw(x.config.Clock.Now().Sub(row.CreatedAt)) // at most
	}
	if err != nil && judged.state == row.State {
		x.config.Logger.WarnContext(ctx, "an extension cannot be settled yet", "extension", row.ID, "meeting", row.MeetingID, "error", err)
	}
	moved, err := x.config.Ledger.Move(ctx, row.ID, row.State, judged.state, Ending{
		After: now.End, Reason: judged.reason, SettleIn: judged.again, Tell: !judged.untold,
	})
	if row.State == Void && judged.state == Confirmed && errors.Is(err, ErrMoved) { // the run was extended otherwise since
		moved, err = x.config.Ledger.Move(ctx, row.ID, Void, Void, Ending{After: now.End, Reason: ReasonOtherEnd, Tell: true})
	}
	if err == nil && moved.isOver() {
		moved.Done().Log(ctx, x.config.Logger)
	}
	if judged.untold && err == nil {
		return nil
	}
	return x.ended(ctx, moved, err, now)
}

// giveUp closes a row that was never sent. Its envelope is left undone in the inbox. The inbox does the wish again, or
// tells that nothing was done; a word from here would contradict that. Only a person whom the inbox forgets is told from
// here.
func (x *Extender) giveUp(ctx context.Context, row Extension) error {
	forgotten := row.Envelope == "" || x.config.Clock.Now().Sub(row.CreatedAt) > inboxForgets
	moved, err := x.config.Ledger.Abandon(ctx, row.ID, Ending{Reason: reasonNotAimed, Tell: forgotten})
	if err == nil && !forgotten {
		x.config.Observe(moved)
		return nil
	}
	if err == nil && row.Envelope != "" {
		moved.Done().Log(ctx, x.config.Logger)
	}
	return x.ended(ctx, moved, err, meeting.Meeting{ID: row.MeetingID})
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

// readTwice reads the run's end, and for a row in doubt once more a second later. A list that lags shows an end from
// before, and never the target too soon: where the first reading is another end, the second waits out the lag.
func (x *Extender) readTwice(ctx context.Context, row Extension) (meeting.Meeting, readings, error) {
	first, over, err := x.readRun(ctx, row)
	if err != nil || over || row.State == Accepted || row.State == Void {
		return first, readings{over: over, steady: err == nil, end: first.End}, err
	}
	apart := readApart
	if !first.End.Equal(row.Target) {
		apart = max(readApart, 2*x.lag.seen())
	}
	if err := x.config.Clock.Wait(ctx, apart); err != nil {
		return first, readings{}, err
	}
	second, over, err := x.readRun(ctx, row)
	return second, readings{
		over:   over,
		steady: err == nil && second.End.Equal(first.End), end: second.End,
		prolongsSelf: second.ProlongMinutes > 0,
	}, err
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

// Told notes that nobody is owed a word about the row now.
func (x *Extender) Told(ctx context.Context, row Extension) error {
	noting, cancel := context.WithTimeout(context.WithoutCancel(ctx), storePatience)
	defer cancel()
	if err := x.config.Ledger.Told(noting, row.ID); err != nil {
		return fmt.Errorf("noting that extension %d was told: %w", row.ID, err)
	}
	return nil
}
