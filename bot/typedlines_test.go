package bot

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/scheduler"
)

// hostsTwo lets the owner host two meetings that run, so that a command that names none is asked about.
func hostsTwo(w *world) {
	other := booked("777888999", "Customer call")
	w.meetings = append(w.meetings, other)
}

// A time that has passed is said before anybody is asked which meeting they mean.
func TestPassedTimesAreSaidBeforeTheMeetingIsAskedFor(t *testing.T) {
	for _, text := range []string{"until 2:00", "extend until 12:45", "extend my meeting until 11:00"} {
		inBubble(t, hostsTwo, func(t *testing.T, w *world) {
			said := w.asks(owner, text)
			if said.tone != Refusal || !strings.Contains(said.text, "has already passed") || len(said.next) == 0 {
				t.Errorf("%s: %s %q %q", text, said.tone, said.text, said.next)
			}
		})
	}
	inBubble(t, hostsTwo, func(t *testing.T, w *world) {
		if said := w.asks(owner, "until 14:30"); said.tone != Asking {
			t.Errorf("a time to come: %q", said.text)
		}
	})
}

// What cannot be read of somebody's own meeting suggests a command for it, and no number of another.
func TestSuggestionsAreAboutOnesOwnMeeting(t *testing.T) {
	for _, text := range []string{"0", "-5", "1.5", "extend 0", "until 25:99", "status 0", "auto 0", "why -5", "99999999999999999999 min"} {
		inBubble(t, nil, func(t *testing.T, w *world) {
			said := w.asks(owner, text)
			if said.tone != Refusal || !strings.Contains(said.small(), "`/extend") || strings.Contains(said.small(), theID) {
				t.Errorf("%s: %s %q", text, said.text, said.small())
			}
		})
	}
}

// Those who may do nothing read that, whatever they type, and nothing to type that would be refused.
func TestThoseWhoMayNothingReadNoExamples(t *testing.T) {
	for _, text := range []string{"0", "until", "watch 914083136", "foo", "extend", "pause now", "help", "hi", "history from x"} {
		inBubble(t, func(w *world) { w.people.people[stranger] = guestOf(w) }, func(t *testing.T, w *world) {
			said := w.answerTo(stranger, wrote(fmt.Sprint("Ev", text), stranger, text))
			if !strings.Contains(said.all(), "guests") || strings.Contains(said.small(), "30`") {
				t.Errorf("%s: %q %q", text, said.text, said.small())
			}
		})
	}
}

// A meeting to be watched without a word how is watched by the press of a button, for those who may.
func TestWatchWithoutAModeOffersBoth(t *testing.T) {
	for _, text := range []string{"watch 914083136", "watch weekly product sync", "watch my meeting", "vigila 914083136 20"} {
		for i, mode := range []scheduler.Mode{scheduler.ModeAsk, scheduler.ModeAuto} {
			inBubble(t, nil, func(t *testing.T, w *world) {
				said := w.asks(owner, text)
				if len(said.buttons) != 2 || said.tone != Asking {
					t.Fatalf("%s: %s", text, said.shown())
				}
				w.presses(owner, said.buttons[i].id)
				rules := w.rules()
				if len(rules) != 1 || rules[theID].Mode != mode {
					t.Errorf("%s: %+v", text, rules)
				}
			})
		}
	}
	inBubble(t, nil, func(t *testing.T, w *world) {
		if said := w.asks(stranger, "watch 914083136"); len(said.buttons) > 0 || strings.Contains(said.all(), theMeeting().Subject) {
			t.Errorf("a stranger reads %s", said.shown())
		}
	})
}

// No answer suggests the same command twice.
func TestNothingIsSuggestedTwice(t *testing.T) {
	for _, text := range []string{`"list"`, `"lista"`, `"lsit"`, `"列表"`, `"help"`, "foo"} {
		inBubble(t, nil, func(t *testing.T, w *world) {
			said := w.asks(admin, text)
			shown := commandShown.FindAllString(said.all(), -1)
			slices.Sort(shown)
			if len(slices.Compact(slices.Clone(shown))) != len(shown) {
				t.Errorf("%s: %q", text, said.all())
			}
		})
	}
}

// A warning that a password is hidden has a button that opens the dialog, wherever it is read.
func TestHiddenPasswordsCanBeTyped(t *testing.T) {
	o := inTrouble(scheduler.TroubleHidden)
	for name, to := range map[string]recipient{"a channel": {id: general}, "the host": {id: owner, isHost: true, asHost: true}} {
		to.say = catalogueOf(t, "en").For("en")
		offers := promptOffers(to, o, scheduler.Shown{Stage: scheduler.StageOpen})
		opens := slices.ContainsFunc(offers, func(offer Offer) bool {
			return offer.Action.Verb == verbOpenDialog && offer.Action.MeetingID == o.Prompt.MeetingID
		})
		if !opens {
			t.Errorf("%s: %+v", name, offers)
		}
	}
}

// The usage in the help names the places to fill in as the reader would.
func TestTheUsageIsInOneLanguage(t *testing.T) {
	for language, want := range map[string]string{"en": "<meeting> auto [minutes]", "es": "<reunión> auto [minutos]", "zh": "<会议> auto [分钟]"} {
		if got := usageIn(catalogueOf(t, language).For(language), "<meeting> auto [minutes]"); got != want {
			t.Errorf("%s: %q", language, got)
		}
	}
}

// A day is said where it is another on the reader's clock, and left out today.
func TestDaysAreSaidOnTheReadersClock(t *testing.T) {
	shanghai, _ := time.LoadLocation("Asia/Shanghai")
	now := time.Date(2026, 11, 28, 1, 0, 0, 0, time.UTC) // 09:00 in Shanghai
	for at, day := range map[time.Time]bool{now.Add(-9*time.Hour - 30*time.Minute): true, now.Add(-8 * time.Hour): false, now.Add(11 * time.Hour): false} {
		if got := strings.Contains(timeOfDayToken(at, shanghai, now), "{date_num}"); got != day {
			t.Errorf("%v: a day: %v", at, got)
		}
	}
}
