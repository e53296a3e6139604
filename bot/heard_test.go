package bot

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"github.com/overtime-bot/overtime/scheduler/store"
)

// heard is a message as its reader has it, read back from what went to Slack. The zero value is silence.
type heard struct {
	whole     string // the text of notifications and screen readers: all that follows, without the foreign text
	tone      Tone
	text      string
	about     []string // foreign text, shown as it is
	items     []heardItem
	next      []string // small print: what to do next
	buttons   []heardButton
	blocks    []json.RawMessage
	replaces  bool   // the message with the button that was pressed
	private   bool   // nobody else reads it
	home      bool   // a Home tab
	timestamp string // of a post
	observed  string // the verb and the tone that were counted; of answers
}

// heardItem is an entry of a list, with what it is called above its text.
type heardItem struct {
	text, about string
	buttons     []heardButton
}

// heardButton is a button, or an option of a menu, with the ID of its stored action and its action_id.
type heardButton struct {
	label, id, element string
	menu               bool
}

func (h heard) silent() bool { return h.whole == "" }

func (h heard) seenAs(observed string) heard {
	h.observed = observed
	return h
}

// small is the small print in one.
func (h heard) small() string { return strings.Join(h.next, "\n") }

// all is everything that stands in the message.
func (h heard) all() string {
	text := h.whole + "\n" + strings.Join(h.about, "\n")
	for _, item := range h.items {
		text += "\n" + item.about
		for _, button := range item.buttons {
			text += "\n" + button.label
		}
	}
	return text + "\n" + strings.Join(h.labels(), "\n")
}

func (h heard) labels() []string {
	var labels []string
	for _, button := range h.buttons {
		labels = append(labels, button.label)
	}
	return labels
}

// tones are the signs in front of messages.
var tones = []Tone{Done, Waiting, Refusal, Failed, Telling, Asking}

// hear reads a message. Blocks of other kinds, or in another order, are faults for the linter.
func hear(whole string, blocks []json.RawMessage) heard {
	h := heard{whole: whole, blocks: blocks}
	for i, raw := range blocks {
		var block struct {
			Type     string
			Text     struct{ Text string }
			Elements []heardElement
		}
		if err := json.Unmarshal(raw, &block); err != nil {
			panic(fmt.Sprintf("%v: %s", err, raw))
		}
		if block.Type == "section" {
			if i == 0 {
				h.tone, h.text = signed(block.Text.Text)
			} else {
				h.items = append(h.items, heardItem{text: block.Text.Text})
			}
		}
		pressed := &h.buttons
		if last := len(h.items) - 1; last >= 0 && i > 0 && strings.Contains(string(raw), `"overflow"`) {
			item := &h.items[last]
			item.text, item.about, _ = strings.Cut(item.text, "\n")
			pressed = &item.buttons
		}
		for _, element := range block.Elements {
			var text string
			if found := element.buttons(); found != nil {
				*pressed = append(*pressed, found...)
				continue
			}
			_ = json.Unmarshal(element.Text, &text)
			switch {
			case element.Type == "mrkdwn":
				h.next = append(h.next, text)
			case len(h.items) > 0:
				h.items[len(h.items)-1].about = text
			default:
				h.about = append(h.about, text)
			}
		}
	}
	return h
}

// heardElement is an element of a block.
type heardElement struct {
	Type   string
	Text   json.RawMessage
	Value  string
	ID     string `json:"action_id"`
	Option []struct {
		Text  struct{ Text string }
		Value string
	} `json:"options"`
}

// buttons are what can be pressed of an element.
func (e heardElement) buttons() (found []heardButton) {
	if e.Type == "button" {
		var label struct{ Text string }
		_ = json.Unmarshal(e.Text, &label)
		return []heardButton{{label.Text, e.Value, e.ID, false}}
	}
	for _, option := range e.Option {
		action, id, _ := strings.Cut(option.Value, " ")
		found = append(found, heardButton{option.Text.Text, action, id, true})
	}
	return found
}

// signed takes the sign off a text.
func signed(text string) (Tone, string) {
	for _, tone := range tones {
		if rest, found := strings.CutPrefix(text, string(tone)+" "); found {
			return tone, rest
		}
	}
	return "", text
}

// lintHeard lints a message that went to Slack.
func lintHeard(h heard) []string {
	if h.home {
		return lintHome(h.blocks)
	}
	return lintBlocks(h.whole, h.blocks)
}

// shown is a message as it looks: dates in the reader's zone, people and channels by their IDs, buttons in brackets.
func (h heard) shown() string {
	if h.silent() {
		return "(nothing)\n"
	}
	if h.home {
		return h.shownAtHome()
	}
	var text strings.Builder
	line := func(indent, what string) {
		if what == "" {
			return
		}
		for part := range strings.SplitSeq(what, "\n") {
			fmt.Fprintf(&text, "%s%s\n", indent, part)
		}
	}
	line("", strings.TrimSpace(string(h.tone)+" "+asShown(h.text)))
	for _, about := range h.about {
		line("  | ", about)
	}
	for _, item := range h.items {
		line("  ", "- "+strings.ReplaceAll(asShown(item.text), "\n", "\n  "))
		line("    ", asShown(item.about))
		line("    ", bracketed(item.buttons))
	}
	for _, next := range h.next {
		line("  ", asShown(next))
	}
	line("  ", bracketed(h.buttons))
	return text.String()
}

