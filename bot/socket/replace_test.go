package socket_test

import (
	"context"
	"encoding/json"
	"fmt"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gorilla/websocket"

	"github.com/overtime-bot/overtime/bot/socket"
)

// The successor says hello only after the old socket has brought, and got acked, an envelope in the
// overlap: a client that breaks before it makes never gets that far.
func TestSocketIsReplacedBeforeItIsClosed(t *testing.T) {
	for _, reason := range []string{"warning", "refresh_requested", "a_reason_of_tomorrow", "expiring"} {
		t.Run(reason, func(t *testing.T) {
			server := newServer(t)
			config := quick()
			config.HealthyAfter = time.Nanosecond
			bot := start(t, server, config)
			old := server.next(t)
			if reason == "expiring" {
				old.hello(1, 1)
			} else {
				old.hello(1, 3600)
			}
			bot.event(t, socket.EventLive)
			server.watchAlive()
			if reason != "expiring" {
				old.disconnect(reason)
			}
			successor := server.next(t)
			old.slash("E1")
			old.wantAck(t, emptyAck("E1"))
			successor.hello(2, 3600)
			old.wantClose(t, websocket.CloseNormalClosure)
			successor.slash("E2")
			successor.wantAck(t, emptyAck("E2"))
			if fewest := server.fewestAlive(); fewest != 1 {
				t.Errorf("at one moment %d sockets were live, want 1", fewest)
			}
			if server.openCount() != 2 || bot.Live() != 1 {
				t.Errorf("opens = %d, live = %d; want 2 and 1", server.openCount(), bot.Live())
			}
			bot.stop(t)
			successor.wantClose(t, websocket.CloseGoingAway)
		})
	}
}

func TestOldSocketWaitsForItsAcks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := newPipeServer(t)
		arrived, release := make(chan struct{}), make(chan struct{})
		config := quick()
		config.Receiver = blocking(arrived, release)
		bot := start(t, server, config)
		old := server.next(t)
		old.hello(1, 3600)
		old.slash("E1")
		wait(t, "the envelope", arrived)
		old.disconnect("warning")
		server.next(t).hello(2, 3600)
		synctest.Wait() // the successor is live, and all that follows from it has happened
		if bot.Live() != 2 {
			t.Errorf("live = %d while an ack is owed to the old socket, want 2", bot.Live())
		}
		close(release)
		old.wantAck(t, emptyAck("E1"))
		old.wantClose(t, websocket.CloseNormalClosure)
		bot.stop(t)
	})
}

func TestEnvelopeThatCrossesTheCloseIsNotLost(t *testing.T) {
	server := newServer(t)
	server.prepare = func(p *peer) {
		p.conn.SetCloseHandler(func(code int, _ string) error {
			if code == websocket.CloseNormalClosure {
				p.slash("E1") // it was on its way already
			}
			return p.conn.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(code, ""), time.Now().Add(time.Second))
		})
	}
	bot := start(t, server, quick())
	old := server.next(t)
	old.hello(1, 3600)
	bot.event(t, socket.EventLive)
	old.disconnect("warning")
	successor := server.next(t)
	successor.hello(2, 3600)
	successor.wantAck(t, emptyAck("E1"))
}

func TestOldSocketMayDieFirst(t *testing.T) {
	server := newServer(t)
	bot := start(t, server, quick())
	old := server.next(t)
	old.hello(1, 3600)
	bot.event(t, socket.EventLive)
	old.disconnect("warning")
	successor := server.next(t)
	old.reset()
	bot.event(t, socket.EventClosed)
	if bot.Live() != 0 {
		t.Errorf("live = %d before the hello, want 0", bot.Live())
	}
	successor.hello(1, 3600)
	bot.event(t, socket.EventLive)
	if bot.Live() != 1 {
		t.Errorf("live = %d, want 1", bot.Live())
	}
}

// A day with the times that Slack announces: the sockets are renewed in time, never both at once.
func TestSocketsAreRenewedOneAfterTheOther(t *testing.T) {
	for name, test := range map[string]struct {
		seconds  int
		duration time.Duration
		gap      time.Duration
	}{
		"five hours":     {seconds: 18_060, duration: 24 * time.Hour, gap: 30 * time.Second},
		"debugging":      {seconds: 360, duration: time.Hour, gap: 5 * time.Second},
		"very short":     {seconds: 60, duration: time.Hour, gap: time.Second},
		"nothing useful": {seconds: 3, duration: time.Hour},
		"no time at all": {seconds: 0, duration: time.Hour},
		"absurd":         {seconds: 1 << 60, duration: time.Hour},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				server := newPipeServer(t)
				server.accept = func(p *peer) {
					p.hello(2, test.seconds)
					announced := time.Duration(test.seconds) * time.Second
					select {
					case <-p.ended:
					case <-time.After(announced):
						if test.gap > 0 {
							t.Errorf("a socket was still there when its time was over")
						}
						<-p.ended
					}
				}
				bot := start(t, server, socket.Config{})
				<-bot.Ready()
				synctest.Wait()
				server.watchAlive()
				time.Sleep(test.duration) // simulated
				if fewest := server.fewestAlive(); fewest != 2 {
					t.Errorf("at one moment %d sockets were live, want 2", fewest)
				}
				times := server.openTimes()[2:] // the first two may come at once
				if (len(times) == 0) != (test.gap == 0) {
					t.Errorf("%d sockets were renewed", len(times))
				}
				wantAtMostOneAtATime(t, times, test.gap)
				bot.stop(t)
			})
		})
	}
}

