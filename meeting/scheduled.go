package meeting

import (
	"context"
	"encoding/json"
	"maps"
	"time"
)

const (
	opScheduled   = "list scheduled meetings"
	scheduledPath = "/v1/mmc/management/conferences"
)

// Scheduled returns the bookings still to come that start before until, by start time (page meeting_21_0017). SeesAll tells
// whether they are known to be all of the enterprise's. Meetings that run are left out, and so is the time for which a
// recurring one runs. An entry that does not tell when it starts is left out and logged; if none does, that
// is an error.
func (c *Client) Scheduled(ctx context.Context, until time.Time) (found []Booking, err error) {
	err = c.lists.inScope(ctx, scheduledPath, func(of scope) error {
		list := call{op: opScheduled, path: scheduledPath, query: maps.Clone(of.query), final: of.final}
		list.query.Set("queryConfMode", "ALL")
		list.query.Set("sortType", "ASC_StartTIME")
		found, err = c.readBookings(ctx, until, list)
		return err
	})
	return found, err
}

// readBookings reads as many pages as it takes. In the end every booking seen counts.
func (c *Client) readBookings(ctx context.Context, until time.Time, list call) ([]Booking, error) {
	found := diary{until: until, now: c.config.Now(), seen: make(map[Booking]bool)}
	for range listPasses {
		decoder, before := c.booked.begin(), len(found.bookings)
		found.diaryPass = diaryPass{entries: make(map[entryOf]bool), atBegin: true}
		whole, err := c.lists.readPages(ctx, list, pageTaker{
			overlap: firstOverlap, done: found.isPast,
			each: func(raw json.RawMessage) bool {
				read, err := decoder.decode(raw)
				return err == nil && found.add(read)
			},
		})
		if err == nil {
			err = decoder.check(list.op)
		}
		if err != nil {
			return nil, err
		}
		decoder.warn(ctx, c.config.Logger, list.op)
		c.bookings.Store(decoder.unread == 0)
		if decoder.end(); whole || len(found.bookings) == before {
			break
		}
	}
	return found.bookings, nil
}

// diary collects the bookings of a list.
type diary struct {
	until, now time.Time
	bookings   []Booking
	seen       map[Booking]bool
	diaryPass
}

// diaryPass is what is known of the list that is being read.
type diaryPass struct {
	entries  map[entryOf]bool
	disorder bool      // an entry starts before the one in front of it: then no page is the last that matters
	last     time.Time // start of the latest entry
	begins   time.Time // start of the first entry of the latest page
	atBegin  bool      // of a page
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

// isPast tells, after a page, whether all of it starts too late, and so does all behind it.
func (d *diary) isPast() bool {
	past := !d.atBegin && !d.disorder && !d.begins.Before(d.until)
	d.atBegin = true
	return past
}
