package dialog

import (
	"bytes"
	"encoding/json"
)

const (
	mostOptions = 100      // that Slack shows
	mostBytes   = 16 << 10 // of all: an ack is one frame of 20 KiB
	optionRunes = 75       // of a text, and of a description
)

// Option is an entry of a list to choose from.
type Option struct {
	Value             string
	Text, Description string // plain text; the description may be empty
}

// text is a plain_text object. Foreign text in it makes no emoji.
type text struct {
	Type  string `json:"type"`
	Text  string `json:"text"`
	Emoji bool   `json:"emoji"`
}

// optionForm is an option as Slack wants it: https://docs.slack.dev/reference/block-kit/composition-objects/option-object
type optionForm struct {
	Text        text   `json:"text"`
	Value       string `json:"value"`
	Description *text  `json:"description,omitempty"`
}

func (o Option) form() optionForm {
	form := optionForm{Text: text{"plain_text", clip(o.Text, optionRunes), false}, Value: o.Value}
	if o.Description != "" {
		form.Description = &text{"plain_text", clip(o.Description, optionRunes), false}
	}
	return form
}

// More is the value of the last option, which says how many more match. It stands for no meeting.
const More = "more"

// Pack is the answer to a block_suggestion: as many options as fit in one ack. The last one says how many of all that match
// are not shown; more words it.
func Pack(options []Option, matching int, more func(count int) string) json.RawMessage {
	var packed []json.RawMessage
	room := mostBytes - 1024 // for what is around them, and for the last one
	for _, option := range options {
		encoded := encode(option.form())
		if room -= len(encoded) + 1; room < 0 || len(packed) == mostOptions-1 && matching > mostOptions || len(packed) == mostOptions {
			break
		}
		packed = append(packed, encoded)
	}
	if hidden := matching - len(packed); hidden > 0 {
		packed = append(packed, encode(Option{Value: More, Text: more(hidden)}.form()))
	}
	if packed == nil {
		packed = []json.RawMessage{}
	}
	return encode(map[string]any{"options": packed})
}

// encode encodes without the escapes for HTML, which would make an ack of some titles much larger.
func encode(value any) json.RawMessage {
	var buffer bytes.Buffer
	encoder := json.NewEncoder(&buffer)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(value) // our own types: cannot fail
	return bytes.TrimSpace(buffer.Bytes())
}

func clip(text string, limit int) string {
	if runes := []rune(text); len(runes) > limit {
		return string(runes[:limit-1]) + "…"
	}
	return text
}
