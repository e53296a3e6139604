package slacksim_test

import (
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"github.com/overtime-bot/overtime/bot/slacksim"
)

func TestTokens(t *testing.T) {
	b := start(t)
	const form = "application/x-www-form-urlencoded"
	for _, test := range []struct{ name, path, kind, body, bearer, want string }{
		{"bot token in the header", "auth.test", "", "", botToken, ""},
		{"bot token in the form", "auth.test", form, "token=" + botToken, "", ""},
		{"bot token in JSON", "auth.test", "application/json", `{"token":"` + botToken + `"}`, "", "not_authed"},
		{"bot token in the query", "auth.test?token=" + botToken, "", "", "", "not_authed"},
		{"no token", "auth.test", "", "", "", "not_authed"},
		{"unknown token", "auth.test", "", "", "xoxb-other", "invalid_auth"},
		{"app token for a bot method", "auth.test", "", "", appToken, "not_allowed_token_type"},
		{"app token", "apps.connections.open", "", "", appToken, ""},
		{"app token in the form", "apps.connections.open", form, "token=" + appToken, "", "not_authed"},
		{"bot token for a socket", "apps.connections.open", "", "", botToken, "not_allowed_token_type"},
		{"unknown app token", "apps.connections.open", "", "", "xapp-other", "invalid_auth"},
		{"unknown method", "no.such.method", "", "", botToken, "unknown_method"},
		{"api.test needs none", "api.test", "", "", "", ""},
		{"api.test echoes an error", "api.test", form, "error=my_error", "", "my_error"},
		{"broken JSON", "auth.test", "application/json", "{", botToken, "invalid_json"},
		{"a list", "auth.test", "application/json", "[1]", botToken, "json_not_object"},
		{"another type", "auth.test", "text/plain", "x", botToken, "invalid_post_type"},
	} {
		r := b.request("POST", "/api/"+test.path, test.kind, test.body)
		if test.bearer != "" {
			r.Header.Set("Authorization", "Bearer "+test.bearer)
		}
		if got := b.do(r); got.status != 200 || got.err() != test.want || got.fields["ok"] != (test.want == "") {
			t.Errorf("%s: %d %s, want %q", test.name, got.status, got.body, test.want)
		}
	}
}

func TestScopes(t *testing.T) {
	b := start(t)
	b.SetScopes("commands", "chat:write")
	if got := b.call("auth.test"); got.header.Get("X-OAuth-Scopes") != "commands,chat:write" {
		t.Errorf("X-OAuth-Scopes: %q", got.header.Get("X-OAuth-Scopes"))
	}
	got := b.call("users.info", "user", alice)
	if got.err() != "missing_scope" || got.fields["needed"] != "users:read" || got.fields["provided"] != "commands,chat:write" {
		t.Errorf("users.info: %s", got.body)
	}
	for method, args := range map[string][]string{
		"users.lookupByEmail": {"email", "a@b"}, "usergroups.list": nil, "team.info": nil, "bots.info": nil,
		"usergroups.users.list": {"usergroup", "S"}, "conversations.open": {"users", alice},
		"conversations.info": {"channel", ops}, "conversations.members": {"channel", ops},
	} {
		if got := b.call(method, args...); got.err() != "missing_scope" {
			t.Errorf("%s: %s", method, got.body)
		}
	}
	b.SetScopes("users:read.email")
	if got := b.call("users.lookupByEmail", "email", "alice@example.com"); got.fields["needed"] != "users:read" {
		t.Errorf("users.lookupByEmail without users:read: %s", got.body)
	}
}

