package meetingtest

import (
	"crypto/subtle"
)

// apiClient is the client type of API callers.
const apiClient = 72

type loginRequest struct {
	Account         *string `json:"account"`
	ClientType      *int    `json:"clientType"`
	CreateTokenType int     `json:"createTokenType"`
}

// login is CreateToken [0306].
func (s *Server) login(c *call) answer {
	var body loginRequest
	if refused, fine := c.decode(&body, badLogin, badLogin); !fine {
		return refused
	}
	name, password, given := c.request.BasicAuth()
	if body.Account == nil || body.ClientType == nil || *body.Account == "" || len(*body.Account) > 255 {
		return badLogin.answer()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	own := s.accounts.own
	if !given || name != own.account || own.account == "" {
		return wrongPassword.answer()
	}
	if c.now.Before(own.locked) {
		return accountLocked.answer()
	}
	if name != *body.Account || !same(password, s.config.Password) {
		if own.wrong++; own.wrong >= mostWrong {
			own.wrong, own.locked = 0, c.now.Add(s.config.LoginLockLife)
		}
		return wrongPassword.answer()
	}
	own.wrong = 0
	if body.CreateTokenType == 1 {
		return ok(s.told(loginResponse{ClientType: *body.ClientType, User: own.wire(s.config)}))
	}
	return ok(s.opened(own, *body.ClientType, c))
}

func (s *Server) opened(u *user, clientType int, c *call) loginResponse {
	return s.told(s.accounts.open(u, clientType, c.now, s.config).wire(c, s.config))
}

func same(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }
