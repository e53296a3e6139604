package bot

import (
	"encoding/json"
	"strings"
	"unicode/utf16"

	"github.com/slack-go/slack"
)

// Message is what Slack gets. Notifications and screen readers use its text.
type Message struct {
	Text     string
	Blocks   []slack.Block
	Replaces bool
	Thread   string // in which it is posted; empty = in none
}

// Slack's limits are 3,000 characters for a section, 4,000 for the text of a message, and 50 blocks. These leave room
// for the sign in front.
const (
	textLimit    = 3900
	sectionLimit = 2900
	aboutLimit   = 200
	itemLimit    = 20
	buttonLimit  = 75
	smallLimit   = 1000 // of the small print
	leastText    = 300
)

// messageLimit is for all of a message. Slack does not write its own down; people saw it refuse from some 13,000 characters.
const messageLimit = 9900

// render lays a reply out, with as much of its list as fits.
func render(reply Reply) Message {
	shown := min(len(reply.Items), itemLimit)
	message := layOut(reply, shown)
	for shown > 0 && message.length() > messageLimit {
		shown--
		message = layOut(reply, shown)
	}
	if over := message.length() - messageLimit; over > 0 {
		message.Text = clip(message.Text, max(len([]rune(message.Text))-over, leastText))
	}
	if message.length() > messageLimit {
		message.Blocks = nil // better than no message
	}
	return message
}

// length is of the blocks as Slack gets them, and of the text. What takes two characters in Slack's counts as two.
func (m Message) length() int {
	encoded, _ := json.Marshal(m.Blocks) // our own types: cannot fail
	return len(utf16.Encode([]rune(string(encoded)))) + len(utf16.Encode([]rune(m.Text)))
}

// layOut shows so many items of the list.
func layOut(reply Reply, shown int) Message {
	text := reply.Heading.put(reply.Text)
	blocks := []slack.Block{section(string(reply.Tone) + " " + text)}
	lines := reply.About
	if reply.Heading.Number != "" {
		lines = append([]string{reply.Heading.Number}, lines...)
	}
	if len(lines) > 0 {
		blocks = append(blocks, about(lines...))
	}
	for _, item := range reply.Items[:shown] {
		text += "\n" + item.Text
		blocks = append(blocks, section(item.Text))
		if item.About != "" {
			blocks = append(blocks, about(item.About))
		}
	}
	last := reply.Last
	if hidden := len(reply.Items) - shown + reply.Rest; hidden > 0 && reply.More != nil {
		last = strings.TrimSpace(reply.More(hidden) + "\n" + last)
	}
	for _, line := range []string{clip(reply.Next, smallLimit), clip(last, smallLimit)} {
		if line != "" {
			text += "\n" + line
			blocks = append(blocks, slack.NewContextBlock("", ours(line)))
		}
	}
	if len(reply.Offers) > 0 {
		elements, ids := make([]slack.BlockElement, 0, len(reply.Offers)), actionIDs{}
		for _, offer := range reply.Offers {
			label := slack.NewTextBlockObject(slack.PlainTextType, clip(offer.Label, buttonLimit), false, false)
			elements = append(elements, slack.NewButtonBlockElement(ids.distinct(actionID(offer.Action)), offer.Action.ID, label))
		}
		blocks = append(blocks, slack.NewActionBlock("", elements...))
	}
	return Message{Text: clip(text, textLimit), Blocks: blocks, Replaces: reply.Replaces}
}

func section(text string) slack.Block {
	return slack.NewSectionBlock(ours(clip(text, sectionLimit)), nil, nil)
}

// ours is mrkdwn of our own. It is verbatim: otherwise Slack makes links and mentions of foreign text in it, even if
// it is escaped.
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
