package scheduler

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/overtime-bot/overtime/meeting"
)

type diary struct {
	list  []meeting.Booking
	whole bool
}

func (d diary) Scheduled(context.Context, time.Time) ([]meeting.Booking, error) { return d.list, nil }
func (d diary) SeesAll() bool                                                   { return d.whole }

// cacheOf reads those bookings by a clock that the test moves.
func cacheOf(source Bookings, at time.Time) (*bookingCache, *time.Time) {
	now := at
	return newBookingCache(source, 0, time.Minute, func() time.Time { return now }, slog.New(slog.DiscardHandler)), &now
}

func TestNextBookingOf(t *testing.T) {
	end := time.Date(2026, 3, 2, 15, 0, 0, 0, time.UTC)
	m := meeting.Meeting{ID: "1", RoomID: "room", HostUUID: "host", Start: end.Add(-time.Hour), End: end}
	at := func(id, room, host string, start, length int) meeting.Booking {
		b := meeting.Booking{ID: id, RoomID: room, HostUUID: host, Start: end.Add(time.Duration(start) * time.Minute)}
		if length > 0 {
			b.End = b.Start.Add(time.Duration(length) * time.Minute)
		}
		return b
	}
	for name, test := range map[string]struct {
		meeting meeting.Meeting
		list    []meeting.Booking
		partial bool
		checked bool
		start   int // minutes after the end; -99 is none
		host    int // the same of the host's next meeting; 0 is none
	}{
		"nothing":                            {meeting: m, checked: true, start: -99},
		"the room":                           {meeting: m, list: []meeting.Booking{at("2", "room", "x", 20, 30)}, checked: true, start: 20},
		"the host":                           {meeting: m, list: []meeting.Booking{at("2", "x", "host", 20, 30), at("3", "x", "host", 10, 30)}, checked: true, start: -99, host: 10},
		"others":                             {meeting: m, list: []meeting.Booking{at("2", "x", "y", 0, 30)}, checked: true, start: -99},
		"both":                               {meeting: m, list: []meeting.Booking{at("2", "room", "x", 20, 30), at("3", "x", "host", 10, 30)}, checked: true, start: 20, host: 10},
		"the host's in the same room":        {meeting: m, list: []meeting.Booking{at("2", "room", "host", 20, 30)}, checked: true, start: 20},
		"the earliest, in any order":         {meeting: m, list: []meeting.Booking{at("2", "room", "x", 40, 30), at("3", "room", "x", 10, 30)}, checked: true, start: 10},
		"it goes on beyond the end":          {meeting: m, list: []meeting.Booking{at("2", "room", "x", -10, 30)}, checked: true, start: -10},
		"the host's, beside the meeting":     {meeting: m, list: []meeting.Booking{at("2", "x", "host", -10, 300)}, checked: true, start: -99},
		"it ends with the meeting":           {meeting: m, list: []meeting.Booking{at("2", "x", "host", -30, 30)}, checked: true, start: -99},
		"its end is not said":                {meeting: m, list: []meeting.Booking{at("2", "room", "x", 5, 0)}, checked: true, start: 5},
		"its own booking":                    {meeting: m, list: []meeting.Booking{at("1", "room", "host", -60, 70)}, checked: true, start: -99},
		"its own next time":                  {meeting: m, list: []meeting.Booking{at("1", "room", "host", 15, 60)}, checked: true, start: 15},
		"no room is not the same room":       {meeting: meeting.Meeting{ID: "1", End: end}, list: []meeting.Booking{at("2", "", "", 5, 30)}, checked: true, start: -99},
		"a partial list that has none":       {meeting: m, partial: true, start: -99},
		"a partial list that has the host's": {meeting: m, partial: true, list: []meeting.Booking{at("2", "x", "host", 20, 30)}, start: -99, host: 20},
		"a partial list that has one itself": {meeting: m, partial: true, list: []meeting.Booking{at("2", "room", "x", 20, 30)}, checked: true, start: 20},
	} {
		t.Run(name, func(t *testing.T) {
			known, _ := cacheOf(diary{test.list, !test.partial}, end.Add(-10*time.Minute))
			if next := known.next(test.meeting); next.Checked {
				t.Error("checked before anything was read")
			}
			known.read(t.Context(), end.Add(time.Hour))
			want := NextBooking{Checked: test.checked}
			if test.host != 0 {
				want.Host = end.Add(time.Duration(test.host) * time.Minute)
			}
			if test.start != -99 {
				want.Start = end.Add(time.Duration(test.start) * time.Minute)
			}
			if got := known.next(test.meeting); got != want {
				t.Errorf("next is %+v, want %+v", got, want)
			}
		})
	}
}

