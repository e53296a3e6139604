package slacksim_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"github.com/overtime-bot/overtime/bot/slacksim"
)

var everything = slacksim.Filter{}

// modal has a meeting to be searched, minutes to be typed, and a button.
func modal(title string) slack.ModalViewRequest {
	plain := func(s string) *slack.TextBlockObject {
		return slack.NewTextBlockObject(slack.PlainTextType, s, false, false)
	}
	meeting := slack.NewOptionsSelectBlockElement(slack.OptTypeExternal, plain("search"), "pick")
	least := 2
	meeting.MinQueryLength = &least
	return slack.ModalViewRequest{
		Type: slack.VTModal, Title: plain(title), Submit: plain("Extend"), Close: plain("Cancel"),
		CallbackID: "extend", PrivateMetadata: "meta", NotifyOnClose: true,
		Blocks: slack.Blocks{BlockSet: []slack.Block{
			slack.NewInputBlock("meeting", plain("Meeting"), nil, meeting),
			slack.NewInputBlock("minutes", plain("Minutes"), nil, slack.NewPlainTextInputBlockElement(plain("15"), "typed").WithInitialValue("15")),
			slack.NewActionBlock("more", slack.NewButtonBlockElement("push", "", plain("More"))),
		}},
	}
}

// opened opens the modal for alice and returns it.
func (b *bench) opened(c *client) *slack.ViewResponse {
	b.t.Helper()
	b.mustCommand(alice, ops, "/extend")
	frame := c.next()
	c.ack(frame)
	opened, err := b.slack().OpenViewContext(ctx(b.t), payloadOf(b.t, frame)["trigger_id"].(string), modal("Extend"))
	if err != nil {
		b.t.Fatalf("views.open: %v", err)
	}
	return opened
}

const chosen = `{"type":"external_select","selected_option":{"text":{"type":"plain_text","text":"Standup"},"value":"914083136"}}`

func (b *bench) submit(c *client, view string) map[string]any {
	b.t.Helper()
	values := map[string]map[string]json.RawMessage{"meeting": {"pick": json.RawMessage(chosen)}}
	if _, err := b.Submit(alice, view, values); err != nil {
		b.t.Fatal(err)
	}
	return c.next()
}

func TestTriggerIsShortAndSingleUse(t *testing.T) {
	b := start(t)
	c := b.connect()
	api := b.slack()
	trigger := func() string {
		b.mustCommand(alice, ops, "/extend")
		frame := c.next()
		c.ack(frame)
		return payloadOf(t, frame)["trigger_id"].(string)
	}
	used := trigger()
	if _, err := api.OpenViewContext(ctx(t), used, modal("x")); err != nil {
		t.Fatal(err)
	}
	expired := trigger()
	b.clock.forward(3*time.Second + time.Millisecond)
	for id, want := range map[string]string{used: "exchanged_trigger_id", expired: "expired_trigger_id", "1.2.x": "invalid_trigger_id"} {
		if _, err := api.OpenViewContext(ctx(t), id, modal("x")); err == nil || err.Error() != want {
			t.Errorf("views.open: %v, want %s", err, want)
		}
	}
}

func TestViewLimits(t *testing.T) {
	b := start(t)
	view := func(change string) string {
		base := `{"type":"modal","title":` + plainOf(24) + `,"blocks":[{"type":"divider"}]`
		return base + change + "}"
	}
	for _, test := range []struct{ name, view, want string }{
		{"title", strings.Replace(view(""), plainOf(24), plainOf(25), 1), "must be less than 25 characters [json-pointer:/view/title/text]"},
		{"metadata", view(`,"private_metadata":"` + strings.Repeat("x", 3001) + `"`), "must be less than 3001"},
		{"callback", view(`,"callback_id":"` + strings.Repeat("x", 256) + `"`), "must be less than 256"},
		{"submit", view(`,"submit":` + plainOf(25)), "must be less than 25"},
		{"unknown", view(`,"colour":"red"`), "invalid additional property: colour"},
		{"blocks", strings.Replace(view(""), `{"type":"divider"}`, repeated(101, `{"type":"divider"}`), 1), "no more than 100 items"},
		{"only in messages", strings.Replace(view(""), `{"type":"divider"}`, `{"type":"markdown","text":"x"}`, 1), "unsupported type: markdown"},
		{"input without submit", strings.Replace(view(""), `{"type":"divider"}`, `{"type":"input","label":`+plainOf(3)+`,"element":{"type":"plain_text_input"}}`, 1), "missing required field: submit"},
		{"home", strings.Replace(view(""), "modal", "home", 1), "must be one of: modal"},
		{"nothing", "", "missing required field: view"},
	} {
		got := b.call("views.open", "trigger_id", "x", "view", test.view)
		metadata, _ := got.fields["response_metadata"].(map[string]any)
		if got.err() != "invalid_arguments" || !strings.Contains(encode(t, metadata["messages"]), test.want) {
			t.Errorf("%s: %s", test.name, got.body)
		}
	}
	huge := strings.Replace(view(""), `{"type":"divider"}`, repeated(90, `{"type":"section","text":`+markdownOf(3000)+`}`), 1)
	if got := b.call("views.open", "trigger_id", "x", "view", huge); got.err() != "view_too_large" {
		t.Errorf("huge view: %s", got.body)
	}
	if got := b.call("views.open", "trigger_id", "x", "view", view("")); got.err() != "invalid_trigger_id" {
		t.Errorf("a good view: %s", got.body)
	}
}

