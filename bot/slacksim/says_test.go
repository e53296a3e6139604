package slacksim_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/slack-go/slack"

	"github.com/overtime-bot/overtime/bot/slacksim"
)

const secret = "C0SECRET"

var everyScope = []string{
	"commands", "chat:write", "app_mentions:read", "im:history", "channels:history", "groups:history", "channels:read", "groups:read",
}

func withEveryEvent(cfg *slacksim.Config) {
	cfg.Scopes = everyScope
	cfg.Events = []string{"app_home_opened", "app_mention", "member_joined_channel", "message.im", "message.channels", "message.groups"}
}

func without(scope string) []string {
	var others []string
	for _, one := range everyScope {
		if one != scope {
			others = append(others, one)
		}
	}
	return others
}

// nextEvents reads and acks so many events; by their type, with .channel_type where they have one.
func (c *client) nextEvents(count int) map[string]map[string]any {
	c.t.Helper()
	events := map[string]map[string]any{}
	for range count {
		frame := c.next()
		c.ack(frame)
		inner, ok := payloadOf(c.t, frame)["event"].(map[string]any)
		if !ok {
			c.t.Fatalf("%v is no event", frame)
		}
		kind, _ := inner["channel_type"].(string)
		events[strings.TrimSuffix(inner["type"].(string)+"."+kind, ".")] = inner
	}
	return events
}

// nothingBefore fails if something arrives before what the person types now.
func (b *bench) nothingBefore(c *client) {
	b.t.Helper()
	b.mustCommand(alice, ops, "/extend nothing before this")
	frame := c.next()
	c.ack(frame)
	if frame["type"] != "slash_commands" {
		b.t.Errorf("the app was sent %v", frame)
	}
}

func (b *bench) mustSay(user, channel, thread, text string) string {
	b.t.Helper()
	ts, err := b.Say(user, channel, thread, text)
	if err != nil {
		b.t.Fatalf("Say(%q): %v", text, err)
	}
	return ts
}

// Each thing that people do reaches an app that has subscribed to its event and has the scope, and no other.
func TestEventsTakeASubscriptionAndAScope(t *testing.T) {
	for event, does := range map[string]struct {
		scope, name string
		act         func(*bench) error
	}{
		"app_mention":           {"app_mentions:read", "app_mention", func(b *bench) error { return said(b.Say(alice, ops, "", "@overtime list")) }},
		"message.im":            {"im:history", "message.im", func(b *bench) error { return said(b.Say(alice, "D0ALICE", "", "list")) }},
		"message.channel":       {"channels:history", "message.channels", func(b *bench) error { return said(b.Say(alice, ops, "", "hello")) }},
		"message.group":         {"groups:history", "message.groups", func(b *bench) error { return said(b.Say(alice, secret, "", "hello")) }},
		"app_home_opened":       {"", "app_home_opened", func(b *bench) error { return b.OpenApp(alice, "home") }},
		"member_joined_channel": {"channels:read", "member_joined_channel", func(b *bench) error { return b.Invite(alice, "C0NEW") }},
	} {
		t.Run(event, func(t *testing.T) {
			begin := func(scopes, events []string) (*bench, *client) {
				b := start(t, func(cfg *slacksim.Config) { cfg.Scopes, cfg.Events = scopes, events })
				b.AddChannel(slacksim.Channel{ID: secret, Name: "secret", Private: true, Members: []string{alice, slacksim.BotUserID}})
				b.AddChannel(slacksim.Channel{ID: "C0NEW", Name: "new", Members: []string{alice}})
				c := b.connect()
				if err := does.act(b); err != nil {
					t.Fatal(err)
				}
				return b, c
			}
			_, c := begin(everyScope, []string{does.name})
			if events := c.nextEvents(1); events[strings.Replace(event, "member_joined_channel", "member_joined_channel.C", 1)] == nil {
				t.Errorf("events %v", events)
			}
			b, c := begin(everyScope, []string{})
			b.nothingBefore(c)
			if does.scope != "" {
				b, c = begin(without(does.scope), []string{does.name})
				b.nothingBefore(c)
			}
		})
	}
}

func said(_ string, err error) error { return err }

