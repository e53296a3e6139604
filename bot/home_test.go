package bot

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/overtime-bot/overtime/bot/access"
	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/meeting/meetingtest"
	"github.com/overtime-bot/overtime/scheduler/extension"
	"github.com/slack-go/slack"
)

// openingHome opens a Home.
func openingHome(user string) func(*world) { return func(w *world) { w.home(user) } }

// manyMeetings are so many more running meetings.
func manyMeetings(count int) func(*world) {
	return func(w *world) {
		for i := range count {
			m := booked(fmt.Sprint(920000000+i), fmt.Sprint("Meeting ", i))
			m.End = m.End.Add(time.Duration(i+1) * time.Minute)
			w.meetings = append(w.meetings, m)
		}
	}
}

func homeScenes() []scene {
	healthy := func(w *world) { w.state = State{Sockets: 2, LastLook: noon} }
	return []scene{
		{name: "an administrator", play: openingHome(admin), set: healthy},
		{name: "an administrator, and trouble", play: openingHome(admin), set: func(w *world) {
			w.state = State{Sockets: 1, Reasons: []string{"the database cannot be used: <b>", "no login to the meeting service"}}
		}},
		{name: "an administrator, paused", play: func(w *world) { w.asks(admin, "pause"); w.home(admin) }, set: healthy},
		{name: "somebody on the list", play: openingHome(stranger), set: func(w *world) { w.policy.AllowedUsers = []string{stranger} }},
		{name: "a host", play: openingHome(owner)},
		{name: "a host without a running meeting", play: openingHome(owner), set: hostsNothingNow},
		{name: "nothing runs", play: openingHome(admin), set: func(w *world) { w.meetings = nil }},
		{name: "a stranger", play: openingHome(stranger)},
		{name: "a guest", play: openingHome(stranger), set: func(w *world) { w.people.people[stranger] = guestOf(w) }},
		{name: "watched", play: func(w *world) { w.asks(admin, "watch 914083136 auto 15 max 60"); w.home(owner) }, set: func(w *world) { w.ticks = true }},
		{name: "last extensions", play: openingHome(owner), set: both(used(owner, 60), usedElsewhere(owner, 20, 2))},
		{name: "a last extension that was refused", play: func(w *world) { w.asks(owner, "914083136 15"); w.home(owner) }, set: refuses(400, "MMC.111074003", "")},
		{name: "a press that works", play: func(w *world) { w.pressesAtHome(owner, w.home(owner).buttons[0]) }},
		{name: "a press that is refused", play: func(w *world) {
			button := w.home(owner).buttons[0]
			used(admin, 240)(w) // by others, meanwhile
			w.pressesAtHome(owner, button)
		}},
		{name: "a press that is in doubt", play: func(w *world) { w.pressesAtHome(owner, w.home(owner).buttons[0]) }, set: lags(time.Hour)},
		{name: "an administrator who hosts", play: openingHome(admin), set: hostingAnother(admin)},
		{name: "hosts unknown, to an administrator", play: openingHome(admin), set: hostUnknown},
		{name: "hostile subject", play: openingHome(owner), set: called(hostile)},
		{name: "long subject", play: openingHome(owner), set: called(strings.Repeat("会议 & ", 200))},
		{name: "more than fit", play: openingHome(owner), set: manyMeetings(30)},
		{name: "nothing is stored", play: openingHome(owner), set: fault(failing(errors.New("broken")), "StoreEnvelope")},
		{name: "buttons are not stored", play: openingHome(owner), set: fault(failing(errors.New("broken")), "PutActions")},
		{name: "service down", play: openingHome(admin), set: serviceDown},
		{name: "hosts unknown", play: openingHome(owner), set: fault(failing(errors.New("broken")), "Accounts", "Host")},
	}
}

// A Home is published when its tab is opened, and not with that of the messages.
func TestHomeIsPublishedWhenItIsOpened(t *testing.T) {
	inBubble(t, nil, func(t *testing.T, w *world) {
		w.receives(opensHome("Ev0", owner, "messages"))
		synctest.Wait()
		if got := w.poster.homesOf(owner); len(got) != 0 {
			t.Errorf("%v", got)
		}
		seen := w.home(owner)
		for _, want := range []string{"Weekly product sync", "914083136", "48 of 120 min", "5 participants", "As of"} {
			if !strings.Contains(seen.whole, want) {
				t.Errorf("no %q in\n%s", want, seen.whole)
			}
		}
		if got := strings.Join(seen.labels(), " "); got != "+15 min +30 min +60 min Extend a meeting…" {
			t.Errorf("buttons %q", got)
		}
		if texts := append(w.desk.texts(), w.poster.texts()...); len(texts) != 0 {
			t.Errorf("it was answered too: %q", texts)
		}
	})
}

