package bot

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/overtime-bot/overtime/bot/i18n"
	"github.com/overtime-bot/overtime/bot/socket"
	"github.com/overtime-bot/overtime/scheduler/store"
)

// Inbox keeps envelopes from their arrival until they are answered, so that a repeated one is done once.
type Inbox interface {
	// StoreEnvelope says false where the envelope is there already, and answered or being worked on.
	StoreEnvelope(ctx context.Context, envelope store.Envelope, owner string, claimFor time.Duration) (fresh bool, err error)
	AnswerEnvelope(ctx context.Context, id string, keepPayload bool) error
	Envelope(ctx context.Context, id string) (store.Envelope, error)
	// TakeEnvelopes takes over those whose worker died, and ExtendClaims says that one lives.
	TakeEnvelopes(ctx context.Context, owner string, claimFor time.Duration, limit int) ([]store.Envelope, error)
	ExtendClaims(ctx context.Context, owner string, ids []string, claimFor time.Duration) error
	// PutActions and Action keep what buttons stand for.
	PutActions(ctx context.Context, actions []store.Action) error
	Action(ctx context.Context, id string) (store.Action, error)
}

const (
	storePatience = 2 * time.Second // then the envelope is acked all the same, and the person told
	writePatience = 5 * time.Second // for noting that an answer was sent
)

// job is one envelope to be worked on.
type job struct {
	id       string
	kind     string
	payload  json.RawMessage
	arrived  time.Time
	turnAway i18n.Key // set: say this, do nothing
	next     i18n.Key
	word     *word // what the person reads if this takes long; nil for one that is turned away

	takenOver bool          // from a worker that died
	leftFor   time.Duration // since it was stored, when it was taken over
}

const (
	commandKind     = "slash_commands"
	interactiveKind = "interactive"
)

// Receive writes the envelope down and hands it to a worker; the socket acks when it returns. Whatever the store
// does, that is within two seconds or so, and the person is told. Only when there are too many even to be turned
// away it waits, without an ack: then Slack itself tells the person that the command failed.
func (b *Bot) Receive(ctx context.Context, envelope socket.Envelope) json.RawMessage {
	if envelope.Type != commandKind && envelope.Type != interactiveKind {
		b.logger.DebugContext(ctx, "an envelope of a kind that is not used", "type", envelope.Type)
		return nil
	}
	arrival := job{id: envelope.ID, kind: envelope.Type, payload: envelope.Payload, arrived: time.Now()}
	storing, cancel := context.WithTimeout(ctx, storePatience)
	defer cancel()
	fresh, err := b.config.Inbox.StoreEnvelope(storing, store.Envelope{
		ID: envelope.ID, Type: envelope.Type, Payload: envelope.Payload,
	}, b.owner, claimFor)
	switch {
	case err != nil && b.claims.holds(envelope.ID):
		b.logger.WarnContext(ctx, "a repeated envelope was dropped, which could not be stored", "envelope", envelope.ID, "error", err)
	case err != nil:
		b.logger.ErrorContext(ctx, "an envelope could not be stored; its command is turned away", "envelope", envelope.ID, "error", err)
		arrival.turnAway, arrival.next = i18n.NotWritten, i18n.NotWrittenNext
		b.enqueue(ctx, b.turnedAway, arrival)
	case fresh:
		b.accept(ctx, arrival)
	default:
		b.logger.InfoContext(ctx, "a repeated envelope was dropped", "envelope", envelope.ID, "attempt", envelope.RetryAttempt)
	}
	return nil
}

// accept queues a job, or turns it away when more wait than can be served in time. One that was taken over is left to
// the next sweep then: something may have been done for it.
func (b *Bot) accept(ctx context.Context, arrival job) {
	b.claims.hold(arrival.id)
	arrival.word = b.firstWord(ctx, arrival)
	select {
	case b.jobs <- arrival:
	default:
		arrival.word.stop()
		arrival.word = nil
		if arrival.takenOver {
			b.claims.drop(arrival.id)
			return
		}
		b.logger.WarnContext(ctx, "too many commands wait; one is turned away", "envelope", arrival.id)
		arrival.turnAway, arrival.next = i18n.Overloaded, i18n.NotWrittenNext
		b.enqueue(ctx, b.turnedAway, arrival)
	}
}

func (b *Bot) enqueue(ctx context.Context, queue chan<- job, arrival job) {
	select {
	case queue <- arrival:
	case <-ctx.Done():
		b.logger.ErrorContext(ctx, "a command was left unanswered at the end", "envelope", arrival.id)
	}
}

// answered notes that the person has read an answer. The note must not be cut off by a caller who left.
func (b *Bot) answered(ctx context.Context, done job, pending bool) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), writePatience)
	defer cancel()
	err := b.config.Inbox.AnswerEnvelope(ctx, done.id, pending)
	if err == nil || errors.Is(err, store.ErrNoEnvelope) { // one that was not stored is turned away once and for all
		b.claims.noted(done.id)
		return
	}
	b.claims.tell(done.id, pending)
	b.logger.ErrorContext(ctx, "an answer was sent, but that was not written down; it will be", "envelope", done.id, "error", err)
}
