package bot

import (
	"fmt"
	"regexp"
	"slices"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/scheduler/extension"
	"github.com/overtime-bot/overtime/scheduler/store"
)

var minutesShown = regexp.MustCompile(`\): (\d+) minutes`)

// What somebody sees comes from several sources, of which each may have much that is newer than anything of another, and
// may have the same: every entry is on one page, once, newest first.
func TestHistoryOfSeveralSources(t *testing.T) {
	const all = 3*historyAtOnce + 7
	page := store.Action{ID: "PAGE", Verb: verbPage, Command: "history", Expires: noon.Add(time.Hour)}
	for name, of := range map[string]func(number int) (actor extension.Actor, host string){
		"hosted first, then theirs": func(number int) (extension.Actor, string) {
			if number < all/2 {
				return actor(admin), "host-1"
			}
			return actor(owner), "host-2"
		},
		"theirs first, then hosted": func(number int) (extension.Actor, string) {
			if number < all/2 {
				return actor(owner), "host-2"
			}
			return actor(admin), "host-1"
		},
		"both at once": func(int) (extension.Actor, string) { return actor(owner), "host-1" },
		"in turn":      func(number int) (extension.Actor, string) { return actor([]string{owner, admin}[number%2]), "host-1" },
		"a few old ones of theirs": func(number int) (extension.Actor, string) {
			return actor([]string{owner, admin}[min(number/5, 1)]), "host-1"
		},
		"hosted by either account": func(number int) (extension.Actor, string) {
			return actor(admin), []string{"host-1", "host-3"}[number*2/all]
		},
	} {
		second := func(w *world) {
			mine := booked("902222222", "Another account's")
			mine.Host.UUID, mine.Host.Account = "host-3", "olivia3"
			w.meetings = append(w.meetings, mine)
		}
		inBubble(t, both(offered(page), second), func(t *testing.T, w *world) {
			var want []string
			for number := range all {
				e := extension.Extension{
					Key: fmt.Sprint(number), Run: fmt.Sprint("900000001@", number), MeetingID: "900000001", Origin: extension.FromCommand, Minutes: 100 + number,
				}
				e.Actor, e.Host = of(number)
				row, err := w.store.Ledger.Claim(t.Context(), e, extension.Limits{}, 48*time.Hour)
				w.must(err)
				want = append(want, fmt.Sprint(row.Minutes))
			}
			slices.Reverse(want)
			for _, number := range []int{1, 2, 10, 11, 15, 16, 20, 21, 31} {
				said := w.chooses(owner, heardButton{"Next", "PAGE", fmt.Sprint("page:", number), false})
				var got []string
				for _, found := range minutesShown.FindAllStringSubmatch(said.all(), -1) {
					got = append(got, found[1])
				}
				if wanted := entriesOn(want, number); !slices.Equal(got, wanted) {
					t.Errorf("%s: page %d has %v, want %v", name, number, got, wanted)
				}
			}
		})
	}
}
