// Package socket keeps Slack Socket Mode connections open: several of them, each replaced by a new
// one before the old one is closed, so that a command always finds an open door.
//
// It hands every envelope to a Receiver and sends the acknowledgement (the ack) when that returns.
// It does not look into payloads and does not drop repeated envelopes: that is the inbox's work.
//
// The wire format is described at https://docs.slack.dev/apis/events-api/using-socket-mode.
//
// Time here is the machine's, never a clock that is handed in: deadlines of the network cannot be
// moved on, and a demo that jumps an hour ahead must not lose its sockets.
package socket

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"
	"github.com/slack-go/slack"
	"golang.org/x/time/rate"
)

// Opener asks Slack for the address of a new socket (apps.connections.open). *slack.Client is one.
type Opener interface {
	StartSocketModeContext(ctx context.Context) (*slack.SocketModeConnection, string, error)
}

// Receiver takes envelopes. Receive is called in a goroutine of its own, several at once, and the
// ack is sent when it returns; Slack waits 3 s for it. The returned payload goes into the ack only
// if it is not nil and the envelope accepts one. A panic costs that one envelope, which is still
// acked, empty. The context ends when a shutdown has waited long enough (Config.DrainTimeout); Run
// does not return before Receive does.
type Receiver interface {
	Receive(ctx context.Context, envelope Envelope) json.RawMessage
}

// Client keeps the sockets open while Run runs.
type Client struct {
	config Config
	logger *slog.Logger
	dialer *websocket.Dialer
	gate   *gate

	started   atomic.Bool
	lastFrame atomic.Int64 // Unix nanoseconds; 0 = never
	ready     chan struct{}
	readyOnce sync.Once

	// Set by Run before it starts a goroutine.
	stopping  context.Context // ends when no further envelope is taken
	fail      context.CancelCauseFunc
	receiving context.Context // ends when Receivers have had their time

	background sync.WaitGroup
	inFlight   inFlight
	running    chan struct{} // one place for each Receive that runs
	dropLog    rate.Sometimes

	mu          sync.Mutex
	connections map[*connection]bool // every open socket; true once it is live
	liveChanged chan struct{}        // closed and replaced whenever a socket becomes live
	hello       Hello                // the latest one
	strangers   int                  // sockets of other processes, as last logged
}

// New returns a Client; it opens nothing before Run. Zero fields of the config get their defaults.
func New(config Config) *Client {
	config = config.withDefaults()
	return &Client{
		config:      config,
		logger:      config.Logger,
		dialer:      prepareDialer(config.Dialer),
		gate:        newGate(config.OpenInterval, 2*config.Connections+2),
		ready:       make(chan struct{}),
		running:     make(chan struct{}, config.MaxReceives),
		dropLog:     rate.Sometimes{First: 1, Interval: 10 * time.Second},
		connections: map[*connection]bool{},
		liveChanged: make(chan struct{}),
	}
}

// Run keeps the sockets open until ctx is cancelled, then says goodbye and returns nil: no new
// envelope is taken, the running Receives are waited for and acked (at most Config.DrainTimeout),
// every socket gets a Close frame. It returns a *FatalError when Slack says something that no
// retry can heal. When it returns, all that it started is gone. It can be called once.
func (c *Client) Run(ctx context.Context) error {
	if !c.started.CompareAndSwap(false, true) {
		return errors.New("socket: Run was called twice")
	}
	stopping, fail := context.WithCancelCause(ctx)
	defer fail(nil)
	receiving, stopReceiving := context.WithCancel(context.WithoutCancel(ctx))
	defer stopReceiving()
	c.stopping, c.fail, c.receiving = stopping, fail, receiving

	c.keepAll(stopping)
	c.drain()
	stopReceiving()
	c.closeAll(websocket.CloseGoingAway, "shutting down")
	c.background.Wait()

	var fatal *FatalError
	if errors.As(context.Cause(stopping), &fatal) {
		return fatal
	}
	return nil
}

// keepAll keeps every connection until ctx ends.
func (c *Client) keepAll(ctx context.Context) {
	var keepers sync.WaitGroup
	for number := range c.config.Connections {
		keepers.Go(func() { newKeeper(c, number).keep(ctx) })
	}
	keepers.Wait()
}

// drain waits for the Receives that are under way, so that their acks still find a socket.
func (c *Client) drain() {
	timer := time.NewTimer(c.config.DrainTimeout)
	defer timer.Stop()
	select {
	case <-c.inFlight.idle():
	case <-timer.C:
		c.logger.Warn("shutting down while envelopes are still being received")
	}
}

// closeAll closes every open socket, all at once.
func (c *Client) closeAll(code int, text string) {
	c.mu.Lock()
	open := make([]*connection, 0, len(c.connections))
	for connection := range c.connections {
		open = append(open, connection)
	}
	c.mu.Unlock()
	var closing sync.WaitGroup
	for _, connection := range open {
		closing.Go(func() { connection.close(code, text) })
	}
	closing.Wait()
}
