package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/bot/access"
	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/meeting/meetingtest"
)

// finding are meetings that are called alike, of two hosts.
func finding(w *world) {
	w.meetings = nil
	add := func(id, subject string, host, minutes int) {
		m := booked(id, subject)
		m.End = m.End.Add(time.Duration(minutes) * time.Minute)
		if host == 2 {
			m.Host = meetingtest.Host{UUID: "host-2", Account: "stranger", Name: "Sam Stranger", Email: "stranger@acme.example"}
		}
		w.meetings = append(w.meetings, m)
	}
	add(theID, "Weekly product sync", 1, 0)
	add("914083137", "Weekly", 1, 5)
	add("914083138", "Sales weekly", 2, -5)
	add("914083139", "产品周会", 2, 10)
	add("777666555", "Sync with Olivia", 2, 15)
}

// searches gives the numbers of what somebody finds who types in a channel.
func (w *world) searches(user, text string) ([]string, error) {
	w.t.Helper()
	desk := w.inbox.desk.(*Desk)
	ctx := w.t.Context()
	in := desk.table.judged(ctx, desk.understand(ctx, sender{Team: theTeam, User: user, Channel: general}))
	found, err := desk.finder.search(ctx, in, text)
	var numbers []string
	for _, m := range found {
		if !m.sight.Shows(m.meeting) {
			w.t.Errorf("%s finds %s, and may not know of it", user, m.meeting.ID)
		}
		numbers = append(numbers, m.meeting.ID)
	}
	return numbers, err
}

func TestSearchPutsTheBestFirst(t *testing.T) {
	inBubble(t, finding, func(t *testing.T, w *world) {
		for _, test := range []struct{ user, text, want string }{
			{admin, "", "914083138 914083136 914083137 914083139 777666555"},
			{admin, "weekly", "914083137 914083138 914083136"},
			{admin, "  WEEKLY  Sync ", "914083136"},
			{admin, "wee", "914083138 914083136 914083137"},
			{admin, "olivia", "777666555 914083136 914083137"},
			{admin, "product olivia", "914083136"},
			{admin, "周会", "914083139"},
			{admin, "914083137", "914083137"},
			{admin, "914 083 13", "914083138 914083136 914083137 914083139"},
			{admin, "666", "777666555"},
			{admin, "66", ""},
			{admin, "nothing of the kind", ""},
			{owner, "", "914083136 914083137"},
			{owner, "sales", ""},
			{owner, "777666555", ""},
			{stranger, "weekly", "914083138"},
			{stranger, "product", ""},
			{nobody, "", ""},
		} {
			got, err := w.searches(test.user, test.text)
			if strings.Join(got, " ") != test.want || err != nil {
				t.Errorf("%s searches %q: %q, %v, want %q", test.user, test.text, got, err, test.want)
			}
		}
		if lists := w.service.Count(meetingtest.OpOnline); lists != 1 {
			t.Errorf("%d lists were read", lists)
		}
	})
}

// Who may extend from a channel finds what that channel watches, and no more.
func TestSearchFromAChannelThatWatches(t *testing.T) {
	inBubble(t, both(finding, allowedChannel(general)), func(t *testing.T, w *world) {
		if got, err := w.searches(nobody, ""); len(got) > 0 || err != nil {
			t.Errorf("before: %q, %v", got, err)
		}
		w.asks(admin, "watch 914083138 ask")
		if got, err := w.searches(stranger, ""); !slices.Equal(got, []string{"914083138", "914083139", "777666555"}) || err != nil {
			t.Errorf("somebody who hosts: %q, %v", got, err)
		}
		w.people.people[nobody] = ordinary(nobody, "nobody@acme.example", "en-US", "Europe/Berlin")
		if got, err := w.searches(nobody, "weekly"); !slices.Equal(got, []string{"914083138"}) || err != nil {
			t.Errorf("somebody who hosts nothing: %q, %v", got, err)
		}
	})
}

// While somebody types, the list may be older than for a command; where the service does not answer, older still. Nobody is
// told that nothing is theirs where that is not known.
func TestSearchWithoutAnAnswer(t *testing.T) {
	broken := errors.New("broken")
	inBubble(t, finding, func(t *testing.T, w *world) {
		if _, err := w.searches(admin, "weekly"); err != nil {
			t.Fatal(err)
		}
		fault(failing(broken), "Listed")(w)
		for _, test := range []struct {
			passes time.Duration
			found  bool
		}{{0, true}, {oldNames - time.Second, true}, {2 * time.Second, false}} {
			time.Sleep(test.passes)
			got, err := w.searches(admin, "weekly")
			if (len(got) == 3) != test.found || (err == nil) != test.found {
				t.Errorf("after %v: %q, %v", test.passes, got, err)
			}
		}
	})
	inBubble(t, both(finding, fault(failing(broken), "Accounts")), func(t *testing.T, w *world) {
		if got, err := w.searches(owner, "weekly"); err == nil {
			t.Errorf("accounts not to be had: %q and no error", got)
		}
	})
}

// A list of ten thousand meetings costs little at each key, for one who sees all and for a host.
func TestSearchIsQuick(t *testing.T) {
	list := manyRunning(10_000)
	names := namesOf(list, nil)
	began := time.Now()
	namesOf(list, nil)
	once := time.Since(began)
	for _, text := range []string{"w", "weekly", "planning 77", "zzz", "产品", "914", "host 12", strings.Repeat("weekly ", 70)} {
		var least time.Duration = time.Hour
		for range 5 {
			began := time.Now()
			s := soughtIn(text)
			for i := range names {
				names[i].rank(s)
			}
			least = min(least, time.Since(began))
		}
		if least > 100*time.Millisecond || least > 3*once+10*time.Millisecond {
			t.Errorf("%q: %v; the names were made comparable in %v", text, least, once)
		}
	}
}

// manyRunning are meetings as an enterprise has them.
func manyRunning(count int) []meeting.Meeting {
	subjects := []string{"Weekly planning %d", "Reunión semanal de diseño %d", "产品周会 第%d组", "1:1 with host %d", "Ünïted standup #%d 🎉"}
	list := make([]meeting.Meeting, count)
	for i := range list {
		list[i] = meeting.Meeting{
			ID: fmt.Sprint(914_000_000 + i), Subject: fmt.Sprintf(subjects[i%len(subjects)], i), HostName: fmt.Sprint("Host ", i%500),
			HostUUID: fmt.Sprint("host-", i%500), Start: noon, End: noon.Add(time.Duration(i%240) * time.Minute), People: 3,
		}
	}
	return list
}

// fixedList is a list without a service.
type fixedList struct {
	Extender
	list []meeting.Meeting
}

func (l fixedList) Listed(context.Context, time.Duration) ([]meeting.Meeting, error) {
	return l.list, nil
}

func BenchmarkSearch(b *testing.B) {
	list := manyRunning(10_000)
	f := &finder{running: &running{extender: fixedList{list: list}, now: time.Now}, gate: &access.Gate{Policy: access.Policy{Team: theTeam, AdminUsers: []string{admin}}}}
	in := interaction{subject: access.Subject{Person: ordinary(admin, "", "", "")}}
	for name, text := range map[string]string{"all": "", "many": "weekly", "few": "planning 77", "none": "zzz", "number": "914000"} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, err := f.search(b.Context(), in, text); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	b.Run("names", func(b *testing.B) {
		for b.Loop() {
			namesOf(list, nil)
		}
	})
}
