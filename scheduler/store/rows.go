package store

import "time"

// Envelope is what Slack sent, from its arrival until it is answered. Its payload holds a response_url,
// which is a secret: it is erased when the envelope is answered for good.
type Envelope struct {
	ID      string // envelope_id
	Type    string // slash_commands, interactive
	Payload []byte // JSON as it came; nil once erased
	Owner   string // the replica that claimed it last
	// Stored and ClaimedUntil are by the database's clock.
	Stored, ClaimedUntil time.Time
	Answered             bool
}
