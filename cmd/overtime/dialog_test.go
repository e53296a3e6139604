package main

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/bot/slacksim"
)

// filledIn are values of a modal's fields, by block: what its elements hold in Slack's words.
type filledIn map[string]string

// typedText is what a text field holds.
func typedText(text string) string {
	encoded, _ := json.Marshal(map[string]string{"type": "plain_text_input", "value": text})
	return string(encoded)
}

// chosenOption is what a choice holds.
func chosenOption(kind string, option json.RawMessage) string {
	encoded, _ := json.Marshal(map[string]any{"type": kind, "selected_option": option})
	return string(encoded)
}

// topModal is the modal that somebody sees; its ID is empty where none is open.
func topModal(state slacksim.State, user string) (top slacksim.OpenView) {
	for _, view := range state.Views() {
		if view.User == user {
			top = view
		}
	}
	return top
}

// modalWith waits until the top of somebody's modals shows these words.
func (p *play) modalWith(user, words string) (top slacksim.OpenView) {
	p.t.Helper()
	ctx, cancel := withTimeout(p.t, 30*time.Second)
	defer cancel()
	err := p.slack.Wait(ctx, func(state slacksim.State) bool {
		top = topModal(state, user)
		errors, _ := json.Marshal(top.Errors)
		return top.ID != "" && strings.Contains(string(top.View)+string(errors), words)
	})
	if err != nil {
		p.t.Fatalf("no modal with %q: %v\n%s %v\n%s", words, err, top.View, top.Errors, p.log)
	}
	return top
}

// submits lets somebody fill in a modal and submit it.
func (p *play) submits(view slacksim.OpenView, filled filledIn) (envelope string) {
	p.t.Helper()
	values := make(map[string]map[string]json.RawMessage)
	for block, value := range filled {
		values[block] = map[string]json.RawMessage{block: json.RawMessage(value)}
	}
	envelope, err := p.slack.Submit(view.User, view.ID, values)
	if err != nil {
		p.t.Fatal(err)
	}
	ctx, cancel := withTimeout(p.t, 30*time.Second)
	defer cancel()
	if err := p.slack.WaitAck(ctx, envelope); err != nil { // until then the view is open, and could be taken for the next one
		p.t.Fatalf("the submission has no ack: %v\n%s", err, p.log)
	}
	return envelope
}

// finds types into the field for the meeting, and gives the only option.
func (p *play) finds(view slacksim.OpenView, typed string) string {
	p.t.Helper()
	ctx, cancel := withTimeout(p.t, 30*time.Second)
	defer cancel()
	options, err := p.slack.Suggest(ctx, view.User, view.ID, "meeting", "meeting", typed)
	if err != nil || len(options) != 1 {
		p.t.Fatalf("%q finds %s: %v\n%s", typed, options, err, p.log)
	}
	return chosenOption("external_select", options[0])
}

// noModals fails the test if somebody still has a modal open.
func (p *play) noModals() {
	p.t.Helper()
	ctx, cancel := withTimeout(p.t, 10*time.Second)
	defer cancel()
	if err := p.slack.Wait(ctx, func(state slacksim.State) bool { return len(state.Views()) == 0 }); err != nil {
		p.t.Errorf("a modal stays open: %+v", p.slack.Views())
	}
	if warnings := p.slack.Warnings(); len(warnings) > 0 {
		p.t.Errorf("%q", warnings)
	}
}

// opensDialog types the command alone, and gives the form.
func (p *play) opensDialog(user string) (opened string, form slacksim.OpenView) {
	p.t.Helper()
	opened, err := p.slack.Command(user, demoGeneral, "/extend")
	if err != nil {
		p.t.Fatal(err)
	}
	return opened, p.modalWith(user, `"callback_id":"extend"`)
}

