package bot

import (
	"context"
	"errors"
	"fmt"

	"github.com/overtime-bot/overtime/bot/access"
	"github.com/overtime-bot/overtime/bot/i18n"
	"github.com/overtime-bot/overtime/scheduler"
	"github.com/overtime-bot/overtime/scheduler/extension"
)

var _ scheduler.Announcer = (*Bot)(nil)

// reader is who reads a message of the automation.
type reader struct {
	to     string // the channel's ID, or the person's
	say    i18n.Printer
	zone   string        // of a person, for what notifications show
	person access.Person // of a direct message, as far as they could be looked up
	host   bool          // it reads of the meeting as its host, and nobody made a rule
	own    bool          // the meeting is known to be the reader's own: nothing is said of its host as of another
}

// Announce posts a message of the automation to the rule's channel, else to the rule's owner, else to NOTIFY_CHANNEL,
// else to the host. A place where the bot may not post is passed over, and logged with what to do about it.
// scheduler.ErrNobodyToTell if none is left; scheduler.ErrInDoubt if Slack may or may not have taken it; another error if it certainly did
// not.
func (b *Bot) Announce(ctx context.Context, occasion scheduler.Occasion) (scheduler.Posted, error) {
	refused := scheduler.ErrNobodyToTell
	for _, find := range b.readers(occasion) {
		reader, there, err := find(ctx)
		if err != nil {
			return scheduler.Posted{}, err
		}
		if !there {
			continue
		}
		posted, err := b.announceTo(ctx, reader, occasion)
		if !refusedThere(err) {
			return posted, err
		}
		b.logger.WarnContext(ctx, "automation may not post there; the next in line is told instead",
			"place", reader.to, "meeting", occasion.Meeting.ID, "error", err, "remedy", remedyOf(err))
		refused = fmt.Errorf("%w: %w", refused, err)
	}
	return scheduler.Posted{}, refused
}

func (b *Bot) announceTo(ctx context.Context, reader reader, occasion scheduler.Occasion) (scheduler.Posted, error) {
	shown := shownOf(occasion)
	message := render(b.withButtons(ctx, b.announcement(reader, occasion, shown)))
	posted, err := b.post(ctx, reader.to, message)
	if err != nil {
		return scheduler.Posted{}, fmt.Errorf("announcing %s of meeting %s: %w", occasion.Prompt.Kind, occasion.Prompt.MeetingID, err)
	}
	posted.Reader, posted.Shown = scheduler.Reader{ID: reader.to, Host: reader.host}, shown
	return posted, nil
}

// finder finds a reader; false where there is none, an error where that could not be found out.
type finder func(ctx context.Context) (reader, bool, error)

// readers are those in line for a message, the first first.
func (b *Bot) readers(occasion scheduler.Occasion) []finder {
	rule := occasion.Rule
	return []finder{
		func(context.Context) (reader, bool, error) {
			return b.channelReader(rule.Channel), rule.Channel != "", nil
		},
		func(ctx context.Context) (reader, bool, error) {
			return b.personReader(ctx, rule.Owner.User), rule.Owner.User != "", nil
		},
		func(context.Context) (reader, bool, error) {
			return b.channelReader(b.config.NotifyChannel), b.config.NotifyChannel != "", nil
		},
		func(ctx context.Context) (reader, bool, error) { return b.hostReader(ctx, occasion) },
	}
}

// channelReader reads in the default language.
func (b *Bot) channelReader(channel string) reader {
	return reader{to: channel, say: b.config.Catalogue.For()}
}

// personReader reads in the person's language, or the default one where that cannot be found out.
func (b *Bot) personReader(ctx context.Context, user string) reader {
	if user == "" {
		return reader{}
	}
	person, err := b.config.People.Person(ctx, user)
	if err != nil {
		b.logger.WarnContext(ctx, "a person could not be looked up", "user", user, "error", err)
	}
	return reader{to: user, say: b.printerOf(person), zone: person.Zone, person: person}
}

// hostReader is the meeting's host, unless they want to be left alone.
func (b *Bot) hostReader(ctx context.Context, occasion scheduler.Occasion) (reader, bool, error) {
	person, found, err := b.gate.HostOf(ctx, occasion.Meeting)
	if err != nil || !found {
		return reader{}, false, err
	}
	quiet, err := b.config.Rules.Quiet(ctx, extension.Actor{Team: person.TeamID, User: person.ID})
	if err != nil || quiet {
		return reader{}, false, err
	}
	return reader{to: person.ID, say: b.printerOf(person), zone: person.Zone, person: person, host: true}, true, nil
}

// errNoMessage says that a prompt is not known to have been posted.
var errNoMessage = errors.New("the prompt has no message")
