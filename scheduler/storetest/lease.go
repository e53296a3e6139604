package storetest

import (
	"testing"
	"time"
)

// leases asks for a lease of a minute.
func leases(t *testing.T, s Store, name, owner string, want bool) {
	t.Helper()
	held, err := s.Lease(t.Context(), name, owner, time.Minute)
	succeed(t, err)
	equal(t, owner+" holds "+name, held, want)
}

func leaseIsHeld(t *testing.T, db Database) {
	s, other := db.Open(t), db.Open(t)
	leases(t, s, "tick", "one", true)
	leases(t, other, "tick", "two", false)
	leases(t, other, "prune", "two", true)
	for range 3 { // renewed by its holder
		db.Advance(t, 50*time.Second)
		leases(t, s, "tick", "one", true)
		leases(t, other, "tick", "two", false)
	}
	db.Advance(t, 61*time.Second)
	leases(t, s, "tick", "one", true) // nobody else wanted it meanwhile
	db.Advance(t, 61*time.Second)
	leases(t, other, "tick", "two", true)
	leases(t, s, "tick", "one", false)
}

// A clock that was wrong, and is set right, must not keep a lease of one who died for longer than a lease lasts.
func leaseUnderAClockSetBack(t *testing.T, db Database) {
	s, other := db.Open(t), db.Open(t)
	db.Advance(t, 24*time.Hour)
	leases(t, s, "tick", "one", true)
	db.Advance(t, -24*time.Hour)
	leases(t, other, "tick", "two", true)
	leases(t, s, "tick", "one", false)
	db.Advance(t, -time.Second) // as clocks are set right all day
	leases(t, s, "tick", "one", false)
}

func leaseIsReleased(t *testing.T, db Database) {
	s := db.Open(t)
	leases(t, s, "tick", "one", true)
	leases(t, s, "prune", "one", true)
	succeed(t, s.ReleaseLease(t.Context(), "tick", "two"))
	leases(t, s, "tick", "two", false)
	succeed(t, s.ReleaseLease(t.Context(), "tick", "one"))
	leases(t, s, "tick", "two", true)
	succeed(t, s.ReleaseLease(t.Context(), "tick", "one")) // it is the other's now
	leases(t, s, "tick", "one", false)
	leases(t, s, "prune", "two", false)
	succeed(t, s.ReleaseLease(t.Context(), "nothing", "one"))
}
