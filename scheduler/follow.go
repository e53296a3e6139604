package scheduler

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/scheduler/extension"
	"golang.org/x/sync/semaphore"
)

const (
	followTries = 3 // while others edit the same message
	followFor   = 15 * time.Second
	givenUp     = time.Hour // after its end, a message that cannot be edited
)

// follower has posted messages show what is true now.
type follower struct {
	prompts   PromptStore
	announcer Announcer
	records   *records
	shown     *lru.Cache[int64, facts]

	editing [64]*semaphore.Weighted    // by prompt: one edit of a message at a time
	known   map[string]meeting.Meeting // what followed runs are called and whose they are, for when they are over; belongs to the look
}

// follow brings the messages about a run up to date, after a press or an extension.
func (f *follower) follow(ctx context.Context, meetingID, run string) error {
	prompts, err := f.prompts.Prompts(ctx, []string{run})
	if err != nil {
		return fmt.Errorf("reading what was asked: %w", err)
	}
	if len(prompts[run]) == 0 {
		return nil
	}
	c, over, err := f.asItIs(ctx, meetingID, run)
	if err != nil {
		return err
	}
	return f.editAll(ctx, c, over)
}

// asItIs finds out what the messages about a run are to show; over says that it has ended. It follows an act, after which
// nothing waits for the next look.
func (f *follower) asItIs(ctx context.Context, meetingID, run string) (c candidate, over bool, err error) {
	m, over, err := f.records.meetingOf(ctx, meetingID, run)
	if err != nil {
		return candidate{}, false, err
	}
	if c, err = f.records.recallOne(ctx, m, run); err != nil {
		return candidate{}, false, err
	}
	c.outlook = f.records.likely(ctx, c, f.records.looksOrNow)
	return c, over, nil
}

// stale finds the runs with a message that may no longer show what is true. A meeting that is not in the list has no end.
func (f *follower) stale(prompts []Prompt, meetings []meeting.Meeting, rules map[string]Rule) []candidate {
	wanted := make(map[string]bool, len(prompts))
	for _, prompt := range prompts {
		wanted[prompt.MeetingID] = true
	}
	running := make(map[string]meeting.Meeting, len(prompts)) // by run
	for _, m := range meetings {
		if wanted[m.ID] {
			running[extension.RunOf(m)] = m
		}
	}
	var stale []candidate
	known, found := make(map[string]meeting.Meeting, len(prompts)), make(map[string]bool)
	for _, prompt := range prompts {
		m, runs := running[prompt.Run]
		last := f.known[prompt.Run]
		if runs {
			last = meeting.Meeting{Subject: m.Subject, HostUUID: m.HostUUID, Start: m.Start}
		}
		last.ID, last.People = prompt.MeetingID, -1
		known[prompt.Run] = last
		shown, noted := f.shown.Get(prompt.ID)
		if found[prompt.Run] || runs && noted && shown == factsOf(prompt, m) {
			continue
		}
		found[prompt.Run] = true
		c := candidate{run: prompt.Run, meeting: last, rule: rules[prompt.RuleOf]}
		if runs {
			c = f.records.candidate(m, rules)
		}
		stale = append(stale, c)
	}
	f.known = known
	return stale
}

// followStale brings the messages of a run up to date, as the look at now saw it. A meeting that is not in the list has
// ended if its end has come. Else it is read by itself, since the list may not be whole.
func (f *follower) followStale(ctx context.Context, now time.Time, c candidate) error {
	last := c.history.Run.Last.After
	for _, prompt := range c.history.Prompts {
		if prompt.End.After(last) {
			last = prompt.End
		}
	}
	over := c.meeting.End.IsZero()
	if over && now.Before(last) {
		return f.follow(ctx, c.meeting.ID, c.run)
	}
	if done := c.history.Run.Last; !over && done.State == extension.Confirmed && done.After.After(c.meeting.End) && now.Sub(done.UpdatedAt) < extension.LagsFor {
		c.meeting.End = done.After // it was extended after the list was read, or the list lags behind
	}
	f.records.decide(now, &c)
	if !over {
		c.outlook = f.records.likely(ctx, c, f.records.looks)
		c.history.Prompts = slices.DeleteFunc(slices.Clone(c.history.Prompts), func(p Prompt) bool { return c.movedUnderway(p.End) })
	}
	return f.editAll(ctx, c, over)
}

func (f *follower) editAll(ctx context.Context, c candidate, over bool) error {
	var errs []error
	for _, prompt := range c.history.Prompts {
		if prompt.State == PromptPosted {
			errs = append(errs, f.edit(ctx, prompt, c, over))
		}
	}
	return errors.Join(errs...)
}

// movedUnderway says that a meeting's end moved while an extension of it is under way, or in doubt: nobody knows yet whether
// that moved it, or somebody elsewhere. When that is known, the message is brought up to date.
func (c *candidate) movedUnderway(end time.Time) bool {
	return c.history.Run.Open && c.meeting.End.After(end) && !c.meeting.End.Equal(c.history.Run.Last.After)
}

// edit edits a message to what is true. Where somebody answered or edited it since the facts were found out, they may be
// older than what it shows: they are found out again. The message of a run that is over has then shown its last.
func (f *follower) edit(ctx context.Context, known Prompt, c candidate, over bool) error {
	ctx, cancel := context.WithTimeout(ctx, followFor)
	defer cancel()
	id := known.ID
	editing := f.editing[id%int64(len(f.editing))]
	if err := editing.Acquire(ctx, 1); err != nil {
		return fmt.Errorf("waiting to edit the message of prompt %d: %w", id, err)
	}
	defer editing.Release(1)
	for range followTries {
		prompt, err := f.prompts.Prompt(ctx, id)
		if err != nil {
			return fmt.Errorf("reading a prompt again: %w", err)
		}
		if prompt.State != PromptPosted {
			return nil
		}
		if prompt.Shown != known.Shown || prompt.Answer != known.Answer || prompt.Lapsed != known.Lapsed {
			known = prompt
			if c, over, err = f.asItIs(ctx, prompt.MeetingID, prompt.Run); err != nil {
				return err
			}
		}
		occasion := c.occasion(prompt.Kind, prompt.End)
		occasion.Prompt, occasion.Trouble, occasion.Over = prompt, prompt.Trouble, over
		if over { // nothing is foreseen, and who handed it over is still told
			occasion.Outlook.Handed = c.history.Run.Handed
		}
		shown, err := f.announcer.Follow(ctx, occasion)
		if err != nil {
			if over && f.records.now().Sub(prompt.End) > givenUp {
				err = errors.Join(err, f.prompts.MovePrompt(context.WithoutCancel(ctx), id, PromptClosed, Posted{}))
			}
			return fmt.Errorf("editing the message of prompt %d: %w", id, err)
		}
		swapped := shown == prompt.Shown
		if !swapped {
			if swapped, err = f.prompts.ShowPrompt(ctx, id, prompt.Shown, shown); err != nil {
				return fmt.Errorf("noting what prompt %d shows: %w", id, err)
			}
		}
		switch {
		case swapped && over:
			return f.prompts.MovePrompt(ctx, id, PromptClosed, Posted{})
		case swapped:
			f.shown.Add(id, factsOf(prompt, c.meeting))
			return nil
		}
	}
	return nil // others are at it
}
