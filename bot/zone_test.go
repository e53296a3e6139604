package bot

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/bot/access"
	"github.com/overtime-bot/overtime/bot/slacksim"
)

// However Slack tells a person's clock, "until" is reckoned by it, by the distance from UTC alone if need be; where Slack
// tells neither, the person is asked for the minutes, and nothing is extended.
func TestUntilByTheClockThatSlackTells(t *testing.T) {
	const berlin, kathmandu = 3600, 5*3600 + 45*60
	for _, zone := range []any{"Europe/Berlin", "Antarctica/Newtown", "Local", "../../etc/passwd", "", nil, slacksim.Absent} {
		for _, offset := range []any{berlin, kathmandu, -berlin, 0, nil, slacksim.Absent, 1 << 30} {
			t.Run(fmt.Sprintf("%v %v", zone, offset), func(t *testing.T) {
				w, sim := onTheWire(t)
				sim.AddUser(slacksim.User{
					ID: owner, Name: "olivia", Email: "owner@acme.example", Instead: map[string]any{"tz": zone, "tz_offset": offset},
				})
				w.run()
				defer w.stop()
				end := w.meetings[0].End.Add(30 * time.Minute).Truncate(time.Minute)
				clock, known := clockOf(zone, offset)
				said := w.asks(owner, "914083136 until "+end.In(clock).Format("15:04"))
				minutes := w.wished()
				switch {
				case known && (len(minutes) != 1 || minutes[0] < 29 || minutes[0] > 31):
					t.Errorf("asked for %v: %q", minutes, said.whole)
				case !known && (len(minutes) > 0 || !strings.Contains(said.whole, "/extend 914083136")):
					t.Errorf("asked for %v: %q", minutes, said.whole)
				}
			})
		}
	}
}

// clockOf is the clock that this test understands Slack to mean.
func clockOf(zone, offset any) (*time.Location, bool) {
	if zone == "Europe/Berlin" {
		return zoneOf("Europe/Berlin"), true
	}
	seconds, ok := offset.(int)
	if !ok || seconds == 0 || seconds > 14*3600 {
		return time.UTC, false
	}
	return time.FixedZone("", seconds), true
}

// A host whose address Slack has not confirmed reads that, and the log says so; others read what they read before.
func TestAddressThatIsNotConfirmed(t *testing.T) {
	unconfirmed := func(p *access.Person) { p.EmailConfirmed = false }
	for _, command := range []string{"914083136 30", "list", "status 914083136", "watch 914083136 ask", "why 914083136"} {
		inBubble(t, changed(owner, unconfirmed), func(t *testing.T, w *world) {
			said := w.asks(owner, command)
			if said.tone != Refusal || !strings.Contains(said.text, "hasn't confirmed your email address") || w.log.count("has not confirmed") != 1 {
				t.Errorf("%s: %s %q\n%s", command, said.tone, said.text, w.log)
			}
		})
	}
	inBubble(t, both(changed(owner, unconfirmed), func(w *world) { w.policy.HostsMayExtend = false }), func(t *testing.T, w *world) {
		if said := w.asks(owner, "914083136 30"); !strings.Contains(said.text, "not on the list") {
			t.Errorf("hosts may not extend: %q", said.text)
		}
	})
	inBubble(t, both(changed(owner, unconfirmed), func(w *world) { w.policy.AllowedUsers = []string{owner} }), func(t *testing.T, w *world) {
		if said := w.asks(owner, "914083136 30"); said.tone != Done {
			t.Errorf("listed: %q", said.text)
		}
	})
	inBubble(t, changed(owner, unconfirmed), func(t *testing.T, w *world) {
		occasion := askedAt()
		occasion.Rule.Channel, occasion.Rule.Owner.User = "", ""
		if _, err := w.posts(occasion); err == nil || w.log.count("has not confirmed") != 1 {
			t.Errorf("%v\n%s", err, w.log)
		}
	})
}
