package meeting

import (
	"encoding/json"
	"time"
)

// ProlongUnknown is the value of Meeting.ProlongMinutes where the service does not say.
const ProlongUnknown = -1

// Meeting is a running meeting as the online list or the online detail tells it.
type Meeting struct {
	ID      string // conferenceID, digits
	UUID    string // confUUID, where the service gives it
	RoomID  string // vmrConferenceID: the cloud-room or personal ID that people see; empty without one
	Subject string // foreign text
	// Start and End are instants in UTC, with the minute precision of the service.
	// End is duration counted from the first join: the booked end misleads.
	Start, End time.Time
	HostUUID   string // userUUID of the scheduler
	HostName   string // foreign text
	// People is how many are in. It is -1 where the service does not say, as in the detail.
	People int
	// ProlongMinutes is by how much the platform extends it by itself, again and again. 0 ends on time. ProlongUnknown
	// means that the service does not say.
	ProlongMinutes int
	// Extendable says that the host's password is known, which an extension needs: the account sees it, or the host gave it.
	Extendable bool
}

// Host is the person who scheduled a meeting.
type Host struct {
	UUID    string
	Account string
	Email   string // as the service has it; empty if it does not say
	Name    string // foreign text
}

// Attendee is one who is in the meeting now.
type Attendee struct {
	ID, Name, Account, UserID string // Name is foreign text
	Chair                     bool
}

// wireConference is what lists and details tell of any meeting, a part of ConferenceInfo (0017, 0025, 0026).
type wireConference struct {
	ConferenceID    wireText `json:"conferenceID"`
	VMRConferenceID wireText `json:"vmrConferenceID"`
	Subject         wireText `json:"subject"`
	StartTime       wireText `json:"startTime"` // UTC, to the minute
	EndTime         wireText `json:"endTime"`
	State           wireText `json:"conferenceState"`
	UserUUID        wireText `json:"userUUID"`
}

// wireMeeting is a running meeting.
type wireMeeting struct {
	wireConference
	ConfUUID             wireText                         `json:"confUUID"`
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

// reading is a meeting as one entry told it.
type reading struct {
	meeting  Meeting
	password Secret // the host's; may be missing
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
