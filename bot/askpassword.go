package bot

import (
	"context"
	"errors"
	"time"

	"github.com/overtime-bot/overtime/bot/i18n"
	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/scheduler/extension"
	"github.com/overtime-bot/overtime/scheduler/store"
)

// askPassword has a host whose meeting hides its password type it in the dialog, instead of what a refusal says to others.
func (o *outcomes) askPassword(ctx context.Context, in interaction, result extension.Result, refusal Reply) Reply {
	m := result.Meeting
	service, _ := errors.AsType[*meeting.Error](result.Err)
	if m.Extendable || service == nil || !errors.Is(service, meeting.ErrForbidden) {
		return refusal
	}
	hosts, err := o.gate.Hosted(ctx, in.subject)
	if err != nil {
		o.logger.WarnContext(ctx, "nobody can tell whether somebody hosts a meeting: they are not asked for its password", "error", err)
	}
	if !hosts(m) {
		return refusal
	}
	refusal.Next = in.say.Say(i18n.DialogAskPassword, nil)
	refusal.Offers = []Offer{offerDialog(in.say, extension.RunOf(m), m.ID, m.End)}
	return refusal
}

// offerDialog is the button that opens the dialog with a meeting chosen.
func offerDialog(say i18n.Printer, run, id string, end time.Time) Offer {
	return Offer{Label: say.Say(i18n.HomeDialog, nil), Action: store.Action{
		Verb: verbOpenDialog, Run: run, MeetingID: id, Expires: end,
	}}
}
