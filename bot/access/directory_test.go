package access_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/overtime-bot/overtime/bot/access"
	"github.com/slack-go/slack"
)

// lookupServer answers the three methods with raw JSON, and counts the calls.
type lookupServer struct {
	mutex   sync.Mutex
	answers map[string]string // by method and ID, as "users.info U1"
	calls   map[string]int
	retry   string // Retry-After: everything is answered 429
	status  int    // everything is answered with it
}

func (s *lookupServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	key := r.URL.Path[1:] + " " + r.FormValue("user") + r.FormValue("usergroup") + r.FormValue("channel") + r.FormValue("email")
	s.calls[key]++
	w.Header().Set("Content-Type", "application/json")
	if s.retry != "" {
		w.Header().Set("Retry-After", s.retry)
		w.WriteHeader(http.StatusTooManyRequests)
		return
	}
	if s.status != 0 {
		w.WriteHeader(s.status)
		return
	}
	answer, ok := s.answers[key]
	if !ok {
		answer = `{"ok":false,"error":"internal_error"}`
	}
	fmt.Fprint(w, answer)
}

func (s *lookupServer) set(key, answer string) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.answers[key] = answer
}

func (s *lookupServer) throttle(seconds string) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.retry = seconds
}

func (s *lookupServer) fail(status int) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.status = status
}

// total is how many calls there were.
func (s *lookupServer) total() int {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	total := 0
	for _, calls := range s.calls {
		total += calls
	}
	return total
}

func (s *lookupServer) wantCalls(t *testing.T, key string, want int) {
	t.Helper()
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.calls[key] != want {
		t.Errorf("%s was called %d times, want %d", key, s.calls[key], want)
	}
}

// lookupClock is moved by hand.
type lookupClock struct {
	mutex sync.Mutex
	now   time.Time
}

func (c *lookupClock) Now() time.Time {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return c.now
}

func (c *lookupClock) move(by time.Duration) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.now = c.now.Add(by)
}

func newDirectory(t *testing.T, policy access.Policy) (*access.Directory, *lookupServer, *lookupClock) {
	t.Helper()
	handler := &lookupServer{answers: map[string]string{}, calls: map[string]int{}}
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	clock := &lookupClock{now: time.Date(2026, 11, 22, 14, 0, 0, 0, time.UTC)}
	client := slack.New("xoxb-test", slack.OptionAPIURL(server.URL+"/"), slack.OptionHTTPClient(server.Client()))
	return access.NewDirectory(access.DirectoryConfig{
		API: client, Policy: policy, Now: clock.Now, Logger: slog.New(slog.DiscardHandler),
	}), handler, clock
}

const aliceInfo = `{"ok":true,"user":{"id":"U1","team_id":"T1","name":"alice","deleted":false,"tz":"Europe/Madrid",
	"is_bot":false,"is_restricted":false,"is_ultra_restricted":false,"is_email_confirmed":true,"locale":"es-ES",
	"profile":{"email":"alice@example.com"},
	"enterprise_user":{"id":"W1","enterprise_id":"E1","enterprise_name":"Acme","teams":["T1","T9"]}}}`

