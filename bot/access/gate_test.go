package access_test

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/overtime-bot/overtime/bot/access"
	"github.com/overtime-bot/overtime/meeting"
	"github.com/slack-go/slack"
)

var errNotNow = errors.New("not now")

// fakePeople is a workspace of one person, who is in no group but SGROUP.
type fakePeople struct {
	person                          access.Person
	channel                         access.Channel
	membership                      access.Membership
	personErr, emailErr, channelErr error
	channelsAsked                   int
}

func (f *fakePeople) Person(context.Context, string) (access.Person, error) {
	return f.person, f.personErr
}

func (f *fakePeople) ByEmail(_ context.Context, email string) (access.Person, error) {
	if email != strings.ToLower(f.person.Email) {
		return access.Person{}, f.emailErr
	}
	return f.person, f.emailErr
}

func (f *fakePeople) Groups(context.Context, string) map[string]access.Membership {
	return map[string]access.Membership{"SGROUP": f.membership}
}

func (f *fakePeople) Channel(context.Context, string) (access.Channel, error) {
	f.channelsAsked++
	return f.channel, f.channelErr
}

// scene is a person who hosts meeting 1 and no other, and a gate.
type scene struct {
	people *fakePeople
	finder *hostFinder
	gate   *access.Gate
}

func newScene() *scene {
	people := &fakePeople{
		person:     access.Person{ID: "U1", Known: true, TeamID: "T1", Email: "H1@example.com", EmailConfirmed: true},
		channel:    access.Channel{ID: "C1", Known: true},
		membership: access.NotMember,
	}
	finder := &hostFinder{}
	return &scene{people, finder, &access.Gate{
		Policy: access.Policy{Team: "T1", HostsMayExtend: true}, People: people,
		Hosts: access.NewHosts(finder, time.Now), Logger: slog.New(slog.DiscardHandler),
	}}
}

func TestGateGathersASubject(t *testing.T) {
	for _, test := range []struct {
		name          string
		set           func(*scene)
		want          access.Channel
		channelsAsked int
	}{
		{"a channel that opens nothing is not looked up", func(*scene) {}, access.Channel{ID: "C1"}, 0},
		{"one that is allowed", func(s *scene) { s.gate.Policy.AllowedChannels = []string{"C1"} }, access.Channel{ID: "C1", Known: true}, 1},
		{"one that cannot be looked up", func(s *scene) {
			s.gate.Policy.AllowedChannels, s.people.channelErr = []string{"C1"}, errNotNow
		}, access.Channel{ID: "C1"}, 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := newScene()
			test.set(s)
			got := s.gate.Subject(t.Context(), s.people.person, "T2", "C1")
			want := access.Subject{
				Person: s.people.person, PayloadTeam: "T2", Channel: test.want,
				Groups: map[string]access.Membership{"SGROUP": access.NotMember},
			}
			if diff := cmp.Diff(want, got); diff != "" || s.people.channelsAsked != test.channelsAsked {
				t.Errorf("%d channels looked up (-want +got):\n%s", s.people.channelsAsked, diff)
			}
		})
	}
}

func TestGateAsHost(t *testing.T) {
	for _, test := range []struct {
		name, meeting string
		set           func(*scene)
		want          bool
		err           error
	}{
		{"the host", "1", func(*scene) {}, true, nil},
		{"the host of another", "2", func(*scene) {}, false, nil},
		{"hosts may not", "1", func(s *scene) { s.gate.Policy.HostsMayExtend = false }, false, nil},
		{"a guest", "1", func(s *scene) { s.people.person.Guest = true }, false, nil},
		{"not confirmed", "1", func(s *scene) { s.people.person.EmailConfirmed = false }, false, nil},
		{"host not to be found out", "1", func(s *scene) { s.finder.bookErr = errNotNow }, false, errNotNow},
		{"host not to be found out, and listed", "1", func(s *scene) {
			s.finder.bookErr, s.gate.Policy.AllowEveryone = errNotNow, true
		}, false, errNotNow},
		{"listed, but not the host", "2", func(s *scene) { s.gate.Policy.AllowEveryone = true }, false, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := newScene()
			test.set(s)
			subject := s.gate.Subject(t.Context(), s.people.person, "", "")
			if got, err := s.gate.AsHost(t.Context(), subject, hosted(test.meeting)); got != test.want || !errors.Is(err, test.err) {
				t.Errorf("%t, %v; want %t, %v", got, err, test.want, test.err)
			}
		})
	}
}

