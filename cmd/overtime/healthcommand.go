package main

import (
	"errors"
	"fmt"
	"net"
	"strings"
)

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
	config, err := loadOnly(environ, envFile, "HTTP_ADDR")
	if err != nil {
		return "", err
	}
	address := config.HTTPAddr
	_, port, _ := net.SplitHostPort(address)
	switch {
	case address == "":
		return "", errors.New("HTTP_ADDR is empty, so that the bot has no health page to ask: set it, as 127.0.0.1:8080")
	case strings.Trim(port, "0") == "":
		return "", fmt.Errorf("HTTP_ADDR is %s, so that the system chooses the port and nobody else knows it: name one, as 127.0.0.1:8080", address)
	}
	return address, nil
}
