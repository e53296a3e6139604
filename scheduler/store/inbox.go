package store

import (
	"cmp"
	"context"
	"errors"
	"maps"
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
	// Concluded says that its answer was worked out: it may be told again, and is never carried out again.
	Concluded, Answered bool
}

const (
	envelopeColumns = `id, type, payload, owner, stored_at, claimed_until, concluded, answered_at`
	// A repeat brings the same payload: it is stored again, as it may have been erased. stored_at stays: it is when the
	// person asked. One that is concluded is left to those who take it over, and tell. A claim that lasts for several times
	// as long as it was made for was made before the clock was set back: its owner may be gone.
	insertEnvelope = `INSERT INTO envelopes (id, type, payload, owner, stored_at, claimed_until)
		VALUES (?, ?, ?, ?, @now, @now + ?)
		ON CONFLICT (id) DO UPDATE
		SET payload = excluded.payload, owner = excluded.owner, claimed_until = excluded.claimed_until
		WHERE envelopes.answered_at = 0 AND envelopes.concluded = 0
			AND (envelopes.claimed_until <= @now OR envelopes.claimed_until > @now + 4 * ?)`
	// An envelope that could not be stored is stored now, so that its repeat is not carried out.
	upsertConcluded = `INSERT INTO envelopes (id, type, payload, owner, stored_at, claimed_until, concluded)
		VALUES (?, ?, ?, ?, @now, @now + ?, 1)
		ON CONFLICT (id) DO UPDATE SET concluded = 1
		WHERE envelopes.answered_at = 0 AND envelopes.owner = excluded.owner`
	upsertAnswered = `INSERT INTO envelopes (id, type, owner, stored_at, claimed_until, answered_at)
		VALUES (?, '', '', @now, @now, @now)
		ON CONFLICT (id) DO UPDATE
		SET answered_at = CASE WHEN envelopes.answered_at = 0 THEN @now ELSE envelopes.answered_at END,
		payload = CASE WHEN ? <> 0 THEN envelopes.payload ELSE NULL END`
	updateClaims = `UPDATE envelopes SET claimed_until = @now + ? WHERE owner = ? AND answered_at = 0 AND id IN `
	// The rows are chosen in a query of their own, which Postgres runs once: never more than the limit.
	updateTaken = `WITH expired AS (SELECT seq FROM envelopes WHERE answered_at = 0
				AND (claimed_until <= @now OR claimed_until > @now + 4 * ?)
			ORDER BY claimed_until LIMIT ?` + skipLocked + `)
		UPDATE envelopes SET owner = ?, claimed_until = @now + ? WHERE seq IN (SELECT seq FROM expired)
		RETURNING ` + envelopeColumns
	selectEnvelope = `SELECT ` + envelopeColumns + ` FROM envelopes WHERE id = ?`
)

// StoreEnvelope stores e (its ID, type and payload) with a claim of owner that lives for claimFor. It is fresh unless it
// is there already and answered, or claimed by somebody whose claim lives: then it is to be dropped. A repeat of one whose
// claim expired takes it over, and is fresh.
func (i *Inbox) StoreEnvelope(ctx context.Context, e Envelope, owner string, claimFor time.Duration) (fresh bool, err error) {
	changed, err := exec(ctx, i, "store envelope", insertEnvelope, e.ID, e.Type, e.Payload, owner,
		claimFor.Milliseconds(), claimFor.Milliseconds())
	return changed == 1, err
}

// ConcludeEnvelope notes that the answer to owner's envelope was worked out, and is about to be told. It is mine unless
// another owner has taken the envelope over, or it was answered: then that one tells. One that is not stored yet is.
func (i *Inbox) ConcludeEnvelope(ctx context.Context, e Envelope, owner string, claimFor time.Duration) (mine bool, err error) {
	changed, err := exec(ctx, i, "conclude envelope", upsertConcluded, e.ID, e.Type, e.Payload, owner, claimFor.Milliseconds())
	return changed == 1, err
}

// AnswerEnvelopes marks envelopes as answered, stored or not: they are never carried out or taken over again. A payload is
// erased unless it is kept, for an answer that is still to come and needs its response_url. Then the envelope is answered
// once more.
func (i *Inbox) AnswerEnvelopes(ctx context.Context, keepPayload map[string]bool) error {
	how := several
	if len(keepPayload) == 1 {
		how = single
	}
	_, err := write(ctx, i, how, "answer envelopes", func(ctx context.Context, tx session) (int64, error) {
		for _, id := range slices.Sorted(maps.Keys(keepPayload)) { // in order, so that two writers cannot block each other
			if _, err := tx.exec(ctx, upsertAnswered, id, number(keepPayload[id])); err != nil {
				return 0, err
			}
		}
		return 0, nil
	})
	return err
}

// ExtendClaims makes claims of owner live for claimFor from now, and tells how many. Envelopes that are no longer the
// owner's, or answered, stay as they are.
func (i *Inbox) ExtendClaims(ctx context.Context, owner string, ids []string, claimFor time.Duration) (extended int, err error) {
	if len(ids) == 0 {
		return 0, nil
	}
	list, values := listOf(ids)
	changed, err := exec(ctx, i, "extend claims", updateClaims+list, append([]any{claimFor.Milliseconds(), owner}, values...)...)
	return int(changed), err
}

// Envelope reads one envelope. ErrNoEnvelope.
func (i *Inbox) Envelope(ctx context.Context, id string) (Envelope, error) {
	return readOne(ctx, i, "read envelope", ErrNoEnvelope, scanEnvelope, selectEnvelope, id)
}

// TakeEnvelopes takes over at most limit envelopes that are not answered and whose claim is over, oldest first: their
// owner crashed, or it claimed them before the clock was set back. Of any number of callers one gets each. A payload older than 30 minutes may be gone.
func (i *Inbox) TakeEnvelopes(ctx context.Context, owner string, claimFor time.Duration, limit int) ([]Envelope, error) {
	taken, err := changeAll(ctx, i, "take envelopes over", scanEnvelope, updateTaken,
		claimFor.Milliseconds(), max(limit, 0), owner, claimFor.Milliseconds())
	slices.SortFunc(taken, func(a, b Envelope) int {
		return cmp.Or(a.Stored.Compare(b.Stored), cmp.Compare(a.ID, b.ID))
	})
	return taken, err
}

func scanEnvelope(from scanner) (Envelope, error) {
	var e Envelope
	var stored, claimed, concluded, answered int64
	if err := from.Scan(&e.ID, &e.Type, &e.Payload, &e.Owner, &stored, &claimed, &concluded, &answered); err != nil {
		return Envelope{}, err
	}
	e.Stored, e.ClaimedUntil = instant(stored), instant(claimed)
	e.Concluded, e.Answered = concluded != 0, answered != 0
	return e, nil
}
