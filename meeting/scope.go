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

// For so long a refusal of queryAll holds before it is tried again; longer each time.
const (
	ownListPeriod = time.Minute
	longOwnList   = 10 * time.Minute
)

// scope is whose meetings a list is asked for.
type scope struct {
	query url.Values
	final bool // a 401 is not about the token: no login follows
}

// scopes remembers on which lists queryAll was refused.
type scopes struct {
	mutex   sync.Mutex
	refused map[string]pause // by path: until when only the account's own list is asked for
	by401   bool             // with the status that a dead token has
}

func (s *scopes) isRefused(path string, now time.Time) bool {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return now.Before(s.refused[path].until)
}

// wasRefused tells whether the latest try was.
func (s *scopes) wasRefused(path string) bool {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.refused[path].times > 0
}

// granted tells whether that is news.
func (s *scopes) granted(path string) bool {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	_, refused := s.refused[path]
	delete(s.refused, path)
	return refused
}

func (s *scopes) is401() bool {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.by401
}

// refuse tells whether that is news.
func (s *scopes) refuse(path string, now time.Time, by401 bool) bool {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.refused == nil {
		s.refused = make(map[string]pause)
	}
	held, again := s.refused[path]
	held.begin(now, ownListPeriod, longOwnList)
	s.refused[path], s.by401 = held, by401
	return !again
}

// asksAll tells whether the enterprise's list is asked for.
func (l *listReader) asksAll(path string) bool {
	return l.queryAll && !l.scopes.isRefused(path, l.now())
}

// seesAll tells whether the list is known to be the enterprise's.
func (l *listReader) seesAll(path string) bool {
	return l.queryAll && !l.scopes.wasRefused(path) && l.session.isAdmin()
}

// inScope reads the enterprise's list, or where the account may not, its own. That the own list can be read, with the very
// token, proves that queryAll was refused, and nothing else. It takes no login to find that out a second time.
func (l *listReader) inScope(ctx context.Context, path string, read func(scope) error) error {
	if !l.asksAll(path) {
		return read(scope{query: url.Values{}})
	}
	all := scope{query: url.Values{"queryAll": {"true"}}, final: l.scopes.is401()}
	logins := l.session.logins()
	readAll := func() error {
		err := read(all)
		if err == nil && l.scopes.granted(path) {
			l.logger.InfoContext(ctx, "account may list the enterprise's meetings again")
		}
		return err
	}
	refused := readAll()
	if !isRefusal(refused) {
		return refused
	}
	by401 := errors.Is(refused, ErrUnauthorised)
	own := scope{query: url.Values{}, final: by401 && !all.final} // then a login came before
	if err := read(own); err != nil {
		return err
	}
	if by401 && all.final && l.session.logins() != logins { // it was the token
		if refused = readAll(); !isRefusal(refused) {
			return refused
		}
		if err := read(own); err != nil {
			return err
		}
	}
	if l.scopes.refuse(path, l.now(), by401) {
		l.logger.WarnContext(ctx, "account may not list the enterprise's meetings, only its own", "error", refused)
	}
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
