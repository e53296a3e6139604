package scheduler

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/scheduler/extension"
)

// records tell what is known of runs, and of the rules that they go by.
type records struct {
	store interface {
		Rules
		Pauses
		Runs
		PromptReads
	}
	find     func(ctx context.Context, id string) (meeting.Meeting, error)
	bookings *bookingCache
	terms    Terms
	now      func() time.Time
}

// ruleOf is the rule of a meeting; the configuration's where nobody watches it.
func (r *records) ruleOf(m meeting.Meeting, rules map[string]Rule) Rule {
	return RuleOf(m, rules, Rule{Mode: r.terms.Automation.Mode})
}

// recall fills in the histories of the candidates. Where the bookings cannot be read, they say that nobody checked.
func (r *records) recall(ctx context.Context, paused Pause, candidates []candidate) error {
	if len(candidates) == 0 {
		return nil
	}
	runs, latest := make([]string, len(candidates)), time.Time{}
	for i, c := range candidates {
		runs[i] = c.run
		if c.meeting.End.After(latest) {
			latest = c.meeting.End
		}
	}
	sums, err := r.store.Runs(ctx, runs)
	if err != nil {
		return fmt.Errorf("reading what was done: %w", err)
	}
	prompts, err := r.store.Prompts(ctx, runs)
	if err != nil {
		return fmt.Errorf("reading what was asked: %w", err)
	}
	if !latest.IsZero() {
		r.bookings.read(ctx, latest)
	}
	for i := range candidates {
		c := &candidates[i]
		c.history.Run, c.history.Prompts, c.history.Paused = sums[c.run], prompts[c.run], paused
		c.history.Next = r.bookings.next(c.meeting)
	}
	return nil
}

// recallOne finds out all that a decision about one run goes by now, and decides.
func (r *records) recallOne(ctx context.Context, m meeting.Meeting, run string) (candidate, error) {
	paused, err := r.store.Paused(ctx)
	if err != nil {
		return candidate{}, fmt.Errorf("reading whether automation is paused: %w", err)
	}
	rules, err := r.store.RulesOf(ctx, m.ID, m.RoomID)
	if err != nil {
		return candidate{}, fmt.Errorf("reading the rules: %w", err)
	}
	one := []candidate{{meeting: m, run: run, rule: r.ruleOf(m, RuleBook(rules))}}
	if err := r.recall(ctx, paused, one); err != nil {
		return candidate{}, err
	}
	c := one[0]
	c.decision = Decide(r.now(), m, c.rule, c.history, r.terms)
	return c, nil
}

// meetingOf finds the meeting of a run, as a read of the last seconds has it; over says that the run has ended.
func (r *records) meetingOf(ctx context.Context, id, run string) (m meeting.Meeting, over bool, err error) {
	m, err = r.find(ctx, id)
	gone := errors.Is(err, meeting.ErrNotFound) || errors.Is(err, meeting.ErrNotRunning)
	switch {
	case gone || err == nil && extension.RunOf(m) != run:
		return meeting.Meeting{ID: id, People: -1}, true, nil
	case err != nil:
		return meeting.Meeting{}, false, fmt.Errorf("reading meeting %s: %w", id, err)
	}
	return m, false, nil
}
