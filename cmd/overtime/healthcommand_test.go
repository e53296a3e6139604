package main

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
)

// page serves a health page at the address, and says which port it has.
func page(t *testing.T, address string, reasons ...string) (port int) {
	t.Helper()
	listener, err := net.Listen("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	h := new(healthPage)
	var checks []check
	for _, reason := range reasons {
		checks = append(checks, check{"", func(context.Context) string { return reason }})
	}
	h.started(checks, func() int { return 2 })
	h.serve(listener, prometheus.NewRegistry(), func(err error) { t.Error(err) })
	t.Cleanup(h.close)
	return listener.Addr().(*net.TCPAddr).Port
}

// health runs the command with nothing but this environment.
func health(t *testing.T, environ ...string) (status int, printed, told string) {
	t.Helper()
	t.Chdir(t.TempDir())
	var stdout, stderr bytes.Buffer
	status = run(t.Context(), []string{"health"}, environ, &stdout, &stderr)
	return status, stdout.String(), stderr.String()
}

// Wherever the bot listens, the same HTTP_ADDR finds it.
func TestHealthFindsThePage(t *testing.T) {
	addresses := map[string]string{
		"127.0.0.1:0": "127.0.0.1:%d", ":0": ":%d", "0.0.0.0:0": "0.0.0.0:%d", "localhost:0": "localhost:%d",
	}
	if listener, err := net.Listen("tcp", "[::1]:0"); err == nil { // the machine has IPv6
		_ = listener.Close()
		addresses["[::1]:0"], addresses["[::]:0"] = "[::1]:%d", "[::]:%d"
	}
	for listen, ask := range addresses {
		t.Run(ask, func(t *testing.T) {
			address := fmt.Sprintf(ask, page(t, listen))
			// A proxy, and faults of other variables, are none of its business.
			status, printed, told := health(t, "HTTP_ADDR="+address, "HTTP_PROXY=http://127.0.0.1:1", "MAX_MINUTES=many")
			if status != 0 || printed != "ready, live sockets: 2\n" || told != "" {
				t.Errorf("%d %q %q", status, printed, told)
			}
		})
	}
}

func TestHealthTellsTheReasons(t *testing.T) {
	address := fmt.Sprintf("127.0.0.1:%d", page(t, "127.0.0.1:0", "no live socket to Slack", "the clock is wrong"))
	status, printed, told := health(t, "HTTP_ADDR="+address)
	if status != 1 || printed != "" || told != "overtime: not ready: no live socket to Slack; the clock is wrong\n" {
		t.Errorf("%d %q %q", status, printed, told)
	}
}

func TestHealthReadsTheEnvFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "mine.env")
	line := fmt.Sprintf("HTTP_ADDR=127.0.0.1:%d\n", page(t, "127.0.0.1:0"))
	if err := os.WriteFile(path, []byte(line), 0o600); err != nil {
		t.Fatal(err)
	}
	var stdout, stderr bytes.Buffer
	if status := run(t.Context(), []string{"health", "--env-file", path}, nil, &stdout, &stderr); status != 0 {
		t.Errorf("%d %s", status, &stderr)
	}
}

// A name in the file that stands for another variable fails no health check; one that stands for HTTP_ADDR does.
func TestHealthMindsItsOwnVariableAlone(t *testing.T) {
	address := fmt.Sprintf("127.0.0.1:%d", page(t, "127.0.0.1:0"))
	for line, fault := range map[string]string{
		"DENIED_USER=U012AB3CD": "", "DATABASE_URI=x": "", "SLACK_TOKEN_FILE=/none": "", "MEETING_PASSWORD_FILE=/none": "",
		"HTTP_ADRR=127.0.0.1:1": "has HTTP_ADRR, which is not known: did you mean HTTP_ADDR?",
		"no value":              "has a fault in line 1",
	} {
		file := write(t, "config.env", line+"\n", 0o600)
		var stdout, stderr bytes.Buffer
		status := run(t.Context(), []string{"health", "--env-file", file}, []string{"HTTP_ADDR=" + address}, &stdout, &stderr)
		if failed := status != 0; failed != (fault != "") || !strings.Contains(stderr.String(), fault) {
			t.Errorf("%s: %d %s", line, status, &stderr)
		}
	}
}

// Each way in which there is no page to ask is one sentence that says what to do.
func TestHealthWithoutAPage(t *testing.T) {
	other := httptest.NewServer(http.NotFoundHandler())
	defer other.Close()
	wrong := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("{}")) }))
	defer wrong.Close()
	for address, want := range map[string]string{
		"":                             "HTTP_ADDR is empty, so that the bot has no health page to ask",
		":0":                           "the system chooses the port",
		"8080":                         "write host:port",
		`"127.0.0.1:8080"`:             "quotation marks",
		nobody(t):                      "nothing listens at ",
		other.Listener.Addr().String(): "is not Overtime: status 404",
		wrong.Listener.Addr().String(): "is not Overtime: status 200",
	} {
		status, printed, told := health(t, "HTTP_ADDR="+address)
		if status != 1 || printed != "" || !strings.Contains(told, want) {
			t.Errorf("%q: %d %q %q, want %q", address, status, printed, told, want)
		}
	}
}
