package socket_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gorilla/websocket"
	"github.com/slack-go/slack"

	"github.com/overtime-bot/overtime/bot/socket"
)

func answerError(code string) func(http.ResponseWriter) bool {
	return func(writer http.ResponseWriter) bool {
		fmt.Fprintf(writer, `{"ok":false,"error":%q,"needed":"connections:write","provided":"chat:write"}`, code)
		return true
	}
}

func answerStatus(status int) func(http.ResponseWriter) bool {
	return func(writer http.ResponseWriter) bool {
		http.Error(writer, "<html>no</html>", status)
		return true
	}
}

func TestFatalErrors(t *testing.T) {
	for _, code := range []string{
		"invalid_auth", "not_authed", "account_inactive", "user_removed_from_team", "team_disabled",
		"token_expired", "token_revoked", "no_permission", "not_allowed_token_type", "missing_args",
		"missing_scope", "access_denied", "team_access_not_granted", "forbidden_team", "insecure_request",
	} {
		t.Run(code, func(t *testing.T) {
			server := newServer(t)
			server.open = answerError(code)
			bot := start(t, server, socket.Config{})
			err := wait(t, "the end of Run", bot.result)
			close(bot.result)
			var fatal *socket.FatalError
			if !errors.As(err, &fatal) || fatal.Code != code || fatal.Hint == "" || fatal.Needed != "connections:write" {
				t.Fatalf("Run = %#v, want a FatalError with the code", err)
			}
			if !strings.Contains(err.Error(), code) || !strings.Contains(err.Error(), "connections:write") {
				t.Errorf("text = %q", err)
			}
		})
	}
}

func TestLinkDisabledEndsEverySocket(t *testing.T) {
	server := newServer(t)
	config := quick()
	config.Connections = 2
	bot := start(t, server, config)
	first, second := server.next(t), server.next(t)
	first.hello(1, 3600)
	second.hello(2, 3600)
	bot.event(t, socket.EventLive)
	bot.event(t, socket.EventLive)
	second.disconnect("link_disabled")
	err := wait(t, "the end of Run", bot.result)
	close(bot.result)
	var fatal *socket.FatalError
	if !errors.As(err, &fatal) || fatal.Code != "link_disabled" {
		t.Errorf("Run = %v, want link_disabled", err)
	}
	first.wantClose(t, websocket.CloseGoingAway)
	second.wantClose(t, websocket.CloseGoingAway)
	if server.openCount() != 2 {
		t.Errorf("opens = %d, want 2", server.openCount())
	}
}

// Whatever a server does, it is not called faster than a person would think sane.
func TestRateOfReconnects(t *testing.T) {
	const minutes = 20
	limited := 20*minutes + 6 // the gate: one in 3 s, and 6 at once
	backedOff := 2*minutes*60/15 + 20
	for name, test := range map[string]struct {
		open, link func(http.ResponseWriter) bool
		accept     func(*peer)
		most       int
	}{
		"warning":           {accept: helloAndDisconnect("warning"), most: backedOff},
		"refresh_requested": {accept: helloAndDisconnect("refresh_requested"), most: backedOff},
		"too many":          {accept: helloAndDisconnect("too_many_websockets"), most: backedOff},
		"too many, no hello": {accept: func(p *peer) {
			p.disconnect("too_many_websockets")
			_ = p.conn.Close()
		}, most: backedOff},
		"close 1009": {accept: func(p *peer) {
			p.hello(1, 3600)
			p.write(websocket.CloseMessage, string(websocket.FormatCloseMessage(websocket.CloseMessageTooBig, "")))
		}, most: backedOff},
		"no word": {accept: func(p *peer) { _ = p.conn.Close() }, most: backedOff},
		"too large": {accept: func(p *peer) {
			p.hello(1, 3600)
			p.send(strings.Repeat("x", 1<<20+1))
		}, most: backedOff},
		"an envelope each": {accept: func(p *peer) {
			p.hello(1, 3600)
			p.slash("E1")
			select {
			case <-p.texts:
			case <-p.ended: // the bot ends before it acks
			}
			_ = p.conn.Close()
		}, most: limited},
		"upgrade refused": {link: answerStatus(http.StatusForbidden), most: backedOff},
		"status 500":      {open: answerStatus(http.StatusInternalServerError), most: backedOff},
		"status 404":      {open: answerStatus(http.StatusNotFound), most: backedOff},
		"internal_error":  {open: answerError("internal_error"), most: backedOff},
		"ratelimited":     {open: answerError("ratelimited"), most: backedOff},
		"no address":      {open: answerError(""), most: backedOff},
		"not a WebSocket": {open: func(writer http.ResponseWriter) bool {
			fmt.Fprintf(writer, `{"ok":true,"url":"https://slack.test/link/?ticket=%s"}`, ticket)
			return true
		}, most: backedOff},
		"not an address": {open: func(writer http.ResponseWriter) bool {
			fmt.Fprintf(writer, `{"ok":true,"url":"ws://slack test/%%zz?ticket=%s"}`, ticket)
			return true
		}, most: backedOff},
		"HTML": {open: func(writer http.ResponseWriter) bool {
			fmt.Fprint(writer, "<html>")
			return true
		}, most: backedOff},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				server := newPipeServer(t)
				server.open, server.link, server.accept = test.open, test.link, test.accept
				if test.accept == nil {
					server.accept = func(*peer) {}
				}
				bot := start(t, server, socket.Config{})
				time.Sleep(minutes * time.Minute) // simulated
				if opens := server.openCount(); opens > test.most || opens < 2*minutes {
					t.Errorf("%d calls in %d minutes, want %d at most, and no giving up", opens, minutes, test.most)
				}
				bot.stop(t)
			})
		})
	}
}

