package scheduler

import (
	"time"

	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/scheduler/extension"
)

// candidate is a meeting that automation deals with now, and what is known of it.
type candidate struct {
	meeting  meeting.Meeting
	run      string
	rule     Rule
	history  History
	decision Decision
}

// key is that of a button for the same end: a press and any number of looks are one extension.
func (c *candidate) key() string { return extension.OfferKey(c.run, c.meeting.End) }

// occasion is what a message about a candidate says.
func (c *candidate) occasion(kind PromptKind, end time.Time) Occasion {
	return Occasion{
		Prompt: Prompt{Kind: kind, Run: c.run, MeetingID: c.meeting.ID, End: end, RuleOf: c.rule.Of},
		Rule:   c.rule, Meeting: c.meeting, Decision: c.decision, Next: c.history.Next, Last: c.history.Run.Last,
		Kept: wishOf(c.rule, c.history.Prompts).kept.By,
	}
}

// troubled is the message that something went wrong at the meeting's end.
func (c *candidate) troubled(trouble Trouble) Occasion {
	occasion := c.occasion(PromptTrouble, c.meeting.End)
	occasion.Trouble = trouble
	return occasion
}
