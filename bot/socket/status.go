package socket

import "time"

// Ready is closed when the first socket is live.
func (c *Client) Ready() <-chan struct{} { return c.ready }

// Live is the number of sockets past their hello. It is more than Config.Connections while one is
// being replaced.
func (c *Client) Live() int {
	live, _ := c.liveConnections()
	return len(live)
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
