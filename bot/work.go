package bot

import (
	"context"
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"
	"time"

	"github.com/overtime-bot/overtime/bot/access"
	"github.com/overtime-bot/overtime/bot/grammar"
	"github.com/overtime-bot/overtime/bot/i18n"
	"github.com/overtime-bot/overtime/meeting"
	"github.com/slack-go/slack"
)

// sender is who sent an envelope, and where the answer goes.
type sender struct {
	Team, User, Channel string
	Command             string // as "/extend"
	Text                string
	ResponseURL         meeting.Secret
	Pressed             string // the value of a button: the ID of its action
}

// do works on one envelope, from its payload to its answer. The work may be cut off sooner than the answer.
func (b *Bot) do(working, answering context.Context, next job) {
	defer func() {
		next.word.stop()
		b.claims.drop(next.id)
		if value := recover(); value != nil {
			b.panicked(answering, next, value)
		}
	}()
	if answering.Err() != nil {
		b.logger.ErrorContext(answering, "a command was left unanswered at the end", "envelope", next.id)
		return
	}
	from, err := senderOf(next)
	if err != nil {
		b.logger.ErrorContext(answering, "an envelope was not understood", "envelope", next.id, "type", next.kind, "error", err)
		b.answered(answering, next, false)
		return
	}
	if working.Err() != nil && next.takenOver {
		b.logger.WarnContext(answering, "an envelope that was taken over is left to the next process", "envelope", next.id)
		return
	}
	if working.Err() != nil && next.turnAway == "" {
		next.turnAway, next.next = i18n.Restarting, i18n.NotWrittenNext
	}
	reply, verb := b.reply(working, next, from)
	next.word.stop()
	if reply.Later {
		return
	}
	if reply.Said {
		b.answered(answering, next, false)
	} else {
		b.answer(answering, next, from, reply)
	}
	b.config.Observe(verb, reply.Tone, time.Since(next.arrived))
}

// reply works an answer out. A panic costs this one command.
func (b *Bot) reply(ctx context.Context, next job, from sender) (reply Reply, verb grammar.Verb) {
	ctx, cancel := context.WithTimeout(ctx, commandBudget)
	defer cancel()
	c := call{envelope: next.id, from: from, say: b.printerOf(access.Person{})}
	defer func() {
		if value := recover(); value != nil {
			b.panicked(ctx, next, value)
			reply = b.trouble(c)
		}
	}()
	c = b.newCall(ctx, next, from)
	switch {
	case next.turnAway != "":
		return Reply{Tone: Trouble, Text: c.say.Say(next.turnAway, nil), Next: c.say.Say(next.next, nil)}, ""
	case next.takenOver:
		return b.resume(ctx, c, next)
	default:
		return b.first(ctx, c, next)
	}
}

// first answers an envelope for the first time.
func (b *Bot) first(ctx context.Context, c call, next job) (Reply, grammar.Verb) {
	if next.kind == interactiveKind {
		return b.press(ctx, c)
	}
	return b.command(ctx, c)
}

func (b *Bot) panicked(ctx context.Context, next job, value any) {
	b.logger.ErrorContext(ctx, "a command panicked", "envelope", next.id, "panic", describePanic(value), "stack", string(debug.Stack()))
}

// describePanic keeps the text of the runtime's own panics alone: any other may quote what a person typed.
func describePanic(value any) string {
	if fault, ok := value.(runtime.Error); ok {
		return fault.Error()
	}
	return fmt.Sprintf("%T", value)
}

// answer sends the reply where it was asked for, else by direct message, and notes that it was read.
func (b *Bot) answer(ctx context.Context, next job, from sender, reply Reply) {
	if err := b.deliver(ctx, from.User, from.ResponseURL, render(b.withButtons(ctx, reply))); err != nil {
		b.logger.ErrorContext(ctx, "an answer was not delivered", "envelope", next.id, "user", from.User, "error", err)
		return
	}
	b.answered(ctx, next, reply.Pending)
	if reply.Promised != 0 {
		b.keepPromise(ctx, next, from, reply)
	}
}

const (
	postBudget   = 12 * time.Second // for an answer at its response_url
	directBudget = 6 * time.Second  // for the direct message in its place
)

// deliver sends a message that one person reads: at the response_url, else as a direct message.
func (b *Bot) deliver(ctx context.Context, user string, address meeting.Secret, message Message) error {
	posting, cancel := context.WithTimeout(ctx, postBudget)
	defer cancel()
	first := b.responder.post(posting, address, message)
	if first == nil {
		return nil
	}
	if err := b.direct(ctx, user, message); err != nil {
		return fmt.Errorf("%w; and as a direct message: %w", first, err)
	}
	b.logger.WarnContext(ctx, "an answer went as a direct message instead", "user", user, "error", first)
	return nil
}

// direct sends a direct message, without its blocks where Slack does not take them.
func (b *Bot) direct(ctx context.Context, user string, message Message) error {
	ctx, cancel := context.WithTimeout(ctx, directBudget)
	defer cancel()
	options := []slack.MsgOption{
		slack.MsgOptionText(message.Text, false), slack.MsgOptionDisableLinkUnfurl(), slack.MsgOptionDisableMediaUnfurl(),
	}
	_, _, err := b.config.Poster.PostMessageContext(ctx, user, append(options, slack.MsgOptionBlocks(message.Blocks...))...)
	if err != nil && strings.Contains(err.Error(), badBlocks) {
		_, _, err = b.config.Poster.PostMessageContext(ctx, user, options...)
	}
	return err
}
