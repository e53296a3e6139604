package storetest

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/scheduler/extension"
	"github.com/overtime-bot/overtime/scheduler/store"
)

// recordContract is the contract of store.Record.
var recordContract = []part{
	{"a record is read beside the bot", recordBeside},
	{"a record since a time", recordSince},
}

// OpenRecord opens the record of a database, and closes it when the test ends.
func OpenRecord(t *testing.T, db Database) *store.Record {
	t.Helper()
	record, err := store.OpenRecord(t.Context(), store.Config{URL: db.URL()})
	succeed(t, err)
	t.Cleanup(func() { succeed(t, record.Close()) })
	return record
}

func listed(t *testing.T, record *store.Record, meetingID string, since time.Time) (all []extension.Extension) {
	t.Helper()
	succeed(t, record.History.Since(t.Context(), meetingID, since, func(row extension.Extension) error {
		all = append(all, row)
		return nil
	}))
	return all
}

// recordBeside: what the bot writes meanwhile is there, and the bot writes on. It is read when the bot has ended, too.
func recordBeside(t *testing.T, db Database) {
	s := db.Open(t)
	first := claim(t, s, wish(1))
	record := OpenRecord(t, db)
	equal(t, "one", listed(t, record, "", time.Time{}), []extension.Extension{first})
	second := inState(t, s, wish(2), extension.Confirmed)
	equal(t, "two", listed(t, record, "", time.Time{}), []extension.Extension{second, first})
	succeed(t, s.Close(t.Context()))
	again := OpenRecord(t, db)
	equal(t, "after the bot", listed(t, again, "", time.Time{}), []extension.Extension{second, first})
	third := claim(t, db.Open(t), wish(3))
	equal(t, "after a start", listed(t, again, "", time.Time{}), []extension.Extension{third, second, first})
}

// recordSince has more rows than are read at once.
func recordSince(t *testing.T, db Database) {
	s := db.Open(t)
	var all []extension.Extension
	for number := range 220 {
		e := wish(number)
		e.MeetingID = fmt.Sprint("meeting ", number%2)
		if number == 210 {
			db.Advance(t, 2*time.Hour)
		}
		all = append([]extension.Extension{claim(t, s, e)}, all...)
	}
	record := OpenRecord(t, db)
	equal(t, "all", listed(t, record, "", time.Time{}), all)
	equal(t, "the newest", listed(t, record, "", all[9].CreatedAt), all[:10])
	equal(t, "none", len(listed(t, record, "", all[0].CreatedAt.Add(time.Hour))), 0)
	equal(t, "of one meeting", len(listed(t, record, "meeting 1", time.Time{})), 110)
	enough := errors.New("enough")
	failsWith(t, record.History.Since(t.Context(), "", time.Time{}, func(extension.Extension) error { return enough }), enough)
}
