package bot

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/overtime-bot/overtime/bot/access"
	"github.com/overtime-bot/overtime/bot/i18n"
	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/scheduler/extension"
	"github.com/overtime-bot/overtime/scheduler/store"
)

// askingHosts has the host of a meeting that hides its password type it in the dialog; nobody else.
type askingHosts struct {
	gate   *access.Gate
	logger *slog.Logger
}

// ask says so and offers the dialog; to others it says nothing.
func (a *askingHosts) ask(ctx context.Context, in interaction, m meeting.Meeting) (next string, offers []Offer) {
	if hosts := a.hosting(ctx, in); !hosts(m) {
		return "", nil
	}
	return askPassword(in, m)
}

// hosting says which meetings somebody hosts, from one look-up for all; none if nobody can tell.
func (a *askingHosts) hosting(ctx context.Context, in interaction) func(meeting.Meeting) bool {
	hosts, err := a.gate.Hosted(ctx, in.subject)
	if err != nil {
		a.logger.WarnContext(ctx, "nobody can tell whether somebody hosts a meeting: they are not asked for its password", "error", err)
	}
	return hosts
}

func askPassword(in interaction, m meeting.Meeting) (next string, offers []Offer) {
	return in.say.Say(i18n.DialogAskPassword, nil), []Offer{offerDialog(in.say, extension.RunOf(m), m.ID, m.End)}
}

// instead asks the host instead of saying what a refusal says to others. A password that they typed wrong, they type again.
func (a *askingHosts) instead(ctx context.Context, in interaction, result extension.Result, refusal Reply) Reply {
	service, _ := errors.AsType[*meeting.Error](result.Err)
	if in.typedPassword() && service != nil && passwordCodes[service.Code] && !errors.Is(service, meeting.ErrThrottled) {
		return wrongPassword(in, result.Meeting)
	}
	if result.Meeting.Extendable || service == nil || !errors.Is(service, meeting.ErrForbidden) {
		return refusal
	}
	if next, offers := a.ask(ctx, in, result.Meeting); len(offers) > 0 {
		refusal.Next, refusal.Offers = next, offers
	}
	return refusal
}

// offerDialog is the button that opens the dialog with a meeting chosen.
func offerDialog(say i18n.Printer, run, id string, end time.Time) Offer {
	return Offer{Label: say.Say(i18n.HomeDialog, nil), Action: store.Action{
		Verb: verbOpenDialog, Run: run, MeetingID: id, Expires: end,
	}}
}

// typedPassword says that somebody typed a host's password into the dialog.
func (in interaction) typedPassword() bool { return in.submitted != nil && in.submitted.held != "" }

// wrongPassword has the host type the password again.
func wrongPassword(in interaction, m meeting.Meeting) Reply {
	reply := in.reply(Refusal, i18n.DialogPasswordWrong, i18n.DialogPasswordAgain, nil)
	reply.Heading, reply.Offers = headingOf(in.sight, m), []Offer{offerDialog(in.say, extension.RunOf(m), m.ID, m.End)}
	return reply
}
