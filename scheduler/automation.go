package scheduler

import (
	"context"
	"errors"
	"time"

	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/scheduler/extension"
)

// ErrNobodyToTell says that no channel watches, NOTIFY_CHANNEL is not set, and the host is not known in Slack, or
// wants not to be asked.
var ErrNobodyToTell = errors.New("nobody to tell")

// ErrInDoubt says that nobody knows whether Slack has a message: to post it again could show it twice.
var ErrInDoubt = errors.New("the message may or may not have been posted")

// AutomationStore keeps rules and prompts. Each method is one transaction that is on disk when it returns nil;
// storetest has the contract.
type AutomationStore interface {
	// Rules returns all rules.
	Rules(ctx context.Context) ([]Rule, error)
	// RulesOf returns those of a meeting and of its cloud room; of either ID, if it is not empty.
	RulesOf(ctx context.Context, meetingID, roomID string) ([]Rule, error)
	// PutRule stores the rule of rule.Of in the place of an older one, which it returns (zero if there was none).
	PutRule(ctx context.Context, rule Rule) (before Rule, err error)
	// DeleteRule removes the rule and returns it; zero if there was none.
	DeleteRule(ctx context.Context, of string) (before Rule, err error)
	// PauseRule pauses the rule of that owner if it is not paused; false where another replica was first, or the
	// rule is gone or another's by now.
	PauseRule(ctx context.Context, of string, owner extension.Actor, reason PauseReason) (paused bool, err error)

	// PauseAll pauses all automation, ResumeAll ends that; each returns what was before. Paused reads it.
	PauseAll(ctx context.Context, by extension.Actor) (before Pause, err error)
	ResumeAll(ctx context.Context) (before Pause, err error)
	Paused(ctx context.Context) (Pause, error)

	// Runs sums the rows of each run up; a run without rows has a zero summary with its name.
	Runs(ctx context.Context, runs []string) (map[string]RunSummary, error)
	// Prompts lists the prompts of the runs, oldest first within a run.
	Prompts(ctx context.Context, runs []string) (map[string][]Prompt, error)
	// Prompt reads one. ErrNoPrompt.
	Prompt(ctx context.Context, id int64) (Prompt, error)
	// ClaimPrompt stores a prompt in state Posting; false, with the one that is there, if there is one of the same
	// kind, run and end: of any number of callers and processes one wins.
	ClaimPrompt(ctx context.Context, prompt Prompt) (Prompt, bool, error)
	// PostedPrompt says where a prompt was posted and what it shows: Posting (or Unsure) becomes Posted. ErrMoved.
	PostedPrompt(ctx context.Context, id int64, channel, timestamp, shown string) error
	// UnsurePrompts moves prompts that have been Posting for longer than after to Unsure, and returns them: of any
	// number of callers one gets each.
	UnsurePrompts(ctx context.Context, after time.Duration, limit int) ([]Prompt, error)
	// UnpostedPrompt says that Slack has no message by this caller: what is Posting was never asked, and may be claimed
	// anew; what is Unsure is Posting again, as old as it was. No error where it is neither.
	UnpostedPrompt(ctx context.Context, id int64) error
	// FollowedPrompts lists those that are Posted, oldest first.
	FollowedPrompts(ctx context.Context) ([]Prompt, error)
	// ShowPrompt says that a Posted prompt now shows something else, if it still shows before; false where another
	// replica was first. Whoever gets true edits the message.
	ShowPrompt(ctx context.Context, id int64, before, shown string) (bool, error)
	// AnswerPrompt stores a person's answer if there is none yet; false, with the prompt as it stands, otherwise.
	// StopExtending takes the place of KeepExtending, and KeepExtending of LetEnd and StopExtending.
	AnswerPrompt(ctx context.Context, id int64, answer Answer, by extension.Actor) (Prompt, bool, error)
	// LapsePrompt says that KeepExtending, if that is what this person answered to the prompt, counts no longer; false
	// where another replica was first, or somebody answered otherwise. Any answer takes the place of one that lapsed.
	LapsePrompt(ctx context.Context, id int64, by extension.Actor) (bool, error)
	// ClosePrompt ends a prompt: it follows nothing any more. No error where it is closed already.
	ClosePrompt(ctx context.Context, id int64) error

	// Lease takes or renews a lease and tells whether owner holds it; ReleaseLease gives it up.
	Lease(ctx context.Context, name, owner string, ttl time.Duration) (held bool, err error)
	ReleaseLease(ctx context.Context, name, owner string) error
}

// ErrNoPrompt says that no prompt has the ID.
var ErrNoPrompt = errors.New("no such prompt")

// Announcer posts and edits the messages of the automation; the bot implements it and writes the sentences.
type Announcer interface {
	// Announce posts a new message to the rule's channel, else NOTIFY_CHANNEL, else the host. ErrNobodyToTell. After
	// ErrInDoubt it may have been posted; any other error says that it was not. ctx has a deadline.
	Announce(ctx context.Context, occasion Occasion) (Posted, error)
	// Follow edits a message to what is true now, where Occasion.Prompt.Shown says something else, and returns what it
	// shows now.
	Follow(ctx context.Context, occasion Occasion) (shown string, err error)
	// Authorise asks whether the owner of a rule may extend the meeting now, or whoever chose to keep extending the run:
	// then they and their channel stand in the rule. An error means that it could not be found out: then nothing is done.
	Authorise(ctx context.Context, rule Rule, m meeting.Meeting) (PauseReason, error)
	// RulePaused tells the channel, else the owner, that a rule paused, and why.
	RulePaused(ctx context.Context, rule Rule, m meeting.Meeting) error
}

// Posted is where a message went.
type Posted struct{ Channel, Timestamp, Shown string }

// Occasion is all that a message of the automation says, as facts.
type Occasion struct {
	Prompt   Prompt // its ID, kind and end; what was answered
	Rule     Rule
	Meeting  meeting.Meeting // as it was read last; its ID alone where the run is over
	Over     bool            // the run has ended
	Decision Decision
	Next     NextBooking
	Kept     extension.Actor     // on whose "keep extending" the run is extended; zero where its rule says so, or nobody does
	Last     extension.Extension // the newest extension of the run that took effect; zero if there is none
	Trouble  Trouble             // PromptTrouble: what went wrong
	// Unsure says that an earlier message for the same end may or may not have been posted: this one has no buttons.
	Unsure bool
}

// Trouble is what went wrong with automation.
type Trouble string

// The troubles.
const (
	NoTrouble       Trouble = ""
	TroubleRefused  Trouble = "refused"   // by the service
	TroubleUnclear  Trouble = "unclear"   // nobody knows whether it took effect
	TroubleThrottle Trouble = "throttled" // the service's quota is used up
	TroubleQuota    Trouble = "quota"     // known beforehand: more meetings end than the quota serves
	TroubleNoTick   Trouble = "no-tick"   // nobody looked at the meetings for too long
	TroubleOwner    Trouble = "owner"     // the one on whose behalf it acts could not be looked up
	TroubleKeeper   Trouble = "keeper"    // whoever chose to keep extending the run may not any more
	TroubleService  Trouble = "service"   // the meeting service does not answer
	TroubleHidden   Trouble = "hidden"    // the account does not see the host's password
	TroubleBooked   Trouble = "booked"    // a watched meeting's room or host is booked right at its end
	TroubleSpent    Trouble = "spent"     // the minutes of a watched meeting's run are used up
)
