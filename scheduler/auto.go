package scheduler

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/scheduler/extension"
)

// Tokens fetches what an extension takes ahead of it.
type Tokens interface {
	// Prepare fetches the meeting's control token for an extension at that time, unless there is one that lasts so long.
	Prepare(ctx context.Context, id string, at time.Time) error
}

const (
	authoriseFor = 15 * time.Second
	pauseFor     = 2 * time.Minute // for telling that a rule pauses, with all its tries
	tokenLasts   = 2 * time.Minute // beyond the moment that it is fetched for
)

// extendByItself extends a meeting because its rule says so. Its key is that of a button for the same end: a press and
// any number of ticks are one extension.
func (s *Scheduler) extendByItself(ctx context.Context, c candidate) error {
	allowed, err := s.authorised(ctx, c)
	if err != nil || !allowed {
		return err
	}
	rank := meeting.Automatic(ctx)
	if err := s.prepare(rank, c.meeting, s.config.Clock.Now().Add(tokenLasts)); errors.Is(err, meeting.ErrThrottled) {
		s.failed(ctx, c, TroubleThrottle)
		return fmt.Errorf("extending meeting %s: %w", c.meeting.ID, err)
	} // after another failure the extension says what is wrong
	request := extension.Request{
		Key: c.key(), Meeting: c.meeting, Origin: extension.FromTick, RuleOf: c.rule.Of, Minutes: c.decision.Minutes, OfferedEnd: c.meeting.End,
	}
	result, err := s.config.Extender.Extend(rank, request)
	if err == nil && result.Outcome == extension.Limited && 0 < result.Left && result.Left < request.Minutes {
		request.Minutes = result.Left
		result, err = s.config.Extender.Extend(rank, request)
	}
	if err != nil {
		s.failed(ctx, c, troubleOf(err))
		return fmt.Errorf("extending meeting %s: %w", c.meeting.ID, err)
	}
	return s.extendedByItself(ctx, c, result)
}

// prepare fetches the control token for an extension at that time.
func (s *Scheduler) prepare(ctx context.Context, m meeting.Meeting, at time.Time) error {
	if s.config.Tokens == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, s.config.Timeout)
	defer cancel()
	return s.config.Tokens.Prepare(ctx, m.ID, at)
}

// authorised asks whether the one on whose behalf automation acts may still extend the meeting. If not, the rule
// pauses, or their "keep extending" lapses.
func (s *Scheduler) authorised(ctx context.Context, c candidate) (bool, error) {
	kept := c.kept()
	rule := c.wisher(kept)
	if rule.Owner == (extension.Actor{}) {
		return true, nil // the configuration's own
	}
	asking, cancel := context.WithTimeout(ctx, authoriseFor)
	defer cancel()
	reason, err := s.config.Announcer.Authorise(asking, rule, c.meeting)
	switch {
	case err != nil:
		s.failed(ctx, c, TroubleOwner)
		return false, fmt.Errorf("authorising whoever wants meeting %s to be extended: %w", c.meeting.ID, err)
	case reason == "":
		return true, nil
	case kept.ID != 0:
		s.failures.add(TroubleKeeper)
		s.config.Outbox.Put(ctx, func() { s.lapse(ctx, c, kept) })
		return false, nil
	}
	c.rule.Paused = Pause{Reason: reason, Since: s.config.Clock.Now()}
	s.config.Outbox.Put(ctx, func() { s.pause(ctx, c) })
	return false, nil
}

// pause tells that a rule pauses, and only then writes it down: a rule that nobody heard of is found again by the next
// tick that it is due in, which tells it anew. A lease of its own chooses the one who tells.
func (s *Scheduler) pause(ctx context.Context, c candidate) {
	mine, err := s.config.Store.Lease(ctx, "pause "+c.rule.Of, s.owner, pauseFor)
	if err == nil && mine {
		err = s.tellAndPause(ctx, c)
	}
	if err != nil {
		s.config.Logger.ErrorContext(ctx, "a rule whose owner may not act is not paused yet", "rule", c.rule.Of, "reason", c.rule.Paused.Reason, "error", err)
	}
}

