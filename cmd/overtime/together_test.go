package main

import (
	"strings"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/bot/slacksim"
	"github.com/overtime-bot/overtime/meeting/meetingtest"
)

// why of a meeting that is empty does not say that the bot asks.
func TestWhyEmpty(t *testing.T) {
	p := newPlay(t)
	answer := p.types(demoDana, "/extend why 947731902")
	if strings.Contains(answer, "Now is the time") || !strings.Contains(answer, "fewer than 2 people are in") || strings.Contains(answer, "no: fewer than") {
		t.Error(answer)
	}
}

// One account books for everybody: the end of each meeting is the start of another of its host, elsewhere.
func TestOneAccountBooksForAll(t *testing.T) {
	p := newPlay(t, "AUTO_EXTEND=auto")
	account := meetingtest.Host{UUID: "5e4f1ce", Account: "booking@acme", Name: "Room booking"}
	onTime, now := 0, time.Now().Truncate(time.Minute)
	p.meetings.Add(meetingtest.Meeting{
		ID: "900000011", RoomID: "700000001", Subject: "A", Host: account, Start: now.Add(-50 * time.Minute), End: now.Add(10 * time.Minute),
		People: 4, ProlongMinutes: &onTime,
	})
	p.meetings.Add(meetingtest.Meeting{
		ID: "900000012", RoomID: "700000002", Subject: "B", Host: account, Start: now.Add(10 * time.Minute), End: now.Add(70 * time.Minute),
		Scheduled: true, ProlongMinutes: &onTime,
	})
	p.clock.Forward(time.Minute)
	p.waitMessage(func(m slacksim.Message) bool {
		return m.Channel == demoOps && strings.Contains(string(m.Blocks), "900000011") && m.EphemeralTo == ""
	})
	if len(p.meetings.Effects("900000011")) == 0 {
		t.Error("it was not extended")
	}
}

// A host watches the cloud room that her meeting is in. Somebody else meets there in between. Her rule lives.
func TestRoomRuleLives(t *testing.T) {
	p := newPlay(t, "AUTO_EXTEND=off", "NOTIFY_CHANNEL=")
	p.types(demoAlice, "/extend watch 881234567 ask")
	p.meetings.EndMeeting("955512340")
	meets := func(id, subject string, host meetingtest.Host) {
		onTime, now := 0, p.clock.Now().Truncate(time.Minute)
		p.meetings.Add(meetingtest.Meeting{
			ID: id, RoomID: "881234567", Subject: subject, Host: host, Start: now.Add(-20 * time.Minute), End: now.Add(9 * time.Minute),
			People: 4, ProlongMinutes: &onTime,
		})
		p.clock.Forward(time.Minute)
	}
	meets("900000009", "Layoffs", meetingtest.Host{UUID: "da0a0000000000000000000000000004", Account: "dana@acme", Name: "Dana Okafor", Email: "dana@acme.example"})
	p.types(demoDana, "/extend status 900000009")
	p.meetings.EndMeeting("900000009")
	meets("900000010", "Hers again", meetingtest.Host{UUID: "a11ce000000000000000000000000001", Account: "alice@acme", Name: "Alice Ng", Email: "alice@acme.example"})
	p.waitMessage(func(m slacksim.Message) bool {
		return m.Channel == demoGeneral && m.Command == "" && m.EphemeralTo == "" && strings.Contains(string(m.Blocks), "900000010")
	})
	for _, m := range p.slack.Messages(slacksim.Filter{Channel: demoGeneral}) {
		if m.Command == "" && m.EphemeralTo == "" && (strings.Contains(string(m.Blocks), "Layoffs") || strings.Contains(m.Text, "paused")) {
			t.Errorf("the channel reads %s", m.Text)
		}
	}
}
