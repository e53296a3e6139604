package bot

import (
	"errors"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/bot/access"
	"github.com/overtime-bot/overtime/scheduler"
)

// A rule belongs to what was typed, to the person who typed it, and to the channel where they did.
func TestWatchMakesARule(t *testing.T) {
	room := inRoom("771234567")
	for _, test := range []struct {
		name, channel, command string
		set                    func(*world)
		want                   scheduler.Rule
	}{
		{"ask", theChannel, "watch 914083136 ask", nil, scheduler.Rule{Of: theID, Mode: scheduler.ModeAsk, Channel: theChannel}},
		{"auto", theChannel, "watch 914083136 auto 20 max 100", nil, scheduler.Rule{Of: theID, Mode: scheduler.ModeAuto, Minutes: 20, Max: 100, Channel: theChannel}},
		{"cloud room", theChannel, "watch 771234567 ask", room, scheduler.Rule{Of: "771234567", Mode: scheduler.ModeAsk, Channel: theChannel}},
		{"meeting in a room", theChannel, "watch 914083136 ask", room, scheduler.Rule{Of: theID, Mode: scheduler.ModeAsk, Channel: theChannel}},
		{"direct message", "D0DIRECT", "watch 914083136 ask", nil, scheduler.Rule{Of: theID, Mode: scheduler.ModeAsk}},
		{"to come", theChannel, "watch 914083136 ask", comesLater, scheduler.Rule{Of: theID, Mode: scheduler.ModeAsk, Channel: theChannel}},
		{"longer at once than the configured maximum", theChannel, "watch 914083136 auto 90", nil, scheduler.Rule{Of: theID, Mode: scheduler.ModeAuto, Minutes: 90, Max: 90, Channel: theChannel}},
		{"less in all than the configured minutes", theChannel, "watch 914083136 auto max 10", nil, scheduler.Rule{Of: theID, Mode: scheduler.ModeAuto, Minutes: 10, Max: 10, Channel: theChannel}},
		{"as much as the limits allow", theChannel, "watch 914083136 auto 120 max 240", nil, scheduler.Rule{Of: theID, Mode: scheduler.ModeAuto, Minutes: 120, Max: 240, Channel: theChannel}},
		{"too much at once", theChannel, "watch 914083136 auto 121", nil, scheduler.Rule{}},
		{"too much in all", theChannel, "watch 914083136 auto max 241", nil, scheduler.Rule{}},
		{"in all less than at once", theChannel, "watch 914083136 auto 30 max 29", nil, scheduler.Rule{}},
		{"booked and past", theChannel, "watch 914083136 ask", both(nobodyCame, endsIn(-time.Minute)), scheduler.Rule{}},
	} {
		t.Run(test.name, func(t *testing.T) {
			inBubble(t, test.set, func(t *testing.T, w *world) {
				said, rules := w.asksFrom(test.channel, admin, test.command), w.rules()
				if test.want.Of == "" {
					if len(rules) != 0 || said.tone != Refusal || len(said.next) == 0 {
						t.Errorf("%+v, %+v", rules, said)
					}
					return
				}
				test.want.Owner, test.want.Created = actor(admin), noon
				if got := rules[test.want.Of]; got != test.want || len(rules) != 1 {
					t.Errorf("%+v, want %+v", rules, test.want)
				}
				if told := slices.Equal(w.poster.places(), []string{theChannel}); told != (test.want.Channel != "") {
					t.Errorf("told %q", w.poster.places())
				}
			})
		})
	}
}

// A suggestion of a refusal is a command that is taken.
func TestWatchSuggestsWhatItTakes(t *testing.T) {
	for _, command := range []string{"auto 121 max 200", "auto 500", "ask 30 max 241", "auto 30 max 20", "auto 200 max 300"} {
		inBubble(t, nil, func(t *testing.T, w *world) {
			text := "watch 914083136 " + command
			for range 3 {
				said := w.asks(admin, text)
				if said.tone != Refusal {
					break
				}
				text = toType(said)
			}
			if len(w.rules()) != 1 {
				t.Errorf("%s leads to %q, which is refused", command, text)
			}
		})
	}
}

// toType is the command that a message says to type.
func toType(said heard) string {
	_, after, _ := strings.Cut(said.small(), "`/extend ")
	command, _, _ := strings.Cut(after, "`")
	return command
}

// A channel is told of a rule once, and again when it changes or goes.
func TestChannelIsToldOfItsRule(t *testing.T) {
	inBubble(t, nil, func(t *testing.T, w *world) {
		for _, command := range []string{
			"watch 914083136 ask", "watch 914083136 ask", "watch 914083136 auto", "unwatch 914083136", "unwatch 914083136",
		} {
			w.asks(admin, command)
		}
		wantTexts(t, w.poster.texts(), "I'll ask at <!date^1795179720^", "I'll extend it by 15 minutes at <!date^1795179720^", "stop watching")
	})
}

// A channel that may not be posted to is no reason to lose the rule; whether a message arrived that was in doubt is not
// guessed at.
func TestWatchFromWhereItMayNotPost(t *testing.T) {
	inBubble(t, mayNotPost(general), func(t *testing.T, w *world) {
		if said := w.asks(admin, "watch 914083136 ask"); said.tone != Failed || !strings.Contains(said.small(), "invites me") || len(w.rules()) != 1 {
			t.Errorf("%+v", said)
		}
		w.poster.fail(general, errors.New("connection reset by peer"))
		if said := w.asks(owner, "watch 914083136 ask"); said.tone != Done || w.poster.tries != 2 {
			t.Errorf("%+v after %d tries", said, w.poster.tries)
		}
	})
}

