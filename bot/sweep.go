package bot

import (
	"context"
	"log/slog"
	"time"

	"github.com/overtime-bot/overtime/scheduler/store"
)

const (
	sweepEvery = time.Second
	sweepTake  = 64 // envelopes at once
)

// renew renews the claims of envelopes that wait or are worked on, and notes the answers that could not be noted.
func (i *Inbox) renew(ctx context.Context) {
	ageing, unnoted := i.claims.due()
	if len(ageing) > 0 {
		asked := time.Now()
		renewing, cancel := context.WithTimeout(ctx, storePatience)
		defer cancel()
		renewed, err := i.envelopes.ExtendClaims(renewing, i.owner, ageing, claimFor)
		switch {
		case err == nil && renewed == len(ageing): // else nobody knows which of them are lost
			i.claims.renewed(ageing, asked)
		case err != nil && ctx.Err() == nil:
			i.logger.WarnContext(ctx, "claims in the inbox could not be renewed", "error", err)
		}
	}
	i.note(ctx, unnoted)
}

// sweep takes over the envelopes of workers that died.
func (i *Inbox) sweep(ctx context.Context) {
	taken, err := i.envelopes.TakeEnvelopes(ctx, i.owner, claimFor, sweepTake)
	if err != nil && ctx.Err() == nil {
		i.logger.WarnContext(ctx, "the inbox could not be looked through", "error", err)
	}
	for _, envelope := range taken {
		i.takeOver(ctx, envelope)
	}
}

// takeOver queues an envelope that another worker left undone. At the end it is left to the next process. One that this
// process works on or has answered is in good hands: the store may hear of that late.
func (i *Inbox) takeOver(ctx context.Context, envelope store.Envelope) {
	if ctx.Err() != nil || i.claims.knows(envelope.ID) {
		return
	}
	defer func() {
		if value := recover(); value != nil {
			logPanic(ctx, i.logger, "a command panicked", value, "envelope", envelope.ID)
		}
	}()
	i.logger.InfoContext(ctx, "an envelope that was left undone is taken over", "envelope", envelope.ID)
	if envelope.Payload == nil {
		i.logger.ErrorContext(ctx, "an envelope was left undone for so long that nobody can be answered", "envelope", envelope.ID)
		i.noteAnswered(ctx, envelope.ID, false)
		logOver(ctx, i.logger, time.Now(), sender{kind: envelope.Type}, "", Reply{Tone: Failed, Over: i.desk.unanswered(ctx, envelope.ID)})
		return
	}
	// By the database's clock alone: this machine's may differ.
	leftFor := envelope.ClaimedUntil.Add(-claimFor).Sub(envelope.Stored)
	if envelope.Type == eventKind { // and it may have come late
		if read, err := readEvent(envelope.Payload); err == nil {
			leftFor = max(leftFor, read.age(i.now()))
		}
	}
	i.accept(ctx, job{
		id: envelope.ID, kind: envelope.Type, payload: envelope.Payload, arrived: time.Now(), takenOver: true,
		concluded: envelope.Concluded, leftFor: leftFor,
	})
}

// every does something at once, and again and again until ctx ends. A panic costs one time.
func (i *Inbox) every(ctx context.Context, pause time.Duration, what string, do func(context.Context)) {
	every(ctx, i.logger, pause, what, do)
}

func every(ctx context.Context, logger *slog.Logger, pause time.Duration, what string, do func(context.Context)) {
	ticker := time.NewTicker(pause)
	defer ticker.Stop()
	once := func() {
		defer func() {
			if value := recover(); value != nil {
				logPanic(ctx, logger, what+" panicked", value)
			}
		}()
		do(ctx)
	}
	for ctx.Err() == nil {
		once()
		select {
		case <-ticker.C:
		case <-ctx.Done():
		}
	}
}
