package bot

import (
	"errors"
	"strings"
	"testing"

	"github.com/overtime-bot/overtime/bot/access"
	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/scheduler"
	"github.com/overtime-bot/overtime/scheduler/extension"
)

// A rule belongs to what was typed, to who typed it, and to the channel where they did.
func TestWatchMakesARule(t *testing.T) {
	inRoom := func(w *world) { w.scheduler.meetings[0].RoomID = "771234567" }
	for _, test := range []struct {
		name, channel, command string
		set                    func(*world)
		want                   scheduler.Rule
	}{
		{"ask", theChannel, "watch 914083136 ask", nil, scheduler.Rule{Of: theID, Mode: scheduler.ModeAsk, Channel: theChannel}},
		{"auto", theChannel, "watch 914083136 auto 20 max 100", nil, scheduler.Rule{Of: theID, Mode: scheduler.ModeAuto, Minutes: 20, Max: 100, Channel: theChannel}},
		{"cloud room", theChannel, "watch 771234567 ask", inRoom, scheduler.Rule{Of: "771234567", Mode: scheduler.ModeAsk, Channel: theChannel}},
		{"meeting in a room", theChannel, "watch 914083136 ask", inRoom, scheduler.Rule{Of: theID, Mode: scheduler.ModeAsk, Channel: theChannel}},
		{"direct message", "D0DIRECT", "watch 914083136 ask", nil, scheduler.Rule{Of: theID, Mode: scheduler.ModeAsk}},
		{"to come", theChannel, "watch 914083136 ask", comesLater, scheduler.Rule{Of: theID, Mode: scheduler.ModeAsk, Channel: theChannel}},
		{"longer at once than the configured maximum", theChannel, "watch 914083136 auto 90", nil, scheduler.Rule{Of: theID, Mode: scheduler.ModeAuto, Minutes: 90, Max: 90, Channel: theChannel}},
		{"less in all than the configured minutes", theChannel, "watch 914083136 auto max 10", nil, scheduler.Rule{Of: theID, Mode: scheduler.ModeAuto, Minutes: 10, Max: 10, Channel: theChannel}},
		{"as much as the limits allow", theChannel, "watch 914083136 auto 120 max 240", nil, scheduler.Rule{Of: theID, Mode: scheduler.ModeAuto, Minutes: 120, Max: 240, Channel: theChannel}},
		{"too much at once", theChannel, "watch 914083136 auto 121", nil, scheduler.Rule{}},
		{"too much in all", theChannel, "watch 914083136 auto max 241", nil, scheduler.Rule{}},
		{"in all less than at once", theChannel, "watch 914083136 auto 30 max 29", nil, scheduler.Rule{}},
		{"booked and past", theChannel, "watch 914083136 ask", func(w *world) {
			comesLater(w)
			w.hosts.booked.Start, w.hosts.booked.End = noon.Add(-2), noon.Add(-1)
		}, scheduler.Rule{}},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := newWorld(t)
			both(test.set)(w)
			w.build()
			reply := w.asksFrom(test.channel, admin, test.command)
			if test.want.Of == "" {
				if len(w.rules.rules) != 0 || reply.Tone != Refusal || reply.Next == "" {
					t.Errorf("%+v, %+v", w.rules.rules, reply)
				}
				return
			}
			test.want.Owner, test.want.Created = extension.Actor{Team: theTeam, User: admin}, noon
			if got := w.rules.rules[test.want.Of]; got != test.want || len(w.rules.rules) != 1 {
				t.Errorf("%+v, want %+v", w.rules.rules, test.want)
			}
			if told := len(w.poster.users) == 1 && w.poster.users[0] == theChannel; told != (test.want.Channel != "") {
				t.Errorf("told %q", w.poster.users)
			}
		})
	}
}

