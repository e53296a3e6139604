package meeting_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/meeting/meetingtest"
)

// played are readings that hold together.
type played struct{ meetingtest.Readings }

// ordinary accounts are no administrators: only for them it matters that queryAll is ignored or honoured.
func (p played) ordinary() bool {
	return p.QueryAll == meetingtest.Ignored || p.QueryAll == meetingtest.Honoured
}

// own lists are the account's own, or not known to be more.
func (p played) own() bool {
	return p.ordinary() || p.QueryAll == meetingtest.Refused || p.AccountUntold
}

// hidden is the host's password of others' meetings.
func (p played) hidden() bool { return p.ordinary() || p.Passwords != meetingtest.ToAdmins }

var bookedFrom = time.Date(2026, 3, 4, 9, 0, 0, 0, time.UTC)

// service has a meeting of the account's own, one in a room of its own, one of somebody else that it is invited to, one that
// it is not, and a booking.
func (p played) service() *meetingtest.Server {
	config := meetingtest.Config{
		Account: "bot", Password: loginPassword, AccountUUID: "uuid-bot", Quota: -1,
		NotAdmin: p.ordinary(), Readings: p.Readings,
	}
	s := meetingtest.New(config)
	own, other := meetingtest.Host{UUID: "uuid-bot", Account: "bot"}, meetingtest.Host{UUID: "uuid-ana", Account: "ana"}
	end := bookedFrom.Add(90 * time.Minute)
	onTime := 0
	for id, m := range map[string]meetingtest.Meeting{
		"914083101": {Host: own, Subject: "Own"},
		"914083102": {Host: own, Subject: "Room", RoomID: "980001"},
		"914083103": {Host: other, Subject: "Invited", Invited: []meetingtest.Person{{UUID: "uuid-bot", Account: "bot"}}},
		"914083104": {Host: other, Subject: "Others'"},
	} {
		m.ID, m.Start, m.End, m.People, m.ProlongMinutes, m.ChairPassword = id, bookedFrom, end, 3, &onTime, chairPassword
		s.Add(m)
	}
	s.Add(meetingtest.Meeting{ID: "914083105", Host: own, RoomID: "980001", Start: end.Add(time.Hour), End: end.Add(2 * time.Hour)})
	return s
}

// Each reading of each open fact, alone and with each of every other: what can be seen is seen as it is, with its true
// end, and what the password is known of is extended, once and by what was asked.
func TestReadings(t *testing.T) {
	for _, all := range []map[string]meetingtest.Readings{{"usual": {}}, meetingtest.Alternatives(), meetingtest.Pairs()} {
		for name, readings := range all {
			t.Run(name, func(t *testing.T) { synctest.Test(t, played{readings}.play) })
		}
	}
}

func (p played) play(t *testing.T) {
	time.Sleep(time.Until(bookedFrom.Add(time.Minute)))
	s := p.service()
	defer s.Close()
	client, err := meeting.New(meeting.Config{
		BaseURL: "https://service.example", Account: "bot", Password: loginPassword, QueryAll: true, Transport: s.Transport(),
	})
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close(t.Context())
	p.check(t, s, client)
}

func (p played) check(t *testing.T, s *meetingtest.Server, client *meeting.Client) {
	t.Helper()
	own := p.own()
	running, err := client.Running(t.Context())
	if err != nil {
		t.Errorf("%v", err)
		return
	}
	extendable := 0
	for _, m := range running {
		if !m.Start.Equal(bookedFrom) || !m.End.Equal(bookedFrom.Add(90*time.Minute)) {
			t.Errorf("%s from %v to %v", m.ID, m.Start, m.End)
		}
		if m.Extendable {
			extendable++
		}
		p.extend(t, s, client, m)
	}
	view := client.View()
	if view.Meetings != len(running) || view.Unreadable != 0 || view.Extendable != extendable || view.All == own {
		t.Errorf("%+v of %d meetings, %d of them to be extended", view, len(running), extendable)
	}
	if len(running) < 3 || extendable < 1 || !p.hidden() && !own && extendable != len(running) {
		t.Errorf("%d meetings, %d to be extended", len(running), extendable)
	}
	bookings, err := client.Scheduled(t.Context(), bookedFrom.Add(24*time.Hour))
	if err != nil || len(bookings) != 1 || !bookings[0].Start.Equal(bookedFrom.Add(150*time.Minute)) || client.SeesAll() == own {
		t.Errorf("%v %v, of all: %v", bookings, err, client.SeesAll())
	}
	for range 5 {
		_, _ = client.Running(t.Context())
		_, _ = client.Scheduled(t.Context(), bookedFrom.Add(24*time.Hour))
	}
	s.ExpireTokens()
	if again, err := client.Running(t.Context()); err != nil || len(again) != len(running) {
		t.Errorf("after the token's end %d meetings, %v", len(again), err)
	}
	if logins := s.Count(meetingtest.OpLogin); logins > 3 {
		t.Errorf("%d logins", logins)
	}
}

func (p played) extend(t *testing.T, s *meetingtest.Server, client *meeting.Client, m meeting.Meeting) {
	t.Helper()
	err := client.Extend(t.Context(), m.ID, 15)
	effects := s.Effects(m.ID)
	if (err == nil) != m.Extendable || len(effects) != map[bool]int{true: 1}[m.Extendable] {
		t.Errorf("%s, to be extended: %v, got %v and %d effects", m.ID, m.Extendable, err, len(effects))
		return
	}
	if err != nil {
		return
	}
	read, err := client.Get(t.Context(), m.ID)
	if err != nil || !read.End.Equal(m.End.Add(15*time.Minute)) || !read.Start.Equal(m.Start) {
		t.Errorf("%s ends %v, %v", m.ID, read.End, err)
	}
}
