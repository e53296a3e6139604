package main

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/bot/slacksim"
)

// submitsReason waits for the view that asks somebody for a reason, and submits it.
func (p *play) submitsReason(user, reason string) {
	p.t.Helper()
	var id string
	ctx, cancel := withTimeout(p.t, 30*time.Second)
	defer cancel()
	if err := p.slack.Wait(ctx, func(state slacksim.State) bool {
		for _, view := range state.Views() {
			if view.User == user {
				id = view.ID
			}
		}
		return id != ""
	}); err != nil {
		p.t.Fatalf("no view: %v\n%s", err, p.log)
	}
	value, _ := json.Marshal(map[string]string{"type": "plain_text_input", "value": reason})
	if _, err := p.slack.Submit(user, id, map[string]map[string]json.RawMessage{"reason": {"reason": value}}); err != nil {
		p.t.Fatal(err)
	}
	if err := p.slack.Wait(ctx, func(state slacksim.State) bool { // else the next reason would be given here again
		return !slices.ContainsFunc(state.Views(), func(view slacksim.OpenView) bool { return view.ID == id })
	}); err != nil {
		p.t.Fatalf("the view stays open: %v\n%s", err, p.log)
	}
}

func (p *play) clicks(user string, pressed button) {
	p.t.Helper()
	if _, err := p.slack.Press(user, pressed.message.Channel, pressed.message.TS, pressed.block, pressed.action, pressed.value); err != nil {
		p.t.Fatal(err)
	}
}

// From the refusal to the outcome, over the wire: asked for with a reason, not decided by the one who asked, approved by
// another; denied with a reason.
func TestApproval(t *testing.T) {
	p := newPlay(t, "AUTO_EXTEND=off", "APPROVAL_CHANNEL="+demoOps, "ADMIN_USERS="+demoDana+","+demoAlice)
	before := p.end("914083136")
	for _, c := range []struct{ verb, want string }{{"Approve", "approved 150 more minutes"}, {"Deny", "denied 150 more minutes"}} {
		refusal := p.commands(demoAlice, "/extend 914083136 150")
		p.clicks(demoAlice, p.buttonUnder(refusal, "Ask for approval"))
		p.submitsReason(demoAlice, "for the "+c.verb)
		card := p.waitMessage(func(m slacksim.Message) bool {
			return m.Channel == demoOps && strings.Contains(string(m.Blocks), "for the "+c.verb)
		})
		decides, ok := buttonOf(card, c.verb)
		if !ok {
			t.Fatalf("no button on %s", card.Blocks)
		}
		wantContains(t, p.presses(demoAlice, decides), "your own request")
		p.clicks(demoDana, decides)
		if c.verb == "Deny" {
			p.submitsReason(demoDana, "not today")
		}
		p.direct(demoAlice, c.want)
		p.waitMessage(func(m slacksim.Message) bool { return m.TS == card.TS && strings.Contains(m.Text, c.want) })
	}
	if end := p.end("914083136"); !end.Equal(before.Add(150 * time.Minute)) {
		t.Errorf("ends %v, want 150 minutes after %v", end, before)
	}
}
