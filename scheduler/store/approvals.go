package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/scheduler/extension"
)

// ApprovalState is where a wish beyond a limit stands.
type ApprovalState string

// The states of an approval. Nothing leaves a state but ApprovalAsked.
const (
	ApprovalAsked   ApprovalState = "asked"
	Approved        ApprovalState = "approved"
	ApprovalDenied  ApprovalState = "denied"
	ApprovalExpired ApprovalState = "expired" // its run ended first
	ApprovalMoved   ApprovalState = "moved"   // the end from which its minutes count moved first
	ApprovalLapsed  ApprovalState = "lapsed"  // who asked may no longer extend the meeting
	ApprovalUnsent  ApprovalState = "unsent"  // Slack does not let the bot show it to anybody
)

// Approval is a wish beyond a limit.
type Approval struct {
	ID        int64
	Envelope  string // with which somebody asked
	Run       string
	MeetingID string
	Host      string    // the meeting's HostUUID
	Room      string    // its cloud room; empty without one
	Subject   string    // what it is called: foreign text, for those whose Sight shows it
	End       time.Time // from which the minutes count
	Minutes   int
	Actor     extension.Actor // who asked
	AskedIn   string          // channel; empty where there was none
	Reason    string          // in their own words; may be empty
	Beyond    extension.Limit // the limit that stood in the way; empty is the one at once

	State     ApprovalState
	By        extension.Actor // who approved or denied
	Note      string          // their reason, in their own words; may be empty
	Outcome   string          // of the extension that was approved; empty while it is under way
	Extension int64           // its ID; 0 if none was stored

	Card Card
	Told string // what the one who asked was told

	// By the database's clock. Waited is how long ago it was decided, when it was read.
	Created, Decided time.Time
	Waited           time.Duration
}

// Card is the message that shows an approval to administrators.
type Card struct {
	Channel, Timestamp string // empty until it was posted
	Shown              string // what it shows
}

// ErrNoApproval says that no approval has the ID: there never was one, or it was pruned.
var ErrNoApproval = errors.New("no such approval")

const (
	approvalColumns = `id, envelope, run, meeting_id, end_at, minutes, team, person, asked_in, reason, beyond, state, decider_team, decider,
		note, outcome, extension, channel, ts, shown, told, created_at, decided_at, host, room, title, @now`

	insertApproval = `INSERT INTO approvals
		(envelope, run, meeting_id, end_at, minutes, team, person, asked_in, reason, beyond, host, room, title, created_at, due_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, @now, @now + ?) ON CONFLICT DO NOTHING RETURNING ` + approvalColumns
	selectApproval      = `SELECT ` + approvalColumns + ` FROM approvals WHERE id = ?`
	selectApprovalAsked = `SELECT ` + approvalColumns + ` FROM approvals WHERE envelope = ?`
	selectApprovalSame  = `SELECT ` + approvalColumns + ` FROM approvals
		WHERE run = ? AND end_at = ? AND minutes = ? AND team = ? AND person = ? AND state = 'asked'`
	selectApprovals   = `SELECT ` + approvalColumns + ` FROM approvals ORDER BY id DESC LIMIT ?`
	selectApprovalsOf = `SELECT ` + approvalColumns + ` FROM approvals WHERE meeting_id = ? ORDER BY id DESC LIMIT ?`
	selectApprovalsIn = `SELECT ` + approvalColumns + ` FROM approvals
		WHERE room = ? AND room <> '' AND meeting_id <> ? ORDER BY id DESC LIMIT ?`

	updateDecided = `UPDATE approvals SET state = ?, decider_team = ?, decider = ?, note = ?, decided_at = @now, due_at = @now + ?
		WHERE id = ? AND state = 'asked' RETURNING ` + approvalColumns
	// What the ledger says of an extension stands over what is known without one, and its last word over a doubt.
	updateOutcome = `UPDATE approvals SET outcome = ?, extension = ?, due_at = @now + ?
		WHERE id = ? AND state = 'approved' AND outcome <> ? AND (outcome = '' OR ? <> 0)
		AND (extension = 0 OR outcome IN ('accepted', 'unknown')) RETURNING ` + approvalColumns
	selectApproved = `SELECT ` + approvalColumns + ` FROM approvals WHERE id = ? AND state = 'approved'`
	// Who decides while the card is on its way finds none to edit: then somebody looks at it again.
	updateCard = `UPDATE approvals SET channel = ?, ts = ?, shown = ?,
		due_at = CASE WHEN due_at = 0 AND (state <> ? OR outcome <> ?) THEN @now ELSE due_at END WHERE id = ?`
	updateTellings = `UPDATE approvals SET told = ? WHERE id = ?`
	updateRest     = `UPDATE approvals SET due_at = CASE WHEN ts <> ? THEN @now WHEN ? > 0 THEN @now + ? ELSE 0 END
		WHERE id = ? AND state = ? AND outcome = ?`
	// The rows are chosen in a query of their own, which Postgres runs once: never more than the limit. What is due much
	// later than anybody made it was written before the clock was set back.
	updateDueApprovals = `WITH due AS (SELECT id FROM approvals
			WHERE due_at > 0 AND (due_at <= @now OR due_at > @now + 600000) ORDER BY due_at LIMIT ?` + skipLocked + `)
		UPDATE approvals SET due_at = @now + ? WHERE id IN (SELECT id FROM due) RETURNING ` + approvalColumns
)

