package slacksim_test

import (
	"bufio"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"github.com/overtime-bot/overtime/bot/slacksim"
)

func TestHelloTellsTheAppAndItsConnections(t *testing.T) {
	b := start(t)
	b.connect()
	hello := b.dial().next()
	info, _ := hello["connection_info"].(map[string]any)
	debug, _ := hello["debug_info"].(map[string]any)
	if hello["num_connections"] != 2.0 || info["app_id"] != slacksim.AppID || debug["approximate_connection_time"] != 18060.0 {
		t.Errorf("hello = %v", hello)
	}
	if b.Sockets() != 2 {
		t.Errorf("Sockets() = %d, want 2", b.Sockets())
	}
}

func TestTicketIsOneShot(t *testing.T) {
	b := start(t)
	link := b.link()
	b.dialLink(link).next()
	for name, used := range map[string]string{"used": link, "made up": strings.Replace(link, "ticket=", "ticket=0", 1)} {
		err := b.dialLink(used).closing()
		if !websocket.IsCloseError(err, websocket.ClosePolicyViolation) {
			t.Errorf("%s ticket: %v, want close 1008", name, err)
		}
	}
	if b.Sockets() != 1 {
		t.Errorf("Sockets() = %d, want 1", b.Sockets())
	}
}

func TestEleventhSocketIsTurnedAway(t *testing.T) {
	b := start(t)
	for range 10 {
		b.connect()
	}
	c := b.dial()
	frame := c.next()
	if frame["type"] != "disconnect" || frame["reason"] != "too_many_websockets" {
		t.Errorf("eleventh socket got %v", frame)
	}
	if err := c.closing(); !websocket.IsCloseError(err, websocket.CloseNormalClosure, websocket.CloseNoStatusReceived) {
		t.Errorf("eleventh socket ended with %v", err)
	}
	if b.Sockets() != 10 {
		t.Errorf("Sockets() = %d, want 10", b.Sockets())
	}
}

func TestFrameLimit(t *testing.T) {
	for _, test := range []struct {
		size   int
		closed bool
	}{{20479, false}, {20480, true}, {70_000, true}} {
		t.Run(fmt.Sprint(test.size), func(t *testing.T) {
			b := start(t)
			c := b.connect()
			b.mustCommand(alice, ops, "/extend 1")
			envelope := c.next()
			ack := fmt.Sprintf(`{"envelope_id":%q,"pad":""}`, envelope["envelope_id"])
			c.send(strings.Replace(ack, `"pad":""`, `"pad":"`+strings.Repeat("x", test.size-len(ack))+`"`, 1))
			if !test.closed {
				b.wait("ack", func(slacksim.State) bool { _, ok := b.AckTime(envelope["envelope_id"].(string)); return ok })
				return
			}
			var closed *websocket.CloseError
			if err := c.closing(); !errors.As(err, &closed) || closed.Code != 1009 ||
				closed.Text != "Max frame length of 20480 has been exceeded." {
				t.Errorf("ended with %v", err)
			}
			if _, acked := b.AckTime(envelope["envelope_id"].(string)); acked {
				t.Error("the ack in the frame that was too long counted")
			}
		})
	}
}

func TestFragmentedMessageIsRefused(t *testing.T) {
	b := start(t)
	link := b.link()
	dialer := websocket.Dialer{WriteBufferSize: 64} // gorilla fragments what does not fit its buffer
	conn, response, err := dialer.DialContext(ctx(t), link, nil)
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	defer conn.Close()
	c := &client{conn, t}
	c.next()
	writer, err := conn.NextWriter(websocket.TextMessage)
	if err != nil {
		t.Fatal(err)
	}
	for range 20 {
		if _, err := writer.Write([]byte(strings.Repeat(" ", 40))); err != nil {
			break
		}
	}
	_ = writer.Close()
	if err := c.closing(); !websocket.IsCloseError(err, websocket.CloseUnsupportedData) {
		t.Errorf("ended with %v, want close 1003", err)
	}
}

func TestPingsBothWays(t *testing.T) {
	b := start(t, func(cfg *slacksim.Config) { cfg.PingInterval = 5 * time.Millisecond })
	c := b.connect()
	pings, pongs := make(chan string, 1), make(chan string, 1)
	c.SetPingHandler(func(payload string) error {
		select {
		case pings <- payload:
		default: // there are many more
		}
		return nil
	})
	c.SetPongHandler(func(payload string) error { pongs <- payload; return nil })
	if err := c.WriteControl(websocket.PingMessage, []byte("mine"), time.Now().Add(time.Second)); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- c.closing() }()
	if got := <-pings; !strings.HasPrefix(got, "Ping from applink-") {
		t.Errorf("ping payload %q", got)
	}
	if got := <-pongs; got != "mine" {
		t.Errorf("pong payload %q", got)
	}
	_ = c.Close()
	<-ended
}

