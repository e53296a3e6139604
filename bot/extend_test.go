package bot

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/bot/access"
	"github.com/overtime-bot/overtime/meeting/meetingtest"
	"github.com/overtime-bot/overtime/scheduler/extension"
)

// What reaches the extender: by whom, for which meeting, under the envelope's key.
func TestWishOfACommand(t *testing.T) {
	inBubble(t, nil, func(t *testing.T, w *world) {
		w.asks(admin, "914083136 1h30m")
		requests := w.asked.list()
		if len(requests) != 1 {
			t.Fatalf("%d requests", len(requests))
		}
		got := requests[0]
		if got.Key != "envelope-1" || got.Envelope != "envelope-1" || got.Minutes != 90 || got.Meeting.ID != theID ||
			got.Origin != extension.FromCommand || got.Actor != actor(admin) || !got.OfferedEnd.IsZero() {
			t.Errorf("%+v", got)
		}
		if !slices.Equal(w.effects(), []int{90}) {
			t.Errorf("the service added %v", w.effects())
		}
	})
}

// max is the least of the limits: each that is met says what it leaves.
func TestMaximumGoesDownToTheLeastLimit(t *testing.T) {
	noLess := fault(failing(&extension.LimitError{Limit: extension.LimitRun, Left: 120}), "Claim")
	for _, test := range []struct {
		name  string
		set   func(*world)
		asked []int
		tone  Tone
	}{
		{"all of it", nil, []int{120}, Done},
		{"the run has less", used(owner, 190), []int{120, 50}, Done},
		{"and the person less still", both(used(owner, 190), usedElsewhere(admin, 280, 1)), []int{120, 20}, Done},
		{"nothing left", used(owner, 240), []int{120}, Refusal},
		{"nothing left of the second", both(used(owner, 190), usedElsewhere(admin, 300, 1)), []int{120}, Refusal},
		{"too often", usedElsewhere(admin, 10, 10), []int{120}, Refusal},
		{"a limit that leaves no less", noLess, []int{120}, Refusal},
	} {
		t.Run(test.name, func(t *testing.T) {
			inBubble(t, test.set, func(t *testing.T, w *world) {
				if said := w.asks(admin, "914083136 max"); said.tone != test.tone {
					t.Errorf("%+v", said)
				}
				if !slices.Equal(w.wished(), test.asked) {
					t.Errorf("asked for %v, want %v", w.wished(), test.asked)
				}
				if done := test.asked[len(test.asked)-1:]; test.tone == Done && !slices.Equal(w.effects(), done) {
					t.Errorf("the service added %v, want %v", w.effects(), done)
				}
			})
		})
	}
}

// until is worked out again when the end moves meanwhile, and gives up after three times.
func TestUntilIsWorkedOutAgain(t *testing.T) {
	for _, test := range []struct {
		name  string
		moves int
		asked []int
		tone  Tone
	}{
		{"not moved", 0, []int{48}, Done},
		{"moved once", 1, []int{48, 38}, Done},
		{"moved twice", 2, []int{48, 38, 28}, Done},
		{"moved for ever", 9, []int{48, 38, 28}, Telling},
	} {
		t.Run(test.name, func(t *testing.T) {
			inBubble(t, endMoves(test.moves), func(t *testing.T, w *world) {
				if said := w.asks(admin, "914083136 until 15:00"); said.tone != test.tone {
					t.Errorf("%+v", said)
				}
				if !slices.Equal(w.wished(), test.asked) {
					t.Errorf("asked for %v, want %v", w.wished(), test.asked)
				}
				for i, request := range w.asked.list() {
					end := theMeeting().End.Add(time.Duration(i) * 10 * time.Minute)
					if !request.OfferedEnd.Equal(request.Meeting.End) || !request.OfferedEnd.Equal(end) {
						t.Errorf("offered for %v, the end is %v", request.OfferedEnd, end)
					}
				}
			})
		})
	}
}

// "until" looks again: a meeting that began again meanwhile is not the one that was authorised.
func TestUntilIsForTheRunThatWasAuthorised(t *testing.T) {
	inBubble(t, func(w *world) { w.faults.put("Look", once(doing(w.nextRun))) }, func(t *testing.T, w *world) {
		said := w.asks(admin, "914083136 until 15:00")
		if len(w.wished()) != 0 || !strings.Contains(said.text, "already ended") {
			t.Errorf("%+v, %+v", w.wished(), said)
		}
	})
}

