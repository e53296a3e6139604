package bot

import (
	"context"
	"encoding/json"
	"time"

	"github.com/overtime-bot/overtime/bot/dialog"
	"github.com/overtime-bot/overtime/bot/i18n"
	"github.com/overtime-bot/overtime/meeting"
)

const suggestBudget = 2 * time.Second // Slack waits for three

// options answers a block_suggestion: the meetings that match what is typed. Nothing is stored for it.
func (d *dialogs) options(ctx context.Context, in interaction) json.RawMessage {
	row, err := d.rowOf(ctx, in.from, in.person)
	if err != nil {
		return d.noOptions(in, i18n.DialogUnread)
	}
	in.from.Channel = row.Channel
	in = d.table.judged(ctx, in)
	found, err := d.finder.search(meeting.Looking(ctx), in, in.from.query)
	switch {
	case err != nil:
		d.logger.WarnContext(ctx, "a field of the dialog could not be filled", "envelope", in.from.envelope, "error", err)
		return d.noOptions(in, i18n.DialogUnread)
	case len(found) == 0 && in.from.query == "":
		return d.noOptions(in, i18n.DialogNone)
	}
	var options []dialog.Option
	for _, m := range found[:min(len(found), mostOffered)] {
		options = append(options, optionOf(in, m.sight, m.meeting, row.Secret))
	}
	return dialog.Pack(options, len(found), func(count int) string {
		return in.say.Say(i18n.DialogMore, i18n.Data{"Count": count})
	})
}

// mostOffered is more than Slack shows.
const mostOffered = 100

// noOptions says in the place of options why there are none.
func (d *dialogs) noOptions(in interaction, why i18n.Key) json.RawMessage {
	return dialog.Pack([]dialog.Option{{Value: "none", Text: in.say.Say(why, nil)}}, 1, nil)
}
