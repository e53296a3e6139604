package main

import (
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"github.com/overtime-bot/overtime/meeting/meetingtest"
)

// panels serve what the page shows beside the conversation: the meetings, the clock, and what can be broken.
func (s *stage) panels() map[string]http.Handler {
	return map[string]http.Handler{
		"GET /sim/world":    http.HandlerFunc(s.world),
		"POST /sim/clock":   http.HandlerFunc(s.moveClock),
		"POST /sim/break":   http.HandlerFunc(s.breakOne),
		"POST /sim/meeting": http.HandlerFunc(s.addMeeting),
		"POST /sim/reset":   http.HandlerFunc(s.askForReset),
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
		"now": s.clock.Now().UnixMilli(), "meetings": meetings, "breaks": s.breaks.list(), "hosts": demoHostNames(),
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
	if !s.breaks.press(ask.ID) {
		writeJSON(w, http.StatusNotFound, map[string]any{"ok": false, "error": "no such break"})
		return
	}
	writeJSON(w, http.StatusOK, map[string]any{"ok": true})
}

// addMeeting lets a new meeting run.
func (s *stage) addMeeting(w http.ResponseWriter, r *http.Request) {
	var ask struct {
		Title, Host string
		Minutes     int
	}
	if !readJSON(w, r, &ask) {
		return
	}
	host, known := demoHost(ask.Host)
	if !known || ask.Minutes < 1 || ask.Minutes > 24*60 || strings.TrimSpace(ask.Title) == "" {
		writeJSON(w, http.StatusBadRequest, map[string]any{"ok": false, "error": "a meeting takes a title, a host who is known, and 1 to 1440 minutes"})
		return
	}
	onTime, now := 0, s.clock.Now().Truncate(time.Minute)
	id := s.meetings.Add(meetingtest.Meeting{
		Subject: ask.Title, Host: host, Start: now, End: now.Add(time.Duration(ask.Minutes) * time.Minute), People: 2, ProlongMinutes: &onTime,
	})
	writeJSON(w, http.StatusOK, map[string]any{"ok": true, "id": id})
}

// askForReset answers once the world is as it was.
func (s *stage) askForReset(w http.ResponseWriter, r *http.Request) {
	done := make(chan struct{})
	select {
	case s.resets <- done:
	case <-r.Context().Done():
		return
	case <-time.After(resetWithin):
		writeJSON(w, http.StatusServiceUnavailable, map[string]any{"ok": false, "error": "nobody resets here"})
		return
	}
	select {
	case <-done:
		writeJSON(w, http.StatusOK, map[string]any{"ok": true})
	case <-r.Context().Done():
	}
}

const resetWithin = 30 * time.Second // until a bot that is being assembled runs

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
