package store

import (
	"context"
	"database/sql"
	"errors"
	"math"
	"time"
)

const (
	day          = 24 * time.Hour
	inboxLives   = 7 * day
	actionLives  = day              // after it has expired
	promptLives  = 7 * day          // while it is open: its run is long over
	payloadLives = 30 * time.Minute // as long as Slack takes answers at a response_url
	// pruneBatch is small: a write that comes meanwhile waits for one batch at most.
	pruneBatch = 100
)

// shelf is a table whose rows are numbered in the order of their age: pruning walks along the numbers, and needs
// no index over times.
type shelf struct {
	// last finds the number of the last row of the batch after a number, and whether that row is old.
	last string
	// remove deletes the old rows between two numbers.
	remove string
}

const (
	lastExtension = `SELECT id, CASE WHEN created_at < @now - ? THEN 1 ELSE 0 END
		FROM extensions WHERE id > ? ORDER BY id LIMIT 1 OFFSET ?`
	lastEnvelope = `SELECT seq, CASE WHEN stored_at < @now - ? THEN 1 ELSE 0 END
		FROM envelopes WHERE seq > ? ORDER BY seq LIMIT 1 OFFSET ?`
	lastPrompt = `SELECT id, CASE WHEN created_at < @now - ? THEN 1 ELSE 0 END
		FROM prompts WHERE id > ? ORDER BY id LIMIT 1 OFFSET ?`
	// What is open holds its run, however old it is.
	removeExtensions = `DELETE FROM extensions
		WHERE created_at < @now - ? AND id > ? AND id <= ? AND state NOT IN ('sent', 'unknown')`
	removeEnvelopes = `DELETE FROM envelopes WHERE stored_at < @now - ? AND seq > ? AND seq <= ?`
	removePrompts   = `DELETE FROM prompts WHERE created_at < @now - ? AND id > ? AND id <= ? AND state = 'closed'`

	erasePayloads = `UPDATE envelopes SET payload = NULL WHERE seq IN (SELECT seq FROM envelopes
		WHERE payload IS NOT NULL AND stored_at < @now - ? ORDER BY stored_at LIMIT ?)`
	closePrompts = `UPDATE prompts SET state = 'closed' WHERE id IN (SELECT id FROM prompts
		WHERE state IN ('posting', 'posted', 'unsure') AND state <> 'closed' AND created_at < @now - ? LIMIT ?)`
)

// Prune erases payloads older than 30 minutes, forgets notices that are owed for a day, closes prompts older than 7
// days, and deletes actions that expired a day ago, envelopes older than 7 days, and extensions and closed prompts older
// than historyDays (0 keeps them all). It works in small transactions, between which others write.
func (s *Store) Prune(ctx context.Context, historyDays int) error {
	for _, old := range []struct {
		remove string
		lives  time.Duration
	}{{erasePayloads, payloadLives}, {forgetOwed, owedLives}, {removeActions, actionLives}, {closePrompts, promptLives}} {
		if err := s.removeAll(ctx, old.remove, old.lives); err != nil {
			return err
		}
	}
	if err := s.clear(ctx, shelf{last: lastEnvelope, remove: removeEnvelopes}, inboxLives); err != nil {
		return err
	}
	if historyDays <= 0 {
		return nil
	}
	for _, from := range []shelf{
		{last: lastExtension, remove: removeExtensions}, {last: lastPrompt, remove: removePrompts},
	} {
		if err := s.clear(ctx, from, time.Duration(historyDays)*day); err != nil {
			return err
		}
	}
	return nil
}

// removeAll goes on until a batch is not full.
func (s *Store) removeAll(ctx context.Context, text string, lives time.Duration) error {
	for {
		removed, err := s.removal(ctx, text, lives.Milliseconds(), pruneBatch)
		if err != nil || removed < pruneBatch {
			return err
		}
	}
}

func (s *Store) clear(ctx context.Context, from shelf, lives time.Duration) error {
	age := lives.Milliseconds()
	for after := int64(0); ; {
		last, old, err := s.batch(ctx, from, age, after)
		if err != nil {
			return err
		}
		if _, err := s.removal(ctx, from.remove, age, after, last); err != nil || !old {
			return err
		}
		after = last
	}
}

// batch finds where the batch ends that begins after a number; the last batch ends with everything.
func (s *Store) batch(ctx context.Context, from shelf, age, after int64) (last int64, old bool, err error) {
	err = s.database.read().row(ctx, from.last, age, after, pruneBatch-1).Scan(&last, &old)
	if errors.Is(err, sql.ErrNoRows) {
		return math.MaxInt64, false, nil
	}
	return last, old, doing("prune", err)
}

func (s *Store) removal(ctx context.Context, text string, args ...any) (int64, error) {
	return writeOne(ctx, s, "prune", func(ctx context.Context, tx session) (int64, error) {
		return tx.exec(ctx, text, args...)
	})
}