// Approvals keeps what was asked for beyond the limits, and what came of it.
type Approvals struct{ database }

// Ask stores a wish (what is said of it above State) and leaves it to its caller for claimFor; later it is due. It is false
// if the envelope asked before, or the same wish of the same person waits for a decision: then that one is returned.
func (a *Approvals) Ask(ctx context.Context, wish Approval, claimFor time.Duration) (found Approval, fresh bool, err error) {
	if wish.Envelope == "" || wish.Run == "" || wish.Actor.User == "" || wish.Minutes <= 0 || wish.End.IsZero() {
		return Approval{}, false, errors.New("ask for an approval: it has no envelope, run, person, minutes or end")
	}
	same := []any{wish.Run, milliseconds(wish.End), wish.Minutes, wish.Actor.Team, wish.Actor.User}
	found, err = write(ctx, a, several, "ask for an approval", func(ctx context.Context, tx session) (Approval, error) {
		found, err := one(ctx, tx, ErrNoApproval, scanApproval, insertApproval, wish.Envelope, wish.Run, wish.MeetingID, milliseconds(wish.End),
			wish.Minutes, wish.Actor.Team, wish.Actor.User, wish.AskedIn, wish.Reason, string(wish.Beyond),
			wish.Host, wish.Room, wish.Subject, claimFor.Milliseconds())
		if fresh = err == nil; errors.Is(err, ErrNoApproval) {
			found, err = one(ctx, tx, ErrNoApproval, scanApproval, selectApprovalAsked, wish.Envelope)
		}
		if errors.Is(err, ErrNoApproval) {
			found, err = one(ctx, tx, ErrNoApproval, scanApproval, selectApprovalSame, same...)
		}
		return found, err
	})
	return found, err == nil && fresh, err
}

// Approval reads one approval. ErrNoApproval.
func (a *Approvals) Approval(ctx context.Context, id int64) (Approval, error) {
	return readOne(ctx, a, fmt.Sprintf("read approval %d", id), ErrNoApproval, scanApproval, selectApproval, id)
}

// Meeting is the run's meeting, as far as the approval knows it.
func (a *Approval) Meeting() meeting.Meeting {
	of := extension.Extension{Run: a.Run, MeetingID: a.MeetingID, Host: a.Host, Room: a.Room, Subject: a.Subject}
	return of.Meeting()
}

// List tells of approvals, newest first, of one meeting or cloud room, or of all where its number is empty.
func (a *Approvals) List(ctx context.Context, number string, limit int) ([]Approval, error) {
	limit = max(limit, 0)
	if number == "" {
		return readAll(ctx, a, "read approvals", scanApproval, selectApprovals, limit)
	}
	what := "read approvals of " + number
	found, err := readAll(ctx, a, what, scanApproval, selectApprovalsOf, number, limit)
	if err != nil {
		return nil, err
	}
	inRoom, err := readAll(ctx, a, what, scanApproval, selectApprovalsIn, number, number, limit)
	found = append(found, inRoom...)
	slices.SortFunc(found, func(a, b Approval) int { return cmp.Compare(b.ID, a.ID) })
	return found[:min(limit, len(found))], err
}

