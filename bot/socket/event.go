package socket

import "time"

// EventKind says what an Event tells.
type EventKind string

// The kinds of events.
const (
	EventOpenFailed      EventKind = "open_failed"      // no live socket came of an attempt; Detail is why, Duration the wait before the next
	EventLive            EventKind = "live"             // a hello came; Duration is counted from the start of the attempt
	EventReplacing       EventKind = "replacing"        // a socket is to be replaced, or is lost; Detail is why
	EventClosed          EventKind = "closed"           // a socket is gone; Duration is how long it was open
	EventEnvelope        EventKind = "envelope"         // an envelope came; Detail is its type
	EventEnvelopeDropped EventKind = "envelope_dropped" // too many are under way; no ack
	EventAcked           EventKind = "acked"            // the ack was written; Duration is counted from the envelope
	EventAckLost         EventKind = "ack_lost"         // no socket took the ack
	EventGarbage         EventKind = "garbage"          // a frame could not be used; Detail is why
)

// EventKinds are all of them.
var EventKinds = []EventKind{
	EventOpenFailed, EventLive, EventReplacing, EventClosed, EventEnvelope, EventEnvelopeDropped, EventAcked, EventAckLost, EventGarbage,
}

// Event is one thing that happened, for metrics. It holds no secret and no payload.
type Event struct {
	Kind     EventKind
	Socket   int    // 0 to Connections-1
	Detail   string // a word from a short list of ours; never text from outside
	Duration time.Duration
}
