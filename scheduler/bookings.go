package scheduler

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/overtime-bot/overtime/meeting"
	"golang.org/x/sync/semaphore"
)

// Bookings tells what is booked.
type Bookings interface {
	// Scheduled lists the bookings that begin before until, and those that should have begun and did not.
	Scheduled(ctx context.Context, until time.Time) ([]meeting.Booking, error)
	// SeesAll says that the list is the enterprise's. Else there may be bookings that it does not have.
	SeesAll() bool
}

const (
	bookedFor   = 3 * time.Minute // how old a reading of the bookings may be
	bookedAgain = time.Minute     // after one that failed
	bookedReach = time.Hour       // beyond an end that bookings are of interest for, at least
)

// bookingCache keeps the bookings that were read last, by who has them.
type bookingCache struct {
	source  Bookings // nil: nobody checks whether something is booked next
	reach   time.Duration
	timeout time.Duration
	now     func() time.Time
	logger  *slog.Logger

	reading *semaphore.Weighted // one reads, and the others wait and find it read
	again   time.Time           // when they are to be read again
	until   time.Time           // what begins later is not known
	failed  bool                // the last reading: what is known is older, and not whole

	mu     sync.Mutex
	whole  bool // nothing is missing
	byRoom map[string][]meeting.Booking
	byHost map[string][]meeting.Booking
}

// read reads the bookings that can be in the way of what ends by latest, unless those that are known will do. An error is
// logged.
func (b *bookingCache) read(ctx context.Context, latest time.Time) {
	if b.source == nil {
		return
	}
	ctx, cancel := context.WithTimeout(meeting.Automatic(ctx), b.timeout)
	defer cancel()
	if b.reading.Acquire(ctx, 1) != nil {
		return // they are not known in time
	}
	defer b.reading.Release(1)
	now := b.now()
	until := latest.Add(b.reach)
	reaches, setBack := b.failed || !b.until.Before(until), b.again.Sub(now) > bookedFor
	if now.Before(b.again) && reaches && !setBack {
		return
	}
	until = until.Add(bookedFor)
	found, err := b.source.Scheduled(ctx, until)
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.failed = err != nil; b.failed {
		b.whole, b.again = false, now.Add(bookedAgain)
		b.logger.WarnContext(ctx, "the next bookings are not known; nothing is clipped to them", "error", err)
		return
	}
	b.whole, b.again, b.until = b.source.SeesAll(), now.Add(bookedFor), until
	b.byRoom, b.byHost = make(map[string][]meeting.Booking), make(map[string][]meeting.Booking)
	for _, booking := range found {
		b.byRoom[booking.RoomID] = append(b.byRoom[booking.RoomID], booking)
		b.byHost[booking.HostUUID] = append(b.byHost[booking.HostUUID], booking)
	}
	delete(b.byRoom, "")
	delete(b.byHost, "")
}

// next tells who has the meeting's room when it ends or later, and when its host has another meeting.
func (b *bookingCache) next(m meeting.Meeting) NextBooking {
	b.mu.Lock()
	defer b.mu.Unlock()
	var next NextBooking
	for _, booking := range b.byRoom[m.RoomID] {
		if after(m, booking) && (next.Start.IsZero() || booking.Start.Before(next.Start)) {
			next.Start, next.Subject = booking.Start, booking.Subject
		}
	}
	for _, booking := range b.byHost[m.HostUUID] {
		elsewhere := booking.RoomID != m.RoomID || m.RoomID == ""
		if elsewhere && !booking.Start.Before(m.End) && after(m, booking) && (next.Host.IsZero() || booking.Start.Before(next.Host)) {
			next.Host = booking.Start
		}
	}
	next.Checked = b.whole || !next.Start.IsZero()
	return next
}

// after says that a booking follows the meeting, or has begun and goes on after it. One that ends with the meeting does
// not, nor does the meeting's own booking; that of its next run does.
func after(m meeting.Meeting, booking meeting.Booking) bool {
	own := booking.ID == m.ID && booking.Start.Before(m.End)
	over := !booking.End.IsZero() && !booking.End.After(m.End)
	return !own && !over
}