func TestIdentityBySlackGo(t *testing.T) {
	b := start(t, func(cfg *slacksim.Config) { cfg.Team.EnterpriseID = "E0" })
	api := b.slack()
	if team, err := api.GetTeamInfoContext(ctx(t)); err == nil || err.Error() != "missing_scope" {
		t.Errorf("team.info is not in the manifest: %+v, %v", team, err)
	}
	who, err := api.AuthTestContext(ctx(t))
	if err != nil || who.TeamID != "T0ACME" || who.UserID != slacksim.BotUserID || who.BotID != slacksim.BotID ||
		who.EnterpriseID != "E0" || !strings.Contains(who.Header.Get("X-OAuth-Scopes"), "chat:write") {
		t.Errorf("auth.test: %+v, %v", who, err)
	}
	bot, err := api.GetBotInfoContext(ctx(t), slack.GetBotInfoParameters{Bot: slacksim.BotID})
	if err != nil || bot.AppID != slacksim.AppID {
		t.Errorf("bots.info: %+v, %v", bot, err)
	}
	b.SetScopes("team:read")
	team, err := api.GetTeamInfoContext(ctx(t))
	if err != nil || team.Name != "Acme" || team.Domain != "acme" {
		t.Errorf("team.info: %+v, %v", team, err)
	}
}

func TestUsersBySlackGo(t *testing.T) {
	b := start(t)
	b.AddUser(slacksim.User{ID: "U0OUT", Name: "out", TeamID: "T0OTHER", Stranger: true, Locale: "fr-FR"})
	b.AddUser(slacksim.User{ID: "U0GUEST", Name: "guest", UltraRestricted: true, Email: "g@example.com", EmailUnconfirmed: true})
	b.AddUser(slacksim.User{ID: "U0GONE", Name: "gone", Deleted: true, Email: "gone@example.com"})
	api := b.slack()
	user, err := api.GetUserInfoContext(ctx(t), alice)
	if err != nil || user.Locale != "de-DE" || user.TZ != "Europe/Berlin" || user.TZOffset != 3600 ||
		user.Profile.Email != "alice@example.com" || user.TeamID != "T0ACME" || user.Profile.Title != "host" {
		t.Errorf("alice: %+v, %v", user, err)
	}
	out, err := api.GetUserInfoContext(ctx(t), "U0OUT")
	if err != nil || out.Locale != "" || out.TeamID != "T0OTHER" || !out.IsStranger {
		t.Errorf("outsider: %+v, %v", out, err)
	}
	guest, err := api.GetUserInfoContext(ctx(t), "U0GUEST")
	if err != nil || !guest.IsRestricted || !guest.IsUltraRestricted {
		t.Errorf("guest: %+v, %v", guest, err)
	}
	gone, err := api.GetUserInfoContext(ctx(t), "U0GONE")
	if err != nil || !gone.Deleted || gone.TZ != "" {
		t.Errorf("gone: %+v, %v", gone, err)
	}
	if _, err := api.GetUserInfoContext(ctx(t), "U0NOBODY"); err == nil || err.Error() != "user_not_found" {
		t.Errorf("nobody: %v", err)
	}
	found, err := api.GetUserByEmailContext(ctx(t), "ALICE@example.com")
	if err != nil || found.ID != alice {
		t.Errorf("by e-mail: %+v, %v", found, err)
	}
	if _, err := api.GetUserByEmailContext(ctx(t), "gone@example.com"); err == nil || err.Error() != "users_not_found" {
		t.Errorf("by the e-mail of somebody who left: %v", err)
	}
}

func TestUserFieldsThatSlackHoldsBack(t *testing.T) {
	b := start(t)
	user := b.call("users.info", "user", alice).fields["user"].(map[string]any)
	if _, there := user["locale"]; there {
		t.Error("locale without include_locale")
	}
	if user["is_email_confirmed"] != true {
		t.Errorf("is_email_confirmed: %v", user["is_email_confirmed"])
	}
	if got := b.callJSON("users.info", map[string]any{"user": alice}); got.err() != "user_not_found" {
		t.Errorf("users.info read a JSON body: %s", got.body)
	}
	query := b.do(b.request("GET", "/api/users.info?user="+alice, "", "", "Authorization", "Bearer "+botToken))
	if query.fields["ok"] != true {
		t.Errorf("users.info by GET: %s", query.body)
	}
	b.SetScopes("users:read")
	user = b.call("users.info", "user", alice).fields["user"].(map[string]any)
	if _, there := user["profile"].(map[string]any)["email"]; there {
		t.Error("e-mail without its scope")
	}
}

