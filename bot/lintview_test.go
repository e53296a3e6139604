package bot

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"
)

// lintView finds what Slack would refuse, cut or misread in a view, and what our own rules forbid, as lint does for messages.
// Source: https://docs.slack.dev/reference/views/modal-views and https://docs.slack.dev/reference/block-kit/blocks/input-block
func lintView(raw json.RawMessage) []string {
	var view map[string]any
	if err := json.Unmarshal(raw, &view); err != nil {
		return []string{err.Error()}
	}
	l := &linter{}
	if len(raw) > 250_000 {
		l.fault("a view of %d bytes", len(raw))
	}
	for _, name := range []string{"title", "submit", "close"} {
		if object, has := view[name].(map[string]any); has {
			l.checkObject(name, object, 24)
		} else if name == "title" {
			l.fault("no title")
		}
	}
	for name, limit := range map[string]int{"private_metadata": 3000, "callback_id": 255, "external_id": 255} {
		if text, _ := view[name].(string); utf8.RuneCountInString(text) > limit {
			l.fault("a %s of %d characters", name, len(text))
		}
	}
	blocks, _ := view["blocks"].([]any)
	if len(blocks) == 0 || len(blocks) > 100 {
		l.fault("%d blocks, want 1 to 100", len(blocks))
	}
	used, focused := make(map[string]bool), 0
	for _, each := range blocks {
		block, _ := each.(map[string]any)
		if block["type"] != "input" {
			l.checkBlock(block)
			continue
		}
		id, _ := block["block_id"].(string)
		if used[id] || id == "" || len(id) > 255 || view["submit"] == nil {
			l.fault("the input %q has no ID of its own, or no button submits it", id)
		}
		used[id] = true
		l.checkInput(block)
		if element, _ := block["element"].(map[string]any); element["focus_on_load"] == true {
			focused++
		}
	}
	if want := min(len(used), 1); focused != want {
		l.fault("%d fields have the focus, want %d", focused, want)
	}
	if strings.Contains(string(raw), "<no value>") || strings.Contains(string(raw), "hooks.slack") {
		l.fault("a value is missing, or a secret is there")
	}
	return l.faults
}

func (l *linter) checkInput(block map[string]any) {
	for name, limit := range map[string]int{"label": 2000, "hint": 2000} {
		if object, has := block[name].(map[string]any); has {
			l.checkObject(name, object, limit)
		} else if name == "label" {
			l.fault("an input has no label")
		}
	}
	element, _ := block["element"].(map[string]any)
	if id, _ := element["action_id"].(string); id == "" || len(id) > 255 {
		l.fault("an element's action_id is %q", id)
	}
	if object, has := element["placeholder"].(map[string]any); has {
		l.checkObject("placeholder", object, 150)
	}
	options, _ := element["options"].([]any)
	most := map[any]int{"radio_buttons": 10, "static_select": 100}[element["type"]]
	if len(options) > most || len(options) == 0 && most > 0 {
		l.fault("%d options of %v", len(options), element["type"])
	}
	initial, _ := element["initial_option"].(map[string]any)
	known := element["type"] == "external_select" || initial == nil
	for _, each := range options {
		option, _ := each.(map[string]any)
		l.checkOption(option)
		known = known || string(encoded(option)) == string(encoded(initial))
	}
	if initial != nil {
		l.checkOption(initial)
	}
	if !known {
		l.fault("what is chosen is no option: %v", initial)
	}
}

func (l *linter) checkOption(option map[string]any) {
	text, _ := option["text"].(map[string]any)
	l.checkObject("option", text, 75)
	if description, has := option["description"].(map[string]any); has {
		l.checkObject("description", description, 75)
	}
	if value, _ := option["value"].(string); value == "" || len(value) > 75 {
		l.fault("an option's value is %q", value)
	}
}

// The linter itself finds each fault.
func TestLintView(t *testing.T) {
	good := string(dialogViews(catalogueOf(t, "en").For("en"))["form, all of it, title 0"])
	if faults := lintView(json.RawMessage(good)); len(faults) > 0 {
		t.Fatalf("a good view has faults: %q", faults)
	}
	long := strings.Repeat("x", 80)
	for name, change := range map[string][2]string{
		"title":        {`"text":"Extend a meeting"`, `"text":"` + long + `"`},
		"no submit":    {`"submit":`, `"other":`},
		"metadata":     {`"private_metadata":"row"`, `"private_metadata":"` + strings.Repeat("x", 3001) + `"`},
		"same block":   {`"block_id":"until"`, `"block_id":"minutes"`},
		"no action":    {`"action_id":"until"`, `"action_id":""`},
		"option":       {`"text":"30 minutes"`, `"text":"` + long + `"`},
		"option value": {`"value":"30"`, `"value":"` + long + `"`},
		"emoji":        {`"text":"Or until","emoji":false`, `"text":"Or until","emoji":true`},
		"focus":        {`,"focus_on_load":true`, ``},
		"chosen":       {`"initial_option":{"text":{"type":"plain_text","text":"15`, `"initial_option":{"text":{"type":"plain_text","text":"16`},
	} {
		if bad := strings.Replace(good, change[0], change[1], 1); bad == good || len(lintView(json.RawMessage(bad))) == 0 {
			t.Errorf("%s: no fault was found", name)
		}
	}
}
