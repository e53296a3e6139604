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
