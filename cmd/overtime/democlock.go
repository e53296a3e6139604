package main

import (
	"sync"
	"time"

	"github.com/overtime-bot/overtime/scheduler/extension"
)

// demoClock is the machine's clock, which a person can move forward. That wakes whatever waits by it.
type demoClock struct {
	mu    sync.Mutex
	ahead time.Duration
	moved chan struct{}
}

// Now is the demo's time.
func (c *demoClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return time.Now().Add(c.ahead)
}

// reset goes back to the machine's own time. What waits by the clock has ended by then.
func (c *demoClock) reset() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ahead = 0
}

// Forward moves the clock forward.
func (c *demoClock) Forward(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ahead += d
	close(c.moved)
	c.moved = make(chan struct{})
}

// Moved returns the channel that the next Forward closes.
func (c *demoClock) Moved() <-chan struct{} {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.moved
}

// clock is the clock as the bot's parts take it.
func (c *demoClock) clock() extension.Clock { return extension.Clock{Now: c.Now, Moved: c.Moved} }
