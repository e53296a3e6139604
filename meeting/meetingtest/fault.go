package meetingtest

import (
	"cmp"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Kind is what the client gets instead of the true answer.
type Kind string

// The kinds of faults.
const (
	Late      Kind = "late"      // the true answer; Before and After delay it
	HangUp    Kind = "hang_up"   // the connection is closed without an answer
	Reset     Kind = "reset"     // the connection is reset
	Hang      Kind = "hang"      // no answer until the client gives up
	Refuse    Kind = "refuse"    // Status, Code, Message and RetryAfter
	Malformed Kind = "malformed" // 200 and no JSON
	HTML      Kind = "html"      // a proxy's page, with Status (200)
	Truncated Kind = "truncated" // the true answer breaks off in its middle
	Redirect  Kind = "redirect"  // 307 to the same call; who follows it makes it twice
)

// Fault is something that goes wrong with the calls it is meant for.
type Fault struct {
	Op           Op     // every call if empty
	ConferenceID string // every meeting if empty
	Skip         int    // calls that go well first
	Times        int    // how often: 0 is once, negative until it is cleared

	Kind Kind // Late if empty
	// Applied: the call takes effect before it fails. With Late and Truncated it always does.
	Applied bool
	// Before the effect and After it, it waits so long, and until the channel is closed if there is one.
	// The effect comes also if the client has hung up by then.
	Before, After         time.Duration
	HoldBefore, HoldAfter <-chan struct{}

	Status        int    // of Refuse and HTML; by the Code if 0
	Code, Message string // of Refuse; by the Status if empty
	RetryAfter    string // of Refuse: the header, if not empty

	Struck func(op Op, meeting string) // if set, is called each time that it strikes; the meeting is empty where a call has none
}

// Inject adds a fault, and returns a function that removes it. The first fault that fits a call is used.
func (s *Server) Inject(f Fault) (remove func()) {
	f.Kind = cmp.Or(f.Kind, Late)
	f.Times = cmp.Or(f.Times, 1)
	fault := &f
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = append(s.faults, fault)
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.faults = slices.DeleteFunc(s.faults, func(other *Fault) bool { return other == fault })
	}
}

// ClearFaults removes all faults; what has begun goes on.
func (s *Server) ClearFaults() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = nil
}

// RefuseLogin makes both logins fail as with a wrong password, until the faults are cleared.
func (s *Server) RefuseLogin() {
	s.Inject(Fault{Op: OpLogin, Kind: Refuse, Times: -1, Code: wrongPassword.code})
	s.Inject(Fault{Op: OpAppLogin, Kind: Refuse, Times: -1, Code: appRefused.code})
}

// LockOut makes both logins fail as locked, until the faults are cleared.
func (s *Server) LockOut() {
	s.Inject(Fault{Op: OpLogin, Kind: Refuse, Times: -1, Code: accountLocked.code})
	s.Inject(Fault{Op: OpAppLogin, Kind: Refuse, Times: -1, Code: accountLocked.code})
}

// LockControl locks the meeting's control login as too many wrong passwords do, for Config.ControlLockFor.
func (s *Server) LockControl(id string) {
	s.change(id, func(r *run, now time.Time) { r.locked = now.Add(s.config.ControlLockFor) })
}

// takeFault returns the fault of this call, if any, and the latency.
func (s *Server) takeFault(c *call, entry *Call) (Fault, time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, f := range s.faults {
		if f.Op != "" && f.Op != c.op || f.ConferenceID != "" && f.ConferenceID != c.meeting {
			continue
		}
		if f.Skip > 0 {
			f.Skip--
			continue
		}
		if f.Times--; f.Times == 0 {
			s.faults = slices.Delete(s.faults, i, i+1)
		}
		entry.Fault = f.Kind
		return *f, s.latency
	}
	return Fault{Kind: Late}, s.latency
}

// deliver sends what the fault leaves of the answer, and returns the status; 0 if there was no answer.
func (s *Server) deliver(w http.ResponseWriter, c *call, f Fault, genuine answer) int {
	switch f.Kind {
	case HangUp:
		breakOff(w, false)
		return 0
	case Reset:
		breakOff(w, true)
		return 0
	case Hang:
		select {
		case <-c.request.Context().Done():
		case <-s.closing:
		}
		breakOff(w, false)
		return 0
	case Refuse:
		return f.refuse(w, c)
	case Malformed:
		return send(w, answer{status: http.StatusOK, raw: []byte(`{"count":1,"data":[{"conferenceID":`)})
	case HTML:
		return f.page(w)
	case Truncated:
		return truncate(w, genuine)
	case Redirect:
		w.Header().Set("Location", c.request.URL.RequestURI())
		return send(w, answer{status: http.StatusTemporaryRedirect})
	default:
		return send(w, genuine)
	}
}

func (f Fault) refuse(w http.ResponseWriter, c *call) int {
	if f.RetryAfter != "" {
		w.Header().Set("Retry-After", f.RetryAfter)
	}
	r := usual(f, c.op)
	if strings.HasPrefix(r.code, "APIG.") {
		return send(w, c.gatewayRefusal(r.status, r.code, r.msg))
	}
	return send(w, r.answer())
}

// usual fills in what the fault leaves open: the code of a status, the status of a code.
func usual(f Fault, op Op) refusal {
	known := byCode(f.Code)
	if f.Code == "" {
		known = byStatus(cmp.Or(f.Status, systemFailure.status), op)
	}
	return refusal{cmp.Or(f.Status, known.status), known.code, cmp.Or(f.Message, known.msg)}
}

func (f Fault) page(w http.ResponseWriter) int {
	status := cmp.Or(f.Status, http.StatusOK)
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = fmt.Fprintf(w, "<html><head><title>%d</title></head><body><h1>%s</h1></body></html>", status, http.StatusText(status))
	return status
}

// truncate promises the whole body and sends half of it; net/http then closes the connection.
func truncate(w http.ResponseWriter, a answer) int {
	body := a.bytes()
	w.Header().Set("Content-Type", usualJSON)
	w.Header().Set("Content-Length", strconv.Itoa(len(body)+1))
	w.WriteHeader(a.status)
	_, _ = w.Write(body[:len(body)/2])
	return a.status
}

// breakOff closes the connection without an answer, hard if it is to be reset.
func breakOff(w http.ResponseWriter, hard bool) {
	hijacker, able := w.(http.Hijacker)
	if !able { // HTTP/2, or no connection at all
		panic(http.ErrAbortHandler)
	}
	connection, _, err := hijacker.Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	if hard {
		lose(connection)
	}
	_ = connection.Close()
}

// lose makes the close a reset.
func lose(connection net.Conn) {
	if wrapped, is := connection.(interface{ NetConn() net.Conn }); is { // TLS
		connection = wrapped.NetConn()
	}
	if tcp, is := connection.(*net.TCPConn); is {
		_ = tcp.SetLinger(0)
	}
}
