package socket

import (
	"fmt"

	"github.com/slack-go/slack"
)

// FatalError is a refusal of Slack that no retry can heal: somebody has to change a token or a setting.
type FatalError struct {
	Code     string // Slack's own, such as invalid_auth or link_disabled
	Needed   string // the scopes that Slack asks for, if it says
	Provided string // the scopes that the token has, if it says
	Hint     string // what to do
}

// modeNotEnabled is what other methods of Slack call it.
const modeNotEnabled = "socket_mode_not_enabled"

// SwitchedOff says that the token is good, and the app's Socket Mode off.
func (e *FatalError) SwitchedOff() bool {
	return e.Code == reasonLinkDisabled || e.Code == modeNotEnabled
}

func (e *FatalError) Error() string {
	text := "slack refuses the socket for good: " + e.Code
	if e.Needed != "" {
		text += fmt.Sprintf(" (needed: %s; provided: %s)", e.Needed, e.Provided)
	}
	return text + ": " + e.Hint
}

// SwitchModeOn is the remedy for an app whose Socket Mode is off.
const SwitchModeOn = "switch Socket Mode on in the settings of the app"

// newFatalError returns nil for a refusal that a retry may heal.
// Codes: https://docs.slack.dev/reference/methods/apps.connections.open
func newFatalError(refused slack.SlackErrorResponse) *FatalError {
	const (
		checkToken = "SLACK_APP_TOKEN is not valid; copy the app-level token (xapp-…) again from Basic Information at api.slack.com/apps, " +
			"or generate one there with the scope connections:write, and restart"
		wrongToken = "SLACK_APP_TOKEN takes the app-level token (xapp-…) from Basic Information at api.slack.com/apps, not the bot token"
		grantScope = "give the app-level token of SLACK_APP_TOKEN the scope connections:write"
		askAdmin   = "ask an administrator of the workspace to allow the app of SLACK_APP_TOKEN and its owner"
		wrongURL   = "check SLACK_API_URL: https, ending in /api/"
	)
	var hint string
	switch refused.Err {
	case "invalid_auth", "token_expired", "token_revoked":
		hint = checkToken
	case "not_authed", "not_allowed_token_type", "missing_args":
		hint = wrongToken
	case "missing_scope", "no_permission":
		hint = grantScope
	case "account_inactive", "user_removed_from_team", "team_disabled", "access_denied",
		"team_access_not_granted", "forbidden_team", "enterprise_is_restricted", "ekm_access_denied":
		hint = askAdmin
	case reasonLinkDisabled, modeNotEnabled:
		hint = SwitchModeOn
	case "insecure_request", "unknown_method":
		hint = wrongURL
	default:
		return nil
	}
	return &FatalError{Code: refused.Err, Needed: refused.Needed, Provided: refused.Provided, Hint: hint}
}
