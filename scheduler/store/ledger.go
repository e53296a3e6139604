package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/overtime-bot/overtime/scheduler/extension"
)

var _ extension.Ledger = (*Ledger)(nil)

// ErrNoExtension says that no extension has the ID: there never was one, or it was pruned.
var ErrNoExtension = errors.New("no such extension")

// Ledger keeps extensions, as extension.Ledger says.
type Ledger struct{ database }

const (
	columnsBefore    = `id, key, attempt, envelope, run, meeting_id, origin, team, person, `
	columnsAfter     = `, platform, state, reason, before_end, target_end, after_end, created_at, updated_at, settle_at, token, rule_of, wisher_team, wisher_person, each_minutes, host, title, room, request_id`
	extensionColumns = columnsBefore + `minutes` + columnsAfter
	// countedColumns have the minutes that count: none where the extension had no effect.
	countedColumns = columnsBefore + `counted` + columnsAfter
)

// tellAgain is how long the mover of an extension has to tell people of it before others do.
const tellAgain = 30 * time.Second

const (
	updateAim = `UPDATE extensions SET before_end = ?, target_end = ?, updated_at = @now, settle_at = @now + ?
		WHERE id = ? AND state = 'sent'`
	updateShorter = `UPDATE extensions SET minutes = ?, counted = ?
		WHERE id = ? AND state = 'sent' AND before_end = 0 AND minutes > ? RETURNING ` + extensionColumns
	// Another process may have taken the envelope over meanwhile, and promised to tell how it comes out. A move that ends the
	// doubt and tells nobody then leaves the telling to the next look.
	promised = `EXISTS (SELECT 1 FROM envelopes WHERE envelopes.id = extensions.envelope AND envelopes.answered_at <> 0)`
	setMoved = `UPDATE extensions SET state = ?, reason = ?, updated_at = @now,
		after_end = CASE WHEN CAST(? AS BIGINT) <> 0 THEN ? ELSE after_end END,
		settle_at = CASE WHEN ? <> 0 THEN @now + ? ELSE 0 END,
		owed_at = CASE WHEN ? <> 0 THEN @now + ? WHEN ? <> 0 AND ` + promised + ` THEN @now ELSE owed_at END,
		request_id = CASE WHEN CAST(? AS TEXT) <> '' THEN ? ELSE request_id END`
	// A move that leaves freed and counted as they are does not name them: their indexes stay untouched.
	updateMove        = setMoved + ` WHERE id = ? AND state = ? RETURNING ` + extensionColumns
	updateMoveFreeing = setMoved + `, freed = 1, counted = counted * ? WHERE id = ? AND state = ? RETURNING ` + extensionColumns
	updateRevive      = setMoved + `, freed = 0, counted = minutes WHERE id = ? AND state = ? AND NOT EXISTS (
		SELECT 1 FROM extensions AS later WHERE later.run = extensions.run AND later.id > extensions.id
		AND later.state NOT IN ('refused', 'void')) RETURNING ` + extensionColumns
	updateAbandon = `UPDATE extensions SET state = 'refused', reason = ?, updated_at = @now, settle_at = 0,
		owed_at = CASE WHEN ? <> 0 THEN @now + ? ELSE owed_at END, freed = 1, counted = 0
		WHERE id = ? AND state = 'sent' AND before_end = 0 RETURNING ` + extensionColumns

	selectExtension = `SELECT ` + extensionColumns + ` FROM extensions WHERE id = ?`
	// The key of a typed command is its envelope: those rows are found by the key, which spares them an index.
	selectAsked = `SELECT ` + extensionColumns + ` FROM extensions
			WHERE key = ? AND freed = 0 AND envelope = key
		UNION ALL SELECT ` + extensionColumns + ` FROM extensions
			WHERE key = ? AND freed = 1 AND envelope = key
		UNION ALL SELECT ` + extensionColumns + ` FROM extensions
			WHERE envelope = ? AND envelope <> '' AND envelope <> key`
	selectAwaited = `SELECT ` + extensionColumns + ` FROM extensions
		WHERE run = ? AND settle_at > 0 AND state IN ('unknown', 'accepted')`
	selectAdded = `SELECT coalesce((SELECT sum(counted) FROM extensions WHERE run = ?), 0), ` + dailyMinutes
)

// Aim implements extension.Claims.
func (l *Ledger) Aim(ctx context.Context, id int64, before, target time.Time, settleIn time.Duration) error {
	what := fmt.Sprintf("aim extension %d", id)
	changed, err := exec(ctx, l, what, updateAim, milliseconds(before), milliseconds(target), settleIn.Milliseconds(), id)
	if err == nil && changed == 0 {
		err = doing(what, extension.ErrMoved)
	}
	return err
}

// Shorten implements extension.Claims.
func (l *Ledger) Shorten(ctx context.Context, id int64, minutes int) (extension.Extension, error) {
	return changeOne(ctx, l, fmt.Sprintf("shorten extension %d", id), extension.ErrMoved, scanExtension,
		updateShorter, minutes, minutes, id, minutes)
}

