package bot

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/overtime-bot/overtime/bot/access"
	"github.com/overtime-bot/overtime/bot/i18n"
	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/scheduler"
)

// refusedOutright answers those who may do nothing here, whatever the meeting: no look-up could help them.
func (b *Bot) refusedOutright(c call) (Reply, bool) {
	if c.verdict.Allowed || c.verdict.NeedsHost {
		return Reply{}, false
	}
	return b.refused(c, c.verdict.Refusal), true
}

func (b *Bot) refused(c call, reason access.Refusal) Reply {
	next := i18n.DeniedNext
	if reason == access.LookupFailed || reason == access.PersonUnknown {
		next = i18n.DeniedLookupNext
	}
	return Reply{
		Tone: Refusal, Text: c.say.Say(reasonKey(reason), nil),
		Next: c.say.Say(next, i18n.Data{"Whom": b.whom(c.say)}),
	}
}

// refusedToAdmins answers one who is no administrator, or of whom that could not be found out.
func (b *Bot) refusedToAdmins(c call) Reply {
	for _, failed := range c.verdict.Failed {
		if failed.Kind == access.LookupGroup && slices.Contains(b.config.Policy.AdminGroups, failed.ID) {
			return b.refused(c, access.LookupFailed)
		}
	}
	return Reply{
		Tone: Refusal, Text: c.say.Say(i18n.DeniedAdmin, nil),
		Next: c.say.Say(i18n.DeniedNext, i18n.Data{"Whom": b.whom(c.say)}),
	}
}

func reasonKey(reason access.Refusal) i18n.Key {
	switch reason {
	case access.OtherWorkspace:
		return i18n.DeniedWorkspace
	case access.Guest:
		return i18n.DeniedGuest
	case access.BotAccount, access.Deactivated:
		return i18n.DeniedAccount
	case access.Denied:
		return i18n.DeniedListed
	case access.LookupFailed, access.PersonUnknown:
		return i18n.DeniedLookup
	default:
		return i18n.DeniedNotListed
	}
}

// mentioned is how many administrators an answer names.
const mentioned = 3

// whom says whom to ask.
func (b *Bot) whom(say i18n.Printer) string {
	var admins []string
	for _, user := range b.config.Policy.AdminUsers {
		admins = append(admins, "<@"+user+">")
	}
	for _, group := range b.config.Policy.AdminGroups {
		admins = append(admins, "<!subteam^"+group+">")
	}
	switch len(admins) {
	case 0:
		return say.Say(i18n.WhomOperator, nil)
	case 1:
		return admins[0]
	}
	return say.Say(i18n.WhomAdmins, i18n.Data{"Admins": strings.Join(admins[:min(len(admins), mentioned)], ", ")})
}

// mayExtend finds the meeting that is named and asks whether this person may extend it. The reply is the refusal.
func (b *Bot) mayExtend(ctx context.Context, c call) (meeting.Meeting, Reply, bool) {
	found, err := b.config.Extender.Find(ctx, c.request.Meeting)
	return b.judge(ctx, c, found, err)
}

// judge is mayExtend for a meeting that was looked for, with the error of that.
func (b *Bot) judge(ctx context.Context, c call, found meeting.Meeting, err error) (meeting.Meeting, Reply, bool) {
	switch {
	case !c.verdict.Allowed:
		return b.asHost(ctx, c, found, err)
	case missing(err) && !c.verdict.SeesAll: // what a meeting is called, or will be, is not theirs to know
		return found, b.notYours(c), false
	case err != nil:
		return found, b.notFound(ctx, c, err), false
	}
	return found, Reply{}, true
}

// maySee is mayExtend for looking: one who may extend from a channel does not thereby see every meeting, but those
// that the channel watches.
func (b *Bot) maySee(ctx context.Context, c call, rules map[string]scheduler.Rule) (meeting.Meeting, Reply, bool) {
	found, err := b.config.Extender.Look(ctx, c.request.Meeting)
	switch {
	case err == nil && c.verdict.Sees(false, watchedFrom(c, found, rules)):
	case !c.verdict.SeesAll:
		return b.asHost(ctx, c, found, err)
	case err != nil:
		return found, b.notFound(ctx, c, err), false
	}
	return found, Reply{}, true
}

// asHost asks whether the meeting is this person's own. Where it is not there, or not theirs, they read one and
// the same answer.
func (b *Bot) asHost(ctx context.Context, c call, found meeting.Meeting, err error) (meeting.Meeting, Reply, bool) {
	if missing(err) {
		return found, b.notYours(c), false
	}
	if err != nil {
		return found, b.serviceTrouble(ctx, c, err), false
	}
	isHost, err := b.gate.AsHost(ctx, c.subject, found)
	if err != nil {
		b.logger.WarnContext(ctx, "a host could not be looked up: nobody passes as the host", "error", err)
	}
	if !isHost {
		return found, b.notYours(c), false
	}
	return found, Reply{}, true
}

// notYours depends on nothing that is known of the meeting. Where a group or a channel could not be looked up,
// that may be all that stands in the way, and it says so instead.
func (b *Bot) notYours(c call) Reply {
	if len(c.verdict.Failed) > 0 {
		return b.refused(c, access.LookupFailed)
	}
	if c.action != nil && c.action.Prompt != 0 { // the meeting stands above the button that was pressed
		return b.refused(c, access.NotListed)
	}
	return Reply{
		Tone: Refusal,
		Text: c.say.Say(i18n.NotYours, i18n.Data{"Meeting": c.request.Meeting}),
		Next: c.say.Say(i18n.NotYoursNext, i18n.Data{"Whom": b.whom(c.say)}),
	}
}

// missing says that there is no such running meeting.
func missing(err error) bool {
	return errors.Is(err, meeting.ErrNotFound) || errors.Is(err, meeting.ErrNotRunning)
}
