package meeting

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"
)

const (
	opLogin  = "log in"
	opLogout = "log out"

	accountLoginPath = "/v1/usg/acs/auth/account"
	appLoginPath     = "/v2/usg/acs/auth/appauth"
	tokenPath        = "/v1/usg/acs/token"

	// clientTypeAPI is the one kind of client with 64 tokens: any other login kicks out the one before.
	clientTypeAPI = 72

	signatureLifetime = 10 * time.Minute
	accessMargin      = 30 * time.Second
	accessOtherwise   = time.Hour

	firstRefusalPause = time.Minute // a locked account stays so for 60 seconds
	longRefusalPause  = 15 * time.Minute
)

// session is the access token, the login that is under way, and what is remembered of a refused one.
type session struct {
	mutex  sync.Mutex
	token  Secret
	until  time.Time
	flight *flight[Secret]

	refusal      error
	refusedUntil time.Time
	refusals     int
}

// Login makes sure that there is a good access token. After a refusal it returns the kept error for a while
// (1 minute, doubling to 15) and does not call: a repeated wrong password locks the account.
func (c *Client) Login(ctx context.Context) error {
	_, err := c.accessToken(ctx, opLogin)
	return err
}

// accessToken returns the token, after a login if need be. One login serves all who wait.
func (c *Client) accessToken(ctx context.Context, op string) (Secret, error) {
	if c.isClosed() {
		return "", &Error{Op: op, Kind: ErrUnavailable, Err: errClosed}
	}
	token, shared, err := c.joinLogin(ctx)
	if err != nil || token != "" {
		return token, err
	}
	return shared.wait(ctx, op)
}

func (c *Client) joinLogin(ctx context.Context) (Secret, *flight[Secret], error) {
	s := &c.session
	s.mutex.Lock()
	defer s.mutex.Unlock()
	now := c.config.Now()
	switch {
	case s.token != "" && now.Before(s.until):
		return s.token, nil, nil
	case s.flight != nil:
		return "", s.flight, nil
	case s.refusal != nil && now.Before(s.refusedUntil):
		return "", nil, s.refusal
	}
	if err := c.limits.mayBegin(ctx, opLogin, c.loginPath()); err != nil {
		return "", nil, err
	}
	// A login serves all who wait, so it always has people's priority, whoever began it.
	shared, err := launch(ctx, c, opLogin, false, c.logIn)
	s.flight = shared
	return "", shared, err
}

// logIn makes one login and keeps its outcome.
func (c *Client) logIn(ctx context.Context) (Secret, error) {
	granted, err := c.requestToken(ctx)
	now := c.config.Now()
	s := &c.session
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.flight = nil
	if err != nil {
		s.refuse(err, now)
		return "", err
	}
	s.token = Secret(granted.AccessToken)
	s.until = expiry(now, granted.ExpireTime, granted.ValidPeriod, accessOtherwise, accessMargin)
	s.refusal, s.refusals = nil, 0
	return s.token, nil
}

// refuse remembers a clear no. What may pass by itself is not one.
func (s *session) refuse(err error, now time.Time) {
	if errors.Is(err, ErrUnavailable) || errors.Is(err, ErrThrottled) {
		return
	}
	s.refusal = err
	s.refusedUntil = now.Add(min(firstRefusalPause<<min(s.refusals, 8), longRefusalPause))
	s.refusals++
}

// drop forgets a token that was refused, unless there is another by now.
func (s *session) drop(token Secret) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.token == token {
		s.token = ""
	}
}

func (c *Client) requestToken(ctx context.Context) (wireToken, error) {
	request, err := c.loginCall()
	if err != nil {
		return wireToken{}, &Error{Op: opLogin, Kind: ErrUnavailable, Err: err}
	}
	reply, err := c.exchange(ctx, request)
	if err != nil {
		return wireToken{}, err
	}
	granted, err := decodeJSON[wireToken](reply.body)
	if err != nil || granted.AccessToken == "" {
		failure := decodeError(opLogin, reply, request.sent...)
		if failure.Code == "" {
			failure.Kind, failure.Err = ErrUnavailable, errors.New("answer holds no token")
		}
		return wireToken{}, failure
	}
	return granted, nil
}

func (c *Client) loginPath() string {
	if c.config.Account != "" {
		return accountLoginPath
	}
	return appLoginPath
}

func (c *Client) loginCall() (call, error) {
	request := call{op: opLogin, method: http.MethodPost, path: c.loginPath()}
	if c.config.Account != "" {
		return c.accountLogin(request)
	}
	return c.appLogin(request)
}

// accountLogin is page meeting_21_0306.
func (c *Client) accountLogin(request call) (call, error) {
	pair := c.config.Account + ":" + c.config.Password.Reveal()
	request.header = http.Header{"Authorization": {"Basic " + base64.StdEncoding.EncodeToString([]byte(pair))}}
	request.sent = []Secret{Secret(pair), c.config.Password}
	body, err := json.Marshal(map[string]any{
		"account": c.config.Account, "clientType": clientTypeAPI, "createTokenType": 0,
	})
	request.body = body
	return request, err
}

// appLogin is page meeting_21_0311. An empty corpId or userId is left out: corpId outside of SP mode
// fails the login.
func (c *Client) appLogin(request call) (call, error) {
	login := appLogin{
		mode:       modeOf(c.config),
		appID:      c.config.AppID,
		corpID:     c.config.CorpID,
		userID:     c.config.UserID,
		expireTime: c.config.Now().Add(signatureLifetime).Unix(),
		nonce:      newNonce(),
	}
	authorisation := login.authorisation(c.config.AppKey)
	request.header = http.Header{"Authorization": {authorisation}, "X-Token-Type": {"LongTicket"}}
	request.sent = []Secret{Secret(authorisation), c.config.AppKey}
	fields := map[string]any{
		"appId": login.appID, "clientType": clientTypeAPI, "expireTime": login.expireTime, "nonce": login.nonce,
	}
	if login.corpID != "" {
		fields["corpId"] = login.corpID
	}
	if login.userID != "" {
		fields["userId"] = login.userID
	}
	body, err := json.Marshal(fields)
	request.body = body
	return request, err
}

// newNonce is 52 characters; the service wants 32 to 64.
func newNonce() string { return rand.Text() + rand.Text() }

// logOut gives the token back (page meeting_21_0309).
func (c *Client) logOut(ctx context.Context) error {
	s := &c.session
	s.mutex.Lock()
	token := s.token
	s.token = ""
	s.mutex.Unlock()
	if token == "" {
		return nil
	}
	request := call{op: opLogout, method: http.MethodDelete, path: tokenPath}.withToken(token)
	if _, err := c.exchange(ctx, request); err != nil && !errors.Is(err, ErrUnauthorised) {
		return fmt.Errorf("close meeting client: %w", err)
	}
	return nil
}
