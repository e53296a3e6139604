package bot

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/overtime-bot/overtime/meeting"
)

// One look-up of a person's own account says which of any number of meetings are theirs. No meeting is read for it.
func TestListLooksUpItsReaderAlone(t *testing.T) {
	for _, test := range []struct {
		name        string
		host        func(int) string
		lines, more int
	}{
		{"all are theirs", func(int) string { return "host-1" }, 10, 140},
		{"one is theirs", func(i int) string { return fmt.Sprint("host-", i) }, 1, 0},
		{"no host is told", func(int) string { return "" }, 0, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			inBubble(t, both(many(150, func(i int) string { return fmt.Sprint(i) }), func(w *world) {
				w.lists = func(running []meeting.Meeting) {
					for i := range running {
						running[i].HostUUID = test.host(i)
					}
				}
			}), func(t *testing.T, w *world) {
				for range 2 {
					said := w.asks(owner, "list")
					if more := strings.Contains(said.whole, "Page 1 of 15"); len(said.items) != test.lines || more != (test.more > 0) {
						t.Errorf("%d lines, more pages: %v; want %d and %d more", len(said.items), more, test.lines, test.more)
					}
				}
				if own, others := w.faults.count("Accounts"), w.faults.count("Host"); own != 1 || others != 0 {
					t.Errorf("%d look-ups of accounts and %d of hosts, want 1 and 0", own, others)
				}
			})
		})
	}
}

func TestListSurvivesAPanicOfALookup(t *testing.T) {
	inBubble(t, fault(panicking("secret words"), "Accounts"), func(t *testing.T, w *world) {
		if said := w.asks(owner, "list"); said.tone != Failed || len(lintHeard(said)) > 0 {
			t.Errorf("%+v", said)
		}
		if w.log.count("a command panicked") != 1 || strings.Contains(w.log.String(), "secret words") {
			t.Error(w.log)
		}
	})
}

// Where the address book cannot be read, nobody can tell which meetings are whose, and the list says so.
func TestListOfUnknownHosts(t *testing.T) {
	for name, err := range map[string]error{"refused": &meeting.Error{Kind: meeting.ErrForbidden}, "down": errors.New("not now")} {
		inBubble(t, fault(failing(err), "Accounts"), func(t *testing.T, w *world) {
			said := w.asks(owner, "list")
			if said.tone != Failed || !strings.Contains(said.text, "couldn't find out which meetings are yours") || w.faults.count("Host") != 0 {
				t.Errorf("%s: %+v", name, said)
			}
		})
	}
}

// However many meetings of a list hide their passwords, whose they are is looked up once more, and not once for each.
func TestHiddenPasswordsCostOneLookUp(t *testing.T) {
	inBubble(t, both(many(10, func(i int) string { return fmt.Sprint(i) }), func(w *world) {
		for i := range w.meetings {
			w.meetings[i].HideChair = true
		}
	}, fault(failing(errTrouble), "Accounts")), func(t *testing.T, w *world) {
		for user, most := range map[string]int{admin: 2, owner: 1} { // the list itself looks up once
			before := w.faults.count("Accounts")
			w.asks(user, "list all")
			if got := w.faults.count("Accounts") - before; got > most {
				t.Errorf("%s: %d look-ups", user, got)
			}
		}
	})
}
