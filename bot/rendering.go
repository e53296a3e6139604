package bot

import (
	"strconv"

	"github.com/slack-go/slack"
)

// Message is what Slack gets. Notifications and screen readers use its text.
type Message struct {
	Text     string
	Blocks   []slack.Block
	Replaces bool
}

// Slack's limits are 3,000 characters for a section, 4,000 for the text of a message, and 50 blocks. These leave room
// for the sign in front.
const (
	textLimit    = 3900
	sectionLimit = 2900
	aboutLimit   = 200
	itemLimit    = 20
	buttonLimit  = 75
)

// render lays a reply out.
func render(reply Reply) Message {
	text := reply.Text
	blocks := []slack.Block{section(string(reply.Tone) + " " + reply.Text)}
	if len(reply.About) > 0 {
		blocks = append(blocks, about(reply.About...))
	}
	for _, item := range reply.Items[:min(len(reply.Items), itemLimit)] {
		text += "\n" + item.Text
		blocks = append(blocks, section(item.Text))
		if item.About != "" {
			blocks = append(blocks, about(item.About))
		}
	}
	for _, line := range []string{reply.Next, reply.Last} {
		if line != "" {
			text += "\n" + line
			blocks = append(blocks, slack.NewContextBlock("", ours(line)))
		}
	}
	if len(reply.Offers) > 0 {
		elements := make([]slack.BlockElement, 0, len(reply.Offers))
		for i, offer := range reply.Offers {
			label := slack.NewTextBlockObject(slack.PlainTextType, clip(offer.Label, buttonLimit), false, false)
			elements = append(elements, slack.NewButtonBlockElement("offer:"+strconv.Itoa(i), offer.Action.ID, label))
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
