package socket

import (
	"bytes"
	"encoding/json"
	"time"
)

// maxAckBytes keeps an ack below Slack's limit for one frame, 20,480 bytes, with its header of at
// most 14. Slack closes the socket (1009) over a larger one.
const maxAckBytes = 20_480 - 14 - 1

type ack struct {
	EnvelopeID string          `json:"envelope_id"`
	Payload    json.RawMessage `json:"payload,omitempty"`
}

// encodeAck encodes the ack. It leaves out a payload that may not or cannot be sent: the ack matters more.
func (c *Client) encodeAck(envelope Envelope, payload json.RawMessage) []byte {
	if !envelope.AcceptsResponsePayload {
		payload = nil
	}
	encoded, err := marshalAck(ack{EnvelopeID: envelope.ID, Payload: payload})
	if err == nil && len(encoded) <= maxAckBytes {
		return encoded
	}
	c.logger.Error("a response payload is left out of its ack: too large, or not JSON",
		"envelope_id", envelope.ID, "payload_bytes", len(payload), "limit", maxAckBytes)
	encoded, _ = marshalAck(ack{EnvelopeID: envelope.ID}) // a plain string always encodes
	return encoded
}

func marshalAck(value ack) ([]byte, error) {
	var buffer bytes.Buffer
	encoder := json.NewEncoder(&buffer)
	encoder.SetEscapeHTML(false) // it would make an ack of links up to six times as large
	if err := encoder.Encode(value); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(buffer.Bytes(), []byte("\n")), nil
}

// sendAck writes the ack to the socket that brought the envelope, else to any live one, else it waits
// a little for one. Without an ack Slack sends the envelope again.
func (c *Client) sendAck(from *connection, encoded []byte, arrived time.Time) {
	timer := time.NewTimer(c.config.AckWait)
	defer timer.Stop()
	live, changed := c.liveConnections()
	for try := append([]*connection{from}, live...); ; try, changed = c.liveConnections() {
		for _, through := range try {
			if through.write(encoded) {
				c.observe(Event{Kind: EventAcked, Socket: through.number, Duration: time.Since(arrived)})
				return
			}
		}
		select {
		case <-changed:
			continue
		case <-timer.C:
		case <-c.goodbye:
		}
		c.logger.Warn("no live socket took an ack: Slack may send the envelope again", "socket", from.number)
		c.observe(Event{Kind: EventAckLost, Socket: from.number})
		return
	}
}

// liveConnections returns the live sockets, and a channel that is closed when there is another.
func (c *Client) liveConnections() ([]*connection, <-chan struct{}) {
	c.mu.Lock()
	defer c.mu.Unlock()
	var live []*connection
	for connection, isLive := range c.connections {
		if isLive {
			live = append(live, connection)
		}
	}
	return live, c.liveChanged
}
