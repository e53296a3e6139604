package slacksim_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"github.com/overtime-bot/overtime/bot/slacksim"
)

func TestFailNextStrikesEveryMethodOnce(t *testing.T) {
	b := start(t)
	for _, method := range []string{
		"auth.test", "users.info", "users.lookupByEmail", "usergroups.list", "usergroups.users.list", "team.info",
		"conversations.info", "conversations.open", "conversations.members", "bots.info", "chat.postMessage",
		"chat.update", "chat.delete", "chat.postEphemeral", "chat.scheduleMessage", "chat.deleteScheduledMessage",
		"views.open", "views.push", "views.update", "views.publish", "api.test", "apps.connections.open",
	} {
		b.FailNext(method, slacksim.Failure{Error: "fatal_error"})
		if got := b.call(method); got.status != 200 || got.err() != "fatal_error" {
			t.Errorf("%s: %d %s", method, got.status, got.body)
		}
		if got := b.call(method); got.err() == "fatal_error" || got.err() == "unknown_method" {
			t.Errorf("%s failed twice: %s", method, got.body)
		}
		if b.Calls(method) != 2 {
			t.Errorf("Calls(%s) = %d, want 2", method, b.Calls(method))
		}
	}
}

func TestKindsOfFailure(t *testing.T) {
	b := start(t)
	for name, test := range map[string]struct {
		failure slacksim.Failure
		status  int
		header  string
		body    string
	}{
		"500 page":      {slacksim.Failure{Status: 500}, 500, "", "<html>"},
		"404 page":      {slacksim.Failure{Status: 404}, 404, "", "<html>"},
		"limited":       {slacksim.Failure{RetryAfter: 1500 * time.Millisecond}, 429, "2", "ratelimited"},
		"bare 429":      {slacksim.Failure{Status: 429}, 429, "", "ratelimited"},
		"own body":      {slacksim.Failure{Body: `{"ok":true,"url":""}`}, 200, "", `{"ok":true,"url":""}`},
		"slow":          {slacksim.Failure{Delay: time.Millisecond}, 200, "", "user_id"},
		"slow and sick": {slacksim.Failure{Delay: time.Millisecond, Status: 503}, 503, "", "<html>"},
	} {
		b.FailNext("auth.test", test.failure)
		got := b.call("auth.test")
		if got.status != test.status || got.header.Get("Retry-After") != test.header || !strings.Contains(got.body, test.body) {
			t.Errorf("%s: %d, Retry-After %q, %s", name, got.status, got.header.Get("Retry-After"), got.body)
		}
	}
}

func TestFailuresQueueRepeatAndClear(t *testing.T) {
	b := start(t)
	b.FailNext("auth.test", slacksim.Failure{Error: "one", Times: 2})
	b.FailNext("auth.test", slacksim.Failure{Error: "two", Times: -1})
	for i, want := range []string{"one", "one", "two", "two", "two"} {
		if got := b.call("auth.test"); got.err() != want {
			t.Errorf("call %d: %s, want %s", i+1, got.body, want)
		}
	}
	b.ClearFailures()
	if got := b.call("auth.test"); got.err() != "" {
		t.Errorf("after ClearFailures: %s", got.body)
	}
}

func TestHangEndsWithTheClientOrTheServer(t *testing.T) {
	b := start(t)
	b.FailNext("auth.test", slacksim.Failure{Hang: true, Times: 2})
	impatient, giveUp := context.WithCancel(t.Context())
	defer giveUp()
	r := b.request("POST", "/api/auth.test", "", "")
	ended := make(chan error, 1)
	call := func(ctx context.Context) {
		_, err := b.http.Do(r.Clone(ctx))
		ended <- err
	}
	go call(impatient)
	b.wait("first hanging call", func(slacksim.State) bool { return b.Calls("auth.test") == 1 })
	giveUp()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("hanging call: %v", err)
	}
	go call(ctx(t))
	b.wait("second hanging call", func(slacksim.State) bool { return b.Calls("auth.test") == 2 })
	b.Close()
	if err := <-ended; err == nil {
		t.Error("a hanging call was answered")
	}
}

