package meeting

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"
)

const (
	opExtend   = "extend meeting"
	extendPath = "/v1/mmc/control/conferences/duration"

	maxMinutes = 1440
)

// Extend adds minutes (1 to 1440) to the running meeting (page meeting_21_0038); id is its conferenceID. The
// service does not say the new end: read it back. The request is sent once. ErrAmbiguous means that it
// may have taken effect, any other error that it did not.
func (c *Client) Extend(ctx context.Context, id string, minutes int) error {
	if minutes < 1 || minutes > maxMinutes {
		return &Error{Op: opExtend, Kind: ErrInvalid, Message: "minutes must be 1 to 1440"}
	}
	return c.prolong(ctx, id, wireExtension{Auto: 0, Duration: minutes})
}

// AutoExtend hands the meeting to the platform, which extends it by itself, by minutes each time (1 to
// 1440, or 0 for the platform's 15). Errors are as for Extend.
func (c *Client) AutoExtend(ctx context.Context, id string, minutes int) error {
	if minutes < 0 || minutes > maxMinutes {
		return &Error{Op: opExtend, Kind: ErrInvalid, Message: "minutes must be 0 to 1440"}
	}
	return c.prolong(ctx, id, wireExtension{Auto: 1, Duration: minutes})
}

// prolong sends the extension with the meeting's control token. A refused token proves that nothing
// happened: it is renewed, and the extension repeated, once.
func (c *Client) prolong(ctx context.Context, id string, extension wireExtension) error {
	if err := checkID(opExtend, id); err != nil {
		return err
	}
	body, err := json.Marshal(extension)
	if err != nil {
		return &Error{Op: opExtend, Kind: ErrInvalid, Err: err}
	}
	err = c.prolongOnce(ctx, id, body)
	if errors.Is(err, ErrUnauthorised) && isExtendError(err) {
		err = c.prolongOnce(ctx, id, body)
	}
	return err
}

func isExtendError(err error) bool {
	var failure *Error
	return errors.As(err, &failure) && failure.Op == opExtend
}

func (c *Client) prolongOnce(ctx context.Context, id string, body []byte) error {
	held, err := c.controlGrant(ctx, id, time.Time{})
	if err != nil {
		return fmt.Errorf("%s: %w", opExtend, err)
	}
	err = c.put(ctx, extendCall(held, body))
	switch {
	case errors.Is(err, ErrUnauthorised):
		c.chairs.dropToken(held)
	case isGone(err):
		c.chairs.forget(held.id)
	}
	return err
}

func extendCall(held grant, body []byte) call {
	return call{
		op:     opExtend,
		method: http.MethodPut,
		path:   extendPath,
		query:  url.Values{"conferenceID": {held.id}},
		header: http.Header{"X-Conference-Authorization": {held.token.Reveal()}},
		body:   body,
		sent:   []Secret{held.token},
	}
}

// put waits for its turn and sends the call. It is sent again in one case alone: its connection was found
// dead before a byte of it was written.
func (c *Client) put(ctx context.Context, call call) error {
	if err := c.limits.wait(ctx, call.op, call.path); err != nil {
		return err
	}
	untouched, err := c.putOnce(ctx, call)
	if untouched && ctx.Err() == nil {
		_, err = c.putOnce(ctx, call)
	}
	return err
}

// putOnce makes one attempt, and tells whether its connection never carried a byte of it.
func (c *Client) putOnce(ctx context.Context, call call) (bool, error) {
	attempt, cancel := context.WithTimeout(ctx, c.config.Timeout)
	defer cancel()
	body := newGate(call.body, attempt)
	if err := body.check(); err != nil {
		return false, &Error{Op: call.op, Kind: ErrUnavailable, Err: err}
	}
	request, err := c.newRequest(body.trace(attempt), call, body)
	if err != nil {
		return false, c.noAnswer(attempt, call, err)
	}
	request.ContentLength = int64(len(call.body))
	request.GetBody = nil // without it, no layer below can send the body a second time
	reply, err := c.roundTrip(request, call)
	switch {
	case reply.isSuccess(): // whatever its body, or the lack of it
		return false, nil
	case reply.status != 0:
		return false, refusal(call, reply)
	}
	failure := c.noAnswer(attempt, call, err)
	if body.shut() {
		return body.isStale(), failure
	}
	failure.Kind = ErrAmbiguous
	return false, failure
}

// refusal is the Error of an answer that is no success: ambiguous, unless it proves that nothing happened.
func refusal(call call, reply answer) *Error {
	failure := decodeError(call.op, reply, call.sent...)
	if !provesNoEffect(reply, failure.Kind) {
		failure.Kind = ErrAmbiguous
	}
	return failure
}

func provesNoEffect(reply answer, kind error) bool {
	vendor := readVendorError(reply.body)
	switch {
	case reply.status == http.StatusUnauthorized, reply.status == http.StatusTooManyRequests:
		return true
	case reply.status < 400 || reply.status >= 500 || vendor.code == "":
		return false
	case isDoubtfulCode(vendor.number()):
		return false
	case vendor.ofGateway(), reply.status == http.StatusForbidden:
		return true // never reached the service; or it said no before it began
	}
	known := kindOfCode(vendor.number())
	return known != nil && kind != ErrUnavailable
}

// pastDeadline asks the wall clock: the monotonic one stands still while a host sleeps.
func pastDeadline(ctx context.Context) bool {
	deadline, ok := ctx.Deadline()
	return ok && !time.Now().Round(0).Before(deadline.Round(0))
}
