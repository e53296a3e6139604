package meeting_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/meeting"
)

// oddEntries cannot be read as meetings.
var oddEntries = []string{
	`7`, `null`, `[]`, `"914083136"`, `{}`, `{"conferenceID":"914083136"}`, `{"conferenceID":"abc","startTime":"2026-03-04 09:00"}`,
	`{"conferenceID":"914083136","startTime":"noon","endTime":"2026-03-04 10:30"}`,
	`{"conferenceID":"914083136","startTime":"2026-03-04 09:00"}`,
	`{"conference_id":"914083136","start_time":"2026-03-04 09:00","end_time":"2026-03-04 10:30"}`,
}

// What cannot be read is left out and counted. Where that is all there is, it is an error, and no empty list.
func TestUnreadableEntries(t *testing.T) {
	s := newService(t)
	client := s.client(t)
	for n := range oddEntries {
		s.on(listPath, reply(200, list(append(oddEntries[:n:n], sample)...)))
		got, err := client.Running(t.Context())
		if view := client.View(); err != nil || len(got) != 1 || view != (meeting.View{At: s.clock(), Meetings: 1, Extendable: 1, Unreadable: n}) {
			t.Errorf("%d of %d: %d read, %v, %+v", n, n+1, len(got), err, view)
		}
	}
	for n := 1; n <= len(oddEntries); n++ {
		s.on(listPath, reply(200, list(oddEntries[:n]...)))
		got, err := client.Running(t.Context())
		if view := client.View(); !errors.Is(err, meeting.ErrUnavailable) || view != (meeting.View{At: s.clock(), Unreadable: n}) {
			t.Errorf("all %d: %v, %v, %+v", n, got, err, view)
		}
	}
	ended := `{"conferenceID":"914083137","startTime":"2026-03-04 09:00","endTime":"2026-03-04 10:30","conferenceState":"Destroyed"}`
	s.on(listPath, reply(200, list(ended, oddEntries[0])))
	if got, err := client.Running(t.Context()); err != nil || len(got) != 0 {
		t.Errorf("one that has ended can be read: %v, %v", got, err)
	}
}

// A booking of which nobody can tell when it starts may be in the way of any extension.
func TestUnreadableBookings(t *testing.T) {
	s := newService(t)
	s.on(loginPath, reply(200, `{"accessToken":"a","validPeriod":3600,"user":{"adminType":1}}`))
	client := s.client(t)
	good := `{"conferenceID":"914083137","startTime":"2026-03-04 11:00","endTime":"2026-03-04 12:00","conferenceState":"Schedule"}`
	for _, test := range []struct {
		entries []string
		whole   bool
	}{{[]string{good}, true}, {[]string{good, oddEntries[5]}, false}, {nil, true}} {
		s.on(scheduledPath, reply(200, list(test.entries...)))
		if _, err := client.Scheduled(t.Context(), clockTime("14:00")); err != nil || client.SeesAll() != test.whole {
			t.Errorf("%q: %v, all: %v", test.entries, err, client.SeesAll())
		}
	}
	s.on(scheduledPath, reply(200, list(`{}`, oddEntries[5])))
	if got, err := client.Scheduled(t.Context(), clockTime("14:00")); !errors.Is(err, meeting.ErrUnavailable) {
		t.Errorf("%v, %v", got, err)
	}
}

// Whose a list is, the login tells. What it leaves out is not known.
func TestWhoseTheListIs(t *testing.T) {
	for user, all := range map[string]bool{
		`,"user":{"adminType":0}`: true, `,"user":{"adminType":1}`: true, `,"user":{"adminType":"1"}`: true,
		`,"user":{"adminType":2}`: false, `,"user":{"adminType":null}`: false, `,"user":{}`: false, `,"user":null`: false,
		`,"user":[0]`: false, `,"user":{"adminType":""}`: false, "": false,
	} {
		s := newService(t)
		s.on(loginPath, reply(200, `{"accessToken":"a","validPeriod":3600`+user+`}`))
		s.on(scheduledPath, reply(200, list()))
		client := s.client(t)
		_, err := client.Running(t.Context())
		_, booked := client.Scheduled(t.Context(), clockTime("14:00"))
		if err != nil || booked != nil || client.View().All != all || client.SeesAll() != all {
			t.Errorf("%s: %v %v, %+v, all: %v", user, err, booked, client.View(), client.SeesAll())
		}
	}
}

// A meeting that hides its host's password in a room of the account's own can be extended with the room's. Others have the
// rooms read no more often than now and then.
func TestOwnRooms(t *testing.T) {
	s := newService(t)
	hidden := func(id, room string) string {
		return fmt.Sprintf(`{"conferenceID":%q,"vmrConferenceID":%q,"startTime":"2026-03-04 09:00","endTime":"2026-03-04 10:30","conferenceState":"Created"}`, id, room)
	}
	s.on(listPath, reply(200, list(hidden("914083136", "980001"), hidden("914083137", "980002"), hidden("914083138", ""))))
	s.on(detailPath, reply(200, detail(hidden("914083136", "980001"))))
	s.on(roomsPath, reply(200, `{"count":2,"data":[{"id":"x","vmrId":"980009","chairPwd":"1"},{"id":"y","vmrId":"980001","chairPwd":"`+chairPassword+`"}]}`))
	client := s.client(t)
	for range 3 {
		running, err := client.Running(t.Context())
		if err != nil || len(running) != 3 || !running[0].Extendable || running[1].Extendable || running[2].Extendable {
			t.Fatalf("%+v, %v", running, err)
		}
	}
	wantCount(t, s, roomsPath, 1)
	if view := client.View(); view.Meetings != 3 || view.Extendable != 1 {
		t.Errorf("%+v", view)
	}
	if err := client.Extend(t.Context(), "914083136", 5); err != nil {
		t.Error(err)
	}
	if got := s.got(controlPath); len(got) != 1 || got[0].header.Get("X-Password") != chairPassword {
		t.Errorf("%d control tokens", len(got))
	}
	s.advance(11 * time.Minute)
	s.on(roomsPath, reply(500, ""))
	if running, err := client.Running(t.Context()); err != nil || !running[0].Extendable {
		t.Errorf("what is known stays known: %+v, %v", running, err)
	}
}

// A lone request for a meeting reads its detail, and no list.
func TestOwnRoomOfALoneMeeting(t *testing.T) {
	s := newService(t)
	s.on(detailPath, reply(200, detail(`{"conferenceID":"914083136","vmrConferenceID":980001,"startTime":"2026-03-04 09:00","endTime":"2026-03-04 10:30"}`)))
	s.on(roomsPath, reply(200, `{"data":[null,7,{"vmrId":980001,"chairPwd":428519}]}`))
	client := s.client(t)
	if got, err := client.Get(t.Context(), "914083136"); err != nil || !got.Extendable {
		t.Errorf("%+v, %v", got, err)
	}
	if err := client.Extend(t.Context(), "914083136", 5); err != nil {
		t.Error(err)
	}
}
