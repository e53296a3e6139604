package scheduler

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/scheduler/extension"
)

const (
	seenEvery   = 6 * time.Hour        // a rule is written at most so often
	bookedEvery = 24 * time.Hour       // the bookings of all rules that were not seen are read at most so often
	unseenFor   = 7 * 24 * time.Hour   // by then a rule needs a booking
	bookedYear  = 400 * 24 * time.Hour // how far ahead a booking keeps a rule
)

// witness notes which rules are of meetings that still exist, so that the others go in the end.
type witness struct {
	rules    RuleStore
	bookings *bookingCache
	logger   *slog.Logger
	written  map[string]time.Time // by what a rule is of
	asked    time.Time            // when the bookings were last read for this
}

// look notes the rules of what runs. While nothing acts by itself, no list is read: then no rule grows older.
func (w *witness) look(ctx context.Context, l *look) error {
	written, due := make(map[string]time.Time), []string(nil)
	for of := range existing(l) {
		at, known := w.written[of]
		if age := l.now.Sub(at); !known || age >= seenEvery || age < 0 {
			due, at = append(due, of), l.now
		}
		written[of] = at
	}
	if err := w.rules.SeeRules(ctx, due); err != nil {
		return fmt.Errorf("noting which watched meetings still exist: %w", err)
	}
	for of, at := range w.written { // between its runs a meeting is not written more often
		if _, again := written[of]; !again && l.rules[of].Of != "" && l.now.Sub(at) < seenEvery {
			written[of] = at
		}
	}
	w.written = written
	return w.lookAhead(ctx, l.now)
}

// existing is what those rules are of whose meeting or room is in use.
func existing(l *look) map[string]bool {
	found := make(map[string]bool)
	if l.idle {
		for of := range l.rules {
			found[of] = true
		}
	}
	for _, m := range l.meetings {
		for _, of := range []string{m.ID, m.RoomID} {
			if _, ruled := l.rules[of]; ruled {
				found[of] = true
			}
		}
	}
	return found
}

// lookAhead notes the rules of what is booked, once a day, where rules were not seen for long.
func (w *witness) lookAhead(ctx context.Context, now time.Time) error {
	if age := now.Sub(w.asked); w.bookings.source == nil || age >= 0 && age < bookedEvery {
		return nil
	}
	unseen, err := w.rules.UnseenRules(ctx, unseenFor)
	if err != nil {
		return fmt.Errorf("reading which watched meetings were not seen: %w", err)
	}
	w.asked = now
	if len(unseen) > 0 {
		w.bookings.work.Go(func() {
			if err := extension.Survive("reading the bookings of watched meetings", func() error { return w.noteBooked(now, unseen) }); err != nil {
				w.logger.Info("which watched meetings are booked could not be noted", "error", err)
			}
		})
	}
	return nil
}

// noteBooked may take long, and goes on beside the looks.
func (w *witness) noteBooked(now time.Time, unseen []string) error {
	found, err := w.bookings.scheduled(now.Add(bookedYear))
	if err != nil {
		return err
	}
	return w.rules.SeeRules(w.bookings.life, bookedOf(unseen, found))
}

// bookedOf keeps those IDs of which there is a booking.
func bookedOf(ids []string, bookings []meeting.Booking) (booked []string) {
	known := make(map[string]bool, 2*len(bookings))
	for _, b := range bookings {
		known[b.ID], known[b.RoomID] = true, true
	}
	for _, id := range ids {
		if known[id] {
			booked = append(booked, id)
		}
	}
	return booked
}