func TestHangUpBeforeAndAfterTheCallTookEffect(t *testing.T) {
	b := start(t)
	c := b.connect()
	url, id := b.commandReply(c)
	for _, test := range []struct {
		failure slacksim.Failure
		posted  int
	}{{slacksim.Failure{HangUp: true}, 0}, {slacksim.Failure{AfterApply: true}, 1}, {slacksim.Failure{AfterApply: true, Status: 500}, 2}} {
		b.FailNext("response_url", test.failure)
		b.FailNext("chat.postMessage", test.failure)
		for _, r := range []*http.Request{
			b.request("POST", url, "application/json", `{"text":"answer"}`),
			b.request("POST", "/api/chat.postMessage", "application/x-www-form-urlencoded", "token="+botToken+"&channel=D0BOB&text=x"),
		} {
			response, err := b.http.Do(r)
			if err == nil {
				_ = response.Body.Close()
			}
			if (err == nil) != (test.failure.Status != 0) {
				t.Errorf("%+v: %v", test.failure, err)
			}
		}
		if got := b.Messages(slacksim.Filter{Envelope: id, User: slacksim.BotUserID}); len(got) != test.posted {
			t.Errorf("%+v: %d answers, want %d", test.failure, len(got), test.posted)
		}
		if got := b.Messages(slacksim.Filter{Channel: "D0BOB"}); len(got) != test.posted {
			t.Errorf("%+v: %d messages, want %d", test.failure, len(got), test.posted)
		}
	}
}

func TestDropSocketsResets(t *testing.T) {
	b := start(t)
	first, second := b.connect(), b.connect()
	if n := b.DropSockets(b.SocketIDs()[0]); n != 1 {
		t.Errorf("dropped %d", n)
	}
	var closed *websocket.CloseError
	if err := first.closing(); errors.As(err, &closed) && closed.Code != websocket.CloseAbnormalClosure {
		t.Errorf("dropped socket ended with %v", err)
	}
	b.wait("one left", func(s slacksim.State) bool { return s.Sockets() == 1 })
	b.DropSockets()
	_ = second.closing()
	b.wait("none left", func(s slacksim.State) bool { return s.Sockets() == 0 })
}

func TestDisconnectReasons(t *testing.T) {
	for _, reason := range []string{"warning", "refresh_requested", "too_many_websockets", "link_disabled"} {
		t.Run(reason, func(t *testing.T) {
			b := start(t, func(cfg *slacksim.Config) { cfg.WarningDelay = 20 * time.Millisecond })
			c := b.connect()
			began := time.Now()
			if n := b.Disconnect(reason); n != 1 {
				t.Errorf("disconnected %d", n)
			}
			if frame := c.next(); frame["type"] != "disconnect" || frame["reason"] != reason || frame["envelope_id"] != nil {
				t.Errorf("frame %v", frame)
			}
			if err := c.closing(); !websocket.IsCloseError(err, websocket.CloseNormalClosure) {
				t.Errorf("ended with %v", err)
			}
			if waited := time.Since(began) >= 20*time.Millisecond; reason == "warning" && !waited {
				t.Error("a warning closed at once")
			}
			again := b.dial().next()
			if turnedAway := again["reason"] == "link_disabled"; turnedAway != (reason == "link_disabled") {
				t.Errorf("the next connection begins with %v", again)
			}
			b.SetSocketMode(true)
			b.connect()
		})
	}
}

func TestHalfOpenSocketStaysAndSwallows(t *testing.T) {
	b := start(t, func(cfg *slacksim.Config) { cfg.AckTimeout = 20 * time.Millisecond })
	c := b.connect()
	b.HalfOpen()
	pongs := make(chan string, 1)
	c.SetPongHandler(func(payload string) error { pongs <- payload; return nil })
	_ = c.WriteControl(websocket.PingMessage, []byte("hello?"), time.Now().Add(time.Second))
	id := b.mustCommand(alice, ops, "/extend 1")
	b.wait("operation_timeout", func(s slacksim.State) bool { e, _ := s.Envelope(id); return e.TimedOut })
	_ = c.SetReadDeadline(time.Now().Add(20 * time.Millisecond))
	if _, _, err := c.ReadMessage(); err == nil {
		t.Error("a half-open socket delivered a frame")
	}
	if len(pongs) != 0 || b.Sockets() != 1 {
		t.Errorf("%d pongs, %d sockets; want none, and one that still counts", len(pongs), b.Sockets())
	}
	healthy := b.connect()
	b.DropSockets(b.SocketIDs()[0])
	b.wait("gone", func(s slacksim.State) bool { return s.Sockets() == 1 })
	_ = healthy.Close()
	b.wait("gone too", func(s slacksim.State) bool { return s.Sockets() == 0 })
	if again := b.connect().next(); again["envelope_id"] != id {
		t.Errorf("what was swallowed is not redelivered: %v", again)
	}
}