func TestGroupsBySlackGo(t *testing.T) {
	b := start(t)
	b.AddUser(slacksim.User{ID: "U0GONE", Name: "gone", Deleted: true})
	b.AddGroup(slacksim.Group{ID: "S0HOSTS", Handle: "hosts", Members: []string{alice, "U0GONE"}})
	b.AddGroup(slacksim.Group{ID: "S0OLD", Handle: "old", Members: []string{bob}, Disabled: true})
	api := b.slack()
	groups, err := api.GetUserGroupsContext(ctx(t), slack.GetUserGroupsOptionIncludeUsers(true))
	if err != nil || len(groups) != 1 || groups[0].Handle != "hosts" || !slices.Equal(groups[0].Users, []string{alice}) {
		t.Errorf("groups %+v, %v", groups, err)
	}
	members, err := api.GetUserGroupMembersContext(ctx(t), "S0HOSTS")
	if err != nil || !slices.Equal(members, []string{alice}) {
		t.Errorf("members %v, %v", members, err)
	}
	if _, err := api.GetUserGroupMembersContext(ctx(t), "S0OLD"); err == nil || err.Error() != "no_such_subteam" {
		t.Errorf("disabled group: %v", err)
	}
}

func TestConversationsBySlackGo(t *testing.T) {
	b := start(t)
	b.AddChannel(slacksim.Channel{ID: "C0SECRET", Name: "secret", Private: true, Members: []string{alice}})
	b.AddChannel(slacksim.Channel{ID: "C0OURS", Name: "ours", Private: true, ExtShared: true, Members: []string{alice, slacksim.BotUserID}})
	api := b.slack()
	info, err := api.GetConversationInfoContext(ctx(t), &slack.GetConversationInfoInput{ChannelID: "C0OURS"})
	if err != nil || !info.IsPrivate || !info.IsExtShared || info.Name != "ours" {
		t.Errorf("info %+v, %v", info, err)
	}
	if _, err := api.GetConversationInfoContext(ctx(t), &slack.GetConversationInfoInput{ChannelID: "C0SECRET"}); err == nil || err.Error() != "channel_not_found" {
		t.Errorf("a private channel without the app: %v", err)
	}
	first, cursor, err := api.GetUsersInConversationContext(ctx(t), &slack.GetUsersInConversationParameters{ChannelID: ops, Limit: 2})
	if err != nil || len(first) != 2 || cursor == "" {
		t.Errorf("first page %v, %q, %v", first, cursor, err)
	}
	rest, cursor, err := api.GetUsersInConversationContext(ctx(t), &slack.GetUsersInConversationParameters{ChannelID: ops, Cursor: cursor})
	if err != nil || len(rest) != 1 || cursor != "" {
		t.Errorf("second page %v, %q, %v", rest, cursor, err)
	}
	if got := b.call("conversations.members", "channel", ops, "cursor", "nonsense"); got.err() != "invalid_cursor" {
		t.Errorf("bad cursor: %s", got.body)
	}
	if got := b.call("conversations.open", "users", alice); got.err() != "missing_scope" || got.fields["needed"] != "im:write" {
		t.Errorf("open without the scope, which the manifest has not: %s", got.body)
	}
	b.SetScopes("im:write")
	im, _, _, err := api.OpenConversationContext(ctx(t), &slack.OpenConversationParameters{Users: []string{alice}})
	if err != nil || im.ID != "D0ALICE" {
		t.Errorf("open %+v, %v", im, err)
	}
	for users, want := range map[string]string{
		"": "users_list_not_supplied", "U0NOBODY": "user_not_found", slacksim.BotUserID: "cannot_dm_bot",
		alice + "," + bob: "missing_scope",
	} {
		if got := b.call("conversations.open", "users", users); got.err() != want {
			t.Errorf("open %q: %s, want %s", users, got.body, want)
		}
	}
}