func TestDirectoryPerson(t *testing.T) {
	for name, test := range map[string]struct {
		answer string
		want   access.Person
	}{
		"a member": {aliceInfo, access.Person{
			ID: "U1", GridID: "W1", Known: true, TeamID: "T1", EnterpriseID: "E1", Email: "alice@example.com", EmailConfirmed: true,
			Locale: "es-ES", Zone: "Europe/Madrid",
		}},
		"nothing said": {
			`{"ok":true,"user":{"id":"U1","team_id":"T2"}}`,
			access.Person{ID: "U1", Known: true, TeamID: "T2"},
		},
		"guest of many channels":  {flaggedInfo("is_restricted"), access.Person{ID: "U1", Known: true, Guest: true}},
		"guest of one channel":    {flaggedInfo("is_ultra_restricted"), access.Person{ID: "U1", Known: true, Guest: true}},
		"bot":                     {flaggedInfo("is_bot"), access.Person{ID: "U1", Known: true, Bot: true}},
		"workflow":                {flaggedInfo("is_workflow_bot"), access.Person{ID: "U1", Known: true, Bot: true}},
		"connector":               {flaggedInfo("is_connector_bot"), access.Person{ID: "U1", Known: true, Bot: true}},
		"deactivated":             {flaggedInfo("deleted"), access.Person{ID: "U1", Known: true, Deleted: true}},
		"stranger":                {flaggedInfo("is_stranger"), access.Person{ID: "U1", Known: true, Stranger: true}},
		"someone who uses an app": {flaggedInfo("is_app_user"), access.Person{ID: "U1", Known: true}},
	} {
		t.Run(name, func(t *testing.T) {
			directory, server, _ := newDirectory(t, access.Policy{})
			server.set("users.info U1", test.answer)
			got, err := directory.Person(t.Context(), "U1")
			if diff := cmp.Diff(test.want, got); diff != "" || err != nil {
				t.Errorf("error %v, (-want +got):\n%s", err, diff)
			}
		})
	}
}

func flaggedInfo(field string) string { return `{"ok":true,"user":{"id":"U1","` + field + `":true}}` }

func TestDirectoryKnowsSlackbot(t *testing.T) {
	directory, server, _ := newDirectory(t, access.Policy{})
	server.set("users.info USLACKBOT", `{"ok":true,"user":{"id":"USLACKBOT","team_id":"T1","is_bot":false}}`)
	if got, err := directory.Person(t.Context(), "USLACKBOT"); err != nil || !got.Bot {
		t.Errorf("Person = %+v, %v; want a bot", got, err)
	}
}

func TestDirectoryPersonUnknown(t *testing.T) {
	directory, server, _ := newDirectory(t, access.Policy{})
	for name, answer := range map[string]string{
		"refused":      `{"ok":false,"error":"user_not_found"}`,
		"no JSON":      `<html>`,
		"someone else": `{"ok":true,"user":{"id":"U2","team_id":"T1"}}`,
		"nobody":       `{"ok":true}`,
	} {
		server.set("users.info U1", answer)
		got, err := directory.Person(t.Context(), "U1")
		if err == nil || got != (access.Person{ID: "U1"}) {
			t.Errorf("%s: Person = %+v, %v; want an unknown one and an error", name, got, err)
		}
	}
	server.set("users.info U1", aliceInfo)
	if got, err := directory.Person(t.Context(), "U1"); err != nil || !got.Known {
		t.Errorf("Person = %+v, %v; want a failure not to last", got, err)
	}
	if got, err := directory.Person(t.Context(), ""); err == nil || got.Known {
		t.Errorf("Person of no ID = %+v, %v", got, err)
	}
	server.wantCalls(t, "users.info ", 0)
}

