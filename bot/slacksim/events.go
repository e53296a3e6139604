package slacksim

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Event sends an event of the Events API, given as the inner event's JSON. If it finds no socket or is not acked, it is
// sent again after Config.EventRetries, with the same event_id and a retry_attempt.
// https://docs.slack.dev/apis/events-api/#retries
func (s *Server) Event(inner json.RawMessage) (eventID string, err error) {
	eventID = "Ev" + strings.ToUpper(newUUID()[:8])
	payload, err := json.Marshal(object{
		"type": "event_callback", "event_id": eventID, "event_time": s.cfg.Now().Unix(), "token": "deprecated",
		"team_id": s.cfg.Team.ID, "api_app_id": AppID, "event": inner,
		"authorizations": []object{{
			"enterprise_id": nil, "team_id": s.cfg.Team.ID, "user_id": BotUserID, "is_bot": true,
			"is_enterprise_install": false,
		}},
	})
	if err != nil {
		return "", fmt.Errorf("encode event: %w", err)
	}
	s.tryEvent(payload, 0)
	return eventID, nil
}

// deliver sends an event to an app that has subscribed to it and has its scope, if it takes one. The caller holds mu.
func (s *Server) deliver(name, scope string, inner object) {
	if !slices.Contains(s.cfg.Events, name) || scope != "" && !s.has(scope) {
		return
	}
	raw, err := json.Marshal(inner)
	if err != nil {
		s.warn("an event could not be encoded: %v", err)
		return
	}
	s.timers.after(0, func() { _, _ = s.Event(raw) }) // of its own, since mu is held here
}

// tryEvent sends the event for the nth time, counted from 0.
func (s *Server) tryEvent(payload json.RawMessage, attempt int) {
	reason := ""
	if attempt > 0 {
		reason = "timeout"
	}
	id := newUUID()
	raw, _ := json.Marshal(object{ // of parts that were encoded before
		"envelope_id": id, "type": "events_api", "accepts_response_payload": false, "payload": payload,
		"retry_attempt": attempt, "retry_reason": reason,
	})
	e := newEnvelope(id, "events_api", false, raw)
	again := func() { s.retryEvent(payload, attempt) }
	e.onTimeout = again
	if s.dispatch(e) != nil {
		again()
	}
}

func (s *Server) retryEvent(payload json.RawMessage, attempt int) {
	if attempt >= len(s.cfg.EventRetries) {
		return
	}
	// At once is not within the failed attempt: its caller may hold mu.
	delay := max(s.cfg.EventRetries[attempt], time.Millisecond)
	s.timers.after(delay, func() { s.tryEvent(payload, attempt+1) })
}
