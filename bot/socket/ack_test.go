package socket_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"github.com/overtime-bot/overtime/bot/socket"
)

func TestAck(t *testing.T) {
	largest := 20_479 - 14 - len(`{"envelope_id":"E1","payload":""}`)
	for name, test := range map[string]struct {
		accepts bool
		payload string // of the Receiver; "" = nil
		want    string // of the ack; "" = none
		logged  int
	}{
		"nothing to say":           {accepts: true},
		"a payload":                {accepts: true, payload: `{"text":"<b> & done"}`, want: `{"text":"<b> & done"}`},
		"a payload not accepted":   {accepts: false, payload: `{"text":"done"}`},
		"an empty object":          {accepts: true, payload: `{}`, want: `{}`},
		"not JSON":                 {accepts: true, payload: `{"text":`, logged: 1},
		"the largest that fits":    {accepts: true, payload: quoted(largest), want: quoted(largest)},
		"one byte too large":       {accepts: true, payload: quoted(largest + 1), logged: 1},
		"much too large":           {accepts: true, payload: quoted(200_000), logged: 1},
		"links are not blown up":   {accepts: true, payload: quotedOf("<>&", 6000), want: quotedOf("<>&", 6000)},
		"white space is left away": {accepts: true, payload: "{ \"text\":\n1 }", want: `{"text":1}`},
	} {
		t.Run(name, func(t *testing.T) {
			server := newServer(t)
			config := quick()
			config.Receiver = receiverFunc(func(context.Context, socket.Envelope) json.RawMessage {
				if test.payload == "" {
					return nil
				}
				return json.RawMessage(test.payload)
			})
			// Neither a small buffer nor compression of the dialer may get through.
			config.Dialer = &websocket.Dialer{WriteBufferSize: 128, EnableCompression: true}
			bot := start(t, server, config)
			peer := server.next(t)
			peer.hello(1, 3600)
			peer.envelope("E1", "interactive", test.accepts)
			want := emptyAck("E1")
			if test.want != "" {
				want = `{"envelope_id":"E1","payload":` + test.want + `}`
			}
			peer.wantAck(t, want)
			wantOneTextFrame(t, peer, len(want))
			if got := bot.log.count("left out of its ack"); got != test.logged {
				t.Errorf("%d lines about a payload left out, want %d", got, test.logged)
			}
			bot.stop(t)
		})
	}
}

func quoted(length int) string { return quotedOf("x", length) }

func quotedOf(text string, times int) string { return `"` + strings.Repeat(text, times) + `"` }

func wantOneTextFrame(t *testing.T, p *peer, length int) {
	t.Helper()
	var data []frame
	for _, frame := range p.frames(t) {
		if frame.opcode < 8 {
			data = append(data, frame)
		}
	}
	want := frame{final: true, opcode: websocket.TextMessage, length: length}
	if len(data) != 1 || data[0] != want {
		t.Errorf("data frames = %+v, want one: %+v", data, want)
	}
	if header := 8; length+header >= 20_480 {
		t.Errorf("the frame of the ack has %d bytes", length+header)
	}
}

func TestEnvelopeIsHandedOnWhole(t *testing.T) {
	server := newServer(t)
	got := make(chan socket.Envelope, 10)
	config := quick()
	config.Receiver = receiverFunc(func(_ context.Context, envelope socket.Envelope) json.RawMessage {
		got <- envelope
		return nil
	})
	start(t, server, config)
	peer := server.next(t)
	peer.hello(1, 3600)
	for range 2 { // a repeated envelope is the inbox's business
		peer.send(`{"envelope_id":"E1","type":"events_api","accepts_response_payload":false,"retry_attempt":2,"retry_reason":"timeout","payload":{"event_id":"Ev1"}}`)
		envelope := wait(t, "the envelope", got)
		if text := fmt.Sprintf("%s %s %s %v %d %s", envelope.ID, envelope.Type, envelope.Payload,
			envelope.AcceptsResponsePayload, envelope.RetryAttempt, envelope.RetryReason); text != `E1 events_api {"event_id":"Ev1"} false 2 timeout` {
			t.Errorf("envelope = %s", text)
		}
		peer.wantAck(t, emptyAck("E1"))
	}
	peer.send(`{"envelope_id":"E2","type":"slash_commands","accepts_response_payload":"true","retry_attempt":{},"retry_reason":null,"payload":null}`)
	if envelope := wait(t, "the envelope", got); !envelope.AcceptsResponsePayload || envelope.RetryAttempt != 0 {
		t.Errorf("envelope with fields of unusual types = %+v", envelope)
	}
	peer.wantAck(t, emptyAck("E2"))
}

