package trusted

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"strings"
)

// slackDomains are those of Slack and of Slack for governments.
var slackDomains = []string{"slack.com", "slack-gov.com"}

// Hosts are the hosts that count as Slack's: the domains of Slack, the domain of its Web API, and this host if the Web API
// is on it. The zero Hosts are the domains of Slack.
type Hosts struct {
	domain   string // of the Web API
	loopback bool   // so is the Web API
}

// HostsOf are those that count as Slack's where its Web API has this address.
func HostsOf(webAPI string) Hosts {
	address, err := url.Parse(webAPI)
	if err != nil {
		return Hosts{}
	}
	host := lower(address.Hostname())
	return Hosts{domain: host, loopback: isLoopback(host)}
}

// ErrUntrusted says that an address is not Slack's. Like all errors of this package it does not quote it: it is a secret.
var ErrUntrusted = errors.New("the address is not Slack's")

// CheckSocket says what is wrong with the address of a socket.
func (h Hosts) CheckSocket(address string) error {
	parsed, err := url.Parse(address)
	if err != nil {
		return fmt.Errorf("%w: it is none at all", ErrUntrusted)
	}
	return h.check(parsed, "wss", "ws")
}

// check says what is wrong with an address. It has the scheme that is encrypted, or on this host the plain one.
func (h Hosts) check(address *url.URL, encrypted, plain string) error {
	host := lower(address.Hostname())
	local := isLoopback(host)
	switch {
	case host == "" || address.User != nil || address.Scheme != encrypted && address.Scheme != plain:
		return fmt.Errorf("%w: it has another form", ErrUntrusted)
	case local && !h.loopback, !local && !h.has(host):
		return fmt.Errorf("%w: its host is another's", ErrUntrusted)
	case !local && address.Scheme == plain:
		return fmt.Errorf("%w: it is not encrypted", ErrUntrusted)
	}
	return nil
}

func (h Hosts) has(host string) bool {
	for _, domain := range append([]string{h.domain}, slackDomains...) {
		if domain != "" && (host == domain || strings.HasSuffix(host, "."+domain)) {
			return true
		}
	}
	return false
}

func isLoopback(host string) bool {
	address, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && address.Unmap().IsLoopback()
}

// lower changes ASCII letters alone: no other letter may come to look like one of Slack's.
func lower(host string) string {
	return strings.Map(func(r rune) rune {
		if 'A' <= r && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	}, host)
}
