package scheduler

import (
	"context"
	"errors"
	"fmt"
	"sync"
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

// Run settles what is in doubt, and looks at the meetings as the schedule says, until ctx ends.
func (s *Scheduler) Run(ctx context.Context) error {
	defer s.reads.work.Wait()
	var loops sync.WaitGroup
	loops.Go(func() { s.runSettling(ctx) })
	if s.automation != nil {
		defer s.automation.outbox.work.Wait()
		loops.Go(func() { s.runTicks(ctx) })
		loops.Go(func() { s.runChanges(ctx) })
	}
	loops.Wait()
	return nil
}

// runSettling settles what is due, whoever wrote it. It needs no lease and no schedule: two replicas may settle the
// same row, and the store lets one of them.
func (s *Scheduler) runSettling(ctx context.Context) {
	for ctx.Err() == nil {
		if err := s.Settle(ctx); err != nil && ctx.Err() == nil {
			s.config.Logger.ErrorContext(ctx, "settling extensions", "error", err)
		}
		_ = s.config.Clock.Wait(ctx, s.untilNext(ctx)) // the loop's condition sees the end of ctx
	}
}

// untilNext is how long the timer may sleep.
func (s *Scheduler) untilNext(ctx context.Context) time.Duration {
	next, waiting, err := s.config.Store.NextSettle(ctx)
	if err != nil || !waiting {
		return settleLook
	}
	return max(readApart, min(next, settleLook))
}

// Settle settles what is due now, by reading. Rows that this process is still working on are left alone.
func (s *Scheduler) Settle(ctx context.Context) error {
	due, err := s.config.Store.Due(ctx, 10*settleTogether)
	if err != nil {
		return fmt.Errorf("looking for extensions to settle: %w", err)
	}
	var group errgroup.Group
	group.SetLimit(settleTogether)
	for _, row := range due {
		if !s.mine(row.ID) {
			group.Go(func() error { return survive(named(row), func() error { return s.settle(ctx, row) }) })
		}
	}
	return errors.Join(group.Wait(), s.tellOwed(ctx))
}

// survive turns a panic over one piece of work into an error: it is still due, and must not end the process again and
// again.
func survive(what string, do func() error) (err error) {
	defer func() {
		if value := recover(); value != nil {
			err = fmt.Errorf("%s: panic: %v", what, value)
		}
	}()
	return do()
}

func named(row Extension) string { return fmt.Sprintf("extension %d", row.ID) }

// tellOwed tells what others settled and did not live to tell.
func (s *Scheduler) tellOwed(ctx context.Context) error {
	owed, err := s.config.Store.Owed(ctx, tellWithin, settleTogether)
	if err != nil {
		return fmt.Errorf("looking for people who wait to be told: %w", err)
	}
	var group errgroup.Group
	for _, row := range owed {
		group.Go(func() error {
			return survive(named(row), func() error { return s.tell(ctx, row, meeting.Meeting{ID: row.MeetingID, End: row.After}) })
		})
	}
	return group.Wait()
}

// settle moves one due row on.
func (s *Scheduler) settle(ctx context.Context, row Extension) error {
	if row.Before.IsZero() {
		return s.giveUp(ctx, row)
	}
	now, readings, err := s.readTwice(ctx, row)
	if ctx.Err() != nil {
		return nil // the row stays due, for the next start or another replica
	}
	judged := judge(row, readings, s.late(row))
	if row.State == Accepted && judged.state == Confirmed {
		s.sawLag(s.config.Clock.Now().Sub(row.CreatedAt)) // at most
	}
	if err != nil && judged.state == row.State {
		s.config.Logger.WarnContext(ctx, "an extension cannot be settled yet", "extension", row.ID, "meeting", row.MeetingID, "error", err)
	}
	return s.settled(ctx, row, judged, now)
}

// giveUp closes a row that was never sent. Its envelope is left undone in the inbox, and whoever takes that over does
// the wish anew or tells that nothing was done: told here as well, the one would contradict the other. Only a person
// whom the inbox forgets is told from here.
func (s *Scheduler) giveUp(ctx context.Context, row Extension) error {
	forgotten := row.Envelope == "" || s.config.Clock.Now().Sub(row.CreatedAt) > inboxForgets
	moved, err := s.config.Store.Abandon(ctx, row.ID, Ending{Reason: reasonNotAimed, Tell: forgotten})
	if err == nil && !forgotten {
		s.observe(moved)
		return nil
	}
	return s.ended(ctx, moved, err, meeting.Meeting{ID: row.MeetingID})
}

// late says that the row has waited for as long as a row may.
func (s *Scheduler) late(row Extension) bool {
	return row.SettleAt.Sub(row.CreatedAt) > s.config.Timeout+settleMargin+watchFor
}

// readings is what was seen of a row's run.
type readings struct {
	over         bool // the run has ended
	steady       bool // two readings a second apart were equal; one is enough for an accepted row
	end          time.Time
	prolongsSelf bool
}

// readTwice reads the run's end, and for a row in doubt once more a second later.
func (s *Scheduler) readTwice(ctx context.Context, row Extension) (meeting.Meeting, readings, error) {
	first, over, err := s.readRun(ctx, row)
	if err != nil || over || row.State == Accepted {
		return first, readings{over: over, steady: err == nil, end: first.End}, err
	}
	if err := s.config.Clock.Wait(ctx, s.apart(row, first)); err != nil {
		return first, readings{}, err
	}
	second, over, err := s.readRun(ctx, row)
	return second, readings{
		over:   over,
		steady: err == nil && second.End.Equal(first.End), end: second.End,
		prolongsSelf: second.ProlongMinutes > 0,
	}, err
}

// apart is how long after the first reading the second follows. A list that lags behind shows an end that was, and
// never the target before its time.
func (s *Scheduler) apart(row Extension, first meeting.Meeting) time.Duration {
	if first.End.Equal(row.Target) {
		return readApart
	}
	return max(readApart, 2*s.lagSeen())
}

func (s *Scheduler) readRun(ctx context.Context, row Extension) (now meeting.Meeting, over bool, err error) {
	now, err = s.reads.fresh(ctx, row.MeetingID)
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
func (s *Scheduler) settled(ctx context.Context, row Extension, v verdict, now meeting.Meeting) error {
	later := v.again > 0
	moved, err := s.config.Store.Move(ctx, row.ID, row.State, v.state, Ending{
		After: now.End, Reason: v.reason, SettleIn: v.again, Tell: !later,
	})
	if later && err == nil {
		return nil
	}
	return s.ended(ctx, moved, err, now)
}

// ended tells people of a row that was moved out of doubt, if it was this process that moved it.
func (s *Scheduler) ended(ctx context.Context, moved Extension, err error, now meeting.Meeting) error {
	if errors.Is(err, ErrMoved) {
		return nil // another replica was first, and tells
	}
	if err != nil {
		return fmt.Errorf("writing down how an extension ended: %w", err)
	}
	s.observe(moved)
	return s.tell(ctx, moved, now)
}

// tell tells people how an extension came out. Until that is noted, they are owed it, by whatever replica is alive.
func (s *Scheduler) tell(ctx context.Context, row Extension, now meeting.Meeting) error {
	if row.Origin == FromTick && s.automation != nil {
		s.tellLater(ctx, row, now)
		return nil
	}
	over := row.Reason == reasonRunEnded || row.Reason == reasonAcceptedOver
	if err := s.config.Notifier.Settled(ctx, Notice{Extension: row, Meeting: now, Over: over}); err != nil {
		return fmt.Errorf("telling how extension %d ended: %w", row.ID, err)
	}
	return s.told(ctx, row)
}

// told notes that nobody is owed a word about the row any more.
func (s *Scheduler) told(ctx context.Context, row Extension) error {
	noting, cancel := context.WithTimeout(context.WithoutCancel(ctx), storePatience)
	defer cancel()
	if err := s.config.Store.Told(noting, row.ID); err != nil {
		return fmt.Errorf("noting that extension %d was told: %w", row.ID, err)
	}
	return nil
}