// A suggestion of a refusal is a command that is taken.
func TestWatchSuggestsWhatItTakes(t *testing.T) {
	for _, command := range []string{"auto 121 max 200", "auto 500", "ask 30 max 241", "auto 30 max 20", "auto 200 max 300"} {
		w := newWorld(t)
		w.build()
		text := "watch 914083136 " + command
		for range 3 {
			reply := w.asks(admin, text)
			if reply.Tone != Refusal {
				break
			}
			_, after, _ := strings.Cut(reply.Next, "`/extend ")
			text, _, _ = strings.Cut(after, "`")
		}
		if len(w.rules.rules) != 1 {
			t.Errorf("%s leads to %q, which is refused", command, text)
		}
	}
}

// A channel is told of a rule once, and again when it changes or goes.
func TestChannelIsToldOfItsRule(t *testing.T) {
	w := newWorld(t)
	w.build()
	for _, command := range []string{
		"watch 914083136 ask", "watch 914083136 ask", "watch 914083136 auto", "unwatch 914083136", "unwatch 914083136",
	} {
		w.asks(admin, command)
	}
	wantTexts(t, w.poster.texts(), "I ask whether to extend it", "I extend it by 15 minutes", "stop watching")
}

// A channel that may not be posted to is no reason to lose the rule; whether a message arrived that was in doubt is not
// guessed at.
func TestWatchFromWhereItMayNotPost(t *testing.T) {
	w := newWorld(t)
	mayNotPost("C0GENERAL")(w)
	w.build()
	if reply := w.asks(admin, "watch 914083136 ask"); reply.Tone != Trouble || !strings.Contains(reply.Next, "invites me") || len(w.rules.rules) != 1 {
		t.Errorf("%+v", reply)
	}
	w.poster.errs = map[string][]error{"C0GENERAL": {errors.New("connection reset by peer")}}
	if reply := w.asks(owner, "watch 914083136 ask"); reply.Tone != Done || w.poster.tries != 2 {
		t.Errorf("%+v after %d tries", reply, w.poster.tries)
	}
}

// What is booked is known to those who see everything and to its host; others read what they read of any number.
func TestBookedMeetingsStayPrivate(t *testing.T) {
	w := newWorld(t)
	comesLater(w)
	watchingChannel(w)
	w.rules.rules = nil
	w.build()
	booked := w.asksFrom(theChannel, stranger, "watch 914083136 ask")
	w.hosts.booked, w.hosts.bookedErr = meeting.Meeting{}, &meeting.Error{Kind: meeting.ErrNotFound}
	missing := w.asksFrom(theChannel, stranger, "watch 914083136 ask")
	if booked.Text != missing.Text || booked.Next != missing.Next || len(booked.About) > 0 || len(w.rules.rules) > 0 {
		t.Errorf("booked: %+v; missing: %+v", booked, missing)
	}
}

// Who may end a rule: its owner, an administrator, and those who may extend the meeting; also when the meeting is gone.
func TestWhoEndsARule(t *testing.T) {
	for _, test := range []struct {
		name, user string
		set        func(*world)
		ended      bool
	}{
		{"owner of the rule, who may not extend", stranger, ruledBy(stranger), true},
		{"owner of the rule, meeting gone", stranger, both(ruledBy(stranger), missingMeeting("")), true},
		{"administrator, meeting gone", admin, both(ruledBy(owner), missingMeeting("")), true},
		{"listed, meeting gone", stranger, both(ruledBy(owner), missingMeeting(""), func(w *world) { w.policy.AllowedUsers = []string{stranger} }), true},
		{"host", owner, ruledBy(admin), true},
		{"host, meeting gone", owner, both(ruledBy(admin), missingMeeting("")), false},
		{"another", stranger, ruledBy(owner), false},
		{"another of the same name elsewhere", stranger, ruledBy(stranger, func(rule *scheduler.Rule) { rule.Owner.Team = "T0OTHER" }), false},
		{"owner who is excluded", stranger, both(ruledBy(stranger), func(w *world) { w.policy.DeniedUsers = []string{stranger} }), false},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := newWorld(t)
			test.set(w)
			w.build()
			reply := w.asks(test.user, "unwatch 914083136")
			if ended := len(w.rules.rules) == 0; ended != test.ended || (reply.Tone == Done) != test.ended {
				t.Errorf("ended: %v, %s %q", ended, reply.Tone, reply.Text)
			}
		})
	}
}