// Who may not see a meeting learns nothing of any, and reads how to get rights.
func TestHomeOfAStranger(t *testing.T) {
	for name, set := range map[string]func(*world){
		"a member": nil, "denied": func(w *world) { w.policy.DeniedUsers = []string{stranger} },
		"a guest": func(w *world) { w.people.people[stranger] = guestOf(w) },
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, set, func(t *testing.T, w *world) {
				seen := w.home(stranger)
				for _, secret := range []string{"Weekly", theID, "Olivia", "connection"} {
					if strings.Contains(seen.whole, secret) {
						t.Errorf("%q in\n%s", secret, seen.whole)
					}
				}
				if !strings.Contains(seen.whole, "<@"+admin+">") || len(seen.buttons) != 0 {
					t.Errorf("nobody to ask, or buttons:\n%s", seen.whole)
				}
			})
		})
	}
}

// A press in a Home extends once, is answered there, and by a direct message where it must not be missed.
func TestPressInAHome(t *testing.T) {
	for _, test := range []struct {
		name   string
		set    func(*world)
		then   func(*world) // between the look and the press
		who    string
		done   int
		direct int
		says   string
	}{
		{"it works", nil, nil, owner, 1, 0, "Extended by 15 minutes"},
		{"the limit", nil, used(admin, 240), owner, 0, 1, "already used"},
		{"another presses", nil, nil, stranger, 0, 1, "among your running meetings"},
		{"in doubt", lags(time.Hour), nil, owner, 1, 1, "doesn't show the new end yet"},
		{"slack refuses the second Home", func(w *world) {
			w.poster.fail("the Home of "+owner, nil, slackSays("internal_error"), slackSays("internal_error"))
		}, nil, owner, 1, 1, "Extended by 15 minutes"},
	} {
		t.Run(test.name, func(t *testing.T) {
			inBubble(t, test.set, func(t *testing.T, w *world) {
				button := w.home(owner).buttons[0]
				both(test.then)(w)
				before := len(w.service.Effects(theID))
				w.pressesAtHome(test.who, button)
				if got := len(w.service.Effects(theID)) - before; got != test.done {
					t.Errorf("%d extensions, want %d", got, test.done)
				}
				direct := w.poster.heardBy(test.who)
				if len(direct) != test.direct || test.direct > 0 && !strings.Contains(direct[0].whole, test.says) {
					t.Errorf("direct messages: %+v", direct)
				}
				homes := w.poster.homesOf(test.who)
				if shown := homes[len(homes)-1].whole; test.direct == 0 && !strings.Contains(shown, test.says) {
					t.Errorf("the Home says nothing:\n%s", shown)
				}
			})
		})
	}
}

// A Home follows what others do, for ten minutes after it was opened, and only where it then says something else.
func TestHomesFollow(t *testing.T) {
	inBubble(t, both(manyMeetings(1), func(w *world) { w.policy.AllowedUsers = []string{stranger} }), func(t *testing.T, w *world) {
		w.home(owner)
		homes := func() int { return len(w.poster.homesOf(owner)) }
		w.asks(admin, "914083136 15")
		time.Sleep(refreshPause)
		if homes() != 2 {
			t.Fatalf("%d Homes after somebody else extended", homes())
		}
		seen := w.poster.homesOf(owner)[1]
		if !strings.Contains(seen.whole, "48 of 135 min") {
			t.Errorf("%s", seen.whole)
		}
		w.asks(admin, "frobnicate")
		time.Sleep(time.Minute)
		w.inbox.Changed()
		time.Sleep(refreshPause)
		if homes() != 2 {
			t.Errorf("%d Homes though nothing changed", homes())
		}
		time.Sleep(openFor)
		w.asks(admin, "914083136 15")
		time.Sleep(time.Minute)
		if homes() != 2 {
			t.Errorf("%d Homes though nobody looks any more", homes())
		}
	})
}

// A meeting that the bot cannot extend, or that the platform extends, has no buttons for that.
func TestHomeOffersWhatCanBeDone(t *testing.T) {
	each := 15
	for name, c := range map[string]struct {
		change func(*meetingtest.Meeting)
		offers bool
	}{
		"an ordinary one":       {func(*meetingtest.Meeting) {}, true},
		"a hidden password":     {func(m *meetingtest.Meeting) { m.HideChair = true }, false},
		"the platform's affair": {func(m *meetingtest.Meeting) { m.ProlongMinutes = &each }, false},
	} {
		inBubble(t, func(w *world) { c.change(&w.meetings[0]) }, func(t *testing.T, w *world) {
			labels := w.home(owner).labels()
			if offers := slices.ContainsFunc(labels, func(label string) bool { return strings.HasPrefix(label, "+") }); offers != c.offers {
				t.Errorf("%s: %q", name, labels)
			}
		})
	}
}

// What came of a press stays while others act, for a minute; then the Home goes without it.
func TestWhatCameOfAPressStaysInTheHome(t *testing.T) {
	inBubble(t, nil, func(t *testing.T, w *world) {
		w.pressesAtHome(owner, w.home(owner).buttons[0])
		for _, wait := range []time.Duration{time.Second, noticeStays} {
			time.Sleep(wait)
			before := len(w.poster.homesOf(owner))
			w.asks(admin, "914083136 10")
			time.Sleep(2 * refreshPause)
			homes := w.poster.homesOf(owner)
			if shown := homes[len(homes)-1].whole; len(homes) == before || strings.Contains(shown, "Extended by 15 minutes") != (wait < noticeStays) {
				t.Errorf("after %v, %d more Homes: %s", wait, len(homes)-before, shown)
			}
		}
	})
}

