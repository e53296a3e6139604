package scheduler

import (
	"context"
	"errors"
	"time"

	"github.com/overtime-bot/overtime/scheduler/extension"
)

// AutomationStore keeps what automation goes by. Each method is one transaction that is on disk when it returns nil;
// storetest has the contract.
type AutomationStore interface {
	Rules
	Pauses
	Runs
	Prompts
	Leases
}

// Rules keeps the rules.
type Rules interface {
	// Rules returns all rules.
	Rules(ctx context.Context) ([]Rule, error)
	// RulesOf returns those of a meeting and of its cloud room; an empty ID is of neither.
	RulesOf(ctx context.Context, meetingID, roomID string) ([]Rule, error)
	// PutRule stores the rule of rule.Of in place of an older one, which it returns (zero if there was none).
	PutRule(ctx context.Context, rule Rule) (before Rule, err error)
	// DeleteRule removes the rule and returns it; zero if there was none.
	DeleteRule(ctx context.Context, of string) (before Rule, err error)
	// PauseRule pauses the rule of that owner if it is not paused. It is false where another replica was first, or the
	// rule is gone or another's by now.
	PauseRule(ctx context.Context, of string, owner extension.Actor, reason PauseReason) (paused bool, err error)
}

// Pauses keeps the pause of all automation.
type Pauses interface {
	// PauseAll pauses all automation and ResumeAll ends that; each returns what was before. Paused reads it.
	PauseAll(ctx context.Context, by extension.Actor) (before Pause, err error)
	ResumeAll(ctx context.Context) (before Pause, err error)
	Paused(ctx context.Context) (Pause, error)
}

// Runs sums up what was done.
type Runs interface {
	// Runs sums up the rows of each run; a run without rows has a zero summary with its name.
	Runs(ctx context.Context, runs []string) (map[string]RunSummary, error)
}

// Prompts keeps the messages of the automation.
type Prompts interface {
	PromptReads
	PromptPosts
	PromptAnswers
}

// PromptReads reads prompts.
type PromptReads interface {
	// Prompts lists the prompts of the runs, oldest first within a run.
	Prompts(ctx context.Context, runs []string) (map[string][]Prompt, error)
	// Prompt reads one. ErrNoPrompt.
	Prompt(ctx context.Context, id int64) (Prompt, error)
	// FollowedPrompts lists those that are Posted, oldest first.
	FollowedPrompts(ctx context.Context) ([]Prompt, error)
}

// PromptPosts writes down what is posted and shown.
type PromptPosts interface {
	// ClaimPrompt stores a prompt in state Posting. Of any number of callers and processes one wins; false comes with
	// the one that is there for the same kind, run and end.
	ClaimPrompt(ctx context.Context, prompt Prompt) (Prompt, bool, error)
	// PostedPrompt says where a prompt was posted and what it shows: Posting (or Unsure) becomes Posted. ErrMoved.
	PostedPrompt(ctx context.Context, id int64, channel, timestamp, shown string) error
	// UnpostedPrompt says that Slack has no message by this caller. What is Posting was never asked, and may be claimed
	// again; what is Unsure is Posting again, as old as it was. No error where it is neither.
	UnpostedPrompt(ctx context.Context, id int64) error
	// UnsurePrompts moves prompts to Unsure that have been Posting for longer than after, and returns them. Of any number
	// of callers one gets each.
	UnsurePrompts(ctx context.Context, after time.Duration, limit int) ([]Prompt, error)
	// ShowPrompt says that a Posted prompt now shows something else, if it still shows before. It is false where another
	// replica was first. The caller that gets true edits the message.
	ShowPrompt(ctx context.Context, id int64, before, shown string) (bool, error)
	// ClosePrompt ends a prompt: it no longer follows its meeting. No error where it is closed already.
	ClosePrompt(ctx context.Context, id int64) error
}

// PromptAnswers keeps what people answered.
type PromptAnswers interface {
	// AnswerPrompt stores a person's answer if there is none yet; false, with the prompt as it stands, otherwise.
	// StopExtending takes the place of KeepExtending, and KeepExtending of LetEnd and StopExtending. ErrNoPrompt.
	AnswerPrompt(ctx context.Context, id int64, answer Answer, by extension.Actor) (Prompt, bool, error)
	// LapsePrompt says that this person's KeepExtending no longer counts. It is false where another replica was first, or
	// the answer is another by now. Any answer takes the place of one that lapsed.
	LapsePrompt(ctx context.Context, id int64, by extension.Actor) (bool, error)
}

// Leases elects one of several replicas.
type Leases interface {
	// Lease takes or renews a lease and tells whether owner holds it; ReleaseLease gives it up.
	Lease(ctx context.Context, name, owner string, ttl time.Duration) (held bool, err error)
	ReleaseLease(ctx context.Context, name, owner string) error
}

// ErrNoPrompt says that no prompt has the ID.
var ErrNoPrompt = errors.New("no such prompt")
