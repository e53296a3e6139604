package bot

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/meeting/meetingtest"
)

// A stranger reads the same of a title whether a meeting is called so or not, as fast and from as many calls.
func TestStrangersLearnNothingFromTitles(t *testing.T) {
	who := map[string]func(*world){
		"host of another": elsewhere, "no account": nil, "of an allowed channel": allowedChannel("C0OTHER"),
		"account not to be had": both(elsewhere, fault(failing(errTrouble), "Accounts")),
	}
	for person, set := range who {
		for _, text := range []string{"weekly product sync 30", "extend product", "status weekly", "why weekly sync", "watch weekly auto", "unwatch weekly", "olivia max"} {
			var first string
			for _, gone := range []func(*world){nil, func(w *world) { w.meetings = w.meetings[1:] }} {
				inBubble(t, both(set, gone), func(t *testing.T, w *world) {
					began := time.Now()
					said := w.asks(stranger, text)
					got := fmt.Sprintln(said.all(), time.Since(began), opsOf(w))
					if first == "" {
						first = got
					}
					if got != first || strings.Contains(said.all(), "Weekly product sync") || len(said.buttons) > 0 || len(w.wished()) > 0 {
						t.Errorf("%s, %q:\n%s\nother ones\n%s", person, text, got, first)
					}
				})
			}
		}
	}
}

// Where none is named, it is the meeting of the thread, else the only one that the person hosts or the channel watches. Where
// it is not clear, and where nothing is known, nothing is extended.
func TestTheOnlyMeetingIsMeant(t *testing.T) {
	inBubble(t, finding, func(t *testing.T, w *world) {
		occasion := asked()
		occasion = w.announces(occasion)
		thread := occasion.Prompt.Timestamp
		desk := w.inbox.desk.(*Desk)
		for _, test := range []struct {
			user, thread string
			found        bool
		}{{admin, thread, true}, {owner, thread, true}, {stranger, thread, false}, {admin, "1.23", false}, {admin, "", false}} {
			from := sender{Team: theTeam, User: test.user, Channel: occasion.Prompt.Channel, Thread: test.thread}
			in := desk.table.judged(t.Context(), desk.understand(t.Context(), from))
			got, _, ok := desk.finder.numbered(t.Context(), in)
			if ok != test.found || ok && got.command.Meeting != theID {
				t.Errorf("%s in the thread %q: %q, %t", test.user, test.thread, got.command.Meeting, ok)
			}
		}
	})
	inBubble(t, finding, func(t *testing.T, w *world) {
		w.asks(admin, "watch 914083139 ask")
		if said := w.asks(admin, "15"); said.tone != Done || !strings.Contains(said.text, "产品周会") {
			t.Errorf("the channel watches one: %+v", said)
		}
		if said := w.asks(stranger, "15"); said.tone != Asking || len(said.buttons) != 3 {
			t.Errorf("they host three: %+v", said)
		}
		if said := w.asks(admin, "unwatch"); said.tone != Done {
			t.Errorf("unwatch: %+v", said)
		}
	})
}

// A title that ends in a length is a title, where exactly one meeting that the person may see has it. Elsewhere the length is
// the minutes.
func TestTitlesThatEndInALength(t *testing.T) {
	for _, length := range []string{"half hour", "one hour", "media hora", "半小时"} {
		titles := []string{"Standup " + length, "Standup", "Review " + length + " A", "Review " + length + " B"}
		inBubble(t, many(len(titles), func(i int) string { return titles[i] }), func(t *testing.T, w *world) {
			if said := w.asks(admin, "extend standup "+length); said.tone != Done || !strings.Contains(said.text, titles[0]) || w.wished()[0] != 15 {
				t.Errorf("%s: %+v", length, said)
			}
			if said := w.asks(admin, "review "+length); said.tone != Asking || len(w.wished()) != 1 {
				t.Errorf("%s: %+v", length, said)
			}
		})
		inBubble(t, many(1, func(int) string { return "Standup" }), func(t *testing.T, w *world) {
			if said := w.asks(admin, "standup "+length); said.tone != Done || w.wished()[0] == 15 {
				t.Errorf("%s: %+v", length, said)
			}
		})
	}
}

