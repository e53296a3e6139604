package socket_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gorilla/websocket"

	"github.com/overtime-bot/overtime/bot/socket"
)

// A socket through which nothing comes any more is given up within 15 s, however it died.
func TestDeadSocketIsNoticed(t *testing.T) {
	for name, die := range map[string]func(p *peer){
		"half open: takes everything, says nothing": func(p *peer) {
			p.mute.Store(true)
		},
		"says nothing from the start of its life": func(p *peer) {
			p.mute.Store(true)
		},
		"pings but never answers a ping any more": func(p *peer) {
			p.mute.Store(true)
			p.pingEvery(time.Second)
		},
		"reads nothing": func(p *peer) {
			p.stuck.Store(true)
		},
		"pings but reads nothing": func(p *peer) {
			p.stuck.Store(true)
			p.pingEvery(time.Second)
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				server := newPipeServer(t)
				bot := start(t, server, socket.Config{Connections: 1})
				first := server.next(t)
				first.hello(1, 0)
				if !strings.HasPrefix(name, "says nothing") {
					time.Sleep(30 * time.Second) // simulated: it answers pings meanwhile
				}
				synctest.Wait()
				die(first)
				died := time.Now()
				bot.event(t, socket.EventReplacing)
				if took := time.Since(died); took > 15*time.Second {
					t.Errorf("it took %v to notice", took)
				}
				server.next(t).hello(1, 0)
				bot.event(t, socket.EventLive)
				bot.stop(t)
			})
		})
	}
}

func (p *peer) pingEvery(interval time.Duration) {
	p.server.group.Go(func() {
		ticker := time.NewTicker(interval)
		defer ticker.Stop()
		for {
			select {
			case <-ticker.C:
				p.ping("Ping from applink-1")
			case <-p.ended:
				return
			case <-p.server.stopped:
				return
			}
		}
	})
}

// What is alive is left alone, on a quiet night too.
func TestQuietSocketIsKept(t *testing.T) {
	for name, behave := range map[string]func(p *peer){
		"answers our pings": func(*peer) {},
		"only pings, every 10 s": func(p *peer) {
			p.mute.Store(true)
			p.pingEvery(10 * time.Second)
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				server := newPipeServer(t)
				server.accept = func(p *peer) {
					p.hello(1, 0)
				}
				server.prepare = behave
				bot := start(t, server, socket.Config{Connections: 1})
				<-bot.Ready()
				time.Sleep(8 * time.Hour) // simulated
				if server.openCount() != 1 || bot.Live() != 1 {
					t.Errorf("opens = %d, live = %d; want 1 and 1\n%s", server.openCount(), bot.Live(), bot.log)
				}
				if silence := time.Since(bot.LastFrame()); silence > 11*time.Second {
					t.Errorf("the last frame was %v ago", silence)
				}
				bot.stop(t)
			})
		})
	}
}

func TestPingsBothWays(t *testing.T) {
	server := newServer(t)
	config := quick()
	config.PingInterval = time.Millisecond
	start(t, server, config)
	peer := server.next(t)
	peer.hello(1, 3600)
	wait(t, "a ping of the client", peer.pings)
	wait(t, "another", peer.pings)
	for _, payload := range []string{"Ping from applink-1", "", strings.Repeat("x", 125)} {
		peer.ping(payload)
		if got := wait(t, "a pong", peer.pongs); got != payload {
			t.Errorf("pong = %q, want %q", got, payload)
		}
	}
}

func TestGarbageIsLoggedOnceAndSurvived(t *testing.T) {
	for name, test := range map[string]struct {
		send func(p *peer)
		line string
	}{
		"not JSON":             {send: text(`<html>`), line: "not a JSON message"},
		"empty":                {send: text(``), line: "not a JSON message"},
		"null":                 {send: text(`null`), line: "not a JSON message"},
		"an array":             {send: text(`[{"type":"hello"}]`), line: "not a JSON message"},
		"cut off":              {send: text(`{"type":"slash_commands","envelope_id":"E`), line: "not a JSON message"},
		"an ID that is none":   {send: text(`{"type":"slash_commands","envelope_id":7}`), line: "not a JSON message"},
		"deep":                 {send: text(strings.Repeat(`{"a":`, 100_000)), line: "not a JSON message"},
		"binary":               {send: func(p *peer) { p.write(websocket.BinaryMessage, "\x00\xff") }, line: "a binary frame"},
		"no ID":                {send: text(`{"type":"slash_commands","payload":{}}`), line: "without a usable envelope_id"},
		"neither type nor ID":  {send: text(`{}`), line: "without a usable envelope_id"},
		"an unknown type":      {send: text(`{"type":"` + strings.Repeat("new", 100) + `"}`), line: "without a usable envelope_id"},
		"an endless ID":        {send: text(`{"type":"slash_commands","envelope_id":"` + strings.Repeat("E", 21_000) + `"}`), line: "without a usable envelope_id"},
		"a second hello":       {send: func(p *peer) { p.hello(3, 60) }, line: "a second hello"},
		"a pong for no ping":   {send: func(p *peer) { _ = p.conn.WriteControl(websocket.PongMessage, nil, time.Now().Add(time.Second)) }},
		"text that is no text": {send: text("{\"type\":\"\xff\xfe\"}"), line: "without a usable envelope_id"},
	} {
		t.Run(name, func(t *testing.T) {
			server := newServer(t)
			bot := start(t, server, quick())
			peer := server.next(t)
			peer.hello(1, 3600)
			for range 20 {
				test.send(peer)
			}
			peer.slash("E1")
			peer.wantAck(t, emptyAck("E1"))
			if test.line != "" && bot.log.count(test.line) != 1 {
				t.Errorf("%d lines, want 1:\n%s", bot.log.count(test.line), bot.log)
			}
			if len(bot.log.String()) > 2000 {
				t.Errorf("the log repeats what came:\n%s", bot.log)
			}
			bot.stop(t)
			peer.wantClose(t, websocket.CloseGoingAway)
		})
	}
}

