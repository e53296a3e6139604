package bot

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/overtime-bot/overtime/bot/pace"
	"github.com/overtime-bot/overtime/scheduler"
	"github.com/overtime-bot/overtime/scheduler/store"
	"github.com/slack-go/slack"
)

const (
	storePatience = 2 * time.Second  // with the store, while a person or Slack waits
	postBudget    = 12 * time.Second // for an answer where it was asked for
	directBudget  = 6 * time.Second  // for the direct message in its place
	whisperTries  = 2                // of a message for one person, of which nobody knows whether it arrived
)

// messenger sends every message of the bot. It stores what their buttons do.
type messenger struct {
	poster    Poster
	responder *responder
	actions   ActionStore
	lines     *pace.Lines
	editors   *editors
	logger    *slog.Logger

	showAtHome func(ctx context.Context, user string, reply Reply) bool // nil where nobody answers in a Home
}

// note sends a first word, to be followed by the answer. One for a response_url goes nowhere else: the answer may.
func (m *messenger) note(ctx context.Context, user string, where place, reply Reply) error {
	if where.address != "" {
		return m.responder.post(ctx, where.address, render(reply))
	}
	return m.answer(ctx, user, where, reply)
}

// answer sends what one person reads: to the place where they asked, else as a direct message.
func (m *messenger) answer(ctx context.Context, user string, where place, reply Reply) error {
	if where.home {
		if m.showAtHome != nil && m.showAtHome(ctx, user, reply) {
			return nil
		}
		where = place{}
	}
	return m.answerWith(ctx, user, where, m.compose(ctx, reply))
}

func (m *messenger) answerWith(ctx context.Context, user string, where place, message Message) error {
	if where == (place{}) {
		return m.direct(ctx, user, message)
	}
	posting, cancel := context.WithTimeout(ctx, postBudget)
	defer cancel()
	refused := m.postAt(posting, user, where, message)
	if refused == nil {
		return nil
	}
	if err := m.direct(ctx, user, message); err != nil {
		return fmt.Errorf("%w; and as a direct message: %w", refused, err)
	}
	m.logger.WarnContext(ctx, "an answer went as a direct message instead", "user", user, "error", refused)
	return nil
}

// direct sends a direct message.
func (m *messenger) direct(ctx context.Context, user string, message Message) error {
	ctx, cancel := context.WithTimeout(ctx, directBudget)
	defer cancel()
	_, err := m.postMessage(ctx, user, message, pace.First)
	return err
}

// postAt sends a message to a place.
func (m *messenger) postAt(ctx context.Context, user string, where place, message Message) error {
	message.Thread = where.thread
	switch {
	case where.address != "":
		return m.responder.post(ctx, where.address, message)
	case where.open:
		_, err := m.postMessage(ctx, where.channel, message, pace.First)
		return err
	}
	return m.whisper(ctx, user, where.channel, message)
}

// tell posts what a channel reads. It is false only if Slack does not let the bot post there.
func (m *messenger) tell(ctx context.Context, channel string, reply Reply) bool {
	return m.tellAt(ctx, openly(channel, ""), reply)
}

// tellAt is tell in a thread. Where that is gone, the channel reads it.
func (m *messenger) tellAt(ctx context.Context, where place, reply Reply) bool {
	channel, message := where.channel, m.compose(ctx, reply)
	message.Thread = where.thread
	_, err := m.postMessage(ctx, channel, message, pace.Second)
	refused := refusedClearly(err)
	if refused && message.Thread != "" {
		m.logger.WarnContext(ctx, "a thread was not told; its channel is", "channel", channel, "error", err)
		return m.tell(ctx, channel, reply)
	}
	switch {
	case refused:
		m.logger.WarnContext(ctx, "a channel was not told", "channel", channel, "error", err, "remedy", remedyOf(err))
	case err != nil:
		m.logger.WarnContext(ctx, "a channel was not told", "channel", channel, "error", err)
	}
	return !refused
}

