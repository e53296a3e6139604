package manifest

import "encoding/json"

// The shortcuts, by their callback_id.
const (
	ExtendShortcut      = "extend_meeting"
	FromMessageShortcut = "extend_from_message"
)

// Event is one that Slack sends to the bot.
// Source: https://docs.slack.dev/reference/events
type Event struct {
	Name   string
	Reason string   // what the bot does with it
	Scopes []string // that it takes
}

var events = []Event{
	{Name: "app_home_opened", Reason: "fills the Home tab"},
	{Name: "app_mention", Reason: "answers a mention, in threads too, where commands do not work", Scopes: []string{"app_mentions:read"}},
	{Name: "member_joined_channel", Reason: "greets a channel that the bot is invited to", Scopes: []string{"channels:read", "groups:read"}},
	{Name: "message.im", Reason: "answers direct messages", Scopes: []string{"im:history"}},
}

// Manifest is a Slack app as https://api.slack.com/apps takes it.
// Source: https://docs.slack.dev/reference/app-manifest
type Manifest struct {
	Metadata    metadata `json:"_metadata" yaml:"_metadata"`
	Display     display  `json:"display_information" yaml:"display_information"`
	Features    features `json:"features" yaml:"features"`
	OAuthConfig oauth    `json:"oauth_config" yaml:"oauth_config"`
	Settings    settings `json:"settings" yaml:"settings"`
}

type metadata struct {
	Major int `json:"major_version" yaml:"major_version"`
	Minor int `json:"minor_version" yaml:"minor_version"`
}

type display struct {
	Name        string `json:"name" yaml:"name"`
	Description string `json:"description" yaml:"description"`
}

type features struct {
	AppHome       appHome        `json:"app_home" yaml:"app_home"`
	BotUser       botUser        `json:"bot_user" yaml:"bot_user"`
	Shortcuts     []shortcut     `json:"shortcuts" yaml:"shortcuts"`
	SlashCommands []slashCommand `json:"slash_commands" yaml:"slash_commands"`
}

type appHome struct {
	HomeTab          bool `json:"home_tab_enabled" yaml:"home_tab_enabled"`
	MessagesTab      bool `json:"messages_tab_enabled" yaml:"messages_tab_enabled"`
	MessagesReadOnly bool `json:"messages_tab_read_only_enabled" yaml:"messages_tab_read_only_enabled"`
}

type botUser struct {
	Name   string `json:"display_name" yaml:"display_name"`
	Always bool   `json:"always_online" yaml:"always_online"` // a green dot even if the bot is down
}

type shortcut struct {
	Name        string `json:"name" yaml:"name"`
	Type        string `json:"type" yaml:"type"` // global or message
	CallbackID  string `json:"callback_id" yaml:"callback_id"`
	Description string `json:"description" yaml:"description"`
}

type slashCommand struct {
	Command     string `json:"command" yaml:"command"`
	Description string `json:"description" yaml:"description"`
	UsageHint   string `json:"usage_hint" yaml:"usage_hint"`
	Escape      bool   `json:"should_escape" yaml:"should_escape"` // the bot reads what was typed as it was typed
}

type oauth struct {
	Scopes struct {
		Bot []string `json:"bot" yaml:"bot"`
	} `json:"scopes" yaml:"scopes"`
}

type settings struct {
	Events struct {
		Bot []string `json:"bot_events" yaml:"bot_events"`
	} `json:"event_subscriptions" yaml:"event_subscriptions"`
	Interactivity struct {
		Enabled bool `json:"is_enabled" yaml:"is_enabled"`
	} `json:"interactivity" yaml:"interactivity"`
	OrgDeploy     bool `json:"org_deploy_enabled" yaml:"org_deploy_enabled"`
	SocketMode    bool `json:"socket_mode_enabled" yaml:"socket_mode_enabled"`
	TokenRotation bool `json:"token_rotation_enabled" yaml:"token_rotation_enabled"` // rotated tokens expire in hours
}

// New is the manifest of an app whose slash command has the name.
func New(command string) Manifest {
	m := Manifest{
		Metadata: metadata{Major: 2, Minor: 1},
		Display:  display{Name: "Overtime", Description: "Keeps Huawei Cloud meetings from being cut off"},
		Features: features{
			AppHome: appHome{HomeTab: true, MessagesTab: true},
			BotUser: botUser{Name: "overtime"},
			Shortcuts: []shortcut{
				{"Extend a meeting", "global", ExtendShortcut, "Choose a running meeting and extend it"},
				{"Extend this meeting", "message", FromMessageShortcut, "Extend the meeting that the message names"},
			},
			SlashCommands: []slashCommand{{
				Command: command, Description: "Extend a running meeting",
				UsageHint: "<meeting> [30 | 1h | until 15:30] | list | watch | why | help",
			}},
		},
		Settings: settings{SocketMode: true},
	}
	m.OAuthConfig.Scopes.Bot = Names(scopes)
	for _, event := range events {
		m.Settings.Events.Bot = append(m.Settings.Events.Bot, event.Name)
	}
	m.Settings.Interactivity.Enabled = true
	return m
}

// JSON is the manifest for machines.
func (m Manifest) JSON() ([]byte, error) {
	text, err := json.MarshalIndent(m, "", "  ")
	return append(text, '\n'), err
}
