package bot

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/overtime-bot/overtime/scheduler"
	"github.com/overtime-bot/overtime/scheduler/extension"
	"github.com/slack-go/slack"
)

// shownOf is what a message is to show of an occasion.
func shownOf(o scheduler.Occasion) scheduler.Shown {
	s := scheduler.Shown{Answer: o.Prompt.Answer, Who: o.Prompt.By.User}
	told := o.Last.ID != 0 && !o.Last.Before.Before(o.Prompt.End) // by an extension of this end, or of a later one
	own := told && o.Last.Before.Equal(o.Prompt.End)
	switch {
	case o.Over:
		s.Stage, s.End = scheduler.StageOver, lastEnd(o).Unix()
	case o.Prompt.Kind == scheduler.PromptAuto && (own || !o.Meeting.End.After(o.Prompt.End)):
		s.Stage, s.End, s.State = scheduler.StageOpen, endOf(o.Last).Unix(), o.Last.State
		if s.Answer != scheduler.NoAnswer {
			s.Stage = scheduler.StageAnswered
		}
	case o.Meeting.End.After(o.Prompt.End):
		s.Stage, s.End, s.Who = extendedHow(o, told, own), o.Meeting.End.Unix(), o.Last.Actor.User
	case s.Answer != scheduler.NoAnswer:
		s.Stage, s.End, s.Lapsed = scheduler.StageAnswered, o.Prompt.End.Unix(), o.Prompt.Lapsed
	default:
		s.Stage, s.End, s.Unsure = scheduler.StageOpen, o.Prompt.End.Unix(), o.Unsure || o.Prompt.Shown.Unsure
	}
	return s
}

// extendedHow says who extended a meeting beyond the end of a message: an extension of ours, unless the end is not
// the one that ours led to.
func extendedHow(o scheduler.Occasion, told, own bool) scheduler.Stage {
	switch {
	case !told || !endOf(o.Last).Equal(o.Meeting.End):
		return scheduler.StageElsewhere
	case own:
		return scheduler.StageExtended
	}
	return scheduler.StageAgain
}

// endOf is the end that an extension led to, or is to lead to.
func endOf(e extension.Extension) time.Time {
	if e.State == extension.Accepted {
		return cmp.Or(e.Target, e.After)
	}
	return cmp.Or(e.After, e.Target)
}

// lastEnd is the last end of a run that is over, as far as is known.
func lastEnd(o scheduler.Occasion) time.Time {
	end := o.Prompt.End
	for _, later := range []time.Time{o.Meeting.End, endOf(o.Last)} {
		if later.After(end) {
			end = later
		}
	}
	return end
}

// readerOf finds again who reads a message that was posted: Slack's ID of a direct message does not tell.
func (b *Bot) readerOf(ctx context.Context, prompt scheduler.Prompt) reader {
	switch {
	case prompt.Reader.ID == "":
		return b.channelReader(prompt.Channel)
	case isDirect(prompt.Channel):
		r := b.personReader(ctx, prompt.Reader.ID)
		r.host = prompt.Reader.Host
		return r
	}
	return b.channelReader(prompt.Reader.ID)
}

// Follow edits a message to what is true now, if it shows something else, and returns what it shows. A message that
// Slack lets nobody edit any more is left as it is: it is no error, or it would be tried for ever.
func (b *Bot) Follow(ctx context.Context, occasion scheduler.Occasion) (scheduler.Shown, error) {
	prompt := occasion.Prompt
	if prompt.Channel == "" || prompt.Timestamp == "" {
		return prompt.Shown, fmt.Errorf("following prompt %d: %w", prompt.ID, errNoMessage)
	}
	reader, shown := b.readerOf(ctx, prompt), shownOf(occasion)
	if shown == prompt.Shown {
		return shown, nil
	}
	message := render(b.withButtons(ctx, b.announcement(reader, occasion, shown)))
	err := b.edit(ctx, prompt.Channel, prompt.Timestamp, message)
	var refused slack.SlackErrorResponse
	if errors.As(err, &refused) && uneditable[refused.Err] {
		b.logger.WarnContext(ctx, "a message cannot follow its meeting any more", "prompt", prompt.ID, "error", err)
		return shown, nil
	}
	if err != nil {
		return prompt.Shown, err
	}
	return shown, nil
}

// uneditable are Slack's refusals of chat.update that no second try can heal.
// Source: https://docs.slack.dev/reference/methods/chat.update
var uneditable = map[string]bool{
	"message_not_found": true, "cant_update_message": true, "edit_window_closed": true, "channel_not_found": true,
	"is_archived": true, "is_inactive": true, "not_in_channel": true, "user_not_found": true,
}
