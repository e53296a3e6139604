package meetingtest_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/overtime-bot/overtime/meeting/meetingtest"
)

// pipes is a listener without a network: in a synctest bubble its waits are durable.
type pipes struct {
	connections chan net.Conn
	closed      chan struct{}
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.connections:
		return c, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error   { close(p.closed); return nil }
func (p *pipes) Addr() net.Addr { return &net.UnixAddr{Name: "pipe"} }

func (p *pipes) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	ours, theirs := net.Pipe()
	select {
	case p.connections <- theirs:
		return ours, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// In a bubble the delays of faults cost no time, and the service takes its clock from the bubble.
func TestDelaysInABubble(t *testing.T) {
	for name, carrier := range map[string]func(*meetingtest.Server) (http.RoundTripper, func()){
		"pipe": overPipe,
		"in process": func(server *meetingtest.Server) (http.RoundTripper, func()) {
			return server.Transport(), func() {}
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				server := meetingtest.New(meetingtest.Config{Account: account, Password: password})
				transport, end := carrier(server)
				defer end()
				defer server.Close()
				client := &http.Client{Transport: transport, Timeout: 10 * time.Second}
				testDelays(t, &service{Server: server, t: t, url: "http://pipe", client: client})
			})
		})
	}
}

func overPipe(server *meetingtest.Server) (http.RoundTripper, func()) {
	listener := &pipes{make(chan net.Conn), make(chan struct{})}
	front := &http.Server{Handler: server, ReadHeaderTimeout: time.Minute}
	go func() { _ = front.Serve(listener) }()
	transport := &http.Transport{DialContext: listener.dial}
	return transport, func() {
		transport.CloseIdleConnections()
		_ = front.Close()
	}
}

func testDelays(t *testing.T, s *service) {
	s.Add(meetingtest.Meeting{ID: meetingID, ChairPassword: "111111", People: 1, End: time.Now().Add(time.Hour)})
	control := s.control(meetingID)

	s.Inject(meetingtest.Fault{Op: meetingtest.OpExtend, Before: 12 * time.Second})
	began := time.Now()
	if _, err := s.tryExtend(control); !errors.Is(err, context.DeadlineExceeded) || time.Since(began) != 10*time.Second {
		t.Fatalf("after %v: %v", time.Since(began), err)
	}
	s.wantEffects(0)
	time.Sleep(2 * time.Second) // the bubble's time
	synctest.Wait()
	s.wantEffects(1)
	if at := s.Effects(meetingID)[0].At; at.Sub(began) != 12*time.Second {
		t.Errorf("applied after %v", at.Sub(began))
	}

	s.Inject(meetingtest.Fault{Op: meetingtest.OpExtend, Kind: meetingtest.HangUp, Applied: true})
	if r, err := s.tryExtend(control); err == nil {
		t.Errorf("answered: %+v", r)
	}
	s.Inject(meetingtest.Fault{Op: meetingtest.OpExtend, Kind: meetingtest.Truncated})
	if _, err := s.tryExtend(control); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("truncated: %v", err)
	}
	s.wantEffects(3)
	time.Sleep(time.Hour + 45*time.Minute)
	if _, found := s.End(meetingID); found {
		t.Error("the meeting runs on")
	}
}

// A list that is on its way is not changed by what happens meanwhile.
func TestAListOnItsWayStays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := meetingtest.New(meetingtest.Config{Account: account, Password: password})
		defer server.Close()
		s := &service{Server: server, t: t, url: "http://pipe", client: &http.Client{Transport: server.Transport()}}
		s.Add(meetingtest.Meeting{ID: meetingID, People: 1, End: time.Now().Add(time.Hour)})
		s.login()
		end := func() any { return s.get(onlinePath+"?queryAll=true").at("data", 0, "endTime") }
		before := end()
		s.Inject(meetingtest.Fault{Op: meetingtest.OpOnline, After: time.Minute})
		late := make(chan any)
		go func() { late <- end() }()
		synctest.Wait()
		s.SetEnd(meetingID, time.Now().Add(2*time.Hour))
		after := end()
		if first := <-late; first != before || after == before {
			t.Errorf("the first list has %v, the second %v, want %v and another", first, after, before)
		}
	})
}