// The buttons of matches offer no more than each meeting can get, and none is refused when it is pressed.
func TestMatchesOfferWhatIsPossible(t *testing.T) {
	alike := many(3, func(i int) string { return fmt.Sprint("Weekly planning ", i) })
	for name, test := range map[string]struct {
		set   func(*world)
		typed string
		want  []string // on the buttons
	}{
		"beyond the limit":       {nil, "weekly 999", []string{"+120 min", "+120 min", "+120 min"}},
		"none named":             {nil, "1000", []string{"+120 min", "+120 min", "+120 min"}},
		"beyond it, until":       {nil, "weekly until 23:30", []string{"+120 min", "+120 min", "+120 min"}},
		"one has little left":    {used(owner, 233), "weekly 30", []string{"+7 min", "+30 min", "+30 min"}},
		"less than the default":  {used(owner, 233), "weekly", []string{"+7 min", "+15 min", "+15 min"}},
		"one has nothing left":   {used(owner, 240), "weekly 30", []string{"This one", "+30 min", "+30 min"}},
		"one hides its password": {hidden, "weekly 30", []string{"This one", "+30 min", "+30 min"}},
		"max":                    {nil, "weekly max", []string{"Max", "Max", "Max"}},
		"within":                 {nil, "weekly 45", []string{"+45 min", "+45 min", "+45 min"}},
	} {
		inBubble(t, both(alike, test.set), func(t *testing.T, w *world) {
			said := w.asks(admin, test.typed)
			var labels []string
			for _, button := range said.buttons {
				labels = append(labels, button.label[strings.LastIndex(button.label, "· ")+len("· "):])
			}
			if !slices.Equal(labels, test.want) {
				t.Errorf("%s: %q, want %q", name, labels, test.want)
			}
			beyond := test.typed == "weekly 999" || test.typed == "1000"
			if strings.Contains(said.whole, "the limit is 120") != beyond {
				t.Errorf("%s: %s", name, said.whole)
			}
			for _, button := range said.buttons[:1] { // the day has a limit, too
				if done := w.presses(admin, button.id); done.tone != Done && done.tone != Telling {
					t.Errorf("%s, %s: %+v", name, button.label, done)
				}
			}
		})
	}
}

// A command that names its number costs no call for the names of others.
func TestANumberReadsNoList(t *testing.T) {
	inBubble(t, nil, func(t *testing.T, w *world) {
		w.asks(admin, "914083136 15")
		if lists := w.service.Count(meetingtest.OpOnline); lists != 0 {
			t.Errorf("%d lists", lists)
		}
	})
}

// Who asks where the address book is closed is told so, and not that nothing is theirs.
func TestTitlesWithoutAnAddressBook(t *testing.T) {
	inBubble(t, fault(failing(errTrouble), "Accounts"), func(t *testing.T, w *world) {
		if said := w.asks(owner, "weekly 15"); said.tone != Failed || len(w.wished()) > 0 {
			t.Errorf("%+v", said)
		}
	})
}

// However many fit, the answer is one that Slack takes, and its buttons do what was asked for.
func TestThreeThousandMatches(t *testing.T) {
	inBubble(t, many(3000, func(i int) string { return fmt.Sprintf("اجتماع weekly 🎉 %d %s", i, strings.Repeat("x", 400)) }), func(t *testing.T, w *world) {
		said := w.asks(admin, "weekly until 15:00")
		for _, fault := range lintHeard(said) {
			t.Error(fault)
		}
		if len(said.buttons) != mostMatches || !strings.Contains(said.all(), fmt.Sprint(3000-mostMatches)) {
			t.Fatalf("%d buttons: %s", len(said.buttons), said.all())
		}
		if done := w.presses(admin, said.buttons[0].id); done.tone != Done {
			t.Errorf("pressed: %+v", done)
		}
	})
}
