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
//
// A dialog is shown where it opened: opened has its ID, and the message after which it did. Times are on the reader's clock.
func (s *stage) print(out io.Writer, reader string, opened map[string]string) {
	terminal := s.terminalOf(reader)
	typedBefore := false
	for _, message := range s.inOrder() {
		typed := message.Command != "" || message.User != slacksim.BotUserID && message.Error == ""
		if typed && typedBefore {
			fmt.Fprintln(out)
		}
		typedBefore = typedBefore || typed
		fmt.Fprintln(out, terminal.message(message))
		for _, view := range s.slack.Views() {
			if opened[view.ID] == message.TS {
				fmt.Fprintln(out, terminal.dialog(view))
			}
		}
	}
}

// inOrder is all that was said, in the order of the clock.
func (s *stage) inOrder() []slacksim.Message {
	said := s.slack.Messages(slacksim.Filter{})
	slices.SortStableFunc(said, func(a, b slacksim.Message) int { return cmp.Compare(a.TS, b.TS) })
	return said
}

// terminal shows people and places by their names, and times on somebody's clock.
type terminal struct {
	names map[string]string // by ID
	zone  *time.Location
}

// terminalOf is a terminal as a person reads it.
func (s *stage) terminalOf(reader string) terminal {
	t := terminal{names: map[string]string{}, zone: time.UTC}
	for _, channel := range demoChannels() {
		t.names[channel.ID] = "#" + channel.Name
	}
	t.names[demoFacil] = "@" + demoFacilName
	for _, person := range s.slack.People() {
		t.names[person.ID] = "@" + person.Name
		if zone, err := time.LoadLocation(person.TZ); err == nil && person.ID == reader {
			t.zone = zone
		}
	}
	return t
}

func (t terminal) message(message slacksim.Message) string {
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
	return message.Username + private + ": " + indented(t.paragraphsOf(message))
}

// dialog is an open dialog: its title, what it asks for, and its button.
func (t terminal) dialog(open slacksim.OpenView) string {
	var view struct {
		Title  blockText `json:"title"`
		Submit blockText `json:"submit"`
	}
	_ = json.Unmarshal(open.View, &view) // the stand-in encoded it
	var content struct {
		Blocks json.RawMessage `json:"blocks"`
	}
	_ = json.Unmarshal(open.View, &content)
	paragraphs := append([]paragraph{{lines: []string{view.Title.shown(t)}}}, t.paragraphsIn(content.Blocks)...)
	if label := view.Submit.shown(t); label != "" {
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

// paragraphsOf returns the text of a message's blocks, or of the message if it has none.
func (t terminal) paragraphsOf(message slacksim.Message) []paragraph {
	if paragraphs := t.paragraphsIn(message.Blocks); len(paragraphs) > 0 {
		return paragraphs
	}
	return []paragraph{{lines: []string{t.text(message.Text)}}}
}

func (t terminal) paragraphsIn(raw json.RawMessage) []paragraph {
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
				p.lines = append(p.lines, one.shown(t))
			}
		}
		for _, element := range block.Elements {
			p.lines = append(p.lines, element.shown(t))
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

func (b blockText) shown(t terminal) string {
	if b.Type == "overflow" {
		var options []string
		for _, option := range b.Options {
			options = append(options, strings.Trim(option.shown(t), "[]"))
		}
		return "[⋯ " + strings.Join(options, " | ") + "]"
	}
	var text string
	if json.Unmarshal(b.Text, &text) == nil {
		if b.Type == "plain_text" {
			return text
		}
		return t.text(text)
	}
	var label blockText
	if json.Unmarshal(b.Text, &label) == nil {
		return "[" + label.shown(t) + "]"
	}
	return ""
}

var (
	dateToken = regexp.MustCompile(`<!date\^(\d+)\^[^|>]*\|[^>]*>`)
	mention   = regexp.MustCompile(`<[@#!](?:subteam\^)?([A-Z0-9]+)(?:\|[^>]*)?>`)
	entities  = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&")
	signs     = strings.NewReplacer(":white_check_mark:", "✅", ":hourglass_flowing_sand:", "⏳", ":no_entry:", "⛔",
		":warning:", "⚠️", ":question:", "❓", ":information_source:", "ℹ️")
)

// text removes the marks of mrkdwn.
func (t terminal) text(text string) string {
	text = dateToken.ReplaceAllStringFunc(text, func(token string) string {
		seconds, err := strconv.ParseInt(dateToken.FindStringSubmatch(token)[1], 10, 64)
		if err != nil {
			return token
		}
		format := "15:04 MST"
		if strings.Contains(token, "{date_num}") {
			format = "15:04 MST (2006-01-02)"
		}
		return time.Unix(seconds, 0).In(t.zone).Format(format)
	})
	text = strings.ReplaceAll(text, "<@"+slacksim.BotUserID+">", "@"+slacksim.BotName)
	text = mention.ReplaceAllStringFunc(text, func(token string) string {
		id := mention.FindStringSubmatch(token)[1]
		return cmp.Or(t.names[id], "@"+id)
	})
	return entities.Replace(signs.Replace(strings.NewReplacer("`", "", "*", "").Replace(text)))
}
