package bot

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/meeting/meetingtest"
)

// A list from before an extension does not outlive it: who asks then reads the end that was read back, and the buttons do
// what they say.
func TestListsKnowWhatWasReadBack(t *testing.T) {
	for user, command := range map[string]string{admin: "sync 30", owner: "15", "by a weak match": "wekly product 20"} {
		if strings.Contains(user, " ") {
			user = admin
		}
		inBubble(t, finding, func(t *testing.T, w *world) {
			if len(w.asks(user, command).buttons) == 0 {
				t.Fatalf("%q asks nothing", command)
			}
			before, _ := w.service.End(theID)
			w.asks(admin, theID+" 30")
			lists := w.service.Count(meetingtest.OpOnline)
			asked := w.asks(user, command)
			if end := fmt.Sprint(before.Add(30 * time.Minute).Unix()); !strings.Contains(asked.all(), end) || strings.Contains(asked.all(), fmt.Sprint(before.Unix())) {
				t.Errorf("%s %q does not say that it ends at %s:\n%s", user, command, end, asked.all())
			}
			for _, button := range asked.buttons {
				if strings.HasPrefix(button.label, "Weekly product sync · +") {
					w.presses(user, button.id)
				}
			}
			if effects := w.service.Effects(theID); len(effects) != 2 {
				t.Errorf("%s %q: after the press the meeting was extended %d times", user, command, len(effects))
			}
			if again := w.service.Count(meetingtest.OpOnline); again != lists {
				t.Errorf("%d lists were read more", again-lists)
			}
		})
	}
}

// What somebody finds while typing is as it was read last, though the list is older.
func TestSearchKnowsWhatWasReadBack(t *testing.T) {
	inBubble(t, finding, func(t *testing.T, w *world) {
		if _, err := w.searches(admin, ""); err != nil {
			t.Fatal(err)
		}
		w.asks(admin, theID+" 30")
		time.Sleep(freshNames - time.Second)
		got, err := w.searches(admin, "")
		if want := "914083138 914083137 914083139 777666555 914083136"; strings.Join(got, " ") != want || err != nil {
			t.Errorf("by their ends: %q, %v, want %q", got, err, want)
		}
		if lists := w.service.Count(meetingtest.OpOnline); lists != 1 {
			t.Errorf("%d lists were read", lists)
		}
	})
}
