package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
	"time"

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
}

// do works on one envelope, from its payload to its answer.
func (b *Bot) do(ctx context.Context, next job) {
	ctx, cancel := context.WithTimeout(ctx, commandBudget)
	defer cancel()
	from, err := senderOf(next)
	if err != nil {
		b.logger.ErrorContext(ctx, "an envelope was not understood", "envelope", next.id, "type", next.kind, "error", err)
		b.answered(ctx, next, false)
		return
	}
	word := b.firstWord(ctx, next, from)
	reply, verb := b.reply(ctx, next, from)
	word.stop()
	b.answer(ctx, next, from, reply)
	b.config.Observe(verb, reply.Tone, time.Since(next.arrived))
}

// senderOf reads the parts of a payload that are used. Commands and clicks name them differently.
func senderOf(next job) (sender, error) {
	if next.kind == "interactive" {
		var click slack.InteractionCallback
		if err := json.Unmarshal(next.payload, &click); err != nil {
			return sender{}, errors.New("the payload of a click is not what it should be")
		}
		return sender{
			Team: click.Team.ID, User: click.User.ID, Channel: click.Channel.ID,
			ResponseURL: meeting.Secret(click.ResponseURL),
		}, nil
	}
	var command slack.SlashCommand
	if err := json.Unmarshal(next.payload, &command); err != nil || command.UserID == "" {
		return sender{}, errors.New("the payload of a command is not what it should be")
	}
	return sender{
		Team: command.TeamID, User: command.UserID, Channel: command.ChannelID,
		Command: command.Command, Text: command.Text, ResponseURL: meeting.Secret(command.ResponseURL),
	}, nil
}

// reply works an answer out. A panic costs this one command.
func (b *Bot) reply(ctx context.Context, next job, from sender) (reply Reply, verb Verb) {
	call := b.newCall(ctx, next, from)
	defer func() {
		if p := recover(); p != nil {
			b.logger.ErrorContext(ctx, "a command panicked", "envelope", next.id, "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
			reply = b.trouble(call)
		}
	}()
	switch {
	case next.turnAway != "":
		return Reply{Tone: Trouble, Text: call.say.Say(next.turnAway, nil), Next: call.say.Say(next.next, nil)}, ""
	case next.kind == "interactive":
		return b.staleButton(call), ""
	default:
		return b.command(ctx, call)
	}
}

// firstWord tells a person who has waited long that the bot is still at it, so that nobody is left in silence.
func (b *Bot) firstWord(ctx context.Context, next job, from sender) *word {
	w := &word{}
	b.firstWords.Add(1)
	w.timer = time.AfterFunc(firstWordDue-time.Since(next.arrived), func() {
		defer b.firstWords.Done()
		w.mu.Lock()
		defer w.mu.Unlock()
		if !w.stopped {
			b.sayWorking(ctx, next, from)
		}
	})
	w.done = b.firstWords.Done
	return w
}

// word is a first word that may still have to be said.
type word struct {
	timer   *time.Timer
	done    func()
	mu      sync.Mutex
	stopped bool
}

// stop makes sure that the first word is not said after the last one.
func (w *word) stop() {
	if w.timer.Stop() {
		w.done()
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.stopped = true
}

func (b *Bot) sayWorking(ctx context.Context, next job, from sender) {
	say := b.printerOf(Person{})
	if person, err := b.config.People.Person(ctx, from.User); err == nil {
		say = b.printerOf(person)
	}
	reply := Reply{Tone: Waiting, Text: say.Say(i18n.Working, nil)}
	if err := b.responder.post(ctx, from.ResponseURL, render(reply)); err != nil {
		b.logger.WarnContext(ctx, "a first word was not delivered", "envelope", next.id, "error", err)
	}
}

// answer sends the reply where it was asked for, else by direct message, and notes that it was read.
func (b *Bot) answer(ctx context.Context, next job, from sender, reply Reply) {
	if err := b.deliver(ctx, from.User, from.ResponseURL, render(reply)); err != nil {
		b.logger.ErrorContext(ctx, "an answer was not delivered", "envelope", next.id, "user", from.User, "error", err)
		return
	}
	b.answered(ctx, next, reply.Pending)
}

// deliver sends a message that one person reads: at the response_url, else as a direct message.
func (b *Bot) deliver(ctx context.Context, user string, address meeting.Secret, message Message) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), commandBudget)
	defer cancel()
	first := b.responder.post(ctx, address, message)
	if first == nil {
		return nil
	}
	_, _, err := b.config.Poster.PostMessageContext(ctx, user,
		slack.MsgOptionText(message.Text, false), slack.MsgOptionBlocks(message.Blocks...),
		slack.MsgOptionDisableLinkUnfurl(), slack.MsgOptionDisableMediaUnfurl())
	if err != nil {
		return fmt.Errorf("%w; and as a direct message: %w", first, err)
	}
	b.logger.WarnContext(ctx, "an answer went as a direct message instead", "user", user, "error", first)
	return nil
}
