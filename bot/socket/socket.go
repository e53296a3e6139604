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

// Receiver takes envelopes. Receive runs in a goroutine of its own, several at once. The ack is sent
// when it returns; Slack waits 3 s for it. The returned payload goes into the ack if it is not nil
// and the envelope accepts one. A panic costs that one envelope, which still gets an empty ack. The
// context ends when a shutdown has waited long enough after the last socket closed
// (Config.DrainTimeout). Run does not return before Receive does.
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
	goodbye   chan struct{} // closed when the last socket is about to close: no ack finds another

	// Set by Run before it starts a goroutine.
	fail      context.CancelCauseFunc // stops the keepers
	receiving context.Context         // ends when Receivers have had their time

	background sync.WaitGroup
	inFlight   inFlight
	running    chan struct{} // one place for each Receive that runs
	dropLog    rate.Sometimes

	mu          sync.Mutex
	connections map[*connection]bool // every open socket; true once it is live
	liveChanged chan struct{}        // closed and replaced whenever a socket becomes live
	strangers   int                  // sockets of other processes, as last logged
}

// New returns a Client, which opens nothing before Run. Zero fields of the config get their defaults.
func New(config Config) *Client {
	config = config.withDefaults()
	return &Client{
		config:      config,
		logger:      config.Logger,
		dialer:      prepareDialer(config.Dialer),
		gate:        &gate{limiter: rate.NewLimiter(rate.Every(config.OpenInterval), 2*config.Connections+2)},
		ready:       make(chan struct{}),
		goodbye:     make(chan struct{}),
		running:     make(chan struct{}, config.MaxReceives),
		dropLog:     rate.Sometimes{First: 1, Interval: 10 * time.Second},
		connections: map[*connection]bool{},
		liveChanged: make(chan struct{}),
	}
}

// Run keeps the sockets open until ctx is cancelled. Then it closes them and returns nil. Slack goes on sending until it
// has seen our Close frame, and may not send again what nobody acked: so envelopes are taken until the last socket is
// closed. It returns a *FatalError when Slack says something that no retry can heal. Every goroutine that it started has
// ended by then. It can be called once.
func (c *Client) Run(ctx context.Context) error {
	if !c.started.CompareAndSwap(false, true) {
		return errors.New("socket: Run was called twice")
	}
	stopping, fail := context.WithCancelCause(ctx)
	defer fail(nil)
	receiving, stopReceiving := context.WithCancel(context.WithoutCancel(ctx))
	defer stopReceiving()
	c.fail, c.receiving = fail, receiving

	var keepers sync.WaitGroup
	for number := range c.config.Connections {
		keepers.Go(func() { (&keeper{client: c, number: number, delays: newRetryDelays(c.config)}).keep(stopping) })
	}
	keepers.Wait()
	c.drain() // their acks still find a socket
	c.closeAll(websocket.CloseGoingAway, "shutting down")
	c.drain()
	stopReceiving()
	c.background.Wait()

	var fatal *FatalError
	if errors.As(context.Cause(stopping), &fatal) {
		return fatal
	}
	return nil
}

// drain waits until no envelope is under way, for a while.
func (c *Client) drain() {
	select {
	case <-c.inFlight.idle():
	case <-time.After(c.config.DrainTimeout):
		c.logger.Warn("shutting down while envelopes are still being received")
	}
}

// closeAll closes every open socket, a live one last: it carries the acks of what still arrives on the others.
func (c *Client) closeAll(code int, text string) {
	var last *connection
	var others sync.WaitGroup
	c.mu.Lock()
	several := len(c.connections) > 1
	for connection, live := range c.connections {
		if live && last == nil {
			last = connection
			continue
		}
		others.Go(func() { connection.close(code, text) })
	}
	c.mu.Unlock()
	others.Wait()
	if several {
		c.drain() // of what came until they were closed
	}
	close(c.goodbye)
	if last != nil {
		last.close(code, text)
	}
}
