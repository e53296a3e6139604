package trusted_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/overtime-bot/overtime/bot/trusted"
)

// Sockets are opened at Slack, at the domain of its Web API, and on this host if the Web API is here; nowhere else, and
// never in the clear but here.
func TestCheckSocket(t *testing.T) {
	const slack, gov, own, local = "https://slack.com/api/", "https://slack-gov.com/api/", "https://Slack.Acme.example/api/", "http://127.0.0.1:8090/api/"
	all := []string{slack, gov, own, local}
	for address, wanted := range map[string][]string{
		"wss://wss-primary.slack.com/link/?ticket=t": all,
		"wss://slack.com/link":                       all,
		"wss://WSS.SLACK.COM:443/":                   all,
		"wss://wss.slack-gov.com/":                   all,
		"wss://slack.acme.example/":                  {own},
		"wss://sockets.slack.acme.example/":          {own},
		"wss://acme.example/":                        nil,
		"wss://other.acme.example/":                  nil,
		"ws://127.0.0.1:1/":                          {local},
		"ws://localhost:8090/":                       {local},
		"ws://[::1]:8090/":                           {local},
		"ws://[::ffff:127.0.0.1]/":                   {local},
		"wss://127.9.9.9/":                           {local},
		"ws://wss-primary.slack.com/":                nil,
		"ws://slack.acme.example/":                   nil,
		"ws://10.0.0.1/":                             nil,
		"wss://evil.example/":                        nil,
		"wss://slack.com.evil.example/":              nil,
		"wss://evilslack.com/":                       nil,
		"wss://slack.com@evil.example/":              nil,
		"wss://u:p@slack.com/":                       nil,
		"wss://evil.example/?x=.slack.com":           nil,
		"wss://evil.example#.slack.com":              nil,
		"wss://slac\u212a.com/":                      nil,
		"wss://\u017flack.com/":                      nil,
		"wss://localhost.evil.example/":              nil,
		"https://slack.com/":                         nil,
		"http://127.0.0.1/":                          nil,
		"wss:slack.com":                              nil,
		"//slack.com/":                               nil,
		"wss:///link":                                nil,
		"slack.com":                                  nil,
		"\x7f":                                       nil,
		"":                                           nil,
	} {
		for _, api := range all {
			want := false
			for _, good := range wanted {
				want = want || good == api
			}
			err := trusted.HostsOf(api).CheckSocket(address)
			if (err == nil) != want || err != nil && !errors.Is(err, trusted.ErrUntrusted) {
				t.Errorf("%q, where the Web API is %s: %v", address, api, err)
			}
			if err != nil && (strings.Contains(err.Error(), "evil") || strings.Contains(err.Error(), "acme")) {
				t.Errorf("the address is in the error: %v", err)
			}
		}
	}
}

// Hosts that nobody set are Slack's own, by TLS alone.
func TestZeroHosts(t *testing.T) {
	for _, hosts := range []trusted.Hosts{{}, trusted.HostsOf(""), trusted.HostsOf("\x7f")} {
		if err := hosts.CheckSocket("wss://wss-primary.slack.com/"); err != nil {
			t.Error(err)
		}
		for _, address := range []string{"ws://127.0.0.1/", "ws://slack.com/", "wss://.evil.example/", "wss://evil.example./"} {
			if hosts.CheckSocket(address) == nil {
				t.Errorf("%s is Slack's", address)
			}
		}
	}
}
