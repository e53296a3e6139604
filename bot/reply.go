package bot

import (
	"github.com/slack-go/slack"
)

// Tone is how an answer is meant; it chooses the sign in front of it.
type Tone string

// The tones.
const (
	Done    Tone = ":white_check_mark:"
	Waiting Tone = ":hourglass_flowing_sand:"
	Refusal Tone = ":no_entry:"
	Trouble Tone = ":warning:"
	Telling Tone = ":information_source:"
	Asking  Tone = ":question:"
)

// Name is the tone in one word, for metrics.
func (t Tone) Name() string {
	switch t {
	case Done:
		return "done"
	case Waiting:
		return "waiting"
	case Refusal:
		return "refused"
	case Trouble:
		return "trouble"
	case Asking:
		return "asked"
	}
	return "told"
}

// Reply is the answer to one command, as a value: handlers return it, and one place sends it.
type Reply struct {
	Tone Tone
	Text string // what happened: mrkdwn of our own, with anything foreign in it escaped
	Next string // what to do next, in the same form; may be empty
	// About is foreign text (a subject, what the service said): shown as plain text, never parsed.
	About []string
	Items []Item // a list under the text
	Last  string // below the list

	Offers []Offer // buttons
	// Replaces says that the answer to a button takes the place of the message that the button is under.
	Replaces bool
	// Own says that the person's own press did it, and Said that the message with the button says so already, in the
	// place of an answer.
	Own, Said bool
	// Later says that there is no answer yet: the envelope is left to be taken over again.
	Later bool
	// Pending says that a second answer follows: the envelope keeps what that one needs. It tells how the Promised
	// extension, by its ID, came out.
	Pending  bool
	Promised int64
}

// Item is an entry of a list.
type Item struct {
	Text  string // mrkdwn of our own
	About string // foreign text
}

// Message is what goes on the wire: always a top-level text, for notifications and screen readers.
type Message struct {
	Text     string
	Blocks   []slack.Block
	Replaces bool
}

// Slack's limits, with room for the sign in front: a section holds 3,000 characters, a message's text 4,000, and
// a message 50 blocks.
const (
	textLimit    = 3900
	sectionLimit = 2900
	aboutLimit   = 200
	itemLimit    = 20
	buttonLimit  = 75
)

// render lays an answer out.
func render(reply Reply) Message {
	blocks := []slack.Block{section(string(reply.Tone) + " " + reply.Text)}
	if len(reply.About) > 0 {
		blocks = append(blocks, about(reply.About...))
	}
	for _, item := range reply.Items[:min(len(reply.Items), itemLimit)] {
		blocks = append(blocks, section(item.Text))
		if item.About != "" {
			blocks = append(blocks, about(item.About))
		}
	}
	for _, line := range []string{reply.Next, reply.Last} {
		if line != "" {
			blocks = append(blocks, slack.NewContextBlock("", ours(line)))
		}
	}
	if len(reply.Offers) > 0 {
		blocks = append(blocks, buttons(reply.Offers))
	}
	return Message{Text: textOf(reply), Blocks: blocks, Replaces: reply.Replaces}
}

// textOf is the whole answer without its layout.
func textOf(reply Reply) string {
	text := reply.Text
	for _, item := range reply.Items[:min(len(reply.Items), itemLimit)] {
		text += "\n" + item.Text
	}
	for _, line := range []string{reply.Next, reply.Last} {
		if line != "" {
			text += "\n" + line
		}
	}
	return clip(text, textLimit)
}

func section(text string) slack.Block {
	return slack.NewSectionBlock(ours(clip(text, sectionLimit)), nil, nil)
}

// ours is mrkdwn of our own. It is verbatim, or Slack would make links and mentions of what looks like one in
// the foreign parts, escaped or not.
func ours(text string) *slack.TextBlockObject {
	object := slack.NewTextBlockObject(slack.MarkdownType, text, false, true)
	object.Emoji = nil
	return object
}

func about(lines ...string) slack.Block {
	elements := make([]slack.MixedElement, 0, len(lines))
	for _, line := range lines {
		elements = append(elements, slack.NewTextBlockObject(slack.PlainTextType, plain(line, aboutLimit), false, false))
	}
	return slack.NewContextBlock("", elements...)
}
