package meeting

import (
	"cmp"
	"context"
	"encoding/json"
	"net/url"
	"time"
)

const (
	opScheduled   = "list scheduled meetings"
	scheduledPath = "/v1/mmc/management/conferences"
)

// Booking is a meeting that is still to come, or one time that a recurring meeting does.
type Booking struct {
	ID      string // conferenceID, digits; of a recurring one that of all its times. Empty if the service does not say
	RoomID  string // vmrConferenceID, as of a Meeting
	Subject string // foreign text
	// HostUUID is the userUUID of the scheduler.
	HostUUID string
	// Start and End are the booked instants in UTC, with minute precision; End is zero if the service does not say.
	// Start may be past: of a meeting that nobody has joined yet, and that still holds its room.
	Start, End time.Time
}

// Scheduled returns the bookings still to come that start before until, in the order of the service's list, which is
// by start time (page meeting_21_0017): with QueryAll the enterprise's, or where the account may not, its own; SeesAll
// tells. Meetings that run are left out, and the time for which a recurring one runs. An entry that does not tell when
// it starts is logged and left out.
func (c *Client) Scheduled(ctx context.Context, until time.Time) (found []Booking, err error) {
	err = c.inScope(ctx, func(all bool) error {
		found, err = c.readBookings(ctx, until, all)
		return err
	})
	if err != nil {
		return nil, err
	}
	return found, nil
}

// readBookings reads as many pages as it takes. In the end every booking seen counts.
func (c *Client) readBookings(ctx context.Context, until time.Time, all bool) ([]Booking, error) {
	found := diary{until: until, now: c.config.Now(), seen: make(map[Booking]bool), entries: make(map[entryOf]bool)}
	for range listPasses {
		decoded, before := c.booked.begin(), len(found.bookings)
		found.restart()
		whole, err := c.readPages(ctx, scheduledCall(all), listReader{
			done: found.isPast, overlap: firstOverlap,
			each: func(raw json.RawMessage) bool { return c.addBooked(ctx, &found, decoded, raw) },
		})
		if err != nil {
			return nil, err
		}
		if decoded.end(); whole || len(found.bookings) == before {
			break
		}
	}
	return found.bookings, nil
}

func scheduledCall(all bool) call {
	query := url.Values{"queryConfMode": {"ALL"}, "sortType": {"ASC_StartTIME"}}
	if all {
		query.Set("queryAll", "true")
	}
	return call{op: opScheduled, path: scheduledPath, query: query, limit: listBody}
}

func (c *Client) addBooked(ctx context.Context, found *diary, decoded *listDecoder[bookedEntry], raw json.RawMessage) bool {
	read, err := decoded.decode(raw)
	if err != nil {
		c.config.Logger.WarnContext(ctx, "left a meeting out of the list of the scheduled", "error", err)
		return false
	}
	return found.add(read)
}

// diary collects the bookings of a list.
type diary struct {
	until, now time.Time
	bookings   []Booking
	seen       map[Booking]bool

	// Of the list that is being read:
	entries  map[entryOf]bool
	disorder bool      // a start before that of the entry before: then no page is the last that matters
	last     time.Time // start of the latest entry
	begins   time.Time // start of the first entry of the latest page
	atBegin  bool      // of a page
}

func (d *diary) restart() {
	clear(d.entries)
	d.disorder, d.last, d.begins, d.atBegin = false, time.Time{}, time.Time{}, true
}

// add tells whether the entry is new to this reading of the list.
func (d *diary) add(read bookedEntry) bool {
	if d.atBegin {
		d.begins, d.atBegin = read.start, false
	}
	if d.entries[read.entryOf] {
		return false
	}
	d.entries[read.entryOf] = true
	d.disorder = d.disorder || read.start.Before(d.last)
	d.last = read.start
	if read.booked == nil {
		return true
	}
	for _, booking := range read.booked.toCome(d.now) {
		if booking.Start.Before(d.until) && !d.seen[booking] {
			d.seen[booking] = true
			d.bookings = append(d.bookings, booking)
		}
	}
	return true
}

// isPast tells, after a page, that all of it and of what is behind it starts too late.
func (d *diary) isPast() bool {
	past := !d.atBegin && !d.disorder && !d.begins.Before(d.until)
	d.atBegin = true
	return past
}

