package bot

import (
	"context"
	"maps"
	"runtime/debug"
	"sync"
	"time"

	"github.com/overtime-bot/overtime/scheduler/store"
)

const (
	claimFor   = 15 * time.Second // of an envelope; a living worker renews it
	renewEvery = 5 * time.Second
	sweepEvery = 3 * time.Second
	sweepTake  = 64 // envelopes at once
)

// claims are the envelopes that this process works on, and since when it has held each claim.
type claims struct {
	mu   sync.Mutex
	held map[string]time.Time
	// told are those that were answered while the store did not take the note of it, and whether a second answer
	// follows. They must not be done any more: "I did nothing" may be what was told.
	told map[string]bool
}

func newClaims() *claims {
	return &claims{held: make(map[string]time.Time), told: make(map[string]bool)}
}

func (c *claims) tell(id string, pending bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.told[id] = pending
}

func (c *claims) noted(id string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.told, id)
}

// unnoted is a copy of what was told and not noted.
func (c *claims) unnoted() map[string]bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return maps.Clone(c.told)
}

func (c *claims) hold(id string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.held[id] = time.Now()
}

func (c *claims) drop(id string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.held, id)
}

// holds says that the envelope is worked on here, or was answered here.
func (c *claims) holds(id string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	_, held := c.held[id]
	_, told := c.told[id]
	return held || told
}

// ageing lists the claims of what takes its time. What is done at once costs no renewal.
func (c *claims) ageing() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	var ids []string
	for id, since := range c.held {
		if time.Since(since) >= renewEvery {
			ids = append(ids, id)
		}
	}
	return ids
}

// keepClaims renews the claims of envelopes that wait or are worked on, until ctx ends.
func (b *Bot) keepClaims(ctx context.Context) {
	b.every(ctx, renewEvery, "renewing claims", func() {
		b.renewClaims(ctx)
		for id, pending := range b.claims.unnoted() {
			b.answered(ctx, job{id: id}, pending)
		}
	})
}

func (b *Bot) renewClaims(ctx context.Context) {
	ids := b.claims.ageing()
	if len(ids) == 0 {
		return
	}
	renewing, cancel := context.WithTimeout(ctx, storePatience)
	defer cancel()
	if err := b.config.Inbox.ExtendClaims(renewing, b.owner, ids, claimFor); err != nil && ctx.Err() == nil {
		b.logger.WarnContext(ctx, "claims in the inbox could not be renewed", "error", err)
	}
}

// sweep takes over the envelopes of workers that died, until ctx ends.
func (b *Bot) sweep(ctx context.Context) {
	b.every(ctx, sweepEvery, "the sweep", func() { b.sweepOnce(ctx) })
}

func (b *Bot) sweepOnce(ctx context.Context) {
	taken, err := b.config.Inbox.TakeEnvelopes(ctx, b.owner, claimFor, sweepTake)
	if err != nil && ctx.Err() == nil {
		b.logger.WarnContext(ctx, "the inbox could not be looked through", "error", err)
	}
	for _, envelope := range taken {
		b.takeOver(ctx, envelope)
	}
}

// takeOver queues an envelope that another worker left undone. At the end it is left to the next process; and one
// that is in the hands of this process, which could not renew its claim, is in good hands.
func (b *Bot) takeOver(ctx context.Context, envelope store.Envelope) {
	if ctx.Err() != nil || b.claims.holds(envelope.ID) {
		return
	}
	arrival := job{
		id: envelope.ID, kind: envelope.Type, payload: envelope.Payload, arrived: time.Now(),
		// By the database's clock alone: that of this machine may differ.
		leftFor: envelope.ClaimedUntil.Add(-claimFor).Sub(envelope.Stored), takenOver: true,
	}
	defer func() {
		if value := recover(); value != nil {
			b.panicked(ctx, arrival, value)
		}
	}()
	b.logger.InfoContext(ctx, "an envelope that was left undone is taken over", "envelope", envelope.ID)
	if envelope.Payload == nil {
		b.logger.ErrorContext(ctx, "an envelope was left undone for so long that nobody can be answered", "envelope", envelope.ID)
		b.answered(ctx, arrival, false)
		return
	}
	b.accept(ctx, arrival)
}

// every does something at once and then again and again until ctx ends. A panic costs one time.
func (b *Bot) every(ctx context.Context, pause time.Duration, what string, do func()) {
	ticker := time.NewTicker(pause)
	defer ticker.Stop()
	for ctx.Err() == nil {
		b.survive(ctx, what, do)
		select {
		case <-ticker.C:
		case <-ctx.Done():
		}
	}
}

func (b *Bot) survive(ctx context.Context, what string, do func()) {
	defer func() {
		if value := recover(); value != nil {
			b.logger.ErrorContext(ctx, what+" panicked", "panic", describePanic(value), "stack", string(debug.Stack()))
		}
	}()
	do()
}
