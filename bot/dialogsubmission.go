package bot

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/overtime-bot/overtime/bot/access"
	"github.com/overtime-bot/overtime/bot/dialog"
	"github.com/overtime-bot/overtime/bot/grammar"
	"github.com/overtime-bot/overtime/bot/i18n"
	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/scheduler/extension"
	"github.com/overtime-bot/overtime/scheduler/store"
)

// rowOf reads the stored dialog of a view. store.ErrNoDialog if it is not, or no longer, this person's.
func (d *dialogs) rowOf(ctx context.Context, from sender, person access.Person) (store.Dialog, error) {
	reading, cancel := context.WithTimeout(ctx, storePatience)
	defer cancel()
	row, err := d.store.Dialog(reading, from.dialog)
	if err == nil && row.Person != from.User && !person.Is(row.Person) {
		err = store.ErrNoDialog
	}
	return row, err
}

// read says what a submitted view asks for, or which of its fields are wrong.
func (d *dialogs) read(in interaction, row store.Dialog) (submission, dialog.Faults) {
	if in.from.callback == dialog.CallbackConfirm {
		command, err := grammar.Parse(row.Wish)
		if err != nil {
			return submission{}, dialog.Faults{dialog.Meeting: {Key: i18n.DialogChoose}}
		}
		return submission{
			command: command, run: row.Run, key: "dialog " + row.ID, offeredEnd: row.OfferedEnd, held: row.Held, confirmed: true, end: row.OfferedEnd,
		}, nil
	}
	wish, faults := dialog.Read(in.from.filled(), row.Secret.Reveal(), d.limits)
	if len(faults) > 0 {
		return submission{}, faults
	}
	chosen := meeting.Meeting{ID: wish.Choice.Meeting, Start: wish.Choice.Start}
	s := submission{
		command: wish.Command(), run: extension.RunOf(chosen), key: "dialog " + row.ID, held: wish.Password,
		label: wish.Label, end: wish.Choice.End,
	}
	// What was offered may be older than an extension that somebody made meanwhile.
	if known, ok := d.finder.extender.Known(chosen.ID); ok && extension.RunOf(known) == s.run {
		s.end = known.End
	}
	if wish.Amount.Kind == grammar.UntilClock {
		faults = d.untilFaults(in, s)
	}
	return s, faults
}

// untilFaults says what is wrong with a time of day, as far as that is certain without the meeting service.
func (d *dialogs) untilFaults(in interaction, s submission) dialog.Faults {
	fault := func(key i18n.Key, data i18n.Data) dialog.Faults {
		return dialog.Faults{dialog.Until: {Key: key, Data: data}}
	}
	minutes, err := d.minutes(in, s, 0)
	amount, _ := errors.AsType[*grammar.AmountError](err)
	switch {
	case amount == nil && d.limits.Beyond(minutes, dialog.ModeNow):
		return fault(i18n.DialogTooMany, i18n.Data{"Count": d.limits.Most})
	case amount == nil || amount.Problem == grammar.NotAfterEnd: // the end may have moved
		return nil
	case amount.Problem == grammar.NoZone:
		return fault(i18n.DialogNoZone, nil)
	case amount.Problem == grammar.HasPassed:
		return fault(i18n.DialogPassed, nil)
	}
	return fault(i18n.DialogBadTime, nil)
}

// minutes is how many a submission adds to the end that was shown. most is what the limits leave at once, for "max".
func (d *dialogs) minutes(in interaction, s submission, most int) (int, error) {
	return s.command.Amount.Minutes(grammar.Moment{
		Now: d.now(), End: s.end, Zone: in.zone, Default: d.limits.Default, Limits: []int{most},
	})
}

// asksOnce gives the minutes of a submission that is confirmed before it is done; 0 if it needs no confirmation.
func (d *dialogs) asksOnce(ctx context.Context, in interaction, s submission) int {
	if s.confirmed || s.command.Verb == grammar.VerbWatch {
		return 0
	}
	most := d.limits.Most
	if left := d.finder.further.within(ctx, s.run, in.actor()); !left.unknown && s.command.Verb == grammar.VerbExtend {
		most = left.AtOnce
	}
	minutes, err := d.minutes(in, s, most)
	refused := minutes > most && (most > 0 || d.limits.Most > 0) // which needs no confirmation
	if err != nil || refused || minutes <= dialog.AtOnce || s.command.Verb == grammar.VerbAuto && s.command.Amount.Kind == grammar.ByDefault {
		return 0
	}
	return minutes
}

