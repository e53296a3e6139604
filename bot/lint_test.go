package bot

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/slack-go/slack"
)

// lint finds what Slack would refuse, cut or misread in a message (its limits of Block Kit), and what our own rules
// forbid: foreign text that is parsed, a call to a whole channel, an invisible or turning character, a secret.
func lint(message Message) []string {
	blocks := make([]json.RawMessage, len(message.Blocks))
	for i, block := range message.Blocks {
		blocks[i] = encoded(block)
	}
	return lintBlocks(message.Text, blocks)
}

// lintBlocks is lint for a message as it goes to Slack.
func lintBlocks(text string, raw []json.RawMessage) []string {
	l := &linter{}
	l.checkText(text)
	if len(raw) == 0 || len(raw) > 50 {
		l.fault("%d blocks, want 1 to 50", len(raw))
	}
	whole, length := text, 1
	for _, each := range raw {
		var block map[string]any
		if err := json.Unmarshal(each, &block); err != nil {
			return []string{err.Error()}
		}
		l.checkBlock(block)
		whole += string(each)
		length += utf8.RuneCount(each) + 1
	}
	if length > longestOf {
		l.fault("%d characters of blocks, want %d at most", length, longestOf)
	}
	for _, secret := range []string{"verysecret", "hooks.slack", "xoxb-", "chairJoinUri", "<no value>", "<nil>"} {
		if strings.Contains(whole, secret) {
			l.fault("%q is in the message", secret)
		}
	}
	return l.faults
}

type linter struct{ faults []string }

func (l *linter) fault(format string, args ...any) {
	l.faults = append(l.faults, fmt.Sprintf(format, args...))
}

func (l *linter) checkText(text string) {
	if strings.TrimSpace(text) == "" {
		l.fault("the top-level text is empty")
	}
	if n := utf8.RuneCountInString(text); n > 4000 {
		l.fault("the top-level text has %d characters, want 4,000 at most", n)
	}
	l.checkMrkdwn("top-level text", text)
}

func (l *linter) checkBlock(block map[string]any) {
	switch block["type"] {
	case "section":
		text, _ := block["text"].(map[string]any)
		l.checkObject("section", text, 3000)
	case "context":
		elements, _ := block["elements"].([]any)
		if len(elements) == 0 || len(elements) > 10 {
			l.fault("a context has %d elements, want 1 to 10", len(elements))
		}
		for _, element := range elements {
			object, _ := element.(map[string]any)
			l.checkObject("context", object, 2000)
		}
	case "actions":
		elements, _ := block["elements"].([]any)
		if len(elements) == 0 || len(elements) > 25 {
			l.fault("an actions block has %d elements, want 1 to 25", len(elements))
		}
		ids := map[any]bool{}
		for _, element := range elements {
			fields, _ := element.(map[string]any)
			if ids[fields["action_id"]] {
				l.fault("the action_id %v is twice in a block", fields["action_id"])
			}
			ids[fields["action_id"]] = true
			if fields["type"] == "overflow" {
				l.checkMenu(fields)
			} else {
				l.checkButton(fields)
			}
		}
	default:
		l.fault("a block of the type %v", block["type"])
	}
}

func (l *linter) checkMenu(menu map[string]any) {
	options, _ := menu["options"].([]any)
	if len(options) == 0 || len(options) > 5 {
		l.fault("a menu has %d options, want 1 to 5", len(options))
	}
	values := map[string]bool{}
	for _, each := range options {
		option, _ := each.(map[string]any)
		text, _ := option["text"].(map[string]any)
		l.checkObject("option", text, 75)
		value, _ := option["value"].(string)
		if n := utf8.RuneCountInString(value); n == 0 || n > 75 || values[value] {
			l.fault("an option's value is %q, want 1 to 75 characters, and none twice", value)
		}
		values[value] = true
	}
	if id, _ := menu["action_id"].(string); id == "" || utf8.RuneCountInString(id) > 255 {
		l.fault("a menu's action_id is %q", id)
	}
}

func (l *linter) checkButton(button map[string]any) {
	if button["type"] != "button" {
		l.fault("an element of the type %v", button["type"])
	}
	text, _ := button["text"].(map[string]any)
	if text["type"] != "plain_text" {
		l.fault("a button's text is of the type %v", text["type"])
	}
	l.checkObject("button", text, 75)
	for name, limit := range map[string]int{"value": 2000, "action_id": 255} {
		if value, _ := button[name].(string); value == "" || utf8.RuneCountInString(value) > limit {
			l.fault("a button's %s is %q, want 1 to %d characters", name, value, limit)
		}
	}
}

