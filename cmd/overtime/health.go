package main

import (
	"context"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/overtime-bot/overtime/bot"
	"github.com/overtime-bot/overtime/meeting"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

const tickGrace = 90 * time.Second // how late a look at the meetings may be

// checks are what has to be right for the bot to be ready, in the order of the reasons. They run at each /readyz, one
// after the other, and give up when ctx ends.
func (p *program) checks() []check {
	return []check{
		{checkOfSockets, p.checkSockets},
		{checkOfDatabase, p.checkDatabase},
		{checkOfLogin, p.checkLogin},
		{checkOfMeetings, p.checkView},
		{checkOfLooks, p.checkLooks},
		{checkOfClock, p.checkClock},
	}
}

func (p *program) checkSockets(context.Context) string {
	if p.sockets.Live() == 0 {
		return "no live socket to Slack"
	}
	return ""
}

func (p *program) checkDatabase(ctx context.Context) string {
	if err := p.store.Ping(ctx); err != nil {
		return "the database cannot be used: " + err.Error()
	}
	return ""
}

// checkLogin makes no call: it tells how the latest login came out.
func (p *program) checkLogin(context.Context) string {
	return loginTrouble(p.meetings.LoginError())
}

// loginState is the same in one word.
func (p *program) loginState() string { return loginStateOf(p.meetings.LoginError()) }

func loginStateOf(err error) string {
	switch {
	case err == nil:
		return loginOK
	case errors.Is(err, meeting.ErrNoLogin):
		return loginStarting
	case loginRefused(err):
		return loginNo
	}
	return loginFailing
}

func (p *program) checkClock(context.Context) string {
	if ahead := p.meetings.ClockAhead(); ahead != 0 {
		return clockText(ahead)
	}
	return ""
}

// checkLooks asks the scheduler, which knows when a look was due last: another replica may have looked.
func (p *program) checkLooks(context.Context) string {
	if !p.clock.Now().Before(p.scheduler.TickDue().Add(tickGrace)) {
		return "the running meetings were not looked at recently"
	}
	return ""
}

// sources are what /metrics reads of the parts.
func (p *program) sources(s *sources) {
	s.checks, s.sockets, s.lastFrame = p.checks(), p.sockets.Live, p.sockets.LastFrame
	s.unsettled = p.store.Ledger.Unsettled
	began := p.clock.Now()
	s.overdue = func() time.Duration {
		due := p.scheduler.TickDue()
		if due.IsZero() { // the first look is due at once
			due = began
		}
		return p.clock.Now().Sub(due)
	}
}

// state is what administrators read in their Home.
func (p *program) state(ctx context.Context) bot.State {
	ready := p.health.readiness(ctx)
	return bot.State{Sockets: ready.Sockets, LastLook: p.scheduler.LastTick(), Reasons: ready.Reasons}
}

// healthPage serves /healthz, /readyz and /metrics, from the first moment of the process to its last.
type healthPage struct {
	mutex   sync.Mutex
	waits   []string     // for which the start waits
	checks  []check      // nil until all parts are there
	sockets func() int   // that are live; nil until then
	server  *http.Server // nil without a page
	ended   chan struct{}
}

// waiting notes what the start waits for, or no longer does.
func (h *healthPage) waiting(what string, still bool) {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	h.waits = slices.DeleteFunc(h.waits, func(wait string) bool { return wait == what })
	if still {
		h.waits = append(h.waits, what)
	}
}

// started is called when all parts are there.
func (h *healthPage) started(checks []check, sockets func() int) {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	h.checks, h.sockets = checks, sockets
}

// readiness is the answer of /readyz.
type readiness struct {
	Ready   bool     `json:"ready"`
	Reasons []string `json:"reasons"` // why not
	Sockets int      `json:"sockets"`
}

func (h *healthPage) readiness(ctx context.Context) readiness {
	ctx, cancel := context.WithTimeout(ctx, readyWithin)
	defer cancel()
	h.mutex.Lock()
	waits, checks, sockets := slices.Clone(h.waits), h.checks, h.sockets
	h.mutex.Unlock()
	state := readiness{Reasons: []string{}}
	if sockets == nil {
		state.Reasons = append(state.Reasons, "the bot is starting")
	} else {
		state.Sockets = sockets()
	}
	for _, wait := range waits {
		state.Reasons = append(state.Reasons, "waiting for "+wait)
	}
	for _, check := range checks {
		if reason := check.reason(ctx); reason != "" {
			state.Reasons = append(state.Reasons, reason)
		}
	}
	state.Ready = len(state.Reasons) == 0
	return state
}

func (h *healthPage) answer(w http.ResponseWriter, r *http.Request) {
	state := h.readiness(r.Context())
	w.Header().Set("Content-Type", "application/json")
	if !state.Ready {
		w.WriteHeader(http.StatusServiceUnavailable)
	}
	_ = json.NewEncoder(w).Encode(state) // the reader may have left
}

// serve begins to answer on listener; close ends it.
func (h *healthPage) serve(listener net.Listener, metrics prometheus.Gatherer, failed func(error)) {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("ok\n")) })
	mux.HandleFunc("GET /readyz", h.answer)
	mux.Handle("GET /metrics", promhttp.HandlerFor(metrics, promhttp.HandlerOpts{}))
	h.server = &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 10 * time.Second, WriteTimeout: 30 * time.Second}
	h.ended = make(chan struct{})
	go func() { // close waits for it
		defer close(h.ended)
		if err := h.server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			failed(err)
		}
	}()
}

// close does not wait for who reads the page.
func (h *healthPage) close() {
	if h.server != nil {
		_ = h.server.Close()
		<-h.ended
	}
}