// What was known stays known where it cannot be read again, but is not called checked. The reading is not repeated at
// every look.
func TestBookingsThatCannotBeRead(t *testing.T) {
	end := time.Date(2026, 3, 2, 15, 0, 0, 0, time.UTC)
	m := meeting.Meeting{ID: "1", RoomID: "room", Start: end.Add(-time.Hour), End: end}
	booking := meeting.Booking{ID: "2", RoomID: "room", Start: end.Add(5 * time.Minute)}
	began := end.Add(-10 * time.Minute)
	known, now := cacheOf(diary{[]meeting.Booking{booking}, true}, began)
	known.read(t.Context(), end.Add(time.Hour))
	broken := &brokenDiary{}
	known.source = broken
	for _, later := range []time.Duration{bookedFor, bookedFor + time.Second} {
		*now = began.Add(later)
		known.read(t.Context(), end.Add(2*time.Hour))
	}
	if next := known.next(m); !next.Start.Equal(booking.Start) || broken.asked != 1 {
		t.Errorf("next is %+v, asked %d times", next, broken.asked)
	}
	if next := known.next(meeting.Meeting{ID: "3", RoomID: "other", End: end}); next.Checked {
		t.Error("it is said to be checked")
	}
}

type brokenDiary struct{ asked int }

func (d *brokenDiary) Scheduled(context.Context, time.Time) ([]meeting.Booking, error) {
	d.asked++
	return nil, errors.New("the service is down")
}
func (d *brokenDiary) SeesAll() bool { return true }

// slowDiary takes long, as thousands of bookings do.
type slowDiary struct {
	diary
	takes time.Duration
	reads atomic.Int32
}

func (d *slowDiary) Scheduled(ctx context.Context, _ time.Time) ([]meeting.Booking, error) {
	d.reads.Add(1)
	select {
	case <-time.After(d.takes):
		return d.list, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// A list that takes longer than those wait who ask for it is read all the same, once for all of them.
func TestALongListOfBookingsIsRead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		end := time.Now().Add(time.Hour)
		m := meeting.Meeting{ID: "1", RoomID: "room", Start: time.Now(), End: end}
		source := &slowDiary{diary: diary{[]meeting.Booking{{ID: "2", RoomID: "room", Start: end}}, true}, takes: 35 * time.Second}
		cache := newBookingCache(source, time.Hour, 10*time.Second, time.Now, slog.New(slog.DiscardHandler))
		for look := range 6 {
			began := time.Now()
			cache.read(t.Context(), end)
			if took := time.Since(began); took > 10*time.Second {
				t.Errorf("look %d waits for %v", look, took)
			}
			if known := cache.next(m).Checked; known != (look >= 3) {
				t.Errorf("look %d: known %v", look, known)
			}
		}
		if n := source.reads.Load(); n != 1 {
			t.Errorf("%d readings", n)
		}
		cache.close()
	})
}

// The end of the process does not wait for a reading.
func TestReadingOfBookingsEndsWithTheProcess(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		source := &slowDiary{takes: time.Hour}
		cache := newBookingCache(source, time.Hour, time.Second, time.Now, slog.New(slog.DiscardHandler))
		cache.read(t.Context(), time.Now())
		began := time.Now()
		cache.close()
		cache.read(t.Context(), time.Now())
		if took := time.Since(began); took > 0 || source.reads.Load() != 1 {
			t.Errorf("it took %v and %d readings", took, source.reads.Load())
		}
	})
}

// Who asks for a later time than the reading under way reaches has the bookings read once more.
func TestReadingUnderWayThatDoesNotReachSoFar(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		source := &slowDiary{takes: 5 * time.Second}
		cache := newBookingCache(source, time.Hour, time.Minute, time.Now, slog.New(slog.DiscardHandler))
		var waiting sync.WaitGroup
		for _, hours := range []time.Duration{1, 9, 9} {
			waiting.Go(func() { cache.read(t.Context(), time.Now().Add(hours*time.Hour)) })
			synctest.Wait()
		}
		waiting.Wait()
		if n := source.reads.Load(); n != 2 {
			t.Errorf("%d readings", n)
		}
		cache.close()
	})
}
