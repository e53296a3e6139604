package main

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
)

type roundTrip func(*http.Request) (*http.Response, error)

func (r roundTrip) RoundTrip(request *http.Request) (*http.Response, error) { return r(request) }

// Each way in which a call to Slack can come out is counted, and the caller gets the whole answer.
func TestSlackCallsAreCounted(t *testing.T) {
	long := `{"ok":true,"members":"` + strings.Repeat("x", 2*longestVerdict) + `"}`
	for _, test := range []struct {
		path   string
		status int
		answer string
		series string
	}{
		{"/api/chat.postMessage", 200, `{"ok":true}`, `code="ok",method="chat.postMessage"`},
		{"/api/users.info", 200, `{"ok":false,"error":"user_not_found"}`, `code="user_not_found",method="users.info"`},
		{"/api/chat.update", 200, `{"ok":false,"error":"rate_limited"}`, `code="ratelimited",method="chat.update"`},
		{"/api/chat.update", 429, ``, `code="ratelimited",method="chat.update"`},
		{"/api/views.open", 503, `<html>`, `code="http_503",method="views.open"`},
		{"/api/views.open", 200, `<html>`, `code="other",method="views.open"`},
		{"/api/views.open", 200, `{"ok":false,"error":"xoxb-1-SECRET\n"}`, `code="other",method="views.open"`},
		{"/api/usergroups.users.list", 200, long, `code="ok",method="usergroups.users.list"`},
		{"/commands/T1/2/SECRET", 200, "ok", `code="ok",method="response_url"`},
		{"/commands/T1/2/SECRET", 404, "expired_url", `code="http_404",method="response_url"`},
		{"/api/users.info", 0, "", `code="no_answer",method="users.info"`},
	} {
		m := newMetrics()
		counted := newSlackCounter(roundTrip(func(*http.Request) (*http.Response, error) {
			if test.status == 0 {
				return nil, errors.New("reset")
			}
			return &http.Response{StatusCode: test.status, Body: io.NopCloser(strings.NewReader(test.answer))}, nil
		}), "https://slack.com/api/", m.slackCall)
		request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "https://slack.com"+test.path, nil)
		if err != nil {
			t.Fatal(err)
		}
		if response, err := counted.RoundTrip(request); err == nil {
			if read, _ := io.ReadAll(response.Body); string(read) != test.answer {
				t.Errorf("%v: the caller reads %d bytes", test, len(read))
			}
			_ = response.Body.Close()
		}
		series := seriesOf(t, m)
		if series["overtime_slack_calls_total{"+test.series+"}"] != 1 {
			t.Errorf("%s %d %.40s: %s is not 1", test.path, test.status, test.answer, test.series)
		}
		throttled := strings.Contains(test.series, "ratelimited")
		if got := series[`overtime_throttled_total{service="slack"}`]; got != number(throttled) {
			t.Errorf("%s: throttled %v", test.series, got)
		}
		if strings.Contains(fmt.Sprint(series), "SECRET") {
			t.Errorf("%s: a secret is in the metrics", test.path)
		}
	}
}
