package storetest

import (
	"testing"
	"time"

	"github.com/overtime-bot/overtime/scheduler/extension"
	"github.com/overtime-bot/overtime/scheduler/store"
)

// arrives stores an envelope for a minute, and says whether it should be fresh.
func arrives(t *testing.T, s Store, e store.Envelope, owner string, want bool) {
	t.Helper()
	fresh, err := s.StoreEnvelope(t.Context(), e, owner, time.Minute)
	succeed(t, err)
	equal(t, "fresh", fresh, want)
}

func readEnvelope(t *testing.T, s Store, id string) store.Envelope {
	t.Helper()
	e, err := s.Envelope(t.Context(), id)
	succeed(t, err)
	return e
}

// sweeps takes expired envelopes over, and compares their IDs.
func sweeps(t *testing.T, s Store, owner string, limit int, want ...string) {
	t.Helper()
	taken, err := s.TakeEnvelopes(t.Context(), owner, time.Minute, limit)
	succeed(t, err)
	var got []string
	for _, e := range taken {
		got = append(got, e.ID)
		equal(t, "as it was taken", e, readEnvelope(t, s, e.ID))
	}
	equal(t, "taken over", got, want)
}

func envelopeOnce(t *testing.T, db Database) {
	s := db.Open(t)
	e := envelope(1)
	arrives(t, s, e, "one", true)
	read := readEnvelope(t, s, e.ID)
	want := e
	want.Owner, want.Stored, want.ClaimedUntil = "one", read.Stored, read.Stored.Add(time.Minute)
	equal(t, "stored", read, want)
	if read.Stored.IsZero() {
		t.Error("stored at no time")
	}
	repeat := e
	repeat.Payload = []byte("other")
	arrives(t, s, repeat, "two", false)
	arrives(t, s, e, "one", false)
	equal(t, "after repeats", readEnvelope(t, s, e.ID), want)
	arrives(t, s, envelope(2), "two", true)

	_, err := s.Envelope(t.Context(), "nothing")
	failsWith(t, err, store.ErrNoEnvelope)
	failsWith(t, s.AnswerEnvelope(t.Context(), "nothing", false), store.ErrNoEnvelope)
	failsWith(t, s.ErasePayload(t.Context(), "nothing"), store.ErrNoEnvelope)
}

func envelopeRepeated(t *testing.T, db Database) {
	s := db.Open(t)
	e := envelope(1)
	arrives(t, s, e, "one", true)
	first := readEnvelope(t, s, e.ID)
	db.Advance(t, 50*time.Second)
	arrives(t, s, e, "two", false)
	sweeps(t, s, "two", 10)
	db.Advance(t, 11*time.Second)
	succeed(t, s.ErasePayload(t.Context(), e.ID))
	arrives(t, s, e, "two", true)
	second := readEnvelope(t, s, e.ID)
	equal(t, "owner", second.Owner, "two")
	equal(t, "payload", string(second.Payload), string(e.Payload))
	equal(t, "when the person asked", second.Stored, first.Stored)
	arrives(t, s, e, "three", false)
	failsWith(t, s.ExtendClaim(t.Context(), e.ID, "one", time.Minute), store.ErrClaimLost)
}

func envelopeAnswered(t *testing.T, db Database) {
	s := db.Open(t)
	for number, keep := range []bool{false, true} {
		e := envelope(number)
		arrives(t, s, e, "one", true)
		succeed(t, s.AnswerEnvelope(t.Context(), e.ID, keep))
		read := readEnvelope(t, s, e.ID)
		equal(t, "answered", read.Answered, true)
		equal(t, "payload kept", read.Payload != nil, keep)
		db.Advance(t, 2*time.Minute)
		arrives(t, s, e, "two", false)
		sweeps(t, s, "two", 10)
		db.Advance(t, 24*time.Hour)
		arrives(t, s, e, "two", false)
		succeed(t, s.AnswerEnvelope(t.Context(), e.ID, keep)) // harmless
		succeed(t, s.ErasePayload(t.Context(), e.ID))
		equal(t, "payload after erasing", len(readEnvelope(t, s, e.ID).Payload), 0)
		failsWith(t, s.ExtendClaim(t.Context(), e.ID, "one", time.Minute), store.ErrClaimLost)
	}
}

