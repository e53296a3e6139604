package meeting

import (
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"time"
)

// The service's JSON. Page numbers are those of the API reference (meeting_21_NNNN).

// wireText is a string, tolerating a number in its place; anything else is empty.
type wireText string

// UnmarshalJSON fails for a broken string alone.
func (t *wireText) UnmarshalJSON(raw []byte) error {
	*t = ""
	switch {
	case raw[0] == '"':
		return json.Unmarshal(raw, (*string)(t))
	case raw[0] == '-' || isDigit(raw[0]):
		*t = wireText(raw)
	}
	return nil
}

// lenient is a value that is left out where the service sends something of another form.
type lenient[T any] struct{ value T }

// UnmarshalJSON never fails.
func (l *lenient[T]) UnmarshalJSON(raw []byte) error {
	l.value, _ = decodeJSON[T](raw)
	return nil
}

// wireNumber is a whole number, tolerating a string in its place; nothing sensible is 0 and not known.
type wireNumber struct {
	value int64
	known bool
}

// UnmarshalJSON never fails.
func (n *wireNumber) UnmarshalJSON(raw []byte) error {
	value, err := strconv.ParseInt(strings.Trim(string(raw), `"`), 10, 64)
	*n = wireNumber{value: value, known: err == nil}
	return nil
}

func (n wireNumber) orElse(unknown int) int {
	if !n.known || n.value < 0 {
		return unknown
	}
	return int(n.value)
}

// wireToken is the login's answer (0306, 0311).
type wireToken struct {
	AccessToken wireText   `json:"accessToken"`
	ExpireTime  wireNumber `json:"expireTime"`  // Unix seconds, unlike createTime
	ValidPeriod wireNumber `json:"validPeriod"` // seconds
}

// wireControlToken is the control token's answer (0027).
type wireControlToken struct {
	Data *struct {
		Token               wireText   `json:"token"`
		Role                wireNumber `json:"role"`                // 1 host, 0 not
		ExpireTime          wireNumber `json:"expireTime"`          // Unix milliseconds
		ConfTokenExpireTime wireNumber `json:"confTokenExpireTime"` // seconds
	} `json:"data"`
}

// wireMeeting is a ConferenceInfo (0025, 0026).
type wireMeeting struct {
	ConferenceID         wireText                         `json:"conferenceID"`
	ConfUUID             wireText                         `json:"confUUID"`
	VMRConferenceID      wireText                         `json:"vmrConferenceID"`
	Subject              wireText                         `json:"subject"`
	StartTime            wireText                         `json:"startTime"` // UTC, to the minute
	EndTime              wireText                         `json:"endTime"`
	State                wireText                         `json:"conferenceState"`
	UserUUID             wireText                         `json:"userUUID"`
	ScheduserName        wireText                         `json:"scheduserName"` // spelled so
	OnlineAttendeeAmount wireNumber                       `json:"onlineAttendeeAmount"`
	PasswordEntry        lenient[[]lenient[wirePassword]] `json:"passwordEntry"`
	ConfConfigInfo       lenient[wireConfig]              `json:"confConfigInfo"`
}

// wirePassword is one of a meeting's passwords.
type wirePassword struct {
	ConferenceRole wireText `json:"conferenceRole"` // chair, general
	Password       wireText `json:"password"`
}

type wireConfig struct {
	ProlongLength wireNumber `json:"prolongLength"` // minutes
}

// wireDetail is a detail, online or not (0026, 0018).
type wireDetail struct {
	ConferenceData json.RawMessage              `json:"conferenceData"`
	Data           lenient[wireParticipantPage] `json:"data"`
}

// wireParticipantPage is a part of those invited.
type wireParticipantPage struct {
	Count wireNumber                 `json:"count"`
	Data  []lenient[wireParticipant] `json:"data"`
}

// wireParticipant is an invited person in a detail.
type wireParticipant struct {
	UserUUID  wireText `json:"userUUID"`
	AccountID wireText `json:"accountId"`
	Email     wireText `json:"email"`
	Name      wireText `json:"name"`
}

// wireAddressBook is a page of the address book (0512).
type wireAddressBook struct {
	Count wireNumber            `json:"count"`
	Data  []lenient[wirePerson] `json:"data"`
}

