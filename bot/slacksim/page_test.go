package slacksim_test

import (
	"bufio"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/overtime-bot/overtime/bot/slacksim"
)

func TestPageIsGuarded(t *testing.T) {
	extra := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(`{"world":true}`)) })
	b := start(t, func(cfg *slacksim.Config) {
		cfg.Extra = map[string]http.Handler{"/sim/world": extra}
		cfg.Hosts = []string{"demo.example"}
	})
	own := strings.TrimPrefix(b.url, "http://")
	const command = `{"user":"U0ALICE","channel":"C0OPS","text":"hi"}`
	for _, test := range []struct {
		name, method, path, kind, body string
		headers                        []string
		want                           int
	}{
		{"page", "GET", "/", "", "", nil, 200},
		{"state", "GET", "/sim/state", "", "", nil, 200},
		{"extra", "GET", "/sim/world", "", "", nil, 200},
		{"localhost", "GET", "/sim/state", "", "", []string{"Host", "localhost:8090"}, 200},
		{"IPv6", "GET", "/sim/state", "", "", []string{"Host", "[::1]:8090"}, 200},
		{"allowed host", "GET", "/sim/state", "", "", []string{"Host", "demo.example"}, 200},
		{"rebound page", "GET", "/", "", "", []string{"Host", "evil.example"}, 403},
		{"rebound state", "GET", "/sim/state", "", "", []string{"Host", "evil.example:8090"}, 403},
		{"rebound events", "GET", "/sim/events", "", "", []string{"Host", "127.0.0.1.evil.example"}, 403},
		{"rebound extra", "GET", "/sim/world", "", "", []string{"Host", "evil.example"}, 403},
		{"program", "POST", "/sim/command", "application/json", command, nil, 200},
		{"own page", "POST", "/sim/command", "application/json", command, []string{"Origin", b.url, "Sec-Fetch-Site", "same-origin"}, 200},
		{"other page", "POST", "/sim/command", "application/json", command, []string{"Origin", "https://evil.example"}, 403},
		{"other port", "POST", "/sim/command", "application/json", command, []string{"Origin", "http://127.0.0.1:1"}, 403},
		{"sandboxed page", "POST", "/sim/command", "application/json", command, []string{"Origin", "null"}, 403},
		{"cross site", "POST", "/sim/command", "application/json", command, []string{"Sec-Fetch-Site", "cross-site"}, 403},
		{"rebound post", "POST", "/sim/command", "application/json", command, []string{"Host", "evil.example", "Origin", "http://evil.example"}, 403},
		{"form post", "POST", "/sim/command", "text/plain", command, nil, 415},
		{"extra post", "POST", "/sim/world", "application/json", "{}", []string{"Origin", "https://evil.example"}, 403},
		{"too long", "POST", "/sim/command", "application/json", `{"text":"` + strings.Repeat("x", 70_000) + `"}`, nil, 400},
		{"no JSON", "POST", "/sim/press", "application/json", "x", nil, 400},
		{"wrong method", "GET", "/sim/command", "", "", nil, 404},
	} {
		got := b.do(b.request(test.method, test.path, test.kind, test.body, test.headers...))
		if got.status != test.want {
			t.Errorf("%s (%s): %d %s, want %d", test.name, own, got.status, got.body, test.want)
		}
	}
}

func TestPageHeaders(t *testing.T) {
	b := start(t)
	got := b.do(b.request("GET", "/", "", ""))
	for name, want := range map[string]string{
		"Content-Security-Policy": "default-src 'self'", "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY",
	} {
		if !strings.Contains(got.header.Get(name), want) {
			t.Errorf("%s: %q", name, got.header.Get(name))
		}
	}
	if !strings.Contains(got.header.Get("Content-Security-Policy"), "frame-ancestors 'none'") ||
		!strings.Contains(strings.ToLower(got.body), "<!doctype html>") {
		t.Errorf("page %.80q", got.body)
	}
}

func TestStateAsThePageReadsIt(t *testing.T) {
	b := start(t)
	c := b.connect()
	url, _ := b.commandReply(c)
	b.post(url, map[string]any{"text": "done", "blocks": []any{map[string]any{"type": "divider", "block_id": "d"}}})
	b.opened(c)
	var state struct {
		Now      int64
		Sockets  int
		Team     map[string]any
		Users    []map[string]any
		Channels []map[string]any
		Messages []map[string]any
		Views    []struct {
			ID, User string
			View     map[string]any
		}
	}
	if err := json.Unmarshal([]byte(b.do(b.request("GET", "/sim/state", "", "")).body), &state); err != nil {
		t.Fatal(err)
	}
	if state.Now != 1_700_000_000_000 || state.Sockets != 1 || state.Team["name"] != "Acme" {
		t.Errorf("state %+v", state)
	}
	want := map[string]any{
		"id": alice, "name": "alice", "real_name": "Alice Ng", "locale": "de-DE", "tz": "Europe/Berlin", "title": "host",
		"is_bot": false, "is_restricted": false, "team_id": "T0ACME",
	}
	if !jsonEqual(t, state.Users[2], want) {
		t.Errorf("user %v, want %v", state.Users[2], want)
	}
	if !jsonEqual(t, state.Channels[0], map[string]any{
		"id": "D0ALICE", "name": "", "is_im": true, "is_private": false, "is_ext_shared": false, "user": alice,
		"members": []string{alice, slacksim.BotUserID},
	}) {
		t.Errorf("channel %v", state.Channels[0])
	}
	typed, answer := state.Messages[0], state.Messages[1]
	if typed["command"] != "/extend 1" || typed["ephemeral_to"] != alice || typed["user"] != alice || typed["error"] != "" {
		t.Errorf("typed %v", typed)
	}
	if !jsonEqual(t, answer["blocks"], []any{map[string]any{"type": "divider", "block_id": "d"}}) || answer["username"] != "overtime" ||
		answer["edited"] != false || answer["channel"] != ops {
		t.Errorf("answer %v", answer)
	}
	if len(state.Views) != 1 || state.Views[0].User != alice || state.Views[0].View["type"] != "modal" {
		t.Errorf("views %+v", state.Views)
	}
}

