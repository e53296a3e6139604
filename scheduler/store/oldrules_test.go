package store_test

import (
	"database/sql"
	"os"
	"testing"

	"github.com/pressly/goose/v3"

	"github.com/overtime-bot/overtime/scheduler/store"
	"github.com/overtime-bot/overtime/scheduler/storetest"
)

// A rule that was made years before the bot noted which meetings still exist is not taken for one of a meeting that is gone.
func TestRulesFromBeforeTheyWereSeenStay(t *testing.T) {
	for name, test := range map[string]struct {
		dialect goose.Dialect
		begin   func(t *testing.T) (*sql.DB, func() *store.Store)
	}{
		"sqlite": {goose.DialectSQLite3, func(t *testing.T) (*sql.DB, func() *store.Store) {
			f := newFile(t)
			db, err := sql.Open("sqlite", f.path)
			succeeds(t, err)
			return db, func() *store.Store {
				succeeds(t, db.Close())
				return f.open(t)
			}
		}},
		"postgres": {goose.DialectPostgres, func(t *testing.T) (*sql.DB, func() *store.Store) {
			s := newServer(t, storetest.StartPostgres(t), "oldrules")
			return s.db, func() *store.Store { return s.Open(t) }
		}},
	} {
		t.Run(name, func(t *testing.T) {
			db, open := test.begin(t)
			provider, err := goose.NewProvider(test.dialect, db, os.DirFS("migrations/"+name), goose.WithDisableGlobalRegistry(true))
			succeeds(t, err)
			_, err = provider.UpTo(t.Context(), 24)
			succeeds(t, err)
			_, err = db.Exec(`INSERT INTO rules (rule_of, mode, minutes, max_minutes, channel, team, person, paused, paused_team,
				paused_person, paused_at, created_at) VALUES ('914083136', 'ask', 0, 0, '', '', '', '', '', '', 0, 1)`)
			succeeds(t, err)
			s := open()
			succeeds(t, s.Prune(t.Context(), 1))
			rules, err := s.Automation.Rules(t.Context())
			if succeeds(t, err); len(rules) != 1 {
				t.Errorf("there are the rules %v", rules)
			}
		})
	}
}