func (l *linter) checkObject(where string, object map[string]any, limit int) {
	text, _ := object["text"].(string)
	if strings.TrimSpace(text) == "" {
		l.fault("a %s is empty", where)
	}
	if n := utf8.RuneCountInString(text); n > limit {
		l.fault("a %s has %d characters, want %d at most", where, n, limit)
	}
	switch object["type"] {
	case "mrkdwn":
		if object["verbatim"] != true {
			l.fault("the mrkdwn of a %s is not verbatim: %q", where, text)
		}
		if _, there := object["emoji"]; there {
			l.fault("the mrkdwn of a %s says emoji, which Slack refuses", where)
		}
		l.checkMrkdwn(where, text)
	case "plain_text":
		if emoji, there := object["emoji"]; emoji != false && (there || strings.Contains(text, ":")) {
			l.fault("foreign text would make emoji in a %s: %q", where, text)
		}
		l.checkCharacters(where, text, false)
	default:
		l.fault("a text of the type %v", object["type"])
	}
}

// token is what Slack reads between angle brackets; harmless are dates, people and groups to ask.
var (
	token    = regexp.MustCompile(`<[^<>]*>`)
	harmless = regexp.MustCompile(`^<(@U[A-Z0-9]+|#C[A-Z0-9]+|!subteam\^S[A-Z0-9]+|!date\^\d+\^(?:\{date_num\} )?\{time\}(?: \(\{date_num\}\))?\|[^|<>]+)>$`)
)

func (l *linter) checkMrkdwn(where, text string) {
	for _, found := range token.FindAllString(text, -1) {
		if !harmless.MatchString(found) {
			l.fault("the token %q is in a %s", found, where)
		}
	}
	if rest := token.ReplaceAllString(text, ""); strings.ContainsAny(rest, "<>") {
		l.fault("an angle bracket is loose in a %s: %q", where, text)
	}
	if loose := regexp.MustCompile(`&(amp|lt|gt);`).ReplaceAllString(text, ""); strings.Contains(loose, "&") {
		l.fault("an entity is cut in a %s: %q", where, text)
	}
	l.checkCharacters(where, text, true)
}

func (l *linter) checkCharacters(where, text string, lines bool) {
	if !utf8.ValidString(text) {
		l.fault("a %s is not UTF-8", where)
	}
	if opened := strings.Count(text, "\u2068"); opened != strings.Count(text, "\u2069") {
		l.fault("a direction is not closed in a %s: %q", where, text)
	}
	for _, r := range text {
		if r == '\n' && lines || r == '\u200d' || strings.ContainsRune("\u2068\u2069", r) {
			continue
		}
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Zl, r) || unicode.Is(unicode.Zp, r) {
			l.fault("the character %U is in a %s", r, where)
		}
	}
}

// The linter itself finds each fault.
func TestLint(t *testing.T) {
	good := render(Reply{Tone: Done, Text: "fine <!date^1^{time}|1970-01-01>, ask <@U0ADMIN>", About: []string{"<!channel>"}})
	if faults := lint(good); len(faults) > 0 {
		t.Fatalf("a good message has faults: %q", faults)
	}
	long := strings.Repeat("long ", 700)
	for name, message := range map[string]Message{
		"no text":           {Blocks: good.Blocks},
		"long text":         {Text: long + long, Blocks: good.Blocks},
		"channel in text":   {Text: "<!channel>", Blocks: good.Blocks},
		"link in text":      {Text: "<https://evil.example|here>", Blocks: good.Blocks},
		"cut token":         {Text: "<@U0AD", Blocks: good.Blocks},
		"cut entity":        {Text: "&am", Blocks: good.Blocks},
		"direction":         {Text: "a\u202eb", Blocks: good.Blocks},
		"open direction":    {Text: "a\u2068b", Blocks: good.Blocks},
		"secret":            {Text: answerAt, Blocks: good.Blocks},
		"no value":          {Text: "&lt;no value&gt; <no value>", Blocks: good.Blocks},
		"no blocks":         {Text: "x"},
		"too many blocks":   {Text: "x", Blocks: slices.Repeat(good.Blocks, 26)},
		"section too long":  {Text: "x", Blocks: append(slices.Clone(good.Blocks), sectionOf(long))},
		"empty section":     {Text: "x", Blocks: append(slices.Clone(good.Blocks), sectionOf(" "))},
		"channel in blocks": {Text: "x", Blocks: append(slices.Clone(good.Blocks), sectionOf("<!here>"))},
		"not verbatim":      {Text: "x", Blocks: append(slices.Clone(good.Blocks), looseSection())},
		"emoji":             {Text: "x", Blocks: append(slices.Clone(good.Blocks), emojiContext())},
		"empty context":     {Text: "x", Blocks: append(slices.Clone(good.Blocks), about())},
		"crowded context":   {Text: "x", Blocks: append(slices.Clone(good.Blocks), about(strings.Split("abcdefghijk", "")...))},
	} {
		if len(lint(message)) == 0 {
			t.Errorf("%s: no fault was found", name)
		}
	}
}

func sectionOf(text string) slack.Block {
	return slack.NewSectionBlock(slack.NewTextBlockObject(slack.MarkdownType, text, false, true), nil, nil)
}

func looseSection() slack.Block {
	return slack.NewSectionBlock(slack.NewTextBlockObject(slack.MarkdownType, "@here", false, false), nil, nil)
}

func emojiContext() slack.Block {
	return slack.NewContextBlock("", slack.NewTextBlockObject(slack.PlainTextType, ":boom:", true, false))
}
