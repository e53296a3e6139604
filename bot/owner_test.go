package bot

import (
	"errors"
	"strings"
	"testing"

	"github.com/overtime-bot/overtime/bot/access"
	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/scheduler"
)

// A rule acts as its owner, who is authorised anew: a no pauses it, what could not be found out is an error.
func TestAuthorise(t *testing.T) {
	const left, may = scheduler.PausedOwnerLeft, scheduler.PausedOwnerMay
	nobody := func(user string) func(*world) { return func(w *world) { delete(w.people.people, user) } }
	inGroup := func(membership access.Membership) func(*world) {
		return func(w *world) {
			w.policy.AllowedGroups, w.people.groups = []string{"S0GROUP"}, map[string]access.Membership{"S0GROUP": membership}
		}
	}
	inChannel := func(channel access.Channel, err error) func(*world) {
		return func(w *world) {
			w.policy.AllowedChannels, w.people.channel, w.people.channelErr = []string{theChannel}, channel, err
		}
	}
	for _, test := range []struct {
		name, user string
		set        func(*world)
		want       scheduler.PauseReason
		fails      bool
	}{
		{name: "the configuration's own"},
		{name: "host", user: owner},
		{name: "administrator", user: admin},
		{name: "listed", user: stranger, set: func(w *world) { w.policy.AllowedUsers = []string{stranger} }},
		{name: "everyone", user: stranger, set: func(w *world) { w.policy.AllowEveryone = true }},
		{name: "member of a group", user: stranger, set: inGroup(access.Member)},
		{name: "channel of the rule", user: stranger, set: inChannel(access.Channel{ID: theChannel, Known: true}, nil)},
		{name: "not the host", user: stranger, want: may},
		{name: "hosts may not", user: owner, set: func(w *world) { w.policy.HostsMayExtend = false }, want: may},
		{name: "host by an address that is not confirmed", user: owner, set: changed(owner, func(p *access.Person) { p.EmailConfirmed = false }), want: may},
		{name: "excluded", user: owner, set: func(w *world) { w.policy.DeniedUsers = []string{owner} }, want: may},
		{name: "no member of the group", user: stranger, set: inGroup(access.NotMember), want: may},
		{name: "shared channel", user: stranger, set: inChannel(access.Channel{ID: theChannel, Known: true, ExtShared: true}, nil), want: may},
		{name: "deactivated", user: owner, set: changed(owner, func(p *access.Person) { p.Deleted = true }), want: left},
		{name: "deactivated, listed by name", user: owner, set: both(changed(owner, func(p *access.Person) { p.Deleted = true }), func(w *world) { w.policy.AllowedUsers = []string{owner} }), want: left},
		{name: "guest by now", user: owner, set: changed(owner, func(p *access.Person) { p.Guest = true }), want: left},
		{name: "another workspace", user: admin, set: changed(admin, func(p *access.Person) { p.TeamID = "T0OTHER" }), want: left},
		{name: "unknown to Slack", user: owner, set: func(w *world) { w.people.err = slackSays("user_not_found") }, want: left},
		{name: "person not to be found out", user: owner, set: func(w *world) { w.people.err = errors.New("not now") }, fails: true},
		{name: "person not to be found out, other trouble", user: "U0NOBODY", set: nobody("U0NOBODY"), fails: true},
		{name: "group not to be found out", user: stranger, set: inGroup(access.MembershipUnknown), fails: true},
		{name: "group not to be found out, but the host", user: owner, set: inGroup(access.MembershipUnknown)},
		{name: "channel not to be found out", user: stranger, set: inChannel(access.Channel{}, errors.New("missing_scope")), fails: true},
		{name: "host not to be found out", user: owner, set: func(w *world) { w.hosts.err = errors.New("not now") }, fails: true},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := newWorld(t)
			both(test.set)(w)
			w.build()
			rule := theRule()
			if rule.Owner.User = test.user; test.user == "" {
				rule = scheduler.Rule{Mode: scheduler.ModeAuto}
			}
			got, err := w.bot.Authorise(t.Context(), rule, theMeeting())
			if got != test.want || (err != nil) != test.fails {
				t.Errorf("%q, %v; want %q, an error: %v", got, err, test.want, test.fails)
			}
		})
	}
}

// A rule that paused is told to its channel, else to its owner, else to NOTIFY_CHANNEL, and never to a host.
func TestRulePausedIsTold(t *testing.T) {
	w := newWorld(t)
	w.poster.errs = map[string][]error{theChannel: {slackSays("is_archived")}, owner: {slackSays("user_disabled")}}
	notifying(w)
	w.build()
	rule := theRule()
	rule.Paused.Reason = scheduler.PausedOwnerLeft
	if err := w.bot.RulePaused(t.Context(), rule, theMeeting()); err != nil {
		t.Fatal(err)
	}
	if strings.Join(w.poster.users, " ") != "C0NOTIFY" {
		t.Errorf("told to %q", w.poster.users)
	}
	w.poster.errs = map[string][]error{theChannel: {slackSays("is_archived")}, owner: {slackSays("user_disabled")}, "C0NOTIFY": {slackSays("is_archived")}}
	if err := w.bot.RulePaused(t.Context(), rule, meeting.Meeting{ID: theID}); !errors.Is(err, scheduler.ErrNobodyToTell) {
		t.Errorf("error %v", err)
	}
	if len(w.poster.users) != 1 {
		t.Errorf("told to %q", w.poster.users)
	}
}
