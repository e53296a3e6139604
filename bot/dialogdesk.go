package bot

import (
	"context"
	"encoding/json"

	"github.com/overtime-bot/overtime/bot/dialog"
	"github.com/overtime-bot/overtime/bot/grammar"
	"github.com/overtime-bot/overtime/bot/i18n"
)

// options has a field's suggestions found. A panic costs them.
func (d *Desk) options(ctx context.Context, from sender) (options json.RawMessage) {
	ctx, cancel := context.WithTimeout(ctx, suggestBudget)
	defer cancel()
	defer func() {
		if value := recover(); value != nil {
			logPanic(ctx, d.logger, "a suggestion panicked", value, "envelope", from.envelope)
			options = d.dialogs.noOptions(interaction{say: d.speaker.channel()}, i18n.DialogUnread)
		}
	}()
	return d.dialogs.options(ctx, d.understand(ctx, from))
}

// stored is the payload of a submission as it is stored: only what is needed to carry it out and to answer where the view
// was opened. A password is cut out of it, and stays in memory.
func (d *Desk) stored(ctx context.Context, from sender) []byte {
	d.dialogs.held.cut(from.filled())
	row := d.dialogs.placed(ctx, from)
	stored, _ := json.Marshal(map[string]any{ // it was decoded from JSON
		"type": from.interaction, "user": identified{from.User, from.Team}, "channel": identified{ID: row.Channel},
		"command": row.Command, "response_url": row.ResponseURL.Reveal(),
		"view": map[string]any{
			"callback_id": from.callback, "private_metadata": from.dialog, "state": map[string]dialog.State{"values": from.filled()},
		},
	})
	return stored
}

// decide says what the ack of a submission says. It asks nobody but the store.
func (d *Desk) decide(ctx context.Context, from sender) (decided decision) {
	defer func() {
		if value := recover(); value != nil {
			logPanic(ctx, d.logger, "the answer to a dialog panicked", value, "envelope", from.envelope)
			decided = decision{}
		}
	}()
	person, _ := d.speaker.people.Known(from.User)
	if person.ID == "" {
		person.ID = from.User
	}
	return d.dialogs.decide(ctx, interaction{
		from: d.addressed(from), team: d.refusals.policy.Team, person: person, say: d.speaker.catalogue.For(person.Locale), zone: zoneOfPerson(person),
		now: d.speaker.now(),
	})
}

// submitted is the command that a submitted view stands for.
func (d *Desk) submitted(ctx context.Context, in interaction) (grammar.Command, error) {
	row, err := d.dialogs.rowOf(ctx, in.from, in.person)
	if err != nil {
		return grammar.Command{}, err
	}
	asked, faults := d.dialogs.read(in, row)
	if len(faults) > 0 {
		return grammar.Command{}, errNoCommand
	}
	return asked.command, nil
}