func (s *Scheduler) tellAndPause(ctx context.Context, c candidate) (err error) {
	for try := range announceTries {
		telling, cancel := context.WithTimeout(ctx, announceFor)
		err = s.config.Announcer.RulePaused(telling, c.rule, c.meeting)
		cancel()
		if err == nil || errors.Is(err, ErrNobodyToTell) || s.config.Clock.Wait(ctx, announceAgain<<try) != nil {
			break
		}
	}
	if err == nil || errors.Is(err, ErrNobodyToTell) {
		_, err = s.config.Store.PauseRule(ctx, c.rule.Of, c.rule.Owner, c.rule.Paused.Reason)
	}
	return err
}

// extendedByItself acts on what became of an automatic extension. What others did, or what is accepted and not yet
// read, needs no word now.
func (s *Scheduler) extendedByItself(ctx context.Context, c candidate, result extension.Result) error {
	switch result.Outcome {
	case extension.DidConfirm:
		s.tries.forget(c.key())
		s.config.Extender.Tell(ctx, result.Extension, result.Meeting)
	case extension.DidRefuse:
		s.failed(ctx, c, troubleOf(result.Err))
		return errors.Join(result.Err, s.config.Extender.Told(ctx, result.Extension))
	case extension.NotKnown, extension.NotClear:
		s.failed(ctx, c, TroubleUnclear)
		return result.Err
	}
	return nil
}

// troubleOf says what an error of an extension means to people.
func troubleOf(err error) Trouble {
	switch {
	case errors.Is(err, meeting.ErrThrottled):
		return TroubleThrottle
	case errors.Is(err, meeting.ErrUnavailable):
		return TroubleService
	case errors.Is(err, extension.ErrNotWritten):
		return TroubleNoTick
	default:
		return TroubleRefused
	}
}

// Settled tells the channel of an automatic extension that is no longer in doubt. What may or may not have been posted
// is not owed any more.
func (s *Scheduler) Settled(ctx context.Context, notice extension.Notice) error {
	err := s.tellAutomatic(ctx, notice.Extension, notice.Meeting)
	if errors.Is(err, ErrInDoubt) {
		s.config.Logger.ErrorContext(ctx, "telling of an automatic extension", "extension", notice.Extension.ID, "error", err)
		return nil
	}
	return err
}

// tellAutomatic announces how an automatic extension came out: the verified new end, or that it failed. One that took
// no effect is tried again by the next tick, and the word that it is in doubt is said already.
func (s *Scheduler) tellAutomatic(ctx context.Context, row extension.Extension, now meeting.Meeting) error {
	if row.State == extension.Void || row.State == extension.Refused && row.Reason != extension.ReasonRefused {
		return nil
	}
	if extension.RunOf(now) != row.Run {
		now = s.lastSeen(ctx, row)
	}
	c, err := s.recallOne(ctx, now, row.Run)
	if err != nil {
		return err
	}
	occasion := c.occasion(PromptAuto, row.Before)
	occasion.Last = row
	if row.State != extension.Confirmed {
		occasion.Prompt.Kind, occasion.Trouble = PromptTrouble, TroubleUnclear
	}
	if row.State == extension.Refused {
		occasion.Trouble = TroubleRefused
	}
	_, err = s.announceOnce(ctx, occasion)
	return err
}

// lastSeen is the meeting of a row, as far as it is known. One that is over tells its room no more: whatever the row's
// rule is of stands for it, so that those who read of the rule read of what it did.
func (s *Scheduler) lastSeen(ctx context.Context, row extension.Extension) meeting.Meeting {
	m, over, err := s.runNow(ctx, row.MeetingID, row.Run)
	if err != nil || over {
		return meeting.Meeting{ID: row.MeetingID, RoomID: row.RuleOf, End: row.After, People: -1}
	}
	return m
}

// runNow finds the meeting of a run; over says that it has ended.
func (s *Scheduler) runNow(ctx context.Context, id, run string) (m meeting.Meeting, over bool, err error) {
	m, err = s.config.Extender.Find(ctx, id)
	switch {
	case errors.Is(err, meeting.ErrNotFound) || errors.Is(err, meeting.ErrNotRunning):
		return meeting.Meeting{ID: id, People: -1}, true, nil
	case err != nil:
		return meeting.Meeting{}, false, fmt.Errorf("reading meeting %s: %w", id, err)
	case extension.RunOf(m) != run:
		return meeting.Meeting{ID: id, People: -1}, true, nil
	}
	return m, false, nil
}