// A meeting is searched in the dialog and extended; what is wrong is said at its field, and more than an hour is confirmed.
// The result is told where the dialog was opened.
func TestDialogOnTheWire(t *testing.T) {
	p := newPlay(t)
	before := p.end("914083136")
	opened, form := p.opensDialog(demoDana)
	meeting := p.finds(form, "weekly product")
	p.submits(form, filledIn{"meeting": meeting, "minutes": typedText("soon")})
	if form = p.modalWith(demoDana, "Type whole minutes"); form.Errors["minutes"] == "" {
		t.Errorf("%+v", form.Errors)
	}
	p.submits(form, filledIn{"minutes": typedText("20")})
	p.noModals()
	wantContains(t, p.waitAnswers(opened, 1)[0], "Extended by 20 minutes", "Weekly product sync")

	opened, form = p.opensDialog(demoDana)
	p.submits(form, filledIn{"meeting": p.finds(form, "914 083 136"), "minutes": typedText("1h30")})
	p.submits(p.modalWith(demoDana, `"callback_id":"extend_confirm"`), nil)
	p.noModals()
	wantContains(t, p.waitAnswers(opened, 1)[0], "Extended by 90 minutes")
	if got := p.end("914083136").Sub(before); got != 110*time.Minute {
		t.Errorf("extended by %v", got)
	}
}

// Both shortcuts and the button in Home open the dialog; that of a message chooses the meeting that the message names.
func TestWaysIntoTheDialogOnTheWire(t *testing.T) {
	p := newPlay(t)
	before := p.end("914083136")
	if _, err := p.slack.Shortcut(demoAlice, "extend_meeting"); err != nil {
		t.Fatal(err)
	}
	form := p.modalWith(demoAlice, `"callback_id":"extend"`)
	p.submits(form, filledIn{"meeting": p.finds(form, "weekly")})
	p.reads(slacksim.Filter{Channel: p.slack.DirectMessage(demoAlice)}, "Extended by 15 minutes")

	ts := p.says(demoBob, demoGeneral, "", "we need longer: https://meeting.huaweicloud.com/#/j?id=914083136")
	if _, err := p.slack.MessageShortcut(demoAlice, demoGeneral, ts, "extend_from_message"); err != nil {
		t.Fatal(err)
	}
	p.submits(p.modalWith(demoAlice, "initial_option"), nil)
	p.noModals()
	p.reads(slacksim.Filter{Channel: demoGeneral}, "Extended by 15 minutes") // else an equal wish joins this one

	if err := p.slack.OpenApp(demoAlice, "home"); err != nil {
		t.Fatal(err)
	}
	home := p.homeWith(demoAlice, `"open_dialog"`)
	pressed := p.buttonIn(home.View, "open_dialog")
	if _, err := p.slack.PressInView(demoAlice, home.ID, pressed.block, pressed.action, pressed.value); err != nil {
		t.Fatal(err)
	}
	form = p.modalWith(demoAlice, `"callback_id":"extend"`)
	p.submits(form, filledIn{"meeting": p.finds(form, "914083136")})
	p.noModals()
	ctx, cancel := withTimeout(t, 30*time.Second)
	defer cancel()
	if err := p.slack.Wait(ctx, func(slacksim.State) bool { return p.end("914083136").Equal(before.Add(45 * time.Minute)) }); err != nil {
		t.Errorf("extended by %v", p.end("914083136").Sub(before))
	}
}

// buttonIn is the button of a view with an action.
func (p *play) buttonIn(view json.RawMessage, action string) button {
	p.t.Helper()
	var shown struct {
		Blocks []struct {
			ID       string `json:"block_id"`
			Elements []struct {
				Action string `json:"action_id"`
				Value  string `json:"value"`
			} `json:"elements"`
		} `json:"blocks"`
	}
	_ = json.Unmarshal(view, &shown) // other blocks have other elements
	for _, block := range shown.Blocks {
		for _, element := range block.Elements {
			if element.Action == action {
				return button{block: block.ID, action: element.Action, value: element.Value}
			}
		}
	}
	p.t.Fatalf("no button %s: %s", action, view)
	return button{}
}

// Where Slack opens no view while its trigger lives, the list answers.
func TestDialogTooLateOnTheWire(t *testing.T) {
	for name, failure := range map[string]slacksim.Failure{
		"expired": {Error: "expired_trigger_id"}, "late": {Delay: 4 * time.Second},
	} {
		p := newPlay(t)
		p.slack.FailNext("views.open", failure)
		wantContains(t, p.types(demoAlice, "/extend"), "914083136")
		if open := p.slack.Views(); len(open) > 0 {
			t.Errorf("%s: %+v", name, open)
		}
	}
}
