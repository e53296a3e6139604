package main

import (
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/meeting/meetingtest"
)

// dated is the meeting service, whose answers have a date that is so far ahead.
func dated(t *testing.T, on *stage, ahead time.Duration) (address string) {
	t.Helper()
	service, err := url.Parse(on.meetingsURL)
	if err != nil {
		t.Fatal(err)
	}
	proxy := httptest.NewServer(&httputil.ReverseProxy{
		Rewrite: func(request *httputil.ProxyRequest) { request.SetURL(service) },
		ModifyResponse: func(response *http.Response) error {
			response.Header.Set("Date", on.clock.Now().Add(ahead).UTC().Format(http.TimeFormat))
			return nil
		},
	})
	t.Cleanup(proxy.Close)
	return proxy.URL
}

// The service's answers are dated 25 minutes ahead: the log, the health page and every answer say so.
func TestClocksApart(t *testing.T) {
	p := newStagedPlay(t)
	p.start("MEETING_API_URL=" + dated(t, p.stage, 25*time.Minute))
	for _, line := range []string{"/extend 914083136 15", "/extend status 914083136", "/extend list", "/extend 111222333"} {
		wantContains(t, p.types(demoDana, line), "My clock and the meeting service's are 25 minutes apart")
	}
	state := p.program.health.readiness(t.Context())
	if reasons := strings.Join(state.Reasons, "; "); state.Ready || !strings.Contains(reasons, "the clock of this machine is 25m0s behind") {
		t.Errorf("%+v", state)
	}
	if err := p.stop(); err != nil {
		t.Error(err)
	}
	wantContains(t, p.log.String(), "level=ERROR msg=\"the clock of this machine is 25m0s behind that of the meeting service")
}

// The login by App ID is refused because of the clock: the same, with the reason.
func TestClockRefusesTheLogin(t *testing.T) {
	p := newStagedPlay(t)
	p.meetings.Inject(meetingtest.Fault{Op: meetingtest.OpAppLogin, Kind: meetingtest.Refuse, Status: 401, Code: "USG.206010057", Times: -1})
	p.start("MEETING_ACCOUNT=", "MEETING_PASSWORD=", "MEETING_APP_ID="+p.secrets.appID, "MEETING_APP_KEY="+p.secrets.appKey)
	wantContains(t, p.types(demoDana, "/extend 914083136 15"), "won't let me sign in, because my clock is wrong", "Nothing was extended")
	state := p.program.health.readiness(t.Context())
	if reasons := strings.Join(state.Reasons, "; "); state.Ready || !strings.Contains(reasons, "the clock of this machine is wrong") {
		t.Errorf("%+v", state)
	}
	wantContains(t, p.log.String(), "USG.206010057", "the clock of this machine is wrong")
}
