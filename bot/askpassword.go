package bot

import (
	"context"
	"errors"

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
	refusal.Offers = []Offer{{Label: in.say.Say(i18n.HomeDialog, nil), Action: store.Action{
		Verb: verbOpenDialog, Run: extension.RunOf(m), MeetingID: m.ID, Expires: m.End,
	}}}
	return refusal
}
