package meeting_test

import (
	"errors"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/overtime-bot/overtime/meeting"
)

func TestHostThatIsNotTrustedGetsNoCredentials(t *testing.T) {
	var asked atomic.Int32
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked.Add(1) }))
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	defer server.Close()
	client := open(t, meeting.Config{BaseURL: server.URL, Account: "a", Password: "p"})
	if err := client.Login(t.Context()); !errors.Is(err, meeting.ErrUnavailable) {
		t.Error(err)
	}
	if err := client.Extend(t.Context(), sampleID, 5); !errors.Is(err, meeting.ErrUnavailable) ||
		errors.Is(err, meeting.ErrAmbiguous) {
		t.Error(err)
	}
	if asked.Load() != 0 {
		t.Error("the server was asked")
	}
}

func TestConnectionsAreKeptForManyCallers(t *testing.T) {
	s := newService(t)
	var connections sync.Map
	var waiting sync.WaitGroup
	waiting.Add(64)
	s.on(listPath, func(w http.ResponseWriter, r *http.Request) {
		connections.Store(r.RemoteAddr, true)
		waiting.Done()
		waiting.Wait() // until all 64 are here
		reply(200, list(sample))(w, r)
	})
	var others atomic.Int32
	s.on(detailPath, func(w http.ResponseWriter, r *http.Request) {
		if _, kept := connections.Load(r.RemoteAddr); !kept {
			others.Add(1)
		}
		reply(200, detail(sample))(w, r)
	})
	client := s.client(t)
	for _, err := range together(64, func() error { _, err := client.Running(t.Context()); return err }) {
		if err != nil {
			t.Error(err)
		}
	}
	together(32, func() error { _, err := client.Get(t.Context(), sampleID); return err })
	if others.Load() > 0 {
		t.Errorf("%d calls opened a connection of their own", others.Load())
	}
}
