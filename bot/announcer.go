package bot

import (
	"context"
	"fmt"
	"iter"
	"log/slog"

	"github.com/overtime-bot/overtime/bot/access"
	"github.com/overtime-bot/overtime/bot/grammar"
	"github.com/overtime-bot/overtime/bot/i18n"
	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/scheduler"
)

// Announcer says what automation does: it posts prompts and alarms, has them follow their meetings, and asks again
// whether somebody may extend on whose behalf automation acts.
type Announcer struct {
	messenger  *messenger
	recipients *recipients
	gate       *access.Gate
	prompts    promptWording
	decisions  decisions
	logger     *slog.Logger
}

var _ scheduler.Announcer = (*Announcer)(nil)

// NewAnnouncer makes an Announcer.
func NewAnnouncer(config Config) *Announcer {
	gate := config.gate()
	return &Announcer{
		messenger:  config.messenger(),
		recipients: &recipients{speaker: config.speaker(), gate: gate, quiet: config.Quiet, notifyChannel: config.NotifyChannel},
		gate:       gate,
		prompts:    promptWording{limits: config.Limits, automation: config.Automation, foretells: config.foretelling(), now: config.Now},
		decisions:  decisions{config.Past, config.Wishes, config.logger()},
		logger:     config.logger(),
	}
}

// Announce posts a message to the rule's channel, else to the rule's owner, else to NOTIFY_CHANNEL, else to the host. It
// passes over a place where Slack refuses to post, for whatever reason, and logs what to do about it. The errors are
// scheduler.ErrNobodyToTell if nobody is left, scheduler.ErrInDoubt if Slack may or may not have the message, and
// others if Slack certainly does not have it.
func (a *Announcer) Announce(ctx context.Context, occasion scheduler.Occasion) (scheduler.Posted, error) {
	shown := shownOf(occasion)
	line := a.recipients.inLine(ctx, occasion.Rule, occasion.Meeting, true)
	to, posted, err := a.tellFirst(ctx, line, occasion.Meeting, func(to recipient) Reply { return a.announcement(ctx, to, occasion, shown) })
	if err != nil {
		return scheduler.Posted{}, fmt.Errorf("announcing %s of meeting %s: %w", occasion.Prompt.Kind, occasion.Prompt.MeetingID, err)
	}
	posted.Reader, posted.Shown = scheduler.Reader{ID: to.key(), Host: to.asHost}, shown
	return posted, nil
}

// RulePaused tells the channel, else the owner, else NOTIFY_CHANNEL, that a rule paused, and why.
func (a *Announcer) RulePaused(ctx context.Context, rule scheduler.Rule, m meeting.Meeting, next scheduler.Outlook) error {
	line := a.recipients.inLine(ctx, rule, m, false)
	_, _, err := a.tellFirst(ctx, line, m, func(to recipient) Reply {
		reply := pausedRule(to, rule, m)
		reply.Text = i18n.Join(reply.Text, a.prompts.foretells.says(to.speech(), next))
		return reply
	})
	return err
}

// tellFirst posts to the first in line in whose place Slack lets the bot post.
func (a *Announcer) tellFirst(
	ctx context.Context, line iter.Seq2[recipient, error], m meeting.Meeting, words func(recipient) Reply,
) (recipient, scheduler.Posted, error) {
	refused := scheduler.ErrNobodyToTell
	for to, err := range line {
		if err != nil {
			return recipient{}, scheduler.Posted{}, err
		}
		posted, err := a.messenger.post(ctx, to.id, words(to))
		if !refusedClearly(err) {
			return to, posted, err
		}
		a.logger.WarnContext(ctx, "automation may not post there; the next in line is told instead",
			"place", to.id, "meeting", m.ID, "error", err, "remedy", remedyOf(err))
		refused = fmt.Errorf("%w: %w", refused, err)
	}
	return recipient{}, scheduler.Posted{}, refused
}

