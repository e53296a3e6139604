package slacksim

import (
	"encoding/json"
	"errors"
	"net/http"
)

// pageActs are what a person can do on the page, by the last part of its path.
func (s *Server) pageActs() map[string]http.HandlerFunc {
	return map[string]http.HandlerFunc{
		"command":  s.serveCommand,
		"say":      s.serveSay,
		"open":     s.serveOpen,
		"shortcut": s.serveShortcut,
		"invite":   s.serveInvite,
		"press":    s.servePress,
		"submit":   s.serveSubmit,
		"dismiss":  s.serveDismiss,
		"suggest":  s.serveSuggest,
	}
}

// readPage decodes a request of the page, or answers that it cannot be read.
func readPage(w http.ResponseWriter, r *http.Request, into any) bool {
	if err := json.NewDecoder(r.Body).Decode(into); err != nil {
		refusePage(w, http.StatusBadRequest, "invalid_json")
		return false
	}
	return true
}

// finishPage answers the page with ok and these fields, or with the refusal.
func finishPage(w http.ResponseWriter, body object, err error) {
	var refusal *Refusal
	switch {
	case errors.As(err, &refusal):
		answer := object{"ok": false, "error": refusal.Code}
		if refusal.Hint != "" {
			answer["hint"] = refusal.Hint
		}
		writeJSON(w, http.StatusConflict, answer)
	case err != nil:
		refusePage(w, http.StatusInternalServerError, "internal_error")
	default:
		body["ok"] = true
		writeJSON(w, http.StatusOK, body)
	}
}

func (s *Server) serveCommand(w http.ResponseWriter, r *http.Request) {
	var said struct{ User, Channel, Text string }
	if !readPage(w, r, &said) {
		return
	}
	id, err := s.Command(said.User, said.Channel, said.Text)
	finishPage(w, object{"envelope_id": id}, err)
}

func (s *Server) serveSay(w http.ResponseWriter, r *http.Request) {
	var said struct {
		User, Channel, Text string
		ThreadTS            string `json:"thread_ts"`
	}
	if !readPage(w, r, &said) {
		return
	}
	ts, err := s.Say(said.User, said.Channel, said.ThreadTS, said.Text)
	finishPage(w, object{"ts": ts}, err)
}

func (s *Server) serveOpen(w http.ResponseWriter, r *http.Request) {
	var said struct{ User, Tab string }
	if !readPage(w, r, &said) {
		return
	}
	finishPage(w, object{}, s.OpenApp(said.User, said.Tab))
}

// serveShortcut takes a global shortcut, or one of the message that ts names.
func (s *Server) serveShortcut(w http.ResponseWriter, r *http.Request) {
	var said struct {
		User, Channel, TS string
		CallbackID        string `json:"callback_id"`
	}
	if !readPage(w, r, &said) {
		return
	}
	var err error
	if said.TS == "" {
		_, err = s.Shortcut(said.User, said.CallbackID)
	} else {
		_, err = s.MessageShortcut(said.User, said.Channel, said.TS, said.CallbackID)
	}
	finishPage(w, object{}, err)
}

func (s *Server) serveInvite(w http.ResponseWriter, r *http.Request) {
	var said struct{ User, Channel string }
	if !readPage(w, r, &said) {
		return
	}
	finishPage(w, object{}, s.Invite(said.User, said.Channel))
}

func (s *Server) servePress(w http.ResponseWriter, r *http.Request) {
	var press pressRequest
	if !readPage(w, r, &press) {
		return
	}
	_, err := s.press(press)
	finishPage(w, object{}, err)
}

func (s *Server) serveSubmit(w http.ResponseWriter, r *http.Request) {
	var said struct {
		User   string      `json:"user"`
		ViewID string      `json:"view_id"`
		Values inputValues `json:"values"`
	}
	if !readPage(w, r, &said) {
		return
	}
	_, err := s.Submit(said.User, said.ViewID, said.Values)
	finishPage(w, object{}, err)
}

func (s *Server) serveDismiss(w http.ResponseWriter, r *http.Request) {
	var said struct {
		User   string `json:"user"`
		ViewID string `json:"view_id"`
		All    bool   `json:"all"` // the cross: the whole stack
	}
	if !readPage(w, r, &said) {
		return
	}
	if said.All {
		finishPage(w, object{}, s.DismissAll(said.User, said.ViewID))
		return
	}
	finishPage(w, object{}, s.Dismiss(said.User, said.ViewID))
}

func (s *Server) serveSuggest(w http.ResponseWriter, r *http.Request) {
	var said suggestRequest
	if !readPage(w, r, &said) {
		return
	}
	options, err := s.suggest(r.Context(), said)
	finishPage(w, object{"options": options}, err)
}
