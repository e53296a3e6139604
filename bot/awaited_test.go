package bot

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/bot/dialog"
)

// typedAfter lets the owner type a command, and then the administrator another.
func typedAfter(first, second string) func(*world) {
	return func(w *world) {
		w.asks(owner, first)
		w.asks(admin, second)
	}
}

// awaitings are the extensions that do not show in the end yet.
func awaitings() map[string]func(*world) {
	return map[string]func(*world){"accepted": lags(time.Hour), "in doubt": losesAnswers(true)}
}

// While an extension does not show in the end yet, what counts from the end that does show is not sent: it would add up to
// more than was asked for.
func TestNothingIsReckonedFromAnEndFromBefore(t *testing.T) {
	for how, set := range awaitings() {
		for name, wish := range map[string]func(w *world) heard{
			"until":  func(w *world) heard { return w.asks(admin, "914083136 until 15:00") },
			"button": func(w *world) heard { return w.presses(admin, "B1") },
			"dialog": func(w *world) heard {
				_, said := w.submits(admin, w.opens(admin), map[string]string{dialog.Until: "15:00"})
				return said
			},
		} {
			inBubble(t, both(offered(more()), set), func(t *testing.T, w *world) {
				w.asks(owner, "914083136 30")
				said := wish(w)
				if got := fmt.Sprint(w.effects()); got != "[30]" || said.tone == Done || said.tone == Failed {
					t.Errorf("%s, %s: the service added %s\n%s", how, name, got, said.shown())
				}
			})
		}
	}
}

// While an extension does not show in the end yet, everyone who looks reads of it; nobody is offered what would be refused, or
// come on top of it. Once it shows, everything is as before.
func TestAnAwaitedExtensionIsTold(t *testing.T) {
	looks := map[string]func(w *world) heard{
		"status": func(w *world) heard { return w.asks(admin, "status 914083136") },
		"list":   func(w *world) heard { return w.asks(admin, "list") },
		"home":   func(w *world) heard { return w.home(owner) },
	}
	for name, look := range looks {
		for how, set := range map[string]func(*world){"accepted": lags(time.Minute), "in doubt": losesAnswers(true)} {
			inBubble(t, set, func(t *testing.T, w *world) {
				calm := extensionsIn(look(w))
				w.asks(owner, "914083136 30")
				said := look(w)
				if offers := extensionsIn(said); len(offers) > 0 || len(calm) == 0 {
					t.Errorf("%s, %s: offers %v, and %v before\n%s", name, how, offers, calm, said.shown())
				}
				time.Sleep(2 * time.Minute)
				if offers := extensionsIn(look(w)); len(offers) != len(calm) {
					t.Errorf("%s, %s: offers %v once it shows, %v before", name, how, offers, calm)
				}
			})
		}
	}
}

// An administrator does not approve what would be refused, since an extension does not show yet: the wish waits.
func TestApprovingWaitsForAnAwaitedEnd(t *testing.T) {
	for how, set := range awaitings() {
		inBubble(t, both(approving, set), func(t *testing.T, w *world) {
			card, _ := w.wants(owner, "914083136 180")
			row := w.approval()
			w.asks(owner, "914083136 30")
			if how == "in doubt" { // which does not move the end under the wish
				w.service.SetEnd(theID, theMeeting().End)
			}
			said := w.presses(admin, w.button(card, verbApprove))
			if now := w.approval(); now.State != row.State || said.tone != Waiting || !strings.Contains(said.whole, "30") {
				t.Errorf("%s: %s, %s", how, now.State, said.shown())
			}
		})
	}
}
