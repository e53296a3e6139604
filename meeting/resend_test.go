package meeting_test

import (
	"bufio"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/meeting"
)

// rawProxy stands between the client and the service and works on bare connections: it keeps them alive, and
// does to the PUT what the test wants.
type rawProxy struct {
	listener net.Listener
	service  *service
	onPut    func(connection net.Conn, reads int) // reads is how many requests the connection had carried
	puts     atomic.Int32
	group    sync.WaitGroup

	mutex       sync.Mutex
	connections []net.Conn
}

func newRawProxy(t *testing.T, s *service, onPut func(net.Conn, int)) *rawProxy {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &rawProxy{listener: listener, service: s, onPut: onPut}
	p.group.Go(p.accept)
	t.Cleanup(func() {
		_ = listener.Close()
		p.hangUp()
		p.group.Wait()
	})
	return p
}

func (p *rawProxy) accept() {
	for {
		connection, err := p.listener.Accept()
		if err != nil {
			return
		}
		p.mutex.Lock()
		p.connections = append(p.connections, connection)
		p.mutex.Unlock()
		p.group.Go(func() { p.serve(connection) })
	}
}

func (p *rawProxy) hangUp() {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	for _, connection := range p.connections {
		_ = connection.Close()
	}
	p.connections = nil
}

func (p *rawProxy) serve(connection net.Conn) {
	defer connection.Close()
	reader := bufio.NewReader(connection)
	for reads := 0; ; reads++ {
		request, err := http.ReadRequest(reader)
		if err != nil {
			return
		}
		if request.Method == http.MethodPut {
			_, _ = io.Copy(io.Discard, request.Body)
			p.puts.Add(1)
			p.onPut(connection, reads)
			return
		}
		recorder := httptest.NewRecorder()
		p.service.ServeHTTP(recorder, request)
		answer := recorder.Result()
		answer.ContentLength = int64(recorder.Body.Len())
		if answer.Write(connection) != nil {
			return
		}
	}
}

func TestPutIsNotSentAgainOnADroppedConnection(t *testing.T) {
	for name, onPut := range map[string]func(net.Conn, int){
		"hangs up":      func(net.Conn, int) {},
		"resets":        func(connection net.Conn, _ int) { _ = connection.(*net.TCPConn).SetLinger(0) },
		"garbage":       func(connection net.Conn, _ int) { _, _ = io.WriteString(connection, controlToken+"1\r\n\r\n") },
		"half a status": func(connection net.Conn, _ int) { _, _ = io.WriteString(connection, "HTTP/1.1 2") },
		"half a header": func(connection net.Conn, _ int) { _, _ = io.WriteString(connection, "HTTP/1.1 200 OK\r\nA: b") },
		"switches": func(connection net.Conn, _ int) {
			_, _ = io.WriteString(connection, "HTTP/1.1 101 S\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n")
			_, _ = io.Copy(io.Discard, connection) // and stays until the client leaves
		},
		"early, then gone": func(connection net.Conn, _ int) { _, _ = io.WriteString(connection, "HTTP/1.1 100 C\r\n\r\n") },
	} {
		s := newService(t)
		var reused atomic.Int32
		proxy := newRawProxy(t, s, func(connection net.Conn, reads int) {
			reused.Store(int32(reads))
			onPut(connection, reads)
		})
		config := s.config()
		config.BaseURL = "http://" + proxy.listener.Addr().String()
		config.Timeout = time.Hour
		err := open(t, config).Extend(t.Context(), sampleID, 5)
		if !errors.Is(err, meeting.ErrAmbiguous) {
			t.Errorf("%s: %v", name, err)
		}
		if proxy.puts.Load() != 1 || reused.Load() == 0 {
			t.Errorf("%s: %d PUTs, on a connection that had carried %d requests", name, proxy.puts.Load(), reused.Load())
		}
		if err != nil && strings.Contains(err.Error(), controlToken) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// The service may close a kept connection at any moment. Whether the client has noticed or not, an
// extension is sent at most once, and if it arrived and was answered it is a success.
func TestPutOnAConnectionClosedMeanwhile(t *testing.T) {
	for range 20 {
		s := newService(t)
		proxy := newRawProxy(t, s, func(connection net.Conn, _ int) {
			_, _ = io.WriteString(connection, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
		})
		config := s.config()
		config.BaseURL = "http://" + proxy.listener.Addr().String()
		client := open(t, config)
		if err := client.Prepare(t.Context(), sampleID, time.Time{}); err != nil {
			t.Fatal(err)
		}
		proxy.hangUp()
		err := client.Extend(t.Context(), sampleID, 5)
		switch puts := proxy.puts.Load(); {
		case err == nil && puts == 1:
		case errors.Is(err, meeting.ErrAmbiguous) && puts <= 1:
		case errors.Is(err, meeting.ErrUnavailable) && puts == 0:
		default:
			t.Errorf("%d PUTs: %v", puts, err)
		}
	}
}