func TestGateAuthorise(t *testing.T) {
	groups := func(s *scene) { s.gate.Policy.AllowedGroups = []string{"SGROUP"} }
	for _, test := range []struct {
		name, meeting string
		set           func(*scene)
		role          access.Role
		refusal       access.Refusal
		fails         bool
		hostsAsked    int
	}{
		{"the host", "1", func(*scene) {}, access.RoleHost, "", false, 1},
		{"the host of another", "2", func(*scene) {}, access.RoleNone, access.NotListed, false, 1},
		{"listed", "2", func(s *scene) { s.gate.Policy.AllowedUsers = []string{"U1"} }, access.RoleListed, "", false, 0},
		{"by the channel", "2", func(s *scene) { s.gate.Policy.AllowedChannels = []string{"C1"} }, access.RoleChannel, "", false, 0},
		{"member of a group", "2", func(s *scene) { groups(s); s.people.membership = access.Member }, access.RoleGroup, "", false, 0},
		{"denied", "1", func(s *scene) { s.gate.Policy.DeniedUsers = []string{"U1"} }, access.RoleNone, access.Denied, false, 0},
		{"a guest", "1", func(s *scene) { s.people.person.Guest = true }, access.RoleNone, access.Guest, false, 0},
		{"deactivated", "1", func(s *scene) {
			s.people.person.Deleted, s.gate.Policy.AllowedUsers = true, []string{"U1"}
		}, access.RoleNone, access.Deactivated, false, 0},
		{"not known to Slack", "1", func(s *scene) { s.people.personErr = slack.SlackErrorResponse{Err: "user_not_found"} }, access.RoleNone, access.Deactivated, false, 0},
		{"not visible", "1", func(s *scene) { s.people.personErr = slack.SlackErrorResponse{Err: "user_not_visible"} }, access.RoleNone, access.Deactivated, false, 0},
		{"person not to be found out", "1", func(s *scene) { s.people.personErr = slack.SlackErrorResponse{Err: "internal_error"} }, "", "", true, 0},
		{"group not to be found out", "2", func(s *scene) { groups(s); s.people.membership = access.MembershipUnknown }, "", "", true, 1},
		{"group not to be found out, but the host", "1", func(s *scene) { groups(s); s.people.membership = access.MembershipUnknown }, access.RoleHost, "", false, 1},
		{"host not to be found out", "1", func(s *scene) { s.finder.bookErr = errNotNow }, "", "", true, 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := newScene()
			test.set(s)
			got, err := s.gate.Authorise(t.Context(), "U1", "C1", hosted(test.meeting))
			if (err != nil) != test.fails || got.Role != test.role || got.Refusal != test.refusal || got.Allowed != (test.refusal == "" && !test.fails) {
				t.Errorf("%+v, %v; want role %q, refusal %q, an error: %t", got, err, test.role, test.refusal, test.fails)
			}
			if s.finder.bookCalls != test.hostsAsked || s.finder.calls != 0 {
				t.Errorf("%d accounts and %d hosts looked up, want %d and 0", s.finder.bookCalls, s.finder.calls, test.hostsAsked)
			}
		})
	}
}

func TestGateHostOf(t *testing.T) {
	for _, test := range []struct {
		name, meeting string
		set           func(*scene)
		found         bool
		err           error
	}{
		{"a member", "1", func(*scene) {}, true, nil},
		{"an address that nobody has", "2", func(*scene) {}, false, nil},
		{"not confirmed", "1", func(s *scene) { s.people.person.EmailConfirmed = false }, false, nil},
		{"a guest", "1", func(s *scene) { s.people.person.Guest = true }, false, nil},
		{"another workspace", "1", func(s *scene) { s.people.person.TeamID = "T2" }, false, nil},
		{"denied, and still the host", "1", func(s *scene) { s.gate.Policy.DeniedUsers = []string{"U1"} }, true, nil},
		{"address not to be found out", "1", func(s *scene) { s.people.emailErr = errNotNow }, false, errNotNow},
		{"host not to be found out", "1", func(s *scene) { s.finder.err = errNotNow }, false, errNotNow},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := newScene()
			test.set(s)
			got, found, err := s.gate.HostOf(t.Context(), hosted(test.meeting))
			if found != test.found || !errors.Is(err, test.err) || found && got != s.people.person {
				t.Errorf("%+v, %t, %v; want %t, %v", got, found, err, test.found, test.err)
			}
		})
	}
}

// A host without an address is nobody, and Slack is not asked for one.
func TestGateHostOfNoAddress(t *testing.T) {
	s := newScene()
	s.people.emailErr = errNotNow
	s.gate.Hosts = access.NewHosts(silentFinder{}, time.Now)
	if person, found, err := s.gate.HostOf(t.Context(), hosted("1")); found || err != nil {
		t.Errorf("%+v, %t, %v", person, found, err)
	}
}

// silentFinder knows no address.
type silentFinder struct{}

func (silentFinder) Accounts(context.Context, string) ([]meeting.Host, error) { return nil, nil }

func (silentFinder) Host(context.Context, string) (meeting.Host, error) { return meeting.Host{}, nil }
