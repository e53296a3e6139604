package bot

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"time"

	"github.com/overtime-bot/overtime/bot/access"
	"github.com/overtime-bot/overtime/bot/dialog"
	"github.com/overtime-bot/overtime/bot/grammar"
	"github.com/overtime-bot/overtime/bot/i18n"
	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/scheduler/store"
	"github.com/slack-go/slack"
)

const (
	openBudget   = 2500 * time.Millisecond // Slack takes a trigger for three seconds
	updateBudget = 4 * time.Second
	dialogLives  = 24 * time.Hour
)

// dialogs opens the dialog, and fills it.
type dialogs struct {
	views     Views
	store     DialogStore
	passwords Passwords
	held      *heldPasswords
	gate      *access.Gate
	finder    *finder
	refusals  *refusals
	speaker   *speaker
	table     *table
	limits    dialog.Limits
	now       func() time.Time
	logger    *slog.Logger
	// mayHandOver says whether somebody who may extend a meeting may hand it over.
	mayHandOver func(context.Context, interaction, meeting.Meeting) (Reply, bool)
}

// load opens the view at once, before anybody is asked anything. It is to be filled.
func (d *dialogs) load(ctx context.Context, from sender) (opened openedView) {
	defer func() {
		if value := recover(); value != nil {
			logPanic(ctx, d.logger, "opening the dialog panicked", value, "envelope", from.envelope)
		}
	}()
	if from.viewed.trigger == "" {
		return openedView{}
	}
	ctx, cancel := context.WithTimeout(ctx, openBudget)
	defer cancel()
	response, err := d.views.OpenViewContext(ctx, from.viewed.trigger.Reveal(), dialog.Loading(d.speaker.known(from.User)))
	if err != nil {
		d.logger.WarnContext(ctx, "slack did not open the dialog", "envelope", from.envelope, "error", withoutURL(err))
		return openedView{refused: true}
	}
	return openedView{id: response.ID, hash: response.Hash}
}

// open fills the view that was opened for an envelope. Where there is none, or Slack does not take what is in it, the list
// answers.
func (d *dialogs) open(ctx context.Context, in interaction) (Reply, grammar.Verb) {
	if in.from.opened.id == "" {
		return d.instead(ctx, in), verbDialog
	}
	view, err := d.filled(meeting.Looking(ctx), in)
	if err == nil {
		err = d.update(ctx, in.from.opened, view)
	}
	if err != nil {
		d.logger.WarnContext(ctx, "the dialog could not be filled", "envelope", in.from.envelope, "error", err)
		in.from.opened.refused = true
		return d.instead(ctx, in), verbDialog
	}
	return Reply{Tone: Asking, Said: true}, verbDialog
}

// instead is the list, for those who cannot have the dialog.
func (d *dialogs) instead(ctx context.Context, in interaction) Reply {
	in.command = grammar.Command{Verb: grammar.VerbList}
	row, _ := d.table.command(grammar.VerbList)
	reply := d.table.carryOut(ctx, in, row)
	if reply.Tone == Telling && in.from.opened.refused {
		reply.Last = i18n.Join(in.say.Say(i18n.DialogNotOpened, nil), reply.Last)
	}
	return reply
}

// filled is what the view shows: the form, or why there is nothing to fill in.
func (d *dialogs) filled(ctx context.Context, in interaction) (slack.ModalViewRequest, error) {
	in = d.table.judged(ctx, in)
	if !in.verdict.Allowed && !in.verdict.NeedsHost {
		refusal := d.refusals.denied(in, in.verdict.Refusal)
		return dialog.Told(in.say, ours(refusal.Text), ours(refusal.Next)), nil
	}
	row := store.Dialog{
		ID: rand.Text(), Secret: meeting.Secret(rand.Text()), Person: in.from.User, Channel: in.from.Channel,
		Command: in.from.Command, ResponseURL: in.from.place.address, Expires: d.now().Add(dialogLives),
	}
	_, offersPlatform := d.table.command(grammar.VerbAuto)
	form := dialog.Form{ID: row.ID, Limits: d.limits, Platform: offersPlatform, Say: in.say}
	form.Note, form.Chosen = d.preset(ctx, in, row)
	form.Password = d.asksPassword(ctx, in)
	storing, cancel := context.WithTimeout(ctx, storePatience)
	defer cancel()
	if err := d.store.PutDialog(storing, row); err != nil {
		return slack.ModalViewRequest{}, fmt.Errorf("storing the dialog: %w", err)
	}
	return form.View(), nil
}

// preset is the meeting that is chosen already, or a note why none is.
func (d *dialogs) preset(ctx context.Context, in interaction, row store.Dialog) (note string, chosen *dialog.Option) {
	mentioned := in.from.mentioned
	switch {
	case mentioned != "":
		in.command = grammar.Command{Verb: grammar.VerbExtend, Meeting: mentioned}
		if in, m, _, ok := d.finder.toExtend(ctx, in); ok {
			option := optionOf(in, in.sight, m, row.Secret)
			return "", &option
		}
		return in.say.Say(i18n.DialogNotThat, nil), nil
	case in.from.interaction == typeMessage:
		note = in.say.Say(i18n.DialogNoNumber, nil)
	}
	if only, ok := d.finder.onlyOne(ctx, in); ok {
		option := optionOf(in, only.sight, only.meeting, row.Secret)
		return note, &option
	}
	return note, nil
}

// asksPassword says that somebody hosts a running meeting whose password the service does not show.
func (d *dialogs) asksPassword(ctx context.Context, in interaction) bool {
	hosted, err := d.hosted(ctx, in)
	if err != nil {
		d.logger.WarnContext(ctx, "nobody can tell which meetings somebody hosts: the dialog asks for no password", "error", err)
	}
	for _, m := range hosted {
		if !m.Extendable {
			return true
		}
	}
	return false
}

// update puts a view in the place of one that is open. To do so twice does no harm.
func (d *dialogs) update(ctx context.Context, opened openedView, view slack.ModalViewRequest) error {
	ctx, cancel := context.WithTimeout(ctx, updateBudget)
	defer cancel()
	if _, err := d.views.UpdateViewContext(ctx, view, "", opened.hash, opened.id); err != nil {
		return fmt.Errorf("updating the view: %w", withoutURL(err))
	}
	return nil
}
