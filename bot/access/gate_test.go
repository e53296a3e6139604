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

// What a person may know of a meeting: by a list all, else their own and what the channel watches from which they ask.
func TestGateSight(t *testing.T) {
	watching := access.Watch{Owner: "U1", Channel: "C1"}
	fromChannel := func(s *scene) { s.gate.Policy.AllowedChannels = []string{"C1"} }
	for _, test := range []struct {
		name, meeting string
		set           func(*scene)
		watch         access.Watch
		want          bool
		err           error
	}{
		{"the host", "1", func(*scene) {}, access.Watch{}, true, nil},
		{"the host of another", "2", func(*scene) {}, access.Watch{}, false, nil},
		{"hosts may not", "1", func(s *scene) { s.gate.Policy.HostsMayExtend = false }, access.Watch{}, false, nil},
		{"a guest", "1", func(s *scene) { s.people.person.Guest = true }, access.Watch{}, false, nil},
		{"not confirmed", "1", func(s *scene) { s.people.person.EmailConfirmed = false }, access.Watch{}, false, nil},
		{"denied", "1", func(s *scene) { s.gate.Policy.DeniedUsers = []string{"U1"} }, access.Watch{}, false, nil},
		{"host not to be found out", "1", func(s *scene) { s.finder.bookErr = errNotNow }, access.Watch{}, false, errNotNow},
		{"listed", "2", func(s *scene) { s.gate.Policy.AllowEveryone = true }, access.Watch{}, true, nil},
		{"listed, and deactivated", "2", func(s *scene) {
			s.gate.Policy.AllowedUsers, s.people.person.Deleted = []string{"U1"}, true
		}, access.Watch{}, false, nil},
		{"in an allowed channel", "2", fromChannel, access.Watch{}, false, nil},
		{"in an allowed channel, which watches", "2", fromChannel, watching, true, nil},
		{"in an allowed channel, and another watches", "2", fromChannel, access.Watch{Owner: "U1", Channel: "C2"}, false, nil},
		{"in another channel, which watches", "2", func(*scene) {}, watching, false, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := newScene()
			test.set(s)
			subject := s.gate.Subject(t.Context(), s.people.person, "", "C1")
			m := secret(test.meeting)
			sight, err := s.gate.Sight(t.Context(), subject, m, test.watch)
			sights, errs := s.gate.Sights(t.Context(), subject)
			for _, got := range []access.Sight{sight, sights(m, test.watch)} {
				if got.Shows(m) != test.want || (got.Subject(m) == m.Subject) != test.want || (got.HostName(m) == m.HostName) != test.want {
					t.Errorf("shows it: %t; want %t", got.Shows(m), test.want)
				}
			}
			if !errors.Is(err, test.err) || !errors.Is(errs, test.err) {
				t.Errorf("errors %v and %v, want %v", err, errs, test.err)
			}
		})
	}
}

// secret is a run of a meeting that has a name.
func secret(id string) meeting.Meeting {
	m := hosted(id)
	m.Subject, m.HostName, m.Start = "Layoffs", "Hanna Host", time.Date(2026, 11, 22, 14, 0, 0, 0, time.UTC)
	return m
}