func TestMessagesBySlackGo(t *testing.T) {
	b := start(t)
	api := b.slack()
	section := slack.NewSectionBlock(slack.NewTextBlockObject(slack.MarkdownType, "*hi*", false, true), nil, nil)
	channel, ts, err := api.PostMessageContext(ctx(t), alice, slack.MsgOptionText("hi", false), slack.MsgOptionBlocks(section))
	if err != nil || channel != "D0ALICE" {
		t.Fatalf("post to a person: %s, %v", channel, err)
	}
	if _, _, text, err := api.UpdateMessageContext(ctx(t), channel, ts, slack.MsgOptionText("changed", false)); err != nil || text != "changed" {
		t.Errorf("update: %q, %v", text, err)
	}
	got := b.Messages(slacksim.Filter{Channel: channel})
	if len(got) != 1 || got[0].Text != "changed" || got[0].Blocks != nil || !got[0].Edited || got[0].Username != "overtime" {
		t.Errorf("messages %+v", got)
	}
	hidden, err := api.PostEphemeralContext(ctx(t), ops, alice, slack.MsgOptionText("psst", false))
	if err != nil {
		t.Fatal(err)
	}
	if _, _, _, err := api.UpdateMessageContext(ctx(t), ops, hidden, slack.MsgOptionText("x", false)); err == nil || err.Error() != "cant_update_message" {
		t.Errorf("update of an ephemeral message: %v", err)
	}
	if _, _, err := api.DeleteMessageContext(ctx(t), channel, ts); err != nil {
		t.Errorf("delete: %v", err)
	}
	if _, _, err := api.DeleteMessageContext(ctx(t), channel, ts); err == nil || err.Error() != "message_not_found" {
		t.Errorf("delete twice: %v", err)
	}
}

func TestWhereTheAppMayPost(t *testing.T) {
	b := start(t)
	b.AddUser(slacksim.User{ID: "U0CAROL", Name: "carol"})
	b.AddChannel(slacksim.Channel{ID: "C0SECRET", Name: "secret", Private: true, Members: []string{alice}})
	b.AddChannel(slacksim.Channel{ID: "C0OPEN", Name: "open", Members: []string{alice}})
	for _, test := range []struct{ method, channel, user, text, want string }{
		{"chat.postMessage", "C0NONE", "", "x", "channel_not_found"},
		{"chat.postMessage", "C0SECRET", "", "x", "channel_not_found"},
		{"chat.postMessage", "C0OPEN", "", "x", "not_in_channel"},
		{"chat.postMessage", "#ops", "", "x", ""},
		{"chat.postMessage", ops, "", "", "no_text"},
		{"chat.postEphemeral", "C0OPEN", alice, "x", "not_in_channel"},
		{"chat.postEphemeral", ops, "U0CAROL", "x", "user_not_in_channel"},
		{"chat.postEphemeral", ops, alice, "", "no_text"},
		{"chat.postEphemeral", ops, alice, "x", ""},
	} {
		got := b.call(test.method, "channel", test.channel, "user", test.user, "text", test.text)
		if got.err() != test.want {
			t.Errorf("%+v: %s", test, got.body)
		}
	}
	b.SetScopes("chat:write", "chat:write.public")
	if got := b.call("chat.postMessage", "channel", "C0OPEN", "text", "x"); got.err() != "" {
		t.Errorf("with chat:write.public: %s", got.body)
	}
}

func TestTextLimits(t *testing.T) {
	b := start(t)
	long := strings.Repeat("ü", 4001)
	posted := b.call("chat.postMessage", "channel", ops, "text", long)
	ts, _ := posted.fields["ts"].(string)
	if got := b.call("chat.update", "channel", ops, "ts", ts, "text", long); got.err() != "msg_too_long" {
		t.Errorf("update with 4001 characters: %s", got.body)
	}
	if got := b.call("chat.update", "channel", ops, "ts", ts, "text", long[2:]); got.err() != "" {
		t.Errorf("update with 4000 characters: %s", got.body)
	}
	b.call("chat.postMessage", "channel", ops, "text", strings.Repeat("x", 40_001))
	if got := b.Messages(slacksim.Filter{Channel: ops}); len(got[1].Text) != 40_000 {
		t.Errorf("kept %d characters", len(got[1].Text))
	}
}

