package storetest

import (
	"testing"
	"time"

	"github.com/overtime-bot/overtime/scheduler/extension"
)

// unsettled: what was sent, or is unknown, counts until it is known. Nothing else does.
func unsettled(t *testing.T, db Database) {
	s := db.Open(t)
	expect := func(want int, oldest time.Duration) {
		t.Helper()
		got, age, err := s.Ledger.Unsettled(t.Context())
		succeed(t, err)
		if got != want || age < oldest || age > oldest+30*time.Second || want == 0 && age != 0 {
			t.Errorf("%d, the oldest of %v; want %d, of %v", got, age, want, oldest)
		}
	}
	expect(0, 0)
	first := claim(t, s, wish(0))
	db.Advance(t, time.Minute)
	for number, state := range states {
		inState(t, s, wish(number+1), state)
	}
	expect(3, time.Minute)
	move(t, s, first.ID, extension.Sent, extension.Refused)
	expect(2, 0)
}

// awaited: what is unknown is awaited, and what was accepted, as long as it is read again. Of several the newest is.
func awaited(t *testing.T, db Database) {
	s := db.Open(t)
	expect := func(what, run string, want int64) {
		t.Helper()
		got, err := s.Ledger.Awaited(t.Context(), run)
		succeed(t, err)
		equal(t, what, got.ID, want)
	}
	expect("nothing was sent", "no such run", 0)
	for number, state := range states {
		row, want := inState(t, s, wish(number), state), int64(0)
		if state == extension.Unknown || state == extension.Accepted {
			want = row.ID
		}
		expect(string(state), row.Run, want)
	}
	unread := claim(t, s, wish(99))
	_, err := s.Ledger.Move(t.Context(), unread.ID, extension.Sent, extension.Accepted, extension.Ending{})
	succeed(t, err)
	expect("accepted, and not read again", unread.Run, 0)
	first := inState(t, s, wish(100), extension.Accepted)
	second := wish(101)
	second.Run = first.Run
	move(t, s, claim(t, s, second).ID, extension.Sent, extension.Confirmed)
	expect("another was read since", first.Run, first.ID)
	third := wish(102)
	third.Run = first.Run
	unknown := inState(t, s, third, extension.Unknown)
	expect("the newest", first.Run, unknown.ID)
	move(t, s, unknown.ID, extension.Unknown, extension.Void)
	expect("only the first", first.Run, first.ID)
	move(t, s, first.ID, extension.Accepted, extension.Confirmed)
	expect("nothing is awaited", first.Run, 0)
}
