package store

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"
)

var (
	// ErrNoEnvelope says that no envelope has the ID: it never came, or it was pruned.
	ErrNoEnvelope = errors.New("no such envelope")
	// ErrNoAction says that no action has the ID: there never was one, or it has expired.
	ErrNoAction = errors.New("no such action")
)

// Inbox keeps what Slack sent, and what the buttons under messages stand for.
type Inbox struct{ database }

// Envelope is what Slack sent, from its arrival until it is answered. Its payload holds a response_url, which is a secret:
// it is erased when the envelope is answered for good.
type Envelope struct {
	ID      string // envelope_id
	Type    string // slash_commands, interactive
	Payload []byte // JSON as it came; nil once erased
	Owner   string // the replica that claimed it last
	// Stored and ClaimedUntil are by the database's clock.
	Stored, ClaimedUntil time.Time
	Answered             bool
}

const (
	envelopeColumns = `id, type, payload, owner, stored_at, claimed_until, answered_at`
	// A repeat brings the same payload: it is stored again, as it may have been erased. stored_at stays: it is when the
	// person asked.
	insertEnvelope = `INSERT INTO envelopes (id, type, payload, owner, stored_at, claimed_until)
		VALUES (?, ?, ?, ?, @now, @now + ?)
		ON CONFLICT (id) DO UPDATE
		SET payload = excluded.payload, owner = excluded.owner, claimed_until = excluded.claimed_until
		WHERE envelopes.answered_at = 0 AND envelopes.claimed_until <= @now`
	updateAnswered = `UPDATE envelopes
		SET answered_at = CASE WHEN answered_at = 0 THEN @now ELSE answered_at END,
		payload = CASE WHEN ? <> 0 THEN payload ELSE NULL END
		WHERE id = ?`
	updateClaims = `UPDATE envelopes SET claimed_until = @now + ? WHERE owner = ? AND answered_at = 0 AND id IN `
	// The rows are chosen in a query of their own, which Postgres runs once: never more than the limit.
	updateTaken = `WITH expired AS (SELECT seq FROM envelopes WHERE answered_at = 0 AND claimed_until <= @now
			ORDER BY claimed_until LIMIT ?` + skipLocked + `)
		UPDATE envelopes SET owner = ?, claimed_until = @now + ? WHERE seq IN (SELECT seq FROM expired)
		RETURNING ` + envelopeColumns
	selectEnvelope = `SELECT ` + envelopeColumns + ` FROM envelopes WHERE id = ?`
)

// StoreEnvelope stores e (its ID, type and payload) with a claim of owner that lives for claimFor. It is fresh unless it
// is there already and answered, or claimed by somebody whose claim lives: then it is to be dropped. A repeat of one whose
// claim expired takes it over, and is fresh.
func (i *Inbox) StoreEnvelope(ctx context.Context, e Envelope, owner string, claimFor time.Duration) (fresh bool, err error) {
	changed, err := exec(ctx, i, "store envelope", insertEnvelope, e.ID, e.Type, e.Payload, owner, claimFor.Milliseconds())
	return changed == 1, err
}

// AnswerEnvelope marks the envelope as answered: it is never taken over again. Its payload is erased unless an answer that
// is still to come needs its response_url. Then the envelope is answered once more. ErrNoEnvelope.
func (i *Inbox) AnswerEnvelope(ctx context.Context, id string, keepPayload bool) error {
	changed, err := exec(ctx, i, "answer envelope", updateAnswered, number(keepPayload), id)
	if err == nil && changed == 0 {
		err = doing("answer envelope", ErrNoEnvelope)
	}
	return err
}

// ExtendClaims makes claims of owner live for claimFor from now. Envelopes that are no longer the owner's, or answered,
// stay as they are.
func (i *Inbox) ExtendClaims(ctx context.Context, owner string, ids []string, claimFor time.Duration) error {
	if len(ids) == 0 {
		return nil
	}
	list, values := listOf(ids)
	_, err := exec(ctx, i, "extend claims", updateClaims+list, append([]any{claimFor.Milliseconds(), owner}, values...)...)
	return err
}

// Envelope reads one envelope. ErrNoEnvelope.
func (i *Inbox) Envelope(ctx context.Context, id string) (Envelope, error) {
	return readOne(ctx, i, "read envelope", ErrNoEnvelope, scanEnvelope, selectEnvelope, id)
}

// TakeEnvelopes takes over at most limit envelopes that are not answered and whose claim expired, oldest first: their
// owner crashed. Of any number of callers one gets each. A payload older than 30 minutes may be gone.
func (i *Inbox) TakeEnvelopes(ctx context.Context, owner string, claimFor time.Duration, limit int) ([]Envelope, error) {
	taken, err := changeAll(ctx, i, "take envelopes over", scanEnvelope, updateTaken, max(limit, 0), owner, claimFor.Milliseconds())
	slices.SortFunc(taken, func(a, b Envelope) int {
		return cmp.Or(a.Stored.Compare(b.Stored), cmp.Compare(a.ID, b.ID))
	})
	return taken, err
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
