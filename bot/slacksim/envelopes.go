package slacksim

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	mathrand "math/rand/v2"
	"time"

	"github.com/gorilla/websocket"
)

// ErrDispatchFailed is what a person sees when no socket of the app is open.
var ErrDispatchFailed = errors.New("dispatch_failed")

const envelopesKept = 10_000

// EventKind says what happened to an envelope.
type EventKind string

// The kinds of events that Config.Observe is told.
const (
	EventSent     EventKind = "sent"
	EventAcked    EventKind = "acked"
	EventAnswered EventKind = "answered" // the first use of its response_url
	EventTimedOut EventKind = "timed out"
)

// Event is something that happened to an envelope, in real time.
type Event struct {
	Kind     EventKind
	Envelope string
	At       time.Time
}

// Envelope is what became of an envelope, in real time. A zero time means that it has not happened.
type Envelope struct {
	ID, Type              string
	Sent, Acked, Answered time.Time
	TimedOut              bool // no ack within AckTimeout; a late ack still sets Acked
	Deliveries            int
}

// envelope is an Envelope under way.
type envelope struct {
	Envelope
	raw            []byte
	acceptsPayload bool
	holders        []*socket // where it was sent
	acked          chan struct{}
	answered       chan struct{}
	stopTimer      func()
	onAck          func(payload json.RawMessage) // called with mu held, and so are the others
	onTimeout      func()
	died           time.Time // when the socket that had it ended
}

func newEnvelope(id, kind string, acceptsPayload bool, raw []byte) *envelope {
	return &envelope{
		Envelope: Envelope{ID: id, Type: kind}, raw: raw, acceptsPayload: acceptsPayload,
		acked: make(chan struct{}), answered: make(chan struct{}), stopTimer: func() {},
	}
}

// envelopeFrame is an envelope as it is sent: https://docs.slack.dev/apis/events-api/using-socket-mode
type envelopeFrame struct {
	ID             string `json:"envelope_id"`
	Type           string `json:"type"`
	AcceptsPayload bool   `json:"accepts_response_payload"`
	Payload        any    `json:"payload"`
}

// wrap makes an envelope of a payload.
func wrap(kind string, acceptsPayload bool, payload any) (*envelope, error) {
	id := newUUID()
	raw, err := json.Marshal(envelopeFrame{id, kind, acceptsPayload, payload})
	if err != nil {
		return nil, fmt.Errorf("encode %s envelope: %w", kind, err)
	}
	return newEnvelope(id, kind, acceptsPayload, raw), nil
}

// envelopeTable remembers the last envelopes.
type envelopeTable struct {
	byID    map[string]*envelope
	order   []string
	orphans []*envelope // unacked, and their sockets are gone
	twice   int         // how many of the next envelopes are delivered twice
}

func (t *envelopeTable) remember(e *envelope) {
	t.byID[e.ID] = e
	t.order = append(t.order, e.ID)
	if len(t.order) < 2*envelopesKept {
		return
	}
	for _, id := range t.order[:envelopesKept] {
		delete(t.byID, id)
	}
	t.order = append([]string(nil), t.order[envelopesKept:]...)
}

func (t *envelopeTable) orphan(unacked map[string]*envelope) {
	for _, e := range unacked {
		e.died = time.Now()
		t.orphans = append(t.orphans, e)
	}
}

// takeOrphans returns the unacked envelopes that are not too old to be sent again.
func (t *envelopeTable) takeOrphans(maxAge time.Duration) []*envelope {
	var waiting []*envelope
	for _, e := range t.orphans {
		if e.Acked.IsZero() && maxAge > 0 && time.Since(e.died) <= maxAge {
			waiting = append(waiting, e)
		}
	}
	t.orphans = nil
	return waiting
}

// dispatch sends a new envelope to one of the sockets, picked at random, and starts its time limit.
func (s *Server) dispatch(e *envelope) error {
	s.mu.Lock()
	target := s.sockets.pick()
	if target == nil || s.sockets.off != "" {
		s.mu.Unlock()
		return ErrDispatchFailed
	}
	e.Sent = time.Now()
	s.mail.remember(e)
	e.stopTimer = s.timers.after(s.cfg.AckTimeout, func() { s.timeOut(e) })
	again := s.mail.twice > 0
	if again {
		s.mail.twice--
	}
	s.mu.Unlock()
	s.observe(EventSent, e.ID, e.Sent)
	s.send(e, target)
	if again {
		s.send(e, nil)
	}
	return nil
}

func (t *socketTable) pick() *socket {
	if len(t.live) == 0 {
		return nil
	}
	return t.live[mathrand.IntN(len(t.live))]
}

// send writes the envelope to the socket, or to any one if it is nil. A socket that has sent its Close frame takes nothing,
// and the envelope goes to another. One that cannot be written to is dead; its reader finds that out, and the envelope waits
// for the next connection.
func (s *Server) send(e *envelope, to *socket) {
	s.mu.Lock()
	if to == nil {
		to = s.sockets.pick()
	}
	if to == nil {
		s.mail.orphan(map[string]*envelope{e.ID: e})
		s.mu.Unlock()
		return
	}
	e.Deliveries++
	switch {
	case !e.Acked.IsZero():
	case to.unacked == nil: // the socket has left meanwhile, and owes no ack
		s.mail.orphan(map[string]*envelope{e.ID: e})
	default:
		to.unacked[e.ID] = e
		e.holders = append(e.holders, to)
	}
	raw := e.raw
	s.mu.Unlock()
	switch err := to.write(raw); {
	case errors.Is(err, websocket.ErrCloseSent):
		s.send(e, nil)
	case err != nil:
		to.wire.reset()
	}
}

