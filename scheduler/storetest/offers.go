package storetest

import (
	"testing"
	"time"

	"github.com/overtime-bot/overtime/scheduler/extension"
	"github.com/overtime-bot/overtime/scheduler/store"
)

// offering is an extension that was confirmed, and that ends so long from now.
func offering(t *testing.T, s Store, number int, left time.Duration) extension.Extension {
	t.Helper()
	e := claim(t, s, wish(number))
	confirmed, err := s.Move(t.Context(), e.ID, extension.Sent, extension.Confirmed, extension.Ending{After: databaseTime(t, s).Add(left)})
	succeed(t, err)
	return confirmed
}

func extensionOffersMore(t *testing.T, db Database) {
	s := db.Open(t)
	e := offering(t, s, 1, time.Hour)
	other := offering(t, s, 2, time.Hour)
	if e.Token == other.Token || len(e.Token) < 20 {
		t.Fatalf("tokens %q and %q can be made up", e.Token, other.Token)
	}
	for _, minutes := range []int{15, 30, 1439} {
		id := store.OfferID(e, minutes)
		got, err := db.Open(t).Action(t.Context(), id)
		succeed(t, err)
		equal(t, "action", got, store.Action{
			ID: id, Verb: store.VerbMore, Run: e.Run, MeetingID: e.MeetingID, Minutes: minutes,
			OfferedEnd: e.After, Expires: e.After, Created: e.UpdatedAt,
		})
	}
	forged := e
	forged.Token = other.Token
	for what, id := range map[string]string{
		"the token of another":   store.OfferID(forged, 15),
		"an extension not there": store.OfferID(extension.Extension{ID: 1e6, Token: e.Token}, 15),
		"no extension":           store.OfferID(extension.Extension{Token: e.Token}, 15),
		"a number too large":     e.Token + "zzzzzzzzzzzzzzzzzzzz",
		"a number below zero":    e.Token + "-1",
	} {
		if _, err := s.Action(t.Context(), id); err == nil {
			t.Errorf("%s: an action", what)
		}
	}
}

func extensionOffersInTime(t *testing.T, db Database) {
	s := db.Open(t)
	confirmed := offering(t, s, 1, time.Hour)
	_, err := s.Action(t.Context(), store.OfferID(confirmed, 15))
	succeed(t, err)
	db.Advance(t, time.Hour+time.Minute)
	_, err = s.Action(t.Context(), store.OfferID(confirmed, 15))
	failsWith(t, err, store.ErrNoAction)
	for number, state := range states {
		if state != extension.Confirmed {
			_, err := s.Action(t.Context(), store.OfferID(inState(t, s, wish(10+number), state), 15))
			failsWith(t, err, store.ErrNoAction)
		}
	}
}
