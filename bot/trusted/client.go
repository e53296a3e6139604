package trusted

import (
	"crypto/tls"
	"errors"
	"io"
	"net/http"
	"time"
)

const (
	// longestBody is more than Slack's longest answer, the members of a very large group.
	longestBody     = 4 << 20
	longestHeader   = 64 << 10
	idleConnections = 64 // for many answers at once
)

// NewTransport makes a transport for calls to Slack.
func NewTransport() http.RoundTripper {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConnsPerHost = idleConnections
	transport.MaxResponseHeaderBytes = longestHeader
	transport.TLSClientConfig = &tls.Config{MinVersion: tls.VersionTLS12}
	transport.DisableCompression = true // what Slack replies is short, and stays as long as it is on the way
	return transport
}

// Carrier carries calls to Slack, and to nobody else. An answer that is too long is cut off.
type Carrier struct {
	Hosts     Hosts
	Transport http.RoundTripper
}

// Client makes a client that hands a redirect to its caller as it is: the token would go along.
func (c Carrier) Client(timeout time.Duration) *http.Client {
	return &http.Client{
		Transport: c, Timeout: timeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// RoundTrip fails with ErrUntrusted where the address is not Slack's.
func (c Carrier) RoundTrip(request *http.Request) (*http.Response, error) {
	if err := c.Hosts.check(request.URL, "https", "http"); err != nil {
		if request.Body != nil {
			_ = request.Body.Close() // as a transport must
		}
		return nil, err
	}
	response, err := c.Transport.RoundTrip(request)
	if err == nil {
		response.Body = &boundedBody{ReadCloser: response.Body, left: longestBody}
	}
	return response, err
}

// CloseIdleConnections is for http.Client.
func (c Carrier) CloseIdleConnections() {
	if idle, ok := c.Transport.(interface{ CloseIdleConnections() }); ok {
		idle.CloseIdleConnections()
	}
}

var errTooLong = errors.New("slack's answer is too long")

type boundedBody struct {
	io.ReadCloser
	left int
}

func (b *boundedBody) Read(into []byte) (int, error) {
	if b.left <= 0 {
		return 0, errTooLong
	}
	n, err := b.ReadCloser.Read(into[:min(len(into), b.left)])
	b.left -= n
	return n, err
}
