package bot

import (
	"maps"
	"sync"
	"time"
)

const (
	claimFor   = 15 * time.Second // of an envelope; a living worker renews it
	renewEvery = 5 * time.Second
)

// claims are the envelopes that this process works on, and since when it has held each claim.
type claims struct {
	mu   sync.Mutex
	held map[string]time.Time
	// told are those that were answered while the store did not take the note of it, and whether a second answer
	// follows. They must not be done now: perhaps their answer is "I did nothing".
	told map[string]bool
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

// all are the envelopes that are worked on here, or were answered here.
func (c *claims) all() map[string]bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	all := make(map[string]bool, len(c.held)+len(c.told))
	for id := range c.held {
		all[id] = true
	}
	for id := range c.told {
		all[id] = true
	}
	return all
}

// answered says that an envelope was answered, and whether the store has taken a note of that.
func (c *claims) answered(id string, pending, noted bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if noted {
		delete(c.told, id)
	} else {
		c.told[id] = pending
	}
}

// due lists the claims that want to be renewed, and the answers that are still to be noted. What is done at once costs
// no renewal.
func (c *claims) due() (ageing []string, unnoted map[string]bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for id, since := range c.held {
		if time.Since(since) >= renewEvery {
			ageing = append(ageing, id)
		}
	}
	return ageing, maps.Clone(c.told)
}
