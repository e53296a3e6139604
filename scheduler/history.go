package scheduler

import (
	"context"
	"fmt"
	"time"

	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/scheduler/extension"
)

// candidate is a meeting that automation has to deal with now.
type candidate struct {
	meeting  meeting.Meeting
	run      string
	rule     Rule
	history  History
	decision Decision
}

func (c *candidate) key() string { return extension.OfferKey(c.run, c.meeting.End) }

func (s *Scheduler) terms() Terms {
	return Terms{Automation: s.config.Automation, AtOnce: s.config.MaxMinutes, RunMinutes: s.config.RunMinutes}
}

// ruleBook reads the rules, by what they are of.
func (s *Scheduler) ruleBook(ctx context.Context) (map[string]Rule, error) {
	return bookOf(s.config.Store.Rules(ctx))
}

func bookOf(rules []Rule, err error) (map[string]Rule, error) {
	if err != nil {
		return nil, fmt.Errorf("reading the rules: %w", err)
	}
	return RuleBook(rules), nil
}

// ownRule is the configuration's, for what nobody watches.
func (s *Scheduler) ownRule() Rule { return Rule{Mode: s.config.Automation.Mode} }

// recall fills in what is known of the runs of the candidates. Where the bookings cannot be read, their histories say
// that they were not checked.
func (s *Scheduler) recall(ctx context.Context, paused Pause, candidates []candidate) error {
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
	sums, err := s.config.Store.Runs(ctx, runs)
	if err != nil {
		return fmt.Errorf("reading what was done: %w", err)
	}
	prompts, err := s.config.Store.Prompts(ctx, runs)
	if err != nil {
		return fmt.Errorf("reading what was asked: %w", err)
	}
	if !latest.IsZero() {
		s.readBookings(ctx, latest)
	}
	for i := range candidates {
		c := &candidates[i]
		c.history.Run, c.history.Prompts, c.history.Paused = sums[c.run], prompts[c.run], paused
		c.history.Next = s.booked.next(c.meeting)
	}
	return nil
}

// readBookings reads as many as can be in the way of an extension of what ends by then.
func (s *Scheduler) readBookings(ctx context.Context, latest time.Time) {
	if s.config.Bookings == nil {
		return
	}
	reach := max(bookedSteps, s.config.MaxMinutes, s.config.Automation.Minutes)
	ctx, cancel := context.WithTimeout(meeting.Automatic(ctx), s.config.Timeout)
	defer cancel()
	err := s.booked.read(ctx, s.config.Bookings, s.config.Clock.Now(), latest.Add(time.Duration(reach)*time.Minute))
	if err != nil {
		s.config.Logger.WarnContext(ctx, "the next bookings are not known; nothing is clipped to them", "error", err)
	}
}

// recallOne finds out all that a decision about one run goes by, now.
func (s *Scheduler) recallOne(ctx context.Context, m meeting.Meeting, run string) (candidate, error) {
	paused, err := s.config.Store.Paused(ctx)
	if err != nil {
		return candidate{}, fmt.Errorf("reading whether automation is paused: %w", err)
	}
	rules, err := bookOf(s.config.Store.RulesOf(ctx, m.ID, m.RoomID))
	if err != nil {
		return candidate{}, err
	}
	one := []candidate{{meeting: m, run: run, rule: RuleOf(m, rules, s.ownRule())}}
	if err := s.recall(ctx, paused, one); err != nil {
		return candidate{}, err
	}
	c := one[0]
	c.decision = Decide(s.config.Clock.Now(), m, c.rule, c.history, s.terms())
	return c, nil
}

// occasion is what a message about a candidate says.
func (c *candidate) occasion(kind PromptKind, end time.Time) Occasion {
	return Occasion{
		Prompt: Prompt{Kind: kind, Run: c.run, MeetingID: c.meeting.ID, End: end, RuleOf: c.rule.Of},
		Rule:   c.rule, Meeting: c.meeting, Decision: c.decision, Next: c.history.Next, Last: c.history.Run.Last,
		Kept: wishOf(c.rule, c.history.Prompts).kept.By,
	}
}
