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
