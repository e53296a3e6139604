package access_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/bot/access"
)

// What a person may do is judged by what Slack said at most 30 s ago.
func TestPersonIsLookedUpAgain(t *testing.T) {
	directory, server, clock := newDirectory(t, access.Policy{})
	server.set("users.info U1", aliceInfo)
	for _, step := range []struct {
		by    time.Duration
		calls int
	}{{0, 1}, {30*time.Second - 1, 1}, {1, 2}, {time.Minute, 3}, {-2 * time.Minute, 4}} { // at last the clock is put back
		clock.move(step.by)
		if person, err := directory.Person(t.Context(), "U1"); err != nil || !person.Known {
			t.Fatalf("Person = %+v, %v", person, err)
		}
		server.wantCalls(t, "users.info U1", step.calls)
	}
	server.set("users.info U1", flaggedInfo("deleted"))
	clock.move(30 * time.Second)
	if person, err := directory.Person(t.Context(), "U1"); err != nil || !person.Deleted {
		t.Errorf("30 s after the account was deactivated: %+v, %v", person, err)
	}
}

// silences are ways in which Slack does not tell about anybody.
var silences = map[string]func(*lookupServer){
	"429":               func(s *lookupServer) { s.throttle("1") },
	"429 for an hour":   func(s *lookupServer) { s.throttle("3600") },
	"429 without words": func(s *lookupServer) { s.fail(http.StatusTooManyRequests) },
	"500":               func(s *lookupServer) { s.fail(http.StatusInternalServerError) },
	"a proxy's 403":     func(s *lookupServer) { s.fail(http.StatusForbidden) },
	"ratelimited":       func(s *lookupServer) { s.set("users.info U1", `{"ok":false,"error":"ratelimited"}`) },
	"internal_error":    func(s *lookupServer) { s.set("users.info U1", `{"ok":false,"error":"internal_error"}`) },
	"a proxy's page":    func(s *lookupServer) { s.set("users.info U1", `<html>`) },
	"nothing":           func(s *lookupServer) { s.set("users.info U1", `{}`) },
}

// While Slack does not tell, what is known stands for five minutes, and a denial for longer.
func TestWhatIsKnownStandsWhileSlackIsSilent(t *testing.T) {
	for name, silence := range silences {
		for _, denied := range []bool{false, true} {
			t.Run(fmt.Sprint(name, ", denied ", denied), func(t *testing.T) {
				directory, server, clock := newDirectory(t, access.Policy{})
				server.set("users.info U1", aliceInfo)
				if denied {
					server.set("users.info U1", flaggedInfo("deleted"))
				}
				if _, err := directory.Person(t.Context(), "U1"); err != nil {
					t.Fatal(err)
				}
				silence(server)
				for _, by := range []time.Duration{30 * time.Second, 5*time.Minute - 30*time.Second - 1} {
					clock.move(by)
					if person, err := directory.Person(t.Context(), "U1"); err != nil || !person.Known || person.Deleted != denied {
						t.Errorf("within five minutes: %+v, %v", person, err)
					}
				}
				clock.move(1)
				if person, err := directory.Person(t.Context(), "U1"); (err == nil) != denied || person.Known != denied || person.Deleted != denied {
					t.Errorf("after five minutes: %+v, %v", person, err)
				}
				clock.move(time.Hour)
				if person, _ := directory.Person(t.Context(), "U1"); person.Deleted != denied {
					t.Errorf("after an hour: %+v", person)
				}
			})
		}
	}
}

// A refusal is an answer: what was known before it does not stand, also while Slack throttles afterwards.
func TestARefusedLookupForgets(t *testing.T) {
	for _, code := range []string{"user_not_found", "user_not_visible", "missing_scope", "invalid_auth", "invented_today"} {
		directory, server, clock := newDirectory(t, access.Policy{})
		server.set("users.info U1", aliceInfo)
		if _, err := directory.Person(t.Context(), "U1"); err != nil {
			t.Fatal(err)
		}
		server.set("users.info U1", `{"ok":false,"error":"`+code+`"}`)
		clock.move(30 * time.Second)
		for range 2 {
			if person, err := directory.Person(t.Context(), "U1"); err == nil || person.Known {
				t.Errorf("%s: %+v, %v", code, person, err)
			}
			server.throttle("5")
		}
		if person, ok := directory.Known("U1"); ok {
			t.Errorf("%s: %+v is still known", code, person)
		}
	}
}

// However many people act, looking them up again stays within what Slack allows in a minute.
func TestLookingUpAgainStaysWithinTheTier(t *testing.T) {
	const people, tier4 = 300, 100
	directory, server, clock := newDirectory(t, access.Policy{})
	for number := range people {
		id := fmt.Sprint("U", number)
		server.set("users.info "+id, `{"ok":true,"user":{"id":"`+id+`","team_id":"T1"}}`)
		if _, err := directory.Person(t.Context(), id); err != nil {
			t.Fatal(err)
		}
		clock.move(time.Second / 2)
	}
	var calls []int // at the end of each round of 10 s
	for round := range 60 {
		before := server.total()
		for number := range people {
			if person, err := directory.Person(t.Context(), fmt.Sprint("U", number)); err != nil || !person.Known {
				t.Fatalf("round %d: %+v, %v", round, person, err)
			}
		}
		calls = append(calls, server.total()-before)
		minute := 0
		for _, some := range calls[max(0, len(calls)-6):] {
			minute += some
		}
		if minute > tier4 {
			t.Fatalf("%d calls in a minute", minute)
		}
		if round > 6 && minute < tier4/2 {
			t.Fatalf("only %d calls in a minute: what Slack allows is left unused", minute)
		}
		clock.move(10 * time.Second)
	}
}

// Slack throttles a method, and not a person.
func TestThrottledForEverybody(t *testing.T) {
	directory, server, clock := newDirectory(t, access.Policy{})
	server.throttle("30")
	for number := range 20 {
		if person, err := directory.Person(t.Context(), fmt.Sprint("U", number)); err == nil || person.Known {
			t.Errorf("%+v, %v", person, err)
		}
	}
	if got := server.total(); got != 1 {
		t.Errorf("%d calls while Slack wants none", got)
	}
	clock.move(30 * time.Second)
	_, _ = directory.Person(t.Context(), "U1")
	if got := server.total(); got != 2 {
		t.Errorf("%d calls after that", got)
	}
}

func TestDirectoryWaitsAsLongAsSlackSays(t *testing.T) {
	for seconds, hold := range map[string]time.Duration{"30": 30 * time.Second, "3600": time.Minute} {
		directory, server, clock := newDirectory(t, access.Policy{})
		server.throttle(seconds)
		for _, by := range []time.Duration{0, hold - 1} {
			clock.move(by)
			if person, err := directory.Person(t.Context(), "U1"); err == nil || person.Known {
				t.Errorf("Person = %+v, %v; want an error", person, err)
			}
		}
		server.wantCalls(t, "users.info U1", 1)
		server.throttle("")
		server.set("users.info U1", aliceInfo)
		clock.move(1)
		if person, err := directory.Person(t.Context(), "U1"); err != nil || !person.Known {
			t.Errorf("Retry-After %s is over: Person = %+v, %v", seconds, person, err)
		}
	}
}