func TestSilentSocketIsDroppedInTheEnd(t *testing.T) {
	b := start(t, func(cfg *slacksim.Config) {
		cfg.PingInterval, cfg.ZombieTimeout = 5*time.Millisecond, 20*time.Millisecond
	})
	c := b.connect()
	c.SetPingHandler(func(string) error { return nil }) // never a pong
	if err := c.closing(); err == nil || websocket.IsCloseError(err, websocket.CloseNormalClosure) {
		t.Errorf("ended with %v, want a reset", err)
	}
	b.wait("the socket is gone", func(s slacksim.State) bool { return s.Sockets() == 0 })
}

func TestOldSocketIsRecycled(t *testing.T) {
	b := start(t, func(cfg *slacksim.Config) { cfg.SocketLifetime = 10 * time.Millisecond })
	frame := b.connect().next()
	if frame["reason"] != "refresh_requested" {
		t.Errorf("got %v", frame)
	}
}

func TestDebugReconnectsShortensTheLife(t *testing.T) {
	b := start(t)
	hello := b.dialLink(b.link() + "&debug_reconnects=true").next()
	if debug := hello["debug_info"].(map[string]any); debug["approximate_connection_time"] != 360.0 {
		t.Errorf("hello = %v", hello)
	}
}

func TestClosingRecordsWhetherTheClientSaidGoodbye(t *testing.T) {
	b := start(t)
	polite, rude := b.connect(), b.connect()
	message := websocket.FormatCloseMessage(websocket.CloseGoingAway, "deploy")
	if err := polite.WriteControl(websocket.CloseMessage, message, time.Now().Add(time.Second)); err != nil {
		t.Fatal(err)
	}
	b.wait("polite one left", func(s slacksim.State) bool { return s.Sockets() == 1 })
	_ = rude.Close()
	b.wait("rude one left", func(s slacksim.State) bool { return s.Sockets() == 0 })
	want := []slacksim.Closing{{Socket: 1, Code: 1001, Text: "deploy", Clean: true}, {Socket: 2, Code: 1006}}
	if got := b.Closings(); !jsonEqual(t, got, want) {
		t.Errorf("Closings() = %+v, want %+v", got, want)
	}
}

func TestCloseEndsEverything(t *testing.T) {
	b := start(t)
	c := b.connect()
	closed := make(chan struct{})
	go func() { defer close(closed); b.Close() }()
	if err := c.closing(); !websocket.IsCloseError(err, websocket.CloseGoingAway) {
		t.Errorf("ended with %v, want close 1001", err)
	}
	<-closed
	if b.Sockets() != 0 {
		t.Errorf("Sockets() = %d after Close", b.Sockets())
	}
	var refused net.Error
	if _, response, err := websocket.DefaultDialer.Dial(strings.Replace(b.url, "http", "ws", 1)+"/link/", nil); err == nil ||
		errors.As(err, &refused) {
		t.Errorf("dial after Close: %v", err)
	} else if response.StatusCode != 503 {
		t.Errorf("dial after Close: status %d", response.StatusCode)
	}
}

// handshake is a connection whose client reads the answer to its handshake, and is gone before the hello.
type handshake struct {
	*httptest.ResponseRecorder
	server net.Conn
}

func (h handshake) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	return h.server, bufio.NewReadWriter(bufio.NewReader(h.server), bufio.NewWriter(h.server)), nil
}

func (b *bench) diesAfterHandshake() {
	b.t.Helper()
	client, server := net.Pipe()
	upgrade := b.request("GET", strings.Replace(b.link(), "ws://", "http://", 1), "", "", "Connection", "Upgrade", "Upgrade", "websocket",
		"Sec-WebSocket-Version", "13", "Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==")
	var dying sync.WaitGroup
	dying.Go(func() { b.ServeHTTP(handshake{httptest.NewRecorder(), server}, upgrade) })
	answer, err := http.ReadResponse(bufio.NewReader(client), upgrade)
	if err != nil || answer.StatusCode != http.StatusSwitchingProtocols {
		b.t.Fatalf("the handshake: %v %v", answer, err)
	}
	_ = client.Close()
	dying.Wait()
}

// A process may die while its next connection is opened. What nobody has acked waits for one that lives.
func TestEnvelopeOutlivesAConnectionWithoutHello(t *testing.T) {
	b := start(t)
	c := b.connect()
	first := b.mustCommand(alice, ops, "/extend 1")
	_ = c.Close()
	b.wait("gone", func(s slacksim.State) bool { return s.Sockets() == 0 })
	b.diesAfterHandshake()
	if frame := b.connect().next(); frame["envelope_id"] != first {
		t.Errorf("redelivered %v, want %s", frame["envelope_id"], first)
	}
}
