package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/overtime-bot/overtime/scheduler/extension"
)

// ErrNoExtension says that no extension has the ID: there never was one, or it was pruned.
var ErrNoExtension = errors.New("no such extension")

const extensionColumns = `id, key, attempt, envelope, run, meeting_id, origin, team, person, minutes, platform,
	state, reason, before_end, target_end, after_end, created_at, updated_at, settle_at, token, rule_of`

const (
	selectExtension = `SELECT ` + extensionColumns + ` FROM extensions WHERE id = ?`
	selectDue       = `SELECT ` + extensionColumns + ` FROM extensions
		WHERE settle_at > 0 AND settle_at <= @now ORDER BY settle_at, id LIMIT ?`
	selectNextSettle = `SELECT settle_at - @now FROM extensions WHERE settle_at > 0 ORDER BY settle_at LIMIT 1`
	selectAdded      = `SELECT coalesce(sum(counted), 0) FROM extensions WHERE run = ?`
	selectHistory    = `SELECT ` + extensionColumns + ` FROM extensions ORDER BY id DESC LIMIT ?`
	selectHistoryOf  = `SELECT ` + extensionColumns + ` FROM extensions
		WHERE meeting_id = ? ORDER BY id DESC LIMIT ?`

	updateAim = `UPDATE extensions SET before_end = ?, target_end = ?, updated_at = @now, settle_at = @now + ?
		WHERE id = ? AND state = 'sent'`
	// A move that leaves freed and counted as they are does not name them: their indexes stay untouched.
	updateMove = `UPDATE extensions SET state = ?, reason = ?, updated_at = @now,
		after_end = CASE WHEN CAST(? AS BIGINT) <> 0 THEN ? ELSE after_end END,
		settle_at = CASE WHEN ? <> 0 THEN @now + ? ELSE 0 END,
		owed_at = CASE WHEN ? <> 0 THEN @now + ? ELSE owed_at END
		WHERE id = ? AND state = ?`
	updateMoveFreeing = `UPDATE extensions SET state = ?, reason = ?, updated_at = @now,
		after_end = CASE WHEN CAST(? AS BIGINT) <> 0 THEN ? ELSE after_end END,
		settle_at = CASE WHEN ? <> 0 THEN @now + ? ELSE 0 END,
		owed_at = CASE WHEN ? <> 0 THEN @now + ? ELSE owed_at END,
		freed = 1, counted = counted * ?
		WHERE id = ? AND state = ?`
)

// Aim implements scheduler.Ledger.
func (s *Store) Aim(ctx context.Context, id int64, before, target time.Time, settleIn time.Duration) error {
	return change(ctx, s, fmt.Sprintf("aim extension %d", id), func(ctx context.Context, tx session) error {
		changed, err := tx.exec(ctx, updateAim, milliseconds(before), milliseconds(target), settleIn.Milliseconds(), id)
		if err == nil && changed == 0 {
			return extension.ErrMoved
		}
		return err
	})
}

// Move implements scheduler.Ledger. Nothing moves to sent, and nothing that was closed opens again. An unknown
// row always has a time to be settled; an accepted one without ending.SettleIn is not read again.
func (s *Store) Move(ctx context.Context, id int64, from, to extension.State, ending extension.Ending) (extension.Extension, error) {
	what := fmt.Sprintf("move extension %d from %s to %s", id, from, to)
	if !movable(from, to) {
		return extension.Extension{}, fmt.Errorf("%s: that is no step of an extension's life", what)
	}
	return writeOne(ctx, s, what, func(ctx context.Context, tx session) (extension.Extension, error) {
		moved, err := scanExtension(moving(ctx, tx, id, from, to, ending))
		if errors.Is(err, sql.ErrNoRows) {
			return moved, extension.ErrMoved
		}
		return moved, err
	})
}

func movable(from, to extension.State) bool {
	switch to {
	case extension.Unknown:
		return from.Open()
	case extension.Confirmed, extension.Accepted, extension.Refused, extension.Void, extension.Unclear:
		return from.Open() || from == extension.Accepted
	}
	return false
}

