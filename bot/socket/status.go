package socket

import "time"

// Status is a snapshot for readiness pages and the doctor.
type Status struct {
	Wanted    int       // sockets that are to be kept open
	Live      int       // sockets past their hello; more than Wanted while one is being replaced
	LastFrame time.Time // when anything was last heard on any socket; zero = never
	Hello     Hello     // the latest hello; zero = none yet
}

// Ready is closed when the first socket is live.
func (c *Client) Ready() <-chan struct{} { return c.ready }

// Live is the number of sockets past their hello.
func (c *Client) Live() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.countLive()
}

// LastFrame is when anything (a message, a ping, a pong) was last heard on any socket, by the
// machine's clock; zero = never.
func (c *Client) LastFrame() time.Time {
	nanoseconds := c.lastFrame.Load()
	if nanoseconds == 0 {
		return time.Time{}
	}
	return time.Unix(0, nanoseconds)
}

// Status is all of it at once.
func (c *Client) Status() Status {
	lastFrame := c.LastFrame()
	c.mu.Lock()
	defer c.mu.Unlock()
	return Status{Wanted: c.config.Connections, Live: c.countLive(), LastFrame: lastFrame, Hello: c.hello}
}

func (c *Client) countLive() int {
	live := 0
	for _, isLive := range c.connections {
		if isLive {
			live++
		}
	}
	return live
}
