package main

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
)

const (
	botTokenPrefix = "xoxb-"
	appTokenPrefix = "xapp-"

	whereBotToken = "write the Bot User OAuth Token, xoxb-… (api.slack.com/apps: OAuth & Permissions)"
	whereAppToken = "write the app-level token, xapp-… (api.slack.com/apps: Basic Information, App-Level Tokens)"
)

var tokenForm = regexp.MustCompile(`^x(oxb|app)-[A-Za-z0-9_-]+$`)

// checkTokens finds the mistakes for which Slack has a bare error code, or no answer.
func (l *configLoad) checkTokens(slack SlackConfig) {
	bot, app := slack.BotToken.Reveal(), slack.AppToken.Reveal()
	if strings.HasPrefix(bot, appTokenPrefix) && strings.HasPrefix(app, botTokenPrefix) {
		l.fault("SLACK_BOT_TOKEN", "and SLACK_APP_TOKEN are swapped: the bot token begins with xoxb-, the app token with xapp-")
		return
	}
	l.checkToken("SLACK_BOT_TOKEN", bot, botTokenPrefix, whereBotToken)
	l.checkToken("SLACK_APP_TOKEN", app, appTokenPrefix, whereAppToken)
}

func (l *configLoad) checkToken(name, token, prefix, where string) {
	switch {
	case token == "":
		missing(l, name, "is not set: %s", where)
	case strings.ContainsFunc(token, isSpace):
		l.fault(name, "has a space or a line break in it: %s, on one line", where)
	case strings.HasPrefix(token, "xoxe"):
		l.fault(name, "is of token rotation and expires in hours: switch rotation off for the app, then %s", where)
	case strings.HasPrefix(token, appTokenPrefix) && prefix == botTokenPrefix:
		l.fault(name, "holds an app-level token, which belongs in SLACK_APP_TOKEN: %s", where)
	case strings.HasPrefix(token, botTokenPrefix) && prefix == appTokenPrefix:
		l.fault(name, "holds a bot token, which belongs in SLACK_BOT_TOKEN: %s", where)
	case !strings.HasPrefix(token, prefix):
		l.fault(name, "does not begin with %s: %s", prefix, where)
	case !tokenForm.MatchString(token):
		l.fault(name, "is not a whole token: %s", where)
	}
}

// An idKind is a kind of Slack ID, known by its first letter.
type idKind struct {
	form *regexp.Regexp
	what string
}

var (
	userID    = idKind{regexp.MustCompile(`^[UW][A-Z0-9]{2,20}$`), "the ID of a user, as U012AB3CD (in Slack: the profile, ⋮, Copy member ID)"}
	groupID   = idKind{regexp.MustCompile(`^S[A-Z0-9]{2,20}$`), "the ID of a user group, as S012AB3CD (in Slack: People, User groups, ⋮, Copy group ID)"}
	channelID = idKind{regexp.MustCompile(`^[CG][A-Z0-9]{2,20}$`), "the ID of a channel, as C012AB3CD (in Slack: the channel's details, at the bottom)"}
	// The bot can write to a direct message, but a direct message never gives rights.
	placeID = idKind{regexp.MustCompile(`^[CGD][A-Z0-9]{2,20}$`), channelID.what}
)

// checkIDs trims the lists and drops repeated entries. It wants IDs, since anybody can change a name.
func (l *configLoad) checkIDs(config *Config) {
	access := &config.Access
	for _, list := range []struct {
		name string
		ids  *[]string
		kind idKind
	}{
		{"ALLOWED_USERS", &access.AllowedUsers, userID},
		{"ALLOWED_GROUPS", &access.AllowedGroups, groupID},
		{"ALLOWED_CHANNELS", &access.AllowedChannels, channelID},
		{"DENIED_USERS", &access.DeniedUsers, userID},
		{"ADMIN_USERS", &access.AdminUsers, userID},
		{"ADMIN_GROUPS", &access.AdminGroups, groupID},
	} {
		var kept []string
		for _, id := range *list.ids {
			if id = strings.TrimSpace(id); id != "" && !slices.Contains(kept, id) {
				kept = append(kept, id)
				l.checkID(list.name, id, list.kind)
			}
		}
		*list.ids = kept
	}
	for name, id := range map[string]string{
		"NOTIFY_CHANNEL": config.NotifyChannel, "APPROVAL_CHANNEL": config.Limits.ApprovalChannel,
	} {
		if id != "" && !placeID.form.MatchString(id) {
			l.fault(name, "%s: write %s", l.stated(name), placeID.what)
		}
	}
}

func (l *configLoad) checkID(name, id string, kind idKind) {
	switch {
	case id == "*" && name == "ALLOWED_USERS", kind.form.MatchString(id):
	case id == "*":
		l.fault(name, "has a *, which is for ALLOWED_USERS alone: write %s", kind.what)
	case name == "ALLOWED_CHANNELS" && placeID.form.MatchString(id):
		l.fault(name, "has %s, which is a direct message and gives no rights: write %s", shown(id), kind.what)
	case strings.HasPrefix(shown(id), `"`):
		l.fault(name, "has an entry that is %s: write %s, with commas between several", shown(id), kind.what)
	default:
		l.fault(name, "has an entry that is not an ID (it is not shown here): write %s, with commas between several", kind.what)
	}
}

func isSpace(r rune) bool { return unicode.IsSpace(r) }

func hasControl(text string) bool { return strings.ContainsFunc(text, unicode.IsControl) }