func moving(ctx context.Context, tx session, id int64, from, to extension.State, ending extension.Ending) row {
	after, settleIn := milliseconds(ending.After), ending.SettleIn.Milliseconds()
	settles := number(to == extension.Unknown || to == extension.Accepted && ending.SettleIn > 0)
	tell, tellIn := number(ending.Tell), tellAgain.Milliseconds()
	if to == extension.Refused || to == extension.Void || to == extension.Unclear {
		return changing(ctx, tx, updateMoveFreeing, id, string(to), ending.Reason, after, after, settles, settleIn, tell, tellIn,
			number(to == extension.Unclear), id, string(from))
	}
	return changing(ctx, tx, updateMove, id, string(to), ending.Reason, after, after, settles, settleIn, tell, tellIn,
		id, string(from))
}

// changing runs an UPDATE of one extension, and gives the row as it is then; sql.ErrNoRows by Scan if there is nothing to
// change.
func changing(ctx context.Context, tx session, text string, id int64, args ...any) row {
	if tx.returning {
		return tx.row(ctx, text+" RETURNING "+extensionColumns, args...)
	}
	switch changed, err := tx.exec(ctx, text, args...); {
	case err != nil:
		return row{err: err}
	case changed == 0:
		return row{err: sql.ErrNoRows}
	}
	return tx.row(ctx, selectExtension, id)
}

// Due implements scheduler.Ledger.
func (s *Store) Due(ctx context.Context, limit int) ([]extension.Extension, error) {
	due, err := extensions(ctx, s.database.read(), selectDue, max(limit, 0))
	return due, doing("read due extensions", err)
}

// NextSettle implements scheduler.Ledger.
func (s *Store) NextSettle(ctx context.Context) (time.Duration, bool, error) {
	var wait int64
	err := s.database.read().row(ctx, selectNextSettle).Scan(&wait)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, false, nil
	}
	if err != nil {
		return 0, false, doing("read the next time to settle", err)
	}
	return time.Duration(max(wait, 0)) * time.Millisecond, true, nil
}

// Extension implements scheduler.Ledger; ErrNoExtension if there is none.
func (s *Store) Extension(ctx context.Context, id int64) (extension.Extension, error) {
	found, err := extensionByID(ctx, s.database.read(), id)
	return found, doing(fmt.Sprintf("read extension %d", id), err)
}

// Added implements scheduler.Ledger.
func (s *Store) Added(ctx context.Context, run string) (int, error) {
	var minutes int
	err := s.database.read().row(ctx, selectAdded, run).Scan(&minutes)
	return minutes, doing("read the minutes added to a run", err)
}

// History implements scheduler.Ledger.
func (s *Store) History(ctx context.Context, meetingID string, limit int) ([]extension.Extension, error) {
	if meetingID == "" {
		all, err := extensions(ctx, s.database.read(), selectHistory, max(limit, 0))
		return all, doing("read history", err)
	}
	of, err := extensions(ctx, s.database.read(), selectHistoryOf, meetingID, max(limit, 0))
	return of, doing("read history of "+meetingID, err)
}

func extensionByID(ctx context.Context, on session, id int64) (extension.Extension, error) {
	found, err := scanExtension(on.row(ctx, selectExtension, id))
	if errors.Is(err, sql.ErrNoRows) {
		return found, ErrNoExtension
	}
	return found, err
}

func extensions(ctx context.Context, on session, text string, args ...any) ([]extension.Extension, error) {
	return all(ctx, on, scanExtension, text, args...)
}

func scanExtension(from scanner) (extension.Extension, error) {
	var e extension.Extension
	var platform, before, target, after, created, updated, settle int64
	err := from.Scan(&e.ID, &e.Key, &e.Attempt, &e.Envelope, &e.Run, &e.MeetingID, &e.Origin, &e.Actor.Team,
		&e.Actor.User, &e.Minutes, &platform, &e.State, &e.Reason, &before, &target, &after, &created, &updated, &settle,
		&e.Token, &e.RuleOf)
	if err != nil {
		return extension.Extension{}, err
	}
	e.Platform = platform != 0
	e.Before, e.Target, e.After = instant(before), instant(target), instant(after)
	e.CreatedAt, e.UpdatedAt, e.SettleAt = instant(created), instant(updated), instant(settle)
	return e, nil
}
