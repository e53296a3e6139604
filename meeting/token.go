package meeting

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"time"
)

const (
	opControl   = "get control token"
	controlPath = "/v1/mmc/control/conferences/token"

	controlOtherwise = 30 * time.Minute
	controlMargin    = 2 * time.Minute
	lockPause        = 5 * time.Minute
	roleHost         = 1
)

const (
	noPasswordHelp = "the account does not see the host's password of this meeting: make it an administrator " +
		"of the enterprise, or let it schedule the meeting"
	refusedHelp = "the service refused the host's password that the account sees; it is not sent again"
	notHostHelp = "the password that the account sees is not the host's"
)

// grant is the right to control one run.
type grant struct {
	id    string // the conferenceID, where a room's ID was asked for
	token Secret
}

// Prepare fetches the meeting's control token ahead of an extension at the time until, unless the one that there is
// lasts so long. What no token lasts for (they live half an hour) is served by one that is renewed at half its life.
// It waits for its turn until the context's deadline; without one, a few timeouts.
func (c *Client) Prepare(ctx context.Context, id string, until time.Time) error {
	if err := checkID(opControl, id); err != nil {
		return err
	}
	held, err := c.controlGrant(ctx, id, until)
	if err == nil && !c.tokenLasts(held.id, until) {
		_, err = c.controlGrant(ctx, id, until) // what it joined was content with less
	}
	return err
}

// controlGrant returns a token of the meeting that lasts until then (zero: now). One request serves all who wait for
// the same meeting.
func (c *Client) controlGrant(ctx context.Context, id string, until time.Time) (grant, error) {
	if c.isClosed() {
		return grant{}, &Error{Op: opControl, Kind: ErrUnavailable, Err: errClosed}
	}
	if known := c.chairs.of(id); known.lasts(until, c.config.Now()) {
		return grant{id: id, token: known.token}, nil
	}
	shared, err := c.joinGrant(ctx, id, until)
	if err != nil {
		return grant{}, err
	}
	return shared.wait(ctx, opControl)
}

func (c *Client) tokenLasts(id string, until time.Time) bool {
	known := c.chairs.of(id)
	return known.lasts(until, c.config.Now())
}

// lasts tells whether the token is good now and at that time, or a new one would hardly last longer.
func (h *control) lasts(until, now time.Time) bool {
	switch {
	case h.token == "" || !now.Before(h.until):
		return false
	case !h.until.Before(until):
		return true
	}
	life := h.until.Sub(h.fetched)
	return now.Add(life).Before(until) && now.Sub(h.fetched) < life/2
}

func (c *Client) joinGrant(ctx context.Context, id string, until time.Time) (*flight[grant], error) {
	c.chairs.mutex.Lock()
	defer c.chairs.mutex.Unlock()
	if shared := c.chairs.flights[id]; shared != nil {
		return shared, nil
	}
	if err := c.limits.mayBegin(ctx, opControl, controlPath); err != nil {
		return nil, err
	}
	shared, err := launch(ctx, c, opControl, priorityOf(ctx).isAutomatic(), func(ctx context.Context) (grant, error) {
		defer c.endGrant(id)
		return c.fetchGrant(ctx, id, until)
	})
	if err == nil {
		c.chairs.flights[id] = shared
	}
	return shared, err
}

func (c *Client) endGrant(id string) {
	c.chairs.mutex.Lock()
	defer c.chairs.mutex.Unlock()
	delete(c.chairs.flights, id)
}

// fetchGrant tries the password that is known, and after a refusal one that a new read shows to have
// changed. The same password is never sent twice once it was refused.
func (c *Client) fetchGrant(ctx context.Context, id string, until time.Time) (grant, error) {
	known := c.chairs.of(id)
	if known.lasts(until, c.config.Now()) { // whoever flew before us got it
		return grant{id: id, token: known.token}, nil
	}
	if known.mayTry() {
		held, err := c.tryPassword(ctx, id, known.password)
		if err == nil || c.chairs.of(id).refused != known.password {
			return held, err
		}
	}
	meeting, err := c.Get(ctx, id)
	if err != nil {
		return grant{}, err
	}
	known = c.chairs.of(meeting.ID)
	switch {
	case known.password == "":
		return grant{}, &Error{Op: opControl, Kind: ErrForbidden, Message: noPasswordHelp}
	case !known.mayTry():
		return grant{}, known.refusal
	case known.lasts(until, c.config.Now()):
		return grant{id: meeting.ID, token: known.token}, nil
	}
	return c.tryPassword(ctx, meeting.ID, known.password)
}

func (h chair) mayTry() bool { return h.password != "" && h.password != h.refused }

// tryPassword sends the password, unless the meeting is locked for too many wrong ones.
func (c *Client) tryPassword(ctx context.Context, id string, password Secret) (grant, error) {
	known := c.chairs.of(id)
	if c.config.Now().Before(known.lockedUntil) {
		return grant{}, known.lock
	}
	got, err := c.requestControl(ctx, id, password)
	if err != nil {
		return grant{}, c.noteRefusal(id, password, err)
	}
	now := c.config.Now()
	until := expiry(now, got.Data.ExpireTime, got.Data.ConfTokenExpireTime, controlOtherwise, controlMargin)
	held := grant{id: id, token: Secret(got.Data.Token)}
	c.chairs.change(id, func(known *chair) { known.token, known.until, known.fetched = held.token, until, now })
	return held, nil
}

// requestControl is page meeting_21_0027. Without an answer it is repeated like any read: that is no refusal.
func (c *Client) requestControl(ctx context.Context, id string, password Secret) (wireControlToken, error) {
	request := call{
		op:     opControl,
		method: http.MethodGet,
		path:   controlPath,
		query:  url.Values{"conferenceID": {id}},
		header: http.Header{"X-Password": {password.Reveal()}, "X-Login-Type": {"1"}},
		sent:   []Secret{password},
	}
	reply, err := read(ctx, func() (answer, error) { return c.exchange(ctx, request) })
	if err != nil {
		return wireControlToken{}, err
	}
	got, err := decodeJSON[wireControlToken](reply.body)
	if err != nil || got.Data == nil || got.Data.Token == "" {
		return got, brokenAnswer(opControl, answer{status: reply.status, header: reply.header})
	}
	if got.Data.Role.value != roleHost {
		return got, &Error{Op: opControl, Kind: ErrForbidden, Status: reply.status, Message: notHostHelp}
	}
	return got, nil
}

// noteRefusal remembers that the password is wrong, or that the meeting is locked, and turns the answer into
// an error that says so: the service's code does not tell a wrong password from a missing meeting.
func (c *Client) noteRefusal(id string, password Secret, err error) error {
	var failure *Error
	if !errors.As(err, &failure) {
		return err
	}
	now := c.config.Now()
	switch number := failure.number; {
	case isLockCode(number):
		c.chairs.change(id, func(known *chair) { known.lockedUntil, known.lock = now.Add(lockPause), err })
	case isPasswordCode(number), failure.Message == notHostHelp:
		refusal := *failure
		refusal.Kind = ErrForbidden
		if isPasswordCode(number) {
			refusal.Err = errors.New(refusedHelp)
		}
		err = &refusal
		c.chairs.change(id, func(known *chair) {
			known.password, known.token = "", ""
			known.refused, known.refusal, known.refusedAt = password, err, now
		})
	case isGone(err):
		c.chairs.forget(id)
	}
	return err
}
