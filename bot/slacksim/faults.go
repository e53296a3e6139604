package slacksim

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"time"
)

// Failure is what happens to a call instead of its answer. The zero value of a field means that it does not apply.
type Failure struct {
	Error      string        // HTTP 200 with ok:false and this error
	Status     int           // this status, with Body or an HTML page; 429 with RetryAfter
	Body       string        // sent as it is, as JSON when Status is 0
	Location   string        // a redirect there: 307, which repeats body and headers, when Status is 0
	Endless    int           // an answer of so many bytes of JSON, which nobody should read to its end
	RetryAfter time.Duration // with 429, which it implies
	Delay      time.Duration // before anything else
	Hang       bool          // never answers; ends when the client gives up or the stand-in closes
	HangUp     bool          // the connection ends without an answer, and nothing was done
	AfterApply bool          // the call takes effect first, then it fails as the other fields say, or hangs up
	Times      int           // how many calls fail; 0 = one, negative = all until ClearFailures
	Struck     func()        // if set, is called each time that it strikes
}

// faultTable is what is to fail, by method; response_url is one of them.
type faultTable struct {
	queued map[string][]Failure
	calls  map[string]int
}

// FailNext makes the next call of a Web API method, or of "response_url", fail. Failures of a method queue up.
func (s *Server) FailNext(method string, failure Failure) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults.queued[method] = append(s.faults.queued[method], failure)
}

// ClearFailures drops the failures of these methods that have not struck yet, or all if none is named.
func (s *Server) ClearFailures(methods ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for method := range s.faults.queued {
		if len(methods) == 0 || slices.Contains(methods, method) {
			delete(s.faults.queued, method)
		}
	}
}

// Calls is how often a Web API method, or "response_url", was called, failures included.
func (s *Server) Calls(method string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.faults.calls[method]
}

const methodsCounted = 200 // bounds what unknown methods cost

// strike returns the failure of this call, if it is to fail.
func (s *Server) strike(method string) (Failure, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, known := s.faults.calls[method]; known || len(s.faults.calls) < methodsCounted {
		s.faults.calls[method]++
	}
	s.notify()
	queue := s.faults.queued[method]
	if len(queue) == 0 {
		return Failure{}, false
	}
	next := queue[0]
	switch {
	case next.Times > 1:
		queue[0].Times--
	case next.Times >= 0:
		s.faults.queued[method] = queue[1:]
	}
	return next, true
}

// failing makes the call fail if it is to fail. apply is what the call would do.
func (s *Server) failing(w http.ResponseWriter, r *http.Request, method string, apply func()) bool {
	failure, struck := s.strike(method)
	if !struck {
		return false
	}
	if failure.Struck != nil {
		failure.Struck()
	}
	// Read first, so that hanging up is no reset while the client still writes.
	body, _ := io.ReadAll(io.LimitReader(r.Body, maxBody+1))
	r.Body = io.NopCloser(bytes.NewReader(body))
	if failure.AfterApply {
		apply()
	}
	if failure.Delay > 0 && !s.pause(r, failure.Delay) {
		panic(http.ErrAbortHandler)
	}
	return failure.answer(s, w, r)
}

// answer says whether the failure took the place of the answer; one that is only a delay does not.
func (f Failure) answer(s *Server, w http.ResponseWriter, r *http.Request) bool {
	switch {
	case f.Hang:
		select {
		case <-r.Context().Done():
		case <-s.done:
		}
		panic(http.ErrAbortHandler)
	case f.RetryAfter > 0 || f.Status == http.StatusTooManyRequests:
		f.limit(w)
	case f.Location != "":
		w.Header().Set("Location", f.Location)
		w.WriteHeader(cmp.Or(f.Status, http.StatusTemporaryRedirect))
	case f.Endless > 0:
		f.pour(w)
	case f.Status != 0:
		f.page(w)
	case f.Body != "":
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		_, _ = io.WriteString(w, f.Body)
	case f.Error != "":
		writeJSON(w, http.StatusOK, object{"ok": false, "error": f.Error})
	case f.HangUp || f.AfterApply:
		panic(http.ErrAbortHandler)
	default:
		return false
	}
	return true
}

func (f Failure) limit(w http.ResponseWriter) {
	if f.RetryAfter > 0 {
		seconds := max(1, int((f.RetryAfter+time.Second-1)/time.Second))
		w.Header().Set("Retry-After", strconv.Itoa(seconds))
	}
	writeJSON(w, http.StatusTooManyRequests, object{"ok": false, "error": "ratelimited"})
}

