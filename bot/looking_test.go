package bot

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/scheduler/extension"
)

// One person may look so many times a minute, by whatever command. That is no limit of anybody else, nor of what they extend.
func TestOnePersonsLooksAreLimited(t *testing.T) {
	inBubble(t, nil, func(t *testing.T, w *world) {
		for i := range looksAMinute {
			if said := w.asks(admin, []string{"list", "status 914083136", "why 914083136", ""}[i%4]); strings.Contains(said.whole, "too fast") {
				t.Fatalf("look %d: %s", i, said.whole)
			}
		}
		reads := w.faults.count("Look") + w.faults.count("Running")
		for _, look := range []string{"list", "status 914083136", "why 914083136", ""} {
			if said := w.asks(admin, look); !strings.Contains(said.whole, "30 looks a minute") || !strings.Contains(said.whole, "in 2 s") || said.tone != Refusal {
				t.Errorf("%q: %s", look, said.whole)
			}
		}
		if after := w.faults.count("Look") + w.faults.count("Running"); after != reads {
			t.Errorf("%d reads for looks that were refused", after-reads)
		}
		if said := w.asks(owner, "list"); strings.Contains(said.whole, "too fast") {
			t.Errorf("another: %s", said.whole)
		}
		if said := w.asks(admin, "914083136 15"); said.tone != Done {
			t.Errorf("extending: %s", said.whole)
		}
	})
}

// However people look, nobody has more than a minute's looks beyond those that came back, and who waits as long as is said may.
func TestLooksComeBack(t *testing.T) {
	random, now := rand.New(rand.NewPCG(1, 5)), time.Now()
	l := newLooking(func() time.Time { return now })
	who := []extension.Actor{{User: "U1"}, {User: "U2"}}
	had, began := make(map[extension.Actor]int), now
	for range 5000 {
		by := who[random.IntN(2)]
		wait := l.allow(by)
		if wait == 0 {
			had[by]++
		} else if random.IntN(3) == 0 {
			now = now.Add(wait)
			if l.allow(by) != 0 {
				t.Fatalf("told to wait %v, and it was not enough", wait)
			}
			had[by]++
		}
		if most := looksAMinute + int(now.Sub(began)/(time.Minute/looksAMinute)); had[by] > most {
			t.Fatalf("%d looks in %v", had[by], now.Sub(began))
		}
		now = now.Add(time.Duration(random.ExpFloat64() * float64(time.Second)))
	}
}

// Who sees every meeting reads that others are missing, where the service refuses the enterprise's list.
func TestListSaysThatItIsNarrowed(t *testing.T) {
	for _, refused := range []bool{true, false} {
		inBubble(t, nil, func(t *testing.T, w *world) {
			if refused {
				w.faults.put("View", failing(&meeting.Error{Kind: meeting.ErrForbidden}))
			}
			if said := w.asks(admin, "list"); strings.Contains(said.whole, "others are missing here") != refused {
				t.Errorf("refused %t: %s", refused, said.whole)
			}
		})
	}
}
