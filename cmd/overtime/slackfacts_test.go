package main

import (
	"testing"
	"time"

	"github.com/overtime-bot/overtime/bot/slacksim"
)

// A person whose zone this binary does not know, or whom Slack tells no zone of, is asked for the minutes: UTC would be a
// guess.
func TestUntilInAZoneThatIsNotKnown(t *testing.T) {
	p := newStagedPlay(t)
	p.slack.AddUser(slacksim.User{ID: "U0FAY", Name: "fay", Email: "fay@acme.example", Locale: "en-US", TZ: "Antarctica/Newtown"})
	p.slack.AddChannel(slacksim.Channel{ID: "C0FAY", Name: "fay", Members: []string{"U0FAY", slacksim.BotUserID}})
	p.start("ALLOWED_USERS=*")
	end := p.end("955512340")
	said := p.typesIn("U0FAY", "C0FAY", "/extend 955512340 until "+end.Add(30*time.Minute).UTC().Format("15:04"))
	wantContains(t, said, "I don't know your time zone", "/extend 955512340")
	if p.end("955512340").After(end) {
		t.Error("until was reckoned in UTC for a person whose zone is not known")
	}
}
