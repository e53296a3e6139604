package meetingtest

import (
	"slices"
	"time"
)

// mostTokens is how many access tokens of client type 72 a user may have.
const mostTokens = 64

// mostWrong is how many wrong passwords lock a login.
const mostWrong = 5

// The values of adminType.
const (
	defaultAdmin = 0
	notAdmin     = 2
)

// user is who a token belongs to.
type user struct {
	uuid, account, thirdAccount, name, email string
	adminType                                int
	wrong                                    int
	locked                                   time.Time
	sessions                                 []*session // oldest first
}

// session is an access token with its refresh token.
type session struct {
	user                           *user
	clientType                     int
	access, refresh                string
	created, expires, refreshUntil time.Time
}

// accounts is guarded by Server.mu.
type accounts struct {
	own, admin *user            // admin is the enterprise's default administrator
	others     map[string]*user // third-party users that registered themselves
	access     map[string]*session
	refresh    map[string]*session
}

func newAccounts(c Config) accounts {
	own := &user{
		uuid: c.AccountUUID, account: c.Account, thirdAccount: c.UserID, name: c.AccountName, email: c.AccountEmail,
		adminType: defaultAdmin,
	}
	admin := own
	if c.NotAdmin {
		own.adminType = notAdmin
		admin = &user{uuid: "8d8f0d63a7c24d0b9c1f00000000a000", account: "admin", name: "Administrator"}
	}
	return accounts{
		own: own, admin: admin, others: map[string]*user{},
		access: map[string]*session{}, refresh: map[string]*session{},
	}
}

func (u *user) isAdmin() bool { return u.adminType != notAdmin }

// thirdParty finds the user of an App ID login; an unknown one is registered.
func (a *accounts) thirdParty(userID string) *user {
	switch {
	case userID == "":
		return a.admin
	case userID == a.own.thirdAccount:
		return a.own
	case a.others[userID] == nil:
		a.others[userID] = &user{
			uuid: token(16), account: userID, thirdAccount: userID, name: userID, adminType: notAdmin,
		}
	}
	return a.others[userID]
}

// open makes a session. Of client type 72 the 65th ends the oldest; of any other there is one alone.
func (a *accounts) open(u *user, clientType int, now time.Time, c Config) *session {
	s := &session{user: u, clientType: clientType}
	a.renew(s, now, c)
	same := func(other *session) bool { return other.clientType == clientType }
	most := mostTokens
	if clientType != apiClient {
		most = 1
		same = func(other *session) bool { return other.clientType != apiClient }
	}
	var rivals []*session
	for _, other := range slices.Clone(u.sessions) {
		switch {
		case !now.Before(other.expires) && !now.Before(other.refreshUntil):
			a.close(other) // nothing can bring it back
		case same(other):
			rivals = append(rivals, other)
		}
	}
	for ; len(rivals) >= most; rivals = rivals[1:] {
		a.close(rivals[0])
	}
	u.sessions = append(u.sessions, s)
	return s
}

// renew gives the session new tokens; those before are dead.
func (a *accounts) renew(s *session, now time.Time, c Config) {
	delete(a.access, s.access)
	delete(a.refresh, s.refresh)
	s.access, s.refresh = "cnr"+token(29), "ref"+token(29)
	s.created, s.expires, s.refreshUntil = now, now.Add(c.TokenLife), now.Add(c.RefreshLife)
	a.access[s.access], a.refresh[s.refresh] = s, s
}

func (a *accounts) close(s *session) {
	delete(a.access, s.access)
	delete(a.refresh, s.refresh)
	s.user.sessions = slices.DeleteFunc(s.user.sessions, func(other *session) bool { return other == s })
}

// sessionOf finds the session of a live access token; nil if there is none.
func (a *accounts) sessionOf(access string, now time.Time) *session {
	if s := a.access[access]; s != nil && now.Before(s.expires) {
		return s
	}
	return nil
}

// ExpireTokens ends the life of every access token. Refresh tokens live on.
func (s *Server) ExpireTokens() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, session := range s.accounts.access {
		session.expires = time.Time{}
	}
}

// LiveTokens returns how many access tokens are valid: what did not log out still holds one.
func (s *Server) LiveTokens() int {
	now := s.config.Now()
	s.mu.Lock()
	defer s.mu.Unlock()
	live := 0
	for _, session := range s.accounts.access {
		if now.Before(session.expires) {
			live++
		}
	}
	return live
}

// asUser lets a handler have the user of X-Access-Token, and holds Server.mu while it runs.
func asUser(handler func(*Server, *call, *user) answer) func(*Server, *call) answer {
	return func(s *Server, c *call) answer {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.book.advance(c.now)
		session := s.accounts.sessionOf(c.request.Header.Get("X-Access-Token"), c.now)
		if session == nil {
			return s.readings.badToken().answer()
		}
		return handler(s, c, session.user)
	}
}
