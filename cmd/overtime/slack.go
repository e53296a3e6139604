package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	"github.com/cenkalti/backoff/v5"
	"github.com/overtime-bot/overtime/bot/trusted"
	"github.com/slack-go/slack"
)

// remedies are what to do when Slack refuses the bot token and no retry can heal it. For the app-level token,
// socket.FatalError has the remedy.
var remedies = map[string]string{
	"invalid_auth":             "SLACK_BOT_TOKEN is not valid; copy it again from the app's settings",
	"not_authed":               "no token arrived; check SLACK_BOT_TOKEN",
	"account_inactive":         "the app was removed from the workspace; install it again",
	"user_removed_from_team":   "the app's user was removed from the workspace; install it again",
	"team_disabled":            "the workspace is disabled",
	"token_expired":            "the token has expired; install the app again and copy the new one",
	"token_revoked":            "the token was revoked; install the app again and copy the new one",
	"no_permission":            "the app may not do this in the workspace; ask an administrator of the workspace",
	"not_allowed_token_type":   "SLACK_BOT_TOKEN is the wrong type of token; it starts with xoxb-",
	"missing_scope":            "the app lacks a scope; add it in the app's settings and install the app again",
	"access_denied":            "the workspace does not let the app in; ask an administrator of the workspace",
	"team_access_not_granted":  "the workspace does not let the app in; ask an administrator of the workspace",
	"forbidden_team":           "the workspace does not let the app in; ask an administrator of the workspace",
	"link_disabled":            "Socket Mode is switched off; switch it on in the app's settings",
	"missing_args":             "no token arrived; check SLACK_BOT_TOKEN",
	"org_login_required":       "the workspace is being migrated to an organisation; try again later",
	"enterprise_is_restricted": "the organisation does not let the app in; ask its administrator",
	"ekm_access_denied":        "the organisation does not let the app in; ask its administrator",
	"insecure_request":         "check SLACK_API_URL: https, ending in /api/",
	"unknown_method":           "check SLACK_API_URL: https, ending in /api/",
}

// scopesOf quotes the scopes that Slack names in a refusal, if any.
func scopesOf(needed, provided string) string {
	if needed == "" {
		return ""
	}
	return fmt.Sprintf(" (needed: %s; provided: %s)", needed, provided)
}

// coreScopes are those that the bot cannot work without. Each of the others costs a feature.
var coreScopes = []string{"commands", "chat:write", "users:read"}

var optionalScopes = []struct{ scope, without string }{
	{"users:read.email", "hosts are not recognised, so that HOSTS_MAY_EXTEND lets nobody in"},
	{"usergroups:read", "ALLOWED_GROUPS and ADMIN_GROUPS let nobody in"},
	{"channels:read", "ALLOWED_CHANNELS lets nobody in from public channels, and messages there name no titles"},
	{"groups:read", "ALLOWED_CHANNELS lets nobody in from private channels, and messages there name no titles"},
	{"im:write", "direct messages may not be delivered"},
	{"app_mentions:read", "mentions of the bot do not reach it, and nothing else works in threads"},
	{"im:history", "direct messages do not reach the bot"},
}

// wayScopes are those without which a way to reach the bot is closed. It says so where people look for it.
var wayScopes = []string{"app_mentions:read", "im:history"}

// opener asks Slack for the addresses of sockets, and takes none that is another's.
type opener struct {
	api   *slack.Client
	hosts trusted.Hosts
}

// StartSocketModeContext gives the address of a new socket.
func (o opener) StartSocketModeContext(ctx context.Context) (*slack.SocketModeConnection, string, error) {
	connection, address, err := o.api.StartSocketModeContext(ctx)
	if err == nil && address != "" {
		err = o.hosts.CheckSocket(address)
	}
	return connection, address, err
}

// judgeAuth separates a refusal from trouble that passes.
func judgeAuth(err error) error {
	var refused slack.SlackErrorResponse
	var throttled *slack.RateLimitedError
	switch {
	case errors.As(err, &refused) && remedies[refused.Err] != "":
		return backoff.Permanent(&fatalError{code: refused.Err, scopes: scopesOf(refused.Needed, refused.Provided), remedy: remedies[refused.Err]})
	case errors.As(err, &throttled):
		return backoff.RetryAfter(int(throttled.RetryAfter / time.Second))
	}
	return err
}

// missingScopes are those of wanted that the token lacks. Without the header nothing is known, and none is missing.
func missingScopes(header string, wanted []string) (missing []string) {
	granted := strings.FieldsFunc(header, func(r rune) bool { return r == ',' || r == ' ' })
	for _, scope := range wanted {
		if len(granted) > 0 && !slices.Contains(granted, scope) {
			missing = append(missing, scope)
		}
	}
	return missing
}

// checkScopes looks for scopes that the token lacks.
func checkScopes(header string, logger *slog.Logger) error {
	if missing := missingScopes(header, coreScopes); len(missing) > 0 {
		return &fatalError{code: "missing_scope", remedy: "the bot token lacks " + strings.Join(missing, ", ") + "; add it in the app's settings and install the app again"}
	}
	for _, optional := range optionalScopes {
		if len(missingScopes(header, []string{optional.scope})) > 0 {
			logger.Warn("the bot token lacks a scope", "scope", optional.scope, "so", optional.without)
		}
	}
	return nil
}
