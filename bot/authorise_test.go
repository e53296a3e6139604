package bot

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/bot/access"
	"github.com/overtime-bot/overtime/meeting/meetingtest"
)

var hostUnknown = fault(failing(errors.New("not now")), "Accounts", "Host")

// Whether a meeting exists, is another's, or has a host whom nobody knows: the same bytes.
func TestForeignMeetingsLookLikeMissingOnes(t *testing.T) {
	cases := map[string]func(*world){
		"another's":           nil,
		"missing":             gone,
		"not running":         both(gone, refusesReads(400, "MMC.111072005")),
		"ended":               hasEnded,
		"booked":              comesLater,
		"host without e-mail": meets(func(m *meetingtest.Meeting) { m.Host.Email = "" }),
		"hostile subject":     called(hostile),
	}
	for _, command := range []string{"914083136 30", "914083136 max", "914083136 until 15:00", "status 914083136"} {
		var first string
		for name, set := range cases {
			inBubble(t, set, func(t *testing.T, w *world) {
				said := w.asks(stranger, command)
				bytes := said.whole + string(encoded(said.blocks))
				if first == "" {
					first = bytes
				}
				if bytes != first || !strings.Contains(first, "among your meetings") {
					t.Errorf("%s, %s:\n%s\nother ones read\n%s", command, name, bytes, first)
				}
				if len(w.wished()) != 0 {
					t.Errorf("%s, %s: it was extended", command, name)
				}
			})
		}
	}
}

// With a group that cannot be looked up, too, it is one answer for both.
func TestFailedLookupLooksTheSame(t *testing.T) {
	var texts []string
	for _, set := range []func(*world){nil, gone} {
		inBubble(t, both(set, func(w *world) { w.policy.AllowedGroups = []string{"S0GROUP"} }), func(t *testing.T, w *world) {
			texts = append(texts, w.asks(stranger, "914083136 30").text)
		})
	}
	if texts[0] != texts[1] || !strings.Contains(texts[0], "couldn't check") {
		t.Errorf("%q", texts)
	}
}

// People of an allowed channel extend what they know the number of. They see neither others' meetings nor their titles.
func TestChannelExtendsButDoesNotSee(t *testing.T) {
	inBubble(t, allowedChannel(general), func(t *testing.T, w *world) {
		if said := w.asks(stranger, "914083136 30"); said.tone != Done {
			t.Errorf("%+v", said)
		}
		if said := w.asks(stranger, "status 914083136"); said.tone != Refusal || len(said.about) > 0 {
			t.Errorf("%+v", said)
		}
		if said := w.asks(stranger, "list"); len(said.items) > 0 {
			t.Errorf("%+v", said)
		}
	})
}

// What is booked is not for the people of an allowed channel to know.
func TestAllowedChannelLearnsNoTitles(t *testing.T) {
	inBubble(t, both(allowedChannel("C0OPS"), func(w *world) {
		m := booked("971103355", "Secret merger")
		m.Scheduled, m.Start = true, noon.Add(time.Hour)
		w.meetings = append(w.meetings, m)
	}), func(t *testing.T, w *world) {
		ask := func(id string) heard { return w.asksFrom("C0OPS", stranger, id+" 30") }
		later, missing := ask("971103355"), ask("971103356")
		if strings.Contains(later.all(), "merger") || !strings.Contains(later.text, "among your meetings") {
			t.Errorf("a booked meeting: %+v", later)
		}
		if strings.ReplaceAll(later.text, "971103355", "971103356") != missing.text || !slices.Equal(later.next, missing.next) {
			t.Errorf("booked: %+v; missing: %+v", later, missing)
		}
		if allowed := ask(theID); allowed.tone != Done {
			t.Errorf("a running meeting: %+v", allowed)
		}
	})
}

func TestWhomToAsk(t *testing.T) {
	for _, test := range []struct {
		users, groups []string
		want          string
	}{
		{nil, nil, "ask the people who run this bot"},
		{[]string{"U1"}, nil, "ask <@U1>"},
		{nil, []string{"S1"}, "ask <!subteam^S1>"},
		{[]string{"U1", "U2"}, nil, "ask one of <@U1>, <@U2>"},
		{[]string{"U1", "U2"}, []string{"S1", "S2"}, "ask one of <@U1>, <@U2>, <!subteam^S1>"},
	} {
		inBubble(t, func(w *world) {
			w.policy.AdminUsers, w.policy.AdminGroups = test.users, test.groups
			w.people.groups = map[string]access.Membership{"S1": access.NotMember, "S2": access.NotMember}
		}, func(t *testing.T, w *world) {
			if said := w.asks(stranger, "914083136 30"); !strings.HasSuffix(said.small(), test.want+".") {
				t.Errorf("%q, want %q at its end", said.small(), test.want)
			}
		})
	}
}

// A refusal costs no call that changes anything, and an outright one none to the meeting service.
func TestRefusedOutrightAsksTheServiceNothing(t *testing.T) {
	inBubble(t, both(serviceDown, func(w *world) { w.policy.DeniedUsers = []string{owner} }), func(t *testing.T, w *world) {
		if said := w.asks(owner, "914083136 30"); said.tone != Refusal || !strings.Contains(said.text, "excluded") {
			t.Errorf("%+v", said)
		}
		if calls := w.service.Calls(); len(calls) != 0 || len(w.wished()) != 0 {
			t.Errorf("the service was asked: %+v", calls)
		}
	})
}
