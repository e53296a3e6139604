package main

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"strings"

	"github.com/overtime-bot/overtime/bot/socket"
)

// modeWatch carries calls to Slack, and notices when Slack opens a socket of an app whose Socket Mode is off. Its answer
// then may be a good one with a warning, and nothing ever comes through the socket. The client drops the warning.
type modeWatch struct {
	next    http.RoundTripper
	noticed func()
}

// RoundTrip hands the answer on as it is.
func (w modeWatch) RoundTrip(request *http.Request) (*http.Response, error) {
	response, err := w.next.RoundTrip(request)
	if err != nil || !strings.HasSuffix(request.URL.Path, "/"+openSocket) {
		return response, err
	}
	if begin, _ := beginning(response); warnsOfMode(begin) { // who reads on meets the error
		w.noticed()
	}
	return response, nil
}

// CloseIdleConnections is for http.Client.
func (w modeWatch) CloseIdleConnections() {
	if idle, ok := w.next.(interface{ CloseIdleConnections() }); ok {
		idle.CloseIdleConnections()
	}
}

// warnOfMode is one line for each socket that is opened: what it costs is all that people type.
func warnOfMode(logger *slog.Logger) {
	logger.Warn("Slack opens a socket, but warns that Socket Mode is not turned on: what people type may never arrive; " + socket.SwitchModeOn)
}

// warnsOfMode looks for "[WARN] Socket Mode is not turned on." in an answer. Slack does not document it.
func warnsOfMode(answer []byte) bool {
	var said struct {
		Metadata struct {
			Messages []string `json:"messages"`
			Warnings []string `json:"warnings"`
		} `json:"response_metadata"`
	}
	if json.Unmarshal(answer, &said) != nil {
		return false
	}
	for _, text := range append(said.Metadata.Messages, said.Metadata.Warnings...) {
		if strings.Contains(strings.ToLower(text), "socket mode is not turned on") {
			return true
		}
	}
	return false
}
