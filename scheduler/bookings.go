package scheduler

import (
	"context"
	"sync"
	"time"

	"github.com/overtime-bot/overtime/meeting"
)

// Bookings tells what is booked.
type Bookings interface {
	// Scheduled lists the bookings that begin before until, and those that should have begun and did not.
	Scheduled(ctx context.Context, until time.Time) ([]meeting.Booking, error)
	// SeesAll says that the list is the enterprise's: else there may be bookings that it does not have.
	SeesAll() bool
}

const (
	bookedFor   = 3 * time.Minute // how old a reading of the bookings may be
	bookedAgain = time.Minute     // after one that failed
	bookedSteps = 60              // minutes beyond an end that bookings are of interest for, at least
)

// booked keeps the bookings that were read last, by who has them.
type booked struct {
	turn turn // to read: the others wait, and find it read

	mu     sync.Mutex
	again  time.Time // when they are to be read again
	until  time.Time // what begins later is not known
	known  bool
	failed bool // the last reading: what is known is older, and not whole
	whole  bool // nothing is missing
	byRoom map[string][]meeting.Booking
	byHost map[string][]meeting.Booking
}

func newBooked() *booked { return &booked{turn: newTurn()} }

// read reads the bookings, if those that are known are too old or do not reach as far as until.
func (b *booked) read(ctx context.Context, bookings Bookings, now, until time.Time) error {
	if err := b.turn.take(ctx); err != nil {
		return err
	}
	defer b.turn.pass()
	if b.isFresh(now, until) {
		return nil
	}
	until = until.Add(bookedFor)
	found, err := bookings.Scheduled(ctx, until)
	b.keep(bookings, now, until, found, err)
	return err
}

func (b *booked) isFresh(now, until time.Time) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	reaches := b.failed || !b.known || !b.until.Before(until)
	return now.Before(b.again) && reaches && b.again.Sub(now) <= bookedFor
}

func (b *booked) keep(bookings Bookings, now, until time.Time, found []meeting.Booking, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.failed = err != nil
	if b.failed {
		b.whole, b.again = false, now.Add(bookedAgain)
		return
	}
	b.known, b.whole, b.again, b.until = true, bookings.SeesAll(), now.Add(bookedFor), until
	b.byRoom, b.byHost = make(map[string][]meeting.Booking), make(map[string][]meeting.Booking)
	for _, booking := range found {
		b.byRoom[booking.RoomID] = append(b.byRoom[booking.RoomID], booking)
		b.byHost[booking.HostUUID] = append(b.byHost[booking.HostUUID], booking)
	}
}

// next tells who has the meeting's room, or its host, when it ends or later.
func (b *booked) next(m meeting.Meeting) NextBooking {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.known {
		return NextBooking{}
	}
	var next NextBooking
	if m.RoomID != "" {
		next.consider(m, b.byRoom[m.RoomID], true)
	}
	if m.HostUUID != "" {
		next.consider(m, b.byHost[m.HostUUID], false)
	}
	next.Checked = b.whole || !next.Start.IsZero()
	return next
}

// consider takes the earliest of the bookings that are in the way of an extension. What ends with the meeting is not, and
// the meeting's own booking is not: that of its next run is. What its host has booked beside it is not in the way either,
// as what is booked in its room is.
func (n *NextBooking) consider(m meeting.Meeting, bookings []meeting.Booking, room bool) {
	for _, booking := range bookings {
		own := booking.ID == m.ID && booking.Start.Before(m.End)
		over := !booking.End.IsZero() && !booking.End.After(m.End)
		beside := !room && booking.Start.Before(m.End)
		if own || over || beside || !n.Start.IsZero() && !booking.Start.Before(n.Start) {
			continue
		}
		n.Start, n.Subject, n.Room = booking.Start, booking.Subject, room
	}
}