func TestDuplicates(t *testing.T) {
	b := start(t)
	c := b.connect()
	b.DuplicateNext(1)
	id := b.mustCommand(alice, ops, "/extend 1")
	first, second := c.next(), c.next()
	if first["envelope_id"] != id || second["envelope_id"] != id {
		t.Errorf("got %v and %v", first["envelope_id"], second["envelope_id"])
	}
	c.ack(first)
	if err := b.WaitAck(ctx(t), id); err != nil {
		t.Fatal(err)
	}
	if err := b.Redeliver(id); err != nil {
		t.Fatal(err)
	}
	if third := c.next(); !jsonEqual(t, third, first) {
		t.Errorf("redelivered %v, want %v", third, first)
	}
	if err := b.Redeliver("nonsense"); err == nil {
		t.Error("an unknown envelope was redelivered")
	}
	b.mustCommand(alice, ops, "/extend 2")
	if next := c.next(); next["envelope_id"] == id {
		t.Error("DuplicateNext(1) duplicated more than one")
	}
}

func TestRedeliverToEachThatIsNamed(t *testing.T) {
	b := start(t)
	c := b.connect()
	id := b.mustCommand(alice, ops, "/extend 1")
	c.ack(c.next())
	if err := b.WaitAck(ctx(t), id); err != nil {
		t.Fatal(err)
	}
	other, unnamed := b.connect(), b.connect()
	if err := b.Redeliver(id, b.SocketIDs()[:2]...); err != nil {
		t.Fatal(err)
	}
	for _, named := range []*client{c, other} {
		if again := named.next(); again["envelope_id"] != id {
			t.Errorf("got %v", again)
		}
	}
	b.Garbage([]byte(`{"type":"last"}`))
	if last := unnamed.next(); last["type"] != "last" {
		t.Errorf("the socket that was not named got %v", last)
	}
}

func TestGarbageAndRawEnvelopes(t *testing.T) {
	b := start(t)
	c := b.connect()
	if err := b.Deliver([]byte("{not json")); err != nil {
		t.Fatal(err)
	}
	b.Garbage([]byte("\x00garbage"))
	for _, want := range []string{"{not json", "\x00garbage"} {
		if _, data, err := c.ReadMessage(); err != nil || string(data) != want {
			t.Errorf("got %q, %v; want %q", data, err, want)
		}
	}
	if err := b.Deliver([]byte(`{"envelope_id":"mine","type":"brand_new","payload":{}}`)); err != nil {
		t.Fatal(err)
	}
	frame := c.next()
	c.ack(frame)
	if err := b.WaitAck(ctx(t), "mine"); err != nil || frame["type"] != "brand_new" {
		t.Errorf("%v, %v", frame, err)
	}
	_ = c.Close()
	b.wait("gone", func(s slacksim.State) bool { return s.Sockets() == 0 })
	for _, raw := range []string{"garbage", `{"envelope_id":"x"}`} {
		if err := b.Deliver([]byte(raw)); err == nil {
			t.Errorf("Deliver(%s) without a socket succeeded", raw)
		}
	}
}

func TestWaitEndsWithItsContext(t *testing.T) {
	b := start(t)
	short, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	if err := b.Wait(short, func(slacksim.State) bool { return false }); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("Wait = %v", err)
	}
	if err := b.WaitAck(short, "nobody's"); err == nil {
		t.Error("WaitAck of an unknown envelope succeeded")
	}
}
