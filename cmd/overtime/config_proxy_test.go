package main

import (
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// tellProxies prints how Go connects to Slack in this environment: "direct", or the scheme and the host of a proxy.
func tellProxies() {
	request, err := http.NewRequest(http.MethodGet, "https://slack.com/api/", nil)
	if err == nil {
		proxy, refused := http.ProxyFromEnvironment(request)
		switch {
		case refused != nil:
			err = refused
		case proxy == nil:
			fmt.Print("direct")
		default:
			fmt.Print(proxy.Scheme, " ", proxy.Host)
		}
	}
	if err != nil {
		fmt.Print("error")
	}
	os.Exit(0)
}

// What Go takes as no proxy at all, or as one at a host that nobody wrote, is a fault by name. Go itself is asked.
func TestProxiesThatGoCannotParse(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]string{ // the proxy, if it is right
		"http://proxy.corp:3128":                                "http proxy.corp:3128",
		"http://proxy.corp:3128/":                               "http proxy.corp:3128",
		"https://u:" + sentinel + "%40@proxy.corp":              "https proxy.corp",
		"socks5://127.0.0.1:1080":                               "socks5 127.0.0.1:1080",
		"socks5h://[::1]:1080":                                  "socks5h [::1]:1080",
		"proxy.corp:3128":                                       "http proxy.corp:3128",
		"10.0.0.1":                                              "http 10.0.0.1",
		"http://u:" + sentinel + "%@proxy.corp:3128":            "",
		"http://u:" + sentinel + "#1@proxy.corp:3128":           "",
		"http://u:" + sentinel + "/1@proxy.corp:3128":           "",
		"http://u:" + sentinel + "?1@proxy.corp:3128":           "",
		"http://u:" + sentinel + " 1@proxy.corp:3128":           "",
		"http://u:" + sentinel + "^[1@proxy.corp:3128":          "",
		" http://proxy.corp:3128":                               "",
		"http://proxy.corp:3128 ":                               "",
		"http://proxy.corp:3128\r":                              "",
		"http://proxy.corp:port":                                "",
		"http://proxy.corp:":                                    "",
		"http://proxy.corp:99999":                               "",
		"http://proxy corp:3128":                                "",
		"http://:3128":                                          "",
		"http://":                                               "",
		"://proxy.corp:3128":                                    "",
		"//proxy.corp:3128":                                     "",
		":3128":                                                 "",
		"http:/proxy.corp:3128":                                 "",
		"htp://proxy.corp:3128":                                 "",
		"ftp://proxy.corp:3128":                                 "",
		`"http://proxy.corp:3128"`:                              "",
		"“http://proxy.corp:3128”":                              "",
		"\ufeffhttp://proxy.corp:3128":                          "",
		"http://proxy.corp:3128\u00a0":                          "",
		"http://[::1:3128":                                      "",
		"http://%zz:3128":                                       "",
		"proxy.corp:3128,other:3128":                            "",
		"http://u:" + sentinel + "@proxy.corp:3128/pac?script#": "",
	} {
		for _, name := range []string{"HTTPS_PROXY", "https_proxy"} {
			_, _, faults := load(t, enough(name+"="+value), "")
			if want == "" {
				if len(faults) != 1 || !strings.Contains(faults[name], "is not the address of a proxy") {
					t.Errorf("%s=%q: no fault, but %v", name, value, faults)
				}
				continue
			}
			command := exec.CommandContext(t.Context(), os.Args[0])
			command.Env = []string{childRole + "=proxied", name + "=" + value}
			said, err := command.Output()
			if err != nil || string(said) != want || len(faults) > 0 {
				t.Errorf("%s=%q: %q, want %q: %v %v", name, value, said, want, err, faults)
			}
		}
	}
}

func TestOtherProxies(t *testing.T) {
	for setting, faulty := range map[string]bool{
		"HTTP_PROXY=http://h:1": false, "HTTP_PROXY=http://u:" + sentinel + "%@h": true, "http_proxy=http://u:" + sentinel + "#@h": true,
		"NO_PROXY=localhost, 10.0.0.0/8,.corp,*.x,[::1],h:80,*": false, "no_proxy=": false,
		"NO_PROXY=localhost 10.0.0.0/8": true, "no_proxy=a;b": true, `NO_PROXY="a,b"`: true, "NO_PROXY=a,b\u200bc": true,
	} {
		name, _, _ := strings.Cut(setting, "=")
		_, warnings, faults := load(t, enough(setting), "")
		if len(warnings) > 0 || faulty != (len(faults) == 1 && faults[name] != "") {
			t.Errorf("%q: %v %v", setting, faults, warnings)
		}
	}
	for _, name := range proxies {
		file := write(t, "config.env", name+"=http://u:"+sentinel+"@h\n", 0o600)
		if _, _, faults := load(t, enough(), file); !strings.Contains(faults[name], "set it in the real environment") {
			t.Errorf("%s in the file: %v", name, faults)
		}
		if _, _, faults := load(t, enough(name+"=http://h"), file); len(faults) > 0 {
			t.Errorf("%s in both: %v", name, faults)
		}
	}
}
