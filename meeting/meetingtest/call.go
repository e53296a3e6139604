package meetingtest

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// Op names a call of the API.
type Op string

// The calls that the service knows; OpUnknown is any other.
const (
	OpLogin         Op = "login"          // POST /v1/usg/acs/auth/account
	OpAppLogin      Op = "app_login"      // POST /v2/usg/acs/auth/appauth
	OpRefresh       Op = "refresh"        // PUT /v1/usg/acs/token
	OpValidate      Op = "validate"       // POST /v1/usg/acs/token/validate
	OpLogout        Op = "logout"         // DELETE /v1/usg/acs/token
	OpControlToken  Op = "control_token"  // GET /v1/mmc/control/conferences/token
	OpExtend        Op = "extend"         // PUT /v1/mmc/control/conferences/duration
	OpStop          Op = "stop"           // PUT /v1/mmc/control/conferences/stop
	OpOnline        Op = "online"         // GET /v1/mmc/management/conferences/online
	OpList          Op = "list"           // GET /v1/mmc/management/conferences
	OpHistory       Op = "history"        // GET /v1/mmc/management/conferences/history
	OpOnlineDetail  Op = "online_detail"  // GET /v1/mmc/management/conferences/online/confDetail
	OpDetail        Op = "detail"         // GET /v1/mmc/management/conferences/confDetail
	OpHistoryDetail Op = "history_detail" // GET /v1/mmc/management/conferences/history/confDetail
	OpAttendees     Op = "attendees"      // GET /v1/mmc/management/conferences/online/conf-attendee
	OpAddressBook   Op = "address_book"   // GET /v1/usg/abs/users
	OpMember        Op = "member"         // GET /v1/usg/dcs/member
	OpRooms         Op = "rooms"          // GET /v1/usg/dcs/member/vmr
	OpUnknown       Op = "unknown"
)

const (
	largestBody = 64 << 10
	wireTime    = "2006-01-02 15:04"
	usualJSON   = "application/json;charset=UTF-8" // as the reference writes it
)

type route struct {
	op     Op
	answer func(*Server, *call) answer
}

// table has a route for each method and path.
func (s *Server) table() map[string]route {
	const management, control = "/v1/mmc/management/conferences", "/v1/mmc/control/conferences"
	return map[string]route{
		"POST /v1/usg/acs/auth/account":               {OpLogin, (*Server).login},
		"POST /v2/usg/acs/auth/appauth":               {OpAppLogin, (*Server).appLogin},
		"PUT /v1/usg/acs/token":                       {OpRefresh, (*Server).refresh},
		"POST /v1/usg/acs/token/validate":             {OpValidate, (*Server).validate},
		"DELETE /v1/usg/acs/token":                    {OpLogout, (*Server).logout},
		"GET " + control + "/token":                   {OpControlToken, (*Server).controlToken},
		"PUT " + control + "/duration":                {OpExtend, (*Server).extend},
		"PUT " + control + "/stop":                    {OpStop, (*Server).stop},
		"GET " + management + "/online":               {OpOnline, asUser((*Server).onlineList)},
		"GET " + management:                           {OpList, asUser((*Server).notEndedList)},
		"GET " + management + "/history":              {OpHistory, asUser((*Server).historyList)},
		"GET " + management + "/online/confDetail":    {OpOnlineDetail, asUser((*Server).onlineDetail)},
		"GET " + management + "/confDetail":           {OpDetail, asUser((*Server).detail)},
		"GET " + management + "/history/confDetail":   {OpHistoryDetail, asUser((*Server).historyDetail)},
		"GET " + management + "/online/conf-attendee": {OpAttendees, asUser((*Server).attendees)},
		"GET /v1/usg/abs/users":                       {OpAddressBook, asUser((*Server).addressBook)},
		"GET /v1/usg/dcs/member":                      {OpMember, asUser((*Server).member)},
		"GET /v1/usg/dcs/member/vmr":                  {OpRooms, asUser((*Server).rooms)},
	}
}

// call is a request with what is wanted of it.
type call struct {
	op      Op
	request *http.Request
	query   url.Values
	body    []byte
	now     time.Time
	meeting string // the conference ID of the query
	id      string // X-Request-Id
}

// answer is what the service says. Without a body it is empty.
type answer struct {
	status int
	body   any
	list   *entryPage // instead of body
	raw    []byte     // instead of both
}

func ok(body any) answer { return answer{status: http.StatusOK, body: body} }