// Move implements extension.Claims. Nothing moves to sent, and nothing that was closed opens again. An unknown row always
// has a time to be settled. An accepted or void one without ending.SettleIn is not read again.
func (l *Ledger) Move(ctx context.Context, id int64, from, to extension.State, ending extension.Ending) (extension.Extension, error) {
	what := fmt.Sprintf("move extension %d from %s to %s", id, from, to)
	text, settles, where := updateMove, false, []any{id, string(from)}
	movable := from.Open() || from == extension.Accepted
	switch to {
	case extension.Confirmed:
		if from == extension.Void {
			text, movable = updateRevive, true
		}
	case extension.Accepted:
		settles = ending.SettleIn > 0
	case extension.Unknown:
		settles, movable = true, from.Open()
	case extension.Refused, extension.Void, extension.Unclear:
		watched := to == extension.Void && from != extension.Accepted
		settles, movable = watched && ending.SettleIn > 0, movable || watched && from == extension.Void
		text, where = updateMoveFreeing, []any{number(to == extension.Unclear), id, string(from)}
	default:
		movable = false
	}
	if !movable {
		return extension.Extension{}, fmt.Errorf("%s: that is no step of an extension's life", what)
	}
	after := milliseconds(ending.After)
	set := []any{
		string(to), ending.Reason, after, after, number(settles), ending.SettleIn.Milliseconds(),
		number(ending.Tell), tellAgain.Milliseconds(), number(endsDoubt(from, to)), ending.RequestID, ending.RequestID,
	}
	return changeOne(ctx, l, what, extension.ErrMoved, scanExtension, text, append(set, where...)...)
}

// endsDoubt says that nobody knew before a move how the extension comes out. A void one may be looked at again and again.
func endsDoubt(from, to extension.State) bool {
	return from != extension.Void && !to.Open() && to != extension.Accepted
}

// Abandon implements extension.Claims.
func (l *Ledger) Abandon(ctx context.Context, id int64, ending extension.Ending) (extension.Extension, error) {
	return changeOne(ctx, l, fmt.Sprintf("abandon extension %d", id), extension.ErrMoved, scanExtension,
		updateAbandon, ending.Reason, number(ending.Tell), tellAgain.Milliseconds(), id)
}

// Extension implements extension.Records; ErrNoExtension if there is none.
func (l *Ledger) Extension(ctx context.Context, id int64) (extension.Extension, error) {
	return readOne(ctx, l, fmt.Sprintf("read extension %d", id), ErrNoExtension, scanExtension, selectExtension, id)
}

// Asked implements extension.Records.
func (l *Ledger) Asked(ctx context.Context, envelope string) ([]extension.Extension, error) {
	asked, err := readAll(ctx, l, "read the extensions of an envelope", scanExtension, selectAsked, envelope, envelope, envelope)
	slices.SortFunc(asked, func(a, b extension.Extension) int { return cmp.Compare(b.ID, a.ID) })
	return asked, err
}

// Awaited implements extension.Records.
func (l *Ledger) Awaited(ctx context.Context, run string) (extension.Extension, error) {
	found, err := readAll(ctx, l, "read the extension of a run that is awaited", scanExtension, selectAwaited, run)
	if err != nil || len(found) == 0 {
		return extension.Extension{}, err
	}
	return slices.MaxFunc(found, func(a, b extension.Extension) int { return cmp.Compare(a.ID, b.ID) }), nil
}

// Added implements extension.Records.
func (l *Ledger) Added(ctx context.Context, run string, by extension.Actor) (extension.Added, error) {
	return readOne(ctx, l, "read the minutes added to a run", nil, scanAdded, selectAdded,
		run, by.Team, by.User, 1, by.Team, by.User, 1)
}

func scanAdded(from scanner) (added extension.Added, err error) {
	err = from.Scan(&added.Run, &added.Daily)
	return added, err
}

func scanExtension(from scanner) (extension.Extension, error) {
	var e extension.Extension
	var platform, before, target, after, created, updated, settle int64
	err := from.Scan(&e.ID, &e.Key, &e.Attempt, &e.Envelope, &e.Run, &e.MeetingID, &e.Origin, &e.Actor.Team,
		&e.Actor.User, &e.Minutes, &platform, &e.State, &e.Reason, &before, &target, &after, &created, &updated, &settle,
		&e.Token, &e.RuleOf, &e.Wisher.Team, &e.Wisher.User, &e.Each, &e.Host, &e.Subject, &e.Room, &e.RequestID)
	if err != nil {
		return extension.Extension{}, err
	}
	e.Platform = platform != 0
	e.Before, e.Target, e.After = instant(before), instant(target), instant(after)
	e.CreatedAt, e.UpdatedAt, e.SettleAt = instant(created), instant(updated), instant(settle)
	return e, nil
}
