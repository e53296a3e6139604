package bot

import (
	"cmp"
	"errors"
	"net"

	"github.com/overtime-bot/overtime/bot/pace"
	"github.com/slack-go/slack"
)

// badBlocks begins Slack's errors for a layout that it refuses: invalid_blocks, invalid_blocks_format.
const badBlocks = "invalid_blocks"

// doubtful are Slack's errors after which a message may be there all the same.
// Source: https://docs.slack.dev/reference/methods/chat.postMessage
var doubtful = map[string]bool{
	"internal_error": true, "fatal_error": true, "service_unavailable": true, "request_timeout": true,
}

// errNoProof says that an answer without an error has no message either, as one of a proxy.
var errNoProof = errors.New("slack's answer names no message")

// proven takes a message for posted or edited only if Slack says when: slack-go passes an answer for good that says no
// without a code, or nothing.
func proven(timestamp string, err error) error {
	if err == nil && timestamp == "" {
		return errNoProof
	}
	return err
}

// notTaken says that Slack certainly has no message: it throttled, refused, or was never reached, or somebody on the way
// answered for it.
func notTaken(err error) bool {
	if network, ok := errors.AsType[*net.OpError](err); ok && network.Op == "dial" {
		return true
	}
	_, passes := pace.Again(err)
	return passes || refusedClearly(err)
}

// refusedClearly says that Slack refused, with whatever code: a second try would be refused as well.
func refusedClearly(err error) bool {
	refused, ok := errors.AsType[slack.SlackErrorResponse](err)
	_, passes := pace.Again(err)
	return ok && !passes && !doubtful[refused.Err]
}

// remedies say what to do about a place where the bot cannot post. Another place may do.
var remedies = map[string]string{
	"not_in_channel":                        "invite the app to the channel",
	"channel_not_found":                     "invite the app to the channel, if it is private, or choose another",
	"is_archived":                           "choose another channel: this one is archived",
	"restricted_action":                     "let the app post in the channel: its settings forbid it",
	"restricted_action_read_only_channel":   "let the app post in the channel: it is read-only",
	"restricted_action_thread_only_channel": "choose another channel: this one takes replies alone",
	"user_not_found":                        "nobody has this ID any more",
	"cannot_dm_bot":                         "nobody reads there: it is a bot",
	"messages_tab_disabled":                 "switch the app's Messages tab on, so that people can be written to",
	"user_disabled":                         "the account is deactivated",
	"account_inactive":                      "the account is deactivated, or the app was removed from the workspace",
	"team_not_found":                        "the person is of a workspace that the app is not installed in",
}

// remedyOf is what to do about a clear refusal. Only the words depend on its code.
func remedyOf(err error) string {
	refused, _ := errors.AsType[slack.SlackErrorResponse](err)
	return cmp.Or(remedies[refused.Err], "see what this error means: https://docs.slack.dev/reference/methods/chat.postMessage")
}
