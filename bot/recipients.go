package bot

import (
	"cmp"
	"context"
	"iter"
	"time"

	"github.com/overtime-bot/overtime/bot/access"
	"github.com/overtime-bot/overtime/bot/i18n"
	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/scheduler"
)

// recipient is a channel or a person that reads a message of automation.
type recipient struct {
	id      string
	say     i18n.Printer
	command string // the name of the slash command
	now     time.Time
	person  access.Person // of a direct message, as far as they could be looked up
	sight   access.Sight  // what they may know of the meeting
	asHost  bool          // reads because they host the meeting, and nobody made a rule
	host    string        // who hosts the meeting, as mrkdwn; empty if it is not said
	isHost  bool          // is known to host the meeting: no sentence speaks of the host as of another
	isAdmin bool          // is an administrator, who reads a direct message
}

// key is what a reader is known by: a person has one, whichever of their IDs Slack is given.
func (r recipient) key() string { return cmp.Or(r.person.Key(), r.id) }

// typed is a command as they would type it.
func (r recipient) typed(rest string) string { return commandText(r.command, rest) }

func (r recipient) date(at time.Time) string { return dateToken(at, zoneOfPerson(r.person), r.now) }

// recipients finds who reads the messages of automation.
type recipients struct {
	speaker       *speaker
	gate          *access.Gate
	quiet         QuietHosts
	notifyChannel string
}

// inLine gives those who may read about a meeting, in order: the rule's channel, its owner, NOTIFY_CHANNEL and, if
// hostToo, the meeting's host. It looks each up only when their turn comes. An error means that a look-up failed.
func (r *recipients) inLine(ctx context.Context, rule scheduler.Rule, m meeting.Meeting, hostToo bool) iter.Seq2[recipient, error] {
	return func(yield func(recipient, error) bool) {
		if rule.Channel != "" && !yield(r.channel(ctx, rule.Channel, rule, m), nil) {
			return
		}
		if rule.Owner.User != "" && !yield(r.person(ctx, rule.Owner.User, rule, m), nil) {
			return
		}
		if r.notifyChannel != "" && !yield(r.channel(ctx, r.notifyChannel, rule, m), nil) {
			return
		}
		if !hostToo {
			return
		}
		if host, found, err := r.host(ctx, m); found || err != nil {
			yield(host, err)
		}
	}
}

// of finds the recipient of a message again, and what they may know by now. The channel alone does not tell: Slack gives a
// direct message an ID of its own.
func (r *recipients) of(ctx context.Context, o scheduler.Occasion) recipient {
	reader := o.Prompt.Reader
	switch {
	case reader.ID == "":
		return r.channel(ctx, o.Prompt.Channel, o.Rule, o.Meeting)
	case !isDirect(o.Prompt.Channel):
		return r.channel(ctx, reader.ID, o.Rule, o.Meeting)
	}
	to := r.person(ctx, reader.ID, o.Rule, o.Meeting)
	to.asHost = reader.Host
	return to
}

// channel reads in the default language. It may know of a meeting what NOTIFY_CHANNEL may, or a channel that watches.
func (r *recipients) channel(ctx context.Context, id string, rule scheduler.Rule, m meeting.Meeting) recipient {
	to := recipient{id: id, say: r.speaker.channel(), command: r.speaker.command, now: r.speaker.now()}
	switch id {
	case r.notifyChannel:
		to.sight = r.gate.OperatorSight(ctx, id)
	case rule.Channel:
		to.sight = r.gate.ChannelSight(ctx, watchOf(rule), m)
	}
	return to
}

func (r *recipients) person(ctx context.Context, user string, rule scheduler.Rule, m meeting.Meeting) recipient {
	person, say := r.speaker.person(ctx, user)
	return recipient{
		id: cmp.Or(person.LocalID, user), say: say, command: r.speaker.command, now: r.speaker.now(), person: person,
		sight: r.gate.ReaderSight(ctx, person, watchOf(rule), m),
	}
}

// host is the meeting's host, if they have an account in Slack and want prompts.
func (r *recipients) host(ctx context.Context, m meeting.Meeting) (recipient, bool, error) {
	person, sight, found, err := r.gate.HostOf(ctx, m)
	if err != nil || !found {
		return recipient{}, false, err
	}
	quiet, err := r.quiet.Quiet(ctx, actorOf(r.gate.Policy.Team, person.Key()))
	host := recipient{
		id: person.ID, say: r.speaker.catalogue.For(person.Locale), command: r.speaker.command, now: r.speaker.now(), person: person,
		sight: sight, asHost: true,
	}
	return host, err == nil && !quiet, err
}

// namesHost is how a prompt names the meeting's host to somebody else: it calls those who want prompts, and tells the name
// of others. It says nothing where the reader may not know.
func (r *recipients) namesHost(ctx context.Context, sight access.Sight, m meeting.Meeting) string {
	if !sight.Shows(m) {
		return ""
	}
	if host, wanted, err := r.host(ctx, m); err == nil && wanted {
		return "<@" + host.id + ">"
	}
	if name := sight.HostName(m); name != "" {
		return inSentence(name, hostLimit)
	}
	return ""
}
