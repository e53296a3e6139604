package store_test

import (
	"context"
	"database/sql"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/scheduler"
)

func BenchmarkMillion(b *testing.B) {
	path := os.Getenv("MILLION")
	if path == "" {
		path = filepath.Join(b.TempDir(), "million.db")
	}
	s := open(b, path)
	ctx := context.Background()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		b.Fatal(err)
	}
	var there int
	if err := db.QueryRow("SELECT count(*) FROM extensions").Scan(&there); err != nil {
		b.Fatal(err)
	}
	if there == 0 {
		begun := time.Now()
		_, err = db.Exec(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i < 1000000)
		INSERT INTO extensions (key, attempt, envelope, run, meeting_id, origin, team, person, minutes, platform, state, created_at, updated_at, settle_at, counted)
		SELECT lower(hex(randomblob(4)))||'-aaaa-bbbb-cccc-'||lower(hex(randomblob(6))), 1, 'envelope', (914083136+i%1000)||'/old'||(i/3), 914083136+i%1000, 'command', 'T012345', 'U'||(i%2000), 30, 0, 'confirmed',
		(unixepoch()-i*10)*1000, unixepoch()*1000, 0, 30 FROM n`)
		if err != nil {
			b.Fatal(err)
		}
		b.Log("filled in", time.Since(begun))
	}
	db.Close()
	base := int(time.Now().UnixNano() & 0xfffffff)
	b.Run("extension", func(b *testing.B) {
		base += 10_000_000
		measured(b, benchCallers, func(call int) error {
			claimed, err := s.Claim(ctx, wish(base+call), benchLimits, time.Minute)
			if err != nil {
				return err
			}
			if err := s.Aim(ctx, claimed.ID, time.Unix(1e9, 0), time.Unix(1e9+900, 0), time.Minute); err != nil {
				return err
			}
			_, err = s.Move(ctx, claimed.ID, scheduler.Sent, scheduler.Confirmed, scheduler.Ending{After: time.Unix(1e9+900, 0)})
			return err
		})
	})
}
