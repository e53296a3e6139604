package meeting_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptrace"
	"testing"
	"testing/synctest"
	"time"

	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/meeting/meetingtest"
)

// What the way to the service does to an extension: its connections, deadlines and contexts.

// roundTripper is an in-process transport.
type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// extendVia opens a client whose PUTs alone go through the function.
func extendVia(t *testing.T, s *service, put roundTripper) *meeting.Client {
	t.Helper()
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	config := s.config()
	config.Transport = roundTripper(func(r *http.Request) (*http.Response, error) {
		if r.Method == http.MethodPut {
			return put(r)
		}
		return transport.RoundTrip(r)
	})
	return open(t, config)
}

func TestWhatATransportErrorProves(t *testing.T) {
	reset := errors.New("connection reset by peer")
	s := newService(t)
	client := extendVia(t, s, func(*http.Request) (*http.Response, error) { return nil, errors.New("dial tcp: refused") })
	if err := client.Extend(t.Context(), sampleID, 5); !errors.Is(err, meeting.ErrUnavailable) || errors.Is(err, meeting.ErrAmbiguous) {
		t.Errorf("not dialled: %v", err)
	}
	sent := 0
	client = extendVia(t, s, func(r *http.Request) (*http.Response, error) {
		sent++
		_, _ = r.Body.Read(make([]byte, 1))
		return nil, reset
	})
	if err := client.Extend(t.Context(), sampleID, 5); !errors.Is(err, meeting.ErrAmbiguous) || sent != 1 {
		t.Errorf("one byte read: %v after %d", err, sent)
	}
}

func TestStaleConnectionIsReplacedOnce(t *testing.T) {
	for name, test := range map[string]struct {
		reused, headers bool
		tries           int
	}{"stale": {true, false, 2}, "fresh": {false, false, 1}, "headers written": {true, true, 1}} {
		s := newService(t)
		var bodies []io.Reader
		client := extendVia(t, s, func(r *http.Request) (*http.Response, error) {
			trace := httptrace.ContextClientTrace(r.Context())
			trace.GotConn(httptrace.GotConnInfo{Reused: test.reused})
			if test.headers {
				trace.WroteHeaderField("Host", nil)
			}
			bodies = append(bodies, r.Body)
			if r.GetBody != nil {
				t.Error("body can be had twice")
			}
			return nil, errors.New("server closed idle connection")
		})
		err := client.Extend(t.Context(), sampleID, 5)
		if errors.Is(err, meeting.ErrAmbiguous) || !errors.Is(err, meeting.ErrUnavailable) || len(bodies) != test.tries {
			t.Errorf("%s: %v after %d tries, want %d", name, err, len(bodies), test.tries)
		}
		for _, body := range bodies { // a writer that comes late must get nothing
			if n, err := body.Read(make([]byte, 9)); n != 0 || err == nil {
				t.Errorf("%s: body still gives %d bytes", name, n)
			}
		}
	}
}

// pastContext is what a context looks like on a host that slept through its deadline: the monotonic clock
// stood still, so nothing has ended it.
type pastContext struct{ context.Context }

func (pastContext) Deadline() (time.Time, bool) { return time.Now().Round(0).Add(-time.Second), true }

func TestContextThatEndedBeforeSending(t *testing.T) {
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	for name, test := range map[string]struct {
		ctx  context.Context
		want error
	}{
		"cancelled":                    {cancelled, context.Canceled},
		"its deadline by a wall clock": {pastContext{t.Context()}, context.DeadlineExceeded},
	} {
		t.Run(name, func(t *testing.T) {
			s := newService(t)
			client := s.client(t)
			if err := client.Prepare(t.Context(), sampleID, time.Time{}); err != nil {
				t.Fatal(err)
			}
			err := client.Extend(test.ctx, sampleID, 5)
			if !errors.Is(err, test.want) || errors.Is(err, meeting.ErrAmbiguous) {
				t.Error(err)
			}
			wantCount(t, s, extendPath, 0)
		})
	}
}

func TestContextThatEndsWhileUnderWay(t *testing.T) {
	s := newService(t)
	client := s.client(t)
	entered := make(chan struct{})
	s.on(extendPath, func(_ http.ResponseWriter, r *http.Request) {
		close(entered)
		<-r.Context().Done()
	})
	ctx, cancel := context.WithCancel(t.Context())
	result := make(chan error, 1)
	go func() { result <- client.Extend(ctx, sampleID, 5) }()
	<-entered
	cancel()
	if err := <-result; !errors.Is(err, meeting.ErrAmbiguous) || !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	wantCount(t, s, extendPath, 1)
}

func TestServiceThatDoesNotAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := inBubble(t, 0, 1)
		defer s.close()
		s.Inject(meetingtest.Fault{Op: meetingtest.OpExtend, Kind: meetingtest.Hang})
		err := s.client.Extend(t.Context(), "1", 5)
		if n := s.Count(meetingtest.OpExtend); !errors.Is(err, meeting.ErrAmbiguous) || !errors.Is(err, context.DeadlineExceeded) || n != 1 {
			t.Errorf("%d calls: %v", n, err)
		}
	})
}

func TestServiceThatIsDown(t *testing.T) {
	s := newService(t)
	config := s.config()
	config.Transport = &http.Transport{DisableKeepAlives: true} // else it is a dropped connection, which is another case
	client := open(t, config)
	if err := client.Prepare(t.Context(), sampleID, time.Time{}); err != nil {
		t.Fatal(err)
	}
	s.Close()
	err := client.Extend(t.Context(), sampleID, 5)
	if !errors.Is(err, meeting.ErrUnavailable) || errors.Is(err, meeting.ErrAmbiguous) {
		t.Error(err)
	}
}