// A channel may know what the owner of its rule may, and no channel where another workspace reads.
func TestGateChannelSight(t *testing.T) {
	for name, test := range map[string]struct {
		meeting         string
		set             func(*scene)
		watch, operator bool
	}{
		"of the host":              {"1", func(*scene) {}, true, true},
		"another's run":            {"2", func(*scene) {}, false, true},
		"another's run, listed":    {"2", func(s *scene) { s.gate.Policy.AllowedUsers = []string{"U1"} }, true, true},
		"owner denied":             {"1", func(s *scene) { s.gate.Policy.DeniedUsers = []string{"U1"} }, false, true},
		"owner deactivated":        {"1", func(s *scene) { s.people.person.Deleted = true }, false, true},
		"owner not to be known":    {"1", func(s *scene) { s.people.personErr = errNotNow }, false, true},
		"host not to be known":     {"1", func(s *scene) { s.finder.bookErr = errNotNow }, false, true},
		"shared channel":           {"1", func(s *scene) { s.people.channel.ExtShared = true }, false, false},
		"channel not to be known":  {"1", func(s *scene) { s.people.channelErr = errNotNow }, false, false},
		"channel unknown to Slack": {"1", func(s *scene) { s.people.channel = access.Channel{ID: "C1"} }, false, false},
	} {
		s, m := newScene(), secret(test.meeting)
		test.set(s)
		watch := access.Watch{Owner: "U1", Channel: "C1"}
		if got := s.gate.ChannelSight(t.Context(), watch, m).Subject(m) != ""; got != test.watch {
			t.Errorf("%s: a channel that watches reads it: %t", name, got)
		}
		if got := s.gate.OperatorSight(t.Context(), "C1").Subject(m) != ""; got != test.operator {
			t.Errorf("%s: a channel of the operator's reads it: %t", name, got)
		}
		for _, none := range []access.Watch{{}, {Channel: "C1"}, {Owner: "U1"}} {
			if s.gate.ChannelSight(t.Context(), none, m).Shows(m) {
				t.Errorf("%s: %+v is a rule", name, none)
			}
		}
	}
}

// What one run is called is not for those who may know of another, though it has the same number.
func TestSightIsOfOneRun(t *testing.T) {
	s, m := newScene(), secret("1")
	subject := s.gate.Subject(t.Context(), s.people.person, "", "")
	sight, err := s.gate.Sight(t.Context(), subject, m, access.Watch{})
	if err != nil || !sight.Shows(m) {
		t.Fatalf("%v", err)
	}
	next, other := m, m
	next.Start = next.Start.Add(time.Hour)
	other.ID = "2"
	for _, not := range []meeting.Meeting{next, other, {}} {
		if sight.Shows(not) || sight.Subject(not) != "" || sight.HostName(not) != "" || (access.Sight{}).Shows(not) {
			t.Errorf("it shows %+v", not)
		}
	}
}

// Who reads a direct message about a run.
func TestGateReaderSight(t *testing.T) {
	for name, test := range map[string]struct {
		meeting string
		set     func(*scene)
		watch   access.Watch
		want    bool
	}{
		"the host":                         {"1", func(*scene) {}, access.Watch{}, true},
		"the host of another":              {"2", func(*scene) {}, access.Watch{}, false},
		"the host, who may not extend":     {"1", func(s *scene) { s.gate.Policy.HostsMayExtend = false }, access.Watch{}, true},
		"the host, denied":                 {"1", func(s *scene) { s.gate.Policy.DeniedUsers = []string{"U1"} }, access.Watch{}, false},
		"the owner of a rule, not of this": {"2", func(*scene) {}, access.Watch{Owner: "U1"}, false},
		"the owner, from their channel":    {"2", func(s *scene) { s.gate.Policy.AllowedChannels = []string{"C1"} }, access.Watch{Owner: "U1", Channel: "C1"}, true},
		"listed":                           {"2", func(s *scene) { s.gate.Policy.AllowEveryone = true }, access.Watch{}, true},
		"a guest":                          {"1", func(s *scene) { s.people.person.Guest = true }, access.Watch{}, false},
	} {
		s, m := newScene(), secret(test.meeting)
		test.set(s)
		if got := s.gate.ReaderSight(t.Context(), s.people.person, test.watch, m).Shows(m); got != test.want {
			t.Errorf("%s: %t", name, got)
		}
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
			m := secret(test.meeting)
			got, sight, found, err := s.gate.HostOf(t.Context(), m)
			if denied := len(s.gate.Policy.DeniedUsers) > 0; sight.Shows(m) != (found && !denied) {
				t.Errorf("shows it: %t", sight.Shows(m))
			}
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
	if person, _, found, err := s.gate.HostOf(t.Context(), hosted("1")); found || err != nil {
		t.Errorf("%+v, %t, %v", person, found, err)
	}
}

// silentFinder knows no address.
type silentFinder struct{}

func (silentFinder) Accounts(context.Context, string) ([]meeting.Host, error) { return nil, nil }

func (silentFinder) Host(context.Context, string) (meeting.Host, error) { return meeting.Host{}, nil }
