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
)

// blocksLimit is for all blocks of a message. Slack does not write its own down; people saw it refuse from some 13,000
// characters.
const blocksLimit = 9900

// titleLimits are how long the names in a list may be: less, where it does not fit otherwise.
var titleLimits = []int{titleLimit, hostLimit, 20, shortest, 5}

// render lays a reply out. Where its list is too long, it cuts what the entries are called, and then the list.
func render(reply Reply) (message Message) {
	shown, titles := min(len(reply.Items), itemLimit), titleLimits
	for {
		message = layOut(reply, shown, titles[0])
		switch {
		case message.length() <= blocksLimit:
			return message
		case len(titles) > 1 && shown > 0:
			titles = titles[1:]
		case shown > 0:
			shown--
		default:
			message.Blocks = nil // better than no message
			return message
		}
	}
}

// length is of the blocks as Slack gets them. What takes two characters in Slack's counts as two.
func (m Message) length() int {
	encoded, _ := json.Marshal(m.Blocks) // our own types: cannot fail
	return len(utf16.Encode([]rune(string(encoded))))
}

// layOut shows so many items of the list, with so many characters of what they are called.
func layOut(reply Reply, shown, titles int) Message {
	text, used := reply.Heading.put(reply.Text), actionIDs{}
	blocks := []slack.Block{section(string(reply.Tone) + " " + text)}
	lines := reply.About
	if reply.Heading.Number != "" {
		lines = append([]string{reply.Heading.Number}, lines...)
	}
	if len(lines) > 0 {
		blocks = append(blocks, about(lines...))
	}
	for _, item := range reply.Items[:shown] {
		said := entryText(item, titles)
		text += "\n" + said
		blocks = append(blocks, section(said))
		if item.About != "" {
			blocks = append(blocks, about(item.About))
		}
		if pressed := controls(item.Row, nil, used); pressed != nil {
			blocks = append(blocks, pressed)
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
	if pressed := controls(reply.Row, reply.Offers, used); pressed != nil {
		blocks = append(blocks, pressed)
	}
	return Message{Text: clipLines(text, textLimit), Blocks: blocks, Replaces: reply.Replaces}
}

// entryText is the text of a list's entry, with so many characters of the names in it.
func entryText(item Item, titles int) string {
	if item.Named == nil {
		return item.Text
	}
	return item.Named(titles)
}

// clipLines cuts text to limit characters, at the end of a line if there is one: a date or an entity is never cut there.
func clipLines(text string, limit int) string {
	cut := clip(text, limit)
	if at := strings.LastIndexByte(cut, '\n'); at > 0 && cut != text {
		return cut[:at]
	}
	return cut
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
