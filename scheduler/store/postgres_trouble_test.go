package store_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/scheduler/extension"
	"github.com/overtime-bot/overtime/scheduler/store"
	"github.com/overtime-bot/overtime/scheduler/storetest"
)

const (
	// soon is far more than what is bounded takes, and far less than what is not.
	soon = 8 * time.Second
	// promptly is far more than what ends with its context takes on a busy machine, and less than any limit behind it.
	promptly       = soon / 2
	impatience     = 300 * time.Millisecond
	troubleWriters = 16
)

func openPostgres(t *testing.T, address *url.URL) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), store.Config{URL: address.String()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return s
}

// isBounded fails when do takes long.
func isBounded(t *testing.T, what string, within time.Duration, do func() error) error {
	t.Helper()
	begun := time.Now()
	err := do()
	if took := time.Since(begun); took > within {
		t.Errorf("%s took %v, want at most %v: %v", what, took, within, err)
	}
	return err
}

// told remembers what a store said of its writes.
type told struct {
	sync.Mutex
	said   *sync.Cond // something new
	states map[string]extension.State
	failed int
}

func newTold() *told {
	w := &told{states: map[string]extension.State{}}
	w.said = sync.NewCond(w)
	return w
}

func (w *told) say(key string, state extension.State, err error) {
	w.Lock()
	defer w.Unlock()
	defer w.said.Broadcast()
	if err != nil {
		w.failed++
		return
	}
	w.states[key] = state
}

// writes claims and moves until stop is closed.
func (w *told) writes(t *testing.T, s *store.Store, writer int, stop chan struct{}) {
	for number := 0; ; number++ {
		select {
		case <-stop:
			return
		default:
		}
		key := fmt.Sprintf("%d/%d", writer, number)
		err := isBounded(t, "a write", soon, func() error {
			row, err := s.Ledger.Claim(t.Context(), extension.Extension{Key: key, Run: key}, extension.Limits{}, time.Minute)
			w.say(key, extension.Sent, err)
			if err != nil {
				return err
			}
			_, err = s.Ledger.Move(t.Context(), row.ID, extension.Sent, extension.Confirmed, extension.Ending{})
			w.say(key, extension.Confirmed, err)
			return err
		})
		if err != nil && errors.Is(err, extension.ErrMoved) {
			t.Errorf("%s: %v", key, err)
		}
	}
}

// wait returns when so many more have been written, and so many more have failed.
func (w *told) wait(written, failed int) {
	w.Lock()
	defer w.Unlock()
	written, failed = written+len(w.states), failed+w.failed
	for len(w.states) < written || w.failed < failed {
		w.said.Wait()
	}
}

func TestPostgresDiesInTheMiddleOfWrites(t *testing.T) {
	server := storetest.NewPostgres(t)
	s := openPostgres(t, server.URL())
	seen := newTold()
	stop := make(chan struct{})
	var writers sync.WaitGroup
	for writer := range troubleWriters {
		writers.Go(func() { seen.writes(t, s, writer, stop) })
	}
	for range 3 {
		seen.wait(100, 0)
		server.Kill(t)
		seen.wait(0, troubleWriters)
		if err := s.Ping(t.Context()); err == nil {
			t.Error("a server that is down is reachable")
		}
		server.Start(t)
	}
	seen.wait(100, 0) // it recovered by itself
	close(stop)
	writers.Wait()
	if err := s.Ping(t.Context()); err != nil {
		t.Errorf("a server that is back: %v", err)
	}
	nothingIsLost(t, s, seen.states)
}

// nothingIsLost compares with what is stored. A write that failed may be stored: nobody knows.
func nothingIsLost(t *testing.T, s *store.Store, told map[string]extension.State) {
	t.Helper()
	rows, err := s.History.Extensions(t.Context(), "", 1<<30)
	if err != nil {
		t.Fatal(err)
	}
	stored := map[string]extension.State{}
	for _, row := range rows {
		stored[row.Key] = row.State
	}
	for key, state := range told {
		if got := stored[key]; got == "" || state == extension.Confirmed && got != state {
			t.Errorf("%s was stored as %s, and is %q", key, state, got)
		}
	}
}

// silence is a server that accepts connections and never answers.
func silence(t *testing.T) *url.URL {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	all.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			all.Go(func() {
				_, _ = io.Copy(io.Discard, conn)
				_ = conn.Close()
			})
		}
	})
	t.Cleanup(func() {
		_ = listener.Close()
		all.Wait()
	})
	return &url.URL{Scheme: "postgres", User: url.UserPassword("user", "secret"), Host: listener.Addr().String(), Path: "/overtime"}
}

func TestPostgresThatNeverAnswersIsNotOpened(t *testing.T) {
	address := silence(t)
	ctx, cancel := context.WithTimeout(t.Context(), impatience)
	defer cancel()
	for ctx, within := range map[context.Context]time.Duration{ctx: 2 * time.Second, t.Context(): soon} {
		err := isBounded(t, "Open", within, func() error {
			s, err := store.Open(ctx, store.Config{URL: address.String()})
			if err == nil {
				_ = s.Close(context.Background())
			}
			return err
		})
		if err == nil {
			t.Error("it was opened")
		}
	}
}

// gate is a way to a server that can be shut without a word: what is sent then arrives nowhere.
type gate struct {
	address *url.URL
	shut    atomic.Bool
	refuse  func() // further connections
	opened  sync.Mutex
	conns   []net.Conn
}

