package main

import (
	"context"
	"net/http/httptest"
	"testing"
)

// The answer of /readyz keeps its form, which other programs read: from the first moment, when all is well, and when it is not.
func TestFormOfReadyz(t *testing.T) {
	h := new(healthPage)
	answers := func(when string, status int, body string) {
		t.Helper()
		w := httptest.NewRecorder()
		h.answer(w, httptest.NewRequest("GET", "/readyz", nil))
		if w.Code != status || w.Body.String() != body+"\n" || w.Header().Get("Content-Type") != "application/json" {
			t.Errorf("%s: %d %s %s, want %d %s", when, w.Code, w.Header(), w.Body, status, body)
		}
	}
	answers("at first", 503, `{"ready":false,"reasons":["the bot is starting"],"sockets":0}`)
	h.waiting("the database", true)
	answers("waiting", 503, `{"ready":false,"reasons":["the bot is starting","waiting for the database"],"sockets":0}`)
	h.waiting("the database", false)
	reason, live := "", 2
	h.started([]check{{checkOfClock, func(context.Context) string { return reason }}}, func() int { return live })
	answers("when all is well", 200, `{"ready":true,"reasons":[],"sockets":2}`)
	reason, live = "the clock is wrong", 1
	answers("when it is not", 503, `{"ready":false,"reasons":["the clock is wrong"],"sockets":1}`)
}
