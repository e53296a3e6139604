package slacksim

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
)

// Message is one line of a conversation, as the page shows it. Ephemeral ones have one reader.
type Message struct {
	Channel     string          `json:"channel"`
	TS          string          `json:"ts"`
	User        string          `json:"user"`
	Username    string          `json:"username"`
	Text        string          `json:"text"`
	Blocks      json.RawMessage `json:"blocks,omitempty"`
	ThreadTS    string          `json:"thread_ts,omitempty"`
	EphemeralTo string          `json:"ephemeral_to"`
	Command     string          `json:"command"` // what the person typed, on the message that shows it
	Error       string          `json:"error"`   // Slack's own red line, for example operation_timeout
	Edited      bool            `json:"edited"`

	Envelope string `json:"-"` // the envelope that this message typed or answers, if any

	blocks  []any                  // decoded; Blocks are made of them when somebody looks
	inputs  map[string]inputValues // per user: what was chosen in the message's inputs
	deleted bool
}

// edit changes what the message says.
func (m *Message) edit(said content) {
	m.Text, m.blocks, m.Blocks, m.Edited = said.text, said.blocks, nil, true
}

// shown is the message as it is handed out.
func (m *Message) shown() Message {
	if m.Blocks == nil && m.blocks != nil {
		m.Blocks, _ = json.Marshal(m.blocks) // they were decoded from JSON
	}
	return *m
}

// Filter chooses messages; an empty field matches all.
type Filter struct {
	Channel  string
	User     string // who wrote it
	Reader   string // who can see it: leaves out what is ephemeral to others
	Envelope string // the answers to (and the typed line of) one envelope
}

// conversation is a channel with what was said in it.
type conversation struct {
	Channel
	messages []*Message // oldest first; deleted ones stay until the next compaction
	byTS     map[string]*Message
}

// post stores a message and gives it its ts. The caller holds mu.
func (s *Server) post(channel *conversation, message Message) *Message {
	message.Channel = channel.ID
	message.TS = s.nextTS()
	if user, ok := s.people.users[message.User]; ok && message.Username == "" {
		message.Username = user.Name
	}
	stored := &message
	channel.messages = append(channel.messages, stored)
	channel.byTS[message.TS] = stored
	channel.compact(s.cfg.MessagesKept)
	s.notify()
	return stored
}

// nextTS is the clock in microseconds, moved on where two messages would share an instant.
func (s *Server) nextTS() string {
	s.lastTS = max(s.cfg.Now().UnixMicro(), s.lastTS+1)
	return formatTS(s.lastTS)
}

func formatTS(micros int64) string { return fmt.Sprintf("%d.%06d", micros/1e6, micros%1e6) }

func (s *Server) remove(channel *conversation, message *Message) {
	message.deleted = true
	delete(channel.byTS, message.TS)
	s.notify()
}

// compact keeps the newest messages. It works once per kept messages, so that a post costs the same however long
// the conversation is.
func (c *conversation) compact(kept int) {
	if len(c.messages) < 2*kept {
		return
	}
	live := slices.DeleteFunc(c.messages, func(m *Message) bool { return m.deleted })
	for _, old := range live[:max(0, len(live)-kept)] {
		delete(c.byTS, old.TS)
	}
	c.messages = slices.Clone(live[max(0, len(live)-kept):])
}

// notify wakes who waits for a change. The caller holds mu.
func (s *Server) notify() {
	if s.changed != nil {
		close(s.changed)
		s.changed = nil
	}
}

// nextChange returns a channel that is closed at the next change.
func (s *Server) nextChange() <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.changed == nil {
		s.changed = make(chan struct{})
	}
	return s.changed
}

// Messages returns the messages that match, oldest first within a channel.
func (s *Server) Messages(filter Filter) []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	var found []Message
	for _, id := range s.people.order {
		if filter.Channel != "" && filter.Channel != id {
			continue
		}
		for _, message := range s.people.channels[id].messages {
			if filter.matches(message) {
				found = append(found, message.shown())
			}
		}
	}
	return found
}

func (f Filter) matches(m *Message) bool {
	return !m.deleted &&
		(f.User == "" || f.User == m.User) &&
		(f.Reader == "" || m.EphemeralTo == "" || m.EphemeralTo == f.Reader) &&
		(f.Envelope == "" || f.Envelope == m.Envelope)
}

// State is what Wait's condition reads.
type State struct{ server *Server }

// Sockets is the number of live sockets of the app.
func (s State) Sockets() int { return s.server.Sockets() }

// Messages returns the messages that match.
func (s State) Messages(filter Filter) []Message { return s.server.Messages(filter) }

// Views returns the open modals, the lowest of a stack first.
func (s State) Views() []OpenView { return s.server.Views() }

// Envelope returns what became of an envelope.
func (s State) Envelope(id string) (Envelope, bool) { return s.server.Envelope(id) }

// Closings returns how sockets ended.
func (s State) Closings() []Closing { return s.server.Closings() }

// Warnings returns what a client did that Slack tolerates or answers with silence.
func (s State) Warnings() []string { return s.server.Warnings() }

// Wait returns nil as soon as the condition holds, or the context's error. The condition is read at once and after
// each change; it may call the server.
func (s *Server) Wait(ctx context.Context, condition func(State) bool) error {
	for {
		changed := s.nextChange()
		if condition(State{s}) {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return fmt.Errorf("wait for Slack's stand-in: %w", ctx.Err())
		}
	}
}

const maxWarnings = 1000

// warn records what a client did that Slack only tolerates. The caller holds mu.
func (s *Server) warn(format string, args ...any) {
	if len(s.warnings) >= maxWarnings {
		s.warnings = s.warnings[1:]
	}
	text := fmt.Sprintf(format, args...)
	s.warnings = append(s.warnings, text)
	s.cfg.Logger.Debug("slack stand-in: warning", "warning", text)
	s.notify()
}

// Warnings returns what a client did that Slack tolerates or answers with silence, oldest first: messages without a
// top-level text, acks of unknown envelopes, payloads in acks that take none.
func (s *Server) Warnings() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.warnings)
}
