package meeting_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/overtime-bot/overtime/meeting"
)

func TestMain(m *testing.M) {
	if meetings := os.Getenv(serveCrowd); meetings != "" {
		serveMeetings(meetings)
	}
	// net/http lingers half a second over a connection whose request it did not read to the end.
	goleak.VerifyTestMain(m, goleak.IgnoreAnyFunction("net/http.(*conn).closeWriteAndWait"))
}

const (
	loginPath     = "/v1/usg/acs/auth/account"
	appLoginPath  = "/v2/usg/acs/auth/appauth"
	logoutPath    = "/v1/usg/acs/token"
	listPath      = "/v1/mmc/management/conferences/online"
	detailPath    = listPath + "/confDetail"
	attendeesPath = listPath + "/conf-attendee"
	controlPath   = "/v1/mmc/control/conferences/token"
	extendPath    = "/v1/mmc/control/conferences/duration"
	bookPath      = "/v1/usg/abs/users"
	roomsPath     = "/v1/usg/dcs/member/vmr"

	loginPassword = "login-password-Zq7"
	chairPassword = "428519"
	controlToken  = "cnrb426ca3821f8a18e"
)

// seen is one request as the service got it.
type seen struct {
	method, path, query, body string
	header                    http.Header
}

// service answers as the vendor's reference does, and records what it was asked.
type service struct {
	*httptest.Server
	mutex    sync.Mutex
	requests []seen
	handlers map[string]http.HandlerFunc
	now      time.Time
}

func newService(t *testing.T) *service {
	t.Helper()
	s := &service{handlers: make(map[string]http.HandlerFunc), now: time.Date(2026, 3, 4, 10, 0, 0, 0, time.UTC)}
	s.Server = httptest.NewServer(s)
	t.Cleanup(s.Close)
	s.on(loginPath, func(w http.ResponseWriter, _ *http.Request) { s.grantLogin(w) })
	s.on(appLoginPath, func(w http.ResponseWriter, _ *http.Request) { s.grantLogin(w) })
	s.on(logoutPath, reply(200, ""))
	s.on(listPath, reply(200, list(sample)))
	s.on(detailPath, reply(200, detail(sample)))
	s.on(controlPath, func(w http.ResponseWriter, _ *http.Request) { s.grantControl(w, 1) })
	s.on(extendPath, reply(200, ""))
	return s
}

const sample = `{"conferenceID":"914083136","confUUID":"u1","vmrConferenceID":"980001","subject":"Weekly",
	"startTime":"2026-03-04 09:00","endTime":"2026-03-04 10:30","conferenceState":"Created","userUUID":"host-1",
	"scheduserName":"Ana","onlineAttendeeAmount":3,"confConfigInfo":{"prolongLength":15},
	"chairJoinUri":"https://c.example/#/j/914083136/secretjoin",
	"passwordEntry":[{"conferenceRole":"general","password":"111"},{"conferenceRole":"chair","password":"428519"}]}`

func list(entries ...string) string {
	return fmt.Sprintf(`{"offset":0,"limit":500,"count":%d,"data":[%s]}`, len(entries), strings.Join(entries, ","))
}

func detail(conference string, people ...string) string {
	return fmt.Sprintf(`{"conferenceData":%s,"data":%s}`, conference, list(people...))
}

func refuse(status int, code string) http.HandlerFunc {
	return reply(status, fmt.Sprintf(`{"error_code":%q,"error_msg":"NO_%s"}`, code, code))
}

func reply(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json;charset=UTF-8")
		w.Header().Set("X-Request-Id", "f78b007e")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

func (s *service) grantLogin(w http.ResponseWriter) {
	now := s.clock()
	_, _ = fmt.Fprintf(w, `{"accessToken":"access-%d","createTime":%d,"expireTime":%d,"validPeriod":43200}`,
		s.count(loginPath)+s.count(appLoginPath), now.UnixMilli(), now.Add(12*time.Hour).Unix())
}

func (s *service) grantControl(w http.ResponseWriter, role int) {
	_, _ = fmt.Fprintf(w, `{"data":{"token":%q,"role":%d,"expireTime":%d,"confTokenExpireTime":1800}}`,
		fmt.Sprintf("%s%d", controlToken, s.count(controlPath)), role, s.clock().Add(30*time.Minute).UnixMilli())
}

func (s *service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	s.mutex.Lock()
	s.requests = append(s.requests, seen{r.Method, r.URL.Path, r.URL.RawQuery, string(body), r.Header.Clone()})
	handler := s.handlers[r.URL.Path]
	s.mutex.Unlock()
	if handler == nil {
		http.NotFound(w, r)
		return
	}
	handler(w, r)
}

func (s *service) on(path string, handler http.HandlerFunc) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.handlers[path] = handler
}

// inTurn answers with each handler once, and with the last from then on.
func inTurn(handlers ...http.HandlerFunc) http.HandlerFunc {
	var mutex sync.Mutex
	return func(w http.ResponseWriter, r *http.Request) {
		mutex.Lock()
		next := handlers[0]
		if len(handlers) > 1 {
			handlers = handlers[1:]
		}
		mutex.Unlock()
		next(w, r)
	}
}

func (s *service) got(path string) []seen {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return slices.DeleteFunc(slices.Clone(s.requests), func(r seen) bool { return r.path != path })
}

func (s *service) count(path string) int { return len(s.got(path)) }

func (s *service) clock() time.Time {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.now
}

func (s *service) advance(by time.Duration) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.now = s.now.Add(by)
}

func (s *service) config() meeting.Config {
	return meeting.Config{
		BaseURL: s.URL, Account: "bot@example", Password: loginPassword, QueryAll: true, Now: s.clock,
	}
}

func (s *service) client(t *testing.T) *meeting.Client { return open(t, s.config()) }

func open(t *testing.T, config meeting.Config) *meeting.Client {
	t.Helper()
	client, err := meeting.New(config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.Close(context.Background()) })
	return client
}

func wantCount(t *testing.T, s *service, path string, want int) {
	t.Helper()
	if got := s.count(path); got != want {
		t.Errorf("%d calls of %s, want %d", got, path, want)
	}
}

// together runs the function in n goroutines that start at once, and returns their errors.
func together(n int, run func() error) []error {
	errs := make([]error, n)
	begin := make(chan struct{})
	var group sync.WaitGroup
	for index := range n {
		group.Go(func() {
			<-begin
			errs[index] = run()
		})
	}
	close(begin)
	group.Wait()
	return errs
}

func jsonFields(t *testing.T, text string) map[string]any {
	t.Helper()
	var fields map[string]any
	if err := json.Unmarshal([]byte(text), &fields); err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	return fields
}
