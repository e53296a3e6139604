package bot

import (
	"context"
	"crypto/rand"
	"time"

	"github.com/overtime-bot/overtime/bot/dialog"
	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/scheduler/store"
)

// decideBudget is for what is said in an ack, which must come within a second.
const decideBudget = 700 * time.Millisecond

// decide says in the ack of a submission what can be said without the meeting service: errors at fields, or the view that
// asks once more. Whatever it cannot find out in time is left to those who do what was asked.
func (d *dialogs) decide(ctx context.Context, in interaction) decision {
	ctx, cancel := context.WithTimeout(ctx, decideBudget)
	defer cancel()
	row, err := d.rowOf(ctx, in.from, in.person)
	if err != nil {
		return decision{}
	}
	if in.from.callback == dialog.CallbackConfirm {
		return decision{payload: dialog.Clear()} // the form below, too
	}
	s, faults := d.read(in, row)
	if len(faults) > 0 {
		return decision{faults.Errors(in.say), true}
	}
	minutes := d.asksOnce(ctx, in, s)
	if minutes == 0 {
		return decision{}
	}
	confirm := row
	confirm.ID, confirm.Secret = rand.Text(), meeting.Secret(rand.Text())
	confirm.Wish, confirm.Run, confirm.OfferedEnd, confirm.Held = s.command.String(), s.run, s.end, s.held
	if err := d.store.PutDialog(ctx, confirm); err != nil {
		d.logger.WarnContext(ctx, "a view that asks once more could not be stored: a message asks instead", "error", err)
		return decision{}
	}
	view := dialog.Confirm{ID: confirm.ID, Meeting: plain(s.label, aboutLimit), Question: d.question(in, s, minutes), HandOver: s.handsOver(), Say: in.say}
	return decision{dialog.Push(view.View()), true}
}

// placed is where the result of a submission goes, and what was typed into it, for the envelope that is stored: nothing of
// the payload that is not needed, and never a password.
func (d *dialogs) placed(ctx context.Context, from sender) store.Dialog {
	ctx, cancel := context.WithTimeout(ctx, decideBudget)
	defer cancel()
	row, err := d.store.Dialog(ctx, from.dialog)
	if err != nil || row.Person != from.User {
		return store.Dialog{}
	}
	return row
}
