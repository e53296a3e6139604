package storetest

import (
	"testing"
	"time"

	"github.com/overtime-bot/overtime/scheduler/extension"
)

// ended claims wish number, and ends its life in a state; people are to be told, or not.
func ended(t *testing.T, s Store, number int, to extension.State, tell bool) extension.Extension {
	t.Helper()
	row := claim(t, s, wish(number))
	moved, err := s.Move(t.Context(), row.ID, extension.Sent, to, extension.Ending{Tell: tell})
	succeed(t, err)
	return moved
}

// owes takes over what is owed, for a minute.
func owes(t *testing.T, s Store, limit int, want ...extension.Extension) {
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
	accepted := ended(t, s, 1, extension.Accepted, true)
	confirmed, err := s.Move(t.Context(), accepted.ID, extension.Accepted, extension.Confirmed, extension.Ending{})
	succeed(t, err)
	owes(t, s, 10)
	db.Advance(t, 31*time.Second)
	owes(t, s, 10, confirmed)

	accepted = ended(t, s, 2, extension.Accepted, true)
	succeed(t, s.Told(t.Context(), accepted.ID))
	confirmed, err = s.Move(t.Context(), accepted.ID, extension.Accepted, extension.Confirmed, extension.Ending{Tell: true})
	succeed(t, err)
	_, err = s.Move(t.Context(), accepted.ID, extension.Accepted, extension.Void, extension.Ending{Tell: true})
	failsWith(t, err, extension.ErrMoved)
	db.Advance(t, 31*time.Second)
	owes(t, s, 10, confirmed)
}

func owedOrder(t *testing.T, db Database) {
	s := db.Open(t)
	var rows []extension.Extension
	for number := range 5 {
		rows = append(rows, ended(t, s, number, extension.Void, true))
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
	old := ended(t, s, 1, extension.Void, true)
	db.Advance(t, 24*time.Hour-time.Minute)
	owes(t, s, 10, old)
	succeed(t, s.Prune(t.Context(), 400))
	young := ended(t, s, 2, extension.Void, true)
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
	var rows []extension.Extension
	for _, e := range []extension.Extension{typed, pressed, other, typed, {Key: "tick", Run: "tick"}} {
		rows = append([]extension.Extension{inState(t, s, e, extension.Void)}, rows...)
	}
	last := claim(t, s, typed)
	check := func(envelope string, want ...extension.Extension) {
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
	last = move(t, s, last.ID, extension.Sent, extension.Confirmed)
	check(typed.Envelope, last, rows[1], rows[3], rows[4])
}
