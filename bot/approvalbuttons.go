package bot

import (
	"context"
	"errors"
	"strconv"

	"github.com/overtime-bot/overtime/bot/access"
	"github.com/overtime-bot/overtime/bot/i18n"
	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/scheduler/extension"
	"github.com/overtime-bot/overtime/scheduler/store"
)

// approvalButtons ask administrators for what is beyond a limit, and let them decide.
type approvalButtons struct {
	approvals *approvals
	finder    *finder
	refusals  *refusals
	limits    Limits
	reasons   *reasonViews
	further   *further
}

// longestRequest is how many minutes can be asked for: less than a day.
const longestRequest = 24*60 - 1

// liftable says that a limit stood in the way that an approval lifts: those of minutes, and no other.
func liftable(result extension.Result) bool {
	return result.Outcome == extension.TooMany ||
		result.Outcome == extension.Limited && (result.Limit == extension.LimitRun || result.Limit == extension.LimitDaily)
}

// offerRequest offers to ask for what was refused.
func offerRequest(say i18n.Printer, request extension.Request, result extension.Result) []Offer {
	if !liftable(result) || request.Minutes > longestRequest {
		return nil
	}
	return []Offer{offerWish(say, result.Meeting, request.Minutes)}
}

// offerWish offers to ask for so many minutes.
func offerWish(say i18n.Printer, m meeting.Meeting, minutes int) Offer {
	return Offer{Label: say.Say(i18n.ButtonRequest, nil), Action: store.Action{
		Verb: verbRequest, Run: extension.RunOf(m), MeetingID: m.ID, Minutes: minutes, OfferedEnd: m.End, Expires: m.End.Add(promptLife),
	}}
}

// offerDecision are the buttons of a card.
func offerDecision(say i18n.Printer, a store.Approval) (offers []Offer) {
	for _, button := range []struct {
		verb  string
		label i18n.Key
	}{{verbApprove, i18n.ButtonApprove}, {verbDeny, i18n.ButtonDeny}} {
		offers = append(offers, Offer{Label: say.Say(button.label, nil), Action: store.Action{
			Verb: button.verb, Run: a.Run, MeetingID: a.MeetingID, Command: strconv.FormatInt(a.ID, 10), Expires: a.End.Add(promptLife),
		}})
	}
	return offers
}

// request sends a wish to the administrators, if a limit is still in its way.
func (b *approvalButtons) request(ctx context.Context, in interaction) Reply {
	if b.approvals.channel == "" {
		return staleButton(in)
	}
	if b.reasons.ask(ctx, in, i18n.ReasonRequestTitle, i18n.ReasonRequestSubmit) {
		return Reply{Tone: Asking, Said: true}
	}
	in, found, refusal, ok := b.finder.toExtend(ctx, in)
	if !ok {
		return refusal
	}
	now, reply, ok := b.unmoved(ctx, in, in.action.Run, found.ID, in.action)
	if !ok {
		return reply
	}
	left, err := b.approvals.extender.Left(ctx, in.action.Run, in.actor())
	switch {
	case err != nil:
		return b.refusals.notWritten(ctx, in, err)
	case in.action.Minutes <= left.AtOnce: // the limit was raised
		return b.within(ctx, in, now)
	}
	return b.ask(ctx, in, now, left)
}

// within says that nobody need be asked any more. What the room's next booking leaves, nobody can change.
func (b *approvalButtons) within(ctx context.Context, in interaction, now meeting.Meeting) Reply {
	if left := b.further.of(ctx, in.action.Run, now, in.actor()); left.By == extension.LimitRoom && left.AtOnce < in.action.Minutes {
		return b.further.booked(in, now, left)
	}
	command := extendCommand(now.ID, in.action.Minutes)
	reply := in.reply(Telling, i18n.ApprovalWithin, i18n.ApprovalWithinNext, i18n.Data{
		"Count": in.action.Minutes, "Meeting": in.named(now), "Command": in.typed(command.String()),
	})
	reply.Heading = headingOf(in.sight, now)
	reply.Offers = []Offer{offerMinutes(in.say.Say(i18n.ButtonNow, nil), in.action.Run, now.ID, in.action.Minutes, now.End)}
	return reply
}

