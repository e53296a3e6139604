package main

import (
	"strings"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/bot/slacksim"
	"github.com/overtime-bot/overtime/meeting/meetingtest"
)

// A host, and nothing else, watches the cloud room that her meeting is in. Later somebody else meets there: her channel does
// not read what that is called, nor does she. Her own meeting is asked about with its title.
func TestARoomsRuleDisclosesNobodyElsesMeeting(t *testing.T) {
	dana := meetingtest.Host{UUID: "da0a0000000000000000000000000004", Account: "dana@acme", Name: "Dana Okafor", Email: "dana@acme.example"}
	for name, hide := range map[string]bool{"asked about": false, "not to be extended": true} {
		t.Run(name, func(t *testing.T) {
			p := newPlay(t, "AUTO_EXTEND=off", "NOTIFY_CHANNEL=")
			missing := p.types(demoAlice, "/extend status 900000009")
			wantContains(t, p.types(demoAlice, "/extend watch 881234567 ask"), "✅")
			wantContains(t, p.types(demoAlice, "/extend watch 914083136 ask"), "✅")
			p.meetings.EndMeeting("955512340")
			onTime, now := 0, time.Now().Truncate(time.Minute)
			p.meetings.Add(meetingtest.Meeting{
				ID: "900000009", RoomID: "881234567", Subject: "SECRET: layoffs", Host: dana, HideChair: hide,
				Start: now.Add(-20 * time.Minute), End: now.Add(9 * time.Minute), People: 4, ProlongMinutes: &onTime,
			})
			p.clock.Forward(time.Minute)
			if answer := p.types(demoAlice, "/extend status 900000009"); answer != missing {
				t.Errorf("she reads %q; of a meeting that is not there %q", answer, missing)
			}
			wantContains(t, p.types(demoDana, "/extend status 900000009"), "SECRET: layoffs")

			p.clock.Forward(2 * time.Minute)
			p.waitMessage(func(m slacksim.Message) bool { // her other meeting, which ends later
				return m.Channel == demoGeneral && strings.Contains(string(m.Blocks), "Weekly product sync") && strings.Contains(m.Text, "Extend it?")
			})
			p.stop() // all is said
			for _, m := range p.slack.Messages(slacksim.Filter{Channel: demoGeneral}) {
				if m.Command == "" && m.EphemeralTo != demoDana && strings.Contains(string(m.Blocks)+m.Text, "SECRET") {
					t.Errorf("the channel of one who may not know it reads: %s | %s", m.Text, strings.Join(linesOf(m), " / "))
				}
			}
		})
	}
}