func TestDirectoryGroups(t *testing.T) {
	policy := access.Policy{AdminGroups: []string{"S1", "S2"}, AllowedGroups: []string{"S2", "S3"}}
	directory, server, _ := newDirectory(t, policy)
	server.set("usergroups.users.list S1", `{"ok":true,"users":["U9","U1","U5"]}`)
	server.set("usergroups.users.list S2", `{"ok":true,"users":[]}`)
	server.set("usergroups.users.list S4", `{"ok":true,"users":["U1"]}`)
	want := map[string]access.Membership{"S1": access.Member, "S2": access.NotMember, "S3": access.MembershipUnknown}
	if diff := cmp.Diff(want, directory.Groups(t.Context(), "U1")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	want["S1"] = access.NotMember
	if diff := cmp.Diff(want, directory.Groups(t.Context(), "U2")); diff != "" {
		t.Errorf("someone else (-want +got):\n%s", diff)
	}
	server.wantCalls(t, "usergroups.users.list S1", 1)
	server.wantCalls(t, "usergroups.users.list S2", 1)
	server.wantCalls(t, "usergroups.users.list S3", 2) // a failure is not kept
	server.wantCalls(t, "usergroups.users.list S4", 0) // not configured
}

func TestDirectoryForgetsAGroupAfterFiveMinutes(t *testing.T) {
	directory, server, clock := newDirectory(t, access.Policy{AllowedGroups: []string{"S1"}})
	membership := func() access.Membership { return directory.Groups(t.Context(), "U1")["S1"] }
	server.set("usergroups.users.list S1", `{"ok":true,"users":["U1"]}`)
	if got := membership(); got != access.Member {
		t.Fatalf("membership is %v", got)
	}
	server.set("usergroups.users.list S1", `{"ok":false,"error":"internal_error"}`)
	clock.move(5*time.Minute - 1)
	if got := membership(); got != access.Member {
		t.Errorf("just under five minutes: membership is %v", got)
	}
	clock.move(1)
	if got := membership(); got != access.MembershipUnknown {
		t.Errorf("after five minutes: membership is %v, want unknown", got)
	}
	server.set("usergroups.users.list S1", `{"ok":true,"users":["U2"]}`)
	if got := membership(); got != access.NotMember {
		t.Errorf("after it left: membership is %v", got)
	}
}

func TestDirectoryChannel(t *testing.T) {
	for flag, want := range map[string]access.Channel{
		"is_channel":            {ID: "C1", Known: true},
		"is_private":            {ID: "C1", Known: true},
		"is_org_shared":         {ID: "C1", Known: true},
		"is_ext_shared":         {ID: "C1", Known: true, ExtShared: true},
		"is_pending_ext_shared": {ID: "C1", Known: true, ExtShared: true},
		"is_im":                 {ID: "C1", Known: true, IM: true},
		"is_mpim":               {ID: "C1", Known: true, IM: true},
	} {
		directory, server, clock := newDirectory(t, access.Policy{})
		server.set("conversations.info C1", `{"ok":true,"channel":{"id":"C1","`+flag+`":true}}`)
		for range 2 {
			if got, err := directory.Channel(t.Context(), "C1"); err != nil || got != want {
				t.Errorf("%s: Channel = %+v, %v; want %+v", flag, got, err, want)
			}
		}
		server.wantCalls(t, "conversations.info C1", 1)
		clock.move(5 * time.Minute)
		server.set("conversations.info C1", `{"ok":false,"error":"channel_not_found"}`)
		if got, err := directory.Channel(t.Context(), "C1"); err == nil || got != (access.Channel{ID: "C1"}) {
			t.Errorf("%s: Channel = %+v, %v; want an unknown one and an error", flag, got, err)
		}
	}
}

func TestDirectoryAsksOnceForAllWhoWait(t *testing.T) {
	directory, server, _ := newDirectory(t, access.Policy{AllowedGroups: []string{"S1"}})
	server.set("users.info U1", aliceInfo)
	server.set("usergroups.users.list S1", `{"ok":true,"users":["U1"]}`)
	var waiting sync.WaitGroup
	for range 32 {
		waiting.Go(func() {
			if person, err := directory.Person(t.Context(), "U1"); err != nil || person.TeamID != "T1" {
				t.Errorf("Person = %+v, %v", person, err)
			}
			if got := directory.Groups(t.Context(), "U1")["S1"]; got != access.Member {
				t.Errorf("membership is %v", got)
			}
		})
	}
	waiting.Wait()
	server.wantCalls(t, "users.info U1", 1)
	server.wantCalls(t, "usergroups.users.list S1", 1)
}

// slowLookups answers when it is told to, or when the context ends.
type slowLookups struct {
	access.DirectoryAPI
	calls  int
	answer chan struct{}
}

func (a *slowLookups) GetUserInfoContext(ctx context.Context, id string, _ ...slack.GetUserInfoOption) (*slack.User, error) {
	a.calls++
	select {
	case <-a.answer:
		return &slack.User{ID: id}, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func directoryOf(api access.DirectoryAPI) *access.Directory {
	return access.NewDirectory(access.DirectoryConfig{API: api, Now: time.Now, Logger: slog.New(slog.DiscardHandler)})
}

func TestDirectoryWaitsThreeSeconds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		directory := directoryOf(&slowLookups{answer: make(chan struct{})})
		start := time.Now()
		person, err := directory.Person(t.Context(), "U1")
		if took := time.Since(start); !errors.Is(err, context.DeadlineExceeded) || person.Known || took != 3*time.Second {
			t.Errorf("Person = %+v, %v after %v; want a deadline exceeded after 3s", person, err, took)
		}
	})
}

