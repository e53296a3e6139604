package bot

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/bot/access"
	"github.com/overtime-bot/overtime/scheduler/extension"
)

// did puts a row into the history, of the run of theMeeting unless change says otherwise.
func (w *world) did(number int, state extension.State, change func(*extension.Extension)) extension.Extension {
	w.t.Helper()
	e := extension.Extension{
		Key: fmt.Sprint("did ", number), Envelope: fmt.Sprint("did ", number), Run: extension.RunOf(theMeeting()), MeetingID: theID,
		Origin: extension.FromCommand, Actor: actor(admin), Minutes: 15, Host: "host-1",
	}
	if change != nil {
		change(&e)
	}
	row, err := w.store.Ledger.Claim(w.t.Context(), e, extension.Limits{}, time.Hour)
	w.must(err)
	before := theMeeting().End
	w.must(w.store.Ledger.Aim(w.t.Context(), row.ID, before, before.Add(time.Duration(e.Minutes)*time.Minute), time.Hour))
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
		e.MeetingID, e.Run, e.Host = id, extension.RunOf(m), host
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
				answer = w.presses(admin, answer.buttons[len(answer.buttons)-1].id)
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
	}
	watchesSecond := func(w *world) {
		rule := theRule()
		rule.Of, rule.Owner = "222222222", actor(admin)
		_, err := w.store.Automation.PutRule(w.t.Context(), rule)
		w.must(err)
	}
	for name, test := range map[string]struct {
		user, channel string
		set           func(*world)
		want          []string
	}{
		"an administrator":      {user: admin, want: []string{"111111111", "222222222", "333333333", "444444444"}},
		"somebody listed":       {user: stranger, set: func(w *world) { w.policy.AllowedUsers = []string{stranger} }, want: []string{"111111111", "222222222", "333333333", "444444444"}},
		"a host":                {user: owner, want: []string{"111111111"}},
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

// The last extensions of a person are their own alone.
func TestLatestExtensions(t *testing.T) {
	inBubble(t, nil, func(t *testing.T, w *world) {
		for number := range 7 {
			w.did(number, extension.Confirmed, func(e *extension.Extension) {
				if number%2 == 0 {
					e.Actor = actor(owner)
				}
			})
		}
		h := &history{past: w.store.History}
		in := interaction{team: theTeam, person: access.Person{ID: owner}, say: catalogueOf(t, "en").For(), now: time.Now()}
		items, err := h.latest(t.Context(), in, 3)
		if err != nil || len(items) != 3 {
			t.Fatalf("%d, %v", len(items), err)
		}
		for _, item := range items {
			if !strings.Contains(item.Text, "<@"+owner+">") {
				t.Errorf("%q", item.Text)
			}
		}
	})
}

func init() { groups["history"] = historyScenes }

func TestGoldenHistory(t *testing.T) { golden(t, "history") }
