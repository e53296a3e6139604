package socket

import (
	"errors"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"
)

// connection is one WebSocket. Two goroutines belong to it, one that reads and one that pings; both
// end when the socket does.
type connection struct {
	client  *Client
	number  int
	conn    *websocket.Conn
	logger  *slog.Logger
	redact  *strings.Replacer
	opened  time.Time
	started time.Time // of the attempt, before apps.connections.open

	live chan struct{} // closed on hello
	dead chan struct{} // closed when the reading has ended

	replace     chan struct{} // closed when a new socket has to take over
	replaceOnce sync.Once
	reason      string // why; set before replace is closed
	healthy     bool   // whether it lived well until then

	inFlight  inFlight
	writing   sync.Mutex // one data frame at a time; gorilla serialises control frames itself
	closing   atomic.Bool
	closeOnce sync.Once
	aborted   atomic.Pointer[string] // why we gave it up

	answersPings atomic.Bool  // it answered one once
	unanswered   atomic.Int64 // pings since its last answer
	gotEnvelope  atomic.Bool
	helloAt      time.Time // set before live is closed

	// Of the reading goroutine alone.
	expiry       *time.Timer
	garbageKinds map[string]bool
}

// start registers the socket and starts its goroutines.
func (c *Client) start(number int, conn *websocket.Conn, redact *strings.Replacer, started time.Time) *connection {
	s := &connection{
		client: c, number: number, conn: conn, redact: redact, opened: time.Now(), started: started,
		logger:       c.logger.With("socket", number),
		live:         make(chan struct{}),
		dead:         make(chan struct{}),
		replace:      make(chan struct{}),
		garbageKinds: map[string]bool{},
	}
	c.mu.Lock()
	c.connections[s] = false
	c.mu.Unlock()
	c.background.Go(s.read)
	c.background.Go(s.ping)
	return s
}

// read reads frames until the socket is gone. It never waits for a Receiver.
func (s *connection) read() {
	defer s.end()
	s.conn.SetReadLimit(s.client.config.ReadLimit)
	s.conn.SetPingHandler(func(payload string) error {
		if err := s.heard(); err != nil {
			return err
		}
		err := s.conn.WriteControl(websocket.PongMessage, []byte(payload), s.writeDeadline())
		if errors.Is(err, websocket.ErrCloseSent) {
			return nil // the peer's Close frame is still to be read
		}
		return err
	})
	s.conn.SetPongHandler(func(string) error {
		s.answersPings.Store(true)
		s.unanswered.Store(0)
		return s.heard()
	})
	_ = s.conn.SetReadDeadline(time.Now().Add(s.client.config.DeadAfter))
	for {
		kind, frame, err := s.conn.ReadMessage()
		if err != nil {
			s.askForReplacement(s.lossReason(err))
			return
		}
		_ = s.heard()
		s.handleFrame(kind, frame)
	}
}

// heard notes that the peer is alive, and moves the deadline for its next sign of life.
func (s *connection) heard() error {
	now := time.Now()
	s.client.lastFrame.Store(now.UnixNano())
	return s.conn.SetReadDeadline(now.Add(s.client.config.DeadAfter))
}

// ping sends our own pings. It gives the socket up if a peer that used to answer them stops: such a
// peer may still send, and no longer read.
func (s *connection) ping() {
	patience := max(2, int64(s.client.config.DeadAfter/s.client.config.PingInterval)-1)
	ticker := time.NewTicker(s.client.config.PingInterval)
	defer ticker.Stop()
	for {
		select {
		case <-s.dead:
			return
		case <-ticker.C:
		}
		if s.answersPings.Load() && s.unanswered.Add(1) > patience {
			s.abort("pings are no longer answered")
			return
		}
		err := s.conn.WriteControl(websocket.PingMessage, nil, s.writeDeadline())
		if errors.Is(err, websocket.ErrCloseSent) {
			return
		}
		if err != nil {
			s.abort("a ping could not be written")
			return
		}
	}
}

// write sends one text frame, and returns false if the socket did not take it.
func (s *connection) write(text []byte) bool {
	s.writing.Lock()
	defer s.writing.Unlock()
	_ = s.conn.SetWriteDeadline(s.writeDeadline())
	err := s.conn.WriteMessage(websocket.TextMessage, text)
	if err != nil && !errors.Is(err, websocket.ErrCloseSent) {
		s.abort("an ack could not be written")
	}
	return err == nil
}

func (s *connection) writeDeadline() time.Time {
	return time.Now().Add(s.client.config.WriteTimeout)
}

// abort gives up a socket that can no longer carry a Close frame.
func (s *connection) abort(why string) {
	s.aborted.CompareAndSwap(nil, &why)
	s.askForReplacement("lost") // first: closing may take its time on a TLS connection that is stuck
	_ = s.conn.Close()
}

// retire closes a socket whose successor is live. First it waits for the acks of what the socket brought.
func (s *connection) retire() {
	timer := time.NewTimer(s.client.config.DrainTimeout)
	defer timer.Stop()
	select {
	case <-s.inFlight.idle():
	case <-timer.C:
	case <-s.dead:
	}
	s.close(websocket.CloseNormalClosure, "replaced")
}

// close sends a Close frame and waits a little for the peer's. What arrives until then is still
// taken, and its ack goes through another socket.
func (s *connection) close(code int, text string) {
	s.closeOnce.Do(func() {
		s.closing.Store(true)
		s.client.mu.Lock()
		if _, open := s.client.connections[s]; open {
			s.client.connections[s] = false
		}
		s.client.mu.Unlock()
		_ = s.conn.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(code, text), s.writeDeadline())
	})
	timer := time.NewTimer(s.client.config.CloseTimeout)
	defer timer.Stop()
	select {
	case <-s.dead:
	case <-timer.C:
	}
	_ = s.conn.Close()
}

// end removes the socket from the client once nothing more is read from it.
func (s *connection) end() {
	if s.expiry != nil {
		s.expiry.Stop()
	}
	_ = s.conn.Close()
	s.client.mu.Lock()
	delete(s.client.connections, s)
	s.client.mu.Unlock()
	s.client.observe(Event{Kind: EventClosed, Socket: s.number, Duration: time.Since(s.opened)})
	close(s.dead)
}

// askForReplacement tells the keeper, once, that a new socket has to take over.
func (s *connection) askForReplacement(reason string) {
	s.replaceOnce.Do(func() {
		s.reason = reason
		s.healthy = s.gotEnvelope.Load() || s.isLive() && time.Since(s.helloAt) >= s.client.config.HealthyAfter
		close(s.replace)
	})
}

// isLive tells whether its hello has come.
func (s *connection) isLive() bool {
	select {
	case <-s.live:
		return true
	default:
		return false
	}
}

// lossReason logs why the reading ended, and returns a word for it.
func (s *connection) lossReason(err error) string {
	var closed *websocket.CloseError
	var timeout interface{ Timeout() bool }
	reason := "lost"
	detail := s.redact.Replace(err.Error())
	switch {
	case s.closing.Load():
		s.logger.Debug("socket closed by us")
		return "closed"
	case s.aborted.Load() != nil:
		detail = *s.aborted.Load()
	case errors.Is(err, websocket.ErrReadLimit):
		reason = "message_too_large"
	case errors.As(err, &closed) && closed.Code != websocket.CloseAbnormalClosure:
		reason = "closed_by_slack"
	case errors.As(err, &timeout) && timeout.Timeout():
		reason, detail = "silent", "nothing was heard for "+s.client.config.DeadAfter.String()
	}
	s.logger.Info("socket lost", "reason", reason, "detail", detail)
	return reason
}
