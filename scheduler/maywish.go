package scheduler

import (
	"context"
	"slices"
	"time"
)

const (
	wishersFor    = 3 * time.Second // to ask for all of them, for an answer
	wishersAtOnce = 8
	wishesOfRun   = 4 // at most, until one counts
)

// byThoseWhoMay has only those wishes count whose people may extend the meeting now, as the act will find. Who cannot be
// asked about in time counts.
func (r *records) byThoseWhoMay(ctx context.Context, candidates []candidate) error {
	asking, cancel := context.WithTimeout(ctx, wishersFor)
	defer cancel()
	changed := make([]bool, len(candidates))
	places := make([]int, 0, len(candidates))
	for i, c := range candidates {
		if c.wish.Mode.acts() && c.wish.By().User != "" {
			places = append(places, i)
		}
	}
	_ = inParallel(places, wishersAtOnce, nil, func(i int) error {
		for range wishesOfRun {
			if !r.passesOver(asking, &candidates[i]) {
				break
			}
			changed[i] = true
		}
		return nil
	})
	if !slices.Contains(changed, true) {
		return nil
	}
	return r.recallDays(ctx, candidates)
}

// passesOver passes over the newest wish if its person may not extend the meeting, and says whether it did.
func (r *records) passesOver(ctx context.Context, c *candidate) bool {
	rule, kept := c.wish.Rule, c.wish.Kept
	if kept.ID != 0 {
		rule.Owner, rule.Channel = kept.By, kept.Channel
	}
	if rule.Owner.User == "" || !c.wish.Mode.acts() {
		return false
	}
	reason, err := r.announcer.Authorise(ctx, rule, c.meeting)
	switch {
	case err != nil || reason == "":
		return false
	case kept.ID != 0:
		c.history.Prompts = slices.Clone(c.history.Prompts)
		for i := range c.history.Prompts {
			p := &c.history.Prompts[i]
			p.Lapsed = p.Lapsed || p.ID == kept.ID
		}
		c.wish = wishOf(c.meeting.End, c.rule, r.terms.Automation.Mode, c.history.Prompts)
	case reason == NotTheirRun:
		r.leave(c)
	default:
		rule.Paused = Pause{Reason: reason}
		r.amend(c, rule)
	}
	return true
}
