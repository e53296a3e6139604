package scheduler

import (
	"context"
	"errors"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/scheduler/extension"
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

// changesTogether is how long a change waits for others, so that one look at the store serves them: far shorter than an
// edit takes Slack.
const changesTogether = 25 * time.Millisecond

// runChanges has messages follow what happens between two ticks, in every replica.
func (s *Scheduler) runChanges(ctx context.Context) {
	for {
		select {
		case <-s.changed.wake:
		case <-ctx.Done():
			return
		}
		select {
		case <-time.After(changesTogether):
		case <-ctx.Done():
			return
		}
		changed := s.changed.take()
		s.dropUntold(ctx, changed)
		for run, change := range changed {
			s.config.Outbox.Put(ctx, func() {
				err := extension.Survive("run "+run, func() error { return s.followChange(ctx, run, change) })
				if err != nil && ctx.Err() == nil {
					s.config.Logger.WarnContext(ctx, "a message does not follow its meeting yet", "run", run, "error", err)
				}
			})
		}
	}
}

// dropUntold takes out the runs that no message tells of, which are most: one look at the store serves all that have
// changed meanwhile. Where it fails, each run is looked at by itself, and tells.
func (s *Scheduler) dropUntold(ctx context.Context, changed map[string]change) {
	var prompts map[string][]Prompt
	err := extension.Survive("the runs that have changed", func() (err error) {
		prompts, err = s.config.Store.Prompts(ctx, slices.Collect(maps.Keys(changed)))
		return err
	})
	if err != nil {
		return
	}
	maps.DeleteFunc(changed, func(run string, change change) bool { return len(prompts[run]) == 0 && !change.act })
}

func (s *Scheduler) followChange(ctx context.Context, run string, change change) error {
	err := s.FollowNow(ctx, change.meetingID, run)
	if change.act {
		err = errors.Join(err, s.actNow(ctx, change.meetingID, run))
	}
	return err
}

// actNow extends a meeting that a person wants to be kept, if its time has come.
func (s *Scheduler) actNow(ctx context.Context, meetingID, run string) error {
	m, err := s.config.Extender.Look(ctx, meetingID)
	if errors.Is(err, meeting.ErrNotFound) || errors.Is(err, meeting.ErrNotRunning) || err == nil && extension.RunOf(m) != run {
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
func (s *Scheduler) Answer(ctx context.Context, promptID int64, answer Answer, by extension.Actor) (Prompt, bool, error) {
	prompt, first, err := s.config.Store.AnswerPrompt(ctx, promptID, answer, by)
	if err == nil && first {
		s.changed.add(prompt.Run, prompt.MeetingID, answer == KeepExtending)
	}
	return prompt, first, err
}