// question asks whether a meeting is to be extended by so much. Handing it over does not move its end.
func (d *dialogs) question(in interaction, s submission, minutes int) string {
	key, end := i18n.DialogConfirmUntil, s.end.Add(time.Duration(minutes)*time.Minute)
	switch {
	case s.handsOver():
		key, end = i18n.DialogConfirmHandOver, s.end
	case s.command.Amount.Kind == grammar.ToMaximum:
		key = i18n.DialogConfirmMost
	}
	return in.say.Say(key, i18n.Data{"End": in.date(end), "Count": minutes})
}

// submit does what a submitted view asks for, as a command that was typed where the dialog was opened. What its ack could
// not say is said by message.
func (d *dialogs) submit(ctx context.Context, in interaction) (Reply, grammar.Verb) {
	row, err := d.rowOf(ctx, in.from, in.person)
	switch {
	case errors.Is(err, store.ErrNoDialog):
		return in.reply(Failed, i18n.DialogTooOld, i18n.DialogTooOldNext, i18n.Data{"Command": in.typed("")}), verbDialog
	case err != nil:
		return d.refusals.notWritten(ctx, in, err), verbDialog
	}
	in.from.Channel, in.from.Command = row.Channel, cmp.Or(row.Command, in.from.Command)
	s, faults := d.read(in, row)
	if len(faults) > 0 {
		return saysFaults(in, faults), verbDialog
	}
	in.command, in.submitted = s.command, &s
	entry, ok := d.table.command(s.command.Verb)
	if !ok {
		return in.reply(Failed, i18n.DialogTooOld, i18n.DialogTooOldNext, i18n.Data{"Command": in.typed("")}), verbDialog
	}
	if minutes := d.asksOnce(ctx, in, s); minutes > 0 {
		return d.askByMessage(ctx, in, minutes), verbDialog
	}
	if refusal, ok := d.usePassword(ctx, in); !ok {
		return refusal, entry.verb
	}
	reply := d.table.carryOut(ctx, in, entry)
	d.close(ctx, row)
	return reply, entry.verb
}

// close erases where the result is told, which the envelope knows by itself.
func (d *dialogs) close(ctx context.Context, row store.Dialog) {
	if row.ResponseURL == "" {
		return
	}
	closing, cancel := context.WithTimeout(ctx, storePatience)
	defer cancel()
	if err := d.store.CloseDialog(closing, row.ID); err != nil {
		d.logger.WarnContext(ctx, "a dialog keeps its response_url, until that is half an hour old", "error", err)
	}
}

// saysFaults says by message what is wrong with the fields of a dialog that is closed.
func saysFaults(in interaction, faults dialog.Faults) Reply {
	var said []string
	for _, fault := range faults {
		said = append(said, in.say.Say(fault.Key, fault.Data))
	}
	slices.Sort(said)
	reply := in.reply(Refusal, i18n.NothingExtended, i18n.DialogTooOldNext, i18n.Data{"Command": in.typed("")})
	reply.Text = i18n.Join(strings.Join(said, " "), reply.Text)
	return reply
}

// askByMessage asks for the confirmation that the ack could not ask for.
func (d *dialogs) askByMessage(ctx context.Context, in interaction, minutes int) Reply {
	in = d.table.judged(ctx, in)
	in, m, refusal, ok := d.finder.toExtend(ctx, in)
	switch {
	case !ok:
		return refusal
	case extension.RunOf(m) != in.submitted.run:
		return ended(in, m.ID)
	}
	s := *in.submitted
	offer := offerMinutes(in.say.Say(i18n.DialogForMinutes, i18n.Data{"Count": minutes}), s.run, m.ID, minutes, s.end)
	if s.handsOver() {
		if refusal, may := d.mayHandOver(ctx, in, m); !may {
			return refusal
		}
		offer.Label, offer.Action.Verb = in.say.Say(i18n.ButtonHandOver, nil), verbHandOver
	}
	return Reply{Tone: Asking, Heading: headingOf(in.sight, m), Text: d.question(in, s, minutes), Offers: []Offer{offer}}
}