func (b *approvalButtons) ask(ctx context.Context, in interaction, now meeting.Meeting, left extension.Left) Reply {
	if reply, lost := b.refusals.lost(ctx, in); lost {
		return reply
	}
	beyond := left.By
	if in.action.Minutes > b.limits.MaxMinutes && left.AtOnce > 0 {
		beyond = ""
	}
	asked, fresh, err := b.approvals.store.Ask(ctx, store.Approval{
		Envelope: in.from.envelope, Run: in.action.Run, MeetingID: now.ID, Host: now.HostUUID, Room: now.RoomID,
		Subject: extension.SubjectOf(now), End: now.End, Minutes: in.action.Minutes,
		Actor: in.actor(), AskedIn: in.from.Channel, Reason: in.from.reasoned.reason, Beyond: beyond,
	}, approvalClaim)
	if err != nil {
		return b.refusals.notWritten(ctx, in, err)
	}
	if fresh || asked.Card.Timestamp == "" {
		asked = b.approvals.follow(ctx, asked)
	}
	if asked.State != store.ApprovalAsked { // it cannot be shown to anybody, or the envelope is repeated
		reply, _ := b.approvals.told(ctx, asked, now)
		reply.Said = asked.Told == stageOf(asked)
		return reply
	}
	key := i18n.ApprovalSent
	switch {
	case asked.Card.Timestamp == "":
		key = i18n.ApprovalDelayed
	case asked.Envelope != in.from.envelope:
		key = i18n.ApprovalSentBefore
	}
	reply := in.reply(Waiting, key, i18n.ApprovalSentNext, i18n.Data{"Count": asked.Minutes, "Meeting": in.named(now)})
	reply.Heading = headingOf(in.sight, now)
	reply.Replaces = true
	return reply
}

// unmoved reads a meeting as it is now; false if its run is over, or its end is no longer that of the button.
func (b *approvalButtons) unmoved(ctx context.Context, in interaction, run, id string, action *store.Action) (meeting.Meeting, Reply, bool) {
	now, err := b.approvals.extender.Look(ctx, id)
	switch {
	case missing(err), err == nil && extension.RunOf(now) != run:
		return now, overForButton(in), false
	case err != nil:
		return now, b.refusals.serviceFailed(ctx, in, err), false
	case !now.End.Equal(action.OfferedEnd):
		reply := b.further.moved(ctx, in, now)
		if now.Extendable { // for the end as it is now
			reply.Offers = append(reply.Offers, offerWish(in.say, now, action.Minutes))
		}
		return now, reply, false
	case !now.Extendable: // an approval changes nothing about that
		return now, b.further.unknownPassword(ctx, in, now), false
	}
	if awaited := b.further.awaited(ctx, run, now.End); awaited.ID != 0 {
		return now, b.further.awaits(in, now, awaited), false
	}
	return now, Reply{}, true
}

func (b *approvalButtons) approve(ctx context.Context, in interaction) Reply {
	row, reply, ok := b.undecided(ctx, in)
	if !ok {
		return reply
	}
	now, err := b.approvals.extender.Look(ctx, row.MeetingID)
	switch {
	case missing(err), err == nil && extension.RunOf(now) != row.Run:
		return b.decide(ctx, in, row, store.ApprovalExpired)
	case err != nil:
		return b.refusals.serviceFailed(ctx, in, err)
	case !now.End.Equal(row.End):
		return b.decide(ctx, in, row, store.ApprovalMoved)
	}
	if awaited := b.further.awaited(ctx, row.Run, now.End); awaited.ID != 0 { // approved now, it would be refused
		return b.further.awaits(in, now, awaited)
	}
	verdict, err := b.approvals.gate.Authorise(ctx, row.Actor.User, row.AskedIn, now)
	switch {
	case err != nil:
		return b.refusals.denied(in, access.LookupFailed)
	case !verdict.Allowed:
		return b.decide(ctx, in, row, store.ApprovalLapsed)
	}
	return b.decide(ctx, in, row, store.Approved)
}

