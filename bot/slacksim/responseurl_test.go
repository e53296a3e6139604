package slacksim_test

import (
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"github.com/overtime-bot/overtime/bot/slacksim"
)

// commandReply types a command and returns its response_url and envelope.
func (b *bench) commandReply(c *client) (url, id string) {
	b.t.Helper()
	id = b.mustCommand(alice, ops, "/extend 1")
	frame := c.next()
	c.ack(frame)
	return payloadOf(b.t, frame)["response_url"].(string), id
}

func TestResponseURLAnswersOnlyTheTyper(t *testing.T) {
	b := start(t)
	url, id := b.commandReply(b.connect())
	got := b.post(url, map[string]any{"text": "done"})
	if got.status != 200 || got.body != "ok" || got.header.Get("Content-Type") != "text/plain; charset=utf-8" {
		t.Errorf("answer %d %q %s", got.status, got.body, got.header.Get("Content-Type"))
	}
	isAnswer := func(m slacksim.Message) bool { return m.Text == "done" && m.Envelope == id }
	if !has(b.Messages(slacksim.Filter{Reader: alice}), isAnswer) || has(b.Messages(slacksim.Filter{Reader: bob}), isAnswer) {
		t.Error("the default is not a message for the typer alone")
	}
	if has(b.Messages(slacksim.Filter{Reader: bob}), func(m slacksim.Message) bool { return m.Command != "" }) {
		t.Error("the typed line is seen by others")
	}
	b.post(url, map[string]any{"text": "public", "response_type": "in_channel"})
	bobs := b.Messages(slacksim.Filter{Reader: bob})
	if len(bobs) != 2 || bobs[0].Command != "/extend 1" || bobs[1].Text != "public" {
		t.Errorf("after an answer in the channel bob sees %+v", bobs)
	}
}

func TestResponseURLLimits(t *testing.T) {
	b := start(t)
	c := b.connect()
	url, _ := b.commandReply(c)
	for use := range 6 {
		got := b.post(url, map[string]any{"text": "again"})
		if want := map[bool]int{true: 200, false: 404}[use < 5]; got.status != want {
			t.Errorf("use %d: %d %s, want %d", use+1, got.status, got.body, want)
		}
		if use == 5 && got.body != "used_url" {
			t.Errorf("sixth use: %q", got.body)
		}
	}
	late, _ := b.commandReply(c)
	b.clock.forward(30*time.Minute - time.Second)
	if got := b.post(late, map[string]any{"text": "in time"}); got.status != 200 {
		t.Errorf("just before 30 minutes: %d", got.status)
	}
	b.clock.forward(time.Second)
	if got := b.post(late, map[string]any{"text": "late"}); got.status != 404 || got.body != "expired_url" {
		t.Errorf("after 30 minutes: %d %q", got.status, got.body)
	}
	if got := b.post("/commands/T0ACME/1/guess", map[string]any{"text": "x"}); got.status != 404 {
		t.Errorf("guessed address: %d", got.status)
	}
}

func TestResponseURLRefusesBadBodies(t *testing.T) {
	b := start(t)
	c := b.connect()
	for name, test := range map[string]struct {
		kind, body string
		status     int
		want       string
	}{
		"form":         {"application/x-www-form-urlencoded", "text=x", 400, "invalid_payload"},
		"no JSON":      {"application/json", "hello", 400, "invalid_payload"},
		"other case":   {"application/json", `{"Text":"x"}`, 400, "no_text"},
		"name twice":   {"application/json", `{"text":"x","blocks":[{"type":"divider","type":"divider"}]}`, 400, "invalid_payload"},
		"bad text":     {"application/json", "{\"text\":\"\xff\"}", 400, "invalid_payload"},
		"too long":     {"application/json", `{"text":"` + strings.Repeat("x", 1<<20) + `"}`, 400, "invalid_payload"},
		"empty":        {"application/json", "{}", 400, "no_text"},
		"nulls":        {"application/json", `{"blocks":null,"text":""}`, 400, "no_text"},
		"no blocks":    {"application/json", `{"blocks":[],"attachments":"[]"}`, 400, "no_text"},
		"bad block":    {"application/json", `{"text":"x","blocks":[{"type":"nope"}]}`, 400, "invalid_blocks"},
		"bad type":     {"application/json", `{"text":"x","response_type":"shout"}`, 400, "invalid_response_type"},
		"no list":      {"application/json", `{"text":"x","blocks":5}`, 400, "invalid_blocks_format"},
		"blocks alone": {"application/json", `{"blocks":[{"type":"divider"}]}`, 200, ""},
		"as text":      {"application/json", `{"text":"x","blocks":"[{\"type\":\"divider\"}]"}`, 200, ""},
	} {
		url, _ := b.commandReply(c)
		got := b.do(b.request("POST", url, test.kind, test.body))
		said := got.err()
		if said == "" && got.status != 200 {
			said = got.body
		}
		if got.status != test.status || said != test.want {
			t.Errorf("%s: %d %q, want %d %s", name, got.status, got.body, test.status, test.want)
		}
	}
	if got := b.Warnings(); len(got) != 1 {
		t.Errorf("a message without text makes %q, want one warning", got)
	}
	url, _ := b.commandReply(c)
	if got := b.do(b.request("GET", url, "", "")); got.status != 405 {
		t.Errorf("GET: %d", got.status)
	}
}

