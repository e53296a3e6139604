package socket_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/slack-go/slack"
)

// The credentials and the ticket must show up nowhere.
const (
	botToken = "xoxb-secret-bot-token"
	appToken = "xapp-secret-app-token"
	ticket   = "secret-ticket"
)

// slackServer speaks apps.connections.open and Socket Mode. Each socket is handed to the test as a
// peer, before anything is sent on it.
type slackServer struct {
	test      testing.TB
	simulated bool // its time is testing/synctest's
	listener  net.Listener
	dial      func(ctx context.Context, network, address string) (net.Conn, error)
	server    *http.Server
	client    *http.Client

	// open answers apps.connections.open instead of a good answer, if it returns true.
	open func(writer http.ResponseWriter) bool
	// link answers the upgrade instead of an upgrade, if it returns true.
	link func(writer http.ResponseWriter) bool
	// prepare sets a new socket up before it is read.
	prepare func(*peer)
	// accept gets each new socket in a goroutine of its own; nil = they go to peers.
	accept func(*peer)
	peers  chan *peer
	// stopped is closed when the test is over.
	stopped chan struct{}

	mu     sync.Mutex
	opens  []time.Time
	alive  map[*peer]bool // past their hello, not closed by either side
	fewest int            // alive at once, since watchAlive
	group  sync.WaitGroup
}

// newServer listens on loopback.
func newServer(t testing.TB) *slackServer {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return serve(t, listener, (&net.Dialer{}).DialContext)
}

// newPipeServer needs no network, so that it works on the simulated time of testing/synctest.
func newPipeServer(t testing.TB) *slackServer {
	listener := &pipeListener{conns: make(chan net.Conn), closed: make(chan struct{})}
	s := serve(t, listener, listener.dial)
	s.simulated = true
	return s
}

func serve(t testing.TB, listener net.Listener, dial func(context.Context, string, string) (net.Conn, error)) *slackServer {
	s := &slackServer{
		test: t, listener: recordingListener{listener}, dial: dial,
		peers: make(chan *peer, 100), alive: map[*peer]bool{}, stopped: make(chan struct{}),
		client: &http.Client{Transport: &http.Transport{DialContext: dial}},
	}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /api/apps.connections.open", s.handleOpen)
	mux.HandleFunc("GET /link/", s.handleLink)
	type connKey struct{}
	s.server = &http.Server{Handler: mux, ConnContext: func(ctx context.Context, conn net.Conn) context.Context {
		return context.WithValue(ctx, connKey{}, conn)
	}}
	s.group.Go(func() { _ = s.server.Serve(s.listener) })
	t.Cleanup(s.stop)
	return s
}

func (s *slackServer) stop() {
	close(s.stopped)
	s.client.CloseIdleConnections()
	_ = s.server.Close()
	s.group.Wait()
}

// opener is slack-go's own client.
func (s *slackServer) opener() *slack.Client {
	return slack.New(botToken, slack.OptionAppLevelToken(appToken), slack.OptionHTTPClient(s.client),
		slack.OptionAPIURL("http://"+s.listener.Addr().String()+"/api/"))
}

func (s *slackServer) handleOpen(writer http.ResponseWriter, request *http.Request) {
	s.mu.Lock()
	s.opens = append(s.opens, time.Now())
	number := len(s.opens)
	s.mu.Unlock()
	if request.Header.Get("Authorization") != "Bearer "+appToken {
		s.test.Errorf("apps.connections.open came with the wrong token")
	}
	if s.open != nil && s.open(writer) {
		return
	}
	fmt.Fprintf(writer, `{"ok":true,"url":"ws://%s/link/?ticket=%s-%d&app_id=A0123"}`,
		s.listener.Addr(), ticket, number)
}

func (s *slackServer) handleLink(writer http.ResponseWriter, request *http.Request) {
	if s.link != nil && s.link(writer) {
		return
	}
	conn, err := (&websocket.Upgrader{EnableCompression: true}).Upgrade(writer, request, nil)
	if err != nil {
		return // the client was stopped meanwhile
	}
	s.group.Add(1)
	defer s.group.Done()
	defer conn.Close()
	p := newPeer(s, conn)
	if s.prepare != nil {
		s.prepare(p)
	}
	if s.accept == nil {
		s.peers <- p
	} else {
		s.group.Go(func() { s.accept(p) })
	}
	p.read()
}

