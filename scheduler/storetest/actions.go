package storetest

import (
	"fmt"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/scheduler/extension"
	"github.com/overtime-bot/overtime/scheduler/store"
)

// databaseTime is what the database's clock says, give or take what a write takes.
func databaseTime(t *testing.T, s *store.Store) time.Time {
	t.Helper()
	e := envelope(1e6)
	_, err := s.Inbox.StoreEnvelope(t.Context(), e, "clock", time.Nanosecond) // a repeat of it is fresh, too
	succeed(t, err)
	return readEnvelope(t, s, e.ID).ClaimedUntil
}

func button(t *testing.T, s *store.Store, id string, lives time.Duration) store.Action {
	t.Helper()
	return store.Action{
		ID: id, Verb: "extend", Run: "run 1", MeetingID: "914083136", Minutes: 15,
		OfferedEnd: time.Date(2026, 3, 1, 15, 0, 0, 0, time.UTC), Expires: databaseTime(t, s).Add(lives),
	}
}

func actionIsStored(t *testing.T, db Database) {
	s := db.Open(t)
	extend := button(t, s, "one", time.Hour)
	extend.Prompt = 1 << 40
	again := store.Action{ID: "two", Verb: "again", Command: "914083136 30 日本 'x' ?", Expires: extend.Expires}
	succeed(t, s.Inbox.PutActions(t.Context(), []store.Action{extend, again}))
	succeed(t, s.Inbox.PutActions(t.Context(), nil))
	other := db.Open(t)
	for _, want := range []store.Action{extend, again} {
		got, err := other.Inbox.Action(t.Context(), want.ID)
		succeed(t, err)
		if age := want.Expires.Sub(got.Created); age > time.Hour || age < 59*time.Minute {
			t.Errorf("created %v before it expires", age)
		}
		want.Created = got.Created
		equal(t, "action", got, want)
	}
	for _, id := range []string{"", "three", "ONE", "one "} {
		got, err := s.Inbox.Action(t.Context(), id)
		failsWith(t, err, store.ErrNoAction)
		equal(t, "no action", got, store.Action{})
	}
}

func actionsAllOrNone(t *testing.T, db Database) {
	s := db.Open(t)
	first := button(t, s, "first", time.Hour)
	succeed(t, s.Inbox.PutActions(t.Context(), []store.Action{first}))
	repeated := button(t, s, "first", 2*time.Hour)
	repeated.Minutes = 30
	for name, mistake := range map[string]func(*store.Action){
		"ID that was given before": func(a *store.Action) { *a = repeated },
		"no ID":                    func(a *store.Action) { a.ID = "" },
		"no verb":                  func(a *store.Action) { a.Verb = "" },
		"no expiry":                func(a *store.Action) { a.Expires = time.Time{} },
	} {
		good, bad := button(t, s, "good", time.Hour), button(t, s, "bad", time.Hour)
		mistake(&bad)
		if err := s.Inbox.PutActions(t.Context(), []store.Action{good, bad}); err == nil {
			t.Errorf("%s: stored", name)
		}
		_, err := s.Inbox.Action(t.Context(), "good")
		failsWith(t, err, store.ErrNoAction)
	}
	got, err := s.Inbox.Action(t.Context(), "first")
	succeed(t, err)
	equal(t, "minutes of the first", got.Minutes, first.Minutes)
}

func actionExpires(t *testing.T, db Database) {
	s := db.Open(t)
	long := button(t, s, "long", 72*time.Hour)
	actions := []store.Action{long}
	for number := range 250 { // more than two batches
		actions = append(actions, button(t, s, fmt.Sprint("short ", number), time.Hour))
	}
	succeed(t, s.Inbox.PutActions(t.Context(), actions))
	db.Advance(t, 59*time.Minute)
	_, err := s.Inbox.Action(t.Context(), "short 1")
	succeed(t, err)
	db.Advance(t, 2*time.Minute)
	_, err = s.Inbox.Action(t.Context(), "short 1")
	failsWith(t, err, store.ErrNoAction)

	// Whether a row is there is seen by its ID, which is not given twice.
	there := func(want bool) {
		t.Helper()
		succeed(t, s.Prune(t.Context(), 400))
		for _, id := range []string{"short 0", "short 120", "short 249"} {
			repeated := button(t, s, id, -48*time.Hour) // gone with the next pruning
			if err := s.Inbox.PutActions(t.Context(), []store.Action{repeated}); (err != nil) != want {
				t.Errorf("%s is there: want %v, got %v", id, want, err)
			}
		}
	}
	there(true)
	db.Advance(t, 22*time.Hour)
	there(true)
	db.Advance(t, 2*time.Hour)
	there(false)
	there(false)
	_, err = s.Inbox.Action(t.Context(), "long")
	succeed(t, err)
}

// offering is an extension that was confirmed, and that ends so long from now.
func offering(t *testing.T, s *store.Store, number int, left time.Duration) extension.Extension {
	t.Helper()
	e := claim(t, s, wish(number))
	confirmed, err := s.Ledger.Move(t.Context(), e.ID, extension.Sent, extension.Confirmed, extension.Ending{After: databaseTime(t, s).Add(left)})
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
		got, err := db.Open(t).Inbox.Action(t.Context(), id)
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
		if _, err := s.Inbox.Action(t.Context(), id); err == nil {
			t.Errorf("%s: an action", what)
		}
	}
}

func extensionOffersInTime(t *testing.T, db Database) {
	s := db.Open(t)
	confirmed := offering(t, s, 1, time.Hour)
	_, err := s.Inbox.Action(t.Context(), store.OfferID(confirmed, 15))
	succeed(t, err)
	db.Advance(t, time.Hour+time.Minute)
	_, err = s.Inbox.Action(t.Context(), store.OfferID(confirmed, 15))
	failsWith(t, err, store.ErrNoAction)
	for number, state := range states {
		if state != extension.Confirmed {
			_, err := s.Inbox.Action(t.Context(), store.OfferID(inState(t, s, wish(10+number), state), 15))
			failsWith(t, err, store.ErrNoAction)
		}
	}
}
