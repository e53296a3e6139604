package meeting

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"
)

// parseBaseURL accepts https, and http where it does not leave this host.
func parseBaseURL(text string) (*url.URL, error) {
	base, err := url.Parse(strings.TrimSpace(text))
	if err != nil || base.Host == "" || base.Opaque != "" {
		return nil, errors.New("meeting: base URL is not a URL such as https://api.meeting.huaweicloud.com")
	}
	if base.User != nil || base.RawQuery != "" || base.Fragment != "" {
		return nil, errors.New("meeting: base URL must have no user, query or fragment")
	}
	address, err := netip.ParseAddr(base.Hostname())
	isLoopback := base.Hostname() == "localhost" || err == nil && address.Unmap().IsLoopback()
	if base.Scheme != "https" && (base.Scheme != "http" || !isLoopback) {
		return nil, fmt.Errorf("meeting: base URL must be https (http on loopback alone), not %q", base.Scheme)
	}
	base.Path = strings.TrimRight(base.Path, "/")
	return base, nil
}

const (
	dialTimeout = 5 * time.Second
	// idleTimeout is short: a PUT is ambiguous on a connection that the service has just closed.
	idleTimeout     = 30 * time.Second
	idleConnections = 64
	maxHeaderBytes  = 64 << 10
)

// NewTransport makes the transport that a client makes for itself, for those who count or watch what passes.
func NewTransport(baseURL string) (http.RoundTripper, error) {
	base, err := parseBaseURL(baseURL)
	if err != nil {
		return nil, err
	}
	return newTransport(base)
}

// newTransport speaks only HTTP/1.1. HTTP/2 would bring retries of its own. One lost connection would leave all
// extensions under way in doubt.
func newTransport(base *url.URL) (*http.Transport, error) {
	// A faulty proxy setting is quoted in Go's error, with its password, so it is found here.
	if _, err := http.ProxyFromEnvironment(&http.Request{URL: base}); err != nil {
		return nil, errors.New("meeting: HTTPS_PROXY is not a proxy's URL")
	}
	protocols := new(http.Protocols)
	protocols.SetHTTP1(true)
	return &http.Transport{
		Proxy:                  http.ProxyFromEnvironment,
		DialContext:            (&net.Dialer{Timeout: dialTimeout, KeepAlive: 15 * time.Second}).DialContext,
		TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12},
		TLSHandshakeTimeout:    dialTimeout,
		MaxIdleConns:           idleConnections,
		MaxIdleConnsPerHost:    idleConnections,
		IdleConnTimeout:        idleTimeout,
		MaxResponseHeaderBytes: maxHeaderBytes,
		Protocols:              protocols,
	}, nil
}
