package bot

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/scheduler"
	"github.com/overtime-bot/overtime/scheduler/extension"
	"github.com/overtime-bot/overtime/scheduler/store"
)

// claimLives keeps what settles away from a row while it is made: a longer one looks like a clock that was set back.
const claimLives = 2 * time.Minute

// did puts a row into the history, of the run of theMeeting unless change says otherwise.
func (w *world) did(number int, state extension.State, change func(*extension.Extension)) extension.Extension {
	w.t.Helper()
	e := extension.Extension{
		Key: fmt.Sprint("did ", number), Envelope: fmt.Sprint("did ", number), Run: extension.RunOf(theMeeting()), MeetingID: theID,
		Origin: extension.FromCommand, Actor: actor(admin), Minutes: 15, Host: "host-1", Subject: theMeeting().Subject,
	}
	if change != nil {
		change(&e)
	}
	row, err := w.store.Ledger.Claim(w.t.Context(), e, extension.Limits{}, claimLives)
	w.must(err)
	before := theMeeting().End
	w.must(w.store.Ledger.Aim(w.t.Context(), row.ID, before, before.Add(time.Duration(e.Minutes)*time.Minute), claimLives))
	if state == extension.Sent {
		return row
	}
	ending := extension.Ending{SettleIn: time.Hour}
	if state == extension.Confirmed {
		ending.After = before.Add(time.Duration(e.Minutes) * time.Minute)
	}
	if state == extension.Refused {
		ending.Reason = extension.ReasonRefused
	}
	row, err = w.store.Ledger.Move(w.t.Context(), row.ID, extension.Sent, state, ending)
	w.must(err)
	if !state.Open() { // which is settled then
		time.Sleep(time.Minute)
	}
	return row
}

// ofRun says of which run a row is: that of a meeting which began so many days ago.
func ofRun(id, host string, days int) func(*extension.Extension) {
	return func(e *extension.Extension) {
		m := theMeeting()
		m.ID, m.Start = id, m.Start.AddDate(0, 0, -days)
		e.MeetingID, e.Run, e.Host, e.Subject = id, extension.RunOf(m), host, titleOf(id)
	}
}

func titleOf(id string) string { return "Plans of " + id }

// inPastRoom says in which cloud room a run was.
func inPastRoom(room string, change func(*extension.Extension)) func(*extension.Extension) {
	return func(e *extension.Extension) {
		change(e)
		e.Room = room
	}
}

func historyScenes() []scene {
	everything := func(w *world) {
		w.did(1, extension.Confirmed, nil)
		w.did(2, extension.Refused, func(e *extension.Extension) { e.Actor = actor(owner) })
		w.did(3, extension.Accepted, func(e *extension.Extension) {
			e.Origin, e.Actor, e.Wisher = extension.FromTick, extension.Actor{}, actor(owner)
		})
		w.did(4, extension.Confirmed, func(e *extension.Extension) { e.Origin, e.Actor = extension.FromTick, extension.Actor{} })
		w.did(5, extension.Void, func(e *extension.Extension) { e.Origin = extension.FromButton })
		w.did(6, extension.Unclear, func(e *extension.Extension) { e.Origin, e.Minutes = extension.FromApproval, 1 })
		w.did(7, extension.Confirmed, func(e *extension.Extension) { e.Platform, e.Minutes, e.Each = true, 0, 20 })
		w.did(8, extension.Confirmed, func(e *extension.Extension) { e.Platform, e.Minutes, e.Each = true, 0, 1 })
		w.did(9, extension.Unclear, func(e *extension.Extension) { e.Platform, e.Minutes = true, 0 })
	}
	open := func(w *world) {
		row, err := w.store.Ledger.Claim(w.t.Context(), extension.Extension{
			Key: "never sent", Run: "another@1", MeetingID: "777888999", Origin: extension.FromCommand, Actor: actor(admin), Minutes: 15,
		}, extension.Limits{}, time.Hour)
		w.must(err)
		_, err = w.store.Ledger.Abandon(w.t.Context(), row.ID, extension.Ending{})
		w.must(err)
		w.did(10, extension.Unknown, nil)
		w.did(11, extension.Sent, ofRun("777888999", "", 1))
	}
	many := func(count int) func(*world) {
		return func(w *world) {
			for number := range count {
				w.did(number, extension.Confirmed, nil)
			}
		}
	}
	then := func(before func(*world), texts ...string) func(*world) {
		return func(w *world) {
			before(w)
			for _, text := range texts {
				w.asks(admin, text)
			}
		}
	}
	return []scene{
		{name: "nothing yet", command: "history"},
		{name: "nothing of this meeting", command: "history 914083136"},
		{name: "one of each kind", play: then(everything, "history")},
		{name: "in doubt, and never sent", play: then(open, "history", "history 777888999")},
		{name: "pages", play: func(w *world) {
			many(25)(w)
			answer := w.asks(admin, "history 914083136")
			for range 3 { // to the second page, the third, and back
				answer = w.chooses(admin, answer.buttons[len(answer.buttons)-1])
			}
		}},
		{name: "from a day on", play: then(everything, "history from 2026-11-20", "history from 2026-11-21")},
		{name: "no day", command: "history from yesterday"},
		{name: "no day at all", command: "history 914083136 from"},
		{name: "a stranger", user: stranger, command: "history"},
		{name: "a stranger, of a meeting", user: stranger, command: "history 914083136"},
	}
}

