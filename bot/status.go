package bot

import (
	"context"
	"log/slog"
	"time"

	"github.com/overtime-bot/overtime/bot/i18n"
	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/scheduler"
	"github.com/overtime-bot/overtime/scheduler/extension"
)

// status is `/extend status <meeting>`. It reads the meeting again.
type status struct {
	finder    *finder
	extender  Extender
	further   *further
	rules     *rulebook
	otherwise scheduler.Automation
	foresees  *foreseeing
	now       func() time.Time
	logger    *slog.Logger
}

func (s *status) show(ctx context.Context, in interaction) Reply {
	in, m, refusal, ok := s.finder.toSee(ctx, in)
	if !ok {
		return refusal
	}
	m = s.counted(ctx, m)
	outlook := s.foresees.one(ctx, m)
	reply := Reply{
		Tone: Telling, Heading: heading{Name: in.named(m)}, About: []string{aboutMeeting(in.say, in.sight, m)}, Last: s.rules.pausedNote(ctx, in),
		Text: i18n.Join(in.say.Say(i18n.Status, i18n.Data{
			"Meeting": in.named(m), "End": in.date(m.End), "Remaining": remaining(in.say, m.End.Sub(s.now())),
		}), saysObstacles(in.say, m), s.foresees.saysAbout(in.speech(), outlook)),
	}
	left := s.further.of(ctx, extension.RunOf(m), m, in.actor())
	rule := s.ruleOf(ctx, m, outlook)
	reply.Next = s.further.says(in, left)
	if left.hidden { // then only its host can extend it, in the dialog
		next, offers := s.further.hosts.ask(ctx, in, m)
		reply.Next, reply.Offers = i18n.Join(next, reply.Next), offers
	}
	reply.Row = statusRow(in.say, m, rule, left.AtOnce)
	if rule.Of != "" {
		reply.Text = i18n.Join(reply.Text, saysRule(in.say, rule, s.otherwise), saysWhose(in.say, rule))
	}
	return reply
}

// ruleOf is the rule that somebody made for this run, as far as it is known whose that is.
func (s *status) ruleOf(ctx context.Context, m meeting.Meeting, outlook scheduler.Outlook) scheduler.Rule {
	if outlook.Reason != "" {
		return outlook.Rule
	}
	return ownRule(m, s.rules.readable(ctx))
}

// counted is a meeting with the number of people in it, which the shared list has and its own detail does not.
func (s *status) counted(ctx context.Context, m meeting.Meeting) meeting.Meeting {
	if m.People >= 0 {
		return m
	}
	listed, err := s.extender.Listed(ctx, extension.RecentFor)
	if err != nil {
		s.logger.WarnContext(ctx, "how many people are in a meeting could not be read", "error", err)
	}
	return extension.CountedIn(listed, m)
}
