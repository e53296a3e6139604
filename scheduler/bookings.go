package scheduler

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/scheduler/extension"
)

// Bookings tells what is booked.
type Bookings interface {
	// Scheduled lists the bookings that begin before until, and those that should have begun and did not.
	Scheduled(ctx context.Context, until time.Time) ([]meeting.Booking, error)
	// SeesAll says that the list is the enterprise's. Else there may be bookings that it does not have.
	SeesAll() bool
}

const (
	bookedFor    = 3 * time.Minute // how old a reading of the bookings may be
	bookedAgain  = time.Minute     // after one that failed
	bookedWithin = 5 * time.Minute // one reading of them all, however many there are
	bookedReach  = time.Hour       // beyond an end that bookings are of interest for, at least
)

func newBookingCache(source Bookings, reach, timeout time.Duration, now func() time.Time, logger *slog.Logger) *bookingCache {
	life, ending := context.WithCancel(context.Background())
	return &bookingCache{source: source, reach: reach, timeout: timeout, now: now, logger: logger, life: life, ending: ending}
}

// bookingCache keeps the bookings that were read last, by who has them.
type bookingCache struct {
	source  Bookings // nil: nobody checks whether something is booked next
	reach   time.Duration
	timeout time.Duration
	now     func() time.Time
	logger  *slog.Logger

	// A reading may last longer than those wait who asked for it: it goes on beside them, until the cache is closed.
	life   context.Context
	ending context.CancelFunc
	work   sync.WaitGroup

	mu      sync.Mutex
	reading chan struct{} // closed at the end of the reading under way; nil if there is none
	again   time.Time     // when they are to be read again
	until   time.Time     // what begins later is not known
	failed  bool          // the last reading: what is known is older, and not whole
	whole   bool          // nothing is missing
	byRoom  map[string][]meeting.Booking
	byHost  map[string][]meeting.Booking
}

// read reads the bookings that can be in the way of what ends by latest, unless those that are known will do. It waits for
// that, but not for long: a list of thousands has its own time, as the service's calls have theirs.
func (b *bookingCache) read(ctx context.Context, latest time.Time) {
	if b.source == nil {
		return
	}
	patience := time.NewTimer(b.timeout)
	defer patience.Stop()
	for { // the reading under way may not reach so far
		reading := b.begin(latest.Add(b.reach))
		if reading == nil {
			return
		}
		select {
		case <-reading:
		case <-patience.C:
			return
		case <-ctx.Done():
			return
		}
	}
}

// begin has the bookings before until read, and returns what is closed when a reading is over; nil if they are known.
func (b *bookingCache) begin(until time.Time) <-chan struct{} {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.reading != nil {
		return b.reading
	}
	now := b.now()
	reaches, setBack := b.failed || !b.until.Before(until), b.again.Sub(now) > bookedFor
	if now.Before(b.again) && reaches && !setBack || b.life.Err() != nil {
		return nil
	}
	reading := make(chan struct{})
	b.reading = reading
	b.work.Go(func() {
		found, err := b.scheduled(until.Add(bookedFor))
		b.take(found, err, now, until.Add(bookedFor))
		close(reading)
	})
	return reading
}

func (b *bookingCache) scheduled(until time.Time) (found []meeting.Booking, err error) {
	ctx, cancel := context.WithTimeout(meeting.Automatic(b.life), bookedWithin)
	defer cancel()
	err = extension.Survive("reading the bookings", func() (err error) {
		found, err = b.source.Scheduled(ctx, until)
		return err
	})
	return found, err
}

// take takes over what a reading that began at that time found. An error is logged.
func (b *bookingCache) take(found []meeting.Booking, err error, began, until time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.reading = nil
	if b.failed = err != nil; b.failed {
		b.whole, b.again = false, b.now().Add(bookedAgain)
		if b.life.Err() == nil {
			b.logger.Warn("the next bookings are not known; nothing is clipped to them", "error", err)
		}
		return
	}
	b.whole, b.again, b.until = b.source.SeesAll(), began.Add(bookedFor), until
	b.byRoom, b.byHost = make(map[string][]meeting.Booking), make(map[string][]meeting.Booking)
	for _, booking := range found {
		b.byRoom[booking.RoomID] = append(b.byRoom[booking.RoomID], booking)
		b.byHost[booking.HostUUID] = append(b.byHost[booking.HostUUID], booking)
	}
	delete(b.byRoom, "")
	delete(b.byHost, "")
}

// close ends the reading under way, and waits for that.
func (b *bookingCache) close() {
	b.ending()
	b.work.Wait()
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
