package scheduler

import (
	"context"
	"errors"

	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/scheduler/extension"
)

// ErrNobodyToTell says that no channel watches, and NOTIFY_CHANNEL is not set. The host is not known in Slack, or does not
// want to be asked.
var ErrNobodyToTell = errors.New("nobody to tell")

// ErrInDoubt says that nobody knows whether Slack has a message. Posted again, it could appear twice.
var ErrInDoubt = errors.New("the message may or may not have been posted")

// Announcer posts and edits the messages of the automation; the bot implements it and writes the sentences.
type Announcer interface {
	// Announce posts a new message to the rule's channel, else NOTIFY_CHANNEL, else the host. ErrNobodyToTell. After
	// ErrInDoubt it may have been posted; any other error says that it was not. ctx has a deadline.
	Announce(ctx context.Context, occasion Occasion) (Posted, error)
	// Follow edits a message to what is true now, where Occasion.Prompt.Shown says something else. It returns what the
	// message shows now.
	Follow(ctx context.Context, occasion Occasion) (Shown, error)
	// Authorise asks whether the rule's owner may extend the meeting now. For a run that a person chose to keep extending,
	// that person and their channel stand in the rule. On an error nothing is done. NotTheirRun leaves the rule as it is.
	Authorise(ctx context.Context, rule Rule, m meeting.Meeting) (PauseReason, error)
	// RulePaused tells the channel, else the owner, that a rule paused, and why, and what comes of it for the meeting.
	RulePaused(ctx context.Context, rule Rule, m meeting.Meeting, next Outlook) error
}

// Occasion is all that a message of the automation says, as facts.
type Occasion struct {
	Prompt   Prompt // its ID, kind and end; what was answered
	Rule     Rule
	Meeting  meeting.Meeting // as it was read last; its ID alone where the run is over
	Over     bool            // the run has ended
	Decision Decision
	Next     NextBooking
	Outlook  Outlook             // what comes next, if nothing changes
	Kept     extension.Actor     // on whose "keep extending" the run is extended; zero without one
	Last     extension.Extension // the newest extension of the run that took effect; zero if there is none
	Trouble  Trouble             // PromptTrouble: what went wrong
	// Unsure says that an earlier message for the same end may or may not have been posted. This one has no buttons.
	Unsure bool
}
