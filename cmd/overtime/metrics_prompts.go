package main

import (
	"context"
	"time"

	"github.com/overtime-bot/overtime/scheduler"
	"github.com/overtime-bot/overtime/scheduler/extension"
)

// What may become of a message of the automation. A message has several, one after the other.
const (
	promptWritten   = "written"    // before it is posted
	promptPosted    = "posted"     // Slack has it
	promptNotPosted = "not_posted" // Slack did not take it, and a later look tries again
	promptUnsure    = "unsure"     // its writer died, and nobody knows whether Slack has it
	promptClosed    = "closed"     // its run is over, or there is nobody to ask
)

var promptAnswers = map[scheduler.Answer]string{
	scheduler.KeepExtending: "answered_keep", scheduler.LetEnd: "answered_end", scheduler.StopExtending: "answered_stop",
	scheduler.Lapse: "lapsed",
}

var promptMoves = map[scheduler.PromptState]string{
	scheduler.PromptPosted: promptPosted, scheduler.PromptUnposted: promptNotPosted, scheduler.PromptClosed: promptClosed,
}

var promptOutcomes = []string{
	promptWritten, promptPosted, promptNotPosted, promptUnsure, promptClosed, "answered_keep", "answered_end", "answered_stop", "lapsed",
}

// countedPrompts is the store of prompts, with its changes counted. Everything that becomes of a prompt is stored there.
type countedPrompts struct {
	scheduler.PromptStore
	count func(outcome string, times int)
}

// ClaimPrompt counts the one that won.
func (c countedPrompts) ClaimPrompt(ctx context.Context, prompt scheduler.Prompt) (scheduler.Prompt, bool, error) {
	claimed, won, err := c.PromptStore.ClaimPrompt(ctx, prompt)
	if err == nil && won {
		c.count(promptWritten, 1)
	}
	return claimed, won, err
}

// MovePrompt counts where it moved.
func (c countedPrompts) MovePrompt(ctx context.Context, id int64, to scheduler.PromptState, posted scheduler.Posted) error {
	err := c.PromptStore.MovePrompt(ctx, id, to, posted)
	if err == nil {
		c.count(promptMoves[to], 1)
	}
	return err
}

// UnsurePrompts counts those that it takes over.
func (c countedPrompts) UnsurePrompts(ctx context.Context, after time.Duration, limit int) ([]scheduler.Prompt, error) {
	unsure, err := c.PromptStore.UnsurePrompts(ctx, after, limit)
	c.count(promptUnsure, len(unsure))
	return unsure, err
}

// AnswerPrompt counts an answer that took effect.
func (c countedPrompts) AnswerPrompt(ctx context.Context, id int64, answer scheduler.Answer, by extension.Actor) (scheduler.Prompt, bool, error) {
	prompt, taken, err := c.PromptStore.AnswerPrompt(ctx, id, answer, by)
	if err == nil && taken {
		c.count(promptAnswers[answer], 1)
	}
	return prompt, taken, err
}
