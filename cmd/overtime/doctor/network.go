package doctor

import (
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
)

// A Route is how a service is reached: by a proxy or directly.
type Route struct {
	To    string   // the host
	Proxy *url.URL // nil: directly
	Err   error    // of the connection; nil where it came about
}

// CheckRoutes judges the proxy and the certificates on the way to each service. Whether the service then says yes is not
// asked here. CAs says what is wrong with the files of SSL_CERT_FILE and SSL_CERT_DIR.
func CheckRoutes(routes []Route, authorities []Finding) Check {
	findings := authorities
	for _, route := range routes {
		findings = append(findings, judgeRoute(route))
	}
	return Join(Proxy, findings...)
}

func judgeRoute(route Route) Finding {
	way := "directly"
	if route.Proxy != nil {
		way = "by the proxy " + route.Proxy.Host // its login is a secret
	}
	_, unknown := errors.AsType[x509.UnknownAuthorityError](route.Err)
	_, elsewhere := errors.AsType[x509.HostnameError](route.Err)
	_, invalid := errors.AsType[x509.CertificateInvalidError](route.Err)
	_, lookup := errors.AsType[*net.DNSError](route.Err)
	failed, _ := errors.AsType[*net.OpError](route.Err)
	switch {
	case route.Err == nil:
		return Found(route.To + " is reached " + way)
	case unknown:
		return Fault(fmt.Sprintf("%s shows a certificate of an authority that this machine does not know, as a proxy does that reads what passes", route.To),
			"put the authority's certificate into a file and name that in SSL_CERT_FILE, or install ca-certificates")
	case elsewhere, invalid:
		return Fault(route.To+" shows a certificate that is another's, or out of date", "see who answers there, and the date of this machine")
	case route.Proxy != nil && (failed != nil && failed.Op == "proxyconnect" || strings.Contains(route.Err.Error(), "Proxy")):
		return Fault(fmt.Sprintf("the proxy %s does not connect to %s", route.Proxy.Host, route.To), "put HTTPS_PROXY right, let the proxy connect, or add the host to NO_PROXY")
	case lookup:
		return Fault("the name "+route.To+" is not known to this machine", "put the name or the DNS right; where only a proxy knows it, set HTTPS_PROXY")
	}
	return Fault(route.To+" is not reached "+way, "let this machine connect to it, or set HTTPS_PROXY; SLACK_API_URL and MEETING_API_URL name the hosts")
}
