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

	// clientTypeAPI is the one kind of client with 64 tokens. With any other, a login ends the one before.
	clientTypeAPI = 72

	signatureLifetime = 10 * time.Minute
	accessMargin      = 30 * time.Second
	accessOtherwise   = time.Hour

	firstRefusalPause = time.Minute // a locked account stays so for 60 seconds
	longRefusalPause  = 15 * time.Minute
)

// session keeps the access token, and reads with it.
type session struct {
	config Config
	life   *lifetime
	sender *sender

	mutex    sync.Mutex
	token    Secret
	until    time.Time
	underWay *sharedCall[Secret]
	granted  int  // logins so far
	admin    bool // the latest said that the account is an administrator of the enterprise

	outcome      error // of the latest login; errNoLogin until there was one
	refusal      error // kept, so that no login follows it at once
	refusedUntil time.Time
	refusals     int
}

// get reads with the access token. After a 401, or a code that says the same, it logs in and reads again, once.
func (s *session) get(ctx context.Context, call call) (answer, error) {
	call.method = http.MethodGet
	var refused Secret
	return read(ctx, func() (answer, error) {
		for {
			token, err := s.accessToken(ctx, call.op, refused)
			if err != nil {
				return answer{}, err
			}
			reply, err := s.sender.exchange(ctx, call.withToken(token))
			if refused != "" || call.final || !errors.Is(err, ErrUnauthorised) {
				return reply, err
			}
			refused = token
		}
	})
}

// accessToken returns a token other than the refused one, after a login if need be. One login serves all who wait.
func (s *session) accessToken(ctx context.Context, op string, refused Secret) (Secret, error) {
	if err := s.life.check(op); err != nil {
		return "", err
	}
	token, shared, err := s.joinLogin(ctx, refused)
	if err != nil || token != "" {
		return token, err
	}
	return shared.wait(ctx, op)
}

// joinLogin returns the token or the login to wait for.
func (s *session) joinLogin(ctx context.Context, refused Secret) (Secret, *sharedCall[Secret], error) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.token == refused {
		s.token = ""
	}
	now := s.config.Now()
	switch {
	case s.token != "" && now.Before(s.until):
		return s.token, nil, nil
	case s.underWay != nil:
		return "", s.underWay, nil
	case s.refusal != nil && now.Before(s.refusedUntil):
		return "", nil, s.refusal
	}
	request := s.loginCall(now)
	if err := s.sender.limits.mayBegin(ctx, opLogin, request.path); err != nil {
		return "", nil, err
	}
	// A login serves all who wait, so it always has people's priority.
	shared, err := share(ctx, s.life, opLogin, false, func(ctx context.Context) (Secret, error) {
		return s.logIn(ctx, request)
	})
	s.underWay = shared
	return "", shared, err
}

// logIn makes one login and keeps its outcome. It remembers a clear no, but not what may pass by itself.
func (s *session) logIn(ctx context.Context, request call) (Secret, error) {
	granted, err := s.requestToken(ctx, request)
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.underWay, s.outcome = nil, err
	now := s.config.Now()
	switch {
	case err == nil:
		s.token = Secret(granted.AccessToken)
		s.until = expiry(now, granted.ExpireTime, granted.ValidPeriod, accessOtherwise, accessMargin)
		s.refusal, s.refusals = nil, 0
		s.granted++
		s.admin = granted.isAdmin()
	case !errors.Is(err, ErrUnavailable) && !errors.Is(err, ErrThrottled):
		s.refusal = err
		s.refusedUntil = now.Add(min(firstRefusalPause<<min(s.refusals, 8), longRefusalPause))
		s.refusals++
	}
	return Secret(granted.AccessToken), err
}

func (s *session) requestToken(ctx context.Context, request call) (wireToken, error) {
	reply, err := s.sender.exchange(ctx, request)
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

// loginCall is that of the account (page meeting_21_0306) or of the App ID (page meeting_21_0311).
func (s *session) loginCall(now time.Time) call {
	request := call{op: opLogin, method: http.MethodPost, path: accountLoginPath}
	fields := map[string]any{"clientType": clientTypeAPI}
	if s.config.Account != "" {
		pair := s.config.Account + ":" + s.config.Password.Reveal()
		request.header = http.Header{"Authorization": {"Basic " + base64.StdEncoding.EncodeToString([]byte(pair))}}
		request.sent = []Secret{Secret(pair), s.config.Password}
		fields["account"], fields["createTokenType"] = s.config.Account, 0
	} else {
		login := appLogin{
			mode:       modeOf(s.config),
			appID:      s.config.AppID,
			corpID:     s.config.CorpID,
			userID:     s.config.UserID,
			expireTime: now.Add(signatureLifetime).Unix(),
			nonce:      rand.Text() + rand.Text(), // 52 characters; the service wants 32 to 64
		}
		authorisation := login.authorisation(s.config.AppKey)
		request.path = appLoginPath
		request.header = http.Header{"Authorization": {authorisation}, "X-Token-Type": {"LongTicket"}}
		request.sent = []Secret{Secret(authorisation), s.config.AppKey}
		fields["appId"], fields["expireTime"], fields["nonce"] = login.appID, login.expireTime, login.nonce
		// An empty ID is left out: a corpId outside of SP mode fails the login.
		if login.corpID != "" {
			fields["corpId"] = login.corpID
		}
		if login.userID != "" {
			fields["userId"] = login.userID
		}
	}
	request.body, _ = json.Marshal(fields) // texts and numbers always encode
	return request
}

// logOut gives the token back (page meeting_21_0309).
func (s *session) logOut(ctx context.Context) error {
	s.mutex.Lock()
	token := s.token
	s.token = ""
	s.mutex.Unlock()
	if token == "" {
		return nil
	}
	_, err := s.sender.exchange(ctx, call{op: opLogout, method: http.MethodDelete, path: tokenPath}.withToken(token))
	if err != nil && !errors.Is(err, ErrUnauthorised) {
		return fmt.Errorf("close meeting client: %w", err)
	}
	return nil
}

// wireToken is the login's answer (0306, 0311).
type wireToken struct {
	AccessToken wireText   `json:"accessToken"`
	ExpireTime  wireNumber `json:"expireTime"`  // Unix seconds, unlike createTime
	ValidPeriod wireNumber `json:"validPeriod"` // seconds
	User        lenient[struct {
		AdminType wireNumber `json:"adminType"`
	}] `json:"user"`
}

// isAdmin tells whether the account is the default administrator (0) or another (1). Where that is left out it is not known,
// and no.
func (t wireToken) isAdmin() bool {
	admin := t.User.value.AdminType
	return admin.known && (admin.value == 0 || admin.value == 1)
}

func (s *session) isAdmin() bool {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.admin
}

// logins counts those that were granted.
func (s *session) logins() int {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.granted
}
