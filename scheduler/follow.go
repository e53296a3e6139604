package scheduler

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/scheduler/extension"
)

const (
	followTries = 3 // while others edit the same message
	followFor   = 15 * time.Second
	givenUp     = time.Hour // after its end, a message that cannot be edited
	editsAtOnce = 4
)

// facts are what a message depends on, beside the rows of this process, which tell of themselves. It is looked at again
// when they change.
type facts struct {
	end    int64
	answer Answer
	lapsed bool
}

func factsOf(prompt Prompt, m meeting.Meeting) facts {
	return facts{end: m.End.Unix(), answer: prompt.Answer, lapsed: prompt.Lapsed}
}

// followed remembers what messages were last edited to, so that a tick touches those alone that changed.
type followed struct {
	mu    sync.Mutex
	shows map[int64]facts // by the prompt's ID
	turns [64]turn        // one edit of a message at a time

	subjects map[string]string // of the runs whose messages are followed, for when they are over; the tick's own
}

func newFollowed() *followed {
	f := &followed{shows: make(map[int64]facts)}
	for i := range f.turns {
		f.turns[i] = newTurn()
	}
	return f
}

// fits says that the message was brought up to date with what is true now.
func (f *followed) fits(prompt Prompt, m meeting.Meeting) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	known, ok := f.shows[prompt.ID]
	return ok && known == factsOf(prompt, m)
}

func (f *followed) keep(id int64, now facts) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.shows[id] = now
}

// only forgets all but these.
func (f *followed) only(prompts []Prompt) {
	f.mu.Lock()
	defer f.mu.Unlock()
	kept := make(map[int64]facts, len(prompts))
	for _, prompt := range prompts {
		if known, ok := f.shows[prompt.ID]; ok {
			kept[prompt.ID] = known
		}
	}
	f.shows = kept
}

func (f *followed) turn(id int64) turn { return f.turns[id%int64(len(f.turns))] }

// follow has the posted messages follow their meetings, after the list that the tick has read.
func (t *tick) follow(ctx context.Context) error {
	prompts, err := t.config.Store.FollowedPrompts(ctx)
	if err != nil {
		return fmt.Errorf("reading the prompts that are followed: %w", err)
	}
	t.followed.only(prompts)
	stale := t.stale(prompts)
	if err := t.recall(ctx, t.paused, stale); err != nil {
		return err
	}
	return t.each(ctx, stale, editsAtOnce, t.followStale)
}

// stale finds the runs that have a message which may show what is true no more. The meeting of one that the list does
// not have has no start.
func (t *tick) stale(prompts []Prompt) []candidate {
	running := t.runningOf(prompts)
	before := t.followed.subjects
	t.followed.subjects = make(map[string]string, len(prompts))
	var stale []candidate
	found := make(map[string]bool)
	for _, prompt := range prompts {
		m, runs := running[prompt.Run]
		subject := cmp.Or(m.Subject, before[prompt.Run])
		t.followed.subjects[prompt.Run] = subject
		if found[prompt.Run] || runs && t.followed.fits(prompt, m) {
			continue
		}
		found[prompt.Run] = true
		c := candidate{run: prompt.Run, meeting: meeting.Meeting{ID: prompt.MeetingID, Subject: subject, People: -1}, rule: t.rules[prompt.RuleOf]}
		if runs {
			c.meeting, c.rule = m, RuleOf(m, t.rules, t.ownRule())
		}
		stale = append(stale, c)
	}
	return stale
}

// runningOf finds the meetings of the prompts in the list, by their runs.
func (t *tick) runningOf(prompts []Prompt) map[string]meeting.Meeting {
	wanted := make(map[string]bool, len(prompts))
	for _, prompt := range prompts {
		wanted[prompt.MeetingID] = true
	}
	running := make(map[string]meeting.Meeting, len(prompts))
	for _, m := range t.meetings {
		if len(wanted) > 0 && wanted[m.ID] {
			running[extension.RunOf(m)] = m
		}
	}
	return running
}

