package slacksim_test

import (
	"encoding/json"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"

	"github.com/overtime-bot/overtime/bot/slacksim"
)

func TestSlashEnvelope(t *testing.T) {
	b := start(t, func(cfg *slacksim.Config) {
		cfg.Team = slacksim.Team{ID: "T0ACME", Name: "Acme", EnterpriseID: "E0", EnterpriseName: "Acme Corp"}
	})
	c := b.connect()
	id := b.mustCommand(alice, ops, "/extend 914083136  30 <b> & co")
	frame := c.next()
	payload := payloadOf(t, frame)
	url, trigger := payload["response_url"].(string), payload["trigger_id"].(string)
	delete(payload, "response_url")
	delete(payload, "trigger_id")
	want := map[string]any{
		"envelope_id": id, "type": "slash_commands", "accepts_response_payload": true,
		"payload": map[string]any{
			"token": "deprecated", "team_id": "T0ACME", "team_domain": "acme", "enterprise_id": "E0",
			"enterprise_name": "Acme Corp", "channel_id": ops, "channel_name": "ops", "user_id": alice,
			"user_name": "alice", "command": "/extend", "text": "914083136  30 <b> & co", "api_app_id": slacksim.AppID,
			"is_enterprise_install": "false",
		},
	}
	if diff := cmp.Diff(want, frame); diff != "" {
		t.Errorf("envelope (-want +got):\n%s", diff)
	}
	if !strings.HasPrefix(url, b.url+"/commands/T0ACME/") || trigger == "" {
		t.Errorf("response_url %q, trigger_id %q", url, trigger)
	}
	encoded, _ := json.Marshal(payload)
	var command slack.SlashCommand
	if err := json.Unmarshal(encoded, &command); err != nil || command.UserID != alice {
		t.Errorf("slack-go reads %+v, %v", command, err)
	}
	typed := b.Messages(slacksim.Filter{Envelope: id})
	if len(typed) != 1 || typed[0].Command != "/extend 914083136  30 <b> & co" || typed[0].EphemeralTo != alice {
		t.Errorf("the typed line is %+v", typed)
	}
}

func TestWhoMayTypeWhat(t *testing.T) {
	b := start(t)
	b.AddUser(slacksim.User{ID: "U0OUT", Name: "out", TeamID: "T0OTHER"})
	b.AddUser(slacksim.User{ID: "U0GONE", Name: "gone", Deleted: true})
	b.AddChannel(slacksim.Channel{ID: "C0SECRET", Name: "secret", Private: true, Members: []string{bob}})
	b.AddChannel(slacksim.Channel{ID: "C0OPEN", Name: "open", Members: []string{bob}})
	b.AddChannel(slacksim.Channel{ID: "C0SHARED", Name: "shared", ExtShared: true, Members: []string{"U0OUT"}})
	c := b.connect()
	for _, test := range []struct{ user, channel, line, want string }{
		{alice, ops, "/nope 1", "unknown_command"},
		{"U0OUT", "C0SHARED", "/extend 1", "unknown_command"},
		{"U0NOBODY", ops, "/extend", "user_not_found"},
		{"U0GONE", ops, "/extend", "user_not_found"},
		{slacksim.BotUserID, ops, "/extend", "user_not_found"},
		{alice, "C0SECRET", "/extend", "channel_not_found"},
		{alice, "D0BOB", "/extend", "channel_not_found"},
		{alice, "C0OPEN", "/extend", "not_in_channel"},
		{alice, ops, "  ", "no_text"},
		{alice, ops, "/extend " + strings.Repeat("x", 12_000), "msg_too_long"},
	} {
		_, err := b.Command(test.user, test.channel, test.line)
		if err == nil || !strings.HasPrefix(err.Error(), test.want) {
			t.Errorf("Command(%s, %s, %.12q) = %v, want %s", test.user, test.channel, test.line, err, test.want)
		}
	}
	b.mustCommand(alice, "D0ALICE", "/extend x")
	if got := payloadOf(t, c.next())["channel_name"]; got != "directmessage" {
		t.Errorf("channel_name of a direct message is %v", got)
	}
}

func TestPlainTextIsSaid(t *testing.T) {
	b := start(t)
	if id := b.mustCommand(alice, ops, "hello <all> & sundry"); id != "" {
		t.Errorf("plain text made an envelope")
	}
	if got := b.Messages(slacksim.Filter{Channel: ops}); len(got) != 1 || got[0].Text != "hello &lt;all&gt; &amp; sundry" {
		t.Errorf("said %+v", got)
	}
}

