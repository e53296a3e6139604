package meeting

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"time"
)

// sender makes single HTTP exchanges. It goes straight to the transport. So it follows no redirect, and no credential leaves
// for another host.
type sender struct {
	base      *url.URL
	transport http.RoundTripper
	timeout   time.Duration
	observe   func(op string, status int, took time.Duration)
	limits    *limiter
	clock     *serviceClock
}

// call is one request to the service.
type call struct {
	op     string
	method string
	path   string
	query  url.Values
	header http.Header
	body   []byte
	limit  int64         // of the answer's body in bytes; 0 is smallBody
	into   *bytes.Buffer // for the answer's body; nil is a new one
	sent   []Secret      // to be kept out of errors, should the answer repeat them
	final  bool          // a 401 is not about the token: no login follows
}

func (c call) withToken(token Secret) call {
	c.header = http.Header{"X-Access-Token": {token.Reveal()}}
	c.sent = []Secret{token}
	return c
}

const (
	smallBody = 256 << 10
	listBody  = 8 << 20
)

// exchange sends the call once, after its turn in the quota, and reads the whole answer.
func (s *sender) exchange(ctx context.Context, call call) (answer, error) {
	counted, err := s.limits.wait(ctx, call.op, call.path)
	if err != nil {
		return answer{}, err
	}
	defer s.limits.over(call.path, counted)
	ctx, cancel := context.WithTimeout(ctx, s.timeout)
	defer cancel()
	var body io.Reader
	if call.body != nil {
		body = bytes.NewReader(call.body)
	}
	reply, err := s.roundTrip(ctx, call, body)
	if err != nil {
		return answer{}, noAnswer(ctx, call, err)
	}
	if !reply.isSuccess() {
		return answer{}, decodeError(call.op, reply, call.sent...)
	}
	return reply, nil
}

// roundTrip returns an answer with its status even where reading its body failed. The error is then not nil.
func (s *sender) roundTrip(ctx context.Context, call call, body io.Reader) (answer, error) {
	address := *s.base
	address.Path += call.path
	address.RawQuery = call.query.Encode()
	request, err := http.NewRequestWithContext(ctx, call.method, address.String(), body)
	if err != nil {
		return answer{}, err
	}
	for name, values := range call.header {
		request.Header[name] = values
	}
	request.Header.Set("Accept-Language", "en-US")
	request.Header.Set("User-Agent", "overtime")
	if call.body != nil {
		request.Header.Set("Content-Type", "application/json;charset=UTF-8")
		request.ContentLength = int64(len(call.body))
	}
	begun, asked := time.Now(), s.clock.now()
	response, err := s.transport.RoundTrip(request)
	if err != nil {
		s.observe(call.op, 0, time.Since(begun))
		return answer{}, err
	}
	defer response.Body.Close()
	s.clock.learn(asked, response.Header)
	reply := answer{status: response.StatusCode, header: response.Header}
	if reply.status >= http.StatusOK { // after a 101 there is no body, but a connection that may never end
		reply.body, err = readBody(response, call)
	}
	s.observe(call.op, reply.status, time.Since(begun))
	s.limits.learn(call.path, reply)
	return reply, err
}

var errTooLong = errors.New("answer is longer than is allowed")

// readBody reads to the end, and fails where that is beyond the limit.
func readBody(response *http.Response, call call) ([]byte, error) {
	limit, body := cmp.Or(call.limit, smallBody), cmp.Or(call.into, new(bytes.Buffer))
	body.Reset()
	// Room for the announced length, and for finding the end, spares growing.
	body.Grow(int(min(max(response.ContentLength, 0), limit)) + bytes.MinRead)
	_, err := body.ReadFrom(io.LimitReader(response.Body, limit+1))
	if int64(body.Len()) > limit {
		return nil, errTooLong
	}
	return body.Bytes(), err
}

// noAnswer is the Error of a call that got no whole answer.
func noAnswer(ctx context.Context, call call, err error) *Error {
	clean := &cause{text: printable(err.Error(), maxMessage, call.sent)}
	for _, known := range []error{ctx.Err(), context.Canceled, context.DeadlineExceeded, errTooLong} {
		if known != nil && errors.Is(err, known) {
			clean.err = known
			break
		}
	}
	return &Error{Op: call.op, Kind: ErrUnavailable, Err: clean}
}

// cause is a transport's error as text. Go quotes the service's bytes in some, and they may repeat ours. Of what is below
// it only the context's error can be reached.
type cause struct {
	text string
	err  error
}

func (c *cause) Error() string { return c.text }
func (c *cause) Unwrap() error { return c.err }
