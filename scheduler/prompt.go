package scheduler

import (
	"time"

	"github.com/overtime-bot/overtime/scheduler/extension"
)

// PromptKind is what a message of the automation is about.
type PromptKind string

// The kinds. One end of one run has at most one message of each.
const (
	PromptAsk     PromptKind = "ask"     // asks whether to extend
	PromptAuto    PromptKind = "auto"    // tells of an automatic extension; End is the one from before it
	PromptTrouble PromptKind = "trouble" // tells that automation failed, or will not be served in time
)

// PromptState is how far a message has come.
type PromptState string

// The states of a prompt.
const (
	PromptPosting PromptState = "posting" // written down, perhaps posted: its writer is posting it
	PromptPosted  PromptState = "posted"  // Slack has it: it follows its meeting until the run is over
	PromptUnsure  PromptState = "unsure"  // its writer died: nobody knows whether Slack has it
	PromptClosed  PromptState = "closed"  // the run is over, or nobody could be asked
)

// Answer is what a person answered to a prompt, beyond an extension (which is an extension's row).
type Answer string

// The answers.
const (
	NoAnswer      Answer = ""
	KeepExtending Answer = "keep" // of the run, up to the cap, without asking
	LetEnd        Answer = "end"  // at this end
	StopExtending Answer = "stop" // no more automatic extensions of the run; it asks again
)

// Prompt is one message of the automation about one end of one run, as it is stored. The row is written before the
// message is posted, so that one of any number of replicas and restarts posts it.
type Prompt struct {
	ID        int64
	Kind      PromptKind
	Run       string
	MeetingID string
	End       time.Time // the end that it is about; minute precision, UTC
	RuleOf    string    // Rule.Of of the rule that made it
	State     PromptState
	Channel   string // where it was posted: a channel, or a direct message's; empty until then
	Timestamp string // ts of Slack's message; empty until posted
	Shown     string // what the message shows now, in the Announcer's words: it is edited when that changes
	Answer    Answer
	By        extension.Actor // who answered
	Lapsed    bool            // they chose KeepExtending and may no longer extend: it no longer counts
	Created   time.Time
}