func envelopeExtended(t *testing.T, db Database) {
	s := db.Open(t)
	for number := range 3 {
		arrives(t, s, envelope(number), "one", true)
		db.Advance(t, time.Second)
	}
	db.Advance(t, 50*time.Second)
	succeed(t, s.ExtendClaim(t.Context(), "envelope 1", "one", time.Minute))
	failsWith(t, s.ExtendClaim(t.Context(), "envelope 1", "two", time.Minute), store.ErrClaimLost)
	failsWith(t, s.ExtendClaim(t.Context(), "nothing", "one", time.Minute), store.ErrClaimLost)
	db.Advance(t, 20*time.Second)
	sweeps(t, s, "two", 0)
	sweeps(t, s, "two", 1, "envelope 0")
	sweeps(t, s, "two", 10, "envelope 2")
	sweeps(t, s, "two", 10)
	db.Advance(t, 61*time.Second)
	sweeps(t, s, "three", 10, "envelope 0", "envelope 1", "envelope 2")
}

func envelopesExtended(t *testing.T, db Database) {
	s := db.Open(t)
	for number, owner := range []string{"one", "two", "one", "one", "one", "one"} {
		arrives(t, s, envelope(number), owner, true)
		db.Advance(t, time.Second)
	}
	succeed(t, s.AnswerEnvelope(t.Context(), "envelope 2", true))
	answered := readEnvelope(t, s, "envelope 2")
	others := readEnvelope(t, s, "envelope 1")
	db.Advance(t, 45*time.Second)
	succeed(t, s.ExtendClaims(t.Context(), "one", nil, time.Minute))
	for _, ids := range [][]string{
		{"envelope 0"}, {"envelope 4", "nothing"}, {"envelope 0", "envelope 1", "envelope 2", "envelope 3", "envelope 4"},
	} {
		succeed(t, s.ExtendClaims(t.Context(), "one", ids, time.Minute))
	}
	equal(t, "another's", readEnvelope(t, s, "envelope 1"), others)
	equal(t, "answered", readEnvelope(t, s, "envelope 2"), answered)
	db.Advance(t, 20*time.Second)
	sweeps(t, s, "three", 10, "envelope 1", "envelope 5")
	db.Advance(t, 41*time.Second)
	succeed(t, s.ExtendClaims(t.Context(), "one", []string{"envelope 5"}, time.Hour)) // lost
	sweeps(t, s, "three", 10, "envelope 0", "envelope 3", "envelope 4")
	db.Advance(t, time.Minute)
	sweeps(t, s, "four", 10, "envelope 0", "envelope 1", "envelope 3", "envelope 4", "envelope 5")
}

func pruningExtensions(t *testing.T, db Database) {
	s := db.Open(t)
	var kept []extension.Extension
	open := inState(t, s, wish(1000), extension.Unknown)
	for number := range 110 { // more than a batch
		inState(t, s, wish(number), states[2+number%5])
	}
	db.Advance(t, 9*24*time.Hour)
	for number := range 3 {
		kept = append([]extension.Extension{inState(t, s, wish(2000+number), extension.Confirmed)}, kept...)
	}
	kept = append(kept, open) // it holds its run, however old it is
	db.Advance(t, 23*time.Hour)
	check := func(historyDays, want int) []extension.Extension {
		t.Helper()
		succeed(t, s.Prune(t.Context(), historyDays))
		left, err := s.History(t.Context(), "", 1000)
		succeed(t, err)
		equal(t, "rows that are left", len(left), want)
		return left
	}
	check(0, 114)
	check(10, 114)
	db.Advance(t, 2*time.Hour)
	equal(t, "left", check(10, 4), kept)
	again := claim(t, s, wish(1)) // its key is free again, its number is new
	if again.ID <= kept[0].ID {
		t.Errorf("number %d was given before", again.ID)
	}
}

func pruningEnvelopes(t *testing.T, db Database) {
	s := db.Open(t)
	for number := range 110 { // more than a batch
		arrives(t, s, envelope(number), "one", true)
	}
	succeed(t, s.AnswerEnvelope(t.Context(), "envelope 0", true))
	payloads := func(want bool) {
		t.Helper()
		succeed(t, s.Prune(t.Context(), 400))
		for _, id := range []string{"envelope 0", "envelope 1", "envelope 109"} {
			equal(t, "payload of "+id, readEnvelope(t, s, id).Payload != nil, want)
		}
	}
	db.Advance(t, 29*time.Minute)
	payloads(true)
	db.Advance(t, 2*time.Minute)
	payloads(false)
	db.Advance(t, 7*24*time.Hour-time.Hour)
	arrives(t, s, envelope(1000), "one", true)
	payloads(false)
	db.Advance(t, 2*time.Hour)
	succeed(t, s.Prune(t.Context(), 400))
	for _, id := range []string{"envelope 0", "envelope 1", "envelope 109"} {
		_, err := s.Envelope(t.Context(), id)
		failsWith(t, err, store.ErrNoEnvelope)
	}
	equal(t, "newer one", readEnvelope(t, s, "envelope 1000").ID, "envelope 1000")
}