func TestWithoutSocketDispatchFails(t *testing.T) {
	b := start(t)
	_, err := b.Command(alice, ops, "/extend 1")
	if err == nil || err.Error() != "dispatch_failed" {
		t.Errorf("Command = %v", err)
	}
	if !has(b.Messages(slacksim.Filter{Reader: alice}), func(m slacksim.Message) bool {
		return m.Error == "dispatch_failed" && m.EphemeralTo == alice && strings.Contains(m.Text, `"dispatch_failed"`)
	}) {
		t.Error("the person was not told")
	}
	if has(b.Messages(slacksim.Filter{Reader: bob}), func(m slacksim.Message) bool { return m.Error != "" }) {
		t.Error("another person was told")
	}
}

func TestWithoutAckThePersonSeesATimeout(t *testing.T) {
	b := start(t, func(cfg *slacksim.Config) { cfg.AckTimeout = 20 * time.Millisecond })
	c := b.connect()
	id := b.mustCommand(alice, ops, "/extend 1")
	frame := c.next()
	b.wait("operation_timeout", func(s slacksim.State) bool {
		return has(s.Messages(slacksim.Filter{Envelope: id}), func(m slacksim.Message) bool { return m.Error == "operation_timeout" })
	})
	c.ack(frame)
	if err := b.WaitAck(ctx(t), id); err != nil {
		t.Fatal(err)
	}
	if e, _ := b.Envelope(id); !e.TimedOut || e.Acked.IsZero() {
		t.Errorf("late ack: %+v", e)
	}
}

func TestAckInTimeIsNoTimeout(t *testing.T) {
	var mu sync.Mutex
	var seen []slacksim.EventKind
	b := start(t, func(cfg *slacksim.Config) {
		cfg.AckTimeout = time.Minute
		cfg.Observe = func(e slacksim.Event) { mu.Lock(); defer mu.Unlock(); seen = append(seen, e.Kind) }
	})
	c := b.connect()
	id := b.mustCommand(alice, ops, "/extend 1")
	frame := c.next()
	c.ack(frame)
	if err := b.WaitAck(ctx(t), id); err != nil {
		t.Fatal(err)
	}
	b.post(payloadOf(t, frame)["response_url"].(string), map[string]any{"text": "done"})
	if err := b.WaitAnswer(ctx(t), id); err != nil {
		t.Fatal(err)
	}
	e, _ := b.Envelope(id)
	if took, ok := b.AckTime(id); !ok || took <= 0 || e.TimedOut || e.Answered.Before(e.Acked) {
		t.Errorf("AckTime = %v, %v; %+v", took, ok, e)
	}
	mu.Lock()
	defer mu.Unlock()
	if want := []slacksim.EventKind{"sent", "acked", "answered"}; !cmp.Equal(want, seen) {
		t.Errorf("observed %v, want %v", seen, want)
	}
}

func TestAckPayload(t *testing.T) {
	b := start(t)
	c := b.connect()
	blocks := []any{map[string]any{"type": "actions", "block_id": "b", "elements": []any{button("go", "v")}}}
	posted := b.callJSON("chat.postMessage", map[string]any{"channel": ops, "text": "t", "blocks": blocks})

	id := b.mustCommand(alice, ops, "/extend 1")
	c.ack(c.next(), map[string]any{"text": "from the ack"})
	b.wait("answer in the ack", func(s slacksim.State) bool {
		return has(s.Messages(slacksim.Filter{Envelope: id}), func(m slacksim.Message) bool {
			return m.Text == "from the ack" && m.EphemeralTo == alice && m.User == slacksim.BotUserID
		})
	})

	pressed, err := b.Press(alice, ops, posted.fields["ts"].(string), "b", "go", "")
	if err != nil {
		t.Fatal(err)
	}
	frame := c.next()
	c.ack(frame, map[string]any{"text": "not wanted"})
	b.wait("refusal of the payload", func(s slacksim.State) bool {
		return strings.Contains(strings.Join(s.Warnings(), "\n"), "does not accept")
	})
	if _, acked := b.AckTime(pressed); acked {
		t.Error("an ack with a payload counted where none is accepted")
	}
	c.ack(frame, map[string]any{}) // Slack's own Node SDK always sends an object
	if err := b.WaitAck(ctx(t), pressed); err != nil {
		t.Error(err)
	}
}

