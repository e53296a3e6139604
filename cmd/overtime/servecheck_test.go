package main

import (
	"bytes"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"testing"
)

// serveSays runs serve with these arguments, and leaves out when each line was written.
func serveSays(t *testing.T, environ []string, args ...string) (status int, printed, told string) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	status = run(t.Context(), append([]string{"serve", "--env-file", os.DevNull}, args...), environ, &stdout, &stderr)
	return status, stdout.String(), regexp.MustCompile(`time=\S+ `).ReplaceAllString(stderr.String(), "")
}

// A wrong configuration has the same lines and the same status with --check as without.
func TestServeCheckSaysWhatServeSays(t *testing.T) {
	for what, environ := range map[string][]string{
		"nothing":       nil,
		"several":       {"SLACK_BOT_TOKEN=xapp-1-A1-2-abc", "SLACK_APP_TOKEN=\"xapp-1\"", "MAX_MINUTES=many", "AUTO_EXTEND_LEAD=1s", "ALOWED_USERS=U012AB3CD"},
		"in JSON lines": {"LOG_FORMAT=json", "MAX_MINUTES=many", "ALOWED_USERS=U012AB3CD"},
	} {
		served, _, want := serveSays(t, environ)
		status, printed, got := serveSays(t, environ, "--check")
		if status != 1 || served != 1 || got != want || printed != "" || got == "" {
			t.Errorf("%s: %d %q, want as serve: %d %q; printed %q", what, status, got, served, want, printed)
		}
	}
}

// A right configuration has a word on standard output, and nothing is called, opened or made for it: a port in use, a
// service that is away and a database that is not there are no faults of it.
func TestServeCheckStartsNothing(t *testing.T) {
	service := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { t.Errorf("it calls %s", r.URL) }))
	defer service.Close()
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	defer taken.Close()
	folder := t.TempDir()
	environ := []string{
		"SLACK_BOT_TOKEN=xoxb-1-2-abc", "SLACK_APP_TOKEN=xapp-1-A1-2-abc", "MEETING_ACCOUNT=bot", "MEETING_PASSWORD=word", "SLACK_API_URL=" + service.URL + "/api/",
		"MEETING_API_URL=" + service.URL, "HTTP_ADDR=" + taken.Addr().String(), "DATABASE_URL=" + filepath.Join(folder, "overtime.db"), "ADMIN_USERS=U012AB3CD",
	}
	status, printed, told := serveSays(t, environ, "--check")
	if status != 0 || told != "" || printed != "the configuration is right; overtime doctor checks what it leads to\n" {
		t.Errorf("%d %q %q", status, printed, told)
	}
	if made, err := os.ReadDir(folder); err != nil || len(made) > 0 {
		t.Errorf("it made %v (%v)", made, err)
	}
}