func TestPageActs(t *testing.T) {
	b := start(t)
	say := func(path, body string) answer { return b.do(b.request("POST", path, "application/json", body)) }
	if got := say("/sim/command", `{"user":"U0ALICE","channel":"C0OPS","text":"/extend 1"}`); got.status != 409 || got.err() != "dispatch_failed" {
		t.Errorf("command without a socket: %d %s", got.status, got.body)
	}
	c := b.connect()
	got := say("/sim/command", `{"user":"U0ALICE","channel":"C0OPS","text":"/extend 1"}`)
	if frame := c.next(); got.fields["ok"] != true || got.fields["envelope_id"] != frame["envelope_id"] {
		t.Errorf("command: %s", got.body)
	}
	posted := b.call("chat.postMessage", "channel", ops, "text", "t", "blocks",
		`[{"type":"actions","block_id":"b","elements":[{"type":"overflow","action_id":"o","options":[`+options(1, "one")+`]}]}]`)
	body := `{"user":"U0ALICE","channel":"C0OPS","ts":"` + posted.fields["ts"].(string) +
		`","block_id":"b","action_id":"o","value":"","selected_option":` + options(1, "one") + `}`
	if got := say("/sim/press", body); got.body != `{"ok":true}` {
		t.Errorf("press: %s", got.body)
	}
	actions := payloadOf(t, c.next())["actions"].([]any)
	if option := actions[0].(map[string]any)["selected_option"].(map[string]any); option["value"] != "one" {
		t.Errorf("actions %v", actions)
	}
	view := b.opened(c)
	asked := make(chan struct{})
	go func() {
		defer close(asked)
		c.ack(c.next(), map[string]any{"options": json.RawMessage("[" + options(1, "v") + "]")})
	}()
	if got := say("/sim/suggest", `{"user":"U0ALICE","view_id":"`+view.ID+`","block_id":"meeting","action_id":"pick","value":"sta"}`); len(got.fields["options"].([]any)) != 1 {
		t.Errorf("suggest: %s", got.body)
	}
	<-asked
	if got := say("/sim/submit", `{"user":"U0ALICE","view_id":"`+view.ID+`","values":{}}`); got.err() != "missing_input" {
		t.Errorf("submit: %s", got.body)
	}
	if got := say("/sim/submit", `{"user":"U0ALICE","view_id":"`+view.ID+`","values":{"meeting":{"pick":`+chosen+`}}}`); got.body != `{"ok":true}` {
		t.Errorf("submit: %s", got.body)
	}
	c.next()
	if got := say("/sim/dismiss", `{"user":"U0ALICE","view_id":"`+view.ID+`"}`); got.body != `{"ok":true}` || len(b.Views()) != 0 {
		t.Errorf("dismiss: %s", got.body)
	}
}

func TestEventStreamTellsOfChanges(t *testing.T) {
	b := start(t)
	response, err := b.http.Do(b.request("GET", "/sim/events", "", ""))
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if kind := response.Header.Get("Content-Type"); kind != "text/event-stream" {
		t.Errorf("Content-Type %q", kind)
	}
	lines := bufio.NewReader(response.Body)
	next := func() string {
		t.Helper()
		line, err := lines.ReadString('\n')
		if err != nil {
			t.Fatal(err)
		}
		blank, _ := lines.ReadString('\n')
		return line + blank
	}
	if got := next(); got != "data: changed\n\n" {
		t.Errorf("at the start: %q", got)
	}
	for range 500 {
		b.mustCommand(alice, ops, "line")
	}
	if got := next(); got != "data: changed\n\n" {
		t.Errorf("after a change: %q", got)
	}
	b.Close()
	told := 0
	for line, err := lines.ReadString('\n'); err == nil; line, err = lines.ReadString('\n') {
		if line == "data: changed\n" {
			told++
		}
	}
	if told > 20 {
		t.Errorf("500 changes were told %d times more", told)
	}
}

func textLogger(w io.Writer) *slog.Logger {
	return slog.New(slog.NewTextHandler(w, &slog.HandlerOptions{Level: slog.LevelDebug}))
}

func TestNothingSecretInLogs(t *testing.T) {
	var logged strings.Builder
	b := start(t, func(cfg *slacksim.Config) { cfg.Logger = textLogger(&logged) })
	c := b.connect()
	url, _ := b.commandReply(c)
	b.post(url, map[string]any{"blocks": []any{map[string]any{"type": "divider"}}})
	b.post(url, map[string]any{"text": "x", "replace_original": true})
	c.send("garbage " + botToken)
	b.wait("warnings", func(s slacksim.State) bool { return len(s.Warnings()) == 3 })
	b.Close()
	for _, secret := range []string{botToken, appToken, strings.TrimPrefix(url, b.url)} {
		if strings.Contains(logged.String(), secret) {
			t.Errorf("the log holds %q", secret)
		}
	}
	if logged.Len() == 0 {
		t.Error("nothing was logged")
	}
}
