package meetingtest

import (
	"cmp"
	"net/http"
	"strconv"
	"time"
)

// Readings says how the service behaves where the vendor's reference leaves it open, or where its pages, SDKs and clients
// disagree. The zero value of a field is the reading that the reference suggests; every other may be true as well.
//
//	open in the reference                                   field
//	who sees a meeting's host password                      Passwords
//	queryAll for an account that is no administrator        QueryAll, QueryAllStatus
//	whether the login tells what the account is             AccountUntold
//	the form of times in lists and details                  Times
//	role in the answer with a control token                 Role
//	status of a wrong host password                         PasswordStatus
//	a guest's password for control                          GuestsRefused
//	minutes of one extension                                Shortest, Longest
//	whether auto 1 lasts                                    AutoOnce
//	an extension into the next booking of a room            Overlaps
//	prolongLength where it is the enterprise's default      ProlongUntold
//	how many are in, in the list                            PeopleUntold
//	the codes of the USG family                             LongCodes
//	how soon a new end is seen                              Config.ListLag
//	calls a minute                                          Config.Quota
//	which minute                                            Minutes
//
// What the bot never asks for is not played: the WebSocket, the webhook, refreshing a token.
type Readings struct {
	Passwords      Passwords
	QueryAll       QueryAll
	QueryAllStatus int  // of its refusal: 403
	AccountUntold  bool // the login's answer holds no user
	Times          Times
	Role           Role
	PasswordStatus int  // 400
	GuestsRefused  bool // a guest's password gets no control token, rather than one that may not extend
	Shortest       int  // minutes of one extension: 1
	Longest        int  // 1440
	AutoOnce       bool // auto 1 extends once at the end, rather than again and again
	Overlaps       bool // an extension may reach into the next booking of its room
	ProlongUntold  bool // prolongLength is left out, also where the platform extends
	PeopleUntold   bool // onlineAttendeeAmount is left out of the lists
	LongCodes      bool // a refused token is USG.200000004, rather than USG.000000004
	Minutes        Minutes
}

// Passwords is who sees the host's password of a meeting in lists and details. Of own cloud rooms it is always told.
type Passwords int

// Who sees the host's password.
const (
	ToAdmins Passwords = iota // the meeting's host, and administrators
	ToHosts                   // the host alone
	ToNobody
)

// QueryAll is what becomes of queryAll=true.
type QueryAll int

// What becomes of queryAll=true.
const (
	ForAdmins QueryAll = iota // honoured for administrators, refused to others
	Refused                   // to everybody
	Ignored                   // honoured for administrators; others get their own
	Honoured                  // for everybody
)

// Times is the form of times in lists and details.
type Times int

// The forms of times.
const (
	ToTheMinute        Times = iota // "2026-03-04 09:00", UTC
	RFC3339                         // "2026-03-04T10:00:00+01:00"
	Milliseconds                    // a number
	MillisecondsAsText              // as the service's pushed frames have it
	WithBlanks                      // " 2026-03-04  09:00 "
	InWords                         // "4 March 2026, 9:00": no client is made for it
)

// Role is how the answer with a control token tells whose it is.
type Role int

// The forms of role.
const (
	RoleAsNumber Role = iota
	RoleAsText
	RoleAbsent
	RoleNull
)

// SetReadings changes how the service behaves from now on.
func (s *Server) SetReadings(readings Readings) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.readings = readings
}

// mayQueryAll tells whether the user's list is the enterprise's, or that it is refused.
func (s *Server) mayQueryAll(u *user) (whole bool, refused *refusal) {
	admin := u.isAdmin() && s.readings.QueryAll != Refused
	switch {
	case admin || s.readings.QueryAll == Honoured:
		return true, nil
	case s.readings.QueryAll == Ignored:
		return false, nil
	}
	refusal := notAllowed
	switch status := s.readings.QueryAllStatus; status {
	case 0:
	case http.StatusBadRequest, http.StatusUnauthorized:
		refusal = byStatus(status, OpOnline)
	default:
		refusal.status = status
	}
	return false, &refusal
}

// wireTimestamp is a time in one of the forms.
type wireTimestamp struct {
	time time.Time
	form Times
}

// MarshalJSON writes it.
func (t wireTimestamp) MarshalJSON() ([]byte, error) {
	minute := t.time.UTC()
	switch t.form {
	case RFC3339:
		return strconv.AppendQuote(nil, minute.Truncate(time.Second).In(time.FixedZone("", 3600)).Format(time.RFC3339)), nil
	case Milliseconds:
		return strconv.AppendInt(nil, minute.UnixMilli(), 10), nil
	case MillisecondsAsText:
		return strconv.AppendQuote(nil, strconv.FormatInt(minute.UnixMilli(), 10)), nil
	case InWords:
		return strconv.AppendQuote(nil, minute.Format("2 January 2006, 15:04")), nil
	case WithBlanks:
		return strconv.AppendQuote(nil, " "+minute.Format("2006-01-02  15:04")+" "), nil
	}
	return strconv.AppendQuote(nil, minute.Format(wireTime)), nil
}

// addRole adds what the answer with a control token tells of it.
func (r Readings) addRole(data map[string]any, chair bool) {
	role := 0
	if chair {
		role = 1
	}
	switch r.Role {
	case RoleAsNumber:
		data["role"] = role
	case RoleAsText:
		data["role"] = strconv.Itoa(role)
	case RoleNull:
		data["role"] = nil
	case RoleAbsent:
	}
}

// wrongPassword is the refusal of a host's password.
func (r Readings) wrongPassword() refusal {
	refused := wrongChairPassword
	refused.status = cmp.Or(r.PasswordStatus, refused.status)
	return refused
}

// badToken is the refusal of an access token.
func (r Readings) badToken() refusal {
	refused := tokenRefused
	if r.LongCodes {
		refused.code = "USG.200000004"
	}
	return refused
}

// allows tells whether one extension may be so long.
func (r Readings) allows(minutes int) bool {
	return minutes >= cmp.Or(r.Shortest, shortestExtension) && minutes <= cmp.Or(r.Longest, longestExtension)
}
