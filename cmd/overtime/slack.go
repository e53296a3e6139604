package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/cenkalti/backoff/v5"
	"github.com/overtime-bot/overtime/bot/manifest"
	"github.com/overtime-bot/overtime/bot/trusted"
	"github.com/slack-go/slack"
)

// copyBotToken is what to do with a bot token that no longer works.
const copyBotToken = "copy the Bot User OAuth Token (xoxb-…) from OAuth & Permissions at api.slack.com/apps to SLACK_BOT_TOKEN, and restart"

// remedies are what to do when Slack refuses the bot token and no retry can heal it. For the app-level token,
// socket.FatalError has the remedy.
var remedies = map[string]string{
	"invalid_auth":             "SLACK_BOT_TOKEN is not valid; " + copyBotToken,
	"not_authed":               "no token arrived; check SLACK_BOT_TOKEN",
	"account_inactive":         "the app of SLACK_BOT_TOKEN was removed from the workspace; install it again, then " + copyBotToken,
	"user_removed_from_team":   "the user of SLACK_BOT_TOKEN was removed from the workspace; install the app again, then " + copyBotToken,
	"team_disabled":            "the workspace of SLACK_BOT_TOKEN is disabled; enable it, or install the app in another one, then " + copyBotToken,
	"token_expired":            "SLACK_BOT_TOKEN has expired; install the app again, then " + copyBotToken,
	"token_revoked":            "SLACK_BOT_TOKEN was revoked; install the app again, then " + copyBotToken,
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

// newSlackClient calls Slack's Web API with both tokens.
func newSlackClient(config SlackConfig, carrier trusted.Carrier) *slack.Client {
	return slack.New(config.BotToken.Reveal(), slack.OptionAppLevelToken(config.AppToken.Reveal()),
		slack.OptionAPIURL(config.APIURL), slack.OptionHTTPClient(carrier.Client(slackTimeout)))
}

// withoutAddress is the text of an error of net/http without the address that was called.
func withoutAddress(err error) string {
	if called, ok := errors.AsType[*url.Error](err); ok {
		err = called.Err
	}
	return err.Error()
}

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

var errNamesNobody = errors.New("the answer to auth.test names no workspace")

// otherThanSlack is an answer that Slack's Web API never gives: somebody else is at SLACK_API_URL.
func otherThanSlack(err error) bool {
	answered, ok := errors.AsType[slack.StatusCodeError](err)
	return ok && answered.Code >= 300 && answered.Code < 500 && answered.Code != http.StatusTooManyRequests
}

const (
	notSlackSeen   = "what answers at SLACK_API_URL is not Slack's Web API"
	notSlackRemedy = "take SLACK_API_URL out, or write https://slack.com/api/; a proxy may also answer in Slack's place"
)

// judgeAuth separates a refusal from trouble that passes.
func judgeAuth(err error) error {
	var refused slack.SlackErrorResponse
	var throttled *slack.RateLimitedError
	switch {
	case errors.As(err, &refused) && remedies[refused.Err] != "":
		return backoff.Permanent(&fatalError{code: refused.Err, scopes: scopesOf(refused.Needed, refused.Provided), remedy: remedies[refused.Err]})
	case errors.As(err, &throttled):
		return backoff.RetryAfter(int(throttled.RetryAfter / time.Second))
	case otherThanSlack(err):
		return fmt.Errorf("%s (%w): %s", notSlackSeen, err, notSlackRemedy)
	}
	return err
}

// checkScopes looks for scopes that the token lacks. One that is not core costs a feature.
func checkScopes(header string, logger *slog.Logger) error {
	var core []manifest.Scope
	for _, scope := range manifest.Missing(header) {
		if scope.Core() {
			core = append(core, scope)
		}
	}
	if len(core) > 0 {
		return &fatalError{code: "missing_scope", remedy: "the bot token lacks " + strings.Join(manifest.Names(core), ", ") + "; add it in the app's settings and install the app again"}
	}
	for _, scope := range manifest.Missing(header) {
		logger.Warn("the bot token lacks a scope", "scope", scope.Name, "so", scope.Without)
	}
	return nil
}

// closedEntries are the missing scopes without which people cannot write to the bot in one of the ways. It says so where
// they look for it.
func closedEntries(header string) []string {
	return manifest.Names(slices.DeleteFunc(manifest.Missing(header), func(scope manifest.Scope) bool { return !scope.Entry }))
}
