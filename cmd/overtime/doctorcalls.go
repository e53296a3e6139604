package main

import (
	"errors"
	"net/http"
	"strings"
	"sync"

	"github.com/overtime-bot/overtime/meeting"
)

const mostCalls = 30 // of the meeting service, the login and the logout among them

var (
	errSecondLogin = errors.New("doctor logs in once")
	errEnoughCalls = errors.New("doctor makes no more calls of the meeting service")
)

// countedCalls carries calls to the meeting service: one login, and at most mostCalls in all. It notes what the headers of
// the answers tell.
type countedCalls struct {
	next http.RoundTripper

	mutex  sync.Mutex
	made   int
	logins int
	dated  bool
	quota  []meeting.Told // of the latest answer that told any
}

// RoundTrip leaves room for the logout.
func (c *countedCalls) RoundTrip(request *http.Request) (*http.Response, error) {
	if err := c.count(request); err != nil {
		if request.Body != nil {
			_ = request.Body.Close() // as a transport must
		}
		return nil, err
	}
	response, err := c.next.RoundTrip(request)
	if err == nil {
		c.learn(response.Header)
	}
	return response, err
}

func (c *countedCalls) count(request *http.Request) error {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	isLogin, isLogout := request.Method == http.MethodPost && strings.Contains(request.URL.Path, "/auth/"), request.Method == http.MethodDelete
	switch {
	case isLogin && c.logins > 0:
		return errSecondLogin
	case c.made >= mostCalls, c.made >= mostCalls-1 && !isLogout:
		return errEnoughCalls
	case isLogin:
		c.logins++
	}
	c.made++
	return nil
}

func (c *countedCalls) learn(header http.Header) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.dated = c.dated || header.Get("Date") != "" && header.Get("Age") == "" // a cache's answer is old
	if told := meeting.QuotaTold(header); told != nil {
		c.quota = told
	}
}

func (c *countedCalls) isDated() bool {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return c.dated
}

func (c *countedCalls) told() []meeting.Told {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return c.quota
}

// CloseIdleConnections is for the client that ends.
func (c *countedCalls) CloseIdleConnections() {
	if idle, ok := c.next.(interface{ CloseIdleConnections() }); ok {
		idle.CloseIdleConnections()
	}
}
