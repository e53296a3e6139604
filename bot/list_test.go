package bot

import (
	"fmt"
	"strings"
	"testing"

	"github.com/overtime-bot/overtime/meeting"
)

// One list looks up each host once, and no more hosts than it may.
func TestListLooksUpEachHostOnce(t *testing.T) {
	for _, test := range []struct {
		name           string
		host           func(int) string
		meetings, want int
	}{
		{"one host", func(int) string { return "host-1" }, 1, 1},
		{"many hosts", func(i int) string { return fmt.Sprint("h", i) }, 3 * hostLookups, hostLookups},
		{"hosts without UUID", func(int) string { return "" }, 3 * hostLookups, hostLookups},
	} {
		t.Run(test.name, func(t *testing.T) {
			inBubble(t, both(many(test.meetings, func(i int) string { return fmt.Sprint(i) }), func(w *world) {
				w.lists = func(running []meeting.Meeting) {
					for i := range running {
						running[i].HostUUID = test.host(i)
					}
				}
			}), func(t *testing.T, w *world) {
				w.asks(owner, "list")
				if got := w.faults.count("Host"); got != test.want {
					t.Errorf("%d look-ups, want %d", got, test.want)
				}
			})
		})
	}
}

func TestListSurvivesAPanicOfAHostLookup(t *testing.T) {
	inBubble(t, fault(panicking("secret words"), "Host"), func(t *testing.T, w *world) {
		if said := w.asks(owner, "list"); said.tone != Failed || len(lintHeard(said)) > 0 {
			t.Errorf("%+v", said)
		}
		if w.log.count("looking up a host panicked") != 1 || strings.Contains(w.log.String(), "secret words") {
			t.Error(w.log)
		}
	})
}