func TestMentionInAThread(t *testing.T) {
	b := start(t, withEveryEvent)
	c := b.connect()
	first := b.mustSay(bob, ops, "", "It runs late")
	c.nextEvents(1)
	b.mustSay(alice, ops, first, "@overtime extend 914083136 & thanks, @bob")
	events := c.nextEvents(2)
	mention := events["app_mention"]
	if mention["text"] != "<@U0OVERTIME> extend 914083136 &amp; thanks, <@U0BOB>" || mention["thread_ts"] != first || mention["user"] != alice ||
		mention["channel"] != ops || mention["ts"] == first || mention["event_ts"] != mention["ts"] || mention["channel_type"] != nil {
		t.Errorf("mention %v", mention)
	}
	if events["message.channel"]["text"] != mention["text"] {
		t.Errorf("message %v", events["message.channel"])
	}
	for name, refused := range map[string][3]string{
		"command_in_thread": {ops, first, "/extend 914083136"},
		"thread_not_found":  {ops, "1.000000", "hello"},
		"not_in_channel":    {"C0NEW", "", "hello"},
		"no_text":           {ops, "", "  "},
	} {
		b.AddChannel(slacksim.Channel{ID: "C0NEW", Name: "new"})
		if _, err := b.Say(alice, refused[0], refused[1], refused[2]); err == nil || !strings.HasPrefix(err.Error(), name) {
			t.Errorf("%v: %v, want %s", refused, err, name)
		}
	}
}

// What the app itself writes in a direct message comes back to it, as do its edits.
func TestAppHearsItself(t *testing.T) {
	b := start(t, withEveryEvent)
	c := b.connect()
	_, ts, err := b.slack().PostMessageContext(ctx(t), alice, slack.MsgOptionText("Hello @overtime", false))
	if err != nil {
		t.Fatal(err)
	}
	if own := c.nextEvents(1)["message.im"]; own["bot_id"] != slacksim.BotID || own["channel"] != "D0ALICE" || own["ts"] != ts {
		t.Errorf("own message %v", own)
	}
	if _, _, _, err := b.slack().UpdateMessageContext(ctx(t), "D0ALICE", ts, slack.MsgOptionText("Bye", false)); err != nil {
		t.Fatal(err)
	}
	if edit := c.nextEvents(1)["message.im"]; edit["subtype"] != "message_changed" || edit["message"].(map[string]any)["text"] != "Bye" {
		t.Errorf("edit %v", edit)
	}
}

// Slack says ok to an ephemeral message in a thread without replies, and nobody ever sees it.
func TestEphemeralInThread(t *testing.T) {
	b := start(t, withEveryEvent)
	first := b.mustSay(alice, ops, "", "@overtime list")
	post := func(text string) {
		t.Helper()
		answer := b.call("chat.postEphemeral", "channel", ops, "user", alice, "text", text, "thread_ts", first)
		if answer.fields["ok"] != true {
			t.Fatalf("chat.postEphemeral: %s", answer.body)
		}
	}
	post("unseen")
	b.mustSay(bob, ops, first, "which one?")
	post("seen")
	var texts []string
	for _, message := range b.Messages(slacksim.Filter{Reader: alice}) {
		if message.EphemeralTo == alice && message.ThreadTS == first {
			texts = append(texts, message.Text)
		}
	}
	if len(texts) != 1 || texts[0] != "seen" {
		t.Errorf("in the thread: %q", texts)
	}
}

