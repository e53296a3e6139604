package meeting

import (
	"bytes"
	"context"
	"errors"
	"net/http/httptrace"
	"sync"
	"sync/atomic"
)

// gate is the body of a request that must not be sent twice or too late. It gives its bytes out only before
// the context's deadline, and knows whether it gave any: as long as it gave none the service cannot
// have had the whole request, whatever error the transport returns.
type gate struct {
	ctx context.Context

	mutex  sync.Mutex
	bytes  *bytes.Reader
	given  bool
	closed bool

	reused       atomic.Bool // the connection had carried other requests
	wroteHeaders atomic.Bool
}

var errGateShut = errors.New("request is no longer to be sent")

func newGate(body []byte, ctx context.Context) *gate {
	return &gate{ctx: ctx, bytes: bytes.NewReader(body)}
}

// check fails once it is too late to send, by the context or by the wall clock.
func (g *gate) check() error {
	if err := g.ctx.Err(); err != nil {
		return err
	}
	if pastDeadline(g.ctx) {
		return context.DeadlineExceeded
	}
	return nil
}

// Read gives the bytes out, if the gate is open.
func (g *gate) Read(into []byte) (int, error) {
	g.mutex.Lock()
	defer g.mutex.Unlock()
	if g.closed {
		return 0, errGateShut
	}
	if !g.given {
		if err := g.check(); err != nil {
			g.closed = true
			return 0, err
		}
		g.given = true
	}
	return g.bytes.Read(into)
}

// Close is the transport's; it may come before a late Read, and ends nothing.
func (g *gate) Close() error { return nil }

// shut closes the gate for good and tells whether it was shut before any byte had passed.
func (g *gate) shut() bool {
	g.mutex.Lock()
	defer g.mutex.Unlock()
	g.closed = true
	return !g.given
}

// trace watches for the headers, which the transport writes before it reads the body.
func (g *gate) trace(ctx context.Context) context.Context {
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GotConn:          func(info httptrace.GotConnInfo) { g.reused.Store(info.Reused) },
		WroteHeaderField: func(string, []string) { g.wroteHeaders.Store(true) },
		WroteHeaders:     func() { g.wroteHeaders.Store(true) },
	})
}

// isStale tells that a reused connection was taken and not a byte written to it: the service had closed it.
func (g *gate) isStale() bool { return g.reused.Load() && !g.wroteHeaders.Load() }
