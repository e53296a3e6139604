package bot

import (
	"errors"
	"net"

	"github.com/slack-go/slack"
)

// badBlocks begins Slack's errors for a layout that it refuses: invalid_blocks, invalid_blocks_format.
const badBlocks = "invalid_blocks"

// doubtful are Slack's errors after which a message may be there all the same.
// Source: https://docs.slack.dev/reference/methods/chat.postMessage
var doubtful = map[string]bool{
	"internal_error": true, "fatal_error": true, "service_unavailable": true, "request_timeout": true,
}

// refusedClearly says that Slack certainly has no message: it throttled, gave a clear code, or was never reached.
func refusedClearly(err error) bool {
	if _, throttled := errors.AsType[*slack.RateLimitedError](err); throttled {
		return true
	}
	if network, ok := errors.AsType[*net.OpError](err); ok && network.Op == "dial" {
		return true
	}
	refused, ok := errors.AsType[slack.SlackErrorResponse](err)
	return ok && !doubtful[refused.Err]
}

// remedies say what to do about a place where the bot cannot post. Another place may do.
var remedies = map[string]string{
	"not_in_channel":                      "invite the app to the channel",
	"channel_not_found":                   "invite the app to the channel, if it is private, or choose another",
	"is_archived":                         "choose another channel: this one is archived",
	"restricted_action":                   "let the app post in the channel: its settings forbid it",
	"restricted_action_read_only_channel": "let the app post in the channel: it is read-only",
	"user_not_found":                      "nobody has this ID any more",
	"cannot_dm_bot":                       "nobody reads there: it is a bot",
	"messages_tab_disabled":               "switch the app's Messages tab on, so that people can be written to",
	"user_disabled":                       "the account is deactivated",
	"team_not_found":                      "the person is of a workspace that the app is not installed in",
}

// remedyOf is what to do if Slack does not let the bot post in a place; empty for any other error.
func remedyOf(err error) string {
	refused, _ := errors.AsType[slack.SlackErrorResponse](err)
	return remedies[refused.Err]
}

// uneditable are Slack's refusals of chat.update that no second try can heal.
// Source: https://docs.slack.dev/reference/methods/chat.update
var uneditable = map[string]bool{
	"message_not_found": true, "cant_update_message": true, "edit_window_closed": true, "channel_not_found": true,
	"is_archived": true, "is_inactive": true, "not_in_channel": true, "user_not_found": true,
}
