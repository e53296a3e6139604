package bot

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/bot/dialog"
	"github.com/overtime-bot/overtime/scheduler/extension"
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
				form := w.opens(admin)
				_, said := w.submits(admin, form, map[string]string{
					dialog.Meeting: w.suggests(admin, form, "weekly")[0].Value, dialog.Until: "15:00",
				})
				return said
			},
		} {
			inBubble(t, both(offered(more()), set), func(t *testing.T, w *world) {
				w.asks(owner, "914083136 30")
				said := wish(w)
				if got := fmt.Sprint(w.effects()); got != "[30]" || said.tone == Done || said.tone == Failed {
					t.Errorf("%s, %s: the service added %s\n%s", how, name, got, said.shown())
				}
				if how == "accepted" && !strings.Contains(said.whole, "doesn't show yet") {
					t.Errorf("%s does not say what is awaited\n%s", name, said.shown())
				}
			})
		}
	}
}

// While an extension does not show in the end yet, everyone who looks reads of it, whatever is done by itself; nobody is
// offered what would be refused, or come on top of it. Once it shows, everything is as before.
func TestAnAwaitedExtensionIsTold(t *testing.T) {
	looks := map[string]func(w *world) heard{
		"status": func(w *world) heard { return w.asks(admin, "status 914083136") },
		"list":   func(w *world) heard { return w.asks(admin, "list") },
		"home":   func(w *world) heard { return w.home(owner) },
	}
	rules := map[string]func(*world){
		"unwatched": nil, "ask": ruledBy(owner), "auto": ruledBy(owner, ruleAuto), "off": ruledBy(owner, ruleOff),
		"handed over": func(w *world) {
			w.stored(extension.Extension{Actor: actor(owner), Platform: true}, extension.Confirmed)
		},
	}
	told := regexp.MustCompile(`doesn't show yet|checking whether it worked|in doubt`)
	for name, look := range looks {
		for rule, ruled := range rules {
			for how, set := range map[string]func(*world){"accepted": lags(time.Minute), "in doubt": losesAnswers(true)} {
				inBubble(t, both(set, ruled), func(t *testing.T, w *world) {
					calm := extensionsIn(look(w))
					w.asks(owner, "914083136 30")
					said := look(w)
					if offers := extensionsIn(said); len(offers) > 0 || len(calm) == 0 {
						t.Errorf("%s, %s, %s: offers %v, and %v before\n%s", name, rule, how, offers, calm, said.shown())
					}
					if !told.MatchString(said.whole) {
						t.Errorf("%s, %s, %s: says nothing of it\n%s", name, rule, how, said.shown())
					}
					time.Sleep(2 * time.Minute)
					if offers := extensionsIn(look(w)); len(offers) != len(calm) {
						t.Errorf("%s, %s, %s: offers %v once it shows, %v before", name, rule, how, offers, calm)
					}
				})
			}
		}
	}
}

// The service granted less than it accepted, or somebody shortened the meeting: the end that shows is the end, and more is
// offered from it.
func TestAnotherEndIsNotAwaited(t *testing.T) {
	for _, minutes := range []int{-20, 10} {
		inBubble(t, lags(20*time.Second), func(t *testing.T, w *world) {
			w.asks(owner, "914083136 30")
			w.service.SetEnd(theID, theMeeting().End.Add(time.Duration(minutes)*time.Minute))
			time.Sleep(3 * time.Minute)
			w.service.SetListLag(0)
			if said := w.asks(admin, "914083136 until 15:00"); said.tone != Done {
				t.Errorf("%d minutes: %s", minutes, said.shown())
			}
		})
	}
}

// Nobody asks administrators for more while an extension does not show in the end yet: it moves the end under the wish.
func TestAskingForMoreWaitsForAnAwaitedEnd(t *testing.T) {
	inBubble(t, both(approving, lags(time.Hour)), func(t *testing.T, w *world) {
		w.asks(owner, "914083136 30")
		said := w.presses(admin, w.requests(180, theMeeting().End))
		if posted := w.poster.texts(); len(posted) > 0 || said.tone != Waiting || !strings.Contains(said.whole, "doesn't show yet") {
			t.Errorf("%q\n%s", posted, said.shown())
		}
	})
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
