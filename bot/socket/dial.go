package socket

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/gorilla/websocket"
)

// writeBufferBytes holds the largest ack in one piece. Gorilla splits what is larger than its buffer
// into several frames, and Slack does not join them.
const writeBufferBytes = 32 << 10

func prepareDialer(given *websocket.Dialer) *websocket.Dialer {
	prepared := websocket.Dialer{Proxy: http.ProxyFromEnvironment}
	if given != nil {
		prepared = *given
	}
	prepared.WriteBufferSize = max(prepared.WriteBufferSize, writeBufferBytes)
	prepared.WriteBufferPool = nil // its buffers may be smaller
	prepared.EnableCompression = false
	if prepared.TLSClientConfig == nil {
		prepared.TLSClientConfig = &tls.Config{}
	}
	prepared.TLSClientConfig = prepared.TLSClientConfig.Clone()
	prepared.TLSClientConfig.MinVersion = max(prepared.TLSClientConfig.MinVersion, tls.VersionTLS12)
	return &prepared
}

// openURL asks Slack for the address of a new socket. The address is a secret: it holds a ticket.
func (c *Client) openURL(ctx context.Context) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, c.config.OpenTimeout)
	defer cancel()
	_, address, err := c.config.Opener.StartSocketModeContext(ctx)
	if err != nil {
		return "", fmt.Errorf("apps.connections.open: %w", withoutURL(err))
	}
	if address == "" {
		return "", errors.New("apps.connections.open: no address in the answer")
	}
	return address, nil
}

// withoutURL removes the address from an error of net/http.
func withoutURL(err error) error {
	var withURL *url.Error
	if errors.As(err, &withURL) {
		return withURL.Err
	}
	return err
}

// dial opens a WebSocket. The address stays out of every error.
func (c *Client) dial(ctx context.Context, address string, redact *strings.Replacer) (*websocket.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, cmp.Or(c.dialer.HandshakeTimeout, c.config.OpenTimeout))
	defer cancel()
	conn, response, err := dialInterruptibly(ctx, *c.dialer, address, c.config.CloseTimeout)
	switch {
	case err == nil:
		return conn, nil
	case ctx.Err() != nil:
		return nil, fmt.Errorf("dial the socket: %w", ctx.Err())
	case response != nil:
		return nil, fmt.Errorf("dial the socket: the upgrade was answered with HTTP status %d", response.StatusCode)
	default:
		return nil, errors.New("dial the socket: " + redact.Replace(withoutURL(err).Error()))
	}
}

// dialInterruptibly ends the handshake when ctx does. Once the TCP connection is there, gorilla's own dialer heeds nothing
// but its deadline. Then the handshake has a little time left: by now Slack may count the socket as open, and send to it. So it
// is to be closed like any other, and not dropped.
func dialInterruptibly(
	ctx context.Context, dialer websocket.Dialer, address string, grace time.Duration,
) (*websocket.Conn, *http.Response, error) {
	plain := dialer.NetDialContext
	switch {
	case plain != nil:
	case dialer.NetDial != nil:
		plain = func(_ context.Context, network, address string) (net.Conn, error) {
			return dialer.NetDial(network, address)
		}
	default:
		plain = (&net.Dialer{}).DialContext
	}
	stop := func() bool { return true }
	type dialFunc = func(ctx context.Context, network, address string) (net.Conn, error)
	endedByContext := func(dial dialFunc) dialFunc {
		return func(dialContext context.Context, network, address string) (net.Conn, error) {
			conn, err := dial(dialContext, network, address)
			if err == nil {
				stop = context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Now().Add(grace)) })
			}
			return conn, err
		}
	}
	dialer.NetDialContext = endedByContext(plain)
	if dialer.NetDialTLSContext != nil {
		dialer.NetDialTLSContext = endedByContext(dialer.NetDialTLSContext)
	}
	conn, response, err := dialer.DialContext(ctx, address, nil)
	stop()
	return conn, response, err
}

// redactor removes the address, and every secret in it, from a text.
func redactor(address string) *strings.Replacer {
	secrets := []string{address, "REDACTED"}
	if parsed, err := url.Parse(address); err == nil {
		if parsed.RawQuery != "" {
			secrets = append(secrets, parsed.RawQuery, "REDACTED")
		}
		for _, values := range parsed.Query() {
			for _, value := range values {
				if len(value) >= 8 { // no ticket is shorter, and the text stays readable
					secrets = append(secrets, value, "REDACTED")
				}
			}
		}
	}
	return strings.NewReplacer(secrets...)
}
