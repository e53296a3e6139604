package bot

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/bot/access"
	"github.com/overtime-bot/overtime/meeting"
)

func TestHostIsKeptForFiveMinutes(t *testing.T) {
	now, hosts := noon, &fakeHosts{email: "owner@acme.example"}
	cache := access.NewHostCache(hosts, func() time.Time { return now })
	m := theMeeting()
	for _, step := range []struct {
		after time.Duration
		calls int
	}{{0, 1}, {time.Minute, 1}, {access.HostFor - time.Second, 1}, {access.HostFor, 2}, {access.HostFor + time.Minute, 2}, {2 * access.HostFor, 3}} {
		now = noon.Add(step.after)
		host, err := cache.Lookup(t.Context(), m)
		if err != nil || host.Failed || host.Email != "owner@acme.example" {
			t.Fatalf("%+v, %v", host, err)
		}
		if hosts.calls != step.calls {
			t.Errorf("after %v: %d look-ups, want %d", step.after, hosts.calls, step.calls)
		}
	}
}

func TestFailedHostIsNotKept(t *testing.T) {
	hosts := &fakeHosts{err: errors.New("not now")}
	cache := access.NewHostCache(hosts, func() time.Time { return noon })
	if host, err := cache.Lookup(t.Context(), theMeeting()); err == nil || !host.Failed || host.Email != "" {
		t.Errorf("%+v, %v", host, err)
	}
	hosts.err, hosts.email = nil, "owner@acme.example"
	if host, err := cache.Lookup(t.Context(), theMeeting()); err != nil || host.Failed || host.Email == "" {
		t.Errorf("%+v, %v", host, err)
	}
}

// A host without a UUID is never taken for another one without.
func TestHostWithoutUUID(t *testing.T) {
	cache := access.NewHostCache(hostsByMeeting{}, func() time.Time { return noon })
	for _, id := range []string{"1", "2"} {
		host, err := cache.Lookup(t.Context(), meeting.Meeting{ID: id})
		if err != nil || host.Email != id+"@acme.example" {
			t.Errorf("%+v, %v", host, err)
		}
	}
}

type hostsByMeeting struct{ Hosts }

func (hostsByMeeting) Host(_ context.Context, id string) (meeting.Host, error) {
	return meeting.Host{Email: id + "@acme.example"}, nil
}

func TestHostsAreBounded(t *testing.T) {
	cache := access.NewHostCache(nil, func() time.Time { return noon })
	for i := range 3 * access.HostsMax {
		cache.Keep(meeting.Host{UUID: fmt.Sprint(i), Email: "x"})
		if len(cache.Known) > access.HostsMax {
			t.Fatalf("%d hosts are kept", len(cache.Known))
		}
	}
	if _, ok := cache.Cached(fmt.Sprint(3*access.HostsMax - 1)); !ok {
		t.Error("the last one is forgotten")
	}
}

// One list looks up each host once, and no more hosts than it may.
func TestListLooksUpEachHostOnce(t *testing.T) {
	for _, test := range []struct {
		name           string
		uuid           func(int) string
		meetings, want int
	}{
		{"one host", func(int) string { return "host-1" }, 1, 1},
		{"many hosts", func(i int) string { return fmt.Sprint("h", i) }, 3 * hostLookups, hostLookups},
		{"hosts without UUID", func(int) string { return "" }, 3 * hostLookups, hostLookups},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := newWorld(t)
			many(test.meetings, func(i int) string { return fmt.Sprint(i) })(w)
			for i := range w.scheduler.meetings {
				w.scheduler.meetings[i].HostUUID = test.uuid(i)
			}
			w.build()
			w.asks(owner, "list")
			if w.hosts.calls != test.want {
				t.Errorf("%d look-ups, want %d", w.hosts.calls, test.want)
			}
		})
	}
}

func TestListSurvivesAPanicOfAHostLookup(t *testing.T) {
	w := newWorld(t)
	w.build()
	w.bot.hosts = access.NewHostCache(nil, w.now) // whose look-ups panic
	if reply := w.asks(owner, "list"); reply.Tone != Trouble || len(lint(render(reply))) > 0 {
		t.Errorf("%+v", reply)
	}
	if w.log.count("looking up a host panicked") != 1 {
		t.Error(w.log)
	}
}
