package meeting

import "time"

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
	// People is how many are in, or -1 where the service does not say (the detail does not).
	People int
	// ProlongMinutes is by how much the platform extends it by itself, again and again:
	// 0 it ends on time, ProlongUnknown the service does not say.
	ProlongMinutes int
	// Extendable says that the account sees the chair's password, which an extension needs.
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
