package scheduler

import "sync"

// changedRuns are runs about which something has changed since their messages were written.
type changedRuns struct {
	mu   sync.Mutex
	runs map[string]change
	wake chan struct{}
}

type change struct {
	meetingID string
	act       bool // a wish may ask for something to be done: that does not wait for the next look
}

func (c *changedRuns) add(run, meetingID string, act bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.runs[run] = change{meetingID: meetingID, act: act || c.runs[run].act}
	select {
	case c.wake <- struct{}{}:
	default:
	}
}

func (c *changedRuns) take() map[string]change {
	c.mu.Lock()
	defer c.mu.Unlock()
	taken := c.runs
	c.runs = make(map[string]change)
	return taken
}