// post sends a message to a channel, or to a person by their ID, and tells where it is. It sends again what Slack
// throttled, or what somebody on the way turned away, as long as ctx lasts, but never what may have arrived:
// scheduler.ErrInDoubt.
func (m *messenger) post(ctx context.Context, to string, reply Reply) (scheduler.Posted, error) {
	return m.postMessage(ctx, to, m.compose(ctx, reply), pace.First)
}

func (m *messenger) postMessage(ctx context.Context, to string, message Message, importance pace.Importance) (posted scheduler.Posted, err error) {
	err = m.sending(ctx, postsTo(to), importance, message, func(options ...slack.MsgOption) (err error) {
		posted.Channel, posted.Timestamp, err = m.poster.PostMessageContext(ctx, to, options...)
		return proven(posted.Timestamp, err)
	})
	switch {
	case err == nil:
		return posted, nil
	case !notTaken(err):
		err = fmt.Errorf("%w: %w", scheduler.ErrInDoubt, err)
	}
	return scheduler.Posted{}, fmt.Errorf("posting to %s: %w", to, err)
}

// whisper shows a message in a channel to one person alone. Slack does not promise to show it, and nobody can tell: what
// may have arrived is sent again, since a second copy is better than silence.
func (m *messenger) whisper(ctx context.Context, user, channel string, message Message) (err error) {
	for range whisperTries {
		err = m.sending(ctx, whispers, pace.First, message, func(options ...slack.MsgOption) error {
			timestamp, err := m.poster.PostEphemeralContext(ctx, channel, user, options...)
			return proven(timestamp, err)
		})
		if err == nil || notTaken(err) || ctx.Err() != nil {
			break
		}
	}
	if err != nil {
		return fmt.Errorf("showing a message in %s to one person: %w", channel, err)
	}
	return nil
}

// sending sends a message, and once more without its layout if Slack refuses that.
func (m *messenger) sending(
	ctx context.Context, at pace.Line, importance pace.Importance, message Message, send func(...slack.MsgOption) error,
) error {
	for {
		err := m.lines.Patiently(ctx, at, importance, func() error { return send(messageOptions(message)...) })
		if err == nil {
			return nil
		}
		err = withoutURL(err)
		if message.Blocks == nil || !strings.Contains(err.Error(), badBlocks) {
			return err
		}
		m.logger.ErrorContext(ctx, "slack does not take the layout of a message", "error", err)
		message.Blocks = nil // better than no message
	}
}

// compose stores what the buttons of a reply do, and lays it out. If they cannot be stored, the message goes without them.
func (m *messenger) compose(ctx context.Context, reply Reply) Message {
	if !m.stores(ctx, reply.unstored()) {
		reply.dropButtons()
	}
	return render(reply)
}

// stores stores what buttons do, and is false if that fails. It does not wait for a store that hangs.
func (m *messenger) stores(ctx context.Context, unstored []*store.Action) bool {
	if len(unstored) == 0 {
		return true
	}
	actions := make([]store.Action, len(unstored))
	for i, action := range unstored {
		action.ID = rand.Text()
		if action.Verb == verbRow {
			action.ID = action.ID[:rowID]
		}
		actions[i] = *action
	}
	storing, cancel := context.WithTimeout(ctx, storePatience)
	defer cancel()
	err := m.actions.PutActions(storing, actions)
	if err != nil {
		m.logger.WarnContext(ctx, "a message goes without its buttons", "error", err)
	}
	return err == nil
}

func messageOptions(message Message) []slack.MsgOption {
	options := []slack.MsgOption{
		slack.MsgOptionText(message.Text, false), slack.MsgOptionDisableLinkUnfurl(), slack.MsgOptionDisableMediaUnfurl(),
	}
	if message.Thread != "" {
		options = append(options, slack.MsgOptionTS(message.Thread))
	}
	if message.Blocks != nil {
		options = append(options, slack.MsgOptionBlocks(message.Blocks...))
	}
	return options
}
