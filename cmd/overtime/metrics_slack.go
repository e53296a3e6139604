package main

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Codes of a call to Slack, beside Slack's own error codes and http_500 and the like.
const (
	slackOK        = "ok"
	slackThrottled = "ratelimited"
	slackNoAnswer  = "no_answer"
	slackOther     = "other" // no code of Slack's form
)

// slackResponse is the method of an answer to a command: its address is Slack's secret.
const slackResponse = "response_url"

// openSocket is the one method that the app-level token is for.
const openSocket = "apps.connections.open"

// slackMethods are all that the bot calls.
var slackMethods = []string{
	openSocket, "auth.test", "chat.postEphemeral", "chat.postMessage", "chat.update", "conversations.info",
	"usergroups.list", "usergroups.users.list", "users.info", "users.lookupByEmail", "views.open", "views.publish", "views.update", slackResponse,
}

// longestVerdict is how much of an answer is read to know its code: a refusal is shorter.
const longestVerdict = 16 << 10

// slackCounter carries calls to Slack and counts how each came out.
type slackCounter struct {
	next  http.RoundTripper
	path  string // of the Web API, with a slash at the end
	count func(method, code string)
}

func newSlackCounter(next http.RoundTripper, api string, count func(method, code string)) slackCounter {
	path := "/"
	if address, err := url.Parse(api); err == nil {
		path = address.Path
	}
	return slackCounter{next: next, path: path, count: count}
}

// RoundTrip hands the answer on as it is.
func (c slackCounter) RoundTrip(request *http.Request) (*http.Response, error) {
	method := c.method(request.URL.Path)
	response, err := c.next.RoundTrip(request)
	code := slackNoAnswer
	if err == nil {
		code = readVerdict(response)
	}
	c.count(method, code)
	return response, err
}

// CloseIdleConnections is for http.Client.
func (c slackCounter) CloseIdleConnections() {
	if idle, ok := c.next.(interface{ CloseIdleConnections() }); ok {
		idle.CloseIdleConnections()
	}
}

func (c slackCounter) method(path string) string {
	method, found := strings.CutPrefix(path, c.path)
	if !found || !slices.Contains(slackMethods, method) {
		return slackResponse
	}
	return method
}

// readVerdict says how Slack answered, in a word.
func readVerdict(response *http.Response) string {
	switch {
	case response.StatusCode == http.StatusTooManyRequests:
		return slackThrottled
	case response.StatusCode != http.StatusOK:
		return "http_" + strconv.Itoa(response.StatusCode)
	}
	begin, err := beginning(response)
	switch {
	case err != nil:
		return slackNoAnswer
	case len(begin) == longestVerdict:
		return slackOK
	}
	return verdict(begin)
}

// beginning reads the beginning of an answer and puts it back.
func beginning(response *http.Response) ([]byte, error) {
	begin, err := io.ReadAll(io.LimitReader(response.Body, longestVerdict))
	response.Body = resumed{io.MultiReader(bytes.NewReader(begin), failing{err}, response.Body), response.Body}
	return begin, err
}

var slackCode = regexp.MustCompile(`^[a-z0-9_]{1,60}$`)

// verdict reads {"ok":false,"error":"…"}. A response_url may answer in plain text.
func verdict(answer []byte) string {
	var told struct {
		OK    bool   `json:"ok"`
		Error string `json:"error"`
	}
	switch err := json.Unmarshal(answer, &told); {
	case err != nil && string(bytes.TrimSpace(answer)) == "ok", err == nil && told.OK:
		return slackOK
	case told.Error == "rate_limited" || told.Error == slackThrottled:
		return slackThrottled
	case slackCode.MatchString(told.Error):
		return told.Error
	}
	return slackOther
}

// resumed is a body whose beginning was read.
type resumed struct {
	io.Reader
	io.Closer
}

// failing fails as the body did; it ends at once where that did not.
type failing struct{ err error }

func (f failing) Read([]byte) (int, error) {
	if f.err != nil {
		return 0, f.err
	}
	return 0, io.EOF
}