// announcement words a message for its reader.
func (a *Announcer) announcement(ctx context.Context, to recipient, o scheduler.Occasion, shown scheduler.Shown) Reply {
	host, _ := a.gate.Hosts.For(ctx, to.person, o.Meeting) // of whom nothing is known, nothing is said
	to.isHost = to.asHost || to.person.Hosts(host.Email)
	if asks := shown.Stage == scheduler.StageOpen && o.Prompt.Kind != scheduler.PromptAuto; asks && !to.isHost {
		to.host = a.recipients.namesHost(ctx, to.sight, o.Meeting)
	}
	to.isAdmin = to.person.ID != "" && a.gate.Allow(a.gate.Subject(ctx, to.person, "", "")).Admin()
	if shown.Stage == scheduler.StageOver {
		return overReply(to, o, shown, a.decisions.of(ctx, o))
	}
	return a.prompts.write(to, o, shown)
}

// Follow edits a message to what is true now, if it shows something else, and returns what it shows. If Slack lets
// nobody edit the message now, it stays as it is: as an error it would be tried for ever.
func (a *Announcer) Follow(ctx context.Context, occasion scheduler.Occasion) (scheduler.Shown, error) {
	prompt := occasion.Prompt
	if prompt.Channel == "" || prompt.Timestamp == "" {
		return prompt.Shown, fmt.Errorf("following prompt %d: it has no message", prompt.ID)
	}
	shown := shownOf(occasion)
	if shown == prompt.Shown {
		return shown, nil
	}
	to := a.recipients.of(ctx, occasion)
	err := a.messenger.edit(ctx, prompt.Channel, prompt.Timestamp, a.announcement(ctx, to, occasion, shown))
	if refusedClearly(err) {
		a.logger.WarnContext(ctx, "a message can no longer follow its meeting", "prompt", prompt.ID, "error", err)
		return shown, nil
	}
	if err != nil {
		return prompt.Shown, err
	}
	return shown, nil
}

// Authorise asks whether the owner of a rule, or the person named in its place, may extend the meeting now. It judges
// them as if they typed a command in the rule's channel. An error means that it could not be found out.
func (a *Announcer) Authorise(ctx context.Context, rule scheduler.Rule, m meeting.Meeting) (scheduler.PauseReason, error) {
	if rule.Owner.User == "" {
		return "", nil // the configuration's own
	}
	verdict, err := a.gate.Authorise(ctx, rule.Owner.User, rule.Channel, m)
	switch {
	case err != nil:
		return "", fmt.Errorf("authorising %s for meeting %s: %w", rule.Owner.User, m.ID, err)
	case verdict.Allowed:
		return "", nil
	case verdict.Refusal == access.NotListed && verdict.SeesOwn && rule.Of == m.RoomID && rule.Of != m.ID:
		return scheduler.NotTheirRun, nil
	case verdict.Refusal == access.NotListed || verdict.Refusal == access.Denied:
		return scheduler.PausedOwnerMay, nil
	}
	return scheduler.PausedOwnerLeft, nil
}

// pausedRule says that a rule paused, and what to type to make it again.
func pausedRule(to recipient, rule scheduler.Rule, m meeting.Meeting) Reply {
	key := i18n.RulePausedMay
	if rule.Paused.Reason == scheduler.PausedOwnerLeft {
		key = i18n.RulePausedLeft
	}
	again := grammar.Command{Verb: grammar.VerbWatch, Meeting: rule.Of, Mode: rule.Mode, Maximum: rule.Max}
	if rule.Minutes > 0 {
		again.Amount = grammar.Amount{Kind: grammar.ForMinutes, Count: rule.Minutes}
	}
	reply := Reply{
		Tone: Failed, Text: to.say.Say(key, i18n.Data{"Meeting": nameOfRule(rule, to.sight, m), "Who": who(rule.Owner)}),
		Next: to.say.Say(i18n.RulePausedNext, i18n.Data{"Command": to.typed(again.String())}),
	}
	if m.ID != "" {
		reply.Heading = headingOf(to.sight, m)
	}
	return reply
}