func TestCommandReplyCannotTouchWhatWasTyped(t *testing.T) {
	b := start(t)
	url, id := b.commandReply(b.connect())
	b.post(url, map[string]any{"text": "first"})
	b.post(url, map[string]any{"text": "second", "replace_original": true})
	b.post(url, map[string]any{"delete_original": "true"})
	if got := b.Messages(slacksim.Filter{Envelope: id}); len(got) != 3 {
		t.Errorf("%d messages, want the typed line and two answers: %+v", len(got), got)
	}
	if len(b.Warnings()) != 2 {
		t.Errorf("warnings %q", b.Warnings())
	}
}

// pressed posts a message with a button, presses it as alice, and returns its ts and the envelope's payload.
func (b *bench) pressed(c *client) (ts string, payload map[string]any) {
	b.t.Helper()
	blocks := []any{map[string]any{"type": "actions", "block_id": "b", "elements": []any{button("go", "v1")}}}
	posted := b.callJSON("chat.postMessage", map[string]any{"channel": ops, "text": "press", "blocks": blocks})
	ts, _ = posted.fields["ts"].(string)
	if _, err := b.Press(alice, ops, ts, "b", "go", "v1"); err != nil {
		b.t.Fatal(err)
	}
	frame := c.next()
	c.ack(frame)
	return ts, payloadOf(b.t, frame)
}

func TestActionReplyReplacesAndDeletes(t *testing.T) {
	b := start(t)
	c := b.connect()
	ts, payload := b.pressed(c)
	url := payload["response_url"].(string)
	if got := b.post(url, map[string]any{"text": "replaced", "replace_original": true}); got.body != "ok" {
		t.Fatalf("replace: %s", got.body)
	}
	messages := b.Messages(slacksim.Filter{User: slacksim.BotUserID})
	if len(messages) != 1 || messages[0].TS != ts || messages[0].Text != "replaced" || messages[0].Blocks != nil ||
		!messages[0].Edited || messages[0].EphemeralTo != "" {
		t.Errorf("after replace: %+v", messages)
	}
	b.post(url, map[string]any{"delete_original": true})
	if got := b.Messages(slacksim.Filter{User: slacksim.BotUserID}); len(got) != 0 {
		t.Errorf("after delete: %+v", got)
	}
}

func TestClickOnAnEphemeralMessage(t *testing.T) {
	b := start(t)
	c := b.connect()
	url, _ := b.commandReply(c)
	b.post(url, map[string]any{"text": "t", "blocks": []any{
		map[string]any{"type": "actions", "block_id": "b", "elements": []any{button("go", "v")}},
	}})
	private := b.Messages(slacksim.Filter{User: slacksim.BotUserID})[0]
	if _, err := b.Press(bob, ops, private.TS, "b", "go", ""); err == nil || err.Error() != "message_not_found" {
		t.Errorf("bob pressed what he cannot see: %v", err)
	}
	if _, err := b.Press(alice, ops, private.TS, "b", "go", ""); err != nil {
		t.Fatal(err)
	}
	payload := payloadOf(t, c.next())
	if _, there := payload["message"]; there || payload["container"].(map[string]any)["is_ephemeral"] != true {
		t.Errorf("payload of an ephemeral click: %v", payload)
	}
	b.post(payload["response_url"].(string), map[string]any{"text": "new", "replace_original": true, "response_type": "in_channel"})
	if got := b.Messages(slacksim.Filter{User: slacksim.BotUserID}); len(got) != 1 || got[0].Text != "new" || got[0].EphemeralTo != alice {
		t.Errorf("who sees a message changed: %+v", got)
	}
}

func TestSlackGoUsesResponseURL(t *testing.T) {
	b := start(t)
	url, id := b.commandReply(b.connect())
	if err := slack.PostWebhookCustomHTTPContext(ctx(t), url, b.http, &slack.WebhookMessage{Text: "one"}); err != nil {
		t.Error(err)
	}
	_, _, _, err := b.slack().SendMessageContext(ctx(t), "", slack.MsgOptionResponseURL(url, slack.ResponseTypeInChannel),
		slack.MsgOptionText("two", false))
	if err != nil {
		t.Error(err)
	}
	if got := b.Messages(slacksim.Filter{Envelope: id}); len(got) != 3 || got[2].Text != "two" || got[2].EphemeralTo != "" {
		t.Errorf("messages %+v", got)
	}
}
