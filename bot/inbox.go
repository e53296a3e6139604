package bot

import (
	"context"
	"encoding/json"
	"log/slog"
	"time"

	"github.com/overtime-bot/overtime/bot/grammar"
	"github.com/overtime-bot/overtime/bot/i18n"
	"github.com/overtime-bot/overtime/bot/socket"
	"github.com/overtime-bot/overtime/scheduler/extension"
)

// answerer works answers out. *Desk is one.
type answerer interface {
	answer(ctx context.Context, from sender) (Reply, grammar.Verb)
	resume(ctx context.Context, from sender, may allowance) (Reply, grammar.Verb)
	turnAway(ctx context.Context, from sender, text, next i18n.Key) Reply
	promised(ctx context.Context, from sender, extensionID int64) (Reply, bool)
	settled(ctx context.Context, from sender, notice extension.Notice) Reply
	unanswered(ctx context.Context, envelope string) outcomeLine
}

// Inbox takes envelopes from the sockets, has the desk work out the answers, and sends them. It is a socket.Receiver.
// It is also the extension.Notifier of those who asked: an envelope is done with its second answer.
type Inbox struct {
	envelopes EnvelopeStore
	desk      answerer
	views     viewer
	messenger *messenger
	notes     *workingNotes
	homes     *homes
	observe   func(verb grammar.Verb, tone Tone, took time.Duration)
	logger    *slog.Logger

	owner      string // of this process's claims
	now        func() time.Time
	workers    int
	jobs       chan job
	turnedAway chan job
	claims     *claims
	unheard    undelivered
}

// Receive writes the envelope down and hands it to a worker. The socket acks when it returns, within about two seconds
// whatever the store does. Only if there are too many even to turn them away it waits, without an ack: then Slack itself
// tells the person that the command failed.
func (i *Inbox) Receive(ctx context.Context, envelope socket.Envelope) json.RawMessage {
	arrival, wanted := i.arrivalOf(envelope)
	if !wanted {
		i.logger.DebugContext(ctx, "an envelope of a kind that is not used", "type", envelope.Type)
		return nil
	}
	if arrival.kind == interactiveKind {
		if options, answered := i.prepare(ctx, &arrival); answered {
			return options
		}
	}
	storing, cancel := context.WithTimeout(ctx, storePatience)
	defer cancel()
	fresh, err := i.envelopes.StoreEnvelope(storing, arrival.envelope(), i.owner, claimFor)
	var decided decision
	if err == nil { // also of a repeat: the ack of the first may be lost
		decided = i.decided(ctx, arrival, envelope.AcceptsResponsePayload)
		arrival.decided = decided.final
	}
	switch {
	case err != nil && i.claims.knows(arrival.id):
		i.logger.WarnContext(ctx, "a repeated envelope was dropped, which could not be stored", "envelope", arrival.id, "error", err)
	case err != nil:
		i.logger.ErrorContext(ctx, "an envelope could not be stored; its command is turned away", "envelope", arrival.id, "error", err)
		i.claims.hold(arrival.id, time.Time{})
		i.turnAway(ctx, arrival, i18n.NotWritten)
	case fresh && i.claims.knows(arrival.id):
		i.logger.InfoContext(ctx, "a repeated envelope was dropped, which was turned away", "envelope", arrival.id)
	case fresh:
		i.accept(ctx, arrival)
	default:
		i.logger.InfoContext(ctx, "a repeated envelope was dropped", "envelope", arrival.id, "attempt", envelope.RetryAttempt)
	}
	return decided.payload
}

// arrivalOf makes a job of an envelope; false if the bot has no use for it. The retries of an event come in envelopes of
// their own, and count from the time of the event.
func (i *Inbox) arrivalOf(envelope socket.Envelope) (job, bool) {
	arrival := job{id: envelope.ID, kind: envelope.Type, payload: envelope.Payload, arrived: time.Now()}
	switch envelope.Type {
	case commandKind, interactiveKind:
		return arrival, true
	case eventKind:
		read, err := readEvent(envelope.Payload)
		arrival.id, arrival.leftFor = read.ID, read.age(i.now())
		return arrival, err == nil && read.isForUs()
	}
	return arrival, false
}

// accept queues a job, or turns it away if more wait than can be served in time. One that was taken over is then left to
// the next sweep: something may have been done for it.
func (i *Inbox) accept(ctx context.Context, arrival job) {
	i.claims.hold(arrival.id, arrival.arrived)
	arrival.stopNote = i.notes.start(ctx, arrival)
	select {
	case i.jobs <- arrival:
		return
	default:
	}
	arrival.stop()
	arrival.stopNote = nil
	if arrival.takenOver {
		i.claims.drop(arrival.id)
		return
	}
	i.logger.WarnContext(ctx, "too many commands wait; one is turned away", "envelope", arrival.id)
	i.turnAway(ctx, arrival, i18n.Overloaded)
}

// turnAway has a person told that nothing is done, and why; nobody where nobody asked, except in a Home that is not stored:
// no sweep finds that one later.
func (i *Inbox) turnAway(ctx context.Context, arrival job, why i18n.Key) {
	if from, err := arrival.sender(); err == nil && from.asksNothing() && (from.Event != homeEvent || why != i18n.NotWritten) {
		i.claims.drop(arrival.id)
		return
	}
	arrival.turnAway, arrival.next = why, i18n.NotWrittenNext
	select {
	case i.turnedAway <- arrival:
	case <-ctx.Done():
		i.logger.ErrorContext(ctx, "a command was left unanswered at the end", "envelope", arrival.id)
	}
}

// Changed says that something happened to a meeting: the Homes that show it follow.
func (i *Inbox) Changed() { i.homes.changed() }

// noteAnswered notes that the person has an answer; false if the store does not take that now. What cannot be noted now is noted with the next renewals.
func (i *Inbox) noteAnswered(ctx context.Context, id string, pending bool) (noted bool) {
	i.claims.answer(id)
	return i.note(ctx, map[string]bool{id: pending})
}

// note writes down that envelopes were answered. A caller who left must not cut it off.
func (i *Inbox) note(ctx context.Context, answers map[string]bool) (noted bool) {
	if len(answers) == 0 {
		return true
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), storePatience)
	defer cancel()
	err := i.envelopes.AnswerEnvelopes(ctx, answers)
	i.claims.noted(answers, err == nil)
	if err != nil {
		i.logger.ErrorContext(ctx, "answers were sent, but that was not written down; it will be", "envelopes", len(answers), "error", err)
	}
	return err == nil
}
