package bot

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/bot/dialog"
	"github.com/overtime-bot/overtime/meeting/meetingtest"
	"github.com/overtime-bot/overtime/scheduler/extension"
)

// answering is a way to an answer that may offer minutes.
type answering struct {
	set   func(*world)
	heard func(w *world, user string) heard
}

// answersTyped is the answer to a command.
func answersTyped(text string) answering {
	return answering{heard: func(w *world, user string) heard { return w.asks(user, text) }}
}

// movedOn is theMeeting with another end than that of the buttons.
var movedOn = meets(func(m *meetingtest.Meeting) { m.End = m.End.Add(10 * time.Minute) })

// waysToOffers are the answers that may offer minutes.
func waysToOffers() map[string]answering {
	ways := map[string]answering{
		"home":  {heard: func(w *world, user string) heard { return w.home(user) }},
		"moved": {both(offered(more()), movedOn), func(w *world, user string) heard { return w.presses(user, "B1") }},
		"pressed twice": {offered(more()), func(w *world, user string) heard {
			w.presses(owner, "B1")
			return w.presses(user, "B1")
		}},
		"let end, moved": {movedOn, func(w *world, user string) heard {
			w.prompted(verbEnd)
			return w.presses(user, "P1")
		}},
		"asked for, moved": {both(approving, movedOn), func(w *world, user string) heard {
			return w.presses(user, w.requests(180, theMeeting().End))
		}},
		"asked for, within the limits": {approving, func(w *world, user string) heard {
			return w.presses(user, w.requests(40, theMeeting().End))
		}},
		"without effect": {settledMeanwhile(extension.Void), func(w *world, user string) heard { return w.asks(user, "914083136 110") }},
		"too late": {heard: func(w *world, user string) heard {
			w.leaves(typed("late", user, "914083136 110"), 5*time.Minute)
			time.Sleep(time.Minute)
			<-w.observed
			return w.desk.heard()[len(w.desk.heard())-1]
		}},
	}
	for _, text := range []string{
		"status 914083136", "list", "list all", "914083136 5", "914083136 300", "914083136 110", "914083136 until 17:00", "914083136 max",
		"produkt 110", "weekly 300", "30 914083136", "914083136 914083137 30", "914083136 thirty",
	} {
		ways[text] = answersTyped(text)
	}
	return ways
}

// typesPassword has the host type the password that the meeting hides, once.
func typesPassword(w *world) {
	w.submits(owner, w.opens(owner), map[string]string{dialog.Password: "735129", dialog.Minutes: "5"})
}

// neverShown is theMeeting after an extension for its end that was accepted, and is given up: the end stayed where it was.
func neverShown(w *world) {
	end := theMeeting().End
	row := w.stored(extension.Extension{Key: extension.OfferKey(extension.RunOf(theMeeting()), end), Actor: actor(owner), Minutes: 15})
	w.must(w.store.Ledger.Aim(w.t.Context(), row.ID, end, end.Add(15*time.Minute), time.Minute))
	_, err := w.store.Ledger.Move(w.t.Context(), row.ID, extension.Sent, extension.Accepted, extension.Ending{After: end})
	w.must(err)
}

// situation is how things stand when something is offered.
type situation struct {
	set    func(w *world)
	before func(w *world, user string)
}

func situationsOfOffers() map[string]situation {
	hides := func(w *world) { w.meetings[0].HideChair, w.meetings[0].ChairPassword = true, "735129" }
	return map[string]situation{
		"plenty":                   {},
		"hidden password":          {set: hides},
		"hidden password, typed":   {hides, func(w *world, _ string) { typesPassword(w) }},
		"booked soon":              {set: bookedNext(37 * time.Minute)},
		"booked at once":           {set: bookedNext(0)},
		"little is left of it":     {set: used(owner, 217)},
		"nothing is left of it":    {set: used(owner, 240)},
		"little is left of a day":  {before: func(w *world, user string) { usedElsewhere(user, 277, 1)(w) }},
		"nothing is left of a day": {before: func(w *world, user string) { usedElsewhere(user, 300, 1)(w) }},
		"little at once":           {set: func(w *world) { w.most = 10 }},
		"the platform extends it":  {set: prolonged},
		"handed over":              {before: func(w *world, _ string) { w.asks(owner, "914083136 auto 15") }},
		"no limits over time":      {set: func(w *world) { w.total = 0 }},
		"an end not shown yet":     {set: lags(time.Hour), before: func(w *world, _ string) { w.asks(owner, "914083136 16") }},
		"an end that never showed": {set: neverShown},
		"an extension in doubt":    {set: losesAnswers(true), before: func(w *world, _ string) { w.asks(owner, "914083136 16") }},
	}
}