// ServeHTTP answers a call, unless a fault has it otherwise.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	closed := s.closed
	if !closed {
		s.handlers.Add(1) // Close waits for it
	}
	s.mu.Unlock()
	if closed {
		breakOff(w, false)
		return
	}
	defer s.handlers.Done()
	c, tooLarge := s.read(w, r)
	entry := s.arrived(c)
	w.Header().Set("X-Request-Id", c.id)
	w.Header().Set("Server", "api-gateway")
	w.Header().Set("Date", c.now.UTC().Format(http.TimeFormat))
	status := 0
	defer func() { s.answered(entry, status) }()
	status = s.serve(w, c, entry, tooLarge)
	s.config.Logger.Debug("meeting service called", "op", c.op, "path", r.URL.Path, "meeting", c.meeting, "status", status)
}

// read takes the whole body first: only then does net/http notice a client that hangs up.
func (s *Server) read(w http.ResponseWriter, r *http.Request) (c *call, tooLarge bool) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, largestBody))
	var limit *http.MaxBytesError
	query := r.URL.Query()
	c = &call{op: OpUnknown, request: r, query: query, body: body, now: s.config.Now(), id: token(16)}
	c.meeting = query.Get("conferenceID")
	if found, known := s.routes[r.Method+" "+r.URL.Path]; known {
		c.op = found.op
	}
	if c.op == OpAttendees {
		c.meeting = query.Get("conf_id")
	}
	return c, errors.As(err, &limit)
}

// serve returns the status that was sent; 0 if none was.
func (s *Server) serve(w http.ResponseWriter, c *call, entry *Call, tooLarge bool) int {
	found, known := s.routes[c.request.Method+" "+c.request.URL.Path]
	switch {
	case !known:
		return send(w, c.gatewayRefusal(http.StatusNotFound, apigUnknown, "The API does not exist or has not been published in the environment"))
	case tooLarge:
		return send(w, c.gatewayRefusal(http.StatusRequestEntityTooLarge, apigTooLarge, "The request body is too large"))
	}
	if refused, over := s.meter(w, c); over {
		return send(w, refused)
	}
	fault, latency := s.takeFault(c, entry)
	if fault.Struck != nil {
		fault.Struck(c.op, c.meeting)
	}
	if !s.pause(c, latency/2) || !s.hold(fault.Before, fault.HoldBefore) {
		breakOff(w, false)
		return 0
	}
	result := answer{status: http.StatusOK}
	if fault.Applied || fault.Kind == Late || fault.Kind == Truncated {
		c.now = s.config.Now()
		result = found.answer(s, c)
	}
	if !s.hold(fault.After, fault.HoldAfter) || !s.pause(c, latency-latency/2) {
		breakOff(w, false)
		return 0
	}
	return s.deliver(w, c, fault, result)
}

// pause waits for the latency; a client that hangs up cuts it short. It is false if the server closes.
func (s *Server) pause(c *call, d time.Duration) bool {
	if d <= 0 {
		return true
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-c.request.Context().Done():
	case <-s.closing:
	}
	select { // the server's own close ends the request too
	case <-s.closing:
		return false
	default:
		return true
	}
}

// hold waits for a fault. A client that hangs up changes nothing: the service has its request.
func (s *Server) hold(d time.Duration, until <-chan struct{}) bool {
	if d > 0 {
		timer := time.NewTimer(d)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-s.closing:
			return false
		}
	}
	if until == nil {
		return true
	}
	select {
	case <-until:
		return true
	case <-s.closing:
		return false
	}
}

func send(w http.ResponseWriter, a answer) int {
	body := a.raw
	switch {
	case a.list != nil:
		buffer := bodies.Get().(*[]byte)
		body = a.list.appendTo((*buffer)[:0])
		defer func() { *buffer = body; bodies.Put(buffer) }()
	case a.body != nil:
		body = encode(a.body)
	}
	if len(body) > 0 {
		w.Header().Set("Content-Type", usualJSON)
	}
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(a.status)
	_, _ = w.Write(body) // a client that is gone is not the service's concern
	return a.status
}

// bytes is the whole body.
func (a answer) bytes() []byte {
	switch {
	case a.list != nil:
		return a.list.appendTo(nil)
	case a.body != nil:
		return encode(a.body)
	}
	return a.raw
}

// decode reads the body into the value, and refuses what is missing or no JSON of that shape.
func (c *call) decode(into any, empty, malformed refusal) (answer, bool) {
	switch {
	case len(bytes.TrimSpace(c.body)) == 0:
		return empty.answer(), false
	case !isJSON(c.request.Header.Get("Content-Type")) || json.Unmarshal(c.body, into) != nil:
		return malformed.answer(), false
	}
	return answer{}, true
}

func isJSON(contentType string) bool {
	if contentType == usualJSON {
		return true
	}
	media, _, err := mime.ParseMediaType(contentType)
	return err == nil && media == "application/json"
}
