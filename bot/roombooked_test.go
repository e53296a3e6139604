package bot

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// Whatever a person types or presses, no extension reaches into the next booking of the room, and who gets less than they
// asked for reads why.
func TestNoExtensionReachesIntoTheNextBooking(t *testing.T) {
	end := theMeeting().End
	for command, asked := range map[string]int{
		"914083136": 15, "914083136 20": 20, "914083136 30m": 30, "914083136 1h": 60, "914083136 max": 120,
		"914083136 until " + end.Add(45*time.Minute).In(zoneOf("Europe/Berlin")).Format("15:04"): 45, "press": 15,
	} {
		for _, gap := range []time.Duration{-10 * time.Minute, 0, 59 * time.Second, time.Minute, 14 * time.Minute, 40*time.Minute + 30*time.Second, 2 * time.Hour} {
			t.Run(fmt.Sprint(command, " ", gap), func(t *testing.T) {
				inBubble(t, both(offered(more()), bookedNext(gap)), func(t *testing.T, w *world) {
					var said heard
					if command == "press" {
						said = w.presses(admin, "B1")
					} else {
						said = w.asks(admin, command)
					}
					fits := max(0, int(gap/time.Minute))
					want := min(asked, fits)
					got := 0
					for _, added := range w.effects() {
						got += added
					}
					if got != want {
						t.Fatalf("%d minutes were added, want %d: %s", got, want, said.all())
					}
					booked := fmt.Sprint(end.Add(gap).Truncate(time.Minute).Unix())
					if want < asked && !strings.Contains(said.all(), booked) {
						t.Errorf("it does not say from when the room is booked: %s", said.all())
					}
					for _, button := range said.buttons {
						if action := w.action(button); action.Minutes > fits-want {
							t.Errorf("%d minutes are offered, %d are left", action.Minutes, fits-want)
						}
					}
					if most := len(said.buttons); (most > 0) != (fits > want) {
						t.Errorf("%d buttons where %d minutes are left", most, fits-want)
					}
				})
			})
		}
	}
}

// Each code of the service that is about a limit is said in the sentence of its family.
func TestOneSentenceForEachFamilyOfCodes(t *testing.T) {
	for sentence, codes := range map[string][]string{
		"cloud room is booked or in use": {"111071005", "111071064"},
		"as many meetings at the same time": {
			"111071106", "111072001", "115022001", "115021001", "111071116", "111071060",
		},
		"doesn't take that number of minutes": {"111071015", "111071021"},
		"longest time that its plan allows":   {"111074003", "111073014", "111073015", "111073016"},
	} {
		for _, code := range codes {
			inBubble(t, refuses(400, "MMC."+code, "the service's own words"), func(t *testing.T, w *world) {
				said := w.asks(admin, "914083136 30").all()
				if !strings.Contains(said, sentence) || !strings.Contains(said, "Nothing was extended") || !strings.Contains(said, code) {
					t.Errorf("%s: %s", code, said)
				}
			})
		}
	}
}

// What the booking is called is for those who may see every meeting.
func TestTitleOfTheNextBooking(t *testing.T) {
	for user, may := range map[string]bool{admin: true, owner: false} {
		for _, gap := range []time.Duration{0, 10 * time.Minute} {
			inBubble(t, bookedNext(gap), func(t *testing.T, w *world) {
				said := w.asks(user, "914083136 30")
				if shows := strings.Contains(said.all(), "Secret merger"); shows != may || !strings.Contains(said.all(), "booked from") {
					t.Errorf("%s, %v: %s", user, gap, said.all())
				}
			})
		}
	}
}
