package scheduler

import (
	"context"
	"errors"
	"fmt"

	"github.com/overtime-bot/overtime/scheduler/extension"
)

// wish is what people want of automation for one run: what its rule says, or what they chose under a prompt.
type wish struct {
	mode Mode
	kept Prompt // whose "keep extending" it is that the run is extended by itself; zero where the rule says so
}

// wishOf is the rule's mode, or the one that people chose for the run under a prompt. Of several the one under the
// newest prompt holds. Where a "keep extending" has lapsed, it asks again.
func wishOf(rule Rule, prompts []Prompt) wish {
	w := wish{mode: rule.Mode}
	for _, prompt := range prompts {
		switch {
		case prompt.Lapsed || prompt.Answer == StopExtending:
			w = wish{mode: ModeAsk}
		case prompt.Answer == KeepExtending && w.mode != ModeAuto:
			w = wish{mode: ModeAuto, kept: prompt}
		}
	}
	return w
}

// kept is the prompt under which somebody wished for what is to be done now; zero where the rule wishes for it.
func (c *candidate) kept() Prompt {
	if c.decision.Act != ActExtend {
		return Prompt{}
	}
	return wishOf(c.rule, c.history.Prompts).kept
}

// wisher is the rule with the one on whose behalf it acts now: its owner, or whoever chose "keep extending" under the
// prompt, by what they may where that was.
func (c *candidate) wisher(kept Prompt) Rule {
	rule := c.rule
	if kept.ID != 0 {
		rule.Owner, rule.Channel = kept.By, kept.Channel
	}
	return rule
}

// lapse tells that whoever chose "keep extending" may not any more, and only then writes it down: what nobody heard of
// is found again by the next tick.
func (s *Scheduler) lapse(ctx context.Context, c candidate, kept Prompt) {
	occasion := c.occasion(PromptTrouble, c.meeting.End)
	occasion.Trouble = TroubleKeeper
	err := extension.Survive("a lapse", func() error {
		if _, err := s.announceOnce(ctx, occasion); err != nil && !errors.Is(err, ErrInDoubt) {
			return err
		}
		if _, err := s.config.Store.LapsePrompt(ctx, kept.ID, kept.By); err != nil {
			return fmt.Errorf("writing down that an answer lapsed: %w", err)
		}
		return nil
	})
	if err != nil {
		s.config.Logger.ErrorContext(ctx, "a wish of one who may not extend any more is not ended yet", "prompt", kept.ID, "meeting", c.meeting.ID, "error", err)
		return
	}
	s.changed.add(c.run, c.meeting.ID, false)
}