// Decide takes an approval out of ApprovalAsked, and leaves it to its caller for claimFor. Of any number of callers and
// processes one does: for the others it is false, with the approval as it stands. by and note are of a person's decision.
func (a *Approvals) Decide(
	ctx context.Context, id int64, to ApprovalState, by extension.Actor, note string, claimFor time.Duration,
) (found Approval, won bool, err error) {
	what := fmt.Sprintf("decide approval %d", id)
	personal := to == Approved || to == ApprovalDenied
	if to == ApprovalAsked || to == "" || personal != (by.User != "") {
		return Approval{}, false, fmt.Errorf("%s: %q, by %q", what, to, by.User)
	}
	return changeOr(ctx, a, what, ErrNoApproval, scanApproval, selectApproval, []any{id},
		updateDecided, string(to), by.Team, by.User, note, claimFor.Milliseconds(), id)
}

// Outcome stores what came of an approved extension, and leaves the approval to its caller for claimFor. Of any number of
// callers with the same outcome one does: for the others it is false, with the approval as it stands. ErrNoApproval.
func (a *Approvals) Outcome(
	ctx context.Context, id int64, outcome string, extensionID int64, claimFor time.Duration,
) (found Approval, won bool, err error) {
	return changeOr(ctx, a, fmt.Sprintf("store the outcome of approval %d", id), ErrNoApproval, scanApproval, selectApproved, []any{id},
		updateOutcome, outcome, extensionID, claimFor.Milliseconds(), id, outcome, extensionID)
}

// Show stores the card of an approval: where it is, and what it shows. If the approval no longer stands as the caller saw it,
// it is due at once, unless somebody looks after it.
func (a *Approvals) Show(ctx context.Context, seen Approval) error {
	_, err := exec(ctx, a, fmt.Sprintf("store the card of approval %d", seen.ID), updateCard,
		seen.Card.Channel, seen.Card.Timestamp, seen.Card.Shown, string(seen.State), seen.Outcome, seen.ID)
	return err
}

// Tell stores what the one who asked was told.
func (a *Approvals) Tell(ctx context.Context, id int64, told string) error {
	_, err := exec(ctx, a, fmt.Sprintf("store what was told of approval %d", id), updateTellings, told, id)
	return err
}

// Rest says when the approval is due next, if it stands as the caller saw it: 0 is never. With another card it is due at once.
func (a *Approvals) Rest(ctx context.Context, seen Approval, next time.Duration) error {
	_, err := exec(ctx, a, fmt.Sprintf("let approval %d rest", seen.ID), updateRest,
		seen.Card.Timestamp, next.Milliseconds(), next.Milliseconds(), seen.ID, string(seen.State), seen.Outcome)
	return err
}

// Due takes over approvals that somebody is to look after, for claimFor. Of any number of callers one gets each.
func (a *Approvals) Due(ctx context.Context, claimFor time.Duration, limit int) ([]Approval, error) {
	return changeAll(ctx, a, "take approvals over", scanApproval, updateDueApprovals, max(limit, 0), claimFor.Milliseconds())
}

func scanApproval(from scanner) (Approval, error) {
	var a Approval
	var end, created, decided, now int64
	err := from.Scan(&a.ID, &a.Envelope, &a.Run, &a.MeetingID, &end, &a.Minutes, &a.Actor.Team, &a.Actor.User, &a.AskedIn, &a.Reason,
		&a.Beyond, &a.State, &a.By.Team, &a.By.User, &a.Note, &a.Outcome, &a.Extension, &a.Card.Channel, &a.Card.Timestamp, &a.Card.Shown,
		&a.Told, &created, &decided, &a.Host, &a.Room, &a.Subject, &now)
	if err != nil {
		return Approval{}, err
	}
	a.End, a.Created, a.Decided = instant(end), instant(created), instant(decided)
	if decided > 0 {
		a.Waited = instant(now).Sub(a.Decided)
	}
	return a, nil
}
