package scheduler

import (
	"context"
	"errors"
	"time"

	"github.com/overtime-bot/overtime/scheduler/extension"
)

// Stores are the parts of the database that the scheduler works with. Each method is one transaction that is on disk when
// it returns nil. storetest has the contract.
type Stores struct {
	RuleStore
	PromptStore
	RunStore
	LeaseStore
}

// RuleStore reads rules and the pause of all automation.
type RuleStore interface {
	// Rules returns all rules.
	Rules(ctx context.Context) ([]Rule, error)
	// RulesOf returns those of a meeting and of its cloud room; an empty ID is of neither.
	RulesOf(ctx context.Context, meetingID, roomID string) ([]Rule, error)
	// PauseRule pauses the rule of that owner if it is not paused. It is false where another replica was first, or the
	// rule is gone or another's by now.
	PauseRule(ctx context.Context, of string, owner extension.Actor, reason PauseReason) (paused bool, err error)
	// SeeRules says that what these rules are of still exists, and UnseenRules lists what those are of that were neither made
	// nor seen for so long.
	SeeRules(ctx context.Context, of []string) error
	UnseenRules(ctx context.Context, since time.Duration) ([]string, error)
	// Paused reads the pause of all automation.
	Paused(ctx context.Context) (Pause, error)
}

// PromptStore keeps the messages of the automation.
type PromptStore interface {
	// Prompts lists the prompts of the runs, oldest first within a run.
	Prompts(ctx context.Context, runs []string) (map[string][]Prompt, error)
	// FollowedPrompts lists those that are Posted, oldest first.
	FollowedPrompts(ctx context.Context) ([]Prompt, error)
	// Prompt reads one. ErrNoPrompt.
	Prompt(ctx context.Context, id int64) (Prompt, error)
	// ClaimPrompt stores a prompt in state Posting. Of any number of callers and processes one wins; false comes with the
	// one that is there for the same kind, run, end and reader.
	ClaimPrompt(ctx context.Context, prompt Prompt) (Prompt, bool, error)
	// MovePrompt says how far a prompt has come. Posting or Unsure becomes Posted, as posted says; ErrMoved otherwise.
	// Unposted and Closed are no errors where there is nothing to do.
	MovePrompt(ctx context.Context, id int64, to PromptState, posted Posted) error
	// UnsurePrompts moves prompts to Unsure that have been Posting for longer than after, and returns them. Of any number
	// of callers one gets each.
	UnsurePrompts(ctx context.Context, after time.Duration, limit int) ([]Prompt, error)
	// ShowPrompt says that a Posted prompt now shows something else, if it still shows before. It is false where another
	// replica was first. The caller that gets true edits the message.
	ShowPrompt(ctx context.Context, id int64, before, shown Shown) (bool, error)
	// AnswerPrompt stores a person's answer, in place of another one; false, with the prompt as it stands, where it was
	// answered so before. Lapse takes effect on KeepExtending of the same person alone, and then any answer takes its
	// place. ErrNoPrompt.
	AnswerPrompt(ctx context.Context, id int64, answer Answer, by extension.Actor) (Prompt, bool, error)
}

// RunStore sums up what was done.
type RunStore interface {
	// Runs sums up the rows of each run; a run without rows has a zero summary with its name.
	Runs(ctx context.Context, runs []string) (map[string]RunSummary, error)
	// DailyMinutes sums up what each person added in the last 24 hours, and what automation added at their wish.
	DailyMinutes(ctx context.Context, people []extension.Actor) (map[extension.Actor]int, error)
}

// LeaseStore elects one of several replicas.
type LeaseStore interface {
	// Lease takes or renews a lease and tells whether owner holds it; ReleaseLease gives it up.
	Lease(ctx context.Context, name, owner string, ttl time.Duration) (held bool, err error)
	ReleaseLease(ctx context.Context, name, owner string) error
}

// ErrNoPrompt says that no prompt has the ID.
var ErrNoPrompt = errors.New("no such prompt")