func TestBadAckPayloadIsShown(t *testing.T) {
	b := start(t)
	c := b.connect()
	id := b.mustCommand(alice, ops, "/extend 1")
	c.ack(c.next(), map[string]any{"blocks": []any{map[string]any{"type": "nonsense"}}})
	b.wait("failure", func(s slacksim.State) bool {
		return has(s.Messages(slacksim.Filter{Envelope: id}), func(m slacksim.Message) bool { return m.Error == "invalid_command_response" })
	})
}

func TestStrangeClientFramesAreIgnored(t *testing.T) {
	b := start(t)
	c := b.connect()
	for _, frame := range []string{"not json", "{}", "[]", `{"envelope_id":"unknown"}`} {
		c.send(frame)
	}
	if err := c.WriteMessage(2, []byte("binary")); err != nil {
		t.Fatal(err)
	}
	b.wait("five warnings", func(s slacksim.State) bool { return len(s.Warnings()) == 5 })
	id := b.mustCommand(alice, ops, "/extend 1")
	frame := c.next()
	c.ack(frame)
	c.ack(frame)
	if err := b.WaitAck(ctx(t), id); err != nil {
		t.Fatal(err)
	}
	b.wait("second ack noted", func(s slacksim.State) bool { return len(s.Warnings()) == 6 })
}

func TestEachEnvelopeGoesToOneSocketAtRandom(t *testing.T) {
	b := start(t)
	const sockets, commands = 4, 200
	type arrival struct{ socket, id string }
	arrivals := make(chan arrival, 2*commands)
	var readers sync.WaitGroup
	clients := make([]*client, sockets)
	for i := range clients {
		clients[i] = b.connect()
		readers.Go(func() {
			for {
				_, data, err := clients[i].ReadMessage()
				if err != nil {
					return
				}
				var frame struct {
					ID string `json:"envelope_id"`
				}
				_ = json.Unmarshal(data, &frame)
				arrivals <- arrival{string(rune('a' + i)), frame.ID}
			}
		})
	}
	for range commands {
		b.mustCommand(alice, ops, "/extend 1")
	}
	seen, share := map[string]int{}, map[string]int{}
	for range commands {
		got := <-arrivals
		seen[got.id]++
		share[got.socket]++
	}
	for _, c := range clients {
		_ = c.Close()
	}
	readers.Wait()
	if len(arrivals) > 0 || len(seen) != commands {
		t.Errorf("%d envelopes arrived, %d more than once", len(seen), len(arrivals))
	}
	for socket, n := range share {
		if n < commands/sockets/4 {
			t.Errorf("socket %s got only %d of %d", socket, n, commands)
		}
	}
	if len(share) != sockets {
		t.Errorf("only %d sockets were used", len(share))
	}
}

func TestUnackedEnvelopeComesAgainOnTheNextConnection(t *testing.T) {
	b := start(t)
	c := b.connect()
	first := b.mustCommand(alice, ops, "/extend 1")
	second := b.mustCommand(alice, ops, "/extend 2")
	c.next()
	c.ack(c.next())
	if err := b.WaitAck(ctx(t), second); err != nil {
		t.Fatal(err)
	}
	_ = c.Close()
	b.wait("gone", func(s slacksim.State) bool { return s.Sockets() == 0 })
	again := b.connect()
	frame := again.next()
	if frame["envelope_id"] != first {
		t.Fatalf("redelivered %v, want %s", frame["envelope_id"], first)
	}
	again.ack(frame)
	if err := b.WaitAck(ctx(t), first); err != nil {
		t.Fatal(err)
	}
	if e, _ := b.Envelope(first); e.Deliveries != 2 {
		t.Errorf("Deliveries = %d, want 2", e.Deliveries)
	}
}

func TestEventIsRetriedUntilAcked(t *testing.T) {
	b := start(t, func(cfg *slacksim.Config) {
		cfg.AckTimeout = 10 * time.Millisecond
		cfg.EventRetries = []time.Duration{0, time.Millisecond}
	})
	c := b.connect()
	id, err := b.Event(json.RawMessage(`{"type":"app_home_opened","user":"U0ALICE"}`))
	if err != nil {
		t.Fatal(err)
	}
	for attempt := range 3 {
		frame := c.next()
		if frame["retry_attempt"] != float64(attempt) || payloadOf(t, frame)["event_id"] != id {
			t.Errorf("attempt %d: %v", attempt, frame)
		}
		if attempt > 0 && frame["retry_reason"] != "timeout" {
			t.Errorf("retry_reason %v", frame["retry_reason"])
		}
	}
}

func button(actionID, value string) map[string]any {
	return map[string]any{
		"type": "button", "action_id": actionID, "value": value,
		"text": map[string]any{"type": "plain_text", "text": "Go & see"},
	}
}