// bracketed shows buttons, and a menu of which each entry follows another.
func bracketed(buttons []heardButton) string {
	var shown []string
	for _, button := range buttons {
		if last := len(shown) - 1; button.menu && last >= 0 && strings.HasPrefix(shown[last], "[⋯ ") {
			shown[last] = strings.TrimSuffix(shown[last], "]") + " | " + button.label + "]"
		} else if button.menu {
			shown = append(shown, "[⋯ "+button.label+"]")
		} else {
			shown = append(shown, "["+button.label+"]")
		}
	}
	return strings.Join(shown, " ")
}

var (
	dates    = regexp.MustCompile(`<!date\^\d+\^([^|]*)\|([\d-]+) ([\d:]+) [^>]*>`)
	mentions = regexp.MustCompile(`<(?:!subteam\^|)([@#]?)([A-Z0-9]+)>`)
)

// asShown is mrkdwn as Slack shows it.
func asShown(text string) string {
	text = dates.ReplaceAllStringFunc(text, func(token string) string {
		found := dates.FindStringSubmatch(token)
		return strings.NewReplacer("{date_num}", found[2], "{time}", found[3]).Replace(found[1])
	})
	text = mentions.ReplaceAllStringFunc(text, func(token string) string {
		found := mentions.FindStringSubmatch(token)
		if found[1] == "" {
			return "@" + found[2]
		}
		return found[1] + found[2]
	})
	return unescape(text)
}

// script is what is done and read in a scene, in its order.
type script struct {
	mu  sync.Mutex
	all []line
}

func (s *script) add(what string, said heard) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.all = append(s.all, line{what, said})
}

func (s *script) lines() []line {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.all)
}

// does is what somebody does. What is long, or has signs that cannot be shown, is quoted and cut.
func (s *script) does(user, what string) {
	if runes := []rune(strconv.Quote(what)); len(runes) != utf8.RuneCountInString(what)+2 || len(runes) > 120 {
		what = string(runes[:min(len(runes), 120)])
	}
	s.add("> "+user+" "+what, heard{})
}

// verbs are what the buttons of a message do.
func (w *world) verbs(h heard) []string {
	var verbs []string
	for _, button := range h.buttons {
		verbs = append(verbs, w.action(button).Verb)
	}
	return verbs
}

// action is what a button does, as the store has it.
func (w *world) action(button heardButton) store.Action {
	w.t.Helper()
	action, err := w.store.Inbox.Action(w.t.Context(), button.id)
	if err != nil {
		w.t.Fatalf("the button %q: %v", button.label, err)
	}
	return action
}

// button finds the one of a message that does this, by its ID; with minutes, the one for so many.
func (w *world) button(h heard, verb string, minutes ...int) string {
	w.t.Helper()
	for _, button := range h.buttons {
		action := w.action(button)
		if action.Verb == verb && (len(minutes) == 0 || action.Minutes == minutes[0]) {
			return button.id
		}
	}
	w.t.Fatalf("no button to %s in %q", verb, h.labels())
	return ""
}

// wantTexts checks what messages say, one part of each.
func wantTexts(t *testing.T, got []string, want ...string) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("the answers are %q, want %d", got, len(want))
	}
	for i, part := range want {
		if !strings.Contains(got[i], part) {
			t.Errorf("answer %d is %q, want %q in it", i+1, got[i], part)
		}
	}
}

func TestHear(t *testing.T) {
	want := "done"
	message := render(Reply{
		Tone: Done, Text: want, About: []string{"<b>"}, Items: []Item{{Text: "one\ntwo", Row: Row{Action: store.Action{ID: "b"}, Menu: []Choice{{"+30", "extend:30"}}}}}, Next: "next", Last: "last",
		Offers: []Offer{{Label: "+15 min", Action: store.Action{ID: "a", Verb: verbKeep}}},
	})
	var blocks []json.RawMessage
	for _, block := range message.Blocks {
		blocks = append(blocks, encoded(block))
	}
	h := hear(message.Text, blocks)
	if h.tone != Done || h.text != want || !slices.Equal(h.about, []string{"<b>"}) || !slices.Equal(h.next, []string{"next", "last"}) ||
		len(h.items) != 1 || h.items[0].text != "one" || h.items[0].about != "two" || !slices.Equal(h.items[0].buttons, []heardButton{{"+30", "b", "extend:30", true}}) ||
		!slices.Equal(h.buttons, []heardButton{{"+15 min", "a", "keep", false}}) {
		t.Errorf("%+v", h)
	}
	if shown := h.shown(); shown != ":white_check_mark: done\n  | <b>\n  - one\n    two\n    [⋯ +30]\n  next\n  last\n  [+15 min]\n" {
		t.Errorf("%q", shown)
	}
	if got := asShown("<@U1> in <#C1> asks <!subteam^S1> by <!date^1^{time}|1970-01-01 00:00 UTC> &lt;b&gt;"); got != "@U1 in #C1 asks @S1 by 00:00 <b>" {
		t.Errorf("%q", got)
	}
}
