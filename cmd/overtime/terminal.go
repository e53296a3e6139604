package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/overtime-bot/overtime/bot/slacksim"
)

// print writes the conversation for a terminal. A message begins at the margin, and what belongs to it is indented: each
// block below it, the buttons of a block on one line. A blank line is between one thing that was typed and the next.
func (s *stage) print(out io.Writer) {
	typedBefore := false
	for _, message := range s.inOrder() {
		typed := message.Command != "" || message.User != slacksim.BotUserID && message.Error == ""
		if typed && typedBefore {
			fmt.Fprintln(out)
		}
		typedBefore = typedBefore || typed
		fmt.Fprintln(out, shownInTerminal(message))
	}
	for _, view := range s.slack.Views() {
		fmt.Fprintln(out, shownDialog(view))
	}
}

// inOrder is all that was said, in the order of the clock.
func (s *stage) inOrder() []slacksim.Message {
	said := s.slack.Messages(slacksim.Filter{})
	slices.SortStableFunc(said, func(a, b slacksim.Message) int { return cmp.Compare(a.TS, b.TS) })
	return said
}

func shownInTerminal(message slacksim.Message) string {
	switch {
	case message.Command != "":
		return message.Username + ": " + message.Command
	case message.Error != "":
		return "slack (only you see this): " + message.Error
	}
	private := ""
	if message.EphemeralTo != "" {
		private = " (only you see this)"
	}
	return message.Username + private + ": " + indented(paragraphsOf(message))
}

// shownDialog is an open dialog: its title, what it asks for, and its button.
func shownDialog(open slacksim.OpenView) string {
	var view struct {
		Title  blockText `json:"title"`
		Submit blockText `json:"submit"`
	}
	_ = json.Unmarshal(open.View, &view) // the stand-in encoded it
	var content struct {
		Blocks json.RawMessage `json:"blocks"`
	}
	_ = json.Unmarshal(open.View, &content)
	paragraphs := append([]paragraph{{lines: []string{view.Title.shown()}}}, paragraphsIn(content.Blocks)...)
	if label := view.Submit.shown(); label != "" {
		paragraphs = append(paragraphs, paragraph{lines: []string{"[" + label + "]"}})
	}
	return slacksim.BotName + " opens a dialog: " + indented(paragraphs)
}

// paragraph is a block: its texts and buttons.
type paragraph struct {
	kind  string
	lines []string
}

// indented puts the first block at the margin and the others below it. What explains a block, its further lines and the
// contexts and buttons after it, stands a little more to the right.
func indented(paragraphs []paragraph) string {
	var lines []string
	depth := ""
	for i, p := range paragraphs {
		if i > 0 && p.kind != "context" && p.kind != "actions" {
			depth = "  "
		}
		for n, line := range strings.Split(strings.Join(p.lines, " "), "\n") {
			switch {
			case i == 0 && n == 0:
				lines = append(lines, line)
			case n > 0 || p.kind == "context" || p.kind == "actions":
				lines = append(lines, "    "+depth+line)
			default:
				lines = append(lines, "    "+line)
			}
		}
	}
	return strings.Join(lines, "\n")
}

// linesOf returns the text of a message's blocks, or of the message if it has none.
func linesOf(message slacksim.Message) []string {
	var lines []string
	for _, p := range paragraphsOf(message) {
		lines = append(lines, p.lines...)
	}
	return lines
}

// paragraphsOf returns the same by block.
func paragraphsOf(message slacksim.Message) []paragraph {
	if paragraphs := paragraphsIn(message.Blocks); len(paragraphs) > 0 {
		return paragraphs
	}
	return []paragraph{{lines: []string{terminalText(message.Text)}}}
}

func paragraphsIn(raw json.RawMessage) []paragraph {
	var blocks []struct {
		Type      string      `json:"type"`
		Text      *blockText  `json:"text"`
		Label     *blockText  `json:"label"`
		Accessory *blockText  `json:"accessory"`
		Elements  []blockText `json:"elements"`
	}
	if json.Unmarshal(raw, &blocks) != nil {
		return nil
	}
	var paragraphs []paragraph
	for _, block := range blocks {
		p := paragraph{kind: block.Type}
		for _, one := range []*blockText{block.Text, block.Label, block.Accessory} {
			if one != nil {
				p.lines = append(p.lines, one.shown())
			}
		}
		for _, element := range block.Elements {
			p.lines = append(p.lines, element.shown())
		}
		if p.lines = slices.DeleteFunc(p.lines, func(line string) bool { return line == "" }); len(p.lines) > 0 {
			paragraphs = append(paragraphs, p)
		}
	}
	return paragraphs
}

// blockText is a text object, a button, or a menu with options.
type blockText struct {
	Type    string          `json:"type"`
	Text    json.RawMessage `json:"text"`
	Options []blockText     `json:"options"`
}

func (b blockText) shown() string {
	if b.Type == "overflow" {
		var options []string
		for _, option := range b.Options {
			options = append(options, strings.Trim(option.shown(), "[]"))
		}
		return "[⋯ " + strings.Join(options, " | ") + "]"
	}
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
	text = strings.ReplaceAll(text, "<@"+slacksim.BotUserID+">", "@"+slacksim.BotName)
	text = mention.ReplaceAllString(text, "@$1")
	return entities.Replace(signs.Replace(strings.NewReplacer("`", "", "*", "").Replace(text)))
}
