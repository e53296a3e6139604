package scheduler

import (
	"cmp"
	"time"

	"github.com/overtime-bot/overtime/scheduler/extension"
)

// PromptKind is what a message of the automation is about.
type PromptKind string

// The kinds. For one end of one run, each of those who should read it gets at most one message of each.
const (
	PromptAsk     PromptKind = "ask"     // asks whether to extend
	PromptAuto    PromptKind = "auto"    // tells of an automatic extension that ended the run at End before
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

	// PromptUnposted is where a prompt moves that Slack has no message of: one that was Posting is forgotten, and may be
	// claimed again; one that was Unsure is Posting again, as old as it was.
	PromptUnposted PromptState = "unposted"
)

// Answer is what a person answered to a prompt, beyond an extension (which is an extension's row).
type Answer string

// The answers.
const (
	NoAnswer      Answer = ""
	KeepExtending Answer = "keep" // of the run, up to the cap, without asking
	LetEnd        Answer = "end"  // at this end
	StopExtending Answer = "stop" // no more automatic extensions of the run; it asks again

	// Lapse is no answer: it ends the KeepExtending of a person who may no longer extend. Prompt.Lapsed tells of it.
	Lapse Answer = "lapse"
)

// Prompt is one message of the automation about one end of one run, as it is stored. The row is written before the
// message is posted, so that of any number of replicas and restarts one posts it.
type Prompt struct {
	ID        int64
	Kind      PromptKind
	Run       string
	MeetingID string
	End       time.Time // the end that it is about; minute precision, UTC
	RuleOf    string    // Rule.Of of the rule that made it
	For       string    // Rule.reader of that rule: whom it is meant for
	Trouble   Trouble   // PromptTrouble: what went wrong
	State     PromptState
	Posted    // zero until it is posted
	Answer    Answer
	By        extension.Actor // who answered
	Answered  time.Time       // zero where a replica of the version before wrote the answer
	Lapsed    bool            // they chose KeepExtending and may no longer extend: it no longer counts
	Created   time.Time
}

// reached says that those who should read a message as the rule says have it, or that it was tried for this very rule. What
// somebody else reads, or nobody, is nothing to a channel that watches since. Where nobody watches, any reader will do.
func (p *Prompt) reached(rule Rule) bool {
	switch reader := cmp.Or(rule.Channel, rule.Owner.User); {
	case rule.Of == "" || p.For == rule.reader():
		return true
	case p.Timestamp != "":
		return p.Reader.ID == reader || p.Channel == reader
	}
	return p.For == "" && p.State != PromptClosed // of a replica of the version before, which is posting it
}

// Posted is where a message is, who reads it, and what it shows.
type Posted struct {
	Channel   string // a channel, or a direct message's
	Timestamp string // ts of Slack's message
	Reader    Reader
	Shown     Shown // the message is edited when that changes
}

// Reader is who reads a message.
type Reader struct {
	ID   string // of the channel, or of the person who reads a direct message
	Host bool   // the person reads it as the meeting's host: nobody made a rule
}

// Shown is what a message shows of its meeting. Two that are equal show the same.
type Shown struct {
	Stage  Stage
	End    int64  // Unix seconds of the end that is shown; 0 = none
	Who    string // ID of the person who answered, extended or handed over
	Answer Answer
	State  extension.State // of the extension that is told
	Lapsed bool            // the answer no longer counts
	Unsure bool            // an earlier message may or may not have been posted
}

// Stage is how far the meeting of a message has come.
type Stage string

// The stages.
const (
	StageOpen      Stage = "open"      // as it was announced
	StageAnswered  Stage = "answered"  // by a person, and the end is the same
	StageHanded    Stage = "handed"    // to the platform by a person, and the end is the same
	StageExtended  Stage = "extended"  // by a person or by automation
	StageAgain     Stage = "again"     // extended more than once
	StageElsewhere Stage = "elsewhere" // extended, and not by an extension of ours
	StageOver      Stage = "over"
)
