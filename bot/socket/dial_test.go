package socket_test

import (
	"crypto/tls"
	"crypto/x509"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/gorilla/websocket"

	"github.com/overtime-bot/overtime/bot/socket"
)

// As Slack's own, the socket is wss; nothing older than TLS 1.2 is spoken.
func TestTLS(t *testing.T) {
	for name, test := range map[string]struct {
		newest, oldestOfDialer uint16
		live                   bool
	}{
		"TLS 1.3":                 {newest: tls.VersionTLS13, live: true},
		"TLS 1.2":                 {newest: tls.VersionTLS12, live: true},
		"TLS 1.1":                 {newest: tls.VersionTLS11},
		"TLS 1.1 and lax dialer":  {newest: tls.VersionTLS11, oldestOfDialer: tls.VersionTLS10},
		"TLS 1.2, strict dialer":  {newest: tls.VersionTLS12, oldestOfDialer: tls.VersionTLS13},
		"TLS 1.3, strict dialer ": {newest: tls.VersionTLS13, oldestOfDialer: tls.VersionTLS13, live: true},
	} {
		t.Run(name, func(t *testing.T) {
			server, pool := newTLSServer(t, test.newest)
			config := quick()
			config.Opener = fixedOpener{strings.Replace(server.URL, "https", "wss", 1) + "/link/?ticket=" + ticket}
			config.Dialer = &websocket.Dialer{
				TLSClientConfig: &tls.Config{RootCAs: pool, MinVersion: test.oldestOfDialer},
			}
			bot := start(t, nil, config)
			if test.live {
				bot.event(t, socket.EventLive)
			} else {
				bot.event(t, socket.EventOpenFailed)
			}
			if live := !bot.LastFrame().IsZero(); live != test.live {
				t.Errorf("something was heard: %v, want %v", live, test.live)
			}
			bot.stop(t)
		})
	}
}

func newTLSServer(t *testing.T, newest uint16) (*httptest.Server, *x509.CertPool) {
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(writer http.ResponseWriter, request *http.Request) {
		conn, err := (&websocket.Upgrader{}).Upgrade(writer, request, nil)
		if err != nil {
			return
		}
		defer conn.Close()
		_ = conn.WriteMessage(websocket.TextMessage, []byte(`{"type":"hello"}`))
		_, _, _ = conn.ReadMessage()
	}))
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.TLS = &tls.Config{MinVersion: tls.VersionTLS10, MaxVersion: newest}
	server.StartTLS()
	t.Cleanup(server.Close)
	return server, server.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs
}
