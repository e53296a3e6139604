package socket

import (
	"cmp"
	"log/slog"
	"time"

	"github.com/gorilla/websocket"
)

// Config is what a Client needs. Opener and Receiver are required; everything else has a default.
type Config struct {
	Opener   Opener
	Receiver Receiver
	// Connections is the number of sockets that are kept open (2). Slack allows 10 for an app.
	Connections int
	// Logger gets what a person running the bot wants to know; nil = nothing is logged.
	Logger *slog.Logger
	// Dialer replaces the default one, which uses the proxy of the environment and TLS 1.2 or later.
	// Its copy always has no compression and a write buffer of at least 32 KiB.
	Dialer *websocket.Dialer
	// Observe is told what happens, for metrics. It is called from many goroutines and must not block.
	Observe func(Event)

	// MaxReceives is how many Receive calls run at once (256), MaxWaiting how many envelopes may wait
	// for their turn (256). An envelope beyond both is dropped without an ack: Slack sends it again.
	MaxReceives, MaxWaiting int
	// ReadLimit is the largest message that is read, in bytes (1 MiB); a larger one costs the socket.
	ReadLimit int64

	OpenTimeout  time.Duration // for the call of apps.connections.open, and for the dial (10 s each)
	HelloTimeout time.Duration // from the dial to Slack's hello (10 s)
	PingInterval time.Duration // between our own pings (4 s)
	DeadAfter    time.Duration // silence after which a socket is given up (12 s)
	WriteTimeout time.Duration // for one frame (3 s)
	AckWait      time.Duration // how long an ack waits for a live socket when its own is gone (2 s)
	DrainTimeout time.Duration // how long running Receives are waited for, before a socket closes and after the last did (2.5 s)
	CloseTimeout time.Duration // how long the peer's Close frame is waited for (1 s)

	BackoffMin     time.Duration // the first wait after a failure (500 ms)
	BackoffMax     time.Duration // the longest wait after a failure (30 s)
	TooManyBackoff time.Duration // the shortest wait after too_many_websockets (10 s)
	HealthyAfter   time.Duration // a socket that lived this long after its hello resets the backoff (10 s)
	OpenInterval   time.Duration // the mean time between calls of apps.connections.open, at least (3 s)

	// RefreshBefore is how long before the end that Slack announced a socket is replaced (30 s);
	// RefreshStagger is how much earlier each further socket is (1 min), so that they do not all
	// go at once.
	RefreshBefore, RefreshStagger time.Duration
}

func (c Config) withDefaults() Config {
	c.Connections = max(cmp.Or(c.Connections, 2), 1)
	c.Logger = cmp.Or(c.Logger, slog.New(slog.DiscardHandler))
	if c.Observe == nil {
		c.Observe = func(Event) {}
	}
	c.MaxReceives = max(cmp.Or(c.MaxReceives, 256), 1)
	c.MaxWaiting = cmp.Or(c.MaxWaiting, 256)
	c.ReadLimit = cmp.Or(c.ReadLimit, 1<<20)
	c.OpenTimeout = cmp.Or(c.OpenTimeout, 10*time.Second)
	c.HelloTimeout = cmp.Or(c.HelloTimeout, 10*time.Second)
	c.PingInterval = cmp.Or(c.PingInterval, 4*time.Second)
	c.DeadAfter = cmp.Or(c.DeadAfter, 12*time.Second)
	c.WriteTimeout = cmp.Or(c.WriteTimeout, 3*time.Second)
	c.AckWait = cmp.Or(c.AckWait, 2*time.Second)
	c.DrainTimeout = cmp.Or(c.DrainTimeout, 2500*time.Millisecond)
	c.CloseTimeout = cmp.Or(c.CloseTimeout, time.Second)
	c.BackoffMin = cmp.Or(c.BackoffMin, 500*time.Millisecond)
	c.BackoffMax = cmp.Or(c.BackoffMax, 30*time.Second)
	c.TooManyBackoff = cmp.Or(c.TooManyBackoff, 10*time.Second)
	c.HealthyAfter = cmp.Or(c.HealthyAfter, 10*time.Second)
	c.OpenInterval = cmp.Or(c.OpenInterval, 3*time.Second)
	c.RefreshBefore = cmp.Or(c.RefreshBefore, 30*time.Second)
	c.RefreshStagger = cmp.Or(c.RefreshStagger, time.Minute)
	return c
}