func (s *Server) timeOut(e *envelope) {
	s.mu.Lock()
	if !e.Acked.IsZero() {
		s.mu.Unlock()
		return
	}
	e.TimedOut = true
	if e.onTimeout != nil {
		e.onTimeout()
	}
	s.notify()
	s.mu.Unlock()
	s.observe(EventTimedOut, e.ID, time.Now())
}

// acknowledge reads a frame of the client: an ack, or something that Slack ignores.
func (s *Server) acknowledge(from *socket, frame []byte) {
	var ack struct {
		EnvelopeID string          `json:"envelope_id"`
		Payload    json.RawMessage `json:"payload"`
	}
	if err := json.Unmarshal(frame, &ack); err != nil || ack.EnvelopeID == "" {
		s.noteBadFrame(from, "a message that is no ack")
		return
	}
	if e := s.settleAck(ack.EnvelopeID, ack.Payload); e != nil {
		s.observe(EventAcked, e.ID, e.Acked)
	}
}

// settleAck returns the envelope if this was its first good ack.
func (s *Server) settleAck(id string, payload json.RawMessage) *envelope {
	s.mu.Lock()
	defer s.mu.Unlock()
	e, known := s.mail.byID[id]
	if !known {
		s.warn("ack of an unknown envelope")
		return nil
	}
	payload = meaningful(payload)
	if payload != nil && !e.acceptsPayload {
		s.warn("ack of %s with a payload, which it does not accept: refused", e.Type)
		return nil
	}
	if !e.Acked.IsZero() {
		s.warn("second ack of %s", e.Type)
		return nil
	}
	e.Acked = time.Now()
	e.stopTimer()
	for _, holder := range e.holders {
		delete(holder.unacked, e.ID)
	}
	e.holders = nil
	if len(e.raw) > 8<<10 { // ten thousand are remembered; a large one cannot be redelivered after its ack
		e.raw = nil
	}
	close(e.acked)
	if e.onAck != nil && !e.TimedOut {
		e.onAck(payload)
	}
	s.notify()
	return e
}

// meaningful drops a payload that says nothing: Slack's own Node SDK sends {} with every ack.
func meaningful(payload json.RawMessage) json.RawMessage {
	compact := bytes.TrimSpace(payload)
	if len(compact) == 0 || bytes.Equal(compact, []byte("null")) {
		return nil
	}
	var object map[string]json.RawMessage
	if json.Unmarshal(compact, &object) == nil && len(object) == 0 {
		return nil
	}
	return compact
}

func (s *Server) noteBadFrame(from *socket, what string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.warn("socket %d sent %s: ignored", from.id, what)
}

func (s *Server) observe(kind EventKind, id string, at time.Time) {
	if s.cfg.Observe != nil {
		s.cfg.Observe(Event{kind, id, at})
	}
}

// noteAnswer records the first answer to an envelope. The caller holds mu, and calls observe without it.
func (s *Server) noteAnswer(id string) (first bool, at time.Time) {
	e, ok := s.mail.byID[id]
	if !ok || !e.Answered.IsZero() {
		return false, time.Time{}
	}
	e.Answered = time.Now()
	close(e.answered)
	return true, e.Answered
}

// Envelope returns what became of one of the last envelopes.
func (s *Server) Envelope(id string) (Envelope, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	e, ok := s.mail.byID[id]
	if !ok {
		return Envelope{}, false
	}
	return e.Envelope, true
}

// AckTime is how long the client took to ack the envelope; false if it has not.
func (s *Server) AckTime(id string) (time.Duration, bool) {
	e, ok := s.Envelope(id)
	if !ok || e.Acked.IsZero() {
		return 0, false
	}
	return e.Acked.Sub(e.Sent), true
}

// WaitAck returns when the envelope is acked.
func (s *Server) WaitAck(ctx context.Context, id string) error {
	return s.waitEnvelope(ctx, id, func(e *envelope) <-chan struct{} { return e.acked })
}

// WaitAnswer returns when the envelope's response_url was used for the first time.
func (s *Server) WaitAnswer(ctx context.Context, id string) error {
	return s.waitEnvelope(ctx, id, func(e *envelope) <-chan struct{} { return e.answered })
}

func (s *Server) waitEnvelope(ctx context.Context, id string, until func(*envelope) <-chan struct{}) error {
	s.mu.Lock()
	e, ok := s.mail.byID[id]
	s.mu.Unlock()
	if !ok {
		return fmt.Errorf("wait for envelope: %w", &Refusal{Code: "envelope_not_found"})
	}
	select {
	case <-until(e):
		return nil
	case <-ctx.Done():
		return fmt.Errorf("wait for envelope: %w", ctx.Err())
	}
}

// newUUID returns a random UUID (version 4).
func newUUID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	digits := make([]byte, 0, 36)
	for _, part := range [][]byte{b[:4], b[4:6], b[6:8], b[8:10], b[10:]} {
		digits = append(hex.AppendEncode(digits, part), '-')
	}
	return string(digits[:36])
}
