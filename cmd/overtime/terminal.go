package main

import (
	"encoding/json"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/overtime-bot/overtime/bot/slacksim"
)

// print writes the conversation for a terminal: each message on a line, its context and buttons below it.
func (s *stage) print(out io.Writer) {
	for _, message := range s.slack.Messages(slacksim.Filter{}) {
		private := ""
		if message.EphemeralTo != "" {
			private = " (only you see this)"
		}
		switch {
		case message.Command != "":
			fmt.Fprintf(out, "%s: %s\n", message.Username, message.Command)
		case message.Error != "":
			fmt.Fprintf(out, "slack (only you see this): %s\n", message.Error)
		default:
			fmt.Fprintf(out, "%s%s: %s\n", message.Username, private, strings.Join(linesOf(message), "\n    "))
		}
	}
}

// linesOf returns the text of a message's blocks, or of the message if it has none.
func linesOf(message slacksim.Message) []string {
	var blocks []struct {
		Text     *blockText  `json:"text"`
		Elements []blockText `json:"elements"`
	}
	if err := json.Unmarshal(message.Blocks, &blocks); err != nil || len(blocks) == 0 {
		return []string{terminalText(message.Text)}
	}
	var lines []string
	for _, block := range blocks {
		if block.Text != nil {
			lines = append(lines, block.Text.shown())
		}
		for _, element := range block.Elements {
			lines = append(lines, element.shown())
		}
	}
	return lines
}

// blockText is a text object, or a button.
type blockText struct {
	Type string          `json:"type"`
	Text json.RawMessage `json:"text"`
}

func (b blockText) shown() string {
	var text string
	if json.Unmarshal(b.Text, &text) == nil {
		if b.Type == "plain_text" {
			return text
		}
		return terminalText(text)
	}
	var label blockText
	if json.Unmarshal(b.Text, &label) == nil {
		return "[" + label.shown() + "]"
	}
	return ""
}

var (
	dateToken = regexp.MustCompile(`<!date\^(\d+)\^[^|>]*\|[^>]*>`)
	mention   = regexp.MustCompile(`<[@#!](?:subteam\^)?([A-Z0-9]+)(?:\|[^>]*)?>`)
	entities  = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&")
	signs     = strings.NewReplacer(":white_check_mark:", "✅", ":hourglass_flowing_sand:", "⏳", ":no_entry:", "⛔",
		":warning:", "⚠️", ":information_source:", "ℹ️")
)

// terminalText removes the marks of mrkdwn, and shows times in the machine's own zone.
func terminalText(text string) string {
	text = dateToken.ReplaceAllStringFunc(text, func(token string) string {
		seconds, err := strconv.ParseInt(dateToken.FindStringSubmatch(token)[1], 10, 64)
		if err != nil {
			return token
		}
		return time.Unix(seconds, 0).Format("15:04 MST")
	})
	text = mention.ReplaceAllString(text, "@$1")
	return entities.Replace(signs.Replace(strings.NewReplacer("`", "", "*", "").Replace(text)))
}
