package main

import (
	"errors"
	"fmt"
	"testing"

	"github.com/overtime-bot/overtime/meeting"
)

// Each way in which a login fails has its own remedy, and says whether the service refused or nobody knows.
func TestMeetingWords(t *testing.T) {
	failures := map[string]struct {
		err          error
		seen, remedy string
	}{
		"a wrong clock":  {&meeting.Error{Status: 401, Err: meeting.ErrClock}, "refuses the login", "set the clock of this machine by NTP"},
		"too many calls": {&meeting.Error{Status: 429, Kind: meeting.ErrThrottled}, "no login", "find out who else uses the account"},
		"a locked account": {
			&meeting.Error{Status: 401, Err: meeting.ErrLocked}, "refuses the login", "stop the bot and put the password right; wait a minute, or let an administrator unlock the account",
		},
		"a first login":    {&meeting.Error{Status: 401, Err: meeting.ErrFirstLogin}, "refuses the login", "log in with it once at the site of MEETING_API_URL"},
		"a wrong password": {&meeting.Error{Status: 401, Code: "USG.206010000"}, "refuses the login", "an account of one site does not log in on the other (MEETING_API_URL)"},
		"a service in trouble": {
			&meeting.Error{Status: 503, Kind: meeting.ErrUnavailable}, "no login to the meeting service: ", "see the line proxy, and MEETING_API_URL",
		},
		"something else": {
			&meeting.Error{Status: 404, Kind: meeting.ErrUnavailable}, "no login to the meeting service: ", "what answers at MEETING_API_URL is not the meeting service",
		},
		"no answer": {errors.New("connection refused"), "no login to the meeting service: login: connection refused", "see the line proxy, and MEETING_API_URL"},
	}
	for what, c := range failures {
		seen, remedy := meetingWords(fmt.Errorf("login: %w", c.err))
		wantContains(t, what+": "+remedy, c.remedy)
		wantContains(t, what+": "+seen, c.seen)
	}
	for _, refused := range []string{"a wrong clock", "a locked account", "a first login", "a wrong password"} {
		if state := loginStateOf(failures[refused].err); state != loginNo {
			t.Errorf("%s: %s", refused, state)
		}
	}
	for _, failing := range []string{"too many calls", "a service in trouble", "something else", "no answer"} {
		if state := loginStateOf(failures[failing].err); state != loginFailing {
			t.Errorf("%s: %s", failing, state)
		}
	}
	if state := loginStateOf(nil); state != loginOK {
		t.Errorf("a good login: %s", state)
	}
	if seen := loginTrouble(nil); seen != "" {
		t.Errorf("a good login: %q", seen)
	}
}

// A bot that has not logged in yet starts; nothing of it fails.
func TestLoginStateBeforeTheFirstLogin(t *testing.T) {
	client, err := meeting.New(meeting.Config{BaseURL: "https://meeting.example", AppID: "app", AppKey: "key"})
	must(t, err)
	defer func() { must(t, client.Close(t.Context())) }()
	if state := loginStateOf(client.LoginError()); state != loginStarting {
		t.Errorf("the state is %s", state)
	}
}