func wantAtMostOneAtATime(t *testing.T, times []time.Time, gap time.Duration) {
	t.Helper()
	for i := 1; i < min(len(times), 6); i++ { // later the rounds of the sockets drift past each other
		if times[i].Sub(times[i-1]) < gap {
			t.Errorf("renewal %d came %v after the one before, want %v", i, times[i].Sub(times[i-1]), gap)
		}
	}
}

// Until the last socket is closed every envelope is taken, and acked by whatever socket still can.
func TestGoodbye(t *testing.T) {
	server := newServer(t)
	arrived, release := make(chan struct{}), make(chan struct{})
	config := quick()
	config.Connections, config.MaxReceives = 2, 1
	config.Receiver = blocking(arrived, release)
	bot := start(t, server, config)
	first, second := server.next(t), server.next(t)
	first.hello(1, 3600)
	second.hello(2, 3600)
	bot.event(t, socket.EventLive)
	bot.event(t, socket.EventLive)
	first.slash("E1")
	wait(t, "the envelope", arrived)
	bot.cancel()
	second.slash("E2") // it waits for its turn
	second.envelope("E3", "telepathy", false)
	second.wantAck(t, emptyAck("E3"))
	close(release)
	first.wantAck(t, emptyAck("E1"))
	wait(t, "the envelope that waited", arrived)
	second.wantAck(t, emptyAck("E2"))
	bot.wantEnd(t, nil)
	first.wantClose(t, websocket.CloseGoingAway)
	second.wantClose(t, websocket.CloseGoingAway)
	if len(second.texts) != 0 || bot.Live() != 0 {
		t.Errorf("after the end: %d acks too many, %d sockets live", len(second.texts), bot.Live())
	}
}

// An envelope may cross our last Close frames. It reaches the Receiver however many sockets there are: the last socket can
// carry no ack for it then, and the others' acks go through the last.
func TestEnvelopesThatCrossTheGoodbyeAreTaken(t *testing.T) {
	for sockets := range 3 {
		sockets++
		t.Run(fmt.Sprint(sockets), func(t *testing.T) {
			server := newServer(t)
			server.prepare = func(p *peer) {
				p.conn.SetCloseHandler(func(code int, _ string) error {
					p.slash(fmt.Sprintf("E%p", p))
					return p.conn.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(code, ""), time.Now().Add(time.Second))
				})
			}
			var received atomic.Int32
			config := quick()
			config.Connections = sockets
			config.Receiver = receiverFunc(func(ctx context.Context, _ socket.Envelope) json.RawMessage {
				if ctx.Err() == nil {
					received.Add(1)
				}
				return nil
			})
			bot := start(t, server, config)
			var peers []*peer
			for range sockets {
				next := server.next(t)
				next.hello(sockets, 3600)
				bot.event(t, socket.EventLive)
				peers = append(peers, next)
			}
			bot.stop(t)
			if received.Load() != int32(sockets) {
				t.Errorf("%d envelopes were received, want %d", received.Load(), sockets)
			}
			acks := 0
			for _, p := range peers {
				p.wantClose(t, websocket.CloseGoingAway)
				acks += len(p.texts)
			}
			if acks != sockets-1 {
				t.Errorf("%d were acked, want all but the last socket's", acks)
			}
		})
	}
}

func TestGoodbyeDoesNotWaitForEver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := newPipeServer(t)
		server.prepare = func(p *peer) { // it never answers the goodbye, nor hangs up
			p.conn.SetCloseHandler(func(int, string) error { <-server.stopped; return nil })
		}
		arrived := make(chan struct{}, 1)
		bot := start(t, server, socket.Config{Connections: 1, Receiver: receiverFunc(
			func(ctx context.Context, _ socket.Envelope) json.RawMessage {
				arrived <- struct{}{}
				<-ctx.Done()
				return nil
			})})
		peer := server.next(t)
		peer.hello(1, 3600)
		peer.slash("E1")
		<-arrived
		began := time.Now()
		bot.stop(t)
		if took := time.Since(began); took < 2500*time.Millisecond || took > 6100*time.Millisecond {
			t.Errorf("the end took %v, want 2.5 s for the Receiver before and after the goodbye, and at most 1 s for the peer", took)
		}
	})
}

func TestRunTwice(t *testing.T) {
	server := newServer(t)
	bot := start(t, server, quick())
	server.next(t).hello(1, 3600)
	wait(t, "the first socket", bot.Ready())
	if bot.Run(context.Background()) == nil {
		t.Error("a second Run was not refused")
	}
	bot.stop(t)
}
