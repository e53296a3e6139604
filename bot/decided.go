package bot

import (
	"context"
	"log/slog"

	"github.com/overtime-bot/overtime/scheduler"
	"github.com/overtime-bot/overtime/scheduler/extension"
	"github.com/overtime-bot/overtime/scheduler/store"
)

// decisions look up who decided what about the end that a message is about, for when its meeting is over.
type decisions struct {
	past   PastStore
	wishes PastWishes
	logger *slog.Logger
}

// decided is what was decided beside the newest extension.
type decided struct {
	first    extension.Extension       // of the very end that the message was about, where a newer one followed; its ID is 0 otherwise
	approved map[int64]extension.Actor // who approved an extension
}

// of looks up what was decided. What cannot be read is not said.
func (d decisions) of(ctx context.Context, o scheduler.Occasion) decided {
	found := decided{approved: make(map[int64]extension.Actor)}
	if d.past == nil || !isOurs(o) {
		return found
	}
	rows, err := d.past.Past(ctx, store.Past{MeetingID: o.Prompt.MeetingID, Before: o.Last.ID}, historyAtOnce)
	if err != nil {
		d.logger.WarnContext(ctx, "a message does not say who extended the meeting first", "meeting", o.Prompt.MeetingID, "error", err)
	}
	for _, row := range rows {
		done := row.State == extension.Confirmed || row.State == extension.Accepted
		if done && !row.Platform && row.Run == o.Prompt.Run && row.Before.Equal(o.Prompt.End) {
			found.first = row
		}
	}
	if o.Last.Origin != extension.FromApproval && found.first.Origin != extension.FromApproval {
		return found
	}
	wishes, err := d.wishes.List(ctx, o.Prompt.MeetingID, historyAtOnce)
	if err != nil {
		d.logger.WarnContext(ctx, "a message does not say who approved an extension", "meeting", o.Prompt.MeetingID, "error", err)
	}
	for _, wish := range wishes {
		if wish.State == store.Approved && wish.Extension != 0 {
			found.approved[wish.Extension] = wish.By
		}
	}
	return found
}
