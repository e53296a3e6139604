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

// Extend adds minutes (1 to 1440) to the running meeting (page meeting_21_0038); id is its conferenceID. The service does
// not say the new end: read it back. The request is sent once. ErrAmbiguous means that it may have taken effect, any other
// error that it did not.
func (c *Client) Extend(ctx context.Context, id string, minutes int) error {
	return c.prolong(ctx, id, 1, wireExtension{Auto: 0, Duration: minutes})
}

// AutoExtend hands the meeting to the platform, which extends it by itself. It does so by minutes each time: 1 to 1440, or 0
// for the platform's 15. Errors are as for Extend.
func (c *Client) AutoExtend(ctx context.Context, id string, minutes int) error {
	return c.prolong(ctx, id, 0, wireExtension{Auto: 1, Duration: minutes})
}

// prolong sends the extension with the meeting's control token. A refused token proves that nothing happened: it is
// renewed, and the extension sent again, once.
func (c *Client) prolong(ctx context.Context, id string, fewest int, extension wireExtension) error {
	if extension.Duration < fewest || extension.Duration > maxMinutes {
		return &Error{Op: opExtend, Kind: ErrInvalid, Message: fmt.Sprintf("minutes must be %d to %d", fewest, maxMinutes)}
	}
	if err := checkID(opExtend, id); err != nil {
		return err
	}
	body, err := json.Marshal(extension)
	if err != nil {
		return &Error{Op: opExtend, Kind: ErrInvalid, Err: err}
	}
	for renewed := false; ; renewed = true {
		held, err := c.tokens.grant(ctx, id, time.Time{})
		if err != nil {
			return fmt.Errorf("%s: %w", opExtend, err)
		}
		err = c.sender.sendOnce(ctx, call{
			op:     opExtend,
			method: http.MethodPut,
			path:   extendPath,
			query:  url.Values{"conferenceID": {held.id}},
			header: http.Header{"X-Conference-Authorization": {held.token.Reveal()}},
			body:   body,
			sent:   []Secret{held.token},
		})
		switch {
		case errors.Is(err, ErrUnauthorised):
			c.passwords.note(held.id, func(use *passwordUse) {
				if use.token == held.token { // and there is no other by now
					use.token = ""
				}
			})
			if !renewed {
				continue
			}
		case isGone(err):
			c.passwords.forget(held.id)
		}
		return err
	}
}

// ExtendRate is how many extensions a minute the quota allows; 0 is no limit. It is our own limit until an answer tells the
// service's.
func (c *Client) ExtendRate() int { return c.sender.limits.perMinute(extendPath) }

// Prepare fetches the meeting's control token ahead of an extension at the time until, unless one is kept that lasts so long.
// Tokens live half an hour. For a time beyond that, Prepare renews a token at half its life. It waits for its turn until the
// context's deadline, or a few timeouts.
func (c *Client) Prepare(ctx context.Context, id string, until time.Time) error {
	if err := checkID(opControl, id); err != nil {
		return err
	}
	got, err := c.tokens.grant(ctx, id, until)
	if err != nil {
		return err
	}
	if _, lasts := c.tokens.held(got.id, until); !lasts {
		_, err = c.tokens.grant(ctx, id, until) // the request that it joined was content with less
	}
	return err
}

// OfferPassword keeps a host password that the host gave for a running meeting whose password the account does not see. It
// stays in memory, until the run is over or the service refuses it. The error is the refusal of a password that the service
// refused before: it is not sent again.
func (c *Client) OfferPassword(m Meeting, password Secret) error {
	return c.passwords.offer(m, password)
}

// wireExtension is the extension's body (0038). Auto has no omitempty: it is mandatory, and mostly 0.
type wireExtension struct {
	Auto     int `json:"auto"`
	Duration int `json:"duration,omitempty"`
}
