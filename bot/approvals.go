package bot

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"strings"
	"time"

	"github.com/overtime-bot/overtime/bot/access"
	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/scheduler/extension"
	"github.com/overtime-bot/overtime/scheduler/store"
)

const (
	approvalClaim = time.Minute      // how long a process has for an approval; an extension takes less
	approvalLook  = 30 * time.Second // between two looks at a meeting for which one waits
	approvalRetry = 10 * time.Second // after trouble
	approvalAlive = time.Hour        // after it was decided; then what could not be said is given up
)

// approvals brings up to date what people see of a wish beyond a limit, and carries out what was approved. All that it knows
// is in the store, so that any process goes on where another died.
type approvals struct {
	channel   string
	store     ApprovalStore
	extender  Extender
	scheduler Scheduler
	gate      *access.Gate
	messenger *messenger
	speaker   *speaker
	limits    Limits
	now       func() time.Time
	logger    *slog.Logger
}

func newApprovals(config Config, extender Extender, scheduler Scheduler) *approvals {
	return &approvals{
		channel: config.ApprovalChannel, store: config.Approvals, extender: extender, scheduler: scheduler, gate: config.gate(),
		messenger: config.messenger(), speaker: config.speaker(), limits: config.Limits, now: config.Now, logger: config.logger(),
	}
}

// What comes of an approved extension, beside the names of extension.Outcome.
const (
	outcomeRoom   = "room"   // it is booked next
	outcomePerson = "person" // extends too often
	outcomeFailed = "failed" // something could not be read or written
	outcomeLate   = "late"   // a restart came between, and by now nobody expects it
)

// stageOf is what there is to say of an approval: its state, and what came of what was approved.
func stageOf(a store.Approval) string { return strings.TrimSpace(string(a.State) + " " + a.Outcome) }

// isOpen says that more will come of it.
func isOpen(a store.Approval) bool {
	switch a.Outcome {
	case "", string(extension.DidAccept), string(extension.NotKnown):
		return a.State == store.ApprovalAsked || a.State == store.Approved
	}
	return false
}

// follow does what is to be done for an approval now, and says when it is due next.
func (a *approvals) follow(ctx context.Context, row store.Approval) store.Approval {
	m, row, err := a.advance(ctx, row)
	if err == nil {
		row, err = a.show(ctx, row, m)
	}
	if err == nil {
		row, err = a.tell(ctx, row, m)
	}
	next := time.Duration(0)
	switch {
	case row.Waited > approvalAlive:
		a.logger.WarnContext(ctx, "an approval is given up", "approval", row.ID, "stage", stageOf(row), "error", err)
	case err != nil:
		a.logger.WarnContext(ctx, "an approval is looked after once more", "approval", row.ID, "stage", stageOf(row), "error", err)
		next = approvalRetry
	case isOpen(row):
		next = approvalLook
	}
	resting, cancel := context.WithTimeout(context.WithoutCancel(ctx), storePatience)
	defer cancel()
	if err := a.store.Rest(resting, row, next); err != nil { // then its claim lapses
		a.logger.WarnContext(ctx, "an approval could not be passed on", "approval", row.ID, "error", err)
	}
	return row
}

// advance finds out what has become of an approval. The meeting has a number alone if it could not be read.
func (a *approvals) advance(ctx context.Context, row store.Approval) (meeting.Meeting, store.Approval, error) {
	m, err := a.extender.Find(meeting.Looking(ctx), row.MeetingID)
	over := isOver(row, m, err)
	if err != nil || over {
		m = meeting.Meeting{ID: row.MeetingID, People: -1}
	}
	switch {
	case row.State == store.ApprovalAsked && over:
		row, err = a.expire(ctx, row, store.ApprovalExpired)
	case row.State == store.ApprovalAsked && err == nil && a.hasMoved(row, m):
		row, err = a.expire(ctx, row, store.ApprovalMoved)
	case row.State == store.Approved && row.Outcome == "":
		row, err = a.carryOut(ctx, row, m)
	case row.State == store.Approved && isOpen(row):
		row, err = a.await(ctx, row)
	default:
		err = nil
	}
	return m, row, err
}

// isOver says of a reading that the run of an approval has ended. The meeting may have begun again, which is another run.
func isOver(row store.Approval, m meeting.Meeting, err error) bool {
	return missing(err) || err == nil && extension.RunOf(m) != row.Run
}

