package meeting

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"golang.org/x/sync/semaphore"
)

// Client speaks to the meeting service. It is safe for concurrent use; Close ends it.
type Client struct {
	config    Config
	life      *lifetime
	sender    *sender
	session   *session
	lists     *listReader
	passwords *hostPasswords
	rooms     *ownRooms
	tokens    *controlTokens
	running   *remembered[*reading]    // entries of the online list
	booked    *remembered[bookedEntry] // entries of the list of what has not ended
	order     listOrder
	view      atomic.Pointer[View]
	bookings  atomic.Bool // of the latest list, all could be read
}

// New checks the configuration and returns a client. It makes no call.
func New(config Config) (*Client, error) {
	base, err := parseBaseURL(config.BaseURL)
	if err != nil {
		return nil, err
	}
	if err := config.complete(); err != nil {
		return nil, err
	}
	if config.Transport == nil {
		if config.Transport, err = newTransport(base); err != nil {
			return nil, err
		}
	}
	passwords, err := newHostPasswords(config.Now)
	if err != nil {
		return nil, fmt.Errorf("meeting: keeping host passwords: %w", err)
	}
	c := &Client{config: config, life: newLifetime(config.Timeout), passwords: passwords}
	c.sender = &sender{
		base: base, transport: config.Transport, timeout: config.Timeout, observe: config.Observe, limits: newLimiter(config.Rate), clock: &serviceClock{now: config.Now},
	}
	c.session = &session{
		config: config, life: c.life, sender: c.sender, outcome: ErrNoLogin, renewal: make(map[string]*pause),
	}
	c.lists = &listReader{session: c.session, queryAll: config.QueryAll, now: config.Now, logger: config.Logger}
	c.rooms = &ownRooms{session: c.session, now: config.Now, logger: config.Logger, reading: semaphore.NewWeighted(1)}
	c.tokens = &controlTokens{
		now: config.Now, life: c.life, sender: c.sender, passwords: passwords, readMeeting: c.Get,
		underWay: make(map[string]*sharedCall[grant]),
	}
	c.running, c.booked = newRemembered(decodeMeeting), newRemembered(decodeBooked)
	return c, nil
}

// Login makes sure that there is a good access token. After a refusal, of the login or of its token, it makes no call for a
// while (1 minute, doubling to 15) and returns the kept error: a repeated wrong password locks the account.
func (c *Client) Login(ctx context.Context) error { return c.session.logInAgain(ctx) }

// ErrNoLogin is what LoginError says until the client logs in for the first time.
var ErrNoLogin = errors.New("not tried yet")

// LoginError is how the latest login came out: nil if the service let the client in, ErrNoLogin before the first. It makes no call.
func (c *Client) LoginError() error {
	c.session.mutex.Lock()
	defer c.session.mutex.Unlock()
	return cmp.Or(c.session.refusal, c.session.outcome)
}

// ClockAhead is by how much the service's clock is ahead of ours, as its latest answer is dated. It is negative if ours is
// ahead, and 0 if they are less than a minute apart.
func (c *Client) ClockAhead() time.Duration {
	if ahead := time.Duration(c.sender.clock.ahead.Load()); ahead.Abs() >= clockTolerance {
		return ahead
	}
	return 0
}

// Close waits for what is under way and logs out, which frees one of the account's 64 token slots. Every call after it
// fails.
func (c *Client) Close(ctx context.Context) error {
	if !c.life.end() {
		return nil
	}
	err := c.session.logOut(ctx)
	if idle, ok := c.config.Transport.(interface{ CloseIdleConnections() }); ok {
		idle.CloseIdleConnections()
	}
	return err
}
