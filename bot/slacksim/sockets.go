package slacksim

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"
)

// Close codes of RFC 6455 that the stand-in sends.
const (
	closeNormal      = websocket.CloseNormalClosure
	closeGoingAway   = websocket.CloseGoingAway
	closeUnsupported = websocket.CloseUnsupportedData
	closePolicy      = websocket.ClosePolicyViolation
	closeTooBig      = websocket.CloseMessageTooBig
)

const (
	writeTimeout = 5 * time.Second
	closeTimeout = time.Second
	ticketLife   = time.Minute
	debugLife    = 6 * time.Minute // of a socket with debug_reconnects=true
)

// Closing is how one socket ended. Code is what the client's Close frame said, 1006 if it sent none.
type Closing struct {
	Socket int
	Code   int
	Text   string
	Clean  bool // the client sent a Close frame
}

// socketTable is the app's connections and the tickets for more.
type socketTable struct {
	tickets  map[string]time.Time // until when, in real time
	live     []*socket
	serial   int
	off      SocketModeOff // "" while Socket Mode is on in the app's settings
	closings []Closing
}

func (t *socketTable) all() []*socket { return slices.Clone(t.live) }

// ticket makes a one-shot ticket, and forgets those that have run out.
func (t *socketTable) ticket(now time.Time) string {
	for ticket, until := range t.tickets {
		if now.After(until) {
			delete(t.tickets, ticket)
		}
	}
	ticket := newUUID()
	t.tickets[ticket] = now.Add(ticketLife)
	return ticket
}

// socket is one connection of the app.
type socket struct {
	id      int
	server  *Server
	conn    *websocket.Conn
	wire    *wire
	life    time.Duration
	writing sync.Mutex
	heard   atomic.Int64         // when the client last gave a sign of life, in nanoseconds
	unacked map[string]*envelope // guarded by the server's mu
}

// Sockets is the number of live sockets of the app.
func (s *Server) Sockets() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.sockets.live)
}

// SocketIDs names the live sockets, the oldest first, for the faults that strike a single one.
func (s *Server) SocketIDs() []int {
	s.mu.Lock()
	defer s.mu.Unlock()
	var ids []int
	for _, socket := range s.sockets.live {
		ids = append(ids, socket.id)
	}
	return ids
}

// Closings returns how the last sockets ended, oldest first.
func (s *Server) Closings() []Closing {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.sockets.closings)
}

// serveLink is the WebSocket endpoint.
func (s *Server) serveLink(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	closed := s.closed
	if !closed {
		s.links.Add(1) // Close waits for it
	}
	s.mu.Unlock()
	if closed {
		http.Error(w, "closing", http.StatusServiceUnavailable)
		return
	}
	defer s.links.Done()
	tap := &wiretap{ResponseWriter: w}
	upgrader := websocket.Upgrader{
		ReadBufferSize:  4096, // not the server's own buffer, so that reads pass through the wiretap
		WriteBufferSize: 32 << 10,
		CheckOrigin:     func(*http.Request) bool { return true }, // the ticket is the secret; slack-go sends slack.com
	}
	conn, err := upgrader.Upgrade(tap, r, nil)
	if err != nil {
		return // Upgrade has answered
	}
	socket := &socket{
		server: s, conn: conn, wire: tap.wire, life: s.cfg.SocketLifetime,
		unacked: map[string]*envelope{},
	}
	if r.URL.Query().Get("debug_reconnects") == "true" {
		socket.life = min(socket.life, debugLife)
	}
	socket.serve(r.URL.Query().Get("ticket"))
}

