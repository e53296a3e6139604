package access_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/bot/access"
	"github.com/overtime-bot/overtime/meeting"
)

// hostFinder knows a host for each meeting: h1@example.com of UUID h1 hosts the meeting 1.
type hostFinder struct {
	withoutUUID bool
	err         error
	calls       int

	book      []meeting.Host // what a search of the address book finds; h1 at least
	bookErr   error
	bookCalls int
}

func (f *hostFinder) Accounts(_ context.Context, email string) ([]meeting.Host, error) {
	f.bookCalls++
	if f.book != nil || f.bookErr != nil {
		return f.book, f.bookErr
	}
	return []meeting.Host{{UUID: "h1", Email: "H1@Example.com"}, {UUID: "h2", Email: "h2@example.com"}}, nil
}

func (f *hostFinder) Host(_ context.Context, id string) (meeting.Host, error) {
	f.calls++
	host := meeting.Host{UUID: "h" + id, Email: "h" + id + "@example.com"}
	if f.withoutUUID {
		host.UUID = ""
	}
	if f.err != nil {
		return meeting.Host{}, f.err
	}
	return host, nil
}

// hosted is a meeting by its number, as hostFinder knows it.
func hosted(id string) meeting.Meeting { return meeting.Meeting{ID: id, HostUUID: "h" + id} }

func TestHostsAreKeptForFiveMinutes(t *testing.T) {
	finder, clock := &hostFinder{}, &lookupClock{now: time.Date(2026, 11, 22, 14, 0, 0, 0, time.UTC)}
	hosts := access.NewHosts(finder, clock.Now)
	if email, known := hosts.Known(hosted("1")); known {
		t.Errorf("%q is known before anybody asked", email)
	}
	for _, step := range []struct {
		by    time.Duration
		calls int
	}{{0, 1}, {time.Minute, 1}, {4*time.Minute - 1, 1}, {1, 2}, {time.Minute, 2}, {4 * time.Minute, 3}, {-time.Minute, 4}} { // at last the clock is put back
		clock.move(step.by)
		host, err := hosts.Lookup(t.Context(), hosted("1"))
		if err != nil || host != (access.HostLookup{Email: "h1@example.com"}) {
			t.Fatalf("%+v, %v", host, err)
		}
		if email, known := hosts.Known(hosted("1")); !known || email != host.Email {
			t.Errorf("%q, %t is known", email, known)
		}
		if finder.calls != step.calls {
			t.Errorf("%v later: %d look-ups, want %d", step.by, finder.calls, step.calls)
		}
	}
}

// A person hosts the meetings of the accounts that have their address, and only those.
func TestHostsFor(t *testing.T) {
	person := access.Person{Email: "h1@example.com", EmailConfirmed: true}
	unconfirmed := access.Person{Email: "h1@example.com"}
	for name, test := range map[string]struct {
		person    access.Person
		book      []meeting.Host
		bookErr   error
		meeting   meeting.Meeting
		want      access.HostLookup
		bookCalls int
		calls     int // about the meeting
	}{
		"theirs":              {person: person, meeting: hosted("1"), want: access.HostLookup{Email: "h1@example.com"}, bookCalls: 1},
		"another's":           {person: person, meeting: hosted("2"), bookCalls: 1},
		"nobody's":            {person: person, meeting: meeting.Meeting{ID: "1"}, bookCalls: 1},
		"not confirmed":       {person: unconfirmed, meeting: hosted("1")},
		"no address":          {person: access.Person{EmailConfirmed: true}, meeting: hosted("1")},
		"the second of two":   {person: person, book: []meeting.Host{{UUID: "a", Email: "h1@example.com"}, {UUID: "h1", Email: "h1@example.com"}}, meeting: hosted("1"), want: access.HostLookup{Email: "h1@example.com"}, bookCalls: 1},
		"found by the search": {person: person, book: []meeting.Host{{UUID: "h1", Email: "xh1@example.com"}, {UUID: "h1", Account: "h1@example.com"}}, meeting: hosted("1"), bookCalls: 1},
		"account without ID":  {person: person, book: []meeting.Host{{Email: "h1@example.com"}}, meeting: meeting.Meeting{ID: "1"}, bookCalls: 1},
		"like it in Unicode":  {person: access.Person{Email: "mike@example.com", EmailConfirmed: true}, book: []meeting.Host{{UUID: "h1", Email: "mi\u212ae@example.com"}}, meeting: hosted("1"), bookCalls: 1},
		"not to be found out": {person: person, bookErr: errors.New("not now"), meeting: hosted("1"), want: access.HostLookup{Failed: true}, bookCalls: 2},
		"no address book":     {person: person, bookErr: &meeting.Error{Kind: meeting.ErrForbidden}, meeting: hosted("1"), want: access.HostLookup{Email: "h1@example.com"}, bookCalls: 1, calls: 1},
	} {
		finder := &hostFinder{book: test.book, bookErr: test.bookErr}
		hosts := access.NewHosts(finder, time.Now)
		for range 2 {
			got, err := hosts.For(t.Context(), test.person, test.meeting)
			if got != test.want || (err != nil) != test.want.Failed {
				t.Errorf("%s: %+v, %v; want %+v", name, got, err, test.want)
			}
		}
		if finder.bookCalls != test.bookCalls || finder.calls != test.calls {
			t.Errorf("%s: %d searches and %d details, want %d and %d", name, finder.bookCalls, finder.calls, test.bookCalls, test.calls)
		}
	}
}