func TestSubmissionCloses(t *testing.T) {
	b := start(t)
	c := b.connect()
	view := b.opened(c)
	frame := b.submit(c, view.ID)
	if frame["accepts_response_payload"] != true {
		t.Error("view_submission must accept a payload")
	}
	encoded, _ := json.Marshal(frame["payload"])
	var callback slack.InteractionCallback
	if err := json.Unmarshal(encoded, &callback); err != nil {
		t.Fatal(err)
	}
	values := callback.View.State.Values
	if callback.Type != slack.InteractionTypeViewSubmission || callback.View.CallbackID != "extend" ||
		callback.View.PrivateMetadata != "meta" || callback.User.ID != alice || callback.View.Hash != view.Hash ||
		values["meeting"]["pick"].SelectedOption.Value != "914083136" || values["minutes"]["typed"].Value != "15" {
		t.Errorf("payload %s", encoded)
	}
	c.ack(frame)
	b.wait("closed", func(s slacksim.State) bool { return len(s.Views()) == 0 })
	if _, err := b.Submit(alice, view.ID, nil); err == nil || err.Error() != "view_not_found" {
		t.Errorf("submit of a closed view: %v", err)
	}
}

func TestSubmissionAnswers(t *testing.T) {
	b := start(t)
	c := b.connect()
	view := b.opened(c)
	c.ack(b.submit(c, view.ID), map[string]any{"response_action": "errors", "errors": map[string]string{"minutes": "Too many."}})
	b.wait("errors", func(s slacksim.State) bool {
		return len(s.Views()) == 1 && s.Views()[0].Errors["minutes"] == "Too many."
	})
	c.ack(b.submit(c, view.ID), map[string]any{"response_action": "update", "view": modal("Updated")})
	b.wait("update", func(s slacksim.State) bool {
		return strings.Contains(string(s.Views()[0].View), "Updated") && s.Views()[0].Errors == nil
	})
	c.ack(b.submit(c, view.ID), map[string]any{"response_action": "push", "view": modal("Pushed")})
	b.wait("push", func(s slacksim.State) bool {
		open := s.Views()
		return len(open) == 2 && strings.Contains(string(open[1].View), `"previous_view_id":"`+view.ID+`"`)
	})
	c.ack(b.submit(c, b.Views()[1].ID), map[string]any{"response_action": "clear"})
	b.wait("clear", func(s slacksim.State) bool { return len(s.Views()) == 0 })
}

func TestBadSubmissionAnswersAreTrouble(t *testing.T) {
	b := start(t, func(cfg *slacksim.Config) { cfg.AckTimeout = time.Minute })
	c := b.connect()
	view := b.opened(c)
	for i, payload := range []any{
		map[string]any{"response_action": "explode"},
		map[string]any{"response_action": "errors"},
		map[string]any{"response_action": "errors", "errors": map[string]string{"more": "no input"}},
		map[string]any{"response_action": "update", "view": map[string]any{"type": "modal"}},
	} {
		c.ack(b.submit(c, view.ID), payload)
		b.wait("warning", func(s slacksim.State) bool { return len(s.Warnings()) == i+1 })
		if open := b.Views(); len(open) != 1 || open[0].Errors[""] == "" {
			t.Errorf("after %v: %+v", payload, open)
		}
	}
}

func TestSubmissionWithoutAckIsTrouble(t *testing.T) {
	b := start(t, func(cfg *slacksim.Config) { cfg.AckTimeout = 10 * time.Millisecond })
	c := b.connect()
	b.submit(c, b.opened(c).ID)
	b.wait("trouble after no ack", func(s slacksim.State) bool { return s.Views()[0].Errors[""] != "" })
}