func TestOthersMessagesCannotBeChanged(t *testing.T) {
	b := start(t)
	b.mustCommand(alice, ops, "mine")
	ts := b.Messages(slacksim.Filter{User: alice})[0].TS
	if got := b.call("chat.update", "channel", ops, "ts", ts, "text", "x"); got.err() != "cant_update_message" {
		t.Errorf("update: %s", got.body)
	}
	if got := b.call("chat.delete", "channel", ops, "ts", ts); got.err() != "cant_delete_message" {
		t.Errorf("delete: %s", got.body)
	}
}

func TestJSONAndFormsAndMultipartMeanTheSame(t *testing.T) {
	b := start(t)
	blocks := `[{"type":"divider"}]`
	b.callJSON("chat.postMessage", map[string]any{"channel": ops, "text": "t", "blocks": []any{map[string]any{"type": "divider"}}})
	b.callJSON("chat.postMessage", map[string]any{"channel": ops, "text": "t", "blocks": blocks})
	b.call("chat.postMessage", "channel", ops, "text", "t", "blocks", blocks)
	body := "--X\r\nContent-Disposition: form-data; name=\"channel\"\r\n\r\n" + ops +
		"\r\n--X\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\nt" +
		"\r\n--X\r\nContent-Disposition: form-data; name=\"blocks\"\r\n\r\n" + blocks + "\r\n--X--\r\n"
	b.do(b.request("POST", "/api/chat.postMessage", "multipart/form-data; boundary=X", body, "Authorization", "Bearer "+botToken))
	got := b.Messages(slacksim.Filter{Channel: ops})
	if len(got) != 4 {
		t.Fatalf("%d messages", len(got))
	}
	for _, message := range got {
		if message.Text != "t" || !strings.Contains(string(message.Blocks), "divider") {
			t.Errorf("message %+v", message)
		}
	}
}

func TestMessageRate(t *testing.T) {
	b := start(t, func(cfg *slacksim.Config) { cfg.MessageBurst = 3 })
	for range 3 {
		if got := b.call("chat.postMessage", "channel", ops, "text", "x"); got.err() != "" {
			t.Fatal(got.body)
		}
	}
	got := b.call("chat.postMessage", "channel", ops, "text", "x")
	if got.status != 429 || got.header.Get("Retry-After") != "1" || got.err() != "ratelimited" {
		t.Errorf("after the burst: %d, Retry-After %q, %s", got.status, got.header.Get("Retry-After"), got.body)
	}
	if got := b.call("chat.postMessage", "channel", "D0ALICE", "text", "x"); got.err() != "" {
		t.Errorf("another channel: %s", got.body)
	}
	b.clock.forward(time.Second)
	if got := b.call("chat.postMessage", "channel", ops, "text", "x"); got.err() != "" {
		t.Errorf("a second later: %s", got.body)
	}
}

func TestTiers(t *testing.T) {
	b := start(t)
	for call := range 21 {
		got := b.call("usergroups.list")
		if limited := got.status == 429; limited != (call == 20) {
			t.Fatalf("call %d: %d", call+1, got.status)
		}
		if call == 20 && got.header.Get("Retry-After") != "3" {
			t.Errorf("Retry-After %q", got.header.Get("Retry-After"))
		}
	}
	free := start(t, func(cfg *slacksim.Config) { cfg.NoTiers = true })
	for range 21 {
		if got := free.call("usergroups.list"); got.status != 200 {
			t.Fatalf("without tiers: %d", got.status)
		}
	}
}