// minutesOn is a number of minutes on a button.
var minutesOn = regexp.MustCompile(`\+(\d+) min`)

// offerRead is something that an answer offers: a button, or a command to type.
type offerRead struct {
	button  heardButton
	command string
	minutes int // -1 if it does not say how many
}

func (o offerRead) String() string { return fmt.Sprintf("[%s] %s", o.button.label, o.command) }

// extensionsIn are the ways to extend that an answer offers: of the buttons for minutes that with the most, for each.
func extensionsIn(said heard) (found []offerRead) {
	most := offerRead{minutes: -1}
	for _, control := range said.controls() {
		shown := minutesOn.FindStringSubmatch(control.label)
		switch {
		case shown != nil:
			if count, _ := strconv.Atoi(shown[1]); count > most.minutes {
				most = offerRead{button: control, minutes: count}
			}
		case strings.HasPrefix(control.element, verbExtend):
			found = append(found, offerRead{button: control, minutes: -1})
		}
	}
	if most.minutes > 0 {
		found = append(found, most)
	}
	for _, shown := range commandShown.FindAllStringSubmatch(said.all(), -1) {
		command := shown[1]
		if words := strings.Fields(command); len(words) > 1 && words[0] == theID {
			count, err := strconv.Atoi(words[1])
			if err != nil {
				count = -1
			}
			found = append(found, offerRead{command: command, minutes: count})
		}
	}
	return found
}

// takes carries out what is offered.
func (w *world) takes(user string, offer offerRead, home bool) heard {
	switch {
	case offer.command != "":
		return w.asks(user, offer.command)
	case home:
		w.script.does(user, "presses ["+offer.button.label+"] in their Home")
		return w.answerTo(user, pressedAtHome(w.nextID(), user, offer.button.element, offer.button.id))
	}
	return w.chooses(user, offer.button)
}

// Whatever an answer offers somebody, as a button or as a command to type, is done when they take it up at once, and adds
// just as many minutes as it says: in every way to such an answer, and however little there is.
func TestWhatIsOfferedIsDone(t *testing.T) {
	taken, users := 0, []string{owner, admin}
	if testing.Short() {
		users = users[:1]
	}
	for name, way := range waysToOffers() {
		for how, stands := range situationsOfOffers() {
			if name == "without effect" && how == "hidden password" { // which is never sent
				continue
			}
			for _, user := range users {
				t.Run(fmt.Sprintf("%s, %s, %s", name, how, user), func(t *testing.T) {
					for i, offers := 0, 1; i < offers; i++ {
						inBubble(t, both(stands.set, way.set), func(t *testing.T, w *world) {
							if stands.before != nil {
								stands.before(w, user)
							}
							if offers = takesUp(t, w, user, way, i); i < offers {
								taken++
							}
						})
					}
				})
			}
		}
	}
	if taken < 200 {
		t.Errorf("only %d offers were taken up", taken)
	}
}

// takesUp has somebody take up one of the offers of an answer, and tells how many there are.
func takesUp(t *testing.T, w *world, user string, way answering, which int) (offers int) {
	said := way.heard(w, user)
	w.service.ClearFaults()
	all := extensionsIn(said)
	if which >= len(all) {
		return len(all)
	}
	before := len(w.effects())
	after := w.takes(user, all[which], said.home)
	added := w.effects()[before:]
	if minutes := all[which].minutes; len(added) != 1 || minutes >= 0 && added[0] != minutes {
		t.Errorf("%v added %v\n%s%s", all[which], added, said.shown(), after.shown())
	}
	return len(all)
}
