package bot

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"time"

	"github.com/overtime-bot/overtime/scheduler"
	"github.com/slack-go/slack"
)

// post sends a message to a channel, or to a person by their ID, and tells where it is. What Slack throttled is sent
// again when Slack says so, if ctx lasts that long; what may have arrived never is: scheduler.ErrInDoubt. A layout that Slack
// does not take is left out rather than the message.
func (b *Bot) post(ctx context.Context, to string, message Message) (scheduler.Posted, error) {
	options := messageOptions(message)
	posted, err := b.postPatiently(ctx, to, options)
	if err != nil && strings.Contains(err.Error(), badBlocks) {
		b.logger.ErrorContext(ctx, "slack does not take the layout of a message", "error", err)
		posted, err = b.postPatiently(ctx, to, messageOptions(Message{Text: message.Text}))
	}
	return posted, err
}

func messageOptions(message Message) []slack.MsgOption {
	return []slack.MsgOption{
		slack.MsgOptionText(message.Text, false), slack.MsgOptionBlocks(message.Blocks...),
		slack.MsgOptionDisableLinkUnfurl(), slack.MsgOptionDisableMediaUnfurl(),
	}
}

func (b *Bot) postPatiently(ctx context.Context, to string, options []slack.MsgOption) (posted scheduler.Posted, err error) {
	err = b.patiently(ctx, func() error {
		posted.Channel, posted.Timestamp, err = b.config.Poster.PostMessageContext(ctx, to, options...)
		return err
	})
	err = withoutURL(err)
	if err != nil && !refusedClearly(err) {
		err = fmt.Errorf("%w: %w", scheduler.ErrInDoubt, err)
	}
	if err != nil {
		return scheduler.Posted{}, fmt.Errorf("posting to %s: %w", to, err)
	}
	return posted, nil
}

// edit puts another message in the place of one that was posted. To do so twice does no harm.
func (b *Bot) edit(ctx context.Context, channel, timestamp string, message Message) error {
	err := b.patiently(ctx, func() error {
		_, _, _, err := b.config.Poster.UpdateMessageContext(ctx, channel, timestamp, messageOptions(message)...)
		return err
	})
	if err != nil {
		return fmt.Errorf("editing a message in %s: %w", channel, withoutURL(err))
	}
	return nil
}

// patiently calls again what Slack throttled, after the time that Slack gives, if that is before the end of ctx.
func (b *Bot) patiently(ctx context.Context, call func() error) error {
	for {
		err := call()
		var throttled *slack.RateLimitedError
		if !errors.As(err, &throttled) {
			return err
		}
		wait := max(throttled.RetryAfter, time.Second)
		if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) <= wait {
			return err
		}
		if waited := holdOff(ctx, wait); waited != nil {
			return err // it was throttled, which is certain
		}
	}
}

// holdOff waits by the world's clock, as Slack does.
func holdOff(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// doubtful are Slack's errors after which a message may be there all the same.
// Source: https://docs.slack.dev/reference/methods/chat.postMessage
var doubtful = map[string]bool{
	"internal_error": true, "fatal_error": true, "service_unavailable": true, "request_timeout": true,
}

// refusedClearly says that Slack certainly did not take a message: throttled, refused by a code, or never reached.
func refusedClearly(err error) bool {
	var throttled *slack.RateLimitedError
	var refused slack.SlackErrorResponse
	var network *net.OpError
	return errors.As(err, &throttled) || errors.As(err, &network) && network.Op == "dial" || errors.As(err, &refused) && !doubtful[refused.Err]
}

// remedies say what to do about a place where the bot cannot post. Others are to be told instead.
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

// refusedThere says that Slack does not let the bot post in this place, while another may do.
func refusedThere(err error) bool { return remedyOf(err) != "" }

func remedyOf(err error) string {
	var refused slack.SlackErrorResponse
	if !errors.As(err, &refused) {
		return ""
	}
	return remedies[refused.Err]
}