// What people read of the history: administrators and the listed all of it, a host their meetings', a channel what it
// watches, everybody what they did themselves; and nobody anything else.
func TestWhoReadsWhichHistory(t *testing.T) {
	rows := map[string]func(*extension.Extension){
		"111111111": ofRun("111111111", "host-1", 3), // of owner's, long over
		"222222222": ofRun("222222222", "host-2", 1), // of somebody else's
		"333333333": func(e *extension.Extension) { ofRun("333333333", "host-2", 1)(e); e.Actor = actor(stranger) },
		"444444444": ofRun("444444444", "", 1), // of an earlier version
		"555555555": inPastRoom(theRoom, ofRun("555555555", "host-2", 1)),
		"666666666": inPastRoom(theRoom, ofRun("666666666", "host-1", 1)),
	}
	everything := slices.Collect(maps.Keys(rows))
	watchesSecond := func(w *world) {
		rule := theRule()
		rule.Of, rule.Owner = "222222222", actor(admin)
		_, err := w.store.Automation.PutRule(w.t.Context(), rule)
		w.must(err)
	}
	watchesRoom := func(by string) func(*world) {
		return ruledBy(by, func(rule *scheduler.Rule) { rule.Of = theRoom })
	}
	for name, test := range map[string]struct {
		user, channel string
		set           func(*world)
		want          []string
	}{
		"an administrator":      {user: admin, want: everything},
		"somebody listed":       {user: stranger, set: func(w *world) { w.policy.AllowedUsers = []string{stranger} }, want: everything},
		"a host":                {user: owner, want: []string{"111111111", "666666666"}},
		"a room's channel":      {user: stranger, channel: theChannel, set: both(allowedChannel(theChannel), watchesRoom(admin)), want: []string{"333333333", "555555555", "666666666"}},
		"a denied one's room":   {user: stranger, channel: theChannel, set: both(allowedChannel(theChannel), watchesRoom(owner), func(w *world) { w.policy.DeniedUsers = []string{owner} }), want: []string{"333333333"}},
		"who did something":     {user: stranger, want: []string{"333333333"}},
		"the watching channel":  {user: stranger, channel: theChannel, set: both(allowedChannel(theChannel), watchesSecond), want: []string{"222222222", "333333333"}},
		"another channel":       {user: stranger, channel: general, set: both(allowedChannel(general), watchesSecond), want: []string{"333333333"}},
		"a channel for nothing": {user: stranger, channel: theChannel, set: watchesSecond, want: []string{"333333333"}},
	} {
		inBubble(t, test.set, func(t *testing.T, w *world) {
			number := 0
			for _, change := range rows {
				number++
				w.did(number, extension.Confirmed, change)
			}
			channel := test.channel
			if channel == "" {
				channel = general
			}
			all := w.asksFrom(channel, test.user, "history").all()
			for id := range rows {
				want := slices.Contains(test.want, id)
				if strings.Contains(all, id) != want {
					t.Errorf("%s: %s shown: %v\n%s", name, id, !want, all)
				}
				sees := want && (id != "333333333" || len(test.want) == len(rows))
				if strings.Contains(all, titleOf(id)) != sees { // one's own extension shows no title by itself
					t.Errorf("%s: the title of %s shown: %v\n%s", name, id, !sees, all)
				}
				one := w.asksFrom(channel, test.user, "history "+id).all()
				if strings.Contains(one, "(command)") != want {
					t.Errorf("%s, asked for %s: %s", name, id, one)
				}
			}
		})
	}
}

