package scheduler

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/scheduler/extension"
)

const (
	postFor     = 40 * time.Second // one message, with the waits that Slack asks for
	postGrace   = 3 * time.Second  // for a message that is on its way when the process ends
	postTries   = 3                // of a message that Slack certainly did not take
	postAgain   = 2 * time.Second
	unsureAfter = 2 * time.Minute // longer than any live process posts one
	unsureMost  = 50
	writeFor    = 5 * time.Second // a write that must not be cut off by a caller who left
)

// poster posts messages, each once: of any number of replicas and restarts one posts it.
type poster struct {
	outbox    *extension.Outbox
	prompts   PromptStore
	announcer Announcer
	records   *records
	shown     *lru.Cache[int64, facts] // by prompt: what each message was last edited to
	clock     extension.Clock
	logger    *slog.Logger
}

// facts are what a message depends on, beside the extensions of this process, which tell of themselves. A look edits a
// message again when they change.
type facts struct {
	end    int64
	answer Answer
	lapsed bool
}

func factsOf(prompt Prompt, m meeting.Meeting) facts {
	return facts{end: m.End.Unix(), answer: prompt.Answer, lapsed: prompt.Lapsed}
}

// beside has people told when their turn comes, beside the work that has a deadline. What fails is logged, and left to a
// later look.
func (p *poster) beside(ctx context.Context, what string, tell func() error, about ...any) {
	p.outbox.Put(ctx, func() {
		if err := extension.Survive(what, tell); err != nil {
			p.logger.ErrorContext(ctx, "failed: "+what, append(about, "error", err)...)
		}
	})
}

// postOnce posts a message of its kind about one end of a run, unless there is one, and tells whether it posted. The row
// is written first.
func (p *poster) postOnce(ctx context.Context, occasion Occasion) (bool, error) {
	prompt, won, err := p.prompts.ClaimPrompt(ctx, occasion.Prompt)
	if err != nil {
		return false, fmt.Errorf("writing a prompt down: %w", err)
	}
	if !won {
		return false, nil
	}
	occasion.Prompt = prompt
	return true, p.post(ctx, occasion)
}

// post posts a message that is written down, and notes where it went. A message in doubt stays as it is: in time it is
// unsure, and is posted again without buttons. A message that Slack certainly does not have is posted by a later look.
func (p *poster) post(ctx context.Context, occasion Occasion) error {
	ctx, cancel := withGrace(ctx, postFor)
	defer cancel()
	prompt := occasion.Prompt
	posted, err := p.announce(ctx, occasion)
	noting, cancelNoting := forWriting(ctx)
	defer cancelNoting()
	if errors.Is(err, ErrNobodyToTell) {
		p.logger.WarnContext(ctx, "nobody to tell", "meeting", prompt.MeetingID, "kind", prompt.Kind, "error", err)
		return p.prompts.MovePrompt(noting, prompt.ID, PromptClosed, Posted{})
	}
	if err != nil {
		return p.takeBack(ctx, prompt, fmt.Errorf("posting %s of meeting %s: %w", prompt.Kind, prompt.MeetingID, err))
	}
	if err := p.prompts.MovePrompt(noting, prompt.ID, PromptPosted, posted); err != nil {
		return fmt.Errorf("noting that prompt %d was posted: %w", prompt.ID, err)
	}
	p.shown.Add(prompt.ID, factsOf(prompt, occasion.Meeting))
	return nil
}

// takeBack says that Slack does not have the message, unless err leaves that in doubt.
func (p *poster) takeBack(ctx context.Context, prompt Prompt, err error) error {
	if errors.Is(err, ErrInDoubt) {
		return err
	}
	noting, cancel := forWriting(ctx)
	defer cancel()
	return errors.Join(err, p.prompts.MovePrompt(noting, prompt.ID, PromptUnposted, Posted{}))
}

// announce posts a message, whether it is written down or not.
func (p *poster) announce(ctx context.Context, occasion Occasion) (posted Posted, err error) {
	err = p.tries(ctx, func() error {
		posted, err = p.announcer.Announce(ctx, occasion)
		return err
	})
	return posted, err
}

// tries tries again where Slack certainly did not take the message.
func (p *poster) tries(ctx context.Context, tell func() error) error {
	for try := 1; ; try++ {
		err := tell()
		final := err == nil || errors.Is(err, ErrNobodyToTell) || errors.Is(err, ErrInDoubt)
		if final || try == postTries || p.clock.Wait(ctx, postAgain<<try) != nil {
			return err
		}
	}
}

// repostUnsure posts again, without buttons, the messages whose writer died and that may or may not have been posted.
func (p *poster) repostUnsure(ctx context.Context) error {
	prompts, err := p.prompts.UnsurePrompts(ctx, unsureAfter, unsureMost)
	if err != nil {
		return fmt.Errorf("looking for prompts that nobody finished: %w", err)
	}
	for _, prompt := range prompts {
		err = errors.Join(err, extension.Survive(fmt.Sprintf("prompt %d", prompt.ID), func() error { return p.repost(ctx, prompt) }))
	}
	return err
}

func (p *poster) repost(ctx context.Context, prompt Prompt) error {
	m, over, err := p.records.meetingOf(ctx, prompt.MeetingID, prompt.Run)
	if err == nil && over {
		return p.prompts.MovePrompt(ctx, prompt.ID, PromptClosed, Posted{})
	}
	var c candidate
	if err == nil {
		c, err = p.records.recallOne(ctx, m, prompt.Run)
	}
	if err != nil {
		return p.takeBack(ctx, prompt, err)
	}
	occasion := c.occasion(prompt.Kind, prompt.End)
	occasion.Prompt, occasion.Trouble, occasion.Unsure = prompt, prompt.Trouble, true
	return p.post(ctx, occasion)
}

// withGrace ends after limit, and a little after ctx. A message that is on its way must be noted, or it is posted again.
func withGrace(ctx context.Context, limit time.Duration) (context.Context, context.CancelFunc) {
	graceful, cancel := context.WithTimeout(context.WithoutCancel(ctx), limit)
	stop := context.AfterFunc(ctx, func() {
		select {
		case <-time.After(postGrace):
		case <-graceful.Done():
		}
		cancel()
	})
	return graceful, func() { stop(); cancel() }
}

// forWriting outlives ctx for as long as a write takes.
func forWriting(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(ctx), writeFor)
}