// A round that began before a press never takes the place of the Home that the press brings: neither one that has just read, nor
// one that waits for Slack.
func TestNoOlderRoundTakesThePlaceOfANewerHome(t *testing.T) {
	var hasRead func() // once
	for says, begins := range map[string]func(w *world, press func()){
		"Extended by 15 minutes": func(w *world, press func()) {
			hasRead = press
			w.inbox.Changed()
		},
		"The end has changed in the meantime": func(w *world, press func()) {
			w.poster.fail("the Home of "+owner, &slack.RateLimitedError{RetryAfter: 5 * time.Second})
			w.asks(admin, "914083136 10")
			synctest.Wait()
			press()
		},
	} {
		inBubble(t, func(w *world) {
			w.lists = func([]meeting.Meeting) {
				if press := hasRead; press != nil {
					hasRead = nil
					press()
				}
			}
		}, func(t *testing.T, w *world) {
			button := w.home(owner).buttons[0]
			begins(w, func() { w.pressesAtHome(owner, button) })
			time.Sleep(4 * refreshPause)
			homes := w.poster.homesOf(owner)
			if shown := homes[len(homes)-1].whole; len(homes) != 2 || !strings.Contains(shown, says) {
				t.Errorf("%s: %d Homes, the last: %s", says, len(homes), shown)
			}
		})
	}
}

// All Homes of a round are made of one read, and a person who opens theirs again and again keeps the last view.
func TestReadsForHomes(t *testing.T) {
	inBubble(t, both(hostUnknown, func(w *world) {
		for i := range 20 {
			id := fmt.Sprint("U0ALLOWED", i)
			w.people.people[id] = ordinary(id, id+"@acme.example", "en-US", "Europe/Berlin")
			w.policy.AllowedUsers = append(w.policy.AllowedUsers, id)
		}
	}), func(t *testing.T, w *world) {
		for _, user := range w.policy.AllowedUsers {
			w.home(user)
		}
		lists := w.service.Count(meetingtest.OpOnline)
		w.asks(admin, "914083136 15")
		time.Sleep(2 * refreshPause)
		if got := w.service.Count(meetingtest.OpOnline) - lists; got > 2 {
			t.Errorf("%d reads of the list for 20 Homes", got)
		}
		for _, user := range w.policy.AllowedUsers {
			if got := len(w.poster.homesOf(user)); got != 2 {
				t.Errorf("%d Homes of %s", got, user)
			}
		}
		for i := range 3 * looksAMinute {
			w.receives(opensHome(fmt.Sprint("Often", i), owner, "home"))
			<-w.observed
		}
		if got := len(w.poster.homesOf(owner)); got != looksAMinute {
			t.Errorf("%d Homes of one who opens it %d times", got, 3*looksAMinute)
		}
	})
}

// What keeps Slack from showing Homes is logged once.
func TestHomesThatCannotBePublished(t *testing.T) {
	inBubble(t, func(w *world) {
		refused := slackSays("not_enabled")
		w.poster.fail("the Home of "+owner, refused, refused, refused)
	}, func(t *testing.T, w *world) {
		for i := range 4 {
			w.receives(opensHome(fmt.Sprint("Ev", i), owner, "home"))
			<-w.observed
		}
		if got := w.log.count("a Home could not be published"); got != 1 || len(w.poster.homesOf(owner)) != 1 {
			t.Errorf("%d lines, %d Homes\n%s", got, len(w.poster.homesOf(owner)), w.log)
		}
	})
}

// A Home stays within Slack's limits whatever runs, and a secret is in none.
func TestHomesAreWithinTheLimits(t *testing.T) {
	for _, set := range []func(*world){nil, manyMeetings(200), called(hostile), called(strings.Repeat("x", 500)), called("مرحبا 🎉"), serviceDown} {
		inBubble(t, both(set, used(admin, 15)), func(t *testing.T, w *world) {
			w.state.Reasons = make([]string, 30)
			for _, user := range []string{admin, owner, stranger} {
				for _, fault := range lintHeard(w.home(user)) {
					t.Error(fault)
				}
			}
		})
	}
}

// The states of what somebody extended are told apart.
func TestLastExtensionsSayWhatCameOfThem(t *testing.T) {
	in := interaction{say: catalogueOf(t, "en").For("en"), now: noon}
	for state, want := range map[extension.State]string{
		extension.Confirmed: "extended by 30 minutes, until", extension.Accepted: "not confirmed", extension.Sent: "not confirmed",
		extension.Unknown: "not confirmed", extension.Void: "not extended", extension.Refused: "not extended",
	} {
		row := extension.Extension{MeetingID: theID, Minutes: 30, State: state, CreatedAt: noon, After: noon.Add(time.Hour)}
		if got := saysDone(in, access.Sight{}, row); !strings.Contains(got, want) || !strings.Contains(got, theID) {
			t.Errorf("%s: %q", state, got)
		}
	}
}
