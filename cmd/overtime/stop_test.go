package main

import (
	"database/sql"
	"path/filepath"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/scheduler/storetest"
)

// A store that stands still while many people wait does not hold the end of the process up.
func TestEndWhileTheStoreStandsStill(t *testing.T) {
	t.Parallel()
	for name, stand := range map[string]func(t *testing.T) (database string, still func()){
		"SQLite is locked": func(t *testing.T) (string, func()) {
			path := filepath.Join(t.TempDir(), "overtime.db")
			return path, func() {
				holder, err := sql.Open("sqlite", path+"?_txlock=immediate&_pragma=busy_timeout(5000)")
				if err != nil {
					t.Fatal(err)
				}
				t.Cleanup(func() { holder.Close() })
				if _, err := holder.BeginTx(t.Context(), nil); err != nil {
					t.Fatal(err)
				}
			}
		},
		"Postgres stands still": func(t *testing.T) (string, func()) {
			postgres := storetest.NewPostgres(t)
			return postgres.URL().String(), func() { postgres.Freeze(t) }
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			database, still := stand(t)
			tr := newTrial(t, database)
			bot := tr.start()
			meeting := tr.meeting()
			tr.extended(meeting)
			still()
			for i := range 200 {
				if _, ok := tr.asks(meeting, 5+i%50); !ok {
					t.Fatal("the bot has no socket")
				}
			}
			time.Sleep(3 * time.Second) // some are turned away, and some wait for it
			began := time.Now()
			bot.stop()
			if took := time.Since(began); took > 20*time.Second {
				t.Errorf("the end took %v", took)
			}
		})
	}
}