// What is booked is known to those who see everything and to its host; others read what they read of any number.
func TestBookedMeetingsStayPrivate(t *testing.T) {
	inBubble(t, both(comesLater, allowedChannel(theChannel)), func(t *testing.T, w *world) {
		later := w.asksFrom(theChannel, stranger, "watch 914083136 ask")
		w.service.Remove(theID)
		missing := w.asksFrom(theChannel, stranger, "watch 914083136 ask")
		if later.whole != missing.whole || len(later.about) > 0 || len(w.rules()) > 0 {
			t.Errorf("booked: %+v; missing: %+v", later, missing)
		}
	})
}

// Who may end a rule: its owner, an administrator, and those who may extend the meeting; also when the meeting is gone.
func TestWhoEndsARule(t *testing.T) {
	for _, test := range []struct {
		name, user string
		set        func(*world)
		ended      bool
	}{
		{"owner of the rule, who may not extend", stranger, ruledBy(stranger), true},
		{"owner of the rule, meeting gone", stranger, both(ruledBy(stranger), gone), true},
		{"administrator, meeting gone", admin, both(ruledBy(owner), gone), true},
		{"listed, meeting gone", stranger, both(ruledBy(owner), gone, func(w *world) { w.policy.AllowedUsers = []string{stranger} }), true},
		{"host", owner, ruledBy(admin), true},
		{"host, meeting gone", owner, both(ruledBy(admin), gone), false},
		{"another", stranger, ruledBy(owner), false},
		{"another of the same name elsewhere", stranger, ruledBy(stranger, func(rule *scheduler.Rule) { rule.Owner.Team = "T0OTHER" }), false},
		{"owner who is excluded", stranger, both(ruledBy(stranger), func(w *world) { w.policy.DeniedUsers = []string{stranger} }), false},
	} {
		t.Run(test.name, func(t *testing.T) {
			inBubble(t, test.set, func(t *testing.T, w *world) {
				said := w.asks(test.user, "unwatch 914083136")
				if ended := len(w.rules()) == 0; ended != test.ended || (said.tone == Done) != test.ended {
					t.Errorf("ended: %v, %s %q", ended, said.tone, said.text)
				}
			})
		})
	}
}

// Those who see a meeting, or may act on one, read that an administrator paused all automation; others read what they
// read without it.
func TestWhoReadsOfThePause(t *testing.T) {
	for _, test := range []struct {
		name, user, command string
		set                 func(*world)
		reads               bool
	}{
		{"administrator, list", admin, "list", nil, true},
		{"administrator, nothing runs", admin, "list", gone, true},
		{"administrator, status", admin, "status 914083136", nil, true},
		{"administrator, watch", admin, "watch 914083136 ask", nil, true},
		{"host, list", owner, "list", nil, true},
		{"host, status", owner, "status 914083136", nil, true},
		{"host, watch", owner, "watch 914083136 auto", nil, true},
		{"host of nothing that runs", owner, "list", gone, false},
		{"who may extend from here", stranger, "list", allowedChannel(general), true},
		{"another, list", stranger, "list", nil, false},
		{"another, status", stranger, "status 914083136", nil, false},
		{"another, watch", stranger, "watch 914083136 ask", nil, false},
		{"hosts not to be found out", owner, "list", hostUnknown, false},
		{"excluded", owner, "list", func(w *world) { w.policy.DeniedUsers = []string{owner} }, false},
		{"guest", owner, "list", changed(owner, func(p *access.Person) { p.Guest = true }), false},
	} {
		t.Run(test.name, func(t *testing.T) {
			ask := func(paused func(*world)) (said heard) {
				inBubble(t, both(test.set, paused), func(t *testing.T, w *world) { said = w.asks(test.user, test.command) })
				return said
			}
			paused, without := ask(allPaused), ask(nil)
			var rest []string
			reads := false
			for line := range strings.SplitSeq(paused.whole, "\n") {
				if strings.HasPrefix(line, "<@U0OWNER> paused all automation; ") && strings.Contains(line, "`/extend resume`") {
					reads = true
				} else {
					rest = append(rest, line)
				}
			}
			if reads != test.reads {
				t.Errorf("%q, want it said: %v", paused.whole, test.reads)
			}
			next := regexp.MustCompile(`(As things stand, I won't|I'll) (ask|extend)[^.\n]*\.`) // what comes next is not the same
			if next.ReplaceAllString(strings.Join(rest, "\n"), "") != next.ReplaceAllString(without.whole, "") {
				t.Errorf("%q, without a pause %q", paused.whole, without.whole)
			}
		})
	}
}

// A channel sees what it watches, by list and by status, and nothing else.
func TestChannelSeesWhatItWatches(t *testing.T) {
	inBubble(t, both(watchingChannel, func(w *world) {
		w.policy.AllowedChannels = append(w.policy.AllowedChannels, general)
		w.meetings = append(w.meetings, booked("777888999", "Secret merger"))
	}), func(t *testing.T, w *world) {
		list := w.asksFrom(theChannel, stranger, "list")
		if len(list.items) != 1 || !strings.Contains(list.items[0].about, theID) {
			t.Errorf("%+v", list.items)
		}
		for command, sees := range map[string]bool{"status 914083136": true, "status 777888999": false, "why 914083136": true, "why 777888999": false} {
			if said := w.asksFrom(theChannel, stranger, command); (said.tone == Telling) != sees {
				t.Errorf("%s: %s %q", command, said.tone, said.text)
			}
		}
		if said := w.asksFrom(general, stranger, "status 914083136"); said.tone != Refusal {
			t.Errorf("from another channel: %q", said.text)
		}
	})
}
