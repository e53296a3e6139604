package slacksim

import (
	"bufio"
	"encoding/binary"
	"errors"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
)

// maxFrame is the size of a client frame at which Slack closes the socket, in bytes.
const maxFrame = 20480

var (
	errFrameTooLong = errors.New("client frame too long")
	errFragmented   = errors.New("client message fragmented")
)

// wire is the connection below a WebSocket. It sees the frames that the library above it would hide, and can
// go silent in both directions, like a connection whose path is lost.
type wire struct {
	net.Conn
	frames  frameWatch
	fault   error // what the frames broke; read after a failed read, by the reader
	stalled atomic.Bool
	cut     chan struct{}
	once    sync.Once
}

func (w *wire) Read(p []byte) (int, error) {
	if w.fault != nil {
		return 0, w.fault
	}
	n, err := w.Conn.Read(p)
	if w.stalled.Load() {
		<-w.cut
		return 0, net.ErrClosed
	}
	good, fault := w.frames.see(p[:n])
	if fault != nil {
		w.fault = fault
		if good == 0 {
			return 0, fault
		}
		return good, nil
	}
	return n, err
}

func (w *wire) Write(p []byte) (int, error) {
	if w.stalled.Load() {
		return len(p), nil
	}
	return w.Conn.Write(p)
}

func (w *wire) Close() error {
	w.once.Do(func() { close(w.cut) })
	return w.Conn.Close()
}

// reset ends the connection without a word: the peer sees a TCP reset.
func (w *wire) reset() {
	inner := w.Conn
	if tls, ok := inner.(interface{ NetConn() net.Conn }); ok {
		inner = tls.NetConn()
	}
	if tcp, ok := inner.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
		w.once.Do(func() { close(w.cut) })
		_ = tcp.Close()
		return
	}
	_ = w.Close()
}

// frameWatch follows the frame headers in a stream of bytes (RFC 6455, 5.2).
type frameWatch struct {
	header []byte
	left   uint64 // payload bytes still to come
}

// see reads on. It returns how many bytes come before the first frame that Slack refuses, and why it does.
func (f *frameWatch) see(b []byte) (good int, fault error) {
	for i := 0; i < len(b); {
		if f.left > 0 {
			n := min(f.left, uint64(len(b)-i))
			f.left -= n
			i += int(n)
			continue
		}
		if len(f.header) == 0 {
			good = i
		}
		f.header = append(f.header, b[i])
		i++
		if fault := f.begin(); fault != nil {
			return good, fault
		}
	}
	return len(b), nil
}

// begin starts the payload once the header is complete.
func (f *frameWatch) begin() error {
	h := f.header
	if len(h) < 2 {
		return nil
	}
	length, need := uint64(h[1]&0x7f), 2
	switch length {
	case 126:
		need += 2
	case 127:
		need += 8
	}
	lengthEnd := need
	if h[1]&0x80 != 0 {
		need += 4
	}
	if len(h) < need {
		return nil
	}
	switch lengthEnd {
	case 4:
		length = uint64(binary.BigEndian.Uint16(h[2:4]))
	case 10:
		length = binary.BigEndian.Uint64(h[2:10])
	}
	final, continued := h[0]&0x80 != 0, h[0]&0x0f == 0
	f.header, f.left = f.header[:0], length
	switch {
	case length >= maxFrame:
		return errFrameTooLong
	case !final || continued:
		return errFragmented
	}
	return nil
}

// wiretap hands the WebSocket library a connection that is watched.
type wiretap struct {
	http.ResponseWriter
	wire *wire
}

// Hijack implements http.Hijacker.
func (t *wiretap) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, buffered, err := http.NewResponseController(t.ResponseWriter).Hijack()
	if err != nil {
		return nil, nil, err
	}
	t.wire = &wire{Conn: conn, cut: make(chan struct{})}
	return t.wire, buffered, nil
}
