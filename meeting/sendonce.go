package meeting

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"net/http/httptrace"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// sendOnce waits for its turn and sends the call. It sends it again in one case only: the connection was dead before a byte
// was written to it. ErrAmbiguous means that the call may have taken effect, any other error that it did not.
func (s *sender) sendOnce(ctx context.Context, call call) error {
	counted, err := s.limits.wait(ctx, call.op, call.path)
	if err != nil {
		return err
	}
	defer s.limits.over(call.path, counted)
	untouched, err := s.attempt(ctx, call)
	if untouched && ctx.Err() == nil {
		_, err = s.attempt(ctx, call)
	}
	return err
}

// attempt tells also whether its connection never carried a byte of the call.
func (s *sender) attempt(ctx context.Context, call call) (untouched bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, s.timeout)
	defer cancel()
	body := &onceBody{ctx: ctx, bytes: bytes.NewReader(call.body)}
	if err := body.check(); err != nil {
		return false, &Error{Op: call.op, Kind: ErrUnavailable, Err: err}
	}
	var reused, wroteHeaders atomic.Bool // headers are written before the body is read
	traced := httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GotConn:          func(info httptrace.GotConnInfo) { reused.Store(info.Reused) },
		WroteHeaderField: func(string, []string) { wroteHeaders.Store(true) },
		WroteHeaders:     func() { wroteHeaders.Store(true) },
	})
	reply, err := s.roundTrip(traced, call, body)
	noteRequestID(ctx, requestIDOf(reply, readVendorError(reply.body), call.sent))
	switch {
	case reply.isSuccess(): // whatever its body, or the lack of it
		return false, nil
	case reply.status != 0:
		refusal := decodeError(call.op, reply, call.sent...)
		if !provesNoEffect(reply, refusal.Kind) {
			refusal.Kind = ErrAmbiguous
		}
		return false, refusal
	}
	failure := noAnswer(ctx, call, err)
	if !body.shut() {
		failure.Kind = ErrAmbiguous
		return false, failure
	}
	return reused.Load() && !wroteHeaders.Load(), failure
}

// provesNoEffect tells whether an answer that is no success means that nothing happened.
func provesNoEffect(reply answer, kind error) bool {
	vendor := readVendorError(reply.body)
	switch {
	case reply.status == http.StatusUnauthorized, reply.status == http.StatusTooManyRequests:
		return true
	case reply.status < 400 || reply.status >= 500 || vendor.code == "":
		return false
	case slices.Contains(doubtfulCodes, vendor.number):
		return false
	case vendor.ofGateway, reply.status == http.StatusForbidden:
		return true // it never reached the service, or the service said no before it began
	}
	return kindOfCode(vendor.number) != nil && kind != ErrUnavailable
}

// onceBody is the body of a request that must not be sent twice or too late. It gives its bytes out only before the
// context's deadline, and knows whether it gave any. As long as it gave none, the service cannot have the whole request,
// whatever the transport's error. Its type is foreign to net/http, so no layer below can get the bytes a second time.
type onceBody struct {
	ctx context.Context

	mutex  sync.Mutex
	bytes  *bytes.Reader
	given  bool
	closed bool
}

// check fails once it is too late to send, by the context or by the wall clock. The monotonic clock stands still while a host
// sleeps.
func (b *onceBody) check() error {
	if err := b.ctx.Err(); err != nil {
		return err
	}
	if deadline, ok := b.ctx.Deadline(); ok && !time.Now().Round(0).Before(deadline.Round(0)) {
		return context.DeadlineExceeded
	}
	return nil
}

var errShut = errors.New("request is no longer to be sent")

// Read gives the bytes out, unless the body is shut or it is too late.
func (b *onceBody) Read(into []byte) (int, error) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	if b.closed {
		return 0, errShut
	}
	if !b.given {
		if err := b.check(); err != nil {
			b.closed = true
			return 0, err
		}
		b.given = true
	}
	return b.bytes.Read(into)
}

// Close is the transport's. It may come before a late Read, and ends nothing.
func (b *onceBody) Close() error { return nil }

// shut ends the giving out, and tells whether nothing was given.
func (b *onceBody) shut() bool {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	b.closed = true
	return !b.given
}
