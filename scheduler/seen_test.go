package scheduler

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/overtime-bot/overtime/meeting"
)

// seenRules remembers what was written of rules.
type seenRules struct {
	RuleStore
	writes [][]string
	unseen []string
	err    error
}

func (s *seenRules) SeeRules(_ context.Context, of []string) error {
	if len(of) > 0 {
		s.writes = append(s.writes, slices.Sorted(slices.Values(of)))
	}
	return s.err
}

func (s *seenRules) UnseenRules(context.Context, time.Duration) ([]string, error) {
	return s.unseen, nil
}

func ruled(of ...string) map[string]Rule {
	rules := make(map[string]Rule)
	for _, id := range of {
		rules[id] = Rule{Of: id, Mode: ModeAsk}
	}
	return rules
}

// A rule is written when its meeting or its room is in use, once in six hours, however often the bot looks and however
// short the meeting is.
func TestRulesOfWhatRunsAreSeen(t *testing.T) {
	store, began := &seenRules{}, time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	known, _ := cacheOf(nil, began)
	w := &witness{rules: store, bookings: known}
	sees := func(after time.Duration, want []string, running ...meeting.Meeting) {
		t.Helper()
		store.writes = nil
		this := &look{now: began.Add(after), rules: ruled("1", "2", "room"), meetings: running}
		if err := w.look(t.Context(), this); (err != nil) != (store.err != nil) {
			t.Fatal(err)
		}
		if got := slices.Concat(store.writes...); !slices.Equal(got, want) {
			t.Errorf("after %v: wrote %q, want %q", after, got, want)
		}
	}
	first, inRoom, other := meeting.Meeting{ID: "1"}, meeting.Meeting{ID: "7", RoomID: "room"}, meeting.Meeting{ID: "9", RoomID: "8"}
	store.err = errors.New("the disk is full")
	sees(0, []string{"1"}, first)
	store.err = nil
	sees(time.Minute, []string{"1", "room"}, first, inRoom, other) // again, as it failed
	sees(2*time.Minute, nil, first, inRoom, other)
	sees(3*time.Minute, nil)
	sees(6*time.Hour, nil, first, inRoom)
	sees(6*time.Hour+time.Minute, []string{"1", "room"}, first, inRoom)
	sees(7*time.Hour, []string{"2"}, meeting.Meeting{ID: "2"}, first)
	sees(7*time.Hour-time.Minute, []string{"2"}, meeting.Meeting{ID: "2"}) // the clock was set back
	this := &look{now: began.Add(20 * time.Hour), rules: ruled("1", "2"), idle: true}
	store.writes = nil
	if err := w.look(t.Context(), this); err != nil || len(slices.Concat(store.writes...)) != 2 {
		t.Errorf("an idle look wrote %q: %v", store.writes, err)
	}
}

// What is booked for later keeps its rule. The bookings are read once a day, and where a rule needs that.
func TestRulesOfWhatIsBookedAreSeen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := &seenRules{}
		source := &countedDiary{diary: diary{list: []meeting.Booking{{ID: "1"}, {ID: "8", RoomID: "room"}, {}}, whole: true}}
		known := newBookingCache(source, 0, time.Minute, time.Now, slog.New(slog.DiscardHandler))
		w := &witness{rules: store, bookings: known, logger: slog.New(slog.DiscardHandler)}
		looks := func(want ...string) {
			t.Helper()
			store.writes = nil
			if err := w.look(t.Context(), &look{now: time.Now(), rules: ruled("1", "2", "room")}); err != nil {
				t.Fatal(err)
			}
			synctest.Wait()
			if got := slices.Concat(store.writes...); !slices.Equal(got, want) {
				t.Errorf("wrote %q, want %q", got, want)
			}
		}
		looks()
		store.unseen = []string{"1", "2", "room"}
		looks() // a day has not gone by
		time.Sleep(bookedEvery)
		looks("1", "room")
		looks()
		if len(source.until) != 1 || time.Until(source.until[0]) < 399*24*time.Hour {
			t.Errorf("the bookings were read until %v", source.until)
		}
		known.close()
	})
}

type countedDiary struct {
	diary
	until []time.Time
}

func (d *countedDiary) Scheduled(ctx context.Context, until time.Time) ([]meeting.Booking, error) {
	d.until = append(d.until, until)
	return d.diary.Scheduled(ctx, until)
}