func (f Failure) page(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(f.Status)
	if f.Body != "" {
		_, _ = io.WriteString(w, f.Body)
		return
	}
	_, _ = fmt.Fprintf(w, "<!DOCTYPE html><html><head><title>%d</title></head><body><h1>%s</h1></body></html>",
		f.Status, http.StatusText(f.Status))
}

// pour writes the answer until it is whole, or nobody reads on.
func (f Failure) pour(w http.ResponseWriter) {
	w.Header().Set("Content-Type", usualJSON)
	const begin, end = `{"ok":true,"padding":"`, `"}`
	_, err := io.WriteString(w, begin)
	piece := bytes.Repeat([]byte("x"), 64<<10)
	for left := f.Endless - len(begin+end); left > 0 && err == nil; left -= len(piece) {
		_, err = w.Write(piece[:min(left, len(piece))])
	}
	_, _ = io.WriteString(w, end)
}

// pause waits; false if the client gave up or the stand-in closes.
func (s *Server) pause(r *http.Request, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-r.Context().Done():
	case <-s.done:
	}
	return false
}

// discard is a response that nobody reads.
type discard struct{}

func (discard) Header() http.Header         { return http.Header{} }
func (discard) Write(p []byte) (int, error) { return len(p), nil }
func (discard) WriteHeader(int)             {}

// chosen returns the live sockets with these IDs, or all if none is given.
func (s *Server) chosen(ids []int) []*socket {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.DeleteFunc(s.sockets.all(), func(c *socket) bool {
		return len(ids) > 0 && !slices.Contains(ids, c.id)
	})
}

// DropSockets resets TCP connections without a word: all of them, or those that are named. It returns how many.
func (s *Server) DropSockets(ids ...int) int {
	chosen := s.chosen(ids)
	for _, socket := range chosen {
		socket.wire.reset()
	}
	return len(chosen)
}

// HalfOpen makes sockets silent in both directions, like a lost path: nothing is read or written and no ping comes, yet
// the connection stays and is given its share of the envelopes. After ZombieTimeout Slack notices.
func (s *Server) HalfOpen(ids ...int) int {
	chosen := s.chosen(ids)
	for _, socket := range chosen {
		socket.wire.stalled.Store(true)
	}
	return len(chosen)
}

// Disconnect sends a disconnect with the reason and closes the sockets: after WarningDelay for warning, else at once.
// link_disabled also switches Socket Mode off, so that each new socket is turned away until SetSocketMode(true).
func (s *Server) Disconnect(reason string, ids ...int) int {
	if reason == "link_disabled" {
		s.SetSocketMode(false)
	}
	chosen := s.chosen(ids)
	for _, socket := range chosen {
		_ = socket.write(disconnectFrame(reason))
		if reason == "warning" {
			s.timers.after(s.cfg.WarningDelay, func() { socket.sayGoodbye(closeNormal, "") })
			continue
		}
		socket.sayGoodbye(closeNormal, "")
	}
	return len(chosen)
}

// Garbage sends a text frame as it is to every socket, or to those that are named.
func (s *Server) Garbage(frame []byte, ids ...int) int {
	chosen := s.chosen(ids)
	for _, socket := range chosen {
		_ = socket.write(frame)
	}
	return len(chosen)
}

// DuplicateNext makes the next n envelopes arrive twice, with the same envelope_id, each time at a random socket.
func (s *Server) DuplicateNext(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.mail.twice = n
}

// Redeliver sends an envelope again, acked or not: to a random socket, or to each that is named.
func (s *Server) Redeliver(envelopeID string, ids ...int) error {
	s.mu.Lock()
	e, ok := s.mail.byID[envelopeID]
	open := len(s.sockets.live)
	gone := ok && e.raw == nil
	s.mu.Unlock()
	switch {
	case !ok || gone:
		return refuse("envelope_not_found")
	case open == 0:
		return refuse(ErrDispatchFailed.Error())
	case len(ids) == 0:
		s.send(e, nil)
		return nil
	}
	for _, socket := range s.chosen(ids) {
		s.send(e, socket)
	}
	return nil
}

// Deliver sends an envelope as it is written to a random socket. If it has an envelope_id its ack is expected.
func (s *Server) Deliver(raw []byte) error {
	var head struct {
		ID      string `json:"envelope_id"`
		Type    string `json:"type"`
		Accepts bool   `json:"accepts_response_payload"`
	}
	if err := json.Unmarshal(raw, &head); err != nil || head.ID == "" {
		for _, id := range s.SocketIDs() {
			s.Garbage(raw, id)
			return nil
		}
		return refuse(ErrDispatchFailed.Error())
	}
	if err := s.dispatch(newEnvelope(head.ID, head.Type, head.Accepts, slices.Clone(raw))); err != nil {
		return refuse(err.Error())
	}
	return nil
}