func newGate(t *testing.T, server *storetest.Postgres) *gate {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	g := &gate{address: &url.URL{
		Scheme: "postgres", User: url.User("postgres"), Host: listener.Addr().String(), Path: "/postgres",
		RawQuery: "sslmode=disable&connect_timeout=60", // on a busy machine a newcomer waits long for an answer
	}}
	g.refuse = func() { _ = listener.Close() }
	var all sync.WaitGroup
	all.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			behind, err := net.Dial("unix", server.Socket())
			if err != nil {
				t.Error(err)
				return
			}
			g.keep(conn, behind)
			all.Go(func() { g.pass(behind, conn) })
			all.Go(func() { g.pass(conn, behind) })
		}
	})
	t.Cleanup(func() {
		_ = listener.Close()
		g.keep()
		for _, conn := range g.conns {
			_ = conn.Close()
		}
		all.Wait()
	})
	return g
}

func (g *gate) keep(conns ...net.Conn) {
	g.opened.Lock()
	defer g.opened.Unlock()
	g.conns = append(g.conns, conns...)
}

// pass hands on what it reads while the gate is open. An end is an end behind a shut gate, too: the other side
// learns nothing of it.
func (g *gate) pass(to, from net.Conn) {
	some := make([]byte, 4096)
	for {
		n, err := from.Read(some)
		if err == nil && g.shut.Load() {
			continue
		}
		if err == nil {
			_, err = to.Write(some[:n])
		}
		if err != nil {
			if !g.shut.Load() {
				_ = to.Close()
			}
			return
		}
	}
}

func TestPostgresFallsSilent(t *testing.T) {
	g := newGate(t, storetest.NewPostgres(t))
	s := openPostgres(t, g.address)
	claim := func(ctx context.Context, key string) error {
		_, err := s.Ledger.Claim(ctx, extension.Extension{Key: key, Run: key}, extension.Limits{}, time.Minute)
		return err
	}
	if err := claim(t.Context(), "before"); err != nil {
		t.Fatal(err)
	}
	methods := map[string]func(context.Context) error{
		"Claim": func(ctx context.Context) error { return claim(ctx, "silent") },
		"Told":  func(ctx context.Context) error { return s.Ledger.Told(ctx, 1) },
		"Owed":  func(ctx context.Context) error { _, err := s.Ledger.Owed(ctx, time.Minute, 1); return err },
		"Added": func(ctx context.Context) error {
			_, err := s.Ledger.Added(ctx, "before", extension.Actor{})
			return err
		},
		"Awaited": func(ctx context.Context) error { _, err := s.Ledger.Awaited(ctx, "before"); return err },
		"History": func(ctx context.Context) error { _, err := s.History.Extensions(ctx, "", 1); return err },
		"Ping":    s.Ping,
	}
	silent := func(ctx context.Context, name string) {
		if err := isBounded(t, name, promptly, func() error { return methods[name](ctx) }); err == nil {
			t.Errorf("%s got an answer", name)
		}
	}
	number := 0
	for name := range methods {
		for _, patience := range []time.Duration{soon, impatience} {
			number++
			store.SetPatience(s, soon)
			g.shut.Store(false)
			if err := claim(t.Context(), fmt.Sprint("live ", number)); err != nil { // the connection that falls silent
				t.Fatal(err)
			}
			g.shut.Store(true)
			store.SetPatience(s, patience)
			ctx, cancel := t.Context(), func() {}
			if patience == soon {
				ctx, cancel = context.WithTimeout(t.Context(), impatience)
			}
			silent(ctx, name)
			cancel()
		}
	}
	store.SetPatience(s, soon)
	g.shut.Store(false)
	for attempt := range postgresAttempts {
		if err := claim(t.Context(), fmt.Sprint("after ", attempt)); err == nil {
			return
		}
	}
	t.Error("the store did not recover")
}

// A burst of commands waits for no new connection.
func TestPostgresConnectionsAreOpenFromTheStart(t *testing.T) {
	g := newGate(t, storetest.NewPostgres(t))
	s := openPostgres(t, g.address)
	g.refuse()
	var burst sync.WaitGroup
	for number := range 2 * troubleWriters {
		burst.Go(func() {
			key := fmt.Sprint("burst ", number)
			if _, err := s.Ledger.Claim(t.Context(), extension.Extension{Key: key, Run: key}, extension.Limits{}, time.Minute); err != nil {
				t.Error(err)
			}
		})
	}
	burst.Wait()
}

// A client that is gone without a word keeps no lock for long.
func TestPostgresConnectionsAreLimited(t *testing.T) {
	server := newServer(t, storetest.StartPostgres(t), "limits")
	for query, want := range map[string]string{"": "10s", "&statement_timeout=2000": "2s"} {
		address := *server.url
		address.RawQuery += query
		s := openPostgres(t, &address)
		if got := store.Setting(t, s, "statement_timeout"); got != want {
			t.Errorf("statement_timeout is %s, want %s", got, want)
		}
		if got := store.Setting(t, s, "idle_in_transaction_session_timeout"); got != "10s" {
			t.Errorf("idle_in_transaction_session_timeout is %s", got)
		}
	}
}

func TestStandbyIsNotOpened(t *testing.T) {
	server := newServer(t, storetest.StartPostgres(t), "standby")
	openPostgres(t, server.url) // the schema is there
	if _, err := server.db.ExecContext(t.Context(), "ALTER DATABASE standby SET default_transaction_read_only = on"); err != nil {
		t.Fatal(err)
	}
	if s, err := store.Open(t.Context(), store.Config{URL: server.url.String()}); err == nil {
		_ = s.Close(context.Background())
		t.Error("a server that takes no writes was opened")
	}
}
