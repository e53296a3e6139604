package socket

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"runtime"
	"runtime/debug"
	"time"
)

// dispatch hands an envelope on and never blocks the goroutine that reads the socket: it has to answer
// pings however slow the Receiver is.
func (c *Client) dispatch(from *connection, envelope Envelope, known bool) {
	if !c.inFlight.start(c.config.MaxReceives + c.config.MaxWaiting) {
		c.observe(Event{Kind: EventEnvelopeDropped, Socket: from.number})
		c.dropLog.Do(func() {
			c.logger.Error("too many envelopes are under way: dropped without an ack, Slack will send it again",
				slog.Int("limit", c.config.MaxReceives+c.config.MaxWaiting), slog.String("type", envelope.Type))
		})
		return
	}
	arrived := time.Now()
	from.inFlight.start(0)
	c.background.Go(func() {
		defer c.inFlight.finish()
		defer from.inFlight.finish()
		if payload, ok := c.receive(envelope, known); ok {
			c.sendAck(from, c.encodeAck(envelope, payload), arrived)
		}
	})
}

// receive waits for a place and calls the Receiver. It returns false if there is none before a
// shutdown is over. An envelope of an unknown type is only acked.
func (c *Client) receive(envelope Envelope, known bool) (payload json.RawMessage, ok bool) {
	if !known {
		return nil, true
	}
	select {
	case c.running <- struct{}{}:
		defer func() { <-c.running }()
		return c.callReceiver(envelope), true
	case <-c.receiving.Done():
		return nil, false
	}
}

func (c *Client) callReceiver(envelope Envelope) (payload json.RawMessage) {
	defer func() {
		if value := recover(); value != nil {
			cause := fmt.Sprintf("%T", value) // its text may quote a payload
			if fault, ok := value.(runtime.Error); ok {
				cause = fault.Error()
			}
			c.logger.Error("panic while an envelope was received",
				"envelope_id", envelope.ID, "type", envelope.Type,
				"panic", cause, "stack", string(debug.Stack()))
			payload = nil
		}
	}()
	return c.config.Receiver.Receive(c.receiving, envelope)
}

func (c *Client) observe(event Event) { c.config.Observe(event) }