// bookedEntry is what is kept of an entry of the list of what has not ended: little, where it just runs.
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
	state bookedState
	sub   string // cycleSubConfID: which of its times a recurring meeting runs for
	times []bookedTime
}

type bookedState int8

const (
	stateUnknown bookedState = iota
	stateScheduled
	stateRunning
	stateOver
)

// bookedTime is one time of a recurring meeting.
type bookedTime struct {
	sub        string
	start, end time.Time
}

func (b *booked) mayCome() bool {
	return b.state != stateOver && (b.state != stateRunning || len(b.times) > 0)
}

// toCome returns what the entry says is still to come.
func (b *booked) toCome(now time.Time) []Booking {
	if len(b.times) == 0 && b.isToCome(now, b.Start, b.End) {
		return []Booking{b.Booking}
	}
	var bookings []Booking
	for _, time := range b.times {
		if b.isToCome(now, time.start, time.end) && !b.runsFor(time) {
			booking := b.Booking
			booking.Start, booking.End = time.start, time.end
			bookings = append(bookings, booking)
		}
	}
	return bookings
}

// isToCome holds for what starts later, and for what should have started and has not, while it is not over.
func (b *booked) isToCome(now, start, end time.Time) bool {
	return start.After(now) || b.state == stateScheduled && end.After(now)
}

// runsFor tells the time for which a recurring meeting runs: that which the service names, else what begins before it
// ends, since it may have been joined early.
func (b *booked) runsFor(time bookedTime) bool {
	if b.state != stateRunning {
		return false
	}
	for _, other := range b.times {
		if b.sub != "" && other.sub == b.sub {
			return time.sub == b.sub
		}
	}
	return time.start.Before(b.End)
}

// wireBooked is a ConferenceInfo of the list of what has not ended (0017). It leaves the passwords where they are.
type wireBooked struct {
	ConferenceID    wireText                           `json:"conferenceID"`
	VMRConferenceID wireText                           `json:"vmrConferenceID"`
	Subject         wireText                           `json:"subject"`
	StartTime       wireText                           `json:"startTime"` // UTC, to the minute
	EndTime         wireText                           `json:"endTime"`
	State           wireText                           `json:"conferenceState"`
	UserUUID        wireText                           `json:"userUUID"`
	CycleSubConfID  wireText                           `json:"cycleSubConfID"`
	SubConfs        lenient[[]lenient[wireBookedTime]] `json:"subConfs"`
}

// wireBookedTime is one time of a recurring meeting.
type wireBookedTime struct {
	CycleSubConfID wireText `json:"cycleSubConfID"`
	StartTime      wireText `json:"startTime"`
	EndTime        wireText `json:"endTime"`
}

func decodeBooked(raw json.RawMessage) (bookedEntry, error) {
	wire, err := decodeJSON[wireBooked](raw)
	if err != nil {
		return bookedEntry{}, err
	}
	read := booked{state: stateOf(wire.State), sub: string(wire.CycleSubConfID)}
	for _, sub := range wire.SubConfs.value {
		start, err := parseTime(sub.value.StartTime)
		if err != nil {
			continue // a time that tells no start is none
		}
		end, _ := parseTime(sub.value.EndTime)
		read.times = append(read.times, bookedTime{sub: string(sub.value.CycleSubConfID), start: start, end: end})
	}
	read.Booking = Booking{
		RoomID: string(wire.VMRConferenceID), Subject: string(wire.Subject), HostUUID: string(wire.UserUUID),
	}
	if onlyDigits(string(wire.ConferenceID)) {
		read.ID = string(wire.ConferenceID)
	}
	read.End, _ = parseTime(wire.EndTime)
	if read.Start, err = parseTime(wire.StartTime); err != nil && len(read.times) > 0 {
		read.Start, err = read.times[0].start, nil
	}
	entry := bookedEntry{entryOf: entryOf{cmp.Or(read.ID, read.RoomID+" "+read.HostUUID), read.Start}}
	if read.mayCome() {
		entry.booked = &read
	}
	return entry, err
}

func stateOf(text wireText) bookedState {
	switch text {
	case "Schedule":
		return stateScheduled
	case "Created", "Creating":
		return stateRunning
	case "Destroyed":
		return stateOver
	}
	return stateUnknown
}
