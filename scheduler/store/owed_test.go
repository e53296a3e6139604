package store

import (
	"testing"
	"time"

	"github.com/overtime-bot/overtime/scheduler/extension"
)

// What nobody is told of is not looked at for ever.
func TestPruneForgetsOldNotices(t *testing.T) {
	s, _, _ := opened(t)
	row, err := s.Ledger.Claim(t.Context(), extension.Extension{Key: "a", Run: "a"}, extension.Limits{}, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Ledger.Move(t.Context(), row.ID, extension.Sent, extension.Void, extension.Ending{Tell: true}); err != nil {
		t.Fatal(err)
	}
	d := s.database.(*probed).database.(*sqliteDatabase)
	for _, step := range []struct {
		age  time.Duration
		want int
	}{{day, 1}, {day + time.Minute, 0}} {
		d.now = func() time.Time { return row.CreatedAt.Add(step.age) }
		if err := s.Prune(t.Context(), 0); err != nil {
			t.Fatal(err)
		}
		owed, err := readOne(t.Context(), s.database, "count", nil, scanValue[int], "SELECT count(*) FROM extensions WHERE owed_at > 0")
		if err != nil {
			t.Fatal(err)
		}
		if owed != step.want {
			t.Errorf("%d are owed after %v, want %d", owed, step.age, step.want)
		}
	}
}