func TestHomeTab(t *testing.T) {
	b := start(t, withEveryEvent)
	c := b.connect()
	open := func(tab string) map[string]any {
		t.Helper()
		if err := b.OpenApp(alice, tab); err != nil {
			t.Fatal(err)
		}
		return c.nextEvents(1)["app_home_opened"]
	}
	if event := open("home"); event["tab"] != "home" || event["user"] != alice || event["channel"] != "D0ALICE" || event["view"] != nil {
		t.Errorf("first %v", event)
	}
	press := slack.NewButtonBlockElement("extend:15", "r1", slack.NewTextBlockObject(slack.PlainTextType, "+15", false, false))
	published, err := b.slack().PublishViewContext(ctx(t), slack.PublishViewContextRequest{UserID: alice, View: slack.HomeTabViewRequest{
		Type: slack.VTHomeTab, Blocks: slack.Blocks{BlockSet: []slack.Block{slack.NewActionBlock("row", press)}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	if view, _ := open("home")["view"].(map[string]any); view["id"] != published.ID || view["hash"] != published.Hash {
		t.Errorf("again: %v", view)
	}
	if event := open("messages"); event["tab"] != "messages" || event["view"] != nil {
		t.Errorf("messages %v", event)
	}
	if home, ok := b.Home(alice); !ok || home.ID != published.ID {
		t.Errorf("Home %+v, %v", home, ok)
	}
	if _, err := b.PressInView(alice, published.ID, "row", "extend:15", ""); err != nil {
		t.Fatal(err)
	}
	frame := c.next()
	c.ack(frame)
	pressed := payloadOf(t, frame)
	if pressed["view"].(map[string]any)["type"] != "home" || pressed["response_url"] != nil || pressed["channel"] != nil || pressed["trigger_id"] == nil {
		t.Errorf("pressed %v", pressed)
	}
	if err := b.OpenApp(alice, "about"); err == nil {
		t.Error("a tab that there is not")
	}
}

func TestShortcuts(t *testing.T) {
	b := start(t)
	c := b.connect()
	if _, err := b.Shortcut(alice, "extend_meeting"); err != nil {
		t.Fatal(err)
	}
	frame := c.next()
	c.ack(frame)
	payload := payloadOf(t, frame)
	if payload["type"] != "shortcut" || payload["callback_id"] != "extend_meeting" || payload["trigger_id"] == nil || payload["action_ts"] == nil ||
		payload["response_url"] != nil || payload["channel"] != nil || frame["accepts_response_payload"] != false {
		t.Errorf("global %v", frame)
	}
	ts := b.mustSay(bob, ops, "", "join 914083136")
	if _, err := b.MessageShortcut(alice, ops, ts, "extend_from_message"); err != nil {
		t.Fatal(err)
	}
	frame = c.next()
	c.ack(frame)
	payload = payloadOf(t, frame)
	message, _ := payload["message"].(map[string]any)
	if payload["type"] != "message_action" || payload["message_ts"] != ts || message["text"] != "join 914083136" || message["user"] != bob ||
		payload["channel"].(map[string]any)["id"] != ops || payload["trigger_id"] == nil {
		t.Errorf("of a message %v", payload)
	}
	address, _ := payload["response_url"].(string)
	if answer := b.post(address, map[string]any{"text": "found it"}); answer.body != "ok" {
		t.Errorf("its response_url: %s", answer.body)
	}
	if !has(b.Messages(everything), func(m slacksim.Message) bool { return m.Text == "found it" && m.EphemeralTo == alice }) {
		t.Error("its answer is not there")
	}
	for _, err := range []error{
		said(b.Shortcut(alice, "extend_from_message")), said(b.Shortcut(alice, "other")), said(b.Shortcut("U0NOBODY", "extend_meeting")),
		said(b.MessageShortcut(alice, ops, ts, "extend_meeting")), said(b.MessageShortcut(alice, ops, "1.000000", "extend_from_message")),
	} {
		if err == nil {
			t.Error("what there is not was chosen")
		}
	}
}

// What was entered stays when the view is updated, where the input is the same one.
func TestUpdateKeepsWhatWasEntered(t *testing.T) {
	b := start(t)
	c := b.connect()
	opened := b.opened(c)
	typed := map[string]map[string]json.RawMessage{"minutes": {"typed": json.RawMessage(`{"type":"plain_text_input","value":"40"}`)}}
	body := encode(t, map[string]any{"user": alice, "view_id": opened.ID, "block_id": "more", "action_id": "push", "values": typed})
	if answer := b.do(b.request("POST", "/sim/press", "application/json", body)); answer.status != 200 {
		t.Fatal(answer.body)
	}
	frame := c.next()
	c.ack(frame)
	held := func(view map[string]any) string { return encode(t, view["state"]) }
	if now := held(payloadOf(t, frame)["view"].(map[string]any)); !strings.Contains(now, `"value":"40"`) {
		t.Errorf("pressed with %s", now)
	}
	if _, err := b.slack().UpdateViewContext(ctx(t), modal("Filled"), "", opened.Hash, opened.ID); err != nil {
		t.Fatal(err)
	}
	var view map[string]any
	if err := json.Unmarshal(b.Views()[0].View, &view); err != nil {
		t.Fatal(err)
	}
	if now := held(view); !strings.Contains(now, `"value":"40"`) || view["title"].(map[string]any)["text"] != "Filled" {
		t.Errorf("after the update: %s", now)
	}
	if _, err := b.slack().UpdateViewContext(ctx(t), modal("Again"), "", opened.Hash, opened.ID); err == nil || err.Error() != "hash_conflict" {
		t.Errorf("an update from before: %v", err)
	}
}

// The cross closes the whole stack, the button one view. The app hears of the views that asked for that.
func TestCrossClosesTheStack(t *testing.T) {
	b := start(t)
	c := b.connect()
	opened := b.opened(c)
	c.ack(b.submit(c, opened.ID), map[string]any{"response_action": "push", "view": modal("Sure?")})
	b.wait("the second view", func(s slacksim.State) bool { return len(s.Views()) == 2 })
	if err := b.DismissAll(alice, b.Views()[1].ID); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		frame := c.next()
		c.ack(frame)
		if payload := payloadOf(t, frame); payload["type"] != "view_closed" || payload["is_cleared"] != true {
			t.Errorf("%v", payload)
		}
	}
	if open := b.Views(); len(open) != 0 {
		t.Errorf("still open: %+v", open)
	}
}
