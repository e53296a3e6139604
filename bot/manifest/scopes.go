package manifest

import (
	"slices"
	"strings"
)

// Scope is a permission of the bot token.
// Source: https://docs.slack.dev/reference/scopes
type Scope struct {
	Name    string
	Reason  string // what the bot does with it
	Without string // what does not work without it; empty for a core scope, without which the bot does not start
	Entry   bool   // without it a way to write to the bot is closed
}

// Core says that the bot cannot work without the scope.
func (s Scope) Core() bool { return s.Without == "" }

// Writing to a person's direct message takes no im:write, as long as the message is addressed to the person's ID.
// Source: https://docs.slack.dev/reference/methods/chat.postMessage
var scopes = []Scope{
	{Name: "commands", Reason: "receives the slash command and the shortcuts"},
	{Name: "chat:write", Reason: "answers, asks before a meeting ends, and keeps its messages up to date"},
	{Name: "users:read", Reason: "reads people's language and time zone, and whether they are guests or deactivated"},
	{
		Name: "users:read.email", Reason: "recognises a meeting's host by the confirmed e-mail address",
		Without: "hosts are not recognised, so that HOSTS_MAY_EXTEND lets nobody in",
	},
	{
		Name: "usergroups:read", Reason: "reads who is in ALLOWED_GROUPS and ADMIN_GROUPS",
		Without: "ALLOWED_GROUPS and ADMIN_GROUPS let nobody in",
	},
	{
		Name: "channels:read", Reason: "sees whether a public channel is shared with another workspace, and that the bot was invited",
		Without: "ALLOWED_CHANNELS lets nobody in from public channels, and messages there name no titles",
	},
	{
		Name: "groups:read", Reason: "sees the same of the private channels that the bot was invited to",
		Without: "ALLOWED_CHANNELS lets nobody in from private channels, and messages there name no titles",
	},
	{
		Name: "app_mentions:read", Reason: "reads messages that mention the bot", Entry: true,
		Without: "mentions of the bot do not reach it, and nothing else works in threads",
	},
	{
		Name: "im:history", Reason: "reads what people write to the bot in its direct message", Entry: true,
		Without: "direct messages do not reach the bot",
	},
}

// AppScope is the one scope of the app-level token. Slack takes it from no manifest.
const AppScope = "connections:write"

// Scopes are those that the bot uses, the core ones first.
func Scopes() []Scope { return slices.Clone(scopes) }

// Missing are the scopes that a bot token lacks. Granted is Slack's header X-OAuth-Scopes; without it nothing is known, and
// none is missing.
func Missing(granted string) (missing []Scope) {
	names := strings.FieldsFunc(granted, func(r rune) bool { return r == ',' || r == ' ' })
	if len(names) == 0 {
		return nil
	}
	return slices.DeleteFunc(Scopes(), func(scope Scope) bool { return slices.Contains(names, scope.Name) })
}

// Names are the names of scopes.
func Names(scopes []Scope) (names []string) {
	for _, scope := range scopes {
		names = append(names, scope.Name)
	}
	return names
}
