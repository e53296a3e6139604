package doctor_test

import (
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/url"
	"testing"

	"github.com/overtime-bot/overtime/cmd/overtime/doctor"
)

// Each way in which a connection fails has a remedy of its own, and a proxy's login is never told.
func TestRoutes(t *testing.T) {
	proxy := &url.URL{Scheme: "http", Host: "proxy:3128", User: url.UserPassword("u", "secret-of-the-proxy")}
	for name, c := range map[string]struct {
		route  doctor.Route
		result doctor.Result
		says   string
	}{
		"well":              {doctor.Route{}, doctor.OK, "slack.com is reached directly"},
		"well by a proxy":   {doctor.Route{Proxy: proxy}, doctor.OK, "by the proxy proxy:3128"},
		"unknown authority": {doctor.Route{Err: fmt.Errorf("tls: %w", x509.UnknownAuthorityError{})}, doctor.Fail, "SSL_CERT_FILE"},
		"another's":         {doctor.Route{Err: x509.HostnameError{Certificate: &x509.Certificate{}, Host: "slack.com"}}, doctor.Fail, "who answers there"},
		"no name":           {doctor.Route{Err: &net.OpError{Op: "dial", Err: &net.DNSError{Name: "slack.com"}}}, doctor.Fail, "DNS"},
		"the proxy refuses": {doctor.Route{Proxy: proxy, Err: errors.New("Proxy Authentication Required")}, doctor.Fail, "the proxy proxy:3128 does not connect"},
		"no proxy":          {doctor.Route{Proxy: proxy, Err: &net.OpError{Op: "proxyconnect", Err: errors.New("refused")}}, doctor.Fail, "NO_PROXY"},
		"refused":           {doctor.Route{Err: &net.OpError{Op: "dial", Err: errors.New("refused")}}, doctor.Fail, "set HTTPS_PROXY"},
	} {
		c.route.To = "slack.com"
		judged{doctor.CheckRoutes([]doctor.Route{c.route}, nil), c.result, c.says}.verify(t, name)
	}
	if check := doctor.CheckRoutes(nil, []doctor.Finding{doctor.Fault("no file", "name one")}); check.Result != doctor.Fail {
		t.Errorf("%+v", check)
	}
}
