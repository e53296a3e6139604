package storetest

import (
	"fmt"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/scheduler/store"
)

// inboxContract is the contract of store.Inbox.
var inboxContract = []part{
	{"envelope is stored once", envelopeOnce},
	{"envelope is taken over by its repeat", envelopeRepeated},
	{"answered envelope is dropped", envelopeAnswered},
	{"envelopes are answered together, stored or not", envelopesAnswered},
	{"concluded envelope is told and not carried out", envelopeConcluded},
	{"lost envelope cannot be concluded", envelopeLost},
	{"claim from before the clock was set back", envelopeFromTheFuture},
	{"claim of an envelope is extended", envelopeExtended},
	{"claims of envelopes are extended together", envelopesExtended},
	{"one sweeper takes an envelope", raceForEnvelopes},
	{"one of the same envelopes is fresh", raceForFresh},
	{"action is stored", actionIsStored},
	{"actions are stored together", actionsAllOrNone},
	{"action expires", actionExpires},
	{"dialog is stored", dialogIsStored},
	{"dialog forgets where it is answered", dialogIsClosed},
	{"dialog is removed a day after it expires", dialogIsRemoved},
	{"confirmed extension offers more", extensionOffersMore},
	{"confirmed extension offers more until its end", extensionOffersInTime},
}

func envelope(number int) store.Envelope {
	return store.Envelope{
		ID: fmt.Sprintf("envelope %d", number), Type: "slash_commands",
		Payload: fmt.Appendf(nil, `{"response_url":"https://hooks.slack.test/%d"}`, number),
	}
}

// arrives stores an envelope for a minute, and says whether it should be fresh.
func arrives(t *testing.T, s *store.Store, e store.Envelope, owner string, want bool) {
	t.Helper()
	fresh, err := s.Inbox.StoreEnvelope(t.Context(), e, owner, time.Minute)
	succeed(t, err)
	equal(t, "fresh", fresh, want)
}

func readEnvelope(t *testing.T, s *store.Store, id string) store.Envelope {
	t.Helper()
	e, err := s.Inbox.Envelope(t.Context(), id)
	succeed(t, err)
	return e
}

// sweeps takes expired envelopes over, and compares their IDs.
func sweeps(t *testing.T, s *store.Store, owner string, limit int, want ...string) {
	t.Helper()
	taken, err := s.Inbox.TakeEnvelopes(t.Context(), owner, time.Minute, limit)
	succeed(t, err)
	var got []string
	for _, e := range taken {
		got = append(got, e.ID)
		equal(t, "as it was taken", e, readEnvelope(t, s, e.ID))
	}
	equal(t, "taken over", got, want)
}

// extends extends claims, and says how many should be.
func extends(t *testing.T, s *store.Store, want int, owner string, claimFor time.Duration, ids ...string) {
	t.Helper()
	extended, err := s.Inbox.ExtendClaims(t.Context(), owner, ids, claimFor)
	succeed(t, err)
	equal(t, "claims extended", extended, want)
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

	_, err := s.Inbox.Envelope(t.Context(), "nothing")
	failsWith(t, err, store.ErrNoEnvelope)
}

func envelopeRepeated(t *testing.T, db Database) {
	s := db.Open(t)
	e := envelope(1)
	arrives(t, s, e, "one", true)
	first := readEnvelope(t, s, e.ID)
	db.Advance(t, 50*time.Second)
	arrives(t, s, e, "two", false)
	sweeps(t, s, "two", 10)
	db.Advance(t, 31*time.Minute)
	succeed(t, s.Prune(t.Context(), 0))
	equal(t, "payload after half an hour", len(readEnvelope(t, s, e.ID).Payload), 0)
	arrives(t, s, e, "two", true)
	second := readEnvelope(t, s, e.ID)
	equal(t, "owner", second.Owner, "two")
	equal(t, "payload", string(second.Payload), string(e.Payload))
	equal(t, "when the person asked", second.Stored, first.Stored)
	arrives(t, s, e, "three", false)
	extends(t, s, 0, "one", time.Hour, e.ID) // it lost its claim
	equal(t, "claim", readEnvelope(t, s, e.ID), second)
}

func envelopeAnswered(t *testing.T, db Database) {
	s := db.Open(t)
	for number, keep := range []bool{false, true} {
		e := envelope(number)
		arrives(t, s, e, "one", true)
		succeed(t, s.Inbox.AnswerEnvelopes(t.Context(), map[string]bool{e.ID: keep}))
		read := readEnvelope(t, s, e.ID)
		equal(t, "answered", read.Answered, true)
		equal(t, "payload kept", read.Payload != nil, keep)
		db.Advance(t, 2*time.Minute)
		arrives(t, s, e, "two", false)
		sweeps(t, s, "two", 10)
		db.Advance(t, 24*time.Hour)
		arrives(t, s, e, "two", false)
		succeed(t, s.Inbox.AnswerEnvelopes(t.Context(), map[string]bool{e.ID: keep}))  // harmless
		succeed(t, s.Inbox.AnswerEnvelopes(t.Context(), map[string]bool{e.ID: false})) // for good
		answered := readEnvelope(t, s, e.ID)
		equal(t, "payload after erasing", len(answered.Payload), 0)
		extends(t, s, 0, "one", time.Hour, e.ID)
		equal(t, "claim", readEnvelope(t, s, e.ID), answered)
	}
}

