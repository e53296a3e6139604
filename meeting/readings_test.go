package meeting_test

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/meeting/meetingtest"
)

// reading is one way in which the service may behave where its reference leaves it open.
type reading struct {
	change   func(*meetingtest.Readings)
	ordinary bool // matters to an account that is no administrator
	own      bool // lists are then known to be the account's own, or not known to be more
	hidden   bool // the host's password of others' meetings is then not seen
}

// readings are all of them. The tests play each alone, and those of different facts in pairs.
var readings = map[string]map[string]reading{
	"passwords": {
		"to hosts":  {change: func(r *meetingtest.Readings) { r.Passwords = meetingtest.ToHosts }, hidden: true},
		"to nobody": {change: func(r *meetingtest.Readings) { r.Passwords = meetingtest.ToNobody }, hidden: true},
	},
	"queryAll": {
		"refused":     {change: func(r *meetingtest.Readings) { r.QueryAll = meetingtest.Refused }, own: true},
		"refused 400": {change: func(r *meetingtest.Readings) { r.QueryAll, r.QueryAllStatus = meetingtest.Refused, 400 }, own: true},
		"refused 401": {change: func(r *meetingtest.Readings) { r.QueryAll, r.QueryAllStatus = meetingtest.Refused, 401 }, own: true},
		"refused 404": {change: func(r *meetingtest.Readings) { r.QueryAll, r.QueryAllStatus = meetingtest.Refused, 404 }, own: true},
		"refused 412": {change: func(r *meetingtest.Readings) { r.QueryAll, r.QueryAllStatus = meetingtest.Refused, 412 }, own: true},
		"refused 422": {change: func(r *meetingtest.Readings) { r.QueryAll, r.QueryAllStatus = meetingtest.Refused, 422 }, own: true},
		"ignored":     {change: func(r *meetingtest.Readings) { r.QueryAll = meetingtest.Ignored }, ordinary: true, own: true},
		"honoured":    {change: func(r *meetingtest.Readings) { r.QueryAll = meetingtest.Honoured }, ordinary: true, own: true, hidden: true},
	},
	"account": {"untold": {change: func(r *meetingtest.Readings) { r.AccountUntold = true }, own: true}},
	"times": {
		"RFC 3339":             {change: func(r *meetingtest.Readings) { r.Times = meetingtest.RFC3339 }},
		"milliseconds":         {change: func(r *meetingtest.Readings) { r.Times = meetingtest.Milliseconds }},
		"milliseconds as text": {change: func(r *meetingtest.Readings) { r.Times = meetingtest.MillisecondsAsText }},
		"with blanks":          {change: func(r *meetingtest.Readings) { r.Times = meetingtest.WithBlanks }},
	},
	"role": {
		"as text": {change: func(r *meetingtest.Readings) { r.Role = meetingtest.RoleAsText }},
		"absent":  {change: func(r *meetingtest.Readings) { r.Role = meetingtest.RoleAbsent }},
		"null":    {change: func(r *meetingtest.Readings) { r.Role = meetingtest.RoleNull }},
	},
	"password status": {
		"401": {change: func(r *meetingtest.Readings) { r.PasswordStatus = 401 }},
		"403": {change: func(r *meetingtest.Readings) { r.PasswordStatus = 403 }},
	},
	"guests":  {"refused": {change: func(r *meetingtest.Readings) { r.GuestsRefused = true }}},
	"longest": {"60": {change: func(r *meetingtest.Readings) { r.Longest = 60 }}},
	"auto":    {"once": {change: func(r *meetingtest.Readings) { r.AutoOnce = true }}},
	"rooms":   {"overlap": {change: func(r *meetingtest.Readings) { r.Overlaps = true }}},
	"prolong": {"untold": {change: func(r *meetingtest.Readings) { r.ProlongUntold = true }}},
	"people":  {"untold": {change: func(r *meetingtest.Readings) { r.PeopleUntold = true }}},
	"codes":   {"long": {change: func(r *meetingtest.Readings) { r.LongCodes = true }}},
}

// played are readings that hold together.
type played struct {
	name string
	all  []reading
}

// pairs has each reading alone, and each together with each of every other fact.
func pairs() []played {
	var all []played
	facts := slices.Sorted(maps.Keys(readings))
	for i, fact := range facts {
		for name, one := range readings[fact] {
			all = append(all, played{fact + " " + name, []reading{one}})
			for _, other := range facts[i+1:] {
				for second, two := range readings[other] {
					all = append(all, played{fmt.Sprint(fact, " ", name, ", ", other, " ", second), []reading{one, two}})
				}
			}
		}
	}
	slices.SortFunc(all, func(a, b played) int { return cmp.Compare(a.name, b.name) })
	return all
}

func (p played) has(what func(reading) bool) bool { return slices.ContainsFunc(p.all, what) }

var bookedFrom = time.Date(2026, 3, 4, 9, 0, 0, 0, time.UTC)

// readingsService has a meeting of the account's own, one in a room of its own, one of somebody else that it is invited to, one that
// it is not, and a booking.
func (p played) service() *meetingtest.Server {
	config := meetingtest.Config{
		Account: "bot", Password: loginPassword, AccountUUID: "uuid-bot", Quota: -1,
		NotAdmin: p.has(func(r reading) bool { return r.ordinary }),
	}
	for _, r := range p.all {
		r.change(&config.Readings)
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
	for _, p := range pairs() {
		t.Run(p.name, func(t *testing.T) { synctest.Test(t, p.play) })
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
	own := p.has(func(r reading) bool { return r.own })
	hidden := p.has(func(r reading) bool { return r.hidden })
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
	if len(running) < 3 || extendable < 1 || !hidden && !own && extendable != len(running) {
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
