package socket

import (
	"bytes"
	"encoding/json"
	"errors"
	"math"
	"strconv"
	"time"

	jsonv1 "github.com/go-json-experiment/json/v1"
)

// maxIDBytes bounds an envelope's ID (Slack's are UUIDs): the ack repeats it in a small frame.
const maxIDBytes = 255

// Envelope is one delivery from Slack: a slash command, an interaction, an event. The same one may
// come more than once, with the same ID.
type Envelope struct {
	ID                     string
	Type                   string          // slash_commands, interactive, events_api
	Payload                json.RawMessage // what Slack would have posted over HTTP
	AcceptsResponsePayload bool            // whether the ack may carry a payload
	RetryAttempt           int             // 0 = the first try; events_api only
	RetryReason            string
}

// Hello is what Slack says of a new socket.
type Hello struct {
	AppID string
	// Connections is the number of open sockets of the app, of all processes, with this one.
	Connections int
	// ConnectionTime is how long Slack means to keep the socket; 0 = it did not say.
	ConnectionTime time.Duration
	Host           string
}

// message is one text frame. What not every message has, or what has come in several JSON types,
// stays raw, so that a surprise there does not cost the envelope.
type message struct {
	Type           string          `json:"type"`
	EnvelopeID     string          `json:"envelope_id"`
	Payload        json.RawMessage `json:"payload"`
	Accepts        json.RawMessage `json:"accepts_response_payload"`
	RetryAttempt   json.RawMessage `json:"retry_attempt"`
	RetryReason    json.RawMessage `json:"retry_reason"`
	Reason         json.RawMessage `json:"reason"`
	NumConnections json.RawMessage `json:"num_connections"`
	ConnectionInfo json.RawMessage `json:"connection_info"`
	DebugInfo      json.RawMessage `json:"debug_info"`
}

func parseMessage(frame []byte) (message, error) {
	if trimmed := bytes.TrimLeft(frame, " \t\r\n"); len(trimmed) == 0 || trimmed[0] != '{' {
		return message{}, errors.New("not a JSON object")
	}
	var parsed message
	err := jsonv1.Unmarshal(frame, &parsed) // like encoding/json, in less than half the time
	return parsed, err
}

func (m message) envelope() Envelope {
	return Envelope{
		ID:                     m.EnvelopeID,
		Type:                   m.Type,
		Payload:                m.Payload,
		AcceptsResponsePayload: unquote(m.Accepts) == "true",
		RetryAttempt:           int(number(m.RetryAttempt)),
		RetryReason:            unquote(m.RetryReason),
	}
}

func (m message) hello() Hello {
	var info struct {
		AppID json.RawMessage `json:"app_id"`
	}
	var debug struct {
		Host json.RawMessage `json:"host"`
		Time json.RawMessage `json:"approximate_connection_time"`
	}
	// Neither is needed to work: what cannot be read stays empty.
	_ = json.Unmarshal(m.ConnectionInfo, &info)
	_ = json.Unmarshal(m.DebugInfo, &debug)
	return Hello{
		AppID:          unquote(info.AppID),
		Connections:    int(number(m.NumConnections)),
		ConnectionTime: time.Duration(number(debug.Time)) * time.Second,
		Host:           unquote(debug.Host),
	}
}

// unquote returns the text of a JSON string, of a number or of a bool; "" for anything else.
func unquote(raw json.RawMessage) string {
	if raw = bytes.TrimSpace(raw); len(raw) == 0 {
		return ""
	}
	switch raw[0] {
	case '"', 'n': // null is no text
		var text string
		_ = json.Unmarshal(raw, &text)
		return text
	case '{', '[':
		return ""
	}
	return string(raw)
}

// number returns a count from a JSON number or a string that holds one, at most 30 days of
// seconds; 0 for anything else.
func number(raw json.RawMessage) int64 {
	const most = 30 * 24 * 60 * 60
	parsed, err := strconv.ParseFloat(unquote(raw), 64)
	if err != nil || math.IsNaN(parsed) || parsed <= 0 {
		return 0
	}
	return int64(min(parsed, most))
}
