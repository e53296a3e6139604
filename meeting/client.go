// Package meeting is the client of the Huawei Cloud Meeting REST API: it lists running meetings,
// extends them, and tells who hosts and attends them. It knows nothing of Slack or of schedules.
package meeting

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"sync"
	"time"
)

// Config is what a Client needs. Exactly one login is given: Account with Password, or AppID with AppKey.
type Config struct {
	// BaseURL is the API's root, as "https://api.meeting.huaweicloud.com"; plain http on loopback alone.
	BaseURL string

	Account  string
	Password Secret

	AppID  string
	AppKey Secret
	// UserID is whom the App ID login acts as; empty is the enterprise's default administrator.
	UserID string
	// CorpID names the enterprise in SP mode, and must be empty in single-enterprise mode.
	CorpID string
	// SPAdmin logs in as the service provider's administrator; UserID and CorpID must then be empty.
	SPAdmin bool

	// QueryAll lists all meetings of the enterprise. Where the account may not, it falls back to its own.
	QueryAll bool
	// Timeout is for one HTTP exchange; 0 is 10 seconds.
	Timeout time.Duration
	// Rate is the calls a minute to one API path; 0 is no limit of our own.
	Rate int
	// Now tells the time that tokens are aged by; nil is time.Now.
	Now func() time.Time
	// Transport carries the calls; nil is one of our own. One handed in must not send a request twice,
	// and must read a request's body before it has any effect.
	Transport http.RoundTripper
	// Logger hears of what was survived; nil is silence.
	Logger *slog.Logger
	// Observe is told of every HTTP exchange, from many goroutines; status is 0 where there was no answer.
	// It may be nil.
	Observe func(op string, status int, took time.Duration)
}

// Client speaks to the meeting service. It is safe for concurrent use; Close ends it.
type Client struct {
	config    Config
	base      *url.URL
	transport http.RoundTripper
	limits    *limiter
	session   session
	chairs    chairs
	running   *remembered[*reading]    // of the online list
	booked    *remembered[bookedEntry] // of the list of what has not ended
	order     order
	scope     scope

	// Work that many callers wait for lives as long as the client, not as long as the first caller.
	life    context.Context
	stop    context.CancelFunc
	work    sync.WaitGroup
	closing sync.Mutex
	closed  bool
}

const defaultTimeout = 10 * time.Second

var errClosed = errors.New("client is closed")

// New checks the configuration and returns a client. It makes no call.
func New(config Config) (*Client, error) {
	base, err := parseBaseURL(config.BaseURL)
	if err != nil {
		return nil, err
	}
	if err := checkLogin(config); err != nil {
		return nil, err
	}
	if config.Timeout < 0 || config.Rate < 0 {
		return nil, errors.New("meeting: timeout and rate must not be negative")
	}
	if config.Transport == nil {
		if config.Transport, err = newTransport(base); err != nil {
			return nil, err
		}
	}
	fillDefaults(&config)
	client := &Client{
		config:    config,
		base:      base,
		transport: config.Transport,
		limits:    newLimiter(config.Rate),
		chairs:    newChairs(),
		running:   newRemembered(decodeMeeting),
		booked:    newRemembered(decodeBooked),
		order:     newOrder(),
	}
	client.life, client.stop = context.WithCancel(context.Background())
	return client, nil
}

func fillDefaults(config *Config) {
	if config.Timeout == 0 {
		config.Timeout = defaultTimeout
	}
	if config.Now == nil {
		config.Now = time.Now
	}
	if config.Logger == nil {
		config.Logger = slog.New(slog.DiscardHandler)
	}
	if config.Observe == nil {
		config.Observe = func(string, int, time.Duration) {}
	}
}

// checkLogin wants exactly one way to log in, and it complete.
func checkLogin(config Config) error {
	account := config.Account != "" || config.Password != ""
	app := config.AppID != "" || config.AppKey != ""
	switch {
	case account && app:
		return errors.New("meeting: give an account or an App ID, not both")
	case account && (config.Account == "" || config.Password == ""):
		return errors.New("meeting: an account needs its password, and a password its account")
	case app && (config.AppID == "" || config.AppKey == ""):
		return errors.New("meeting: an App ID needs its App Key, and an App Key its App ID")
	case !account && !app:
		return errors.New("meeting: an account with a password, or an App ID with an App Key, is needed")
	case account && (config.UserID != "" || config.CorpID != "" || config.SPAdmin):
		return errors.New("meeting: user and enterprise IDs belong to the App ID login")
	case config.SPAdmin && (config.UserID != "" || config.CorpID != ""):
		return errors.New("meeting: the service provider's administrator has no user or enterprise ID")
	}
	return nil
}

// ExtendRate is how many extensions a minute the service's quota allows, as far as is known by now: our own limit
// until an answer tells the service's. 0 is no limit.
func (c *Client) ExtendRate() int { return c.limits.perMinute(extendPath) }

// Close logs out, which frees one of the account's 64 token slots, and waits for what is under way.
// Every call after it fails.
func (c *Client) Close(ctx context.Context) error {
	c.closing.Lock()
	first := !c.closed
	c.closed = true
	c.closing.Unlock()
	if !first {
		return nil
	}
	c.stop()
	c.work.Wait()
	err := c.logOut(ctx)
	if idle, ok := c.transport.(interface{ CloseIdleConnections() }); ok {
		idle.CloseIdleConnections()
	}
	return err
}

func (c *Client) isClosed() bool {
	c.closing.Lock()
	defer c.closing.Unlock()
	return c.closed
}
