package bot

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/overtime-bot/overtime/scheduler"
	"github.com/overtime-bot/overtime/scheduler/extension"
	"github.com/slack-go/slack"
)

// stage is what a message of the automation shows: two that are equal show the same.
type stage struct {
	kind   scheduler.PromptKind
	is     standing
	end    int64 // Unix seconds of the end that is shown; 0 = none
	who    string
	answer scheduler.Answer
	state  extension.State // of the extension that is told
	lapsed bool            // the answer counts no longer
	unsure bool
}

// standing is how far the meeting of a message has come.
type standing string

const (
	standsOpen      standing = "open"     // as it was announced
	standsAnswered  standing = "answered" // by a person, and the end is the same
	standsExtended  standing = "extended" // by a person or by automation
	standsAgain     standing = "again"    // extended more than once
	standsElsewhere standing = "elsewhere"
	standsOver      standing = "over"
)

// stageOf reads what is true now from an occasion.
func stageOf(o scheduler.Occasion) stage {
	s := stage{kind: o.Prompt.Kind, answer: o.Prompt.Answer, who: o.Prompt.By.User}
	told := o.Last.ID != 0 && !o.Last.Before.Before(o.Prompt.End) // by an extension of this end, or of a later one
	own := told && o.Last.Before.Equal(o.Prompt.End)
	switch {
	case o.Over:
		s.is, s.end = standsOver, lastEnd(o).Unix()
	case o.Prompt.Kind == scheduler.PromptAuto && (own || !o.Meeting.End.After(o.Prompt.End)):
		s.is, s.end, s.state = standsOpen, endOf(o.Last).Unix(), o.Last.State
		if s.answer != scheduler.NoAnswer {
			s.is = standsAnswered
		}
	case o.Meeting.End.After(o.Prompt.End):
		s.is, s.end, s.who = extendedHow(o, told, own), o.Meeting.End.Unix(), o.Last.Actor.User
	case s.answer != scheduler.NoAnswer:
		s.is, s.end, s.lapsed = standsAnswered, o.Prompt.End.Unix(), o.Prompt.Lapsed
	default:
		s.is, s.end, s.unsure = standsOpen, o.Prompt.End.Unix(), o.Unsure || wasUnsure(o.Prompt.Shown)
	}
	return s
}

// extendedHow says who extended a meeting beyond the end of a message: an extension of ours, unless the end is not
// the one that ours led to.
func extendedHow(o scheduler.Occasion, told, own bool) standing {
	switch {
	case !told || !endOf(o.Last).Equal(o.Meeting.End):
		return standsElsewhere
	case own:
		return standsExtended
	}
	return standsAgain
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

const unsureMark = "unsure"

// shownTo is what a message shows, in a form that tells two stages apart and remembers who reads it.
func shownTo(r reader, s stage) string {
	words := []string{"to", r.to, string(s.kind), string(s.is), strconv.FormatInt(s.end, 10), "by", s.who, string(s.answer), string(s.state)}
	if r.host {
		words[0] = "host"
	}
	if s.lapsed {
		words = append(words, "lapsed")
	}
	if s.unsure {
		words = append(words, unsureMark)
	}
	return strings.Join(strings.Fields(strings.Join(words, " ")), " ")
}

func wasUnsure(shown string) bool { return strings.HasSuffix(shown, " "+unsureMark) }

// readerOf finds again who reads a message that was posted: Slack's ID of a direct message does not tell.
func (b *Bot) readerOf(ctx context.Context, prompt scheduler.Prompt) reader {
	words := strings.Fields(prompt.Shown)
	if len(words) < 2 {
		return b.channelReader(prompt.Channel)
	}
	if isDirect(prompt.Channel) {
		r := b.personReader(ctx, words[1])
		r.host = words[0] == "host"
		return r
	}
	return b.channelReader(words[1])
}

// Follow edits a message to what is true now, if it shows something else, and returns what it shows. A message that
// Slack lets nobody edit any more is left as it is: it is no error, or it would be tried for ever.
func (b *Bot) Follow(ctx context.Context, occasion scheduler.Occasion) (string, error) {
	prompt := occasion.Prompt
	if prompt.Channel == "" || prompt.Timestamp == "" {
		return prompt.Shown, fmt.Errorf("following prompt %d: %w", prompt.ID, errNoMessage)
	}
	reader, stage := b.readerOf(ctx, prompt), stageOf(occasion)
	shown := shownTo(reader, stage)
	if shown == prompt.Shown {
		return shown, nil
	}
	message := render(b.withButtons(ctx, b.announcement(reader, occasion, stage)))
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
