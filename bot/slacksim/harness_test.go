package slacksim_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/slack-go/slack"
	"go.uber.org/goleak"

	"github.com/overtime-bot/overtime/bot/slacksim"
)

const (
	botToken = "xoxb-test-bot"
	appToken = "xapp-test-app"
	alice    = "U0ALICE"
	bob      = "U0BOB"
	ops      = "C0OPS"
)

func TestMain(m *testing.M) {
	// net/http lingers half a second over a connection whose request it did not read to the end.
	goleak.VerifyTestMain(m, goleak.IgnoreAnyFunction("net/http.(*conn).closeWriteAndWait"))
}

// clock is a time that tests move.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *clock { return &clock{now: time.Unix(1_700_000_000, 0)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) forward(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// bench is a stand-in that is served, with two people and a channel.
type bench struct {
	*slacksim.Server
	t     *testing.T
	url   string
	clock *clock
	http  *http.Client
}

func start(t *testing.T, change ...func(*slacksim.Config)) *bench {
	t.Helper()
	clock := newClock()
	cfg := slacksim.Config{
		Now: clock.Now, BotToken: botToken, AppToken: appToken, Team: slacksim.Team{ID: "T0ACME", Name: "Acme"},
	}
	for _, apply := range change {
		apply(&cfg)
	}
	sim := slacksim.New(cfg)
	server := httptest.NewServer(sim)
	sim.SetURL(server.URL)
	sim.AddUser(slacksim.User{
		ID: alice, Name: "alice", RealName: "Alice Ng", Email: "alice@example.com", Locale: "de-DE", TZ: "Europe/Berlin",
		Title: "host",
	})
	sim.AddUser(slacksim.User{ID: bob, Name: "bob"})
	sim.AddChannel(slacksim.Channel{ID: ops, Name: "ops", Members: []string{alice, bob, slacksim.BotUserID}})
	client := &http.Client{Transport: &http.Transport{}}
	t.Cleanup(func() {
		sim.Close()
		client.CloseIdleConnections()
		server.Close()
	})
	return &bench{Server: sim, t: t, url: server.URL, clock: clock, http: client}
}

func (b *bench) slack() *slack.Client {
	return slack.New(botToken, slack.OptionAppLevelToken(appToken), slack.OptionAPIURL(b.url+"/api/"),
		slack.OptionHTTPClient(b.http))
}

func ctx(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	t.Cleanup(cancel)
	return ctx
}

type answer struct {
	status int
	header http.Header
	body   string
	fields map[string]any
}

func (a answer) err() string { text, _ := a.fields["error"].(string); return text }

func (b *bench) do(r *http.Request) answer {
	b.t.Helper()
	response, err := b.http.Do(r)
	if err != nil {
		b.t.Fatalf("%s %s: %v", r.Method, r.URL.Path, err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		b.t.Fatalf("read the answer of %s: %v", r.URL.Path, err)
	}
	a := answer{status: response.StatusCode, header: response.Header, body: string(body)}
	_ = json.Unmarshal(body, &a.fields)
	return a
}

func (b *bench) request(method, path, kind, body string, headers ...string) *http.Request {
	b.t.Helper()
	url := path
	if strings.HasPrefix(path, "/") {
		url = b.url + path
	}
	r, err := http.NewRequestWithContext(ctx(b.t), method, url, strings.NewReader(body))
	if err != nil {
		b.t.Fatal(err)
	}
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		if headers[i] == "Host" {
			r.Host = headers[i+1]
			continue
		}
		r.Header.Set(headers[i], headers[i+1])
	}
	return r
}

// call calls a method with the bot token and a form of name, value pairs.
func (b *bench) call(method string, pairs ...string) answer {
	b.t.Helper()
	form := url.Values{"token": {botToken}}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	return b.do(b.request("POST", "/api/"+method, "application/x-www-form-urlencoded", form.Encode()))
}