func (b *approvalButtons) deny(ctx context.Context, in interaction) Reply {
	row, reply, ok := b.undecided(ctx, in)
	if !ok {
		return reply
	}
	if b.reasons.ask(ctx, in, i18n.ReasonDenyTitle, i18n.ReasonDenySubmit) {
		return Reply{Tone: Asking, Said: true}
	}
	now, err := b.approvals.extender.Look(ctx, row.MeetingID)
	if missing(err) || err == nil && extension.RunOf(now) != row.Run {
		return b.decide(ctx, in, row, store.ApprovalExpired)
	}
	return b.decide(ctx, in, row, store.ApprovalDenied)
}

// undecided finds the approval of a button that this person may decide.
func (b *approvalButtons) undecided(ctx context.Context, in interaction) (store.Approval, Reply, bool) {
	id, _ := strconv.ParseInt(in.action.Command, 10, 64)
	row, err := b.approvals.store.Approval(ctx, id)
	switch {
	case errors.Is(err, store.ErrNoApproval):
		return row, staleButton(in), false
	case err != nil:
		return row, b.refusals.notWritten(ctx, in, err), false
	case row.State != store.ApprovalAsked:
		return row, b.stands(ctx, in, row), false
	case in.is(row.Actor) || in.subject.Is(row.Actor.User):
		return row, in.reply(Refusal, i18n.ApprovalOwn, i18n.ApprovalOwnNext, i18n.Data{"Whom": b.refusals.whom(in)}), false
	}
	return row, Reply{}, true
}

// decide decides once, and has the card and the one who asked follow.
func (b *approvalButtons) decide(ctx context.Context, in interaction, row store.Approval, to store.ApprovalState) Reply {
	if reply, lost := b.refusals.lost(ctx, in); lost {
		return reply
	}
	var by extension.Actor
	if to == store.Approved || to == store.ApprovalDenied {
		by = in.actor()
	}
	decided, won, err := b.approvals.store.Decide(ctx, row.ID, to, by, in.from.reasoned.reason, approvalClaim)
	if err != nil {
		return b.refusals.notWritten(ctx, in, err)
	}
	if won {
		decided = b.approvals.follow(ctx, decided)
	}
	reply := b.stands(ctx, in, decided)
	if won && by == in.actor() {
		reply.Over.done.Outcome = extension.OutTold
	}
	return reply
}

// stands says how an approval stands. Who decided it reads that on the card.
func (b *approvalButtons) stands(ctx context.Context, in interaction, row store.Approval) Reply {
	m, err := b.approvals.extender.Find(meeting.Looking(ctx), row.MeetingID)
	if err != nil || extension.RunOf(m) != row.Run {
		m = meeting.Meeting{ID: row.MeetingID, People: -1}
	}
	words := b.approvals.words(ctx, row, m)
	words.say, words.zone, words.sight = in.say, in.zone, access.Sight{}
	if sighted := b.finder.sighted(ctx, in, m); in.verdict.SeesAll {
		words.sight = sighted.sight
	}
	reply := words.card()
	reply.Offers = nil
	reply.Own = in.is(row.By)
	reply.Said = reply.Own && row.Card.Shown == stageOf(row)
	reply.Over.done = extension.Done{ // who comes second, or too late
		Meeting: row.MeetingID, Minutes: row.Minutes, From: row.End, Outcome: extension.OutExpired, Reason: string(row.State),
	}
	return reply
}