// expire ends a wish that nobody decided in time.
func (a *approvals) expire(ctx context.Context, row store.Approval, to store.ApprovalState) (store.Approval, error) {
	row, won, err := a.store.Decide(ctx, row.ID, to, extension.Actor{}, "", approvalClaim)
	if won && err == nil {
		extension.Done{
			How: extension.HowAutomatic, Verb: verbRequest, Team: row.Actor.Team, User: row.Actor.User, Meeting: row.MeetingID,
			Minutes: row.Minutes, From: row.End, Outcome: extension.OutExpired, Reason: string(to), Took: row.Waited,
		}.Log(ctx, a.logger)
	}
	return row, err
}

// hasMoved says that the meeting no longer ends when it did. A reading may lag behind an extension that came just before.
func (a *approvals) hasMoved(row store.Approval, m meeting.Meeting) bool {
	return m.End.After(row.End) || m.End.Before(row.End) && a.now().Sub(row.Created).Abs() > extension.LagsFor
}

// approvalEnvelope stands in the ledger for the envelope of an approved extension: it is the approval's own.
func approvalEnvelope(id int64) string { return "approval " + strconv.FormatInt(id, 10) }

func approvalOf(envelope string) (int64, error) {
	id, err := strconv.ParseInt(strings.TrimPrefix(envelope, "approval "), 10, 64)
	if err != nil {
		return 0, fmt.Errorf("%q is of no approval: %w", envelope, err)
	}
	return id, nil
}

// carryOut extends what was approved, once: what another process sent before it died is not sent again.
func (a *approvals) carryOut(ctx context.Context, row store.Approval, m meeting.Meeting) (store.Approval, error) {
	request := extension.Request{
		Key: extension.OfferKey(row.Run, row.End), Envelope: approvalEnvelope(row.ID), Meeting: m,
		Origin: extension.FromApproval, Actor: row.Actor, Minutes: row.Minutes, OfferedEnd: row.End,
	}
	result, sent, err := a.extender.Resume(ctx, request.Envelope)
	outcome := ""
	switch {
	case err != nil:
		return row, err
	case sent:
		outcome = string(result.Outcome)
	case row.Waited > freshFor:
		outcome = outcomeLate
	case m.Start.IsZero():
		outcome = outcomeFailed
		if found, err := a.extender.Find(ctx, row.MeetingID); isOver(row, found, err) {
			outcome = string(extension.Ended)
		}
	default:
		result, err = a.extender.Extend(ctx, request)
		if err != nil && ctx.Err() != nil {
			return row, err
		}
		if again, sent, _ := a.sentBefore(ctx, row, result, err); sent {
			result = again
		}
		outcome = outcomeOf(&result, err)
	}
	carried, won, failed := a.store.Outcome(ctx, row.ID, outcome, result.Extension.ID, approvalClaim)
	if won {
		a.logOver(ctx, request, result, outcome, err)
	}
	return carried, failed
}

// logOver writes the one line of what was approved and is over.
func (a *approvals) logOver(ctx context.Context, request extension.Request, result extension.Result, outcome string, err error) {
	done, here := request.Done(result, err)
	switch {
	case !here:
		return
	case done.Outcome != "":
	case outcome == outcomeFailed:
		done.Outcome, done.Reason = string(extension.Refused), outcome
	default: // nothing was asked of the extender any more
		done.Outcome, done.Reason = extension.OutExpired, outcome
	}
	done.Log(ctx, a.logger)
}

// sentBefore is the result of another process that carries the same approval out, where that is what stands in the way.
func (a *approvals) sentBefore(ctx context.Context, row store.Approval, result extension.Result, err error) (extension.Result, bool, error) {
	switch {
	case err != nil:
	case result.By.Envelope == approvalEnvelope(row.ID):
		result, err = a.extender.Stands(ctx, result.By.ID)
		return result, err == nil, err
	case result.Outcome == extension.Moved:
		return a.extender.Resume(ctx, approvalEnvelope(row.ID))
	}
	return result, false, err
}

// outcomeOf is what came of an approved extension, in a word.
func outcomeOf(result *extension.Result, err error) string {
	switch {
	case err != nil:
		return outcomeFailed
	case result.Outcome == extension.Limited && result.Limit == extension.LimitRoom:
		return outcomeRoom
	case result.Outcome == extension.Limited:
		return outcomePerson
	case result.Outcome == extension.Already:
		return string(extension.Moved)
	}
	return string(result.Outcome)
}

