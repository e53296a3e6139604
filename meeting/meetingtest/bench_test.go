package meetingtest_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/meeting/meetingtest"
)

// bench is a stand-in with meetings that run, asked without a network.
type bench struct {
	*meetingtest.Server
	b      *testing.B
	access string
}

func newBench(b *testing.B, meetings int) *bench {
	b.Helper()
	now := time.Now()
	s := &bench{b: b, Server: meetingtest.New(meetingtest.Config{Account: account, Password: password, Quota: -1})}
	b.Cleanup(s.Close)
	for i := range meetings {
		s.Add(meetingtest.Meeting{
			ID: fmt.Sprintf("9%08d", i), Start: now.Add(time.Duration(i-meetings) * time.Millisecond), End: now.Add(24 * time.Hour),
			Subject: "Bench", People: 2, ChairPassword: "111111", MaxTotalMinutes: -1,
		})
	}
	s.access = s.ask(http.MethodPost, loginPath, loginBody, "Authorization", basic(account, password))["accessToken"].(string)
	return s
}

func (s *bench) serve(method, path, body string, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequestWithContext(s.b.Context(), method, path, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json;charset=UTF-8")
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	if w.Code != http.StatusOK {
		s.b.Fatal(w.Body.String())
	}
	return w
}

func (s *bench) ask(method, path, body string, header ...string) map[string]any {
	var answer map[string]any
	if err := json.Unmarshal(s.serve(method, path, body, header...).Body.Bytes(), &answer); err != nil {
		s.b.Fatal(err)
	}
	return answer
}

func BenchmarkOnlineList(b *testing.B) {
	for _, meetings := range []int{100, 10_000, 100_000} {
		b.Run(fmt.Sprint(meetings), func(b *testing.B) {
			s := newBench(b, meetings)
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				offset := i * 500 % meetings
				s.serve(http.MethodGet, fmt.Sprintf("%s?queryAll=true&limit=500&offset=%d", onlinePath, offset), "", "X-Access-Token", s.access)
			}
		})
	}
}

// BenchmarkExtensions is as the load of the bot has it: a list for every six extensions, of a hundred meetings.
func BenchmarkExtensions(b *testing.B) {
	s := newBench(b, 100)
	var control []string
	for i := range 100 {
		token := s.ask(http.MethodGet, fmt.Sprintf("%s9%08d", tokenPath, i), "", "X-Password", "111111", "X-Login-Type", "1")
		control = append(control, token["data"].(map[string]any)["token"].(string))
	}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		id := fmt.Sprintf("9%08d", i%100)
		s.serve(http.MethodPut, durationPath+id, `{"auto":0,"duration":1}`, "X-Conference-Authorization", control[i%100])
		if i%6 == 0 {
			s.serve(http.MethodGet, onlinePath+"?queryAll=true&limit=500&offset=0", "", "X-Access-Token", s.access)
		}
	}
}
