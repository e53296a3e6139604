package bot

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/overtime-bot/overtime/bot/access"
	"github.com/overtime-bot/overtime/meeting"
)

// Whether a meeting exists, is another's, or has a host whom nobody knows: the same bytes.
func TestForeignMeetingsLookLikeMissingOnes(t *testing.T) {
	cases := map[string]func(*world){
		"another's":           func(*world) {},
		"missing":             func(w *world) { w.scheduler.meetings = nil },
		"not running":         missingMeeting(""),
		"ended":               missingMeeting("MMC.111072006"),
		"booked":              func(w *world) { missingMeeting("")(w); w.hosts.booked, w.hosts.bookedErr = theMeeting(), nil },
		"host unknown":        func(w *world) { w.hosts.err = errors.New("not now") },
		"host without e-mail": func(w *world) { w.hosts.email = "" },
		"hostile subject":     func(w *world) { w.scheduler.meetings[0].Subject = hostile },
	}
	for _, command := range []string{"914083136 30", "914083136 max", "914083136 until 15:00", "status 914083136"} {
		var first string
		for name, set := range cases {
			w := newWorld(t)
			set(w)
			w.build()
			encoded, err := json.Marshal(render(w.asks(stranger, command)))
			if err != nil {
				t.Fatal(err)
			}
			if first == "" {
				first = string(encoded)
			}
			if string(encoded) != first || !strings.Contains(first, "No such meeting, or not yours") {
				t.Errorf("%s, %s:\n%s\nother ones read\n%s", command, name, encoded, first)
			}
			if len(w.scheduler.requests) != 0 {
				t.Errorf("%s, %s: it was extended", command, name)
			}
		}
	}
}

// With a group that cannot be looked up, too, it is one answer for both.
func TestFailedLookupLooksTheSame(t *testing.T) {
	var replies []string
	for _, set := range []func(*world){func(*world) {}, func(w *world) { w.scheduler.meetings = nil }} {
		w := newWorld(t)
		w.policy.AllowedGroups = []string{"S0GROUP"}
		set(w)
		w.build()
		replies = append(replies, w.asks(stranger, "914083136 30").Text)
	}
	if replies[0] != replies[1] || !strings.Contains(replies[0], "could not check") {
		t.Errorf("%q", replies)
	}
}

// Who may see only their own does not extend or see others' by typing from an allowed channel.
func TestChannelExtendsButDoesNotSee(t *testing.T) {
	w := newWorld(t)
	w.policy.AllowedChannels = []string{"C0GENERAL"}
	w.people.channel = access.Channel{ID: "C0GENERAL", Known: true}
	w.build()
	if reply := w.asks(stranger, "914083136 30"); reply.Tone != Done {
		t.Errorf("%+v", reply)
	}
	if reply := w.asks(stranger, "status 914083136"); reply.Tone != Refusal || len(reply.About) > 0 {
		t.Errorf("%+v", reply)
	}
	if reply := w.asks(stranger, "list"); len(reply.Items) > 0 {
		t.Errorf("%+v", reply)
	}
}

func TestWhomToAsk(t *testing.T) {
	for _, test := range []struct {
		users, groups []string
		want          string
	}{
		{nil, nil, "the people who run this bot"},
		{[]string{"U1"}, nil, "<@U1>"},
		{nil, []string{"S1"}, "<!subteam^S1>"},
		{[]string{"U1", "U2"}, nil, "one of <@U1>, <@U2>"},
		{[]string{"U1", "U2"}, []string{"S1", "S2"}, "one of <@U1>, <@U2>, <!subteam^S1>"},
	} {
		w := newWorld(t)
		w.policy.AdminUsers, w.policy.AdminGroups = test.users, test.groups
		if got := w.build().whom(w.bot.printerOf(access.Person{})); got != test.want {
			t.Errorf("%q, want %q", got, test.want)
		}
	}
}

// A refusal costs no call that changes anything, and an outright one none to the meeting service.
func TestRefusedOutrightAsksTheServiceNothing(t *testing.T) {
	w := newWorld(t)
	w.policy.DeniedUsers = []string{owner}
	w.scheduler.findErr = &meeting.Error{Kind: meeting.ErrUnavailable}
	w.build()
	if reply := w.asks(owner, "914083136 30"); reply.Tone != Refusal || !strings.Contains(reply.Text, "excluded") {
		t.Errorf("%+v", reply)
	}
	if w.hosts.calls != 0 || len(w.scheduler.requests) != 0 {
		t.Error("the service was asked")
	}
}
