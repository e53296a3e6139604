package bot

import (
	"maps"
	"sync"
	"time"
)

const (
	claimFor      = 5 * time.Second // of an envelope; a living worker renews it
	renewEvery    = 1500 * time.Millisecond
	rememberedFor = 10 * time.Minute // that an envelope was answered here, at least
)

// claims are the envelopes that this process works on, and those that it has answered.
type claims struct {
	mu   sync.Mutex
	held map[string]claim
	// unnoted are those that were answered while the store did not take the note of it, and whether a second answer
	// follows.
	unnoted map[string]bool
	// answered, and before that older, are those that were answered in the last minutes. A repeat of one must not be done,
	// nor turned away: perhaps its answer is "I did nothing".
	answered, older map[string]bool
	turned          time.Time // when answered became older
}

// claim is what this process knows of its claim on one envelope.
type claim struct {
	since  time.Time // when it began
	lapses time.Time // until then nobody can have taken the envelope over; wall clock, as a machine that sleeps stops the other
}

func newClaims() *claims {
	return &claims{
		held: make(map[string]claim), unnoted: make(map[string]bool), answered: make(map[string]bool), turned: time.Now(),
	}
}

// hold says that an envelope is worked on here, and when its claim was asked for; zero if it has none.
func (c *claims) hold(id string, asked time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	held := claim{since: time.Now()}
	if !asked.IsZero() {
		held.lapses = asked.Round(0).Add(claimFor)
	}
	c.held[id] = held
}

func (c *claims) drop(id string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.held, id)
}

// renewed says that claims were renewed by a request that began at asked.
func (c *claims) renewed(ids []string, asked time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, id := range ids {
		if held, ok := c.held[id]; ok {
			held.lapses = asked.Round(0).Add(claimFor)
			c.held[id] = held
		}
	}
}

// lives says that the claim of an envelope certainly lives. Else another process may have taken the envelope over.
func (c *claims) lives(id string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return time.Now().Round(0).Before(c.held[id].lapses)
}

// knows says that the envelope is worked on here, or was answered here.
func (c *claims) knows(id string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	_, held := c.held[id]
	return held || c.answered[id] || c.older[id]
}

// answer remembers that an envelope is answered.
func (c *claims) answer(id string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.answered[id] = true
}

// noted says that the store has noted these answers, or has not.
func (c *claims) noted(answers map[string]bool, noted bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for id, pending := range answers {
		before, waits := c.unnoted[id]
		switch {
		case !noted:
			c.unnoted[id] = pending && (before || !waits) // the second answer is the last
		case waits && before == pending:
			delete(c.unnoted, id)
		}
	}
}

// due lists the claims that want to be renewed, and the answers that are still to be noted. What is done at once costs
// no renewal.
func (c *claims) due() (ageing []string, unnoted map[string]bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for id, held := range c.held {
		if !held.lapses.IsZero() && time.Since(held.since) >= renewEvery {
			ageing = append(ageing, id)
		}
	}
	if time.Since(c.turned) >= rememberedFor {
		c.older, c.answered, c.turned = c.answered, maps.Clone(c.unnoted), time.Now()
		for id := range c.answered {
			c.answered[id] = true
		}
	}
	return ageing, maps.Clone(c.unnoted)
}
