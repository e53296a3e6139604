package main

import (
	"errors"
	"net/http"

	"github.com/overtime-bot/overtime/meeting"
)

// meetingWords words an error of the meeting service as the health page does.
func meetingWords(err error) (seen, remedy string) {
	seen = loginTrouble(err)
	switch {
	case errors.Is(err, meeting.ErrClock):
		return seen, "set the clock of this machine by NTP"
	case errors.Is(err, meeting.ErrThrottled):
		return seen, "wait, and find out who else uses the account"
	case errors.Is(err, meeting.ErrLocked):
		return seen, "stop the bot and put the password right; wait a minute, or let an administrator unlock the account, then try again"
	case errors.Is(err, meeting.ErrFirstLogin):
		return seen, "log in with it once at the site of MEETING_API_URL, and change the password if it asks"
	case loginRefused(err):
		return seen, "put the account and its password, or the App ID and its key, right; an account of one site does not log in on " +
			"the other (MEETING_API_URL); wait a minute before the next try, or the account is locked"
	}
	if answered, ok := errors.AsType[*meeting.Error](err); ok && answered.Status == http.StatusNotFound {
		return seen, "what answers at MEETING_API_URL is not the meeting service: write the address of your site and nothing behind it, as https://api.meeting.huaweicloud.com"
	}
	return seen, "see the line proxy, and MEETING_API_URL"
}

// loginTrouble says what came of a login; "" where the service let the bot in.
func loginTrouble(err error) string {
	switch {
	case err == nil:
		return ""
	case loginRefused(err):
		return "the meeting service refuses the login: " + err.Error()
	default:
		return "no login to the meeting service: " + err.Error()
	}
}

// loginRefused tells a clear no from trouble that may pass by itself.
func loginRefused(err error) bool {
	_, answered := errors.AsType[*meeting.Error](err)
	return answered && !errors.Is(err, meeting.ErrUnavailable) && !errors.Is(err, meeting.ErrThrottled)
}
