package main

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// proxies are read by Go itself, from the environment alone. What it cannot parse there it ignores: the tokens would go past
// the proxy.
var proxies = []string{"HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"}

func (l *configLoad) checkProxies(file, environment map[string]string) {
	for _, name := range proxies {
		switch value := environment[name]; {
		case value == "" && file[name] != "":
			l.fault(name, "in the file has no effect, and connections would go past the proxy: set it in the real environment")
		case value != "" && !isProxy(value):
			l.fault(name, "is not the address of a proxy, and connections would go past it: write http://host:port, "+
				"with %%40 for an @ in the password, %%23 for #, %%2F for /")
		}
	}
	for _, name := range []string{"NO_PROXY", "no_proxy"} {
		if slices.ContainsFunc(strings.Split(environment[name], ","), isNoHost) {
			l.fault(name, "has an entry that Go does not understand: write hosts with commas between them, without quotation marks")
		}
	}
	for _, name := range []string{"ALL_PROXY", "all_proxy"} {
		if environment[name] != "" && environment["HTTPS_PROXY"] == "" && environment["https_proxy"] == "" {
			l.warn("%s is set and has no effect: set HTTPS_PROXY, or connections go past the proxy", name)
		}
	}
}

func isNoHost(entry string) bool {
	entry = strings.TrimSpace(entry)
	return strings.ContainsAny(entry, "\"'`;") || strings.ContainsFunc(entry, isSpace) || hasInvisible(entry) || hasSmartQuotes(entry)
}

// isProxy wants more than Go, which takes much for the name of a host that nobody meant.
func isProxy(value string) bool {
	if !strings.Contains(value, "://") {
		value = "http://" + value
	}
	address, err := url.Parse(value)
	if err != nil || !slices.Contains([]string{"http", "https", "socks5", "socks5h"}, address.Scheme) {
		return false
	}
	port, err := strconv.ParseUint("0"+address.Port(), 10, 16)
	right := address.Hostname() != "" && err == nil && (port > 0 || address.Port() == "") && !strings.HasSuffix(address.Host, ":")
	return right && strings.Trim(address.Path, "/") == "" && address.RawQuery == "" && address.Fragment == "" && !hasInvisible(value)
}
