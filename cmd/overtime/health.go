package main

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus/promhttp"
)

const (
	readyWithin = time.Second      // for the database's answer
	tickGrace   = 90 * time.Second // how late a look at the meetings may be
)

// serveHTTP serves /healthz, /readyz and /metrics until ctx ends.
func (p *program) serveHTTP(ctx context.Context) {
	if p.listener == nil {
		return
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("ok\n")) })
	mux.HandleFunc("GET /readyz", p.ready)
	mux.Handle("GET /metrics", promhttp.HandlerFor(p.metrics.registry, promhttp.HandlerOpts{}))
	server := &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 10 * time.Second, WriteTimeout: 30 * time.Second}
	closed := context.AfterFunc(ctx, func() { _ = server.Close() }) // nobody waits for a health page
	defer closed()
	if err := server.Serve(p.listener); err != nil && ctx.Err() == nil {
		p.logger.Error("the health page ended", "error", err)
	}
}

// readiness is the answer of /readyz.
type readiness struct {
	Ready   bool     `json:"ready"`
	Reasons []string `json:"reasons"` // why not
	Sockets int      `json:"sockets"`
}

func (p *program) ready(w http.ResponseWriter, r *http.Request) {
	state := p.readiness(r.Context())
	w.Header().Set("Content-Type", "application/json")
	if !state.Ready {
		w.WriteHeader(http.StatusServiceUnavailable)
	}
	_ = json.NewEncoder(w).Encode(state) // the reader may have left
}

func (p *program) readiness(ctx context.Context) readiness {
	state := readiness{Sockets: p.sockets.Live(), Reasons: []string{}}
	if state.Sockets == 0 {
		state.Reasons = append(state.Reasons, "no live socket to Slack")
	}
	ctx, cancel := context.WithTimeout(ctx, readyWithin)
	defer cancel()
	if err := p.store.Ping(ctx); err != nil {
		state.Reasons = append(state.Reasons, "the database is not reachable")
	}
	// Another replica may have looked: the scheduler knows when a look was due last.
	if !p.clock.Now().Before(p.scheduler.TickDue().Add(tickGrace)) {
		state.Reasons = append(state.Reasons, "the running meetings were not looked at recently")
	}
	state.Ready = len(state.Reasons) == 0
	return state
}
