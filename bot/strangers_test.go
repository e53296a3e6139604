package bot

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/meeting/meetingtest"
)

// elsewhere has a person host a meeting of their own, which is not the one that they ask about.
func elsewhere(w *world) {
	m := booked("920417765", "Their own")
	m.Host = meetingtest.Host{UUID: "host-2", Account: "stranger", Name: "Sam", Email: "stranger@acme.example"}
	w.meetings = append(w.meetings, m)
}

// What somebody in no list learns of a meeting that is not theirs, and when: an answer, the calls that it took, and its
// time.
func TestStrangersLearnNothing(t *testing.T) {
	slow(t)
	states := map[string]func(*world){
		"another's": nil,
		"missing":   func(w *world) { w.meetings = w.meetings[1:] },
		"empty":     meets(func(m *meetingtest.Meeting) { m.People = 0 }),
		"ended":     both(func(w *world) { w.meetings = w.meetings[1:] }, refusesReads(400, "MMC.111072006")),
		"booked":    comesLater,
		"in a room": meets(func(m *meetingtest.Meeting) { m.ID, m.RoomID = "955512340", theID }),
		"hidden":    hidden,
		"no host":   meets(func(m *meetingtest.Meeting) { m.Host = meetingtest.Host{} }),
	}
	who := map[string]func(*world){
		"host of another":        elsewhere,
		"no account":             nil,
		"of an allowed channel":  allowedChannel("C0OTHER"),
		"group not to be known":  both(elsewhere, func(w *world) { w.policy.AllowedGroups = []string{"S0GROUP"} }),
		"account not to be had":  both(elsewhere, fault(failing(errors.New("not now")), "Accounts")),
		"address book is closed": both(elsewhere, fault(failing(&meeting.Error{Kind: meeting.ErrInvalid}), "Accounts")),
	}
	slow := func(w *world) {
		for i, op := range []meetingtest.Op{meetingtest.OpOnlineDetail, meetingtest.OpDetail, meetingtest.OpOnline, meetingtest.OpAddressBook} {
			w.service.Inject(meetingtest.Fault{Op: op, Kind: meetingtest.Late, Before: time.Duration(i+1) * 100 * time.Millisecond, Times: -1})
		}
	}
	for person, set := range who {
		for _, command := range []string{"30", "9999", "max", "until 15:00", "status", "why", "watch auto", "unwatch"} {
			verb, rest, _ := strings.Cut(command, " ")
			text := strings.TrimSpace(fmt.Sprintf("%s %s %s", verb, theID, rest))
			if verb[0] < 'a' || verb == "max" || verb == "until" {
				text = theID + " " + command
			}
			var first string
			for state, as := range states {
				inBubble(t, both(set, as, slow), func(t *testing.T, w *world) {
					began := time.Now()
					said := w.asks(stranger, text)
					got := fmt.Sprintln(said.whole, time.Since(began), opsOf(w))
					if first == "" {
						first = got
					}
					if got != first && person != "address book is closed" {
						t.Errorf("%s, %s, %s:\n%s\nother ones\n%s", person, text, state, got, first)
					}
					if slices.Contains(opsOf(w), meetingtest.OpOnlineDetail) && person != "address book is closed" || len(w.wished()) > 0 {
						t.Errorf("%s, %s, %s: calls %v, extended %v", person, text, state, opsOf(w), w.wished())
					}
					if strings.Contains(said.whole, "product sync") || said.tone != Refusal && said.tone != Failed {
						t.Errorf("%s, %s, %s:\n%s", person, text, state, said.whole)
					}
				})
			}
		}
	}
}

// opsOf are the calls that the meeting service got.
func opsOf(w *world) (ops []meetingtest.Op) {
	for _, call := range w.service.Calls() {
		ops = append(ops, call.Op)
	}
	return ops
}

// People who ask again and again cost no call of their own: they share one list, and one look-up of each.
func TestStrangersShareTheList(t *testing.T) {
	inBubble(t, elsewhere, func(t *testing.T, w *world) {
		for range 20 {
			w.asks(stranger, "status "+theID)
			w.asks(owner, "status 920417765")
		}
		if list, book := w.service.Count(meetingtest.OpOnline), w.service.Count(meetingtest.OpAddressBook); list != 1 || book != 2 {
			t.Errorf("%d lists and %d searches of the address book for 40 commands", list, book)
		}
	})
}

// A look-up that fails is no answer about the meeting: it says that, for a meeting that is theirs as for any.
func TestAFailedLookupOfTheHostSaysSo(t *testing.T) {
	for name, set := range map[string]func(*world){
		"no answer": hostUnknown, "service refuses": func(w *world) { w.fails(meetingtest.OpAddressBook, 500) },
		"no list": func(w *world) { w.fails(meetingtest.OpOnline, 500) }, "no list in time": fault(failing(errors.New("deadline")), "Listed"),
	} {
		for _, command := range []string{"914083136 15", "920417765 15", "status 914083136", "watch 914083136 ask"} {
			inBubble(t, set, func(t *testing.T, w *world) {
				said := w.asks(owner, command)
				if said.tone != Failed || strings.Contains(said.whole, "among your meetings") || !strings.Contains(said.whole, "Try again in a minute") || len(w.wished()) > 0 {
					t.Errorf("%s, %s: %+v", name, command, said)
				}
			})
		}
	}
}

// What a crash left undone is offered to those who may do it, and to others not even that.
func TestNothingIsOfferedToStrangers(t *testing.T) {
	for _, test := range []struct {
		user string
		want int
	}{{stranger, 0}, {owner, 1}, {admin, 1}} {
		inBubble(t, left(typed("e1", test.user, "914083136 30"), 3*time.Minute), func(t *testing.T, w *world) {
			<-w.observed
			said := w.desk.heard()
			if len(said) != 1 || len(said[0].buttons) != test.want || !strings.Contains(said[0].whole, "nothing was done") {
				t.Errorf("%s: %+v", test.user, said)
			}
			if test.user == stranger && w.service.Count(meetingtest.OpOnlineDetail) > 0 {
				t.Error("the meeting was read for a stranger")
			}
		})
	}
}