func TestScheduledMessages(t *testing.T) {
	b := start(t)
	at := func(d time.Duration) string {
		return encode(t, b.clock.Now().Add(d).Unix())
	}
	for text, want := range map[string]string{"soon": "invalid_time", at(0): "time_in_past", at(121 * 24 * time.Hour): "time_too_far"} {
		if got := b.call("chat.scheduleMessage", "channel", ops, "text", "x", "post_at", text); got.err() != want {
			t.Errorf("post_at %s: %s, want %s", text, got.body, want)
		}
	}
	_, first, err := b.slack().ScheduleMessageContext(ctx(t), ops, at(time.Hour), slack.MsgOptionText("later", false))
	if err != nil {
		t.Fatal(err)
	}
	second := b.call("chat.scheduleMessage", "channel", ops, "text", "never", "post_at", at(time.Hour))
	if _, err := b.slack().DeleteScheduledMessageContext(ctx(t), &slack.DeleteScheduledMessageParameters{
		Channel: ops, ScheduledMessageID: second.fields["scheduled_message_id"].(string),
	}); err != nil {
		t.Error(err)
	}
	b.clock.forward(time.Hour)
	b.call("auth.test")
	if got := b.Messages(slacksim.Filter{Channel: ops}); len(got) != 1 || got[0].Text != "later" {
		t.Errorf("posted %+v", got)
	}
	if got := b.call("chat.deleteScheduledMessage", "channel", ops, "scheduled_message_id", first); got.err() != "invalid_scheduled_message_id" {
		t.Errorf("delete of what was posted: %s", got.body)
	}
	for range 30 {
		b.call("chat.scheduleMessage", "channel", ops, "text", "x", "post_at", at(time.Hour))
	}
	if got := b.call("chat.scheduleMessage", "channel", ops, "text", "x", "post_at", at(time.Hour)); got.err() != "restricted_too_many" {
		t.Errorf("31st in five minutes: %s", got.body)
	}
}

func TestSocketAddressFollowsTheRequestUnlessNamed(t *testing.T) {
	b := start(t)
	b.SetURL("https://slack.example")
	link, err := url.Parse(b.link())
	if err != nil || link.Scheme != "wss" || link.Host != "slack.example" || link.Query().Get("app_id") != slacksim.AppID {
		t.Errorf("named: %v, %v", link, err)
	}
	b.SetURL("")
	if link := b.link(); !strings.HasPrefix(link, strings.Replace(b.url, "http", "ws", 1)+"/link/?") {
		t.Errorf("from the request: %s", link)
	}
}

func TestOldMessagesAreForgotten(t *testing.T) {
	b := start(t, func(cfg *slacksim.Config) { cfg.MessagesKept = 10; cfg.MessageBurst = -1 })
	for range 55 {
		b.mustCommand(alice, ops, "line")
	}
	b.mustCommand(alice, ops, "last")
	got := b.Messages(slacksim.Filter{Channel: ops})
	if len(got) < 10 || len(got) >= 20 || got[len(got)-1].Text != "last" {
		t.Errorf("%d messages kept", len(got))
	}
}

// On Enterprise Grid one person has two IDs, and Slack knows them by either.
func TestTwoIDsBySlackGo(t *testing.T) {
	b := start(t, func(cfg *slacksim.Config) { cfg.Team.EnterpriseID = "E0" })
	for _, id := range []string{"U0TWO", "W0TWO"} {
		b.AddUser(slacksim.User{ID: id, GridID: "W0TWO", Name: "two"})
		user, err := b.slack().GetUserInfoContext(ctx(t), id)
		if err != nil || user.ID != id || user.Enterprise.ID != "W0TWO" || user.Enterprise.EnterpriseID != "E0" {
			t.Errorf("%s: %+v, %v", id, user, err)
		}
	}
	user, err := b.slack().GetUserInfoContext(ctx(t), alice)
	if err != nil || user.Enterprise.ID != alice {
		t.Errorf("alice: %+v, %v", user, err)
	}
}
