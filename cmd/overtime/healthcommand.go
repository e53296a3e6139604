package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"
	"syscall"
	"time"
)

// healthWithin is longer than /readyz takes, and shorter than the patience of who runs a health check.
const healthWithin = 4 * time.Second

type healthCommand struct {
	EnvFile string `help:"File of NAME=value lines; config.env is read if it is there." placeholder:"FILE" name:"env-file"`
}

// Run asks the running bot whether it is ready. An image without a shell and curl has nothing else to ask with.
func (h healthCommand) Run(in surroundings) error {
	address, err := pageAddress(in.environ, h.EnvFile)
	if err != nil {
		return err
	}
	state, err := askReady(in.ctx, address)
	switch {
	case err != nil:
		return err
	case !state.Ready:
		return fmt.Errorf("not ready: %s", strings.Join(state.Reasons, "; "))
	}
	_, err = fmt.Fprintf(in.stdout, "ready, live sockets: %d\n", state.Sockets)
	return err
}

// pageAddress is HTTP_ADDR as serve reads it. What is wrong with other variables is no concern of a health check.
func pageAddress(environ []string, envFile string) (string, error) {
	load := newConfigLoad()
	load.variables = slices.DeleteFunc(load.variables, func(v Variable) bool { return v.Name != "HTTP_ADDR" })
	_, file := load.readEnvFile(envFile)
	load.gather(file, environ)
	load.checkFlaws()
	address := load.parse().HTTPAddr
	load.checkAddr(address)
	if len(load.faults) > 0 {
		return "", &ConfigError{Faults: load.faults}
	}
	_, port, _ := net.SplitHostPort(address)
	switch {
	case address == "":
		return "", errors.New("HTTP_ADDR is empty, so that the bot has no health page to ask: set it, as 127.0.0.1:8080")
	case strings.Trim(port, "0") == "":
		return "", fmt.Errorf("HTTP_ADDR is %s, so that the system chooses the port and nobody else knows it: name one, as 127.0.0.1:8080", address)
	}
	return address, nil
}

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
