package bot

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/meeting/meetingtest"
	"github.com/overtime-bot/overtime/scheduler/extension"
)

// The last of the steps is as much as there is.
func TestStepsWithin(t *testing.T) {
	for most := -5; most <= 200; most++ {
		steps := stepsWithin(most)
		if most <= 0 {
			if steps != nil {
				t.Errorf("%d: %v", most, steps)
			}
			continue
		}
		if last := steps[len(steps)-1]; last != min(most, 60) || !slices.IsSorted(steps) {
			t.Errorf("%d: %v", most, steps)
		}
		for _, step := range offeredSteps {
			if step <= most && !slices.Contains(steps, step) {
				t.Errorf("%d: %v lacks %d", most, steps, step)
			}
		}
	}
}

// Whatever an answer tells of a meeting that goes on, it offers what may still be added from the end that it tells, and each
// of its buttons works.
func TestAnswersOfferWhatIsStillPossible(t *testing.T) {
	all, moved := []int{15, 30, 60}, noon.Add(90*time.Minute)
	for _, test := range []struct {
		name, press string
		set         func(*world)
		end         time.Time
		want        []int
	}{
		{"done", "B1", nil, theMeeting().End.Add(15 * time.Minute), all},
		{"done, little is left", "B1", used(owner, 218), theMeeting().End.Add(15 * time.Minute), []int{7}},
		{"done, the room is booked", "B1", bookedNext(22 * time.Minute), theMeeting().End.Add(15 * time.Minute), []int{7}},
		{"done, nothing is left", "B1", used(owner, 225), theMeeting().End.Add(15 * time.Minute), nil},
		{"done before", "B1", doneBefore(theOffer, owner, extension.Confirmed), moved, all},
		{"done before, little is left", "B1", both(doneBefore(theOffer, owner, extension.Confirmed), used(owner, 215)), moved, []int{7}},
		{"done before, the room is booked", "B1", both(doneBefore(theOffer, owner, extension.Confirmed), bookedNext(moved.Add(7*time.Minute).Sub(theMeeting().End))), moved, []int{7}},
		{"moved", "B1", meets(func(m *meetingtest.Meeting) { m.End = moved }), moved, all},
		{"moved, the room is booked", "B1", both(meets(func(m *meetingtest.Meeting) { m.End = moved }), bookedNext(moved.Add(20*time.Minute).Sub(theMeeting().End))), moved, []int{15, 20}},
		{"more than is left", "B1", used(owner, 233), theMeeting().End, []int{7}},
		{"more than is taken at once", "B1", func(w *world) { w.most = 10 }, theMeeting().End, []int{10}},
		{"the room is booked at once", "B1", bookedNext(0), theMeeting().End, nil},
		{"used up", "B1", used(owner, 240), theMeeting().End, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			inBubble(t, both(offered(more()), test.set), func(t *testing.T, w *world) {
				said := w.presses(admin, test.press)
				var got []int
				for _, button := range said.buttons {
					action := w.action(button)
					got = append(got, action.Minutes)
					if !action.OfferedEnd.Equal(test.end) {
						t.Errorf("%q is for the end %v, want %v", button.label, action.OfferedEnd, test.end)
					}
				}
				if !slices.Equal(got, test.want) {
					t.Fatalf("offers %v, want %v: %s", got, test.want, said.shown())
				}
				if len(said.buttons) == 0 {
					if len(said.next) == 0 {
						t.Errorf("it does not say that nothing is left: %s", said.shown())
					}
					return
				}
				last := said.buttons[len(said.buttons)-1]
				if again := w.presses(admin, last.id); again.tone != Done || !again.replaces {
					t.Errorf("[%s]: %s", last.label, again.shown())
				}
				if added := w.effects(); len(added) == 0 || added[len(added)-1] != test.want[len(test.want)-1] {
					t.Errorf("the service added %v", added)
				}
			})
		})
	}
}

// A day's minutes that are used up are said where nothing is offered though the run has minutes left.
func TestNothingIsOfferedBeyondTheDay(t *testing.T) {
	inBubble(t, both(offered(more()), usedElsewhere(admin, 285, 1)), func(t *testing.T, w *world) {
		said := w.presses(admin, "B1")
		wantTexts(t, []string{said.text, said.small()}, "Extended by 15", "used all of your 300 minutes")
		if len(said.buttons) != 0 {
			t.Error(said.labels())
		}
	})
}

// Ten people who press ten times extend once, and each of them reads what is still possible.
func TestEachOfManyPressesOffersMore(t *testing.T) {
	inBubble(t, offered(more()), func(t *testing.T, w *world) {
		for i := range 10 {
			said := w.presses([]string{admin, owner}[i%2], "B1")
			if len(said.buttons) != 3 || !said.replaces {
				t.Errorf("press %d: %s", i, said.shown())
			}
		}
		if fmt.Sprint(w.effects()) != "[15]" {
			t.Errorf("the service added %v", w.effects())
		}
	})
}