// callJSON calls a method with the bot token in the header and a JSON body.
func (b *bench) callJSON(method string, body any) answer {
	b.t.Helper()
	return b.do(b.request("POST", "/api/"+method, "application/json; charset=utf-8", encode(b.t, body),
		"Authorization", "Bearer "+botToken))
}

func (b *bench) post(url string, body any) answer {
	b.t.Helper()
	return b.do(b.request("POST", url, "application/json", encode(b.t, body)))
}

func encode(t *testing.T, value any) string {
	t.Helper()
	encoded, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return string(encoded)
}

func (b *bench) link() string {
	b.t.Helper()
	opened := b.do(b.request("POST", "/api/apps.connections.open", "", "", "Authorization", "Bearer "+appToken))
	link, _ := opened.fields["url"].(string)
	if link == "" {
		b.t.Fatalf("apps.connections.open: %s", opened.body)
	}
	return link
}

// client is a raw Socket Mode client.
type client struct {
	*websocket.Conn
	t *testing.T
}

func (b *bench) dial() *client {
	b.t.Helper()
	return b.dialLink(b.link())
}

func (b *bench) dialLink(link string) *client {
	b.t.Helper()
	dialer := websocket.Dialer{HandshakeTimeout: 5 * time.Second, WriteBufferSize: 64 << 10}
	conn, response, err := dialer.DialContext(ctx(b.t), link, nil)
	if err != nil {
		b.t.Fatalf("dial: %v", err)
	}
	_ = response.Body.Close()
	_ = conn.SetReadDeadline(time.Now().Add(20 * time.Second))
	b.t.Cleanup(func() { _ = conn.Close() })
	return &client{conn, b.t}
}

// connect dials and reads hello.
func (b *bench) connect() *client {
	b.t.Helper()
	c := b.dial()
	if hello := c.next(); hello["type"] != "hello" {
		b.t.Fatalf("first frame is %v, want hello", hello)
	}
	return c
}

func (c *client) next() map[string]any {
	c.t.Helper()
	_, data, err := c.ReadMessage()
	if err != nil {
		c.t.Fatalf("read a frame: %v", err)
	}
	var frame map[string]any
	if err := json.Unmarshal(data, &frame); err != nil {
		c.t.Fatalf("frame %q: %v", data, err)
	}
	return frame
}

func (c *client) send(frame string) {
	c.t.Helper()
	if err := c.WriteMessage(websocket.TextMessage, []byte(frame)); err != nil {
		c.t.Fatalf("write a frame: %v", err)
	}
}

func (c *client) ack(frame map[string]any, payload ...any) {
	c.t.Helper()
	ack := map[string]any{"envelope_id": frame["envelope_id"]}
	if len(payload) > 0 {
		ack["payload"] = payload[0]
	}
	c.send(encode(c.t, ack))
}

// closing reads until the server's Close frame, or whatever else ends the connection.
func (c *client) closing() error {
	for {
		if _, _, err := c.ReadMessage(); err != nil {
			return err
		}
	}
}

func payloadOf(t *testing.T, frame map[string]any) map[string]any {
	t.Helper()
	payload, ok := frame["payload"].(map[string]any)
	if !ok {
		t.Fatalf("no payload in %v", frame)
	}
	return payload
}

func (b *bench) wait(what string, condition func(slacksim.State) bool) {
	b.t.Helper()
	if err := b.Wait(ctx(b.t), condition); err != nil {
		b.t.Fatalf("%s: %v; messages %+v; warnings %q", what, err, b.Messages(slacksim.Filter{}), b.Warnings())
	}
}

func (b *bench) mustCommand(user, channel, line string) string {
	b.t.Helper()
	id, err := b.Command(user, channel, line)
	if err != nil {
		b.t.Fatalf("Command(%q): %v", line, err)
	}
	return id
}

func has(messages []slacksim.Message, condition func(slacksim.Message) bool) bool {
	for _, message := range messages {
		if condition(message) {
			return true
		}
	}
	return false
}

func jsonEqual(t *testing.T, got, want any) bool {
	t.Helper()
	return bytes.Equal([]byte(encode(t, got)), []byte(encode(t, want)))
}