func TestEmptyInputIsNotSubmitted(t *testing.T) {
	b := start(t)
	c := b.connect()
	view := b.opened(c)
	if _, err := b.Submit(alice, view.ID, nil); err == nil || !strings.HasPrefix(err.Error(), "missing_input") {
		t.Errorf("Submit = %v", err)
	}
	if b.Views()[0].Errors["meeting"] == "" {
		t.Error("the empty input is not marked")
	}
	if _, err := b.Submit(bob, view.ID, nil); err == nil || err.Error() != "view_not_found" {
		t.Errorf("bob submitted alice's modal: %v", err)
	}
}

func TestDismissTellsTheAppThatAsked(t *testing.T) {
	b := start(t)
	c := b.connect()
	view := b.opened(c)
	if err := b.Dismiss(alice, view.ID); err != nil {
		t.Fatal(err)
	}
	payload := payloadOf(t, c.next())
	if payload["type"] != "view_closed" || payload["is_cleared"] != false || len(b.Views()) != 0 {
		t.Errorf("payload %v", payload)
	}
}

func TestSuggestions(t *testing.T) {
	b := start(t)
	c := b.connect()
	view := b.opened(c)
	if got, err := b.Suggest(ctx(t), alice, view.ID, "meeting", "pick", "s"); err != nil || len(got) != 0 {
		t.Errorf("below min_query_length: %s, %v", got, err)
	}
	for _, test := range []struct {
		payload any
		want    int
	}{
		{map[string]any{"options": json.RawMessage("[" + options(2, "v") + "]")}, 2},
		{map[string]any{"option_groups": json.RawMessage(`[{"label":` + plainOf(3) + `,"options":[` + options(3, "v") + `]}]`)}, 3},
		{map[string]any{"options": []any{}}, 0},
		{map[string]any{"options": json.RawMessage("[" + options(1, strings.Repeat("x", 76)) + "]")}, -1},
		{map[string]any{"options": json.RawMessage("[" + options(101, "v") + "]")}, -1},
	} {
		asked := make(chan map[string]any, 1)
		go func() {
			frame := c.next()
			c.ack(frame, test.payload)
			asked <- payloadOf(t, frame)
		}()
		got, err := b.Suggest(ctx(t), alice, view.ID, "meeting", "pick", "sta")
		payload := <-asked
		if payload["type"] != "block_suggestion" || payload["value"] != "sta" || payload["action_id"] != "pick" {
			t.Errorf("payload %v", payload)
		}
		if test.want < 0 && err == nil || test.want >= 0 && (err != nil || len(got) != test.want) {
			t.Errorf("%v: %d options, %v", test.payload, len(got), err)
		}
	}
	if _, err := b.Suggest(ctx(t), alice, view.ID, "minutes", "typed", "sta"); err == nil {
		t.Error("suggestions for a text input")
	}
}

func TestPushUpdateAndStack(t *testing.T) {
	b := start(t)
	c := b.connect()
	api := b.slack()
	view := b.opened(c)
	press := func(id string) string {
		if _, err := b.PressInView(alice, id, "more", "push", ""); err != nil {
			t.Fatal(err)
		}
		frame := c.next()
		c.ack(frame)
		payload := payloadOf(t, frame)
		if payload["container"].(map[string]any)["type"] != "view" || payload["response_url"] != nil {
			t.Errorf("payload of a press in a view: %v", payload)
		}
		return payload["trigger_id"].(string)
	}
	second, err := api.PushViewContext(ctx(t), press(view.ID), modal("two"))
	if err != nil || second.PreviousViewID != view.ID || second.RootViewID != view.ID {
		t.Fatalf("push: %+v, %v", second, err)
	}
	if _, err := api.PushViewContext(ctx(t), press(second.ID), modal("three")); err != nil {
		t.Fatal(err)
	}
	if _, err := api.PushViewContext(ctx(t), press(b.Views()[2].ID), modal("four")); err == nil || err.Error() != "push_limit_reached" {
		t.Errorf("fourth view: %v", err)
	}
	updated, err := api.UpdateViewContext(ctx(t), modal("new"), "", view.Hash, view.ID)
	if err != nil || updated.Hash == view.Hash {
		t.Errorf("update: %v", err)
	}
	if _, err := api.UpdateViewContext(ctx(t), modal("new"), "", view.Hash, view.ID); err == nil || err.Error() != "hash_conflict" {
		t.Errorf("update from an old hash: %v", err)
	}
	if _, err := api.UpdateViewContext(ctx(t), modal("new"), "", "", "V0"); err == nil || err.Error() != "not_found" {
		t.Errorf("update of nothing: %v", err)
	}
}