// The time of day is the person's own.
func TestUntilIsInThePersonsZone(t *testing.T) {
	for zone, want := range map[string]int{"Europe/Berlin": 48, "Europe/London": 108} {
		inBubble(t, changed(admin, func(p *access.Person) { p.Zone = zone }), func(t *testing.T, w *world) {
			w.asks(admin, "914083136 until 15:00")
			if !slices.Equal(w.wished(), []int{want}) {
				t.Errorf("%q: asked for %v, want %d", zone, w.wished(), want)
			}
		})
	}
}

// Success names the end that was read, and no more minutes than were asked for when somebody else added some.
func TestConfirmedByMoreThanAsked(t *testing.T) {
	inBubble(t, func(w *world) {
		w.service.Inject(meetingtest.Fault{Op: meetingtest.OpExtend, After: time.Second})
	}, func(t *testing.T, w *world) {
		end := theMeeting().End.Add(90 * time.Minute)
		time.AfterFunc(time.Second/2, func() { w.service.SetEnd(theID, end) })
		want := "Extended by 30 minutes: *Weekly product sync* now ends at " + dateToken(end, zoneOf("Europe/Berlin"), end) + "."
		if said := w.asks(admin, "914083136 30"); said.text != want {
			t.Errorf("%q, want %q", said.text, want)
		}
	})
}

// One person is one, wherever they are from, whatever workspace what they typed is from, and whether or not Slack tells of
// them: no budget begins again.
func TestActorIsThePerson(t *testing.T) {
	inBubble(t, func(w *world) {
		w.policy.Enterprise = "E0ACME"
		w.policy.AllowedUsers = []string{admin}
	}, func(t *testing.T, w *world) {
		for _, home := range []string{theTeam, "T0SISTER", ""} {
			changed(admin, func(p *access.Person) { p.TeamID, p.EnterpriseID = home, "E0ACME" })(w)
			for _, team := range []string{theTeam, "T0OTHER", ""} {
				for _, err := range []error{nil, errors.New("users.info fails")} {
					w.people.err = err
					envelope := typed(fmt.Sprintf("%q %q %v", home, team, err), admin, "914083136 5")
					envelope.Payload = []byte(strings.Replace(string(envelope.Payload), theTeam, team, 1))
					w.answerTo(admin, envelope)
				}
			}
		}
		requests := w.asked.list()
		for _, request := range requests {
			if request.Actor != actor(admin) {
				t.Errorf("%+v", request.Actor)
			}
		}
		if len(requests) != 3*3*2 {
			t.Errorf("%d requests", len(requests))
		}
	})
}

// A deactivated account does nothing, also where it is listed by name.
func TestDeactivatedAccountDoesNothing(t *testing.T) {
	for _, lists := range []func(*access.Policy, []string){
		func(p *access.Policy, users []string) { p.AllowedUsers = users },
		func(p *access.Policy, users []string) { p.AdminUsers = users },
	} {
		inBubble(t, both(changed(stranger, func(p *access.Person) { p.Deleted = true }), func(w *world) {
			lists(&w.policy, []string{stranger})
		}), func(t *testing.T, w *world) {
			if said := w.asks(stranger, "914083136 30"); said.tone != Refusal || len(w.effects()) > 0 {
				t.Errorf("%s %q: %v", said.tone, said.text, w.effects())
			}
		})
	}
}

// A booked meeting whose people are late, or whose people have left, has not ended before its booking does.
func TestBookedMeetingWithNobodyInHasNotEnded(t *testing.T) {
	for _, left := range []time.Duration{time.Minute, 30 * time.Minute, 71 * time.Minute} {
		inBubble(t, both(nobodyCame, endsIn(left)), func(t *testing.T, w *world) {
			said := w.asks(admin, "914083136 15").all()
			if !strings.Contains(said, "Nobody is in *") || len(w.effects()) != 0 {
				t.Errorf("%v before its end: %s", left, said)
			}
		})
	}
}
