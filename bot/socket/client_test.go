package socket_test

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"go.uber.org/goleak"

	"github.com/overtime-bot/overtime/bot/socket"
)

func TestMain(m *testing.M) {
	// net/http lingers half a second over a connection whose request it did not read to the end.
	goleak.VerifyTestMain(m, goleak.IgnoreAnyFunction("net/http.(*conn).closeWriteAndWait"))
}

// receiverFunc is a Receiver.
type receiverFunc func(ctx context.Context, envelope socket.Envelope) json.RawMessage

func (f receiverFunc) Receive(ctx context.Context, envelope socket.Envelope) json.RawMessage {
	return f(ctx, envelope)
}

// silent acks everything, empty.
var silent = receiverFunc(func(context.Context, socket.Envelope) json.RawMessage { return nil })

// bot is a running Client with what it said.
type bot struct {
	*socket.Client
	log    *logBook
	events chan socket.Event
	cancel context.CancelFunc
	result chan error
	limit  time.Duration // for an event
}

// start runs a client against the server. The config's zero fields are filled in.
func start(t testing.TB, server *slackServer, config socket.Config) *bot {
	t.Helper()
	b := &bot{log: &logBook{}, events: make(chan socket.Event, 100_000), result: make(chan error, 1)}
	if config.Opener == nil {
		config.Opener = server.opener()
	}
	if config.Receiver == nil {
		config.Receiver = silent
	}
	if config.Dialer == nil {
		config.Dialer = &websocket.Dialer{NetDialContext: server.dial}
	}
	b.limit = 10 * time.Second
	if server != nil && server.simulated {
		b.limit = time.Hour
	}
	config.Logger = slog.New(slog.NewTextHandler(b.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	config.Observe = func(event socket.Event) {
		select {
		case b.events <- event:
		default: // a long life on simulated time
		}
	}
	b.Client = socket.New(config)
	ctx, cancel := context.WithCancel(context.Background())
	b.cancel = cancel
	go func() { b.result <- b.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		for range b.result { // closed by stop, or one result
			break
		}
		b.log.wantNoSecret(t)
	})
	return b
}

// stop ends the client politely.
func (b *bot) stop(t testing.TB) {
	t.Helper()
	b.cancel()
	b.wantEnd(t, nil)
}

func (b *bot) wantEnd(t testing.TB, want error) {
	t.Helper()
	err := wait(t, "the end of Run", b.result)
	close(b.result)
	if err != want {
		t.Errorf("Run = %v, want %v", err, want)
	}
}

// event waits for the next event of a kind.
func (b *bot) event(t testing.TB, kind socket.EventKind) socket.Event {
	t.Helper()
	limit := time.After(b.limit)
	for {
		select {
		case event := <-b.events:
			if event.Kind == kind {
				return event
			}
		case <-limit:
			t.Fatalf("no event %s", kind)
		}
	}
}

// logBook keeps what was logged.
type logBook struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *logBook) Write(line []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(line)
}

func (l *logBook) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

func (l *logBook) count(text string) int { return strings.Count(l.String(), text) }

func (l *logBook) wantNoSecret(t testing.TB) {
	t.Helper()
	for _, secret := range []string{botToken, appToken, ticket, "914083136"} {
		if strings.Contains(l.String(), secret) {
			t.Errorf("the log holds %q:\n%s", secret, l)
		}
	}
}

// quick makes waits short for tests on loopback.
func quick() socket.Config {
	return socket.Config{
		Connections: 1, BackoffMin: time.Millisecond, BackoffMax: 5 * time.Millisecond,
		OpenInterval: time.Millisecond, TooManyBackoff: time.Millisecond,
	}
}
