package bot

import (
	"cmp"
	"time"

	"github.com/overtime-bot/overtime/scheduler"
	"github.com/overtime-bot/overtime/scheduler/extension"
)

// shownOf reads from an occasion what its message is to show now.
func shownOf(o scheduler.Occasion) scheduler.Shown {
	s := scheduler.Shown{Answer: o.Prompt.Answer, Who: o.Prompt.By.User}
	ours := isOurs(o)
	first := ours && o.Last.Before.Equal(o.Prompt.End)
	moved := o.Meeting.End.After(o.Prompt.End)
	since := o.Prompt.Created // what was done before it was asked is no answer to it
	if o.Prompt.Answered.After(since) {
		since = o.Prompt.Answered // the newer of the two is shown
	}
	handed := o.Outlook.Handed.ID != 0 && o.Outlook.Handed.CreatedAt.After(since)
	switch {
	case o.Over:
		last := o.Prompt.End
		for _, later := range []time.Time{o.Meeting.End, endOf(o.Last)} {
			if later.After(last) {
				last = later
			}
		}
		s.Stage, s.End = scheduler.StageOver, last.Unix()
		switch {
		case ours:
			s.Who = o.Last.Actor.User
		case o.Outlook.Handed.ID != 0:
			s.Who = o.Outlook.Handed.Actor.User
		}
	case o.Prompt.Kind == scheduler.PromptAuto && (first || !moved):
		s.Stage, s.End, s.State = scheduler.StageOpen, endOf(o.Last).Unix(), o.Last.State
		if s.Answer != scheduler.NoAnswer {
			s.Stage = scheduler.StageAnswered
		}
		if handed {
			s.Stage, s.Who = scheduler.StageHanded, o.Outlook.Handed.Actor.User
		}
	case moved:
		s.Stage, s.End, s.Who = scheduler.StageAgain, o.Meeting.End.Unix(), o.Last.Actor.User
		if !ours || !endOf(o.Last).Equal(o.Meeting.End) {
			s.Stage = scheduler.StageElsewhere
		} else if first {
			s.Stage = scheduler.StageExtended
		}
	case handed:
		s.Stage, s.End, s.Who = scheduler.StageHanded, o.Prompt.End.Unix(), o.Outlook.Handed.Actor.User
	case s.Answer != scheduler.NoAnswer:
		s.Stage, s.End, s.Lapsed = scheduler.StageAnswered, o.Prompt.End.Unix(), o.Prompt.Lapsed
	default:
		s.Stage, s.End, s.Unsure = scheduler.StageOpen, o.Prompt.End.Unix(), o.Unsure || o.Prompt.Shown.Unsure
	}
	return s
}

// endOf is the end that an extension led to, or is to lead to.
func endOf(e extension.Extension) time.Time {
	if e.State == extension.Accepted {
		return cmp.Or(e.Target, e.After)
	}
	return cmp.Or(e.After, e.Target)
}
