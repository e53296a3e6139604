package slacksim

import (
	"bytes"
	"encoding/json"
	"maps"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

const maxBody = 1 << 20 // bytes of a request

// object is a JSON object under construction.
type object = map[string]any

// apiError is an answer with ok:false.
type apiError struct {
	code     string
	messages []string // response_metadata.messages
	extra    object
}

func fail(code string) *apiError { return &apiError{code: code} }

func (e *apiError) body() object {
	body := object{"ok": false, "error": e.code}
	maps.Copy(body, e.extra)
	if len(e.messages) > 0 {
		body["response_metadata"] = object{"messages": e.messages}
	}
	return body
}

// call is one request to a method, after its token was checked.
type call struct {
	params params
	now    time.Time
}

// The rate tiers, in calls a minute: https://docs.slack.dev/apis/web-api/rate-limits
const (
	tier2 = 20
	tier3 = 50
	tier4 = 100
)

// method is one method of the Web API.
type method struct {
	do    func(*Server, *call) (object, *apiError) // called with mu held
	app   bool                                     // takes the app token, in the header alone
	open  bool                                     // takes no token
	scope string
	json  bool // takes a JSON body; the others ignore one, as Slack does
	tier  int  // calls a minute; 0 = Slack names no tier
}

func methods() map[string]method {
	return map[string]method{
		"api.test":                    {do: (*Server).apiTest, open: true, json: true},
		"auth.test":                   {do: (*Server).authTest, json: true},
		"apps.connections.open":       {do: (*Server).connectionsOpen, app: true, json: true, scope: "connections:write", tier: tier3},
		"bots.info":                   {do: (*Server).botsInfo, scope: "users:read", tier: tier3},
		"team.info":                   {do: (*Server).teamInfo, scope: "team:read", tier: tier3},
		"users.info":                  {do: (*Server).usersInfo, scope: "users:read", tier: tier4},
		"users.lookupByEmail":         {do: (*Server).usersLookupByEmail, scope: "users:read.email", tier: tier3},
		"usergroups.list":             {do: (*Server).usergroupsList, scope: "usergroups:read", tier: tier2},
		"usergroups.users.list":       {do: (*Server).usergroupsUsersList, scope: "usergroups:read", tier: tier2},
		"conversations.info":          {do: (*Server).conversationsInfo, tier: tier3},
		"conversations.members":       {do: (*Server).conversationsMembers, tier: tier4},
		"conversations.open":          {do: (*Server).conversationsOpen, json: true, scope: "im:write", tier: tier3},
		"chat.postMessage":            {do: (*Server).chatPostMessage, json: true, scope: "chat:write"},
		"chat.postEphemeral":          {do: (*Server).chatPostEphemeral, json: true, scope: "chat:write", tier: tier4},
		"chat.update":                 {do: (*Server).chatUpdate, json: true, scope: "chat:write", tier: tier3},
		"chat.delete":                 {do: (*Server).chatDelete, json: true, scope: "chat:write", tier: tier3},
		"chat.scheduleMessage":        {do: (*Server).chatScheduleMessage, json: true, scope: "chat:write", tier: tier3},
		"chat.deleteScheduledMessage": {do: (*Server).chatDeleteScheduledMessage, json: true, scope: "chat:write", tier: tier3},
		"views.open":                  {do: (*Server).viewsOpen, json: true, tier: tier4},
		"views.push":                  {do: (*Server).viewsPush, json: true, tier: tier4},
		"views.update":                {do: (*Server).viewsUpdate, json: true, tier: tier4},
		"views.publish":               {do: (*Server).viewsPublish, json: true, tier: tier4},
	}
}

// serveAPI is https://slack.com/api/.
func (s *Server) serveAPI(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("method")
	if s.failing(w, r, name, func() { s.answerAPI(discard{}, r, name) }) {
		return
	}
	s.answerAPI(w, r, name)
}

func (s *Server) answerAPI(w http.ResponseWriter, r *http.Request, name string) {
	method, known := s.methods[name]
	if !known {
		writeJSON(w, http.StatusOK, object{"ok": false, "error": "unknown_method", "req_method": name})
		return
	}
	params, problem := readParams(r, method)
	if problem != nil {
		writeJSON(w, http.StatusOK, problem.body())
		return
	}
	s.mu.Lock()
	body, problem := s.perform(r, name, method, params)
	granted := strings.Join(s.granted(method), ",")
	s.mu.Unlock()
	if problem != nil {
		s.writeProblem(w, problem)
		return
	}
	w.Header().Set("X-OAuth-Scopes", granted)
	if method.scope != "" {
		w.Header().Set("X-Accepted-OAuth-Scopes", method.scope)
	}
	body["ok"] = true
	writeJSON(w, http.StatusOK, body)
}

func (s *Server) perform(r *http.Request, name string, m method, p params) (object, *apiError) {
	if problem := s.authenticate(r, m, p); problem != nil {
		return nil, problem
	}
	if problem := s.authorise(m, m.scope); problem != nil {
		return nil, problem
	}
	now := s.cfg.Now()
	if m.tier > 0 && !s.cfg.NoTiers {
		if problem := s.spend("method "+name, float64(m.tier)/60, m.tier, now); problem != nil {
			return nil, problem
		}
	}
	if m.app && s.base == "" { // SetURL named none: take the address that the app uses
		s.base = "http://" + r.Host
		if r.TLS != nil {
			s.base = "https://" + r.Host
		}
	}
	s.postDue()
	return m.do(s, &call{params: p, now: now})
}

// authenticate checks the token: in the header, or for bot methods in the form. A token in a query or in a JSON body
// does not count.
func (s *Server) authenticate(r *http.Request, m method, p params) *apiError {
	if m.open {
		return nil
	}
	token, bearer := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !bearer {
		token = p.formToken
		if m.app && token != "" {
			return fail("not_authed")
		}
	}
	want, other := s.cfg.BotToken, s.cfg.AppToken
	if m.app {
		want, other = other, want
	}
	switch token {
	case "":
		return fail("not_authed")
	case want:
		return nil
	case other:
		return fail("not_allowed_token_type")
	}
	return fail("invalid_auth")
}

func (s *Server) granted(m method) []string {
	if m.app {
		return s.cfg.AppScopes
	}
	return s.scopes
}

// authorise checks that one of the comma-separated scopes was granted; an empty list needs none.
func (s *Server) authorise(m method, needed string) *apiError {
	if needed == "" {
		return nil
	}
	for scope := range strings.SplitSeq(needed, ",") {
		if slices.Contains(s.granted(m), scope) {
			return nil
		}
	}
	return &apiError{code: "missing_scope", extra: object{
		"needed": needed, "provided": strings.Join(s.granted(m), ","),
	}}
}

func (s *Server) has(scope string) bool { return slices.Contains(s.scopes, scope) }

func (s *Server) writeProblem(w http.ResponseWriter, problem *apiError) {
	status := http.StatusOK
	if wait, limited := problem.extra["retry_after"].(int); limited {
		w.Header().Set("Retry-After", strconv.Itoa(wait))
		delete(problem.extra, "retry_after")
		status = http.StatusTooManyRequests
	}
	writeJSON(w, status, problem.body())
}

// params are the arguments of a call, from a form, a query, or a JSON body.
type params struct {
	form      url.Values
	fields    map[string]json.RawMessage
	formToken string
}

func readParams(r *http.Request, m method) (params, *apiError) {
	p := params{form: r.URL.Query(), fields: map[string]json.RawMessage{}}
	p.form.Del("token") // a token in the address ends up in logs; Slack refuses it from newer apps
	if r.Method == http.MethodGet {
		return p, nil
	}
	if r.Method != http.MethodPost {
		return p, fail("method_not_supported")
	}
	body, err := readBody(r)
	if err != nil {
		return p, fail("request_timeout")
	}
	if len(body) == 0 {
		return p, nil
	}
	kind, options, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil {
		return p, fail("invalid_post_type")
	}
	problem := fail("invalid_post_type")
	switch kind {
	case "application/json":
		problem = p.readJSON(body, m)
	case "application/x-www-form-urlencoded":
		problem = p.readForm(body)
	case "multipart/form-data":
		problem = p.readMultipart(body, options["boundary"])
	}
	return p, problem
}

// usualJSON is how most clients write it.
const usualJSON = "application/json; charset=utf-8"

func isJSON(r *http.Request) bool {
	said := r.Header.Get("Content-Type")
	if said == usualJSON {
		return true
	}
	kind, _, _ := mime.ParseMediaType(said)
	return kind == "application/json"
}

// readBody reads the whole body, if it is not too long.
func readBody(r *http.Request) ([]byte, error) {
	var body bytes.Buffer
	body.Grow(int(min(max(r.ContentLength, 0), maxBody)) + bytes.MinRead)
	_, err := body.ReadFrom(http.MaxBytesReader(nil, r.Body, maxBody))
	return body.Bytes(), err
}

func (p *params) readJSON(body []byte, m method) *apiError {
	if !m.json {
		return nil
	}
	if err := json.Unmarshal(body, &p.fields); err != nil {
		var anything any
		if json.Unmarshal(body, &anything) == nil {
			return fail("json_not_object")
		}
		return fail("invalid_json")
	}
	return nil
}

func (p *params) readForm(body []byte) *apiError {
	values, err := url.ParseQuery(string(body))
	if err != nil {
		return fail("invalid_form_data")
	}
	p.add(values)
	return nil
}

func (p *params) readMultipart(body []byte, boundary string) *apiError {
	form, err := multipart.NewReader(bytes.NewReader(body), boundary).ReadForm(maxBody)
	if err != nil {
		return fail("invalid_form_data")
	}
	p.add(form.Value)
	_ = form.RemoveAll() // its temporary files, if any
	return nil
}

func (p *params) add(values url.Values) {
	p.formToken = values.Get("token")
	maps.Copy(p.form, values)
}

// text returns an argument as text; numbers and booleans of JSON as they are written.
func (p params) text(name string) string {
	if raw, ok := p.fields[name]; ok {
		var text string
		if json.Unmarshal(raw, &text) == nil {
			return text
		}
		return string(raw)
	}
	return p.form.Get(name)
}

// raw returns an argument that is JSON, whether it came as JSON or as text that holds JSON.
func (p params) raw(name string) json.RawMessage { return json.RawMessage(p.text(name)) }

// value returns an argument of a JSON body decoded, and any other as text.
func (p params) value(name string) any {
	raw, ok := p.fields[name]
	if !ok {
		return p.form.Get(name)
	}
	var value any
	_ = json.Unmarshal(raw, &value) // it was decoded with the body
	return value
}

func (p params) flag(name string) bool {
	value := p.text(name)
	return value == "true" || value == "1"
}

func emptyJSON(raw json.RawMessage) bool {
	text := string(bytes.TrimSpace(raw))
	return text == "" || text == "null" || text == "[]" || text == `""`
}

func writeJSON(w http.ResponseWriter, status int, body any) {
	encoded, err := json.Marshal(body)
	if err != nil {
		status, encoded = http.StatusInternalServerError, []byte(`{"ok":false,"error":"internal_error"}`)
	}
	w.Header().Set("Content-Type", usualJSON)
	w.WriteHeader(status)
	_, _ = w.Write(encoded)
}
