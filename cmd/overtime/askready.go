package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"syscall"
	"time"
)

// healthWithin is longer than /readyz takes, and shorter than the patience of who runs a health check.
const healthWithin = 4 * time.Second

// askReady asks /readyz at the address that the bot listens at. Dialled, one without a host, or with that of every
// interface, is this machine.
func askReady(ctx context.Context, address string) (state readiness, err error) {
	ctx, cancel := context.WithTimeout(ctx, healthWithin)
	defer cancel()
	transport := &http.Transport{DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, network, address)
	}}
	defer transport.CloseIdleConnections()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://localhost/readyz", nil)
	if err != nil {
		return state, fmt.Errorf("asking whether the bot is ready: %w", err)
	}
	reply, err := transport.RoundTrip(request) // follows no redirect, and uses no proxy
	switch {
	case errors.Is(err, syscall.ECONNREFUSED):
		return state, fmt.Errorf("nothing listens at %s: the bot does not run here, or has another HTTP_ADDR", address)
	case err != nil:
		return state, fmt.Errorf("no answer from HTTP_ADDR %s: %w", address, err)
	}
	defer reply.Body.Close()
	ready := reply.StatusCode == http.StatusOK
	err = json.NewDecoder(http.MaxBytesReader(nil, reply.Body, 64<<10)).Decode(&state)
	if err != nil || state.Ready != ready || !ready && len(state.Reasons) == 0 {
		return state, fmt.Errorf("what answers at HTTP_ADDR %s is not Overtime: status %d", address, reply.StatusCode)
	}
	return state, nil
}
