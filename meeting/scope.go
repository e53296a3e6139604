package meeting

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"sync"
	"time"
)

// What the service makes of queryAll from an account that is no administrator is open: it may refuse it, with any status,
// ignore it, or honour it. A refusal shows. Of the others, the login's adminType tells whose the list is.

// ownListPeriod is how long a refusal of queryAll holds before it is tried again.
const ownListPeriod = time.Hour

// scope is whose meetings a list is asked for.
type scope struct {
	query url.Values
	final bool // a 401 is not about the token: no login follows
}

// scopes remembers on which lists queryAll was refused.
type scopes struct {
	mutex   sync.Mutex
	refused map[string]time.Time // by path: until when only the account's own list is asked for
	by401   bool                 // with the status that a dead token has
}

func (s *scopes) isRefused(path string, now time.Time) bool {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return now.Before(s.refused[path])
}

func (s *scopes) is401() bool {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.by401
}

func (s *scopes) refuse(path string, until time.Time, by401 bool) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.refused == nil {
		s.refused = make(map[string]time.Time)
	}
	s.refused[path], s.by401 = until, by401
}

// asksAll tells whether the enterprise's list is asked for.
func (l *listReader) asksAll(path string) bool {
	return l.queryAll && !l.scopes.isRefused(path, l.now())
}

// seesAll tells whether the list is known to be the enterprise's.
func (l *listReader) seesAll(path string) bool { return l.asksAll(path) && l.session.isAdmin() }

// inScope reads the enterprise's list, or where the account may not, its own. That the own list can be read, with the very
// token, proves that queryAll was refused, and nothing else. It takes no login to find that out a second time.
func (l *listReader) inScope(ctx context.Context, path string, read func(scope) error) error {
	if !l.asksAll(path) {
		return read(scope{query: url.Values{}})
	}
	all := scope{query: url.Values{"queryAll": {"true"}}, final: l.scopes.is401()}
	logins := l.session.logins()
	refused := read(all)
	if !isRefusal(refused) {
		return refused
	}
	by401 := errors.Is(refused, ErrUnauthorised)
	own := scope{query: url.Values{}, final: by401 && !all.final} // then a login came before
	if err := read(own); err != nil {
		return err
	}
	if by401 && all.final && l.session.logins() != logins { // it was the token
		if refused = read(all); !isRefusal(refused) {
			return refused
		}
		if err := read(own); err != nil {
			return err
		}
	}
	l.logger.WarnContext(ctx, "account may not list the enterprise's meetings, only its own", "error", refused)
	l.scopes.refuse(path, l.now().Add(ownListPeriod), by401)
	return nil
}

// isRefusal tells whether the service said no, and not just "not now".
func isRefusal(err error) bool {
	var failure *Error
	if !errors.As(err, &failure) || errors.Is(err, ErrThrottled) {
		return false
	}
	passes := failure.Status == http.StatusRequestTimeout || kindOfCode(failure.number) == ErrUnavailable
	return failure.Status >= 400 && failure.Status < 500 && !passes
}