func (s *slackServer) openCount() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.opens)
}

func (s *slackServer) openTimes() []time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]time.Time(nil), s.opens...)
}

// setAlive keeps the count of sockets through which Slack could deliver.
func (s *slackServer) setAlive(p *peer, alive bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if alive {
		s.alive[p] = true
	} else {
		delete(s.alive, p)
	}
	s.fewest = min(s.fewest, len(s.alive))
}

func (s *slackServer) watchAlive() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fewest = len(s.alive)
}

func (s *slackServer) fewestAlive() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.fewest
}

// peer is the server's end of one socket.
type peer struct {
	server  *slackServer
	conn    *websocket.Conn
	writing sync.Mutex
	mute    atomic.Bool   // answers no ping
	stuck   atomic.Bool   // reads nothing after the next ping
	texts   chan string   // what the client sent
	pings   chan string   // its pings
	pongs   chan string   // its pongs
	ended   chan struct{} // closed when the reading has ended
	code    int           // of the client's Close frame, 1006 if there was none; set before ended is closed
	reason  string
}

func newPeer(s *slackServer, conn *websocket.Conn) *peer {
	p := &peer{
		server: s, conn: conn, ended: make(chan struct{}),
		texts: make(chan string, 1000), pings: make(chan string, 1000), pongs: make(chan string, 1000),
	}
	answer := conn.PingHandler()
	conn.SetPingHandler(func(payload string) error {
		keep(p.pings, payload)
		if p.stuck.Load() {
			<-s.stopped
		}
		if p.mute.Load() {
			return nil
		}
		return answer(payload)
	})
	conn.SetPongHandler(func(payload string) error {
		keep(p.pongs, payload)
		return nil
	})
	return p
}

// keep drops what nobody wants to see.
func keep(channel chan string, text string) {
	select {
	case channel <- text:
	default:
	}
}

func (p *peer) read() {
	defer close(p.ended)
	defer p.server.setAlive(p, false)
	for {
		_, text, err := p.conn.ReadMessage()
		if err != nil {
			var closed *websocket.CloseError
			p.code = websocket.CloseAbnormalClosure
			if errors.As(err, &closed) {
				p.code, p.reason = closed.Code, closed.Text
			}
			return
		}
		keep(p.texts, string(text))
	}
}

func (p *peer) write(kind int, data string) {
	p.writing.Lock()
	defer p.writing.Unlock()
	_ = p.conn.WriteMessage(kind, []byte(data)) // the client may be gone: some tests are about that
}

func (p *peer) send(text string) { p.write(websocket.TextMessage, text) }

func (p *peer) hello(connections, seconds int) {
	p.server.setAlive(p, true)
	p.send(fmt.Sprintf(`{"type":"hello","num_connections":%d,"connection_info":{"app_id":"A0123"},`+
		`"debug_info":{"host":"applink-1","started":"2026-11-22 10:00:00.000","build_number":54,"approximate_connection_time":%d}}`,
		connections, seconds))
}

func (p *peer) slash(id string) { p.envelope(id, "slash_commands", true) }

func (p *peer) envelope(id, kind string, accepts bool) {
	p.send(fmt.Sprintf(`{"envelope_id":%q,"type":%q,"accepts_response_payload":%v,"payload":{"command":"/extend","text":"914083136 30"}}`,
		id, kind, accepts))
}

func (p *peer) disconnect(reason string) {
	p.send(fmt.Sprintf(`{"type":"disconnect","reason":%q,"debug_info":{"host":"wss-111.slack.com"}}`, reason))
}

func (p *peer) ping(payload string) {
	_ = p.conn.WriteControl(websocket.PingMessage, []byte(payload), time.Now().Add(time.Second))
}

// reset ends the connection without a word.
func (p *peer) reset() {
	p.server.setAlive(p, false)
	if conn, ok := p.conn.NetConn().(*recordingConn).Conn.(*net.TCPConn); ok {
		_ = conn.SetLinger(0)
	}
	_ = p.conn.Close()
}