func helloAndDisconnect(reason string) func(*peer) {
	return func(p *peer) {
		p.hello(1, 3600)
		p.disconnect(reason)
	}
}

// A hello alone does not make a socket healthy: only a life of 10 s resets the backoff.
func TestBackoffResetsOnlyAfterAHealthyLife(t *testing.T) {
	for name, test := range map[string]struct {
		life    time.Duration
		longest time.Duration // the wait after the eighth socket
		least   time.Duration
	}{
		"dies at once": {life: 0, least: 10 * time.Second, longest: 31 * time.Second},
		"dies at 9 s":  {life: 9 * time.Second, least: 19 * time.Second, longest: 40 * time.Second},
		"dies at 11 s": {life: 11 * time.Second, least: 11 * time.Second, longest: 12 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				server := newPipeServer(t)
				server.accept = func(p *peer) {
					p.hello(1, 3600)
					select {
					case <-time.After(test.life):
						_ = p.conn.Close()
					case <-p.ended:
					}
				}
				bot := start(t, server, socket.Config{Connections: 1})
				for server.openCount() < 10 {
					time.Sleep(time.Second) // simulated
				}
				times := server.openTimes()
				if gap := times[9].Sub(times[8]); gap < test.least || gap > test.longest {
					t.Errorf("the tenth socket came %v after the ninth, want %v to %v", gap, test.least, test.longest)
				}
				bot.stop(t)
			})
		})
	}
}

func TestTooManySocketsBacksOffAndLeavesTheOthersAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := newPipeServer(t)
		bot := start(t, server, socket.Config{})
		first, second := server.next(t), server.next(t)
		first.hello(1, 0)
		second.hello(2, 0)
		time.Sleep(time.Minute) // simulated: both are healthy by now
		began := time.Now()
		second.disconnect("too_many_websockets")
		second.reset()
		third := server.nextWithin(t, time.Minute)
		if waited := time.Since(began); waited < 10*time.Second {
			t.Errorf("the next socket came after %v, want 10 s or more", waited)
		}
		third.disconnect("too_many_websockets") // this time in place of the hello
		third.reset()
		began = time.Now()
		fourth := server.nextWithin(t, time.Minute)
		if waited := time.Since(began); waited < 10*time.Second {
			t.Errorf("the next socket came after %v, want 10 s or more", waited)
		}
		fourth.hello(2, 0)
		bot.event(t, socket.EventLive)
		first.slash("E1")
		first.wantAck(t, emptyAck("E1"))
		if server.openCount() != 4 {
			t.Errorf("opens = %d, want 4: the socket that was fine was touched", server.openCount())
		}
		bot.stop(t)
	})
}

func TestRetryAfterHoldsEverySocketBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := newPipeServer(t)
		server.open = func(writer http.ResponseWriter) bool {
			writer.Header().Set("Retry-After", "40")
			writer.WriteHeader(http.StatusTooManyRequests)
			return true
		}
		bot := start(t, server, socket.Config{})
		synctest.Wait()
		before := server.openCount()
		time.Sleep(39 * time.Second) // simulated
		if during := server.openCount(); during != before || before > 2 {
			t.Errorf("%d calls, then %d before the time was over", before, during)
		}
		time.Sleep(10 * time.Second)
		if server.openCount() == before {
			t.Error("no call after the time was over")
		}
		bot.stop(t)
	})
}

func TestSilentServerIsNoLiveSocket(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := newPipeServer(t)
		bot := start(t, server, socket.Config{Connections: 1})
		silent := server.next(t)
		began := time.Now()
		failed := bot.event(t, socket.EventOpenFailed)
		if took := time.Since(began); took != 10*time.Second {
			t.Errorf("the hello was waited for %v, want 10 s", took)
		}
		if bot.Live() != 0 || failed.Detail != "unreachable" {
			t.Errorf("live = %d, detail = %s", bot.Live(), failed.Detail)
		}
		select {
		case <-bot.Ready():
			t.Error("ready without a hello")
		default:
		}
		next := server.next(t)
		silent.wantClose(t, websocket.CloseNormalClosure)
		next.hello(1, 3600)
		<-bot.Ready()
		bot.stop(t)
	})
}

// Everything that may hang ends with the context.
func TestEndWhileOpening(t *testing.T) {
	hang := make(chan struct{})
	for name, open := range map[string]func(http.ResponseWriter) bool{
		"apps.connections.open hangs": func(http.ResponseWriter) bool { <-hang; return true },
		"the server is down":          answerStatus(http.StatusBadGateway),
	} {
		t.Run(name, func(t *testing.T) {
			server := newServer(t)
			opened := make(chan struct{}, 100)
			server.open = func(writer http.ResponseWriter) bool {
				opened <- struct{}{}
				return open(writer)
			}
			bot := start(t, server, socket.Config{BackoffMin: time.Hour, BackoffMax: time.Hour})
			wait(t, "a call", opened)
			bot.stop(t)
		})
	}
	t.Run("the upgrade hangs", func(t *testing.T) {
		server := newServer(t)
		linked := make(chan struct{}, 100)
		server.link = func(http.ResponseWriter) bool { linked <- struct{}{}; <-hang; return true }
		bot := start(t, server, quick())
		wait(t, "an upgrade", linked)
		bot.stop(t)
		close(hang)
	})
	// Slack may send to such a socket as soon as it has upgraded it.
	t.Run("the upgrade comes after the end has begun", func(t *testing.T) {
		server := newServer(t)
		linked, ending := make(chan struct{}, 100), make(chan struct{})
		server.link = func(http.ResponseWriter) bool { linked <- struct{}{}; <-ending; return false }
		config := quick()
		config.Connections = 1
		bot := start(t, server, config)
		wait(t, "an upgrade", linked)
		bot.cancel()
		close(ending)
		bot.stop(t)
		server.next(t).wantClose(t, websocket.CloseGoingAway)
	})
}

// fixedOpener always answers the same address.
type fixedOpener struct{ address string }

func (o fixedOpener) StartSocketModeContext(context.Context) (*slack.SocketModeConnection, string, error) {
	return nil, o.address, nil
}

func TestTicketStaysOutOfErrors(t *testing.T) {
	for _, address := range []string{
		"ws://127.0.0.1:1/link/?ticket=" + ticket,
		"ws://nobody:" + ticket + "@127.0.0.1:1/?a=1",
		"http://127.0.0.1:1/link/?ticket=" + ticket,
		"ws://127.0.0.1:1/%zz?ticket=" + ticket,
		"ws://" + ticket + " /?ticket=" + ticket,
		"\x7f?" + ticket,
	} {
		server := newServer(t)
		config := quick()
		config.Opener = fixedOpener{address}
		bot := start(t, server, config)
		bot.event(t, socket.EventOpenFailed)
		bot.stop(t)
		bot.log.wantNoSecret(t)
	}
}
