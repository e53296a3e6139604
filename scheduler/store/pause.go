package store

import (
	"context"

	"github.com/overtime-bot/overtime/scheduler"
	"github.com/overtime-bot/overtime/scheduler/extension"
)

const (
	pauseColumns = `paused, team, person, paused_at`
	selectPause  = `SELECT ` + pauseColumns + ` FROM automation_pause WHERE id = 1`
	// It changes nothing: it reads the pause, and on Postgres holds it until the transaction ends.
	holdPause   = `UPDATE automation_pause SET paused = paused WHERE id = 1 RETURNING ` + pauseColumns
	insertPause = `INSERT INTO automation_pause (id, ` + pauseColumns + `) VALUES (1, 'admin', ?, ?, @now)`
	deletePause = `DELETE FROM automation_pause WHERE id = 1 RETURNING ` + pauseColumns
)

// PauseAll implements scheduler.AutomationStore. What is paused already stays as it is: its first pause counts.
func (s *Store) PauseAll(ctx context.Context, by extension.Actor) (before scheduler.Pause, err error) {
	return write(ctx, s, "pause automation", func(ctx context.Context, tx session) (scheduler.Pause, error) {
		if err := tx.serialise(ctx, "pause of automation"); err != nil {
			return scheduler.Pause{}, err
		}
		before, err := orNone(scanPause(tx.row(ctx, holdPause)))
		if err == nil && before.IsZero() {
			_, err = tx.exec(ctx, insertPause, by.Team, by.User)
		}
		return before, err
	})
}

// ResumeAll implements scheduler.AutomationStore.
func (s *Store) ResumeAll(ctx context.Context) (before scheduler.Pause, err error) {
	return writeOne(ctx, s, "resume automation", func(ctx context.Context, tx session) (scheduler.Pause, error) {
		return orNone(scanPause(tx.row(ctx, deletePause)))
	})
}

// Paused implements scheduler.AutomationStore.
func (s *Store) Paused(ctx context.Context) (scheduler.Pause, error) {
	pause, err := orNone(scanPause(s.database.read().row(ctx, selectPause)))
	return pause, doing("read the pause of automation", err)
}

func scanPause(from scanner) (scheduler.Pause, error) {
	var p scheduler.Pause
	var since int64
	if err := from.Scan(&p.Reason, &p.By.Team, &p.By.User, &since); err != nil {
		return scheduler.Pause{}, err
	}
	p.Since = instant(since)
	return p, nil
}
