package meeting

import (
	"errors"
	"log/slog"
	"net/http"
	"time"
)

// Config is what a Client needs. Exactly one login is given: Account with Password, or AppID with AppKey.
type Config struct {
	// BaseURL is the API's root, as "https://api.meeting.huaweicloud.com". Plain http is for loopback only.
	BaseURL string

	Account  string
	Password Secret

	AppID  string
	AppKey Secret
	// UserID is whom the App ID login acts as. Empty is the enterprise's default administrator.
	UserID string
	// CorpID names the enterprise in SP mode. It must be empty in single-enterprise mode.
	CorpID string
	// SPAdmin logs in as the service provider's administrator. UserID and CorpID must then be empty.
	SPAdmin bool

	// QueryAll lists all meetings of the enterprise. Where the account may not, it lists its own.
	QueryAll bool
	// Timeout is for one HTTP exchange; 0 is 10 seconds.
	Timeout time.Duration
	// Rate is the most calls to one API path in any 60 seconds; 0 is no limit of our own.
	Rate int
	// Now tells the time that tokens are aged by; nil is time.Now.
	Now func() time.Time
	// Transport carries the calls; nil is one of our own. It must not send a request twice. It must read a request's body
	// before the request has any effect.
	Transport http.RoundTripper
	// Logger hears of what was survived; nil is silence.
	Logger *slog.Logger
	// Observe is told of every HTTP exchange, from many goroutines. Status is 0 where there was no answer. It may be nil.
	Observe func(op string, status int, took time.Duration)
}

const defaultTimeout = 10 * time.Second

// complete wants exactly one way to log in, and all of it. It fills in what may be left out, but the transport.
func (c *Config) complete() error {
	account := c.Account != "" || c.Password != ""
	app := c.AppID != "" || c.AppKey != ""
	switch {
	case account && app:
		return errors.New("meeting: give an account or an App ID, not both")
	case account && (c.Account == "" || c.Password == ""):
		return errors.New("meeting: an account needs its password, and a password its account")
	case app && (c.AppID == "" || c.AppKey == ""):
		return errors.New("meeting: an App ID needs its App Key, and an App Key its App ID")
	case !account && !app:
		return errors.New("meeting: an account with a password, or an App ID with an App Key, is needed")
	case account && (c.UserID != "" || c.CorpID != "" || c.SPAdmin):
		return errors.New("meeting: user and enterprise IDs belong to the App ID login")
	case c.SPAdmin && (c.UserID != "" || c.CorpID != ""):
		return errors.New("meeting: the service provider's administrator has no user or enterprise ID")
	case c.Timeout < 0 || c.Rate < 0:
		return errors.New("meeting: timeout and rate must not be negative")
	}
	if c.Timeout == 0 {
		c.Timeout = defaultTimeout
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	if c.Observe == nil {
		c.Observe = func(string, int, time.Duration) {}
	}
	return nil
}
