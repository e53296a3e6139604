package scheduler

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/overtime-bot/overtime/scheduler/extension"
)

const (
	announceFor   = 25 * time.Second // one message, with the waits that Slack asks for
	announceGrace = 3 * time.Second
	announceTries = 3 // of a message that Slack certainly did not take
	announceAgain = 2 * time.Second
	unsureAfter   = 2 * time.Minute // longer than anybody alive posts one
	unsureAtOnce  = 50
)

// announceOnce posts a message of its kind about one end of a run, unless there is one: the row is written first, so
// that of any number of replicas and restarts one posts it. It tells whether this was the one.
func (s *Scheduler) announceOnce(ctx context.Context, occasion Occasion) (bool, error) {
	prompt, won, err := s.config.Store.ClaimPrompt(ctx, occasion.Prompt)
	if err != nil {
		return false, fmt.Errorf("writing a prompt down: %w", err)
	}
	if !won {
		return false, nil
	}
	occasion.Prompt = prompt
	return true, s.post(ctx, occasion)
}

// post posts a message that is written down, and notes where it went. What may or may not have been posted stays as it
// is: its time makes it unsure, and then it is posted once without buttons. What certainly was not is posted by a later
// tick.
func (s *Scheduler) post(ctx context.Context, occasion Occasion) error {
	ctx, cancel := withGrace(ctx, announceFor)
	defer cancel()
	posted, err := s.announce(ctx, occasion)
	noting, cancelNoting := context.WithTimeout(context.WithoutCancel(ctx), writePatience)
	defer cancelNoting()
	if errors.Is(err, ErrNobodyToTell) {
		s.config.Logger.WarnContext(ctx, "nobody to tell", "meeting", occasion.Prompt.MeetingID, "kind", occasion.Prompt.Kind, "error", err)
		return s.config.Store.ClosePrompt(noting, occasion.Prompt.ID)
	}
	if err != nil {
		err = fmt.Errorf("posting %s of meeting %s: %w", occasion.Prompt.Kind, occasion.Prompt.MeetingID, err)
		return s.notPosted(noting, occasion.Prompt, err)
	}
	err = s.config.Store.PostedPrompt(noting, occasion.Prompt.ID, posted.Channel, posted.Timestamp, posted.Shown)
	if err != nil {
		return fmt.Errorf("noting that prompt %d was posted: %w", occasion.Prompt.ID, err)
	}
	s.followed.keep(occasion.Prompt.ID, factsOf(occasion.Prompt, occasion.Meeting))
	return nil
}

// notPosted takes a message back that Slack certainly does not have: the next tick posts it.
func (s *Scheduler) notPosted(ctx context.Context, prompt Prompt, err error) error {
	if errors.Is(err, ErrInDoubt) {
		return err
	}
	return errors.Join(err, s.config.Store.UnpostedPrompt(ctx, prompt.ID))
}

// withGrace ends after limit, and a little after ctx: a message that is on its way when the process ends is to be noted,
// or it would be posted again.
func withGrace(ctx context.Context, limit time.Duration) (context.Context, context.CancelFunc) {
	graceful, cancel := context.WithTimeout(context.WithoutCancel(ctx), limit)
	stop := context.AfterFunc(ctx, func() {
		select {
		case <-time.After(announceGrace):
		case <-graceful.Done():
		}
		cancel()
	})
	return graceful, func() { stop(); cancel() }
}

// announce tries again where Slack certainly did not take the message.
func (s *Scheduler) announce(ctx context.Context, occasion Occasion) (Posted, error) {
	for try := 1; ; try++ {
		posted, err := s.config.Announcer.Announce(ctx, occasion)
		final := err == nil || errors.Is(err, ErrNobodyToTell) || errors.Is(err, ErrInDoubt)
		if final || try == announceTries || s.config.Clock.Wait(ctx, announceAgain<<try) != nil {
			return posted, err
		}
	}
}

// announceUnsure posts anew, without buttons, what somebody who died may or may not have posted.
func (s *Scheduler) announceUnsure(ctx context.Context) error {
	prompts, err := s.config.Store.UnsurePrompts(ctx, unsureAfter, unsureAtOnce)
	if err != nil {
		return fmt.Errorf("looking for prompts that nobody finished: %w", err)
	}
	for _, prompt := range prompts {
		err = errors.Join(err, extension.Survive(fmt.Sprintf("prompt %d", prompt.ID), func() error { return s.announceAnew(ctx, prompt) }))
	}
	return err
}

func (s *Scheduler) announceAnew(ctx context.Context, prompt Prompt) error {
	m, over, err := s.runNow(ctx, prompt.MeetingID, prompt.Run)
	if err == nil && over {
		return s.config.Store.ClosePrompt(ctx, prompt.ID)
	}
	var c candidate
	if err == nil {
		c, err = s.recallOne(ctx, m, prompt.Run)
	}
	if err != nil {
		noting, cancel := context.WithTimeout(context.WithoutCancel(ctx), writePatience)
		defer cancel()
		return s.notPosted(noting, prompt, err)
	}
	occasion := c.occasion(prompt.Kind, prompt.End)
	occasion.Prompt, occasion.Unsure = prompt, true
	if prompt.Kind == PromptTrouble {
		occasion.Trouble = TroubleUnclear // which one it was is not known any more
	}
	return s.post(ctx, occasion)
}
