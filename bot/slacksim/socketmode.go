package slacksim

// SocketModeOff is how Slack treats an app whose Socket Mode is switched off. Its documentation does not say what
// apps.connections.open answers then, so that an app has to cope with each of these.
type SocketModeOff string

// The ways.
const (
	// TurnsAway gives an address; the socket gets a disconnect, link_disabled, instead of hello.
	TurnsAway SocketModeOff = "turns away"
	// Refuses answers apps.connections.open with an error.
	Refuses SocketModeOff = "refuses"
	// Warns gives an address with a warning; the socket gets its hello, and then nothing. That is what people have reported.
	Warns SocketModeOff = "warns"
)

const socketModeWarning = "[WARN] Socket Mode is not turned on."

// SetSocketMode is the switch in the app's settings. While it is off, Slack turns sockets away.
func (s *Server) SetSocketMode(on bool) {
	off := TurnsAway
	if on {
		off = ""
	}
	s.SwitchOff(off)
}

// SwitchOff switches Socket Mode off in one of the ways.
func (s *Server) SwitchOff(off SocketModeOff) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sockets.off = off
}