// The accounts of a person are searched for again after 30 s. Where the service does not tell, what is known stands for five
// minutes.
func TestAccountsAreFreshForThirtySeconds(t *testing.T) {
	finder, clock := &hostFinder{}, &lookupClock{now: time.Date(2026, 11, 22, 14, 0, 0, 0, time.UTC)}
	hosts := access.NewHosts(finder, clock.Now)
	person := access.Person{Email: "h1@example.com", EmailConfirmed: true}
	down, moved := errors.New("not now"), []meeting.Host{{UUID: "h1", Email: "another@example.com"}}
	for i, step := range []struct {
		by    time.Duration
		err   error
		book  []meeting.Host
		hosts bool
		fails bool
		calls int
	}{
		{0, nil, nil, true, false, 1},
		{30*time.Second - 1, nil, nil, true, false, 1},
		{1, down, nil, true, false, 2},
		{4*time.Minute + 30*time.Second - 1, down, nil, true, false, 3},
		{1, down, nil, false, true, 4},
		{0, nil, nil, true, false, 5},
		{30 * time.Second, nil, moved, false, false, 6},
	} {
		clock.move(step.by)
		finder.bookErr, finder.book = step.err, step.book
		host, err := hosts.For(t.Context(), person, hosted("1"))
		if person.Hosts(host.Email) != step.hosts || (err != nil) != step.fails || finder.bookCalls != step.calls {
			t.Errorf("step %d: %+v, %v after %d searches; want %+v", i, host, err, finder.bookCalls, step)
		}
	}
}

func TestFailedHostIsNotKept(t *testing.T) {
	finder := &hostFinder{err: errors.New("not now")}
	hosts := access.NewHosts(finder, time.Now)
	if host, err := hosts.Lookup(t.Context(), hosted("1")); !errors.Is(err, finder.err) || !host.Failed || host.Email != "" {
		t.Errorf("%+v, %v", host, err)
	}
	finder.err = nil
	if host, err := hosts.Lookup(t.Context(), hosted("1")); err != nil || host.Failed || host.Email == "" {
		t.Errorf("%+v, %v", host, err)
	}
}

// A host without a UUID is never taken for another one without.
func TestHostWithoutUUID(t *testing.T) {
	hosts := access.NewHosts(&hostFinder{withoutUUID: true}, time.Now)
	for _, id := range []string{"1", "2"} {
		host, err := hosts.Lookup(t.Context(), meeting.Meeting{ID: id})
		if err != nil || host.Email != "h"+id+"@example.com" {
			t.Errorf("%+v, %v", host, err)
		}
		if _, known := hosts.Known(meeting.Meeting{ID: id}); known {
			t.Errorf("the host of meeting %s is kept", id)
		}
	}
}

func TestHostsAreBounded(t *testing.T) {
	const most = 10_000
	now := time.Now()
	hosts := access.NewHosts(&hostFinder{}, func() time.Time { return now })
	for i := range most + 5 {
		if _, err := hosts.Lookup(t.Context(), hosted(fmt.Sprint(i))); err != nil {
			t.Fatal(err)
		}
	}
	for i := range most + 5 {
		if _, known := hosts.Known(hosted(fmt.Sprint(i))); known != (i >= 5) {
			t.Fatalf("host %d of %d is known: %t; want the newest %d to be", i, most+5, known, most)
		}
	}
}
