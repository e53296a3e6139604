package meetingtest

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
)

// errLost is what a client sees of a connection that was broken off.
var errLost = errors.New("connection was broken off by the server")

// Transport carries calls to the service within the process, without a network: for tests in a bubble of
// testing/synctest, where waiting for a socket would stop the clock. Faults look as they do on the wire.
func (s *Server) Transport() http.RoundTripper { return inProcess{s} }

type inProcess struct{ server *Server }

// RoundTrip serves the request in a goroutine of its own, and returns when it is answered or the client gives up.
func (t inProcess) RoundTrip(request *http.Request) (*http.Response, error) {
	if err := request.Context().Err(); err != nil {
		return nil, err
	}
	if request.Body == nil {
		request = request.Clone(request.Context())
		request.Body = http.NoBody
	}
	answered := make(chan *http.Response, 1)
	go func() { answered <- t.serve(request) }()
	select {
	case response := <-answered:
		if response == nil {
			return nil, fmt.Errorf("in process: %w", errLost)
		}
		return response, nil
	case <-request.Context().Done():
		return nil, request.Context().Err()
	}
}

// serve returns nil where the service broke the connection off.
func (t inProcess) serve(request *http.Request) (response *http.Response) {
	w := &recorder{header: make(http.Header), status: http.StatusOK}
	defer func() {
		if p := recover(); p != nil && p != http.ErrAbortHandler { // net/http compares it so
			panic(p)
		}
	}()
	t.server.ServeHTTP(w, request)
	return w.response(request)
}

// recorder keeps what a handler writes.
type recorder struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (r *recorder) Header() http.Header            { return r.header }
func (r *recorder) Write(part []byte) (int, error) { return r.body.Write(part) }

// WriteHeader makes room for the body that is announced.
func (r *recorder) WriteHeader(status int) {
	r.status = status
	if length, err := strconv.Atoi(r.header.Get("Content-Length")); err == nil {
		r.body.Grow(max(length, 0))
	}
}

// response is what arrives: less than was promised if the handler broke off in the middle.
func (r *recorder) response(request *http.Request) *http.Response {
	promised, err := strconv.ParseInt(r.header.Get("Content-Length"), 10, 64)
	if err != nil {
		promised = int64(r.body.Len())
	}
	var body io.Reader = &r.body
	if promised > int64(r.body.Len()) {
		body = io.MultiReader(&r.body, brokenOff{})
	}
	return &http.Response{
		Status: strconv.Itoa(r.status) + " " + http.StatusText(r.status), StatusCode: r.status,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: r.header, Body: io.NopCloser(body), ContentLength: promised, Request: request,
	}
}

// brokenOff ends a body that promised more.
type brokenOff struct{}

func (brokenOff) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }
