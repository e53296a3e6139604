package store

import (
	"context"
	"database/sql"
	"runtime"
	"sync"
	"testing"
)

// watched is a database that counts the rows of each write.
type watched struct {
	*sqliteDatabase
	t    *testing.T
	each func(rows int64)
}

func (w watched) write(ctx context.Context, how manner, do func(context.Context, session) error) error {
	if how != single {
		w.t.Error("a transaction of many statements")
	}
	return w.sqliteDatabase.write(ctx, how, func(ctx context.Context, on session) error {
		counted := &counting{runner: on.runner}
		on.runner = counted
		err := do(ctx, on)
		w.each(counted.rows)
		return err
	})
}

// counting adds up the rows that were written.
type counting struct {
	runner
	rows int64
}

func (c *counting) ExecContext(ctx context.Context, text string, args ...any) (sql.Result, error) {
	result, err := c.runner.ExecContext(ctx, text, args...)
	if err != nil {
		return nil, err
	}
	rows, err := result.RowsAffected()
	c.rows += rows
	return result, err
}

// While many thousands of rows go, each write of another waits for one small batch at most: who comes while a batch
// is under way is carried out before the next one.
func TestOthersWriteBetweenTheBatchesOfPruning(t *testing.T) {
	s, w, _ := opened(t)
	const rows = 1050
	Fill(t, s, rows, 500*day)
	execute(t, s, "UPDATE envelopes SET payload = 'payload'")
	execute(t, s, "UPDATE extensions SET owed_at = created_at")

	var order []string // of the writer's goroutine alone
	var changed int64
	var others sync.WaitGroup
	pruning := &Store{database: watched{s.database.(*probed).database.(*sqliteDatabase), t, func(rows int64) {
		order = append(order, "batch")
		changed += rows
		if rows > maxGroup {
			t.Errorf("a batch of %d rows", rows)
		}
		others.Go(func() {
			if err := s.database.write(t.Context(), single, func(context.Context, session) error {
				order = append(order, "other")
				return nil
			}); err != nil {
				t.Error(err)
			}
		})
		for len(w.queue) == 0 {
			runtime.Gosched() // the other's write is on its way into the queue
		}
	}}}
	if err := pruning.Prune(t.Context(), 400); err != nil {
		t.Fatal(err)
	}
	others.Wait()
	for at, who := range order {
		if want := []string{"batch", "other"}[at%2]; who != want {
			t.Fatalf("%s comes when it is the turn of %s (%d of %d)", who, want, at, len(order))
		}
	}
	// Extensions, envelopes and prompts are changed once and then deleted.
	if want := int64(7 * rows); changed != want {
		t.Errorf("%d rows were changed in %d batches, want %d", changed, len(order)/2, want)
	}
}