func (c *socket) serve(ticket string) {
	defer c.wire.Close()
	c.writing.Lock() // hello comes before any envelope
	refusal, waiting := c.server.admit(c, ticket)
	if refusal != nil {
		c.writing.Unlock()
		refusal(c)
		return
	}
	c.listenForSigns()
	err := c.writeLocked(c.server.hello(c))
	c.writing.Unlock()
	pinger := c.startPinging()
	for _, envelope := range waiting { // without the hello, too: a dead socket leaves them to the next connection
		c.server.send(envelope, c)
	}
	if err == nil {
		err = c.read()
	}
	c.finish(err)
	close(pinger.stop)
	<-pinger.stopped
}

// admit takes the socket in, or says how it is refused. The waiting envelopes are those whose sockets died.
func (s *Server) admit(c *socket, ticket string) (refusal func(*socket), waiting []*envelope) {
	s.mu.Lock()
	defer s.mu.Unlock()
	until, issued := s.sockets.tickets[ticket]
	delete(s.sockets.tickets, ticket) // it is good for one connection
	switch {
	case s.closed:
		return func(c *socket) { c.refuse(closeGoingAway, "the stand-in is closing") }, nil
	case !issued || time.Now().After(until):
		// How Slack answers a ticket used twice is not documented.
		return func(c *socket) { c.refuse(closePolicy, "invalid or used ticket") }, nil
	case s.sockets.off == TurnsAway:
		return func(c *socket) { c.turnAway("link_disabled") }, nil
	case len(s.sockets.live) >= s.cfg.MaxSockets:
		return func(c *socket) { c.turnAway("too_many_websockets") }, nil
	}
	s.sockets.serial++
	c.id = s.sockets.serial
	s.sockets.live = append(s.sockets.live, c)
	s.notify()
	return nil, s.mail.takeOrphans(s.cfg.RedeliverFor)
}

func (t *socketTable) remove(c *socket) {
	t.live = slices.DeleteFunc(t.live, func(other *socket) bool { return other == c })
}

// leave takes the socket out; what it did not ack waits for the next connection.
func (s *Server) leave(c *socket, closing Closing) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sockets.remove(c)
	s.sockets.closings = append(s.sockets.closings, closing)
	if len(s.sockets.closings) > maxWarnings {
		s.sockets.closings = s.sockets.closings[1:]
	}
	s.mail.orphan(c.unacked)
	c.unacked = nil
	s.notify()
}

func (s *Server) hello(c *socket) []byte {
	s.mu.Lock()
	open := len(s.sockets.live)
	s.mu.Unlock()
	hello, _ := json.Marshal(map[string]any{
		"type":            "hello",
		"num_connections": open,
		"connection_info": map[string]any{"app_id": AppID},
		"debug_info": map[string]any{
			"host": fmt.Sprintf("applink-%d", c.id), "build_number": 54,
			"started":                     time.Now().UTC().Format("2006-01-02 15:04:05.000"),
			"approximate_connection_time": int(c.life.Seconds()),
		},
	})
	return hello
}

// listenForSigns notes pings and pongs as signs of life; pings are answered. So is a Close frame, once no more envelopes go
// to the socket: what crosses the client's Close frame still reaches it, and nothing is written after ours.
func (c *socket) listenForSigns() {
	c.heard.Store(time.Now().UnixNano())
	answer := c.conn.PingHandler()
	c.conn.SetPingHandler(func(payload string) error {
		c.heard.Store(time.Now().UnixNano())
		return answer(payload)
	})
	c.conn.SetPongHandler(func(string) error {
		c.heard.Store(time.Now().UnixNano())
		return nil
	})
	answerClose := c.conn.CloseHandler()
	c.conn.SetCloseHandler(func(code int, text string) error {
		c.server.unlist(c)
		return answerClose(code, text)
	})
}

// unlist takes the socket off the list that new envelopes go to.
func (s *Server) unlist(c *socket) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sockets.remove(c)
	s.notify()
}

func (c *socket) read() error {
	for {
		kind, data, err := c.conn.ReadMessage()
		if err != nil {
			return err
		}
		c.heard.Store(time.Now().UnixNano())
		if kind != websocket.TextMessage {
			c.server.noteBadFrame(c, "a binary message")
			continue
		}
		c.server.acknowledge(c, data)
	}
}

