package storetest

import (
	"testing"
	"time"

	"github.com/overtime-bot/overtime/scheduler/extension"
	"github.com/overtime-bot/overtime/scheduler/store"
)

// ended claims wish number, and ends its life in a state; people are to be told, or not.
func ended(t *testing.T, s *store.Store, number int, to extension.State, tell bool) extension.Extension {
	t.Helper()
	row := claim(t, s, wish(number))
	moved, err := s.Ledger.Move(t.Context(), row.ID, extension.Sent, to, extension.Ending{Tell: tell})
	succeed(t, err)
	return moved
}

// owes takes over what is owed, for a minute.
func owes(t *testing.T, s *store.Store, limit int, want ...extension.Extension) {
	t.Helper()
	got, err := s.Ledger.Owed(t.Context(), time.Minute, limit)
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
			succeed(t, s.Ledger.Told(t.Context(), row.ID))
		}
		db.Advance(t, 10*time.Minute)
		owes(t, s, 10)
		unchanged(t, s, row)
	}
	succeed(t, s.Ledger.Told(t.Context(), 1<<40))
}

// A process takes an envelope over and promises the person an outcome. When the first process then ends the doubt, the person is
// owed that outcome, and any process can tell it. Without a promise, the first process answers by itself.
func owedByPromise(t *testing.T, db Database) {
	s := db.Open(t)
	for number, to := range []extension.State{extension.Confirmed, extension.Refused, extension.Void, extension.Unclear} {
		ended(t, s, 2*number, to, false)
		owes(t, s, 10)
		row := claim(t, s, wish(2*number+1))
		succeed(t, s.Inbox.AnswerEnvelopes(t.Context(), map[string]bool{row.Envelope: true}))
		moved, err := s.Ledger.Move(t.Context(), row.ID, extension.Sent, to, extension.Ending{})
		succeed(t, err)
		owes(t, s, 10, moved)
		succeed(t, s.Ledger.Told(t.Context(), row.ID))
		if to == extension.Void { // it is looked at once more
			_, err := s.Ledger.Move(t.Context(), row.ID, to, to, extension.Ending{SettleIn: time.Minute})
			succeed(t, err)
			owes(t, s, 10)
		}
	}
}

func owedNoticeStays(t *testing.T, db Database) {
	s := db.Open(t)
	accepted := ended(t, s, 1, extension.Accepted, true)
	confirmed, err := s.Ledger.Move(t.Context(), accepted.ID, extension.Accepted, extension.Confirmed, extension.Ending{})
	succeed(t, err)
	owes(t, s, 10)
	db.Advance(t, 31*time.Second)
	owes(t, s, 10, confirmed)

	accepted = ended(t, s, 2, extension.Accepted, true)
	succeed(t, s.Ledger.Told(t.Context(), accepted.ID))
	confirmed, err = s.Ledger.Move(t.Context(), accepted.ID, extension.Accepted, extension.Confirmed, extension.Ending{Tell: true})
	succeed(t, err)
	_, err = s.Ledger.Move(t.Context(), accepted.ID, extension.Accepted, extension.Void, extension.Ending{Tell: true})
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

func raceForNotices(t *testing.T, db Database) {
	stores := several(t, db)
	const notices = 20
	for number := range notices {
		ended(t, stores[0], number, extension.Void, true)
	}
	for range rounds {
		db.Advance(t, 61*time.Second)
		eachOnce(t, stores, notices, func(s *store.Store, _, limit int) ([]string, error) {
			owed, err := s.Ledger.Owed(t.Context(), time.Minute, limit)
			var got []string
			for _, row := range owed {
				got = append(got, row.Key)
			}
			return got, err
		})
	}
}