// A stranger reads the same of a meeting with a history, of one without, and of none.
func TestHistoryTellsStrangersNothing(t *testing.T) {
	inBubble(t, nil, func(t *testing.T, w *world) {
		w.did(1, extension.Confirmed, nil)
		w.did(2, extension.Confirmed, ofRun("222222222", "host-2", 1))
		var answers []string
		for _, id := range []string{theID, "222222222", "777888999"} {
			began := time.Now()
			said := strings.ReplaceAll(w.asks(stranger, "history "+id).all(), id, "#")
			answers = append(answers, said+time.Since(began).String())
		}
		if answers[0] != answers[1] || answers[1] != answers[2] {
			t.Errorf("%q", answers)
		}
	})
}

// The buttons under a history that an earlier version showed go on turning its pages, and lead to those of this one.
func TestPagesOfEarlierVersions(t *testing.T) {
	old := func(id string, page int) store.Action {
		return store.Action{ID: id, Verb: verbTurn, Command: "history 914083136", Minutes: page, Expires: noon.Add(time.Hour)}
	}
	inBubble(t, offered(old("OLD2", 2), old("OLD3", 3), old("OLD9", 9), old("OLD0", 0)), func(t *testing.T, w *world) {
		for number := range 25 {
			w.did(number, extension.Confirmed, func(e *extension.Extension) { e.Minutes = 101 + number })
		}
		for id, want := range map[string]struct{ newest, oldest int }{"OLD0": {125, 116}, "OLD2": {115, 106}, "OLD3": {105, 101}, "OLD9": {105, 101}} {
			said := w.presses(admin, id)
			for minutes := 101; minutes <= 125; minutes++ {
				on := minutes <= want.newest && minutes >= want.oldest
				if strings.Contains(said.all(), fmt.Sprint(minutes, " minutes")) != on {
					t.Errorf("%s: %d minutes shown: %v\n%s", id, minutes, !on, said.shown())
				}
			}
		}
		back := w.chooses(admin, w.control(w.presses(admin, "OLD2"), "page:1"))
		if !strings.Contains(back.all(), "125 minutes") {
			t.Errorf("back to the first page: %s", back.shown())
		}
	})
}

// A room's number finds what was done with the meetings in it, of which none may run by now.
func TestHistoryOfARoom(t *testing.T) {
	inBubble(t, nil, func(t *testing.T, w *world) {
		w.did(1, extension.Confirmed, inPastRoom(theRoom, ofRun("555555555", "host-2", 1)))
		w.did(2, extension.Confirmed, inPastRoom(theRoom, ofRun("666666666", "host-1", 2)))
		w.did(3, extension.Confirmed, ofRun("777777777", "host-1", 3))
		for user, want := range map[string][]string{admin: {"555555555", "666666666"}, owner: {"666666666"}} {
			all := w.asks(user, "history "+theRoom).all()
			for _, id := range []string{"555555555", "666666666", "777777777"} {
				if strings.Contains(all, id) != slices.Contains(want, id) {
					t.Errorf("%s: %s in %s", user, id, all)
				}
			}
		}
	})
}

// The last extensions in a Home are the person's own, and say what the meetings are called that they may see.
func TestLatestExtensionsAtHome(t *testing.T) {
	inBubble(t, nil, func(t *testing.T, w *world) {
		for number := range 7 {
			w.did(number, extension.Confirmed, func(e *extension.Extension) {
				ofRun(fmt.Sprint("90000000", number), map[bool]string{true: "host-1", false: "host-2"}[number < 5], 1)(e)
				if number%2 == 0 {
					e.Actor = actor(owner)
				}
			})
		}
		seen := w.home(owner).whole
		for number := range 7 {
			id := fmt.Sprint("90000000", number)
			if own := number%2 == 0; strings.Contains(seen, id) != own {
				t.Errorf("%s shown: %v\n%s", id, !own, seen)
			}
			if may := number%2 == 0 && number < 5; strings.Contains(seen, titleOf(id)) != may {
				t.Errorf("the title of %s shown: %v\n%s", id, !may, seen)
			}
		}
	})
}

func init() { groups["history"] = historyScenes }

func TestGoldenHistory(t *testing.T) { golden(t, "history") }

// The ends of an extension are on its own day, or they have their date.
func TestHistoryOverMidnight(t *testing.T) {
	inBubble(t, nil, func(t *testing.T, w *world) {
		for number, minutes := range []int{15, 24 * 60} {
			w.did(number, extension.Confirmed, func(e *extension.Extension) { e.Minutes = minutes })
		}
		said := w.asks(admin, "history").all()
		for minutes, format := range map[int]string{0: "{time}", 15: "{time}", 24 * 60: "{time} ({date_num})"} {
			end := theMeeting().End.Add(time.Duration(minutes) * time.Minute)
			if want := fmt.Sprintf("<!date^%d^%s|", end.Unix(), format); !strings.Contains(said, want) {
				t.Errorf("%s is not in\n%s", want, said)
			}
		}
	})
}
