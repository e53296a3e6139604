package main

import (
	"encoding/json"
	"net/http"
	"time"
)

// panels serve what the page shows beside the conversation: the meetings, the clock, and what can be broken.
func (s *stage) panels() map[string]http.Handler {
	return map[string]http.Handler{
		"GET /sim/world":  http.HandlerFunc(s.world),
		"POST /sim/clock": http.HandlerFunc(s.moveClock),
		"POST /sim/break": http.HandlerFunc(s.breakOne),
	}
}

// panelMeeting is a meeting as the page shows it; times are Unix milliseconds.
type panelMeeting struct {
	ID       string `json:"id"`
	Subject  string `json:"subject"`
	Host     string `json:"host"`
	End      int64  `json:"end"`
	People   int    `json:"people"`
	Prolongs int    `json:"platform_extends"`
	State    string `json:"state"`
}

func (s *stage) world(w http.ResponseWriter, _ *http.Request) {
	meetings := []panelMeeting{}
	for _, m := range s.meetings.Meetings() {
		panel := panelMeeting{ID: m.ID, Subject: m.Subject, Host: m.Host.Name, End: m.End.UnixMilli(), People: m.People, State: "running"}
		if m.Scheduled {
			panel.State = "scheduled"
		}
		if m.ProlongMinutes != nil {
			panel.Prolongs = *m.ProlongMinutes
		}
		meetings = append(meetings, panel)
	}
	writeJSON(w, http.StatusOK, map[string]any{
		"now": s.clock.Now().UnixMilli(), "meetings": meetings, "breaks": breaks(s.slack, s.meetings),
	})
}

func (s *stage) moveClock(w http.ResponseWriter, r *http.Request) {
	var ask struct {
		ForwardSeconds int `json:"forward_seconds"`
	}
	if !readJSON(w, r, &ask) {
		return
	}
	if ask.ForwardSeconds < 1 || ask.ForwardSeconds > 24*60*60 {
		writeJSON(w, http.StatusBadRequest, map[string]any{"ok": false, "error": "forward_seconds must be 1 to 86400"})
		return
	}
	s.clock.Forward(time.Duration(ask.ForwardSeconds) * time.Second)
	writeJSON(w, http.StatusOK, map[string]any{"ok": true})
}

func (s *stage) breakOne(w http.ResponseWriter, r *http.Request) {
	var ask struct {
		ID string `json:"id"`
	}
	if !readJSON(w, r, &ask) {
		return
	}
	for _, b := range breaks(s.slack, s.meetings) {
		if b.ID == ask.ID {
			b.do()
			writeJSON(w, http.StatusOK, map[string]any{"ok": true})
			return
		}
	}
	writeJSON(w, http.StatusNotFound, map[string]any{"ok": false, "error": "no such break"})
}

func readJSON(w http.ResponseWriter, r *http.Request, into any) bool {
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 4096)).Decode(into); err != nil {
		writeJSON(w, http.StatusBadRequest, map[string]any{"ok": false, "error": "the body is not the JSON that is wanted"})
		return false
	}
	return true
}

func writeJSON(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // the reader may have left
}
