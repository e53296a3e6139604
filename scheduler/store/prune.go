package store

import (
	"context"
	"math"
	"time"
)

const (
	day          = 24 * time.Hour
	inboxLives   = 7 * day
	actionLives  = day              // after it has expired
	promptLives  = 7 * day          // while it is open: its run is long over
	ruleLives    = 400 * day        // a meeting once a year keeps its rule
	payloadLives = 30 * time.Minute // as long as Slack takes answers at a response_url
	// pruneBatch is small: a write that comes meanwhile waits for one batch at most.
	pruneBatch = 100
)

const (
	erasePayloads = `UPDATE envelopes SET payload = NULL WHERE seq IN (SELECT seq FROM envelopes
		WHERE payload IS NOT NULL AND stored_at < @now - ? ORDER BY stored_at LIMIT ?)`
	// An extension is older than the time at which it was owed.
	forgetOwed = `UPDATE extensions SET owed_at = 0 WHERE id IN (SELECT id FROM extensions
		WHERE owed_at > 0 AND owed_at < @now - ? ORDER BY owed_at LIMIT ?)`
	removeActions = `DELETE FROM actions WHERE id IN (SELECT id FROM actions
		WHERE expires_at < @now - ? ORDER BY expires_at LIMIT ?)`
	// The condition is there twice: a rule that somebody makes meanwhile stays.
	removeRules = `DELETE FROM rules WHERE seen_at < @now - ? AND created_at < @now - ? AND rule_of IN (SELECT rule_of FROM rules
		WHERE seen_at < @now - ? AND created_at < @now - ? LIMIT ?)`
	closePrompts = `UPDATE prompts SET state = 'closed' WHERE id IN (SELECT id FROM prompts
		WHERE state IN ('posting', 'posted', 'unsure') AND state <> 'closed' AND created_at < @now - ? LIMIT ?)`

	lastEnvelope = `SELECT seq, CASE WHEN stored_at < @now - ? THEN 1 ELSE 0 END
		FROM envelopes WHERE seq > ? ORDER BY seq LIMIT 1 OFFSET ?`
	lastExtension = `SELECT id, CASE WHEN created_at < @now - ? THEN 1 ELSE 0 END
		FROM extensions WHERE id > ? ORDER BY id LIMIT 1 OFFSET ?`
	lastPrompt = `SELECT id, CASE WHEN created_at < @now - ? THEN 1 ELSE 0 END
		FROM prompts WHERE id > ? ORDER BY id LIMIT 1 OFFSET ?`
	lastApproval = `SELECT id, CASE WHEN created_at < @now - ? THEN 1 ELSE 0 END
		FROM approvals WHERE id > ? ORDER BY id LIMIT 1 OFFSET ?`
	removeEnvelopes = `DELETE FROM envelopes WHERE stored_at < @now - ? AND seq > ? AND seq <= ?`
	// What is open holds its run, however old it is.
	removeExtensions = `DELETE FROM extensions
		WHERE created_at < @now - ? AND id > ? AND id <= ? AND state NOT IN ('sent', 'unknown')`
	removePrompts   = `DELETE FROM prompts WHERE created_at < @now - ? AND id > ? AND id <= ? AND state = 'closed'`
	removeApprovals = `DELETE FROM approvals WHERE created_at < @now - ? AND id > ? AND id <= ?`
)

// Prune erases payloads and the response_urls of dialogs that are older than 30 minutes, forgets notices that are owed for
// a day, closes prompts older than 7 days, and deletes actions and dialogs that expired a day ago, envelopes older than 7
// days, extensions, approvals and closed prompts older than historyDays (0 keeps them all), and rules of meetings that nobody
// saw for 400 days. It works in small transactions, between which others write.
func (s *Store) Prune(ctx context.Context, historyDays int) error {
	for _, old := range []struct {
		text  string
		lives time.Duration
	}{
		{erasePayloads, payloadLives},
		{forgetOwed, owedFor},
		{removeActions, actionLives},
		{eraseDialogURLs, payloadLives},
		{removeDialogs, actionLives},
		{closePrompts, promptLives},
	} {
		if err := s.inBatches(ctx, old.text, old.lives.Milliseconds(), pruneBatch); err != nil {
			return err
		}
	}
	unseen := ruleLives.Milliseconds()
	if err := s.inBatches(ctx, removeRules, unseen, unseen, unseen, unseen, pruneBatch); err != nil {
		return err
	}
	history := time.Duration(historyDays) * day
	for _, old := range []struct {
		last, remove string
		lives        time.Duration
	}{
		{lastEnvelope, removeEnvelopes, inboxLives},
		{lastExtension, removeExtensions, history},
		{lastPrompt, removePrompts, history},
		{lastApproval, removeApprovals, history},
	} {
		if old.lives <= 0 {
			continue
		}
		if err := s.remove(ctx, old.last, old.remove, old.lives.Milliseconds()); err != nil {
			return err
		}
	}
	return nil
}

// inBatches runs a statement until it changes less than a batch.
func (s *Store) inBatches(ctx context.Context, text string, args ...any) error {
	for {
		if changed, err := exec(ctx, s.database, "prune", text, args...); err != nil || changed < pruneBatch {
			return err
		}
	}
}

// remove deletes rows older than age from a table whose rows are numbered in the order of their age: it walks along the
// numbers, and needs no index over times. The query last finds the number of the last row of a batch, and whether that row
// is old; remove deletes the old rows between two numbers.
func (s *Store) remove(ctx context.Context, last, remove string, age int64) error {
	type batch struct {
		last int64
		old  bool
	}
	scan := func(from scanner) (b batch, err error) {
		err = from.Scan(&b.last, &b.old)
		return b, err
	}
	for after := int64(0); ; {
		found, err := readAll(ctx, s.database, "prune", scan, last, age, after, pruneBatch-1)
		if err != nil {
			return err
		}
		end := batch{last: math.MaxInt64} // the last batch ends with everything
		if len(found) > 0 {
			end = found[0]
		}
		if _, err := exec(ctx, s.database, "prune", remove, age, after, end.last); err != nil || !end.old {
			return err
		}
		after = end.last
	}
}
