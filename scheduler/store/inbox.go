package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"slices"
	"strings"
	"time"
)

var (
	// ErrNoEnvelope says that no envelope has the ID: it never came, or it was pruned.
	ErrNoEnvelope = errors.New("no such envelope")
	// ErrClaimLost says that somebody else took the envelope over, or that it is answered.
	ErrClaimLost = errors.New("claim of the envelope was lost")
)

const envelopeColumns = `id, type, payload, owner, stored_at, claimed_until, answered_at`

const (
	// A repeat brings the same payload: it is stored again, as it may have been erased. stored_at stays: it is
	// when the person asked.
	insertEnvelope = `INSERT INTO envelopes (id, type, payload, owner, stored_at, claimed_until)
		VALUES (?, ?, ?, ?, @now, @now + ?)
		ON CONFLICT (id) DO UPDATE
		SET payload = excluded.payload, owner = excluded.owner, claimed_until = excluded.claimed_until
		WHERE envelopes.answered_at = 0 AND envelopes.claimed_until <= @now`
	updateAnswered = `UPDATE envelopes
		SET answered_at = CASE WHEN answered_at = 0 THEN @now ELSE answered_at END,
		payload = CASE WHEN ? <> 0 THEN payload ELSE NULL END
		WHERE id = ?`
	updateErased = `UPDATE envelopes SET payload = NULL WHERE id = ?`
	updateClaim  = `UPDATE envelopes SET claimed_until = @now + ? WHERE id = ? AND owner = ? AND answered_at = 0`
	updateClaims = `UPDATE envelopes SET claimed_until = @now + ? WHERE owner = ? AND answered_at = 0 AND id IN `
	// The rows are chosen in a query of their own, which Postgres runs once: never more than the limit.
	updateTaken = `WITH expired AS (SELECT seq FROM envelopes WHERE answered_at = 0 AND claimed_until <= @now
			ORDER BY claimed_until LIMIT ?` + skipLocked + `)
		UPDATE envelopes SET owner = ?, claimed_until = @now + ? WHERE seq IN (SELECT seq FROM expired)
		RETURNING ` + envelopeColumns
	selectEnvelope = `SELECT ` + envelopeColumns + ` FROM envelopes WHERE id = ?`
)

// StoreEnvelope stores e (its ID, type and payload) with a claim of owner that lives for claimFor. It is fresh
// unless it is there already and answered, or claimed by somebody whose claim lives: then it is to be dropped.
// A repeat of one whose claim expired takes it over, and is fresh.
func (s *Store) StoreEnvelope(ctx context.Context, e Envelope, owner string, claimFor time.Duration) (fresh bool, err error) {
	return writeOne(ctx, s, "store envelope", func(ctx context.Context, tx session) (bool, error) {
		changed, err := tx.exec(ctx, insertEnvelope, e.ID, e.Type, e.Payload, owner, claimFor.Milliseconds())
		return changed == 1, err
	})
}

// AnswerEnvelope marks the envelope as answered: it is never taken over again. Its payload is erased unless an
// answer that is still to come needs its response_url; then ErasePayload follows. ErrNoEnvelope.
func (s *Store) AnswerEnvelope(ctx context.Context, id string, keepPayload bool) error {
	return s.changeEnvelope(ctx, "answer envelope", ErrNoEnvelope, updateAnswered, number(keepPayload), id)
}

// ErasePayload erases the payload. ErrNoEnvelope.
func (s *Store) ErasePayload(ctx context.Context, id string) error {
	return s.changeEnvelope(ctx, "erase payload", ErrNoEnvelope, updateErased, id)
}

// ExtendClaim makes the claim of owner live for claimFor from now. ErrClaimLost if it is not the owner's any
// more, or answered.
func (s *Store) ExtendClaim(ctx context.Context, id, owner string, claimFor time.Duration) error {
	return s.changeEnvelope(ctx, "extend claim", ErrClaimLost, updateClaim, claimFor.Milliseconds(), id, owner)
}

// ExtendClaims is ExtendClaim for many in one write. Those that are not the owner's any more, or answered, stay as
// they are.
func (s *Store) ExtendClaims(ctx context.Context, owner string, ids []string, claimFor time.Duration) error {
	if len(ids) == 0 {
		return nil
	}
	values := []any{claimFor.Milliseconds(), owner}
	for _, id := range ids {
		values = append(values, id)
	}
	// A few lengths are enough, as each is a statement that is kept: the last ID fills the list up.
	for len(values)&(len(values)-1) != 0 {
		values = append(values, ids[len(ids)-1])
	}
	text := updateClaims + "(?" + strings.Repeat(", ?", len(values)-3) + ")"
	return change(ctx, s, "extend claims", func(ctx context.Context, tx session) error {
		_, err := tx.exec(ctx, text, values...)
		return err
	})
}

func (s *Store) changeEnvelope(ctx context.Context, what string, none error, text string, args ...any) error {
	return change(ctx, s, what, func(ctx context.Context, tx session) error {
		changed, err := tx.exec(ctx, text, args...)
		if err == nil && changed == 0 {
			return none
		}
		return err
	})
}

// Envelope reads one envelope. ErrNoEnvelope.
func (s *Store) Envelope(ctx context.Context, id string) (Envelope, error) {
	found, err := scanEnvelope(s.database.read().row(ctx, selectEnvelope, id))
	if errors.Is(err, sql.ErrNoRows) {
		err = ErrNoEnvelope
	}
	return found, doing("read envelope", err)
}

// TakeEnvelopes takes over at most limit envelopes that are not answered and whose claim expired, oldest first:
// their owner crashed. Of any number of callers one gets each. A payload older than 30 minutes may be gone.
func (s *Store) TakeEnvelopes(ctx context.Context, owner string, claimFor time.Duration, limit int) ([]Envelope, error) {
	return writeOne(ctx, s, "take envelopes over", func(ctx context.Context, tx session) ([]Envelope, error) {
		taken, err := all(ctx, tx, scanEnvelope, updateTaken, max(limit, 0), owner, claimFor.Milliseconds())
		slices.SortFunc(taken, func(a, b Envelope) int {
			return cmp.Or(a.Stored.Compare(b.Stored), cmp.Compare(a.ID, b.ID))
		})
		return taken, err
	})
}

func scanEnvelope(from scanner) (Envelope, error) {
	var e Envelope
	var stored, claimed, answered int64
	if err := from.Scan(&e.ID, &e.Type, &e.Payload, &e.Owner, &stored, &claimed, &answered); err != nil {
		return Envelope{}, err
	}
	e.Stored, e.ClaimedUntil, e.Answered = instant(stored), instant(claimed), answered != 0
	return e, nil
}