type wirePerson struct {
	ID      wireText `json:"id"`
	Account wireText `json:"account"`
	Email   wireText `json:"email"`
	Name    wireText `json:"name"`
}

// wireAttendee is one who is in the meeting; this call alone speaks snake_case.
type wireAttendee struct {
	ParticipantID wireText `json:"participant_id"`
	Name          wireText `json:"name"`
	Role          wireText `json:"role"` // 1 or chair is the host
	Account       wireText `json:"account"`
	ThirdAccount  wireText `json:"third_account"`
	UserID        wireText `json:"user_id"`
}

// wireExtension is the extension's body (0038). Auto has no omitempty: it is mandatory, and mostly 0.
type wireExtension struct {
	Auto     int `json:"auto"`
	Duration int `json:"duration,omitempty"`
}

// The texts of these say nothing of the value: it may be a secret in the wrong place.
var (
	errBrokenJSON = errors.New("answer is not the JSON of the API")
	errBrokenTime = errors.New("a time is not of the form 2006-01-02 15:04")
	errNoID       = errors.New("a meeting has no conferenceID")
)

const wireTime = "2006-01-02 15:04"

func parseTime(text wireText) (time.Time, error) {
	for _, layout := range []string{wireTime, wireTime + ":05"} {
		if instant, err := time.ParseInLocation(layout, string(text), time.UTC); err == nil {
			return instant, nil
		}
	}
	return time.Time{}, errBrokenTime
}

func decodeJSON[T any](raw []byte) (T, error) {
	var value T
	if err := json.Unmarshal(raw, &value); err != nil {
		return value, errBrokenJSON
	}
	return value, nil
}

// reading is a meeting as one entry told it.
type reading struct {
	meeting  Meeting
	password Secret // of the chair; may be missing
	running  bool   // false for the scheduled and the destroyed, which some answers hold too
}

// decodeMeeting reads an entry of a list, or the part of a detail.
func decodeMeeting(raw json.RawMessage) (*reading, error) {
	wire, err := decodeJSON[wireMeeting](raw)
	if err != nil {
		return nil, err
	}
	if !onlyDigits(string(wire.ConferenceID)) {
		return nil, errNoID
	}
	start, startErr := parseTime(wire.StartTime)
	end, endErr := parseTime(wire.EndTime)
	if startErr != nil || endErr != nil {
		return nil, errBrokenTime
	}
	var password Secret
	for _, entry := range wire.PasswordEntry.value {
		if entry.value.ConferenceRole == "chair" && password == "" {
			password = Secret(entry.value.Password)
		}
	}
	running := wire.State != "Schedule" && wire.State != "Destroyed"
	return &reading{password: password, running: running, meeting: Meeting{
		ID:             string(wire.ConferenceID),
		UUID:           string(wire.ConfUUID),
		RoomID:         string(wire.VMRConferenceID),
		Subject:        string(wire.Subject),
		Start:          start,
		End:            end,
		HostUUID:       string(wire.UserUUID),
		HostName:       string(wire.ScheduserName),
		People:         wire.OnlineAttendeeAmount.orElse(-1),
		ProlongMinutes: wire.ConfConfigInfo.value.ProlongLength.orElse(ProlongUnknown),
		Extendable:     password != "",
	}}, nil
}

// instant reads a Unix time by its size: the service mixes seconds and milliseconds, even in one answer.
func instant(number wireNumber) (time.Time, bool) {
	const milliseconds = 100_000_000_000 // as seconds, the year 5138
	switch {
	case !number.known || number.value <= 0:
		return time.Time{}, false
	case number.value >= milliseconds:
		return time.UnixMilli(number.value), true
	}
	return time.Unix(number.value, 0), true
}

// expiry returns until when a token is good, less a margin. The token's own end counts, except where this
// host's clock is so far ahead that the end seems past already: then its length does.
func expiry(now time.Time, end, seconds wireNumber, otherwise, margin time.Duration) time.Time {
	until, ok := instant(end)
	if !ok || !until.After(now) {
		length := otherwise
		if seconds.known && seconds.value > 0 {
			length = time.Duration(min(seconds.value, 1<<31)) * time.Second
		}
		until = now.Add(length)
	}
	return until.Add(-min(margin, until.Sub(now)/2))
}
