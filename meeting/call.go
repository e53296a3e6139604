package meeting

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/cenkalti/backoff/v5"
)

// call is one request to the service, and what it takes to send it.
type call struct {
	op     string
	method string
	path   string
	query  url.Values
	header http.Header
	body   []byte
	limit  int64    // of the answer's body; 0 is smallBody
	into   *[]byte  // lent for the answer's body; nil: it has one of its own
	sent   []Secret // to be kept out of errors, should the answer repeat them
}

// answer is what came back, with a bounded body.
type answer struct {
	status int
	header http.Header
	body   []byte
}

func (a answer) isSuccess() bool { return a.status >= 200 && a.status < 300 }

const (
	smallBody = 256 << 10
	listBody  = 8 << 20

	readTries  = 3
	firstPause = 200 * time.Millisecond
	longPause  = 2 * time.Second
)

var errTooLong = errors.New("answer is longer than is allowed")

// newRequest builds the request; the context bounds it.
func (c *Client) newRequest(ctx context.Context, call call, body io.Reader) (*http.Request, error) {
	address := *c.base
	address.Path += call.path
	address.RawQuery = call.query.Encode()
	request, err := http.NewRequestWithContext(ctx, call.method, address.String(), body)
	if err != nil {
		return nil, err
	}
	for name, values := range call.header {
		request.Header[name] = values
	}
	request.Header.Set("Accept-Language", "en-US")
	request.Header.Set("User-Agent", "overtime")
	if call.body != nil {
		request.Header.Set("Content-Type", "application/json;charset=UTF-8")
	}
	return request, nil
}

// exchange sends the call once, after its turn in the quota, and reads the whole answer. It goes straight
// to the transport, so no redirect is ever followed and no credential leaves for another host.
func (c *Client) exchange(ctx context.Context, call call) (answer, error) {
	if err := c.limits.wait(ctx, call.op, call.path); err != nil {
		return answer{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, c.config.Timeout)
	defer cancel()
	var body io.Reader
	if call.body != nil {
		body = bytes.NewReader(call.body)
	}
	request, err := c.newRequest(ctx, call, body)
	if err != nil {
		return answer{}, c.noAnswer(ctx, call, err)
	}
	reply, err := c.roundTrip(request, call)
	if err != nil {
		return answer{}, c.noAnswer(ctx, call, err)
	}
	if !reply.isSuccess() {
		return answer{}, decodeError(call.op, reply, call.sent...)
	}
	return reply, nil
}

// roundTrip returns an answer with its status even where the body failed; the error then is not nil.
func (c *Client) roundTrip(request *http.Request, call call) (answer, error) {
	begun := time.Now()
	response, err := c.transport.RoundTrip(request)
	if err != nil {
		c.config.Observe(call.op, 0, time.Since(begun))
		return answer{}, err
	}
	defer response.Body.Close()
	reply := answer{status: response.StatusCode, header: response.Header}
	if reply.status >= http.StatusOK { // after a 101 there is no body, but a connection that may never end
		reply.body, err = readBody(response, call)
	}
	c.config.Observe(call.op, reply.status, time.Since(begun))
	c.limits.learn(call.path, reply)
	return reply, err
}

// readBody reads to the end, or fails where that is beyond what the call allows.
func readBody(response *http.Response, call call) ([]byte, error) {
	limit := call.limit
	if limit == 0 {
		limit = smallBody
	}
	var content []byte
	if call.into != nil {
		content = (*call.into)[:0]
		defer func() { *call.into = content }() // it may have grown
	}
	// One byte more than is announced, so that the end is found without growing.
	content = slices.Grow(content, int(min(max(response.ContentLength, bytes.MinRead), limit)+1))
	for {
		if len(content) == cap(content) {
			content = slices.Grow(content, len(content))
		}
		n, err := response.Body.Read(content[len(content):min(int64(cap(content)), limit+1)])
		content = content[:len(content)+n]
		switch {
		case int64(len(content)) > limit:
			return nil, errTooLong
		case errors.Is(err, io.EOF):
			return content, nil
		case err != nil:
			return content, err
		}
	}
}

// noAnswer is the Error of a call that got no whole answer.
func (c *Client) noAnswer(ctx context.Context, call call, err error) *Error {
	return &Error{Op: call.op, Kind: ErrUnavailable, Err: cleanCause(ctx, err, call.sent)}
}

// cause is a transport's error as text: Go quotes the service's bytes in some, and they may repeat ours.
// Of what is below it only the context's error can be reached.
type cause struct {
	text string
	err  error
}

func (c *cause) Error() string { return c.text }
func (c *cause) Unwrap() error { return c.err }

func cleanCause(ctx context.Context, err error, sent []Secret) error {
	clean := &cause{text: printable(err.Error(), maxMessage, sent)}
	for _, known := range []error{ctx.Err(), context.Canceled, context.DeadlineExceeded, errTooLong} {
		if known != nil && errors.Is(err, known) {
			clean.err = known
			return clean
		}
	}
	return clean
}

// read repeats a call that only reads where that may help: no answer, 5xx, 429.
func read[T any](ctx context.Context, once func() (T, error)) (T, error) {
	var last error
	operation := func() (T, error) {
		value, err := once()
		if err == nil {
			return value, nil
		}
		last = err
		if ctx.Err() != nil || !mayPass(err) {
			err = backoff.Permanent(err)
		}
		return value, err
	}
	value, err := backoff.Retry(ctx, operation, backoff.WithBackOff(newPauses()),
		backoff.WithMaxTries(readTries), backoff.WithMaxElapsedTime(timeLeft(ctx)))
	if err != nil {
		err = last // rather than the bare error of a context that ended in a pause
	}
	return value, err
}

func newPauses() *backoff.ExponentialBackOff {
	pauses := backoff.NewExponentialBackOff()
	pauses.InitialInterval = firstPause
	pauses.MaxInterval = longPause
	pauses.Multiplier = 2
	return pauses
}

// timeLeft bounds the pauses, so that none is begun that the deadline would cut off; 0 is no bound.
func timeLeft(ctx context.Context) time.Duration {
	deadline, ok := ctx.Deadline()
	if !ok {
		return 0
	}
	return max(time.Until(deadline), 1)
}

func mayPass(err error) bool {
	var failure *Error
	if !errors.As(err, &failure) || errors.Is(err, errClosed) || errors.Is(err, errTooLong) {
		return false
	}
	switch failure.Kind {
	case ErrUnavailable:
		return failure.Status == 0 || failure.Status >= 500
	case ErrThrottled:
		return failure.Status != 0 && !isLockCode(failure.number)
	}
	return false
}

// get reads with the access token. A 401, or a code that says the same, is answered by one new login
// and one repeat.
func (c *Client) get(ctx context.Context, call call) (answer, error) {
	call.method = http.MethodGet
	renewed := false
	return read(ctx, func() (answer, error) {
		token, err := c.accessToken(ctx, call.op)
		if err != nil {
			return answer{}, err
		}
		reply, err := c.exchange(ctx, call.withToken(token))
		if renewed || !errors.Is(err, ErrUnauthorised) {
			return reply, err
		}
		renewed = true
		c.session.drop(token)
		if token, err = c.accessToken(ctx, call.op); err != nil {
			return answer{}, err
		}
		return c.exchange(ctx, call.withToken(token))
	})
}

func (c call) withToken(token Secret) call {
	c.header = http.Header{"X-Access-Token": {token.Reveal()}}
	c.sent = []Secret{token}
	return c
}