func envelopesAnswered(t *testing.T, db Database) {
	s := db.Open(t)
	arrives(t, s, envelope(1), "one", true)
	arrives(t, s, envelope(2), "one", true)
	succeed(t, s.Inbox.AnswerEnvelopes(t.Context(), map[string]bool{"envelope 1": false, "envelope 2": true, "envelope 3": false}))
	for number, payload := range map[int]bool{1: false, 2: true, 3: false} {
		e := envelope(number)
		read := readEnvelope(t, s, e.ID)
		equal(t, e.ID+" is answered", read.Answered, true)
		equal(t, e.ID+" has its payload", read.Payload != nil, payload)
		arrives(t, s, e, "two", false)
	}
	db.Advance(t, 2*time.Minute)
	sweeps(t, s, "two", 10)
}

func concludes(t *testing.T, s *store.Store, e store.Envelope, owner string, want bool) {
	t.Helper()
	mine, err := s.Inbox.ConcludeEnvelope(t.Context(), e, owner, time.Minute)
	succeed(t, err)
	equal(t, "concluded", mine, want)
}

func envelopeConcluded(t *testing.T, db Database) {
	s := db.Open(t)
	stored, missed := envelope(1), envelope(2)
	arrives(t, s, stored, "one", true)
	equal(t, "concluded at first", readEnvelope(t, s, stored.ID).Concluded, false)
	for _, e := range []store.Envelope{stored, missed} {
		concludes(t, s, e, "one", true)
		concludes(t, s, e, "one", true) // harmless
		concludes(t, s, e, "two", false)
		read := readEnvelope(t, s, e.ID)
		equal(t, "concluded", read.Concluded, true)
		equal(t, "payload, for those who take it over", string(read.Payload), string(e.Payload))
	}
	db.Advance(t, 61*time.Second)
	arrives(t, s, stored, "two", false)
	arrives(t, s, missed, "two", false)
	sweeps(t, s, "two", 10, stored.ID, missed.ID)
	concludes(t, s, stored, "one", false)
	concludes(t, s, stored, "two", true)
	succeed(t, s.Inbox.AnswerEnvelopes(t.Context(), map[string]bool{stored.ID: false}))
	concludes(t, s, stored, "two", false)
}

func envelopeLost(t *testing.T, db Database) {
	s := db.Open(t)
	e := envelope(1)
	arrives(t, s, e, "one", true)
	db.Advance(t, 61*time.Second)
	sweeps(t, s, "two", 10, e.ID)
	concludes(t, s, e, "one", false)
	equal(t, "concluded by one who lost it", readEnvelope(t, s, e.ID).Concluded, false)
}

func envelopeFromTheFuture(t *testing.T, db Database) {
	s := db.Open(t)
	arrives(t, s, envelope(1), "crashed", true)
	db.Advance(t, -time.Hour)
	sweeps(t, s, "two", 10, "envelope 1")
	arrives(t, s, envelope(2), "crashed", true)
	db.Advance(t, -time.Hour)
	arrives(t, s, envelope(2), "two", true)
}

func envelopeExtended(t *testing.T, db Database) {
	s := db.Open(t)
	for number := range 3 {
		arrives(t, s, envelope(number), "one", true)
		db.Advance(t, time.Second)
	}
	db.Advance(t, 50*time.Second)
	extends(t, s, 1, "one", time.Minute, "envelope 1")
	extends(t, s, 0, "two", time.Minute, "envelope 2")
	extends(t, s, 0, "one", time.Minute, "nothing")
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
	succeed(t, s.Inbox.AnswerEnvelopes(t.Context(), map[string]bool{"envelope 2": true}))
	answered := readEnvelope(t, s, "envelope 2")
	others := readEnvelope(t, s, "envelope 1")
	db.Advance(t, 45*time.Second)
	extends(t, s, 0, "one", time.Minute)
	extends(t, s, 1, "one", time.Minute, "envelope 0")
	extends(t, s, 1, "one", time.Minute, "envelope 4", "nothing")
	extends(t, s, 3, "one", time.Minute, "envelope 0", "envelope 1", "envelope 2", "envelope 3", "envelope 4")
	equal(t, "another's", readEnvelope(t, s, "envelope 1"), others)
	equal(t, "answered", readEnvelope(t, s, "envelope 2"), answered)
	db.Advance(t, 20*time.Second)
	sweeps(t, s, "three", 10, "envelope 1", "envelope 5")
	db.Advance(t, 41*time.Second)
	extends(t, s, 0, "one", time.Hour, "envelope 5") // lost
	sweeps(t, s, "three", 10, "envelope 0", "envelope 3", "envelope 4")
	db.Advance(t, time.Minute)
	sweeps(t, s, "four", 10, "envelope 0", "envelope 1", "envelope 3", "envelope 4", "envelope 5")
}

func raceForEnvelopes(t *testing.T, db Database) {
	stores := several(t, db)
	const envelopes = 20
	for number := range envelopes {
		_, err := stores[0].Inbox.StoreEnvelope(t.Context(), envelope(number), "crashed", time.Minute)
		succeed(t, err)
	}
	db.Advance(t, 61*time.Second)
	eachOnce(t, stores, envelopes, func(s *store.Store, racer, limit int) ([]string, error) {
		owner := fmt.Sprint(racer)
		taken, err := s.Inbox.TakeEnvelopes(t.Context(), owner, time.Minute, limit)
		var got []string
		for _, e := range taken {
			got = append(got, e.ID)
			if e.Owner != owner {
				t.Errorf("%s got an envelope of %s", owner, e.Owner)
			}
		}
		return got, err
	})
}

func raceForFresh(t *testing.T, db Database) {
	stores := several(t, db)
	for round := range rounds {
		enter := func(s *store.Store, racer int) error {
			return won(s.Inbox.StoreEnvelope(t.Context(), envelope(round), fmt.Sprint(racer), time.Minute))
		}
		oneWins(t, race(t, stores, enter), isLost)
		db.Advance(t, 61*time.Second)
		oneWins(t, race(t, stores, enter), isLost)
	}
}