// finish says goodbye as far as the client can still hear it, and notes how the socket ended.
func (c *socket) finish(err error) {
	switch c.wire.fault {
	case errFrameTooLong:
		c.refuse(closeTooBig, "Max frame length of 20480 has been exceeded.") // Slack's words
	case errFragmented:
		// Slack does not put fragments together; how it ends the connection is not documented.
		c.refuse(closeUnsupported, "Fragmented messages are not supported.")
	}
	closing := Closing{Socket: c.id, Code: websocket.CloseAbnormalClosure}
	if said, ok := err.(*websocket.CloseError); ok && said.Code != websocket.CloseAbnormalClosure {
		closing.Code, closing.Text, closing.Clean = said.Code, said.Text, true
	}
	c.server.leave(c, closing)
}

// refuse sends a Close frame and drains what the client still sends: closing with unread bytes would reset the
// connection, and the client would never read why.
func (c *socket) refuse(code int, text string) {
	c.server.unlist(c)
	_ = c.conn.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(code, text), time.Now().Add(writeTimeout))
	_ = c.wire.Conn.SetReadDeadline(time.Now().Add(closeTimeout))
	if half, ok := c.wire.Conn.(interface{ CloseWrite() error }); ok {
		_ = half.CloseWrite()
	}
	_, _ = io.Copy(io.Discard, io.LimitReader(c.wire.Conn, 16<<20))
}

// turnAway sends a disconnect instead of hello.
func (c *socket) turnAway(reason string) {
	_ = c.write(disconnectFrame(reason))
	c.refuse(closeNormal, "")
}

// sayGoodbye starts the closing handshake; the reader ends when the client answers, or after a second.
func (c *socket) sayGoodbye(code int, text string) {
	c.server.unlist(c)
	if c.wire.stalled.Load() {
		c.wire.reset()
		return
	}
	_ = c.conn.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(code, text), time.Now().Add(writeTimeout))
	_ = c.wire.SetReadDeadline(time.Now().Add(closeTimeout))
}

func (c *socket) write(data []byte) error {
	c.writing.Lock()
	defer c.writing.Unlock()
	return c.writeLocked(data)
}

func (c *socket) writeLocked(data []byte) error {
	_ = c.conn.SetWriteDeadline(time.Now().Add(writeTimeout))
	if err := c.conn.WriteMessage(websocket.TextMessage, data); err != nil {
		return fmt.Errorf("write to socket %d: %w", c.id, err)
	}
	return nil
}

func disconnectFrame(reason string) []byte {
	return fmt.Appendf(nil, `{"type":"disconnect","reason":%q,"debug_info":{"host":"wss-111.slack.com"}}`, reason)
}

type pinger struct{ stop, stopped chan struct{} }

// startPinging pings the client, drops it when it has long been silent, and recycles the socket when it is old.
func (c *socket) startPinging() pinger {
	p := pinger{make(chan struct{}), make(chan struct{})}
	go func() {
		defer close(p.stopped)
		ticker := time.NewTicker(c.server.cfg.PingInterval)
		defer ticker.Stop()
		old := time.NewTimer(c.life)
		defer old.Stop()
		for {
			select {
			case <-p.stop:
				return
			case <-ticker.C:
				c.ping()
			case <-old.C:
				_ = c.write(disconnectFrame("refresh_requested"))
				c.sayGoodbye(closeNormal, "")
			}
		}
	}()
	return p
}

func (c *socket) ping() {
	silent := time.Since(time.Unix(0, c.heard.Load()))
	if silent > c.server.cfg.ZombieTimeout {
		c.wire.reset()
		return
	}
	payload := fmt.Appendf(nil, "Ping from applink-%d", c.id)
	_ = c.conn.WriteControl(websocket.PingMessage, payload, time.Now().Add(writeTimeout))
}
