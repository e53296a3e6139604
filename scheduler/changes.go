package scheduler

import (
	"context"
	"errors"
	"sync"

	"github.com/overtime-bot/overtime/meeting"
)

// changes are runs about which something has changed since their messages were written.
type changes struct {
	mu   sync.Mutex
	runs map[string]change
	wake chan struct{}
}

type change struct {
	meetingID string
	act       bool // an answer asks for an extension: that does not wait for the next tick
}

func newChanges() changes {
	return changes{runs: make(map[string]change), wake: make(chan struct{}, 1)}
}

func (c *changes) add(run, meetingID string, act bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.runs[run] = change{meetingID: meetingID, act: act || c.runs[run].act}
	select {
	case c.wake <- struct{}{}:
	default:
	}
}

func (c *changes) take() map[string]change {
	c.mu.Lock()
	defer c.mu.Unlock()
	taken := c.runs
	c.runs = make(map[string]change)
	return taken
}

// runChanges has messages follow what happens between two ticks, in every replica.
func (s *Scheduler) runChanges(ctx context.Context) {
	for {
		select {
		case <-s.automation.changed.wake:
		case <-ctx.Done():
			return
		}
		for run, change := range s.automation.changed.take() {
			s.automation.outbox.put(ctx, func() {
				err := survive("run "+run, func() error { return s.changed(ctx, run, change) })
				if err != nil && ctx.Err() == nil {
					s.config.Logger.WarnContext(ctx, "a message does not follow its meeting yet", "run", run, "error", err)
				}
			})
		}
	}
}

func (s *Scheduler) changed(ctx context.Context, run string, change change) error {
	err := s.followRun(ctx, change.meetingID, run)
	if change.act {
		err = errors.Join(err, s.actNow(ctx, change.meetingID, run))
	}
	return err
}

// actNow extends a meeting that a person wants to be kept, if its time has come.
func (s *Scheduler) actNow(ctx context.Context, meetingID, run string) error {
	m, err := s.Look(ctx, meetingID)
	if errors.Is(err, meeting.ErrNotFound) || errors.Is(err, meeting.ErrNotRunning) || err == nil && RunOf(m) != run {
		return nil
	}
	if err != nil {
		return err
	}
	c, err := s.recallOne(ctx, m, run)
	if err != nil || c.decision.Act != ActExtend {
		return err
	}
	return s.extendByItself(ctx, c)
}

// Answer stores what a person answered to a prompt, and does what follows from it at once. False says that it was
// answered before; the prompt is as it stands. ErrNoPrompt.
func (s *Scheduler) Answer(ctx context.Context, promptID int64, answer Answer, by Actor) (Prompt, bool, error) {
	if s.automation == nil {
		return Prompt{}, false, ErrNoPrompt
	}
	prompt, first, err := s.config.AutomationStore.AnswerPrompt(ctx, promptID, answer, by)
	if err == nil && first {
		s.automation.changed.add(prompt.Run, prompt.MeetingID, answer == KeepExtending)
	}
	return prompt, first, err
}
