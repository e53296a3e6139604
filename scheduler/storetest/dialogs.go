package storetest

import (
	"testing"
	"time"

	"github.com/overtime-bot/overtime/scheduler/store"
)

// opened stores a dialog that lives for so long.
func opened(t *testing.T, s *store.Store, id string, lives time.Duration) store.Dialog {
	t.Helper()
	arrives(t, s, envelope(len(id)), "one", true)
	now := readEnvelope(t, s, envelope(len(id)).ID).Stored
	d := store.Dialog{
		ID: id, Secret: "never sent", Person: "U0ONE", Channel: "C0ONE", Command: "/extend", ResponseURL: "https://hooks.slack.test/1",
		Wish: "914083136 90", Run: "914083136@1", Held: "one", OfferedEnd: now.Add(time.Hour), Expires: now.Add(lives),
	}
	succeed(t, s.Inbox.PutDialog(t.Context(), d))
	return d
}

func dialogIsStored(t *testing.T, db Database) {
	s := db.Open(t)
	want := opened(t, s, "one", time.Hour)
	got, err := db.Open(t).Inbox.Dialog(t.Context(), want.ID)
	succeed(t, err)
	equal(t, "dialog", got, want)
	for name, mistake := range map[string]func(*store.Dialog){
		"ID that was given before": func(d *store.Dialog) { d.Wish = "another" },
		"no ID":                    func(d *store.Dialog) { d.ID = "" },
		"no secret":                func(d *store.Dialog) { d.ID, d.Secret = "two", "" },
		"no expiry":                func(d *store.Dialog) { d.ID, d.Expires = "two", time.Time{} },
	} {
		bad := want
		mistake(&bad)
		if err := s.Inbox.PutDialog(t.Context(), bad); err == nil {
			t.Errorf("%s: stored", name)
		}
	}
	for _, id := range []string{"", "two", "ONE", "one "} {
		got, err := s.Inbox.Dialog(t.Context(), id)
		failsWith(t, err, store.ErrNoDialog)
		equal(t, "no dialog", got, store.Dialog{})
	}
	db.Advance(t, time.Hour)
	_, err = s.Inbox.Dialog(t.Context(), want.ID)
	failsWith(t, err, store.ErrNoDialog)
}

func dialogIsClosed(t *testing.T, db Database) {
	s := db.Open(t)
	closed, kept := opened(t, s, "one", 3*time.Hour), opened(t, s, "three", 3*time.Hour)
	succeed(t, s.Inbox.CloseDialog(t.Context(), closed.ID))
	succeed(t, s.Inbox.CloseDialog(t.Context(), closed.ID))
	closed.ResponseURL = ""
	reads := func(what string, want store.Dialog) {
		got, err := s.Inbox.Dialog(t.Context(), want.ID)
		succeed(t, err)
		equal(t, what, got, want)
	}
	reads("closed", closed)
	db.Advance(t, 29*time.Minute)
	succeed(t, s.Prune(t.Context(), 0))
	reads("before half an hour", kept)
	db.Advance(t, 2*time.Minute)
	succeed(t, s.Prune(t.Context(), 0))
	kept.ResponseURL = ""
	reads("after half an hour", kept)
}

// dialogIsRemoved: nobody can read an expired dialog, and a day later it is no longer there.
func dialogIsRemoved(t *testing.T, db Database) {
	s := db.Open(t)
	opened(t, s, "one", time.Hour)
	for _, c := range []struct {
		later time.Duration
		left  int
	}{{24*time.Hour + 59*time.Minute, 1}, {2 * time.Minute, 0}} {
		db.Advance(t, c.later)
		succeed(t, s.Prune(t.Context(), 0))
		equal(t, "dialogs", len(valuesOf[string](t, db, "SELECT id FROM dialogs")), c.left)
	}
}
