package bot

import (
	"slices"
	"strings"
	"testing"

	"github.com/overtime-bot/overtime/bot/access"
)

// Where a meeting hides its password, nobody is offered minutes that would be refused, in whichever answer: its host opens the
// dialog, which asks for the password.
func TestHiddenPasswordsOfferNoMinutes(t *testing.T) {
	ways := waysToOffers()
	for _, name := range []string{
		"list", "list all", "status 914083136", "914083136 300", "914083136 until 17:00",
		"moved", "let end, moved", "asked for, moved", "asked for, within the limits",
	} {
		for user, host := range map[string]bool{owner: true, admin: false} {
			inBubble(t, both(hidden, ways[name].set), func(t *testing.T, w *world) {
				said, opens := ways[name].heard(w, user), false
				for _, button := range said.controls() {
					opens = opens || button.element == verbOpenDialog
					if strings.HasPrefix(button.label, "+") || strings.HasPrefix(button.element, verbRequest) {
						t.Errorf("%s reads %s: %q", user, name, button.label)
					}
				}
				if opens != host || strings.Contains(said.whole, "type the command again") {
					t.Errorf("%s, %s: opens the dialog: %t\n%s", user, name, opens, said.shown())
				}
			})
		}
	}
	inBubble(t, nil, func(t *testing.T, w *world) {
		labels := w.asks(owner, "status 914083136").buttons
		if !slices.ContainsFunc(labels, func(b heardButton) bool { return b.label == "+15 min" }) {
			t.Errorf("%+v", labels)
		}
	})
}

// A hidden password is no limit: nobody reads that their minutes are used up while some are left.
func TestAHiddenPasswordUsesNothingUp(t *testing.T) {
	for _, command := range []string{"status 914083136", "914083136 121"} {
		inBubble(t, both(hidden, usedElsewhere(owner, 277, 1)), func(t *testing.T, w *world) {
			if said := w.asks(owner, command); strings.Contains(said.whole, "300") {
				t.Errorf("%s: %s", command, said.shown())
			}
		})
	}
}

// One command takes one meeting, and the answer has a command for each.
func TestTwoMeetingsInACommand(t *testing.T) {
	inBubble(t, finding, func(t *testing.T, w *world) {
		said := w.asks(admin, "914083136 914083137 30")
		for _, want := range []string{"one meeting at a time", "Nothing was extended", "`/extend 914083136 30`", "`/extend 914083137 30`"} {
			if !strings.Contains(said.whole, want) {
				t.Errorf("%s lacks %q", said.whole, want)
			}
		}
	})
}

// A direct message is no channel, and no list in one says that it is.
func TestListsInDirectMessages(t *testing.T) {
	for _, locale := range []string{"en-US", "es-ES", "zh-CN"} {
		for _, channel := range []string{general, "D0OWNER"} {
			for _, user := range []string{admin, owner} {
				others := func(w *world) {
					theirs := booked("914083140", "Theirs")
					theirs.Host = w.meetings[0].Host
					theirs.Host.UUID, theirs.Host.Email = "host-admin", "admin@acme.example"
					w.meetings = append(w.meetings, theirs)
				}
				inBubble(t, both(others, changed(user, func(p *access.Person) { p.Locale = locale })), func(t *testing.T, w *world) {
					for _, command := range []string{"list", "list all"} {
						said := w.asksFrom(channel, user, command)
						for _, word := range []string{"this channel", "este canal", "本频道"} {
							if channel != general && strings.Contains(said.whole, word) {
								t.Errorf("%s, %s, %s: %s", locale, user, command, said.whole)
							}
						}
					}
				})
			}
		}
	}
}
