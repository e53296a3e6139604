package bot

import (
	"fmt"
	"regexp"
	"testing"
)

// trialRead is what the answer to `why` with minutes promises of an extension by hand.
var trialRead = regexp.MustCompile(`You can extend it by (\d+) minute`)

// What `why` says of so many minutes is what comes of typing them next, whatever limits that.
func TestWhySaysWhatTypingDoes(t *testing.T) {
	promised := 0
	for name, stands := range situationsOfOffers() {
		for _, user := range []string{owner, admin} {
			for _, minutes := range []int{20, 130} {
				t.Run(fmt.Sprint(name, ", ", user, ", ", minutes), func(t *testing.T) {
					inBubble(t, stands.set, func(t *testing.T, w *world) {
						if stands.before != nil {
							stands.before(w, user)
						}
						said := w.asks(user, fmt.Sprint("why ", theID, " ", minutes))
						before := w.added()
						typed := w.asks(user, fmt.Sprint(theID, " ", minutes))
						want := 0
						if read := trialRead.FindStringSubmatch(said.whole); read != nil {
							fmt.Sscan(read[1], &want)
							promised++
						}
						if added := w.added() - before; added != want {
							t.Errorf("added %d:\n%s%s", added, said.shown(), typed.shown())
						}
					})
				})
			}
		}
	}
	if promised < 10 {
		t.Errorf("only %d promises were tried", promised)
	}
}
