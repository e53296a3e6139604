package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"
)

// namesAsked answers users.info as do says, and counts the questions.
func namesAsked(t *testing.T, do func(w http.ResponseWriter, user string)) (n *names, asked *atomic.Int32) {
	t.Helper()
	asked = new(atomic.Int32)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		do(w, r.FormValue("user"))
	}))
	t.Cleanup(server.Close)
	return newNames(SlackConfig{BotToken: "xoxb-1", APIURL: server.URL + "/api/"}), asked
}

// People are called what Slack shows of them: the display name, else the full name, else the old user name.
func TestNamesAreThoseThatSlackShows(t *testing.T) {
	shown := map[string]string{
		"U1": `"name":"zoe.old","real_name":"Zoë Q.","profile":{"display_name":"zoë"}`,
		"U2": `"name":"adam.old","real_name":"Adam Q.","profile":{"display_name":""}`,
		"U3": `"name":"eve.old","real_name":"","profile":{}`,
	}
	n, asked := namesAsked(t, func(w http.ResponseWriter, user string) {
		if shown[user] == "" {
			fmt.Fprint(w, `{"ok":false,"error":"user_not_found"}`)
			return
		}
		fmt.Fprintf(w, `{"ok":true,"user":{"id":%q,%s}}`, user, shown[user])
	})
	for range 2 { // and asks about each once
		for user, want := range map[string]string{"U1": "zoë", "U2": "Adam Q.", "U3": "eve.old", "U4": "", "": ""} {
			if got := n.of(t.Context(), user); got != want {
				t.Errorf("%q is called %q, want %q", user, got, want)
			}
		}
	}
	if got := asked.Load(); got != 4 {
		t.Errorf("Slack was asked %d times, want 4", got)
	}
}

// The bot shares Slack's limits with the history, which asks about few people. Somebody without a token asks about nobody.
func TestFewNamesAreAskedFor(t *testing.T) {
	n, asked := namesAsked(t, func(w http.ResponseWriter, user string) {
		fmt.Fprintf(w, `{"ok":true,"user":{"id":%q,"name":"somebody"}}`, user)
	})
	for number := range 3 * mostNames {
		n.of(t.Context(), fmt.Sprint("U", number))
	}
	if got := asked.Load(); got != mostNames {
		t.Errorf("Slack was asked %d times, want %d", got, mostNames)
	}
	if got := n.of(t.Context(), "U1"); got != "somebody" {
		t.Errorf("a known name is %q", got)
	}
	if got := newNames(SlackConfig{APIURL: "http://127.0.0.1:1/api/"}).of(t.Context(), "U1"); got != "" {
		t.Errorf("without a token: %q", got)
	}
}

// A Slack that does not answer holds the history up once, and not for long.
func TestNamesDoNotHoldTheHistoryUp(t *testing.T) {
	for what, do := range map[string]func(http.ResponseWriter, string){
		"fails": func(w http.ResponseWriter, _ string) { w.WriteHeader(http.StatusServiceUnavailable) },
		"throttles": func(w http.ResponseWriter, _ string) {
			w.Header().Set("Retry-After", "30")
			w.WriteHeader(http.StatusTooManyRequests)
		},
	} {
		n, asked := namesAsked(t, do)
		for _, user := range []string{"U1", "U2", "U3"} {
			if got := n.of(t.Context(), user); got != "" {
				t.Errorf("Slack %s: %q", what, got)
			}
		}
		if got := asked.Load(); got != 1 {
			t.Errorf("Slack %s: it was asked %d times", what, got)
		}
	}
	n, asked := namesAsked(t, func(http.ResponseWriter, string) { t.Error("Slack is asked after the time for names is over") })
	n.until = time.Now()
	n.of(t.Context(), "U1")
	if got := asked.Load(); got != 0 {
		t.Errorf("Slack was asked %d times", got)
	}
}
