package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/meeting/meetingtest"
)

// hostingAnother gives somebody a meeting of their own beside the others.
func hostingAnother(user string) func(*world) {
	return func(w *world) {
		mine := booked("955000111", "Budget review")
		mine.Host = meetingtest.Host{UUID: "host-2", Account: "host2", Name: "Host Two", Email: w.people.people[user].Email}
		w.meetings = append(w.meetings, mine)
	}
}

// hostsNothingNow lets the owner have an account, and no running meeting.
func hostsNothingNow(w *world) {
	host := w.meetings[0].Host
	w.meetings = nil
	w.service.AddPerson(meetingtest.Person{UUID: host.UUID, Account: host.Account, Name: host.Name, Email: host.Email})
}

// A Home has a person's own meetings, also where they may see all: those are counted, and listed elsewhere.
func TestHomeHasOnesOwnMeetings(t *testing.T) {
	const own, others, all = "Budget review", "Weekly product sync", "list all"
	listed := func(w *world) { w.policy.AllowedUsers = []string{stranger} }
	for _, test := range []struct {
		name        string
		user        string
		set         func(*world)
		shows, lack []string
	}{
		{"an administrator who hosts", admin, hostingAnother(admin), []string{"Your running meetings", own, "2 meetings are running in all", all}, []string{others}},
		{"one on the list who hosts", stranger, both(hostingAnother(stranger), listed), []string{"Your running meetings", own, all}, []string{others}},
		{"an administrator who hosts none", admin, nil, []string{"None of your meetings is running", all, "Extend a meeting"}, []string{others}},
		{"a host", owner, hostingAnother(admin), []string{"Your running meetings", others}, []string{own, all}},
		{"nobody can tell", admin, both(hostingAnother(admin), hostUnknown), []string{"Running meetings", own, others}, []string{"Your running meetings", all}},
		{"the address book is closed", admin, both(hostingAnother(admin), fault(failing(&meeting.Error{Kind: meeting.ErrInvalid}), "Accounts")), []string{"Running meetings", own, others}, []string{all}},
	} {
		t.Run(test.name, func(t *testing.T) {
			inBubble(t, test.set, func(t *testing.T, w *world) {
				seen := w.home(test.user).whole
				for _, want := range test.shows {
					if !strings.Contains(seen, want) {
						t.Errorf("no %q in\n%s", want, seen)
					}
				}
				for _, secret := range test.lack {
					if strings.Contains(seen, secret) {
						t.Errorf("%q in\n%s", secret, seen)
					}
				}
			})
		})
	}
}

// Who may do nothing reads why, and whom to ask, in place of limits that do not concern them.
func TestHomeOfOneWhoMayDoNothing(t *testing.T) {
	for name, set := range map[string]func(*world){
		"no account": nil, "unconfirmed": func(w *world) {
			person := w.people.people[stranger]
			person.EmailConfirmed = false
			w.people.people[stranger] = person
		},
		"a group cannot be looked up": func(w *world) { w.policy.AllowedGroups = []string{"S0GROUP"} },
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, set, func(t *testing.T, w *world) {
				seen := w.home(stranger)
				if !strings.Contains(seen.whole, "To get access, ask <@"+admin+">") || len(seen.buttons) != 0 {
					t.Errorf("not how to get rights:\n%s", seen.whole)
				}
				for _, limit := range []string{"At most", "300"} {
					if strings.Contains(seen.whole, limit) {
						t.Errorf("%q in\n%s", limit, seen.whole)
					}
				}
			})
		})
	}
}

// Without a store a Home says so. It is whole again when it is opened later.
func TestHomeWithoutAStore(t *testing.T) {
	for _, method := range []string{"StoreEnvelope", "PutActions"} {
		for name, meets := range map[string]func(context.Context) error{"fails": failing(errors.New("broken")), "hangs": hanging} {
			t.Run(method+" "+name, func(t *testing.T) {
				inBubble(t, fault(meets, method), func(t *testing.T, w *world) {
					began := time.Now()
					seen := w.home(owner)
					if !strings.Contains(seen.whole, "database") || !strings.Contains(seen.whole, "Open it again in a minute") {
						t.Errorf("it says nothing of it:\n%s", seen.whole)
					}
					if len(seen.labels()) > 1 || time.Since(began) > 2*storePatience {
						t.Errorf("buttons %q, after %v", seen.labels(), time.Since(began))
					}
					w.faults.heal(method)
					if seen := w.home(owner); strings.Contains(seen.whole, "database") || len(seen.labels()) != 4 {
						t.Errorf("%s", seen.whole)
					}
				})
			})
		}
	}
}

// One stored row serves all the buttons of a meeting, each with its own minutes. A minute that is on none of them does nothing.
func TestOneRowForTheButtonsOfAMeetingInAHome(t *testing.T) {
	for label, minutes := range map[string]int{"extend:15": 15, "extend:30": 30, "extend:60": 60, "extend:45": 0, "extend": 0} {
		inBubble(t, nil, func(t *testing.T, w *world) {
			buttons := w.home(owner).buttons[:3]
			if ids := []string{buttons[0].id, buttons[1].id, buttons[2].id}; len(slices.Compact(ids)) != 1 {
				t.Fatalf("rows %q", ids)
			}
			before, _ := w.service.End(theID)
			w.receives(pressedAtHome(w.nextID(), owner, label, buttons[0].id))
			<-w.observed
			if after, _ := w.service.End(theID); after.Sub(before) != time.Duration(minutes)*time.Minute {
				t.Errorf("%s added %v", label, after.Sub(before))
			}
		})
	}
}

// What another process does shows in a Home within a minute.
func TestHomesFollowAnotherProcess(t *testing.T) {
	inBubble(t, nil, func(t *testing.T, w *world) {
		w.home(owner)
		w.service.SetEnd(theID, theMeeting().End.Add(15*time.Minute))
		time.Sleep(refreshEvery + refreshPause)
		homes := w.poster.homesOf(owner)
		if seen := homes[len(homes)-1].whole; len(homes) != 2 || !strings.Contains(seen, fmt.Sprintf("of %d min", 120+15)) {
			t.Errorf("%d Homes, the last:\n%s", len(homes), seen)
		}
		lists := w.service.Count(meetingtest.OpOnline)
		time.Sleep(openFor + 5*refreshEvery)
		if got := w.service.Count(meetingtest.OpOnline) - lists; got > 10 || len(w.poster.homesOf(owner)) != 2 {
			t.Errorf("%d reads, %d Homes though nothing changed", got, len(w.poster.homesOf(owner)))
		}
	})
}
