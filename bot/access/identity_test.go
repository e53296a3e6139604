package access_test

import (
	"log/slog"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/bot/access"
)

// gridInfo is what Slack answers about a person by one of their IDs.
func gridInfo(id, grid string) string {
	return `{"ok":true,"user":{"id":"` + id + `","team_id":"T1","is_email_confirmed":true,"profile":{"email":"h1@example.com"},
		"enterprise_user":{"id":"` + grid + `","enterprise_id":"E1"}}}`
}

// On Grid, every list has a person under each of their IDs, whichever Slack sends and however it answers about the other;
// and a denial goes before all.
func TestBothIDsAreTheSamePerson(t *testing.T) {
	const refused = `{"ok":false,"error":"user_not_found"}`
	answers := map[string][2]string{ // about U1, about W1
		"by its own":          {gridInfo("U1", "W1"), gridInfo("W1", "W1")},
		"by the workspace's":  {gridInfo("U1", "W1"), gridInfo("U1", "W1")},
		"with others unknown": {gridInfo("U1", "W1"), gridInfo("U1", "W1")},
	}
	lists := map[string]struct {
		set  func(p *access.Policy, id string)
		want access.Role
	}{
		"allowed": {func(p *access.Policy, id string) { p.AllowedUsers = []string{"U7", id} }, access.RoleListed},
		"admins":  {func(p *access.Policy, id string) { p.AdminUsers = []string{id} }, access.RoleAdmin},
		"denied, and allowed under both": {func(p *access.Policy, id string) {
			p.DeniedUsers, p.AllowedUsers = []string{"U7", id}, []string{"U1", "W1"}
		}, access.RoleNone},
	}
	for how, answer := range answers {
		for list, test := range lists {
			for _, listed := range []string{"U1", "W1"} {
				for _, sent := range []string{"U1", "W1"} {
					policy := access.Policy{Team: "T1", Enterprise: "E1"}
					test.set(&policy, listed)
					directory, server, _ := newDirectory(t, policy)
					server.set("users.info U1", answer[0])
					server.set("users.info W1", answer[1])
					server.set("users.info U7", refused)
					gate := &access.Gate{
						Policy: policy, People: directory, Hosts: access.NewHosts(&hostFinder{}, time.Now), Logger: slog.New(slog.DiscardHandler),
					}
					person, err := directory.Person(t.Context(), sent)
					if err != nil || person.Key() != "W1" || !person.Is(sent) || person.Is("U7") || person.Is("") {
						t.Fatalf("%s: %+v, %v", how, person, err)
					}
					verdict := gate.Allow(gate.Subject(t.Context(), person, "", ""))
					if verdict.Role != test.want || test.want == access.RoleNone && verdict.Refusal != access.Denied {
						t.Errorf("%s: %s has %s, Slack sends %s: %+v", how, list, listed, sent, verdict)
					}
				}
			}
		}
	}
}

// A group has somebody under either ID.
func TestGroupsHaveBothIDs(t *testing.T) {
	for _, member := range []string{"U1", "W1"} {
		for _, sent := range []string{"U1", "W1"} {
			policy := access.Policy{Team: "T1", Enterprise: "E1", AllowedGroups: []string{"S1"}}
			directory, server, _ := newDirectory(t, policy)
			server.set("users.info U1", gridInfo("U1", "W1"))
			server.set("users.info W1", gridInfo("U1", "W1"))
			server.set("usergroups.users.list S1", `{"ok":true,"users":["U5","`+member+`"]}`)
			gate := &access.Gate{Policy: policy, People: directory, Hosts: access.NewHosts(&hostFinder{}, time.Now), Logger: slog.New(slog.DiscardHandler)}
			person, err := directory.Person(t.Context(), sent)
			if verdict := gate.Allow(gate.Subject(t.Context(), person, "", "")); err != nil || verdict.Role != access.RoleGroup {
				t.Errorf("the group has %s, Slack sends %s: %+v, %v", member, sent, verdict, err)
			}
		}
	}
}

// Where Slack does not tell who somebody is, they are known by what it told before. Else they may be denied under another ID:
// where anybody is denied, they may nothing.
func TestUnidentifiedPeopleMayNothing(t *testing.T) {
	const down = `{"ok":false,"error":"internal_error"}`
	for name, test := range map[string]struct {
		before  bool // Slack told of them
		denied  []string
		told    bool // of the ID in the list
		refusal access.Refusal
	}{
		"known before":                       {true, nil, false, ""},
		"never known":                        {false, nil, false, ""},
		"never known, and others are denied": {false, []string{"U8"}, true, access.PersonUnknown},
		"known before, denied by the other":  {true, []string{"W1"}, false, access.Denied},
		"another denied, who is not known":   {true, []string{"U8"}, false, access.PersonUnknown},
		"another denied, who is known":       {true, []string{"U8"}, true, ""},
		"never known, denied by the very ID": {false, []string{"U1"}, false, access.Denied},
	} {
		policy := access.Policy{Team: "T1", Enterprise: "E1", AllowedUsers: []string{"U1"}, DeniedUsers: test.denied}
		directory, server, clock := newDirectory(t, policy)
		gate := &access.Gate{Policy: policy, People: directory, Hosts: access.NewHosts(&hostFinder{}, time.Now), Logger: slog.New(slog.DiscardHandler)}
		server.set("users.info U1", gridInfo("U1", "W1"))
		if test.before {
			_, _ = directory.Person(t.Context(), "U1")
		}
		server.set("users.info U1", down)
		server.set("users.info U8", down)
		if test.told {
			server.set("users.info U8", gridInfo("U8", "W8"))
		}
		clock.move(10 * time.Minute)
		person, _ := directory.Person(t.Context(), "U1")
		verdict := gate.Allow(gate.Subject(t.Context(), person, "", ""))
		if verdict.Refusal != test.refusal || test.before && person.Key() != "W1" {
			t.Errorf("%s: %+v of %+v", name, verdict, person)
		}
	}
}
