package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/bot/slacksim"
)

// reads waits until somebody reads a message of the bot with these words, and gives it.
func (p *play) reads(filter slacksim.Filter, words string) (found slacksim.Message) {
	p.t.Helper()
	ctx, cancel := withTimeout(p.t, 30*time.Second)
	defer cancel()
	filter.User = slacksim.BotUserID
	err := p.slack.Wait(ctx, func(state slacksim.State) bool {
		for _, message := range state.Messages(filter) {
			if found = message; strings.Contains(message.Text, words) {
				return true
			}
		}
		return false
	})
	if err != nil {
		p.t.Fatalf("nobody reads %q: %v\n%s", words, err, p.log)
	}
	return found
}

func (p *play) says(user, channel, thread, text string) string {
	p.t.Helper()
	ts, err := p.slack.Say(user, channel, thread, text)
	if err != nil {
		p.t.Fatal(err)
	}
	return ts
}

// homeWith waits until somebody's Home shows these words.
func (p *play) homeWith(user, words string) slacksim.OpenView {
	p.t.Helper()
	ctx, cancel := withTimeout(p.t, 30*time.Second)
	defer cancel()
	if err := p.slack.Wait(ctx, func(slacksim.State) bool {
		view, ok := p.slack.Home(user)
		return ok && strings.Contains(string(view.View), words)
	}); err != nil {
		view, _ := p.slack.Home(user)
		p.t.Fatalf("no Home with %q: %v\n%s\n%s", words, err, view.View, p.log)
	}
	view, _ := p.slack.Home(user)
	return view
}

// Mentions and direct messages do what commands do, over the wire: the answer to a mention is for its person's eyes, in the
// thread if it was in one, and the answer to a direct message is an ordinary one.
func TestMentionsAndDirectMessagesOnTheWire(t *testing.T) {
	p := newPlay(t)
	first := p.says(demoBob, demoGeneral, "", "the weekly runs late again")
	p.says(demoBob, demoGeneral, first, "does it?")
	p.says(demoAlice, demoGeneral, first, "@overtime extend 914083136 15")
	answer := p.reads(slacksim.Filter{Channel: demoGeneral, Reader: demoAlice}, "15")
	if answer.EphemeralTo != demoAlice || answer.ThreadTS != first {
		t.Errorf("%+v", answer)
	}
	p.says(demoAlice, demoGeneral, "", "@overtime status 914083136")
	if answer := p.reads(slacksim.Filter{Channel: demoGeneral, Reader: demoAlice}, "ends at"); answer.EphemeralTo != demoAlice {
		t.Errorf("%+v", answer)
	}
	before := p.end("914083136")
	direct := "D" + demoAlice[1:]
	p.says(demoAlice, direct, "", "extend 914083136 15")
	if answer := p.reads(slacksim.Filter{Channel: direct}, "Extended by 15"); answer.EphemeralTo != "" || answer.ThreadTS != "" {
		t.Errorf("%+v", answer)
	}
	if got := p.end("914083136").Sub(before); got != 15*time.Minute {
		t.Errorf("extended by %v", got)
	}
	if warnings := p.slack.Warnings(); len(warnings) > 0 {
		t.Errorf("%q", warnings)
	}
}

// A channel that the bot is invited to reads what it can do.
func TestWelcomeOnTheWire(t *testing.T) {
	p := newPlay(t)
	p.slack.AddChannel(slacksim.Channel{ID: "C0NEW", Name: "new", Members: []string{demoAlice}})
	if err := p.slack.Invite(demoAlice, "C0NEW"); err != nil {
		t.Fatal(err)
	}
	if said := p.reads(slacksim.Filter{Channel: "C0NEW"}, "@overtime 30"); said.EphemeralTo != "" {
		t.Errorf("%+v", said)
	}
}

// A Home is shown when it is opened, a press in it extends, and it follows what somebody else does.
func TestHomeOnTheWire(t *testing.T) {
	p := newPlay(t)
	if err := p.slack.OpenApp(demoAlice, "home"); err != nil {
		t.Fatal(err)
	}
	view := p.homeWith(demoAlice, "914083136")
	wantContains(t, string(view.View), "▰", "+60 min", "What you can do")
	before := p.end("914083136")
	pressed := p.homeButton(view, "914083136")
	if _, err := p.slack.PressInView(demoAlice, view.ID, pressed.block, pressed.action, pressed.value); err != nil {
		t.Fatal(err)
	}
	p.homeWith(demoAlice, "Extended by 15 minutes")
	if got := p.end("914083136").Sub(before); got != 15*time.Minute {
		t.Errorf("extended by %v", got)
	}
	p.types(demoBob, "/extend 914083136 30")
	p.homeWith(demoAlice, fmt.Sprintf("date^%d^", p.end("914083136").Unix()))
	if warnings := p.slack.Warnings(); len(warnings) > 0 {
		t.Errorf("%q", warnings)
	}
}

// homeButton is the first button after a text in a Home.
func (p *play) homeButton(view slacksim.OpenView, after string) button {
	p.t.Helper()
	var shown struct{ Blocks []json.RawMessage }
	if err := json.Unmarshal(view.View, &shown); err != nil {
		p.t.Fatal(err)
	}
	seen := false
	for _, block := range shown.Blocks {
		seen = seen || strings.Contains(string(block), after)
		if found, ok := buttonOf(slacksim.Message{Blocks: json.RawMessage("[" + string(block) + "]")}, "+15 min"); seen && ok {
			return found
		}
	}
	p.t.Fatalf("no button after %q: %s", after, view.View)
	return button{}
}