// Whoever sees a meeting, or may act on one, reads that an administrator paused all automation; others read what they
// read without it.
func TestWhoReadsOfThePause(t *testing.T) {
	inChannel := func(w *world) {
		w.policy.AllowedChannels, w.people.channel = []string{"C0GENERAL"}, access.Channel{ID: "C0GENERAL", Known: true}
	}
	for _, test := range []struct {
		name, user, command string
		set                 func(*world)
		reads               bool
	}{
		{"administrator, list", admin, "list", nil, true},
		{"administrator, nothing runs", admin, "list", many(0, nil), true},
		{"administrator, status", admin, "status 914083136", nil, true},
		{"administrator, watch", admin, "watch 914083136 ask", nil, true},
		{"host, list", owner, "list", nil, true},
		{"host, status", owner, "status 914083136", nil, true},
		{"host, watch", owner, "watch 914083136 auto", nil, true},
		{"host of nothing that runs", owner, "list", many(0, nil), false},
		{"who may extend from here", stranger, "list", inChannel, true},
		{"another, list", stranger, "list", nil, false},
		{"another, status", stranger, "status 914083136", nil, false},
		{"another, watch", stranger, "watch 914083136 ask", nil, false},
		{"hosts not to be found out", owner, "list", func(w *world) { w.hosts.err = errors.New("not now") }, false},
		{"excluded", owner, "list", func(w *world) { w.policy.DeniedUsers = []string{owner} }, false},
		{"guest", owner, "list", changed(owner, func(p *access.Person) { p.Guest = true }), false},
	} {
		t.Run(test.name, func(t *testing.T) {
			ask := func(paused func(*world)) Reply {
				w := newWorld(t)
				both(test.set, paused)(w)
				w.build()
				return w.asks(test.user, test.command)
			}
			paused, without := ask(allPaused), ask(nil)
			if reads := strings.Contains(paused.Last, "<@U0OWNER> paused all automation; ") && strings.Contains(paused.Last, "`/extend resume`"); reads != test.reads {
				t.Errorf("%q, want it said: %v", paused.Last, test.reads)
			}
			if paused.Last = without.Last; textOf(paused) != textOf(without) {
				t.Errorf("%q, without a pause %q", textOf(paused), textOf(without))
			}
		})
	}
}

// A channel sees what it watches, by list and by status, and nothing else.
func TestChannelSeesWhatItWatches(t *testing.T) {
	w := newWorld(t)
	watchingChannel(w)
	w.policy.AllowedChannels = append(w.policy.AllowedChannels, "C0GENERAL")
	other := theMeeting()
	other.ID, other.Subject = "777888999", "Secret merger"
	w.scheduler.meetings = append(w.scheduler.meetings, other)
	w.build()
	list := w.asksFrom(theChannel, stranger, "list")
	if len(list.Items) != 1 || !strings.Contains(list.Items[0].Text, theID) {
		t.Errorf("%+v", list.Items)
	}
	for command, sees := range map[string]bool{"status 914083136": true, "status 777888999": false, "why 914083136": true, "why 777888999": false} {
		if reply := w.asksFrom(theChannel, stranger, command); (reply.Tone == Telling) != sees {
			t.Errorf("%s: %s %q", command, reply.Tone, reply.Text)
		}
	}
	if reply := w.asksFrom("C0GENERAL", stranger, "status 914083136"); reply.Tone != Refusal {
		t.Errorf("from another channel: %q", reply.Text)
	}
}