// One who gives up must not take the answer from those who wait with them.
func TestDirectoryOutlivesTheOneWhoAskedFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := &slowLookups{answer: make(chan struct{})}
		directory := directoryOf(api)
		first, giveUp := context.WithCancel(t.Context())
		var waiting sync.WaitGroup
		for _, ctx := range []context.Context{first, t.Context()} {
			waiting.Go(func() {
				if person, err := directory.Person(ctx, "U1"); err != nil || !person.Known {
					t.Errorf("Person = %+v, %v", person, err)
				}
			})
			synctest.Wait()
		}
		giveUp()
		synctest.Wait()
		close(api.answer)
		waiting.Wait()
		if _, err := directory.Person(first, "U2"); !errors.Is(err, context.Canceled) || api.calls != 1 {
			t.Errorf("error %v after %d calls; want one call, and none for a context that has ended", err, api.calls)
		}
	})
}

// quickLookups knows everybody.
type quickLookups struct {
	access.DirectoryAPI
	calls int
}

func (a *quickLookups) GetUserInfoContext(_ context.Context, id string, _ ...slack.GetUserInfoOption) (*slack.User, error) {
	a.calls++
	return &slack.User{ID: id}, nil
}

func TestDirectoryKeepsTheNewest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const size = 4096
		api := &quickLookups{}
		directory := directoryOf(api)
		ask := func(number, calls int) {
			t.Helper()
			if _, err := directory.Person(t.Context(), fmt.Sprintf("U%d", number)); err != nil || api.calls != calls {
				t.Fatalf("U%d: error %v, %d calls; want %d", number, err, api.calls, calls)
			}
			time.Sleep(time.Millisecond)
		}
		for number := range size {
			ask(number, number+1)
		}
		ask(0, size)      // all are kept
		ask(size, size+1) // takes the place of the oldest
		ask(1, size+1)
		ask(0, size+2)
		ask(1, size+3)
		ask(size, size+3)
	})
}

// An account is found by its address, in any case; one that nobody has is no error, and both are kept.
func TestDirectoryByEmail(t *testing.T) {
	directory, server, clock := newDirectory(t, access.Policy{})
	server.set("users.lookupByEmail alice@example.com", aliceInfo)
	server.set("users.info U1", aliceInfo)
	server.set("users.lookupByEmail nobody@example.com", `{"ok":false,"error":"users_not_found"}`)
	for range 2 {
		if person, err := directory.ByEmail(t.Context(), " Alice@Example.com "); err != nil || person.ID != "U1" || person.Locale != "es-ES" {
			t.Errorf("%+v, %v", person, err)
		}
		if person, err := directory.ByEmail(t.Context(), "nobody@example.com"); err != nil || person.Known {
			t.Errorf("%+v, %v", person, err)
		}
	}
	server.wantCalls(t, "users.lookupByEmail alice@example.com", 1)
	server.wantCalls(t, "users.lookupByEmail nobody@example.com", 1)
	server.set("users.lookupByEmail alice@example.com", `{"ok":false,"error":"missing_scope"}`)
	clock.move(5 * time.Minute)
	if person, err := directory.ByEmail(t.Context(), "alice@example.com"); err == nil || person.Known || strings.Contains(err.Error(), "alice") {
		t.Errorf("a look-up that fails: %+v, %v", person, err)
	}
	if person, err := directory.ByEmail(t.Context(), " "); err == nil || person.Known {
		t.Errorf("no address: %+v, %v", person, err)
	}
}
