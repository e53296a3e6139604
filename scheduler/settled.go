package scheduler

import (
	"context"
	"errors"

	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/scheduler/extension"
)

// Settled tells the channel how an automatic extension came out: the verified new end, or that it failed. What may or may
// not have been posted is no longer owed.
func (s *Scheduler) Settled(ctx context.Context, notice extension.Notice) error {
	row, now := notice.Extension, notice.Meeting
	if row.State == extension.Void || row.State == extension.Refused && row.Reason != extension.ReasonRefused {
		return nil // the next look tries again, and people know already that it was in doubt
	}
	if extension.RunOf(now) != row.Run {
		found, over, err := s.records.meetingOf(ctx, row.MeetingID, row.Run)
		if err != nil || over {
			// The run no longer tells its room. What the row's rule is of stands for it, for those who read of the rule.
			found = meeting.Meeting{ID: row.MeetingID, RoomID: row.RuleOf, End: row.After, People: -1}
		}
		now = found
	}
	c, err := s.records.recallOne(ctx, now, row.Run)
	if err != nil {
		return err
	}
	occasion := c.occasion(PromptAuto, row.Before)
	occasion.Last = row
	if row.State != extension.Confirmed {
		occasion.Prompt.Kind, occasion.Trouble = PromptTrouble, TroubleUnclear
	}
	if row.State == extension.Refused {
		occasion.Trouble = TroubleRefused
	}
	occasion.Prompt.Trouble = occasion.Trouble
	occasion.Outlook = s.records.likely(ctx, c, s.records.looksOrNow) // the new end is dealt with at once if its time has come
	s.changed.add(row.Run, row.MeetingID, true)
	if row.Key != extension.OfferKey(row.Run, row.Before) { // the end was set back, and is extended once more
		occasion.Prompt.For += " " + row.Key
	}
	_, err = s.poster.postOnce(ctx, occasion)
	if errors.Is(err, ErrInDoubt) {
		s.logger.ErrorContext(ctx, "telling of an automatic extension", "extension", row.ID, "error", err)
		return nil
	}
	return err
}