// wait fails the test if nothing comes; it is a limit, not a delay.
func wait[T any](t testing.TB, what string, channel <-chan T) T {
	t.Helper()
	return waitAtMost(t, what, channel, 10*time.Second)
}

func waitAtMost[T any](t testing.TB, what string, channel <-chan T, limit time.Duration) T {
	t.Helper()
	select {
	case value := <-channel:
		return value
	case <-time.After(limit):
		t.Fatalf("waited too long for %s", what)
		panic("unreachable")
	}
}

func (s *slackServer) next(t testing.TB) *peer {
	t.Helper()
	return wait(t, "a socket", s.peers)
}

func (s *slackServer) nextWithin(t testing.TB, limit time.Duration) *peer {
	t.Helper()
	return waitAtMost(t, "a socket", s.peers, limit)
}

func (p *peer) wantAck(t testing.TB, want string) {
	t.Helper()
	if got := wait(t, "an ack", p.texts); got != want {
		t.Errorf("ack = %s, want %s", got, want)
	}
}

func (p *peer) wantClose(t testing.TB, code int) {
	t.Helper()
	wait(t, "the end of the socket", p.ended)
	if p.code != code {
		t.Errorf("close code = %d %q, want %d", p.code, p.reason, code)
	}
}

func emptyAck(id string) string {
	encoded, _ := json.Marshal(map[string]string{"envelope_id": id})
	return string(encoded)
}

// frame is one WebSocket frame as it was on the wire.
type frame struct {
	final, compressed bool
	opcode            byte
	length            int
}

// frames returns what the client has sent on this socket so far, frame by frame.
func (p *peer) frames(t testing.TB) []frame {
	t.Helper()
	recorded := p.conn.NetConn().(*recordingConn).recorded()
	_, rest, found := bytes.Cut(recorded, []byte("\r\n\r\n"))
	if !found {
		t.Fatal("no upgrade request was recorded")
	}
	var all []frame
	for reader := bytes.NewReader(rest); ; {
		var header [2]byte
		if _, err := io.ReadFull(reader, header[:]); err != nil {
			return all
		}
		next := frame{final: header[0]&0x80 != 0, compressed: header[0]&0x40 != 0, opcode: header[0] & 0x0f}
		if header[1]&0x80 == 0 {
			t.Error("a frame of the client is not masked")
		}
		next.length = int(header[1] & 0x7f)
		if next.length == 126 {
			var length uint16
			_ = binary.Read(reader, binary.BigEndian, &length)
			next.length = int(length)
		}
		_, _ = reader.Seek(int64(4+next.length), io.SeekCurrent)
		all = append(all, next)
	}
}

type recordingListener struct{ net.Listener }

func (l recordingListener) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &recordingConn{Conn: conn}, nil
}

type recordingConn struct {
	net.Conn
	mu   sync.Mutex
	read bytes.Buffer
}

func (c *recordingConn) Read(buffer []byte) (int, error) {
	n, err := c.Conn.Read(buffer)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.read.Write(buffer[:n])
	return n, err
}

func (c *recordingConn) recorded() []byte {
	c.mu.Lock()
	defer c.mu.Unlock()
	return bytes.Clone(c.read.Bytes())
}

// pipeListener accepts what is dialled through it.
type pipeListener struct {
	conns  chan net.Conn
	once   sync.Once
	closed chan struct{}
}

func (l *pipeListener) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	ours, theirs := net.Pipe()
	select {
	case l.conns <- theirs:
		return ours, nil
	case <-l.closed:
		return nil, net.ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (l *pipeListener) Accept() (net.Conn, error) {
	select {
	case conn := <-l.conns:
		return conn, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

func (l *pipeListener) Close() error {
	l.once.Do(func() { close(l.closed) })
	return nil
}

func (l *pipeListener) Addr() net.Addr { return pipeAddress{} }

type pipeAddress struct{}

func (pipeAddress) Network() string { return "pipe" }
func (pipeAddress) String() string  { return strings.ToLower("slack.test:80") }
