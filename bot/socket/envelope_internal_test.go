package socket

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
)

// Whatever comes, the parser neither panics nor makes up numbers that are out of all proportion,
// and every envelope that it lets through can be acked in one frame.
func FuzzParseMessage(f *testing.F) {
	for _, seed := range []string{
		`{"type":"hello","num_connections":1,"connection_info":{"app_id":"A0123"},"debug_info":{"host":"applink-1","approximate_connection_time":18060}}`,
		`{"envelope_id":"E1","type":"events_api","accepts_response_payload":false,"retry_attempt":"2","retry_reason":"timeout","payload":{}}`,
		`{"type":"disconnect","reason":"warning"}`,
		`{"num_connections":"1e300","debug_info":{"approximate_connection_time":"NaN"}}`,
		`{"envelope_id":"` + strings.Repeat(`\u2028`, 85) + `","type":"slash_commands"}`,
		` [] `, `null`, `{`, ``,
	} {
		f.Add([]byte(seed))
	}
	client := New(Config{})
	f.Fuzz(func(t *testing.T, frame []byte) {
		parsed, err := parseMessage(frame)
		if err != nil {
			return
		}
		hello := parsed.hello()
		if hello.Connections < 0 || hello.ConnectionTime < 0 || hello.ConnectionTime > 31*24*time.Hour {
			t.Errorf("hello = %+v", hello)
		}
		envelope := parsed.envelope()
		if envelope.RetryAttempt < 0 {
			t.Errorf("envelope = %+v", envelope)
		}
		if len(envelope.ID) > maxIDBytes {
			return
		}
		encoded := client.encodeAck(envelope, envelope.Payload)
		var back ack
		if err := json.Unmarshal(encoded, &back); err != nil || back.EnvelopeID != envelope.ID || len(encoded) > maxAckBytes {
			t.Errorf("ack of %q = %s (%v)", envelope.ID, encoded, err)
		}
	})
}
