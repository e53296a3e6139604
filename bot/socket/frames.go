package socket

import (
	"log/slog"
	"slices"
	"time"

	"github.com/gorilla/websocket"
	"github.com/slack-go/slack"
)

// Reasons for which Slack disconnects:
// https://docs.slack.dev/apis/events-api/using-socket-mode/#disconnect
const (
	reasonWarning      = "warning"             // about 10 s before it closes the socket
	reasonRefresh      = "refresh_requested"   // now
	reasonLinkDisabled = "link_disabled"       // Socket Mode was switched off
	reasonTooMany      = "too_many_websockets" // more than 10 sockets of the app
	reasonExpiring     = "expiring"            // ours: the time that Slack announced is nearly over
)

func (s *connection) handleFrame(kind int, frame []byte) {
	if kind != websocket.TextMessage {
		s.garbage("binary", "a binary frame", slog.Int("bytes", len(frame)))
		return
	}
	parsed, err := parseMessage(frame)
	named := slog.String("type", parsed.Type[:min(len(parsed.Type), 64)])
	switch {
	case err != nil: // its text may quote the frame
		s.garbage("not_json", "a frame that is not a JSON message", slog.Int("bytes", len(frame)))
	case parsed.Type == "hello" && s.isLive():
		s.garbage("second_hello", "a second hello", slog.Int("num_connections", parsed.hello().Connections))
	case parsed.Type == "hello":
		s.handleHello(parsed.hello())
	case parsed.Type == "disconnect":
		s.handleDisconnect(unquote(parsed.Reason))
	case parsed.EnvelopeID == "" || len(parsed.EnvelopeID) > maxIDBytes:
		s.garbage("no_envelope_id", "a message without a usable envelope_id", named)
	default:
		s.gotEnvelope.Store(true)
		known := slices.Contains([]string{"slash_commands", "interactive", "events_api"}, parsed.Type)
		if known {
			s.client.observe(Event{Kind: EventEnvelope, Socket: s.number, Detail: parsed.Type})
		} else {
			s.garbage("unknown_type", "an envelope of an unknown type is acked and left alone", named)
		}
		s.client.dispatch(s, parsed.envelope(), known)
	}
}

// garbage logs each kind once a socket, so that a flood does not fill the log.
func (s *connection) garbage(kind, text string, detail slog.Attr) {
	s.client.observe(Event{Kind: EventGarbage, Socket: s.number, Detail: kind})
	if s.garbageKinds[kind] {
		return
	}
	s.garbageKinds[kind] = true
	s.logger.Warn("on the socket: "+text, detail)
}

func (s *connection) handleHello(hello Hello) {
	s.helloAt = time.Now()
	s.logger.Info("socket live", "num_connections", hello.Connections,
		"approximate_connection_time", hello.ConnectionTime, "host", hello.Host, "app_id", hello.AppID)
	s.client.becameLive(s, hello)
	close(s.live)
	if life := s.life(hello.ConnectionTime); life > 0 {
		s.expiry = time.AfterFunc(life, func() { s.askForReplacement(reasonExpiring) })
	}
	s.client.observe(Event{Kind: EventLive, Socket: s.number, Duration: s.helloAt.Sub(s.started)})
}

// life is how long we keep the socket: the time that Slack announced, less a lead that is longer for
// each further socket, so that they do not all go at once. 0 = until Slack asks for it.
func (s *connection) life(announced time.Duration) time.Duration {
	config := s.client.config
	life := announced - config.RefreshBefore - time.Duration(s.number)*config.RefreshStagger
	if life < announced/2 { // a short life (360 s while debugging): stagger around its middle
		life = announced/2 - announced*time.Duration(s.number)/time.Duration(4*config.Connections)
	}
	if life < config.HealthyAfter {
		return 0
	}
	return life
}

func (s *connection) handleDisconnect(reason string) {
	switch reason {
	case reasonLinkDisabled:
		s.logger.Error("Slack closes the socket for good", "reason", reason)
		s.client.fail(newFatalError(slack.SlackErrorResponse{Err: reason}))
	case reasonWarning, reasonRefresh, reasonTooMany:
		s.logger.Info("Slack asks for the socket back", "reason", reason)
	default:
		s.garbage("unknown_disconnect", "a disconnect for an unknown reason",
			slog.String("reason", reason[:min(len(reason), 64)]))
		reason = "disconnect"
	}
	s.askForReplacement(reason)
}

// becameLive registers a socket as live and wakes the acks that wait for one.
func (c *Client) becameLive(s *connection, hello Hello) {
	c.mu.Lock()
	c.connections[s] = true
	close(c.liveChanged)
	c.liveChanged = make(chan struct{})
	own := max(len(c.connections), c.config.Connections) // one of ours may be counted there and not yet known here
	strangers := max(hello.Connections-own, 0)
	changed := strangers != c.strangers
	c.strangers = strangers
	c.mu.Unlock()
	c.readyOnce.Do(func() { close(c.ready) })
	if changed && strangers > 0 {
		c.logger.Warn("other processes hold sockets of this app and get a share of its commands: "+
			"another replica, a forgotten development machine, or what an unclean end left behind",
			"others", strangers, "num_connections", hello.Connections)
	}
}
