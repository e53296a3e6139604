package bot

import (
	"strings"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/bot/access"
	"github.com/overtime-bot/overtime/scheduler"
)

// twoIDs has somebody whom Slack calls U0TWO or W0TWO, and who may extend everything.
func twoIDs(w *world) {
	w.policy.Enterprise, w.policy.AllowedUsers = "E0ACME", []string{"W0TWO"}
	for _, id := range []string{"U0TWO", "W0TWO"} {
		person := ordinary(id, "two@acme.example", "en-US", "Europe/Berlin")
		person.EnterpriseID, person.LocalID, person.GridID = "E0ACME", "U0TWO", "W0TWO"
		w.people.people[id] = person
	}
	w.meetings = append(w.meetings, booked("920417765", "Another"), booked("930417765", "A third"))
}

// Under both of their IDs, one person has one budget, owns the same rules, and is denied or not.
func TestOnePersonWithTwoIDs(t *testing.T) {
	for _, ids := range [][2]string{{"U0TWO", "W0TWO"}, {"W0TWO", "U0TWO"}} {
		first, second := ids[0], ids[1]
		inBubble(t, twoIDs, func(t *testing.T, w *world) {
			for _, id := range []string{theID, "920417765"} {
				if said := w.asks(first, id+" 120"); said.tone != Done {
					t.Fatalf("%+v", said)
				}
			}
			if said := w.asks(second, "930417765 120"); said.tone != Refusal || !strings.Contains(said.whole, "60 more minutes") {
				t.Errorf("their day under the other ID: %q", said.whole)
			}
			if said := w.asks(first, "watch 930417765 ask"); said.tone != Done {
				t.Fatalf("%+v", said)
			}
			w.service.EndMeeting("930417765")
			w.policy.AllowedUsers = nil
			if said := w.asks(second, "unwatch 930417765"); said.tone != Done {
				t.Errorf("their rule under the other ID: %q", said.whole)
			}
		})
		for _, denied := range ids {
			inBubble(t, both(twoIDs, func(w *world) { w.policy.DeniedUsers = []string{denied} }), func(t *testing.T, w *world) {
				if said := w.asks(first, theID+" 15"); said.tone != Refusal || !strings.Contains(said.text, "excluded") {
					t.Errorf("%s, denied as %s: %q", first, denied, said.whole)
				}
			})
		}
		inBubble(t, both(twoIDs, func(w *world) {
			w.policy.AllowedUsers, w.policy.AllowedGroups = nil, []string{"S0GROUP"}
			w.people.groups = map[string]access.Membership{"S0GROUP": access.Member}
		}), func(t *testing.T, w *world) {
			if said := w.asks(first, theID+" 15"); said.tone != Done {
				t.Errorf("%q", said.whole)
			}
		})
	}
}

// A message that was posted to one of somebody's IDs has reached them under the other: they are asked once about an end, and
// told once of a pause.
func TestOnePersonReadsOnce(t *testing.T) {
	for _, ids := range [][2]string{{"U0TWO", "W0TWO"}, {"W0TWO", "U0TWO"}} {
		inBubble(t, both(atWork(scheduler.ModeOff), twoIDs), func(t *testing.T, w *world) {
			heard := func(part string) (times int) {
				for _, p := range w.poster.all() {
					if strings.Contains(p.whole, part) && strings.Contains(p.whole, theMeeting().Subject) {
						times++
					}
				}
				return times
			}
			w.asksFrom("D0DIRECT", ids[0], "watch 914083136 ask")
			w.until(6 * time.Minute)
			w.asksFrom("D0DIRECT", ids[1], "watch 914083136 ask")
			w.until(8 * time.Minute)
			if asked := heard("Extend it?"); asked != 1 {
				t.Errorf("asked %d times", asked)
			}
			w.asks(admin, "pause")
			if told := heard("paused all"); told != 1 {
				t.Errorf("told %d times", told)
			}
		})
	}
}
