package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/bot/slacksim"
	"github.com/overtime-bot/overtime/meeting/meetingtest"
)

// button is one that a person sees under a message.
type button struct {
	message slacksim.Message
	block   string
	action  string
	value   string
}

// buttonUnder finds a button by its label, under the newest message that answers the envelope.
func (p *play) buttonUnder(envelope, label string) button {
	p.t.Helper()
	messages := p.slack.Messages(slacksim.Filter{Envelope: envelope})
	for i := len(messages) - 1; i >= 0; i-- {
		if found, ok := buttonOf(messages[i], label); ok {
			return found
		}
	}
	p.t.Fatalf("no button %q under the answers %q", label, p.answers(envelope))
	return button{}
}

func buttonOf(message slacksim.Message, label string) (button, bool) {
	var blocks []struct {
		ID       string `json:"block_id"`
		Elements []struct {
			Action string `json:"action_id"`
			Value  string `json:"value"`
			Text   json.RawMessage
		} `json:"elements"`
	}
	if json.Unmarshal(message.Blocks, &blocks) != nil {
		return button{}, false
	}
	for _, block := range blocks {
		for _, element := range block.Elements {
			if strings.Contains(string(element.Text), `"`+label+`"`) {
				return button{message: message, block: block.ID, action: element.Action, value: element.Value}, true
			}
		}
	}
	return button{}, false
}

// commands lets a person type a command and waits for the first answer.
func (p *play) commands(user, line string) (envelope string) {
	p.t.Helper()
	return p.commandsIn(user, demoGeneral, line)
}

func (p *play) commandsIn(user, channel, line string) (envelope string) {
	p.t.Helper()
	envelope, err := p.slack.Command(user, channel, line)
	if err != nil {
		p.t.Fatal(err)
	}
	p.answerTo(envelope)
	return envelope
}

// presses presses a button as Slack's client does, and returns the answer.
func (p *play) presses(user string, pressed button) string {
	p.t.Helper()
	envelope, err := p.slack.Press(user, pressed.message.Channel, pressed.message.TS, pressed.block, pressed.action, pressed.value)
	if err != nil {
		p.t.Fatal(err)
	}
	ctx, cancel := withTimeout(p.t, 30*time.Second)
	defer cancel()
	if err := p.slack.WaitAnswer(ctx, envelope); err != nil {
		p.t.Fatalf("no answer: %v\n%s", err, p.log)
	}
	if answers := p.answers(envelope); len(answers) > 0 {
		return answers[0]
	}
	for _, message := range p.slack.Messages(slacksim.Filter{Channel: pressed.message.Channel}) {
		if message.TS == pressed.message.TS { // the answer took its place
			return strings.Join(linesOf(message), "\n")
		}
	}
	p.t.Fatalf("the answer to the press is nowhere")
	return ""
}

// pressesRaw delivers a click that Slack's client would not offer: of somebody else, or of an old message.
func (p *play) pressesRaw(id, user, value string) {
	p.t.Helper()
	err := p.slack.Deliver(fmt.Appendf(nil, `{"envelope_id":%q,"type":"interactive","accepts_response_payload":false,"payload":{"type":"block_actions",
		"team":{"id":"T0ACME"},"user":{"id":%q,"team_id":"T0ACME"},"channel":{"id":"C0GENERAL"},"trigger_id":"1.2.3",
		"actions":[{"type":"button","action_id":"offer:0","block_id":"b","value":%q}]}}`, id, user, value))
	if err != nil {
		p.t.Fatal(err)
	}
}

func TestButtonUnderASuccess(t *testing.T) {
	p := newPlay(t)
	before := p.end("914083136")
	envelope := p.commands(demoAlice, "/extend 914083136 30")
	more := p.buttonUnder(envelope, "+15 min")
	answer := p.presses(demoAlice, more)
	wantContains(t, answer, "✅ Extended by 15 minutes", "can get 195 more minutes (limit: 240)")
	if end := p.end("914083136"); !end.Equal(before.Add(45 * time.Minute)) {
		t.Errorf("ends %v, want 45 minutes after %v", end, before)
	}
	// The answer took the place of the message with the button, and has buttons of its own.
	for _, message := range p.slack.Messages(slacksim.Filter{Reader: demoAlice}) {
		if strings.Contains(message.Text, "Extended by 30 minutes") {
			t.Errorf("the message with the pressed button is still there: %s", message.Text)
		}
	}
	// A second press of the same button, from a client that still shows it, extends nothing.
	p.pressesRaw("again", demoAlice, more.value)
	p.waitMessage(func(m slacksim.Message) bool {
		return strings.Contains(m.Text, "Already done: <@U0ALICE> extended")
	})
	if n := len(p.meetings.Effects("914083136")); n != 2 {
		t.Errorf("%d effects, want 2", n)
	}
}

// Whoever presses is asked for their own permission, and limits hold for buttons too.
func TestButtonAsksWhoPresses(t *testing.T) {
	p := newPlay(t)
	more := p.buttonUnder(p.commands(demoAlice, "/extend 914083136 30"), "+30 min")
	for user, want := range map[string]string{demoErik: "among your running meetings", demoGina: "guests"} {
		p.pressesRaw("by "+user, user, more.value)
		p.waitMessage(func(m slacksim.Message) bool { return strings.Contains(m.Text, want) })
	}
	if n := len(p.meetings.Effects("914083136")); n != 1 {
		t.Errorf("%d effects, want 1", n)
	}
}