func TestAckGoesThroughAnotherSocketWhenItsOwnIsGone(t *testing.T) {
	server := newServer(t)
	arrived, release := make(chan struct{}), make(chan struct{})
	config := quick()
	config.Connections = 2
	config.Receiver = blocking(arrived, release)
	bot := start(t, server, config)
	first, second := server.next(t), server.next(t)
	first.hello(1, 3600)
	second.hello(2, 3600)
	bot.event(t, socket.EventLive)
	bot.event(t, socket.EventLive)
	first.slash("E1")
	wait(t, "the envelope", arrived)
	first.reset()
	bot.event(t, socket.EventClosed)
	close(release)
	second.wantAck(t, emptyAck("E1"))
}

func TestAckWaitsForTheNextSocket(t *testing.T) {
	server := newServer(t)
	arrived, release := make(chan struct{}), make(chan struct{})
	config := quick()
	config.AckWait = time.Hour
	config.Receiver = blocking(arrived, release)
	bot := start(t, server, config)
	first := server.next(t)
	first.hello(1, 3600)
	first.slash("E1")
	wait(t, "the envelope", arrived)
	first.reset()
	bot.event(t, socket.EventClosed)
	close(release)
	second := server.next(t)
	second.hello(1, 3600)
	second.wantAck(t, emptyAck("E1"))
}

func TestAckIsGivenUpAfterAWhile(t *testing.T) {
	server := newServer(t)
	arrived, release := make(chan struct{}), make(chan struct{})
	config := quick()
	config.AckWait = time.Millisecond
	config.Receiver = blocking(arrived, release)
	bot := start(t, server, config)
	first := server.next(t)
	first.hello(1, 3600)
	first.slash("E1")
	wait(t, "the envelope", arrived)
	first.reset()
	bot.event(t, socket.EventClosed)
	close(release)
	bot.event(t, socket.EventAckLost)
	if bot.log.count("no live socket took an ack") != 1 {
		t.Errorf("the loss of an ack is not logged:\n%s", bot.log)
	}
}

// blocking returns a Receiver that says when an envelope is there, and waits for its release.
func blocking(arrived, release chan struct{}) socket.Receiver {
	return receiverFunc(func(context.Context, socket.Envelope) json.RawMessage {
		arrived <- struct{}{}
		<-release
		return nil
	})
}

func TestPanicCostsOneEnvelope(t *testing.T) {
	server := newServer(t)
	config := quick()
	config.Receiver = receiverFunc(func(_ context.Context, envelope socket.Envelope) json.RawMessage {
		switch envelope.ID {
		case "E1":
			panic("text 914083136")
		case "E2":
			_ = envelope.ID[len(envelope.Type)]
		}
		return json.RawMessage(`{}`)
	})
	bot := start(t, server, config)
	peer := server.next(t)
	peer.hello(1, 3600)
	peer.slash("E1")
	peer.wantAck(t, emptyAck("E1"))
	peer.slash("E2")
	peer.wantAck(t, emptyAck("E2"))
	peer.slash("E3")
	peer.wantAck(t, `{"envelope_id":"E3","payload":{}}`)
	if bot.log.count("index out of range [14] with length 2") == 0 || bot.log.count("panic=string") != 1 {
		t.Errorf("the panics are not logged:\n%s", bot.log)
	}
}

func TestSlowReceiversHoldUpNothingElse(t *testing.T) {
	server := newServer(t)
	arrived, release := make(chan struct{}), make(chan struct{})
	config := quick()
	config.MaxReceives, config.MaxWaiting = 1, 1
	config.Receiver = blocking(arrived, release)
	bot := start(t, server, config)
	peer := server.next(t)
	peer.hello(1, 3600)
	for number := range 50 {
		peer.slash(fmt.Sprintf("E%d", number))
	}
	for range 48 {
		bot.event(t, socket.EventEnvelopeDropped)
	}
	peer.ping("Ping from applink-1")
	if got := wait(t, "a pong", peer.pongs); got != "Ping from applink-1" {
		t.Errorf("pong = %q", got)
	}
	if lines := bot.log.count("too many envelopes"); lines != 1 {
		t.Errorf("%d lines about dropped envelopes, want 1", lines)
	}
	close(release)
	wait(t, "the first envelope", arrived)
	wait(t, "the second envelope", arrived)
	acks := wait(t, "an ack", peer.texts) + wait(t, "an ack", peer.texts)
	if !strings.Contains(acks, `"E0"`) || !strings.Contains(acks, `"E1"`) {
		t.Errorf("acks = %s, want those of E0 and E1", acks)
	}
	bot.stop(t)
	if len(peer.texts) != 0 {
		t.Errorf("a dropped envelope was acked: %s", <-peer.texts)
	}
}
