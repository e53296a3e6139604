package storetest

import (
	"testing"
	"time"

	"github.com/overtime-bot/overtime/scheduler"
)

// ended claims wish number, and ends its life in a state; people are to be told, or not.
func ended(t *testing.T, s Store, number int, to scheduler.State, tell bool) scheduler.Extension {
	t.Helper()
	row := claim(t, s, wish(number))
	moved, err := s.Move(t.Context(), row.ID, scheduler.Sent, to, scheduler.Ending{Tell: tell})
	succeed(t, err)
	return moved
}

// owes takes over what is owed, for a minute.
func owes(t *testing.T, s Store, limit int, want ...scheduler.Extension) {
	t.Helper()
	got, err := s.Owed(t.Context(), time.Minute, limit)
	succeed(t, err)
	equal(t, "owed", got, want)
}

func owedNotice(t *testing.T, db Database) {
	s := db.Open(t)
	for number, to := range states[2:] {
		ended(t, s, 100+number, to, false)
		row := ended(t, s, number, to, true)
		owes(t, s, 10) // its mover has time to tell
		db.Advance(t, 25*time.Second)
		owes(t, s, 10)
		db.Advance(t, 6*time.Second)
		owes(t, s, 10, row)
		owes(t, s, 10)
		db.Advance(t, 55*time.Second)
		owes(t, s, 10)
		db.Advance(t, 6*time.Second)
		owes(t, s, 10, row) // who took it over died, too
		for range 2 {
			succeed(t, s.Told(t.Context(), row.ID))
		}
		db.Advance(t, 10*time.Minute)
		owes(t, s, 10)
		unchanged(t, s, row)
	}
	succeed(t, s.Told(t.Context(), 1<<40))
}

func owedNoticeStays(t *testing.T, db Database) {
	s := db.Open(t)
	accepted := ended(t, s, 1, scheduler.Accepted, true)
	confirmed, err := s.Move(t.Context(), accepted.ID, scheduler.Accepted, scheduler.Confirmed, scheduler.Ending{})
	succeed(t, err)
	owes(t, s, 10)
	db.Advance(t, 31*time.Second)
	owes(t, s, 10, confirmed)

	accepted = ended(t, s, 2, scheduler.Accepted, true)
	succeed(t, s.Told(t.Context(), accepted.ID))
	confirmed, err = s.Move(t.Context(), accepted.ID, scheduler.Accepted, scheduler.Confirmed, scheduler.Ending{Tell: true})
	succeed(t, err)
	_, err = s.Move(t.Context(), accepted.ID, scheduler.Accepted, scheduler.Void, scheduler.Ending{Tell: true})
	failsWith(t, err, scheduler.ErrMoved)
	db.Advance(t, 31*time.Second)
	owes(t, s, 10, confirmed)
}

func owedOrder(t *testing.T, db Database) {
	s := db.Open(t)
	var rows []scheduler.Extension
	for number := range 5 {
		rows = append(rows, ended(t, s, number, scheduler.Void, true))
		db.Advance(t, time.Second)
	}
	db.Advance(t, time.Minute)
	owes(t, s, 0)
	owes(t, s, 2, rows[0], rows[1])
	owes(t, s, 2, rows[2], rows[3])
	db.Advance(t, 2*time.Minute)
	owes(t, s, 1, rows[4]) // it has waited longest
	owes(t, s, 10, rows[:4]...)
}

func owedTooLate(t *testing.T, db Database) {
	s := db.Open(t)
	old := ended(t, s, 1, scheduler.Void, true)
	db.Advance(t, 24*time.Hour-time.Minute)
	owes(t, s, 10, old)
	succeed(t, s.Prune(t.Context(), 400))
	young := ended(t, s, 2, scheduler.Void, true)
	db.Advance(t, 2*time.Minute)
	owes(t, s, 10, young)
	db.Advance(t, 22*time.Hour)
	succeed(t, s.Prune(t.Context(), 400))
	owes(t, s, 10, young)
	db.Advance(t, 24*time.Hour)
	succeed(t, s.Prune(t.Context(), 400))
	owes(t, s, 10)
	unchanged(t, s, old)
}

func asked(t *testing.T, db Database) {
	s := db.Open(t)
	typed := wish(1) // its key is its envelope
	typed.Key = typed.Envelope
	pressed := wish(2) // its key is not
	pressed.Envelope = typed.Envelope
	other := wish(3)
	var rows []scheduler.Extension
	for _, e := range []scheduler.Extension{typed, pressed, other, typed, {Key: "tick", Run: "tick"}} {
		rows = append([]scheduler.Extension{inState(t, s, e, scheduler.Void)}, rows...)
	}
	last := claim(t, s, typed)
	check := func(envelope string, want ...scheduler.Extension) {
		t.Helper()
		got, err := s.Asked(t.Context(), envelope)
		succeed(t, err)
		equal(t, "asked by "+envelope, got, want)
	}
	check(typed.Envelope, last, rows[1], rows[3], rows[4])
	check(other.Envelope, rows[2])
	check(other.Key)
	check("tick")
	check("")
	last = move(t, s, last.ID, scheduler.Sent, scheduler.Confirmed)
	check(typed.Envelope, last, rows[1], rows[3], rows[4])
}
