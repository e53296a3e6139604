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
	longRenewalPause  = time.Hour
)

// session keeps the access token, and reads with it.
type session struct {
	config Config
	life   *lifetime
	sender *sender

	mutex    sync.Mutex
	token    Secret
	until    time.Time
	proven   bool // the service took the token
	underWay *sharedCall[Secret]
	granted  int  // logins so far
	role     Role // that the latest told

	outcome error             // of the latest login; ErrNoLogin until there was one
	refusal error             // of the latest login, or of its token; kept, so that no login follows it at once
	refused pause             // after that
	renewal map[string]*pause // by what was read: after a token that was fresh from its login was refused there
}

// pause is how long what was refused is not tried again. It doubles.
type pause struct {
	until time.Time
	times int
}

func (p *pause) begin(now time.Time, first, longest time.Duration) {
	p.until = now.Add(min(first<<min(p.times, 8), longest))
	p.times++
}

// get reads with the access token. After a 401, or a code that says the same, it logs in and reads again, once. A token
// that is refused right after its login is a refused login: the account has 64 tokens, and one for each read would use
// them up.
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
			if !errors.Is(err, ErrUnauthorised) {
				s.taken(call, token, err)
				return reply, err
			}
			if call.final || !s.mayRenew(call, token, err, refused != "") {
				return reply, err
			}
			refused = token
		}
	})
}

// reads names what a call reads, as far as the right to it goes.
func (c call) reads() string { return c.path + "?" + c.query.Get("queryAll") }

// taken notes that the service took the token. Any answer of its own says so, but one that the service is down.
func (s *session) taken(call call, token Secret, err error) {
	var failure *Error
	if errors.As(err, &failure) && (failure.Status == 0 || failure.Status >= 500 || failure.Kind == ErrThrottled) {
		return
	}
	s.mutex.Lock()
	defer s.mutex.Unlock()
	delete(s.renewal, call.reads())
	if token == s.token {
		s.proven, s.refusal, s.refused = true, nil, pause{}
	}
}

// mayRenew tells whether a refused token is worth a login, and begins a pause where it is not: where the token came from a
// login that this very call asked for, or from one after a pause. In a pause the call is refused, while others may still do
// with the token. Where nothing has taken the token, they are refused too.
func (s *session) mayRenew(call call, token Secret, err error, renewed bool) bool {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	now, held := s.config.Now(), s.renewal[call.reads()]
	if token != s.token { // there is another by now
		return !renewed
	}
	inPause := s.proven && held != nil && now.Before(held.until) || !s.proven && now.Before(s.refused.until)
	afterPause := !s.proven && s.refusal == nil && s.refused.times > 0
	if !renewed && (inPause || !afterPause) {
		return !inPause
	}
	if held == nil {
		held = new(pause)
		s.renewal[call.reads()] = held
	}
	held.begin(now, firstRefusalPause, longRenewalPause)
	if !s.proven {
		s.refusal = err
		s.refused.begin(now, firstRefusalPause, longRefusalPause)
	}
	return false
}

// logInAgain makes sure that there is a token that was not refused.
func (s *session) logInAgain(ctx context.Context) error {
	s.mutex.Lock()
	var refused Secret
	if s.refusal != nil {
		refused = s.token
	}
	refusal, inPause := s.refusal, s.config.Now().Before(s.refused.until)
	s.mutex.Unlock()
	if refusal != nil && inPause {
		return refusal
	}
	_, err := s.accessToken(ctx, opLogin, refused)
	return err
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
	case s.refusal != nil && now.Before(s.refused.until):
		return "", nil, s.refusal
	}
	request := s.loginCall(now)
	if err := s.sender.limits.mayBegin(ctx, opLogin, request.path); err != nil {
		return "", nil, err
	}
	// A login serves all who wait, so it always has the highest rank.
	shared, err := share(ctx, s.life, opLogin, extending, func(ctx context.Context) (Secret, error) {
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
		s.proven, s.refusal = false, nil
		s.granted++
		s.role = roleOf(granted.User.value.AdminType)
	case !errors.Is(err, ErrUnavailable) && !errors.Is(err, ErrThrottled):
		s.refusal = err
		s.refused.begin(now, firstRefusalPause, longRefusalPause)
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

// isAdmin tells whether the account is known to be one.
func (s *session) isAdmin() bool {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.role == RoleAdmin
}

// logins counts those that were granted.
func (s *session) logins() int {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.granted
}
