package meeting

import (
	"cmp"
	"encoding/json"
	"time"
)

// Booking is a meeting that is still to come, or one time of a recurring meeting.
type Booking struct {
	ID      string // conferenceID, digits; of a recurring one that of all its times. Empty if the service does not say
	RoomID  string // vmrConferenceID, as of a Meeting
	Subject string // foreign text
	// HostUUID is the userUUID of the scheduler.
	HostUUID string
	// Start and End are the booked instants in UTC, with minute precision. End is zero if the service does not say.
	// Start may be past: nobody has joined the meeting yet, and it still holds its room.
	Start, End time.Time
}

// bookedEntry is what is kept of an entry of the list. Of a meeting that just runs that is little.
type bookedEntry struct {
	entryOf
	booked *booked // nil: nothing of it is still to come
}

// entryOf tells entries apart where pages overlap.
type entryOf struct {
	id    string
	start time.Time
}

// booked is a meeting of which something may be still to come.
type booked struct {
	Booking
	end       time.Time // of the entry
	scheduled bool      // the service says that it has not begun
	running   bool
	sub       string       // cycleSubConfID: which of its times a recurring meeting runs for
	times     []bookedTime // of one that does not recur, its own
}

type bookedTime struct {
	sub        string
	start, end time.Time
}

// wireBooked is an entry of the list of what has not ended (0017). It leaves the passwords where they are.
type wireBooked struct {
	wireConference
	CycleSubConfID wireText                           `json:"cycleSubConfID"`
	SubConfs       lenient[[]lenient[wireBookedTime]] `json:"subConfs"`
}

// wireBookedTime is one time of a recurring meeting.
type wireBookedTime struct {
	CycleSubConfID wireText `json:"cycleSubConfID"`
	StartTime      wireText `json:"startTime"`
	EndTime        wireText `json:"endTime"`
}

// decodeBooked fails for an entry that does not tell when it starts.
func decodeBooked(raw json.RawMessage) (bookedEntry, error) {
	wire, err := decodeJSON[wireBooked](raw)
	if err != nil {
		return bookedEntry{}, err
	}
	read := booked{
		Booking:   Booking{RoomID: string(wire.VMRConferenceID), Subject: string(wire.Subject), HostUUID: string(wire.UserUUID)},
		scheduled: wire.State == "Schedule",
		running:   wire.State == "Created" || wire.State == "Creating",
		sub:       string(wire.CycleSubConfID),
	}
	if onlyDigits(string(wire.ConferenceID)) {
		read.ID = string(wire.ConferenceID)
	}
	for _, sub := range wire.SubConfs.value {
		start, err := parseTime(sub.value.StartTime)
		if err != nil {
			continue
		}
		end, _ := parseTime(sub.value.EndTime)
		read.times = append(read.times, bookedTime{sub: string(sub.value.CycleSubConfID), start: start, end: end})
	}
	recurs := len(read.times) > 0
	read.end, _ = parseTime(wire.EndTime)
	start, err := parseTime(wire.StartTime)
	switch {
	case !recurs:
		read.times = []bookedTime{{start: start, end: read.end}}
	case err != nil:
		start, err = read.times[0].start, nil
	}
	entry := bookedEntry{entryOf: entryOf{id: cmp.Or(read.ID, read.RoomID+" "+read.HostUUID), start: start}}
	if wire.State != "Destroyed" && (recurs || !read.running) {
		entry.booked = &read
	}
	return entry, err
}

// toCome returns the times that start later, and those that should have started, have not, and are not over.
func (b *booked) toCome(now time.Time) []Booking {
	var bookings []Booking
	for _, time := range b.times {
		if (time.start.After(now) || b.scheduled && time.end.After(now)) && !b.runsFor(time) {
			booking := b.Booking
			booking.Start, booking.End = time.start, time.end
			bookings = append(bookings, booking)
		}
	}
	return bookings
}

// runsFor tells whether the meeting runs for that time. It is the time that the service names. If it names none, it is any
// that begins before the meeting ends, since people may have joined early.
func (b *booked) runsFor(time bookedTime) bool {
	if !b.running {
		return false
	}
	for _, other := range b.times {
		if b.sub != "" && other.sub == b.sub {
			return time.sub == b.sub
		}
	}
	return time.start.Before(b.end)
}
