package bot

import (
	"errors"
	"slices"
	"testing"

	"github.com/overtime-bot/overtime/bot/access"
	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/scheduler"
)

// A rule acts as its owner, who is authorised again each time: a no pauses it, what could not be found out is an error.
func TestAuthorise(t *testing.T) {
	const left, may = scheduler.PausedOwnerLeft, scheduler.PausedOwnerMay
	inChannel := func(channel access.Channel, err error) func(*world) {
		return func(w *world) {
			w.policy.AllowedChannels, w.people.channel, w.people.channelErr = []string{theChannel}, channel, err
		}
	}
	for _, test := range []struct {
		name, user string
		set        func(*world)
		room       bool // the rule is of the room that the meeting takes place in
		want       scheduler.PauseReason
		fails      bool
	}{
		{name: "the configuration's own"},
		{name: "host", user: owner},
		{name: "administrator", user: admin},
		{name: "listed", user: stranger, set: func(w *world) { w.policy.AllowedUsers = []string{stranger} }},
		{name: "everyone", user: stranger, set: func(w *world) { w.policy.AllowEveryone = true }},
		{name: "member of a group", user: stranger, set: allowedGroup(access.Member)},
		{name: "channel of the rule", user: stranger, set: inChannel(access.Channel{ID: theChannel, Known: true}, nil)},
		{name: "not the host", user: stranger, want: may},
		{name: "hosts may not", user: owner, set: func(w *world) { w.policy.HostsMayExtend = false }, want: may},
		{name: "host by an address that is not confirmed", user: owner, set: changed(owner, func(p *access.Person) { p.EmailConfirmed = false }), want: may},
		{name: "excluded", user: owner, set: func(w *world) { w.policy.DeniedUsers = []string{owner} }, want: may},
		{name: "no member of the group", user: stranger, set: allowedGroup(access.NotMember), want: may},
		{name: "shared channel", user: stranger, set: inChannel(access.Channel{ID: theChannel, Known: true, ExtShared: true}, nil), want: may},
		{name: "deactivated", user: owner, set: changed(owner, func(p *access.Person) { p.Deleted = true }), want: left},
		{name: "deactivated, listed by name", user: owner, set: both(changed(owner, func(p *access.Person) { p.Deleted = true }), func(w *world) { w.policy.AllowedUsers = []string{owner} }), want: left},
		{name: "guest by now", user: owner, set: changed(owner, func(p *access.Person) { p.Guest = true }), want: left},
		{name: "another workspace", user: admin, set: changed(admin, func(p *access.Person) { p.TeamID = "T0OTHER" }), want: left},
		{name: "unknown to Slack", user: owner, set: func(w *world) { w.people.err = slackSays("user_not_found") }, want: left},
		{name: "host, in the room", user: owner, room: true},
		{name: "not the host, in the room", user: stranger, room: true, want: scheduler.NotTheirRun},
		{name: "not the host, in the room, and hosts may not", user: stranger, room: true, set: func(w *world) { w.policy.HostsMayExtend = false }, want: may},
		{name: "excluded, in the room", user: stranger, room: true, set: func(w *world) { w.policy.DeniedUsers = []string{stranger} }, want: may},
		{name: "guest by now, in the room", user: stranger, room: true, set: changed(stranger, func(p *access.Person) { p.Guest = true }), want: left},
		{name: "address not confirmed, in the room", user: stranger, room: true, set: changed(stranger, func(p *access.Person) { p.EmailConfirmed = false }), want: may},
		{name: "person not to be found out", user: owner, set: func(w *world) { w.people.err = errors.New("not now") }, fails: true},
		{name: "person not to be found out, other trouble", user: nobody, fails: true},
		{name: "group not to be found out", user: stranger, set: allowedGroup(access.MembershipUnknown), fails: true},
		{name: "group not to be found out, but the host", user: owner, set: allowedGroup(access.MembershipUnknown)},
		{name: "channel not to be found out", user: stranger, set: inChannel(access.Channel{}, errors.New("missing_scope")), fails: true},
		{name: "host not to be found out", user: owner, set: hostUnknown, fails: true},
	} {
		t.Run(test.name, func(t *testing.T) {
			inBubble(t, test.set, func(t *testing.T, w *world) {
				rule := theRule()
				if rule.Owner.User = test.user; test.user == "" {
					rule = scheduler.Rule{Mode: scheduler.ModeAuto}
				}
				m := theMeeting()
				if test.room {
					m.RoomID = "881234567"
					rule.Of = m.RoomID
				}
				got, err := w.authorises(rule, m)
				if got != test.want || (err != nil) != test.fails {
					t.Errorf("%q, %v; want %q, an error: %v", got, err, test.want, test.fails)
				}
			})
		})
	}
}

// A rule that paused is told to its channel, else to its owner, else to NOTIFY_CHANNEL, and never to a host.
func TestRulePausedIsTold(t *testing.T) {
	inBubble(t, notifying, func(t *testing.T, w *world) {
		rule := theRule()
		rule.Paused.Reason = scheduler.PausedOwnerLeft
		w.poster.fail(theChannel, slackSays("is_archived"), slackSays("is_archived"))
		w.poster.fail(owner, slackSays("user_disabled"), slackSays("user_disabled"))
		if err := w.tellsOfPause(rule, theMeeting()); err != nil {
			t.Fatal(err)
		}
		w.poster.fail("C0NOTIFY", slackSays("is_archived"))
		if err := w.tellsOfPause(rule, meeting.Meeting{ID: theID}); !errors.Is(err, scheduler.ErrNobodyToTell) {
			t.Errorf("error %v", err)
		}
		if !slices.Equal(w.poster.places(), []string{"C0NOTIFY"}) {
			t.Errorf("told to %q", w.poster.places())
		}
	})
}
