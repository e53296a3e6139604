package trusted_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/bot/trusted"
)

func carrier(api string) trusted.Carrier {
	return trusted.Carrier{Hosts: trusted.HostsOf(api), Transport: trusted.NewTransport()}
}

// A redirect is not followed, with whatever status: the token would go along, and in the clear.
func TestRedirectIsNotFollowed(t *testing.T) {
	var elsewhere atomic.Int32
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { elsewhere.Add(1) }))
	defer other.Close()
	for _, status := range []int{301, 302, 303, 307, 308} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", other.URL)
			w.WriteHeader(status)
		}))
		client := carrier(server.URL).Client(time.Minute)
		response, err := client.Post(server.URL+"/api/chat.postMessage", "application/x-www-form-urlencoded", strings.NewReader("token=xoxb-secret"))
		if err != nil || response.StatusCode != status {
			t.Errorf("%d: %v", status, err)
		} else {
			_ = response.Body.Close()
		}
		client.CloseIdleConnections()
		server.Close()
	}
	if elsewhere.Load() > 0 {
		t.Errorf("%d calls went to another host", elsewhere.Load())
	}
}

// An answer without an end is cut off, and the rest is not read.
func TestAnswerIsBounded(t *testing.T) {
	const whole = 400 << 20
	var sent atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		piece := make([]byte, 64<<10)
		for sent.Load() < whole {
			n, err := w.Write(piece)
			sent.Add(int64(n))
			if err != nil {
				return
			}
		}
	}))
	client := carrier(server.URL).Client(time.Minute)
	response, err := client.Get(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	read, err := io.Copy(io.Discard, response.Body)
	_ = response.Body.Close()
	client.CloseIdleConnections()
	server.Close() // waits for the handler
	if err == nil || read > 8<<20 || sent.Load() > 100<<20 {
		t.Errorf("%d bytes read of %d: %v", read, sent.Load(), err)
	}
}

// What is not Slack's gets no call.
func TestOnlySlackIsCalled(t *testing.T) {
	var called atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { called.Add(1) }))
	defer server.Close()
	for api, want := range map[string]int32{"https://slack.com/api/": 0, "https://slack.acme.example/api/": 0, server.URL + "/api/": 1} {
		called.Store(0)
		client := carrier(api).Client(time.Minute)
		response, err := client.Post(server.URL, "application/json", strings.NewReader("{}"))
		if err == nil {
			_ = response.Body.Close()
		}
		client.CloseIdleConnections()
		if called.Load() != want || errors.Is(err, trusted.ErrUntrusted) != (want == 0) {
			t.Errorf("%s: %d calls, %v", api, called.Load(), err)
		}
	}
}
