package meetingtest_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/overtime-bot/overtime/meeting/meetingtest"
)

func TestMain(m *testing.M) {
	// net/http lingers half a second over a connection whose request it did not read to the end.
	goleak.VerifyTestMain(m, goleak.IgnoreAnyFunction("net/http.(*conn).closeWriteAndWait"))
}

const (
	tokenPath    = "/v1/mmc/control/conferences/token?conferenceID="
	durationPath = "/v1/mmc/control/conferences/duration?conferenceID="
	onlinePath   = "/v1/mmc/management/conferences/online"
	listPath     = "/v1/mmc/management/conferences"
	detailPath   = "/v1/mmc/management/conferences/online/confDetail?conferenceID="
	loginPath    = "/v1/usg/acs/auth/account"
	account      = "bot@example"
	password     = "correct horse"
	meetingID    = "914083136"
)

// clock is moved by hand.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *clock {
	return &clock{now: time.Date(2026, 3, 2, 14, 0, 0, 0, time.UTC)}
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// service is a stand-in on loopback with a raw client.
type service struct {
	*meetingtest.Server
	t      *testing.T
	clock  *clock
	url    string
	client *http.Client
	access string
}

func start(t *testing.T, change func(*meetingtest.Config)) *service {
	t.Helper()
	config := meetingtest.Config{
		Account: account, Password: password, AccountUUID: "uuid-bot", AccountName: "Bot", AccountEmail: "bot@example.com",
	}
	c := newClock()
	config.Now = c.Now
	if change != nil {
		change(&config)
	}
	server := meetingtest.New(config)
	url, err := server.Start()
	if err != nil {
		t.Fatal(err)
	}
	transport := &http.Transport{}
	s := &service{Server: server, t: t, clock: c, url: url, client: &http.Client{
		Transport:     transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
	t.Cleanup(func() {
		transport.CloseIdleConnections()
		server.Close()
	})
	return s
}

// running is a service with the one meeting, from 14:00 to 15:00, and a client that is logged in.
func running(t *testing.T, change func(*meetingtest.Config)) *service {
	t.Helper()
	s := start(t, change)
	s.Add(usual(s))
	s.login()
	return s
}

func usual(s *service) meetingtest.Meeting {
	now := s.clock.Now()
	return meetingtest.Meeting{
		ID: meetingID, Subject: "Weekly", Start: now, End: now.Add(time.Hour), People: 3,
		Host:          meetingtest.Host{UUID: "uuid-ana", Account: "ana@example", Name: "Ana", Email: "ana@example.com"},
		ChairPassword: "111111", GuestPassword: "222222",
	}
}

// reply is an answer, raw.
type reply struct {
	t      *testing.T
	status int
	header http.Header
	text   string
}

func (r reply) json() map[string]any {
	r.t.Helper()
	var m map[string]any
	if err := json.Unmarshal([]byte(r.text), &m); err != nil {
		r.t.Fatalf("answer %q: %v", r.text, err)
	}
	return m
}

// at walks into the JSON: names and indexes.
func (r reply) at(path ...any) any {
	r.t.Helper()
	var v any = r.json()
	for _, step := range path {
		switch step := step.(type) {
		case string:
			v = v.(map[string]any)[step]
		case int:
			v = v.([]any)[step]
		}
	}
	return v
}

func (r reply) want(status int, code string) reply {
	r.t.Helper()
	if r.status != status {
		r.t.Fatalf("status %d, want %d: %s", r.status, status, r.text)
	}
	if code != "" {
		if got := r.at("error_code"); got != code {
			r.t.Fatalf("error_code %v, want %s", got, code)
		}
		if r.at("error_msg") == "" {
			r.t.Fatalf("no error_msg: %s", r.text)
		}
	}
	return r
}

func (s *service) request(ctx context.Context, method, path, body string, headers ...string) *http.Request {
	s.t.Helper()
	r, err := http.NewRequestWithContext(ctx, method, s.url+path, bytes.NewReader([]byte(body)))
	if err != nil {
		s.t.Fatal(err)
	}
	r.GetBody = nil // net/http must not send it again by itself
	if body != "" {
		r.Header.Set("Content-Type", "application/json;charset=UTF-8")
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	return r
}

// try makes a call and returns the transport's error.
func (s *service) try(method, path, body string, headers ...string) (reply, error) {
	s.t.Helper()
	response, err := s.client.Do(s.request(s.t.Context(), method, path, body, headers...))
	if err != nil {
		return reply{}, err
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	if response.Header.Get("X-Request-Id") == "" {
		s.t.Errorf("%s %s: no X-Request-Id", method, path)
	}
	return reply{s.t, response.StatusCode, response.Header, string(text)}, err
}

func (s *service) call(method, path, body string, headers ...string) reply {
	s.t.Helper()
	r, err := s.try(method, path, body, headers...)
	if err != nil {
		s.t.Fatal(err)
	}
	return r
}

// get reads with the access token.
func (s *service) get(path string) reply {
	s.t.Helper()
	return s.call(http.MethodGet, path, "", "X-Access-Token", s.access)
}

func basic(name, secret string) string {
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(name+":"+secret))
}

func (s *service) loginAs(name, secret, body string) reply {
	s.t.Helper()
	return s.call(http.MethodPost, loginPath, body, "Authorization", basic(name, secret))
}

const loginBody = `{"account":"` + account + `","clientType":72}`

func (s *service) login() string {
	s.t.Helper()
	s.access = s.loginAs(account, password, loginBody).want(200, "").at("accessToken").(string)
	return s.access
}

func (s *service) tokenWith(id, secret string) reply {
	s.t.Helper()
	return s.call(http.MethodGet, tokenPath+id, "", "X-Password", secret, "X-Login-Type", "1")
}

// control returns a control token of the host's.
func (s *service) control(id string) string {
	s.t.Helper()
	return s.tokenWith(id, "111111").want(200, "").at("data", "token").(string)
}

func (s *service) extend(control, body string) reply {
	s.t.Helper()
	return s.call(http.MethodPut, durationPath+meetingID, body, "X-Conference-Authorization", control)
}

func (s *service) wantEnd(id, clockTime string) {
	s.t.Helper()
	end, found := s.End(id)
	if !found || end.Format("15:04") != clockTime {
		s.t.Fatalf("end of %s: %v %v, want %s", id, end, found, clockTime)
	}
}

// shownEnd is the end time in the online list.
func (s *service) shownEnd() string {
	s.t.Helper()
	return s.get(onlinePath+"?queryAll=true").want(200, "").at("data", 0, "endTime").(string)
}

func (s *service) wantEffects(n int) {
	s.t.Helper()
	if effects := s.Effects(meetingID); len(effects) != n {
		s.t.Fatalf("effects %+v, want %d", effects, n)
	}
}

func contains(t *testing.T, text, part string) {
	t.Helper()
	if !strings.Contains(text, part) {
		t.Fatalf("%q has no %q", text, part)
	}
}
