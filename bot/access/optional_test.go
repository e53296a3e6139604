package access_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/overtime-bot/overtime/bot/access"
)

// What Slack leaves out, or tells as null or as nothing, is not told: it gives no right, no address, no language and no
// clock, and spoils nothing else that Slack tells.
func TestWhatSlackDoesNotTell(t *testing.T) {
	const whole = `{"id":"U1","team_id":"T1","name":"alice","deleted":false,"tz":"Europe/Madrid","tz_label":"CET","tz_offset":3600,
		"is_bot":false,"is_restricted":false,"is_ultra_restricted":false,"is_stranger":false,"is_email_confirmed":true,
		"locale":"es-ES","profile":{"email":"alice@example.com","team":"T1"},
		"enterprise_user":{"id":"U1","enterprise_id":"E1","teams":["T1"]}}`
	for field, forget := range map[string]func(*access.Person){
		"tz":                            func(p *access.Person) { p.Zone = "" },
		"tz_label":                      func(*access.Person) {},
		"tz_offset":                     func(p *access.Person) { p.ZoneOffset = 0 },
		"locale":                        func(p *access.Person) { p.Locale = "" },
		"is_email_confirmed":            func(p *access.Person) { p.EmailConfirmed = false },
		"team_id":                       func(p *access.Person) { p.TeamID = "" },
		"profile":                       func(p *access.Person) { p.Email = "" },
		"profile.email":                 func(p *access.Person) { p.Email = "" },
		"profile.team":                  func(*access.Person) {},
		"enterprise_user":               func(p *access.Person) { p.EnterpriseID, p.GridID = "", "" },
		"enterprise_user.id":            func(p *access.Person) { p.GridID = "" },
		"enterprise_user.enterprise_id": func(p *access.Person) { p.EnterpriseID = "" },
		"is_bot":                        func(*access.Person) {},
		"is_restricted":                 func(*access.Person) {},
		"is_ultra_restricted":           func(*access.Person) {},
		"is_stranger":                   func(*access.Person) {},
		"deleted":                       func(*access.Person) {},
		"name":                          func(*access.Person) {},
	} {
		for _, way := range []string{"null", "empty", "absent"} {
			var user map[string]any
			if err := json.Unmarshal([]byte(whole), &user); err != nil {
				t.Fatal(err)
			}
			untell(user, field, way)
			encoded, err := json.Marshal(map[string]any{"ok": true, "user": user})
			if err != nil {
				t.Fatal(err)
			}
			directory, server, _ := newDirectory(t, access.Policy{})
			server.set("users.info U1", string(encoded))
			want := access.Person{
				ID: "U1", GridID: "U1", Known: true, TeamID: "T1", EnterpriseID: "E1", Email: "alice@example.com", EmailConfirmed: true,
				Locale: "es-ES", Zone: "Europe/Madrid", ZoneOffset: 3600,
			}
			forget(&want)
			got, err := directory.Person(t.Context(), "U1")
			if diff := cmp.Diff(want, got); diff != "" || err != nil {
				t.Errorf("%s %s: error %v, (-want +got):\n%s", field, way, err, diff)
			}
		}
	}
}

// untell has a field of an object told as null, as nothing of its type, or not at all.
func untell(object map[string]any, field, way string) {
	if outer, inner, nested := strings.Cut(field, "."); nested {
		untell(object[outer].(map[string]any), inner, way)
		return
	}
	switch value := object[field].(type) {
	case string:
		object[field] = ""
	case float64:
		object[field] = 0
	case bool:
		object[field] = false
	case map[string]any:
		clear(value)
	}
	switch way {
	case "null":
		object[field] = nil
	case "absent":
		delete(object, field)
	}
}

// Somebody of no workspace is not of ours, and an address that is not confirmed, or not told, is nobody's.
func TestWhatIsNotToldGivesNoRight(t *testing.T) {
	policy := access.Policy{Team: "T1", Enterprise: "E1", HostsMayExtend: true, AllowEveryone: true}
	full := access.Person{ID: "U1", GridID: "U1", Known: true, TeamID: "T1", EnterpriseID: "E1", Email: "a@example.com", EmailConfirmed: true}
	for name, forget := range map[string]func(*access.Person){
		"team":  func(p *access.Person) { p.TeamID, p.EnterpriseID = "", "" },
		"all":   func(p *access.Person) { *p = access.Person{ID: "U1", Known: true} },
		"known": func(p *access.Person) { *p = access.Person{ID: "U1"} },
	} {
		person := full
		forget(&person)
		if verdict := policy.Allow(access.Subject{Person: person}); verdict.Allowed {
			t.Errorf("%s: %+v", name, verdict)
		}
	}
	for name, forget := range map[string]func(*access.Person){
		"confirmed": func(p *access.Person) { p.EmailConfirmed = false },
		"email":     func(p *access.Person) { p.Email = "" },
	} {
		person := full
		forget(&person)
		if person.Hosts(full.Email) || person.Hosts("") {
			t.Errorf("%s: passes as the host", name)
		}
		if got := policy.Unconfirmed(person); got != (name == "confirmed") {
			t.Errorf("%s: not confirmed: %v", name, got)
		}
	}
	if policy.Unconfirmed(full) || (access.Policy{}).Unconfirmed(access.Person{Known: true, Email: "a@example.com"}) {
		t.Error("an address counts as not confirmed that is, or that does not matter")
	}
}