// followStale brings the messages of a run up to date. One that the list does not have has ended if its end has come;
// else it is read by itself, since the list may not be whole.
func (t *tick) followStale(ctx context.Context, c candidate) error {
	over := c.meeting.Start.IsZero()
	if over && t.now.Before(c.lastEnd()) {
		return t.FollowNow(ctx, c.meeting.ID, c.run)
	}
	c.decision = Decide(t.now, c.meeting, c.rule, c.history, t.terms())
	return t.followAll(ctx, c, over)
}

// lastEnd is the latest end of the run that is known.
func (c *candidate) lastEnd() time.Time {
	latest := c.history.Run.Last.After
	for _, prompt := range c.history.Prompts {
		if prompt.End.After(latest) {
			latest = prompt.End
		}
	}
	return latest
}

// FollowNow brings the messages about a run up to date, after a press or an extension.
func (s *Scheduler) FollowNow(ctx context.Context, meetingID, run string) error {
	prompts, err := s.config.Store.Prompts(ctx, []string{run})
	if err != nil {
		return fmt.Errorf("reading what was asked: %w", err)
	}
	if len(prompts[run]) == 0 {
		return nil
	}
	m, over, err := s.runNow(ctx, meetingID, run)
	if err != nil {
		return err
	}
	c, err := s.recallOne(ctx, m, run)
	if err != nil {
		return err
	}
	return s.followAll(ctx, c, over)
}

func (s *Scheduler) followAll(ctx context.Context, c candidate, over bool) error {
	var errs []error
	for _, prompt := range c.history.Prompts {
		if prompt.State == PromptPosted {
			errs = append(errs, s.followOne(ctx, prompt, c, over))
		}
	}
	return errors.Join(errs...)
}

// followOne edits a message to what is true. Where somebody else edited it at the same time, it looks again, since the
// later edit may have been of older facts.
func (s *Scheduler) followOne(ctx context.Context, prompt Prompt, c candidate, over bool) error {
	ctx, cancel := context.WithTimeout(ctx, followFor)
	defer cancel()
	turn := s.followed.turn(prompt.ID)
	if err := turn.take(ctx); err != nil {
		return err
	}
	defer turn.pass()
	prompt, err := s.config.Store.Prompt(ctx, prompt.ID) // somebody may have had the turn before
	if err != nil {
		return fmt.Errorf("reading a prompt again: %w", err)
	}
	for range followTries {
		if prompt.State != PromptPosted {
			return nil
		}
		occasion := c.occasion(prompt.Kind, prompt.End)
		occasion.Prompt, occasion.Over = prompt, over
		shown, err := s.config.Announcer.Follow(ctx, occasion)
		if err != nil {
			return s.notFollowed(ctx, prompt, over, err)
		}
		swapped := shown == prompt.Shown
		if !swapped {
			if swapped, err = s.config.Store.ShowPrompt(ctx, prompt.ID, prompt.Shown, shown); err != nil {
				return fmt.Errorf("noting what prompt %d shows: %w", prompt.ID, err)
			}
		}
		if swapped {
			return s.followedOne(ctx, prompt, c, over)
		}
		if prompt, err = s.config.Store.Prompt(ctx, prompt.ID); err != nil {
			return fmt.Errorf("reading a prompt again: %w", err)
		}
	}
	return nil // others are at it
}

// followedOne remembers what a message shows; that of a run that is over has shown its last.
func (s *Scheduler) followedOne(ctx context.Context, prompt Prompt, c candidate, over bool) error {
	if over {
		return s.config.Store.ClosePrompt(ctx, prompt.ID)
	}
	s.followed.keep(prompt.ID, factsOf(prompt, c.meeting))
	return nil
}

// notFollowed gives a message up in the end.
func (s *Scheduler) notFollowed(ctx context.Context, prompt Prompt, over bool, err error) error {
	if over && s.config.Clock.Now().Sub(prompt.End) > givenUp {
		err = errors.Join(err, s.config.Store.ClosePrompt(context.WithoutCancel(ctx), prompt.ID))
	}
	return fmt.Errorf("editing the message of prompt %d: %w", prompt.ID, err)
}