func TestButtonsEndWithWhatTheyWereOfferedFor(t *testing.T) {
	p := newPlay(t)
	more := p.buttonUnder(p.commands(demoAlice, "/extend 914083136 30"), "+15 min")
	p.pressesRaw("forged", demoAlice, "914083136:15")
	p.waitMessage(func(m slacksim.Message) bool { return strings.Contains(m.Text, "I no longer know this button") })

	wantContains(t, p.types(demoDana, "/extend 914083136 10"), "✅ Extended by 10 minutes")
	p.pressesRaw("moved", demoAlice, more.value)
	p.waitMessage(func(m slacksim.Message) bool {
		return strings.Contains(m.Text, "The end has changed in the meantime")
	})

	old := p.buttonUnder(p.commands(demoDana, "/extend 914083136 5"), "+15 min")
	p.meetings.EndMeeting("914083136")
	p.meetings.Add(meetingtest.Meeting{ID: "914083136", Subject: "The next one", People: 2, Start: p.clock.Now().Add(-3 * time.Minute)})
	p.pressesRaw("over", demoDana, old.value)
	p.waitMessage(func(m slacksim.Message) bool { return strings.Contains(m.Text, "has already ended") })
	if n := len(p.meetings.Effects("914083136")); n != 3 {
		t.Errorf("%d effects, want 3", n)
	}
}

// Thirty people press in the same second: one extension, and each reads who did it and the new end.
func TestThirtyPressesAreOneExtension(t *testing.T) {
	p := newPlay(t, "ALLOWED_USERS=*")
	const people = 30
	for i := range people {
		p.slack.AddUser(slacksim.User{ID: fmt.Sprintf("U0PRESS%02d", i), Name: fmt.Sprintf("p%d", i), TZ: "UTC"})
	}
	more := p.buttonUnder(p.commands(demoAlice, "/extend 914083136 30"), "+15 min")
	before := p.end("914083136")
	var all sync.WaitGroup
	for i := range people {
		all.Go(func() { p.pressesRaw(fmt.Sprintf("press %d", i), fmt.Sprintf("U0PRESS%02d", i), more.value) })
	}
	all.Wait()
	want := before.Add(15 * time.Minute)
	told := func(state slacksim.State) int {
		count := 0
		for _, m := range state.Messages(slacksim.Filter{User: slacksim.BotUserID}) {
			done := strings.Contains(m.Text, "Already done: <@U0PRESS") || strings.Contains(m.Text, "Extended by 15 minutes")
			if done && strings.Contains(m.Text, fmt.Sprintf("<!date^%d^", want.Unix())) {
				count++
			}
		}
		return count
	}
	ctx, cancel := withTimeout(t, 30*time.Second)
	defer cancel()
	if err := p.slack.Wait(ctx, func(state slacksim.State) bool { return told(state) >= people }); err != nil {
		t.Errorf("%v; not everybody was told\n%s", err, p.log)
	}
	if end := p.end("914083136"); !end.Equal(want) {
		t.Errorf("ends %v, want %v", end, want)
	}
	if n := len(p.meetings.Effects("914083136")); n != 2 {
		t.Errorf("%d effects, want 2", n)
	}
}

// A try that took no effect is watched, and nobody is invited to send it twice: who does so all the same is heard.
func TestSentAgainAfterNoEffect(t *testing.T) {
	p := newPlay(t)
	p.meetings.Inject(meetingtest.Fault{Op: meetingtest.OpExtend, Kind: meetingtest.Refuse, Status: 500})
	envelope := p.commands(demoAlice, "/extend 914083136 30")
	p.clock.Forward(14 * time.Second)
	wantContains(t, p.waitAnswers(envelope, 2)[1], "still ends", "If that changes, I'll tell you", "/extend status 914083136")
	for _, message := range p.slack.Messages(slacksim.Filter{Envelope: envelope}) {
		if strings.Contains(string(message.Blocks), `"button"`) {
			t.Errorf("a button under %q", message.Text)
		}
	}
	wantContains(t, p.types(demoAlice, "/extend 914083136 30"), "✅ Extended by 30 minutes")
	if n := len(p.meetings.Effects("914083136")); n != 1 {
		t.Errorf("%d effects, want 1", n)
	}
}

// After a refused press the button works again.
func TestButtonAfterARefusal(t *testing.T) {
	p := newPlay(t)
	more := p.buttonUnder(p.commands(demoAlice, "/extend 914083136 30"), "+15 min")
	p.meetings.Inject(meetingtest.Fault{Op: meetingtest.OpExtend, Kind: meetingtest.Refuse, Status: 400, Code: "MMC.111074003"})
	wantContains(t, p.presses(demoAlice, more), "⛔")
	wantContains(t, p.presses(demoAlice, more), "✅ Extended by 15 minutes")
	if n := len(p.meetings.Effects("914083136")); n != 2 {
		t.Errorf("%d effects, want 2", n)
	}
}

// linesOf are the lines of all blocks of a message.
func linesOf(message slacksim.Message) []string {
	var lines []string
	for _, p := range (terminal{zone: time.Local}).paragraphsOf(message) {
		lines = append(lines, p.lines...)
	}
	return lines
}