func text(frame string) func(*peer) { return func(p *peer) { p.send(frame) } }

// Nobody else would ever ack it, and Slack would send it again and again.
func TestUnknownEnvelopeIsAcked(t *testing.T) {
	server := newServer(t)
	config := quick()
	var received atomic.Int64
	config.Receiver = receiverFunc(func(context.Context, socket.Envelope) json.RawMessage {
		received.Add(1)
		return nil
	})
	bot := start(t, server, config)
	peer := server.next(t)
	peer.hello(1, 3600)
	for number := range 5 {
		id := fmt.Sprintf("E%d", number)
		peer.envelope(id, "telepathy", true)
		peer.wantAck(t, emptyAck(id))
	}
	if received.Load() != 0 || bot.log.count("telepathy") != 1 {
		t.Errorf("received %d; the log:\n%s", received.Load(), bot.log)
	}
}

func TestTooLargeAMessageCostsTheSocket(t *testing.T) {
	server := newServer(t)
	bot := start(t, server, quick())
	first := server.next(t)
	first.hello(1, 3600)
	first.send(`{"type":"slash_commands","envelope_id":"E1","payload":"` + strings.Repeat("x", 1<<20-100) + `"}`)
	first.wantAck(t, emptyAck("E1"))
	first.send(strings.Repeat("x", 1<<20+1))
	if event := bot.event(t, socket.EventReplacing); event.Detail != "message_too_large" {
		t.Errorf("reason = %s", event.Detail)
	}
	second := server.next(t)
	second.hello(1, 3600)
	second.slash("E2")
	second.wantAck(t, emptyAck("E2"))
}

func TestHelloIsReadLeniently(t *testing.T) {
	for _, hello := range []string{
		`{"type":"hello"}`,
		`{"type":"hello","num_connections":"2","connection_info":null,"debug_info":[]}`,
		`{"type":"hello","num_connections":-1,"connection_info":{"app_id":7},"debug_info":{"approximate_connection_time":"soon"}}`,
		`{"type":"hello","num_connections":1e300,"debug_info":{"approximate_connection_time":-5}}`,
	} {
		server := newServer(t)
		bot := start(t, server, quick())
		peer := server.next(t)
		peer.send(hello)
		wait(t, "the socket", bot.Ready())
		peer.slash("E1")
		peer.wantAck(t, emptyAck("E1"))
		bot.stop(t)
	}
}

func TestStrangersAreWarnedOfOncePerChange(t *testing.T) {
	server := newServer(t)
	bot := start(t, server, quick())
	for i, step := range []struct{ connections, warnings int }{
		{1, 0}, {2, 0}, {4, 1}, {4, 1}, {5, 2}, {1, 2}, {4, 3},
	} {
		peer := server.next(t) // from the second on, the old one is still open
		peer.hello(step.connections, 3600)
		peer.slash("E1")
		peer.wantAck(t, emptyAck("E1"))
		if got := bot.log.count("other processes hold sockets"); got != step.warnings {
			t.Errorf("after a hello with %d connections: %d warnings, want %d", step.connections, got, step.warnings)
		}
		hello := fmt.Sprintf("num_connections=%d approximate_connection_time=1h0m0s host=applink-1 app_id=A0123", step.connections)
		if !strings.Contains(bot.log.String(), hello) {
			t.Errorf("the log does not tell of the hello %s", hello)
		}
		if i > 0 {
			bot.event(t, socket.EventClosed)
		}
		peer.disconnect("warning")
	}
}

// Slack counts a socket of ours before we know it ourselves: that is no stranger.
func TestOwnSocketsOnTheirWayAreNoStrangers(t *testing.T) {
	server := newServer(t)
	bot := start(t, server, socket.Config{Connections: 3})
	for range 3 {
		peer := server.next(t)
		peer.hello(3, 3600) // while the others may still be dialling
		peer.slash("E1")
		peer.wantAck(t, emptyAck("E1"))
	}
	if got := bot.log.count("other processes hold sockets"); got != 0 {
		t.Errorf("%d warnings of strangers", got)
	}
	bot.stop(t)
}

// All sockets are opened at once, and nothing waits without need.
func TestStart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := newPipeServer(t)
		began := time.Now()
		bot := start(t, server, socket.Config{Connections: 3})
		peers := []*peer{server.next(t), server.next(t), server.next(t)} // none has said hello yet
		for i, peer := range peers {
			peer.hello(i+1, 3600)
		}
		<-bot.Ready()
		if took := time.Since(began); took > 0 {
			t.Errorf("the first socket took %v", took)
		}
		bot.stop(t)
	})
}
