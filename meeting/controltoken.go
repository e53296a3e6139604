package meeting

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"
)

const (
	opControl   = "get control token"
	controlPath = "/v1/mmc/control/conferences/token"

	controlOtherwise = 30 * time.Minute
	controlMargin    = 2 * time.Minute
	lockPause        = 5 * time.Minute
	roleGuest        = 0

	noPasswordHelp = "the account does not see the meeting's host password; make it an administrator " +
		"of the enterprise, or let it schedule the meeting"
	refusedHelp = "the service refused the host's password; it is not sent again"
	notHostHelp = "the password is not the host's"
)

// controlTokens gets the token that an extension needs, with the host's password of its meeting.
type controlTokens struct {
	now         func() time.Time
	life        *lifetime
	sender      *sender
	passwords   *hostPasswords
	readMeeting func(ctx context.Context, id string) (Meeting, error) // which also remembers its host's password

	mutex    sync.Mutex
	underWay map[string]*sharedCall[grant] // by the ID that was asked for
}

// grant is the right to control one run.
type grant struct {
	id    string // the conferenceID, where a room's ID was asked for
	token Secret
}

// grant returns a token of the meeting that lasts until then (zero: now). One request serves all who wait for the same
// meeting.
func (t *controlTokens) grant(ctx context.Context, id string, until time.Time) (grant, error) {
	if err := t.life.check(opControl); err != nil {
		return grant{}, err
	}
	if held, ok := t.held(id, until); ok {
		return held, nil
	}
	shared, err := t.join(ctx, id, until)
	if err != nil {
		return grant{}, err
	}
	return shared.wait(ctx, opControl)
}

// held tells whether there is a token already that lasts until then.
func (t *controlTokens) held(id string, until time.Time) (grant, bool) {
	_, use := t.passwords.of(id)
	return grant{id: id, token: use.token}, use.lasts(until, t.now())
}

func (t *controlTokens) join(ctx context.Context, id string, until time.Time) (*sharedCall[grant], error) {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	if shared := t.underWay[id]; shared != nil {
		return shared, nil
	}
	if err := t.sender.limits.mayBegin(ctx, opControl, controlPath); err != nil {
		return nil, err
	}
	shared, err := share(ctx, t.life, opControl, priorityOf(ctx).now(), func(ctx context.Context) (grant, error) {
		got, err := t.fetch(ctx, id, until)
		t.mutex.Lock()
		defer t.mutex.Unlock()
		delete(t.underWay, id)
		return got, err
	})
	if err == nil {
		t.underWay[id] = shared
	}
	return shared, err
}

// fetch tries the password that is known. After a refusal it reads the meeting, and tries a password that has changed. It
// never sends a refused password again.
func (t *controlTokens) fetch(ctx context.Context, id string, until time.Time) (grant, error) {
	if held, ok := t.held(id, until); ok { // the call before this one got it
		return held, nil
	}
	password, use := t.passwords.of(id)
	if password != "" && !use.refuses(password) {
		got, err := t.try(ctx, id, password)
		_, use = t.passwords.of(id)
		if err == nil || !use.refuses(password) {
			return got, err
		}
	}
	meeting, err := t.readMeeting(ctx, id)
	if err != nil {
		return grant{}, err
	}
	password, use = t.passwords.of(meeting.ID)
	switch {
	case password == "" && use.refusal != nil:
		return grant{}, use.refusal
	case password == "":
		return grant{}, &Error{Op: opControl, Kind: ErrForbidden, Message: noPasswordHelp}
	case use.refuses(password):
		return grant{}, use.refusal
	}
	if held, ok := t.held(meeting.ID, until); ok {
		return held, nil
	}
	return t.try(ctx, meeting.ID, password)
}

// try sends the password, unless the meeting is locked after too many wrong ones.
func (t *controlTokens) try(ctx context.Context, id string, password Secret) (grant, error) {
	_, use := t.passwords.of(id)
	if t.now().Before(use.lockedUntil) {
		return grant{}, use.lock
	}
	got, err := t.request(ctx, id, password)
	if err != nil {
		return grant{}, t.noteRefusal(id, password, err)
	}
	now := t.now()
	until := expiry(now, got.Data.ExpireTime, got.Data.ConfTokenExpireTime, controlOtherwise, controlMargin)
	granted := grant{id: id, token: Secret(got.Data.Token)}
	t.passwords.note(id, func(use *passwordUse) { use.token, use.until, use.fetched = granted.token, until, now })
	return granted, nil
}

// request is page meeting_21_0027. Without an answer it is repeated like any read: that is no refusal.
func (t *controlTokens) request(ctx context.Context, id string, password Secret) (wireControlToken, error) {
	reply, err := read(ctx, func() (answer, error) {
		return t.sender.exchange(ctx, call{
			op:     opControl,
			method: http.MethodGet,
			path:   controlPath,
			query:  url.Values{"conferenceID": {id}},
			header: http.Header{"X-Password": {password.Reveal()}, "X-Login-Type": {"1"}},
			sent:   []Secret{password},
		})
	})
	if err != nil {
		return wireControlToken{}, err
	}
	got, err := decodeJSON[wireControlToken](reply.body)
	switch {
	case err != nil || got.Data == nil || got.Data.Token == "":
		reply.body = nil // it may hold a token
		return got, brokenAnswer(opControl, reply, errBrokenJSON)
	case got.Data.Role.known && got.Data.Role.value == roleGuest: // a role that is not told is not a guest's
		return got, &Error{Op: opControl, Kind: ErrForbidden, Status: reply.status, Message: notHostHelp}
	}
	return got, nil
}

// noteRefusal remembers that the password is wrong, or that the meeting is locked, and returns an error that says so. The
// service's own code does not tell a wrong password from a missing meeting.
func (t *controlTokens) noteRefusal(id string, password Secret, err error) error {
	var failure *Error
	if !errors.As(err, &failure) {
		return err
	}
	now := t.now()
	isPassword := slices.Contains(passwordCodes, failure.number) || refusesCredentials(failure)
	switch {
	case slices.Contains(lockCodes, failure.number):
		t.passwords.note(id, func(use *passwordUse) { use.lockedUntil, use.lock = now.Add(lockPause), err })
	case isPassword, failure.Message == notHostHelp:
		refusal := *failure
		refusal.Kind = ErrForbidden
		if isPassword {
			refusal.Err = errors.New(refusedHelp)
		}
		err = &refusal
		t.passwords.refuse(id, password, err)
	case isGone(err):
		t.passwords.forget(id)
	}
	return err
}

// refusesCredentials tells of a code that is not known. Which status a wrong host's password has is open; the call carries
// nothing else that could be refused. The gateway's refusals are about the call itself.
func refusesCredentials(failure *Error) bool {
	status := failure.Status == http.StatusUnauthorized || failure.Status == http.StatusForbidden
	return status && !isGone(failure) && !strings.HasPrefix(failure.Code, "APIG.")
}

// wireControlToken is the control token's answer (0027).
type wireControlToken struct {
	Data *struct {
		Token               wireText   `json:"token"`
		Role                wireNumber `json:"role"`                // 1 host, 0 not
		ExpireTime          wireNumber `json:"expireTime"`          // Unix milliseconds
		ConfTokenExpireTime wireNumber `json:"confTokenExpireTime"` // seconds
	} `json:"data"`
}