func TestPublishHome(t *testing.T) {
	b := start(t)
	home := slack.PublishViewContextRequest{UserID: alice, View: slack.HomeTabViewRequest{
		Type: slack.VTHomeTab, Blocks: slack.Blocks{BlockSet: []slack.Block{slack.NewDividerBlock()}},
	}}
	first, err := b.slack().PublishViewContext(ctx(t), home)
	if err != nil || first.Type != slack.VTHomeTab {
		t.Fatalf("publish: %+v, %v", first, err)
	}
	home.Hash = &first.Hash
	if again, err := b.slack().PublishViewContext(ctx(t), home); err != nil || again.ID != first.ID {
		t.Errorf("publish again: %v", err)
	}
	if _, err := b.slack().PublishViewContext(ctx(t), home); err == nil || err.Error() != "hash_conflict" {
		t.Errorf("publish from an old hash: %v", err)
	}
	if len(b.Views()) != 0 {
		t.Error("a Home tab is no modal")
	}
}

func TestPressPayload(t *testing.T) {
	b := start(t)
	b.AddUser(slacksim.User{ID: "U0OUT", Name: "out", TeamID: "T0OTHER"})
	b.AddChannel(slacksim.Channel{ID: ops, Name: "ops", ExtShared: true, Members: []string{alice, "U0OUT", slacksim.BotUserID}})
	c := b.connect()
	posted := b.call("chat.postMessage", "channel", ops, "text", "t", "blocks", `[{"type":"actions","block_id":"b","elements":[
		{"type":"button","action_id":"go","value":"a&b","text":{"type":"plain_text","text":"A & B"}},
		{"type":"static_select","action_id":"pick","options":[`+options(1, "one")+`]}]}]`)
	ts, _ := posted.fields["ts"].(string)
	if _, err := b.Press("U0OUT", ops, ts, "b", "pick", "one"); err != nil {
		t.Fatal(err)
	}
	c.ack(c.next())
	if _, err := b.Press("U0OUT", ops, ts, "b", "go", ""); err != nil {
		t.Fatal(err)
	}
	frame := c.next()
	if frame["accepts_response_payload"] != false {
		t.Error("block_actions takes no payload here")
	}
	encoded, _ := json.Marshal(frame["payload"])
	var callback slack.InteractionCallback
	if err := json.Unmarshal(encoded, &callback); err != nil {
		t.Fatal(err)
	}
	action := callback.ActionCallback.BlockActions[0]
	if callback.User.TeamID != "T0OTHER" || callback.Team.ID != "T0ACME" || action.Value != "a&b" ||
		action.Text.Text != "A &amp; B" || callback.Message.Timestamp != ts || callback.Channel.ID != ops ||
		callback.Container.MessageTs != ts || callback.TriggerID == "" || callback.ResponseURL == "" {
		t.Errorf("payload %s", encoded)
	}
	if got := callback.BlockActionState.Values["b"]["pick"].SelectedOption.Value; got != "one" {
		t.Errorf("state of the select: %q", got)
	}
	for _, test := range []struct{ block, action, value, want string }{
		{"b", "go", "forged", "value_mismatch"},
		{"b", "none", "", "action_not_found"},
		{"x", "go", "", "action_not_found"},
		{"b", "pick", "two", "option_not_found"},
	} {
		if _, err := b.Press(alice, ops, ts, test.block, test.action, test.value); err == nil || err.Error() != test.want {
			t.Errorf("%+v: %v", test, err)
		}
	}
	if _, err := b.Press(bob, ops, ts, "b", "go", ""); err == nil || err.Error() != "not_in_channel" {
		t.Errorf("bob, who left the channel: %v", err)
	}
}

func TestFailedClickIsShown(t *testing.T) {
	b := start(t, func(cfg *slacksim.Config) { cfg.AckTimeout = 10 * time.Millisecond })
	posted := b.call("chat.postMessage", "channel", ops, "text", "t", "blocks", buttonWith(`,"action_id":"go"`))
	var blocks []map[string]any
	_ = json.Unmarshal(b.Messages(everything)[0].Blocks, &blocks)
	block, ts := blocks[0]["block_id"].(string), posted.fields["ts"].(string)
	if _, err := b.Press(alice, ops, ts, block, "go", ""); err == nil || err.Error() != "dispatch_failed" {
		t.Errorf("without a socket: %v", err)
	}
	b.connect()
	if _, err := b.Press(alice, ops, ts, block, "go", ""); err != nil {
		t.Fatal(err)
	}
	b.wait("both failures", func(s slacksim.State) bool {
		mine := s.Messages(slacksim.Filter{Reader: alice, User: "USLACKBOT"})
		return len(mine) == 2 && mine[0].Error == "dispatch_failed" && mine[1].Error == "operation_timeout"
	})
}
