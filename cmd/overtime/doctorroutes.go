package main

import (
	"crypto/x509"
	"net/http"
	"net/url"
	"os"
	"slices"
	"sync"

	"github.com/overtime-bot/overtime/cmd/overtime/doctor"
)

// watchedRoute notes whether calls reach a service at all.
type watchedRoute struct {
	address *url.URL
	next    http.RoundTripper

	mutex  sync.Mutex
	tried  bool
	failed error // of the latest call; nil once one came through
}

func watchRoute(address string, next http.RoundTripper) *watchedRoute {
	parsed, err := url.Parse(address)
	if err != nil {
		parsed = &url.URL{} // a fault of the configuration, and nothing is called
	}
	return &watchedRoute{address: parsed, next: next}
}

// RoundTrip passes everything on.
func (w *watchedRoute) RoundTrip(request *http.Request) (*http.Response, error) {
	response, err := w.next.RoundTrip(request)
	w.mutex.Lock()
	defer w.mutex.Unlock()
	w.tried, w.failed = true, err
	return response, err
}

// CloseIdleConnections is for the client that ends.
func (w *watchedRoute) CloseIdleConnections() {
	if idle, ok := w.next.(interface{ CloseIdleConnections() }); ok {
		idle.CloseIdleConnections()
	}
}

// route tells of it; false where nothing was called.
func (w *watchedRoute) route() (doctor.Route, bool) {
	if w == nil {
		return doctor.Route{}, false
	}
	w.mutex.Lock()
	defer w.mutex.Unlock()
	proxy, err := http.ProxyFromEnvironment(&http.Request{URL: w.address})
	if err != nil {
		proxy = nil // its error quotes the proxy's password; the configuration has the fault
	}
	return doctor.Route{To: w.address.Host, Proxy: proxy, Err: w.failed}, w.tried
}

func (e *examination) checkRoutes() doctor.Check {
	if faults := e.faultsOf(proxyVariables...); faults != nil {
		return doctor.Join(doctor.Proxy, faults...)
	}
	var routes []doctor.Route
	for _, watched := range []*watchedRoute{e.toSlack, e.toMeet} {
		if route, tried := watched.route(); tried {
			routes = append(routes, route)
		}
	}
	if routes == nil {
		return doctor.NotChecked(doctor.Proxy, "neither service could be called")
	}
	return doctor.CheckRoutes(routes, authorities(e.load.environment["SSL_CERT_FILE"]))
}

var proxyVariables = slices.Concat([]string{"NO_PROXY", "no_proxy"}, proxies)

// authorities looks at the file of certificates that Go reads in the place of the system's.
func authorities(path string) []doctor.Finding {
	if path == "" {
		return nil
	}
	const remedy = "name a file of certificates in PEM form in SSL_CERT_FILE, or take the variable away"
	content, err := os.ReadFile(path)
	switch {
	case err != nil:
		return []doctor.Finding{doctor.Fault("SSL_CERT_FILE names a file that cannot be read: "+reason(err).Error(), remedy)}
	case !x509.NewCertPool().AppendCertsFromPEM(content):
		return []doctor.Finding{doctor.Fault("SSL_CERT_FILE names a file without a certificate", remedy)}
	}
	return nil
}