// await looks whether an extension in doubt is settled. The process that settled it may have died before it said so.
func (a *approvals) await(ctx context.Context, row store.Approval) (store.Approval, error) {
	result, err := a.extender.Stands(ctx, row.Extension)
	if err != nil || string(result.Outcome) == row.Outcome {
		return row, err
	}
	row, _, err = a.store.Outcome(ctx, row.ID, string(result.Outcome), row.Extension, approvalClaim)
	return row, err
}

// show posts the card, or edits it to what is true now.
func (a *approvals) show(ctx context.Context, row store.Approval, m meeting.Meeting) (store.Approval, error) {
	stage := stageOf(row)
	if row.Card.Shown == stage || stage == string(store.Approved) {
		return row, nil
	}
	card := row.Card
	reply := a.words(ctx, row, m).card()
	var err error
	switch {
	case card.Timestamp != "":
		err = a.messenger.edit(ctx, card.Channel, card.Timestamp, reply)
	case row.State == store.ApprovalAsked:
		posted, posting := a.messenger.post(ctx, a.channel, reply)
		card.Channel, card.Timestamp, err = posted.Channel, posted.Timestamp, posting
		if refusedClearly(err) {
			a.logger.ErrorContext(ctx, "what is beyond a limit can be shown to nobody", "channel", a.channel, "error", err, "remedy", remedyOf(err))
			row, _, err = a.store.Decide(ctx, row.ID, store.ApprovalUnsent, extension.Actor{}, "", approvalClaim)
			return row, err
		}
	default: // it was decided while the card is on its way: who posts it notices
		return row, nil
	}
	if err != nil && !refusedClearly(err) {
		return row, err
	}
	if err != nil {
		a.logger.WarnContext(ctx, "a card can no longer follow its approval", "approval", row.ID, "error", err)
	}
	card.Shown = stage
	row.Card = card
	return row, a.store.Show(ctx, row)
}

// tell tells the one who asked what came of it, by direct message.
func (a *approvals) tell(ctx context.Context, row store.Approval, m meeting.Meeting) (store.Approval, error) {
	stage := stageOf(row)
	if row.Told == stage || row.State == store.ApprovalAsked || stage == string(store.Approved) {
		return row, nil
	}
	reply, to := a.told(ctx, row, m)
	_, err := a.messenger.post(ctx, to, reply)
	switch {
	case refusedClearly(err):
		a.logger.WarnContext(ctx, "who asked for an approval cannot be told of it", "approval", row.ID, "user", to, "error", err, "remedy", remedyOf(err))
	case err != nil:
		return row, err
	}
	row.Told = stage
	return row, a.store.Tell(ctx, row.ID, stage)
}

// Approvals looks after what was asked for beyond the limits, until everybody was told.
type Approvals struct{ *approvals }

// NewApprovals makes Approvals.
func NewApprovals(config Config, extender Extender, scheduler Scheduler) *Approvals {
	return &Approvals{newApprovals(config, extender, scheduler)}
}

const (
	approvalSweep = 5 * time.Second
	approvalTake  = 8
)

// Run looks after approvals until ctx ends.
func (a *Approvals) Run(ctx context.Context) error {
	every(ctx, a.logger, approvalSweep, "looking after approvals", func(ctx context.Context) {
		due, err := a.store.Due(ctx, approvalClaim, approvalTake)
		if err != nil && ctx.Err() == nil {
			a.logger.WarnContext(ctx, "approvals could not be looked through", "error", err)
		}
		for _, row := range due {
			a.follow(ctx, row)
		}
	})
	return nil
}

// Settled says how an approved extension in doubt came out.
func (a *Approvals) Settled(ctx context.Context, notice extension.Notice) error {
	id, err := approvalOf(notice.Extension.Envelope)
	if err != nil {
		return err
	}
	row, _, err := a.store.Outcome(ctx, id, string(notice.Extension.State), notice.Extension.ID, approvalClaim)
	if errors.Is(err, store.ErrNoApproval) {
		return nil // it was pruned
	}
	if err != nil {
		return err
	}
	a.follow(ctx, row)
	return nil
}
