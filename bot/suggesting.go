package bot

import (
	"context"
	"slices"
	"time"

	"github.com/overtime-bot/overtime/bot/access"
	"github.com/overtime-bot/overtime/bot/grammar"
	"github.com/overtime-bot/overtime/meeting"
)

// suggesting finds commands to type that are not refused in their turn, for their form or their number.
type suggesting struct {
	gate   *access.Gate
	finder *finder
	limits Limits
	now    func() time.Time
}

// suggestWithin is how long an answer waits to know what may still be added. Without that, it goes by the settings.
const suggestWithin = 2 * time.Second

// instead is what somebody may have meant whose command was not understood; else an example of it. What they may is known.
func (s *suggesting) instead(ctx context.Context, in interaction, parse *grammar.ParseError) (commands []grammar.Command, example bool) {
	for _, suggestion := range parse.Suggestions {
		fitting, ok := s.fit(ctx, in, suggestion)
		if ok && !slices.Contains(commands, fitting) {
			commands = append(commands, fitting)
		}
	}
	if len(commands) > 0 {
		return s.soonest(in, commands), false
	}
	command, _ := s.fit(ctx, in, parse.Example())
	return []grammar.Command{command}, true
}

// example is an example of extending that is about the own meeting of the person who types it.
func (s *suggesting) example(verb grammar.Verb) grammar.Command {
	return s.within(grammar.ExampleOf(verb, "").Of(""))
}

// within holds a command to the limits that are the same for everybody and every meeting.
func (s *suggesting) within(command grammar.Command) grammar.Command {
	command.Title = grammar.Brief(command.Title)
	count, maximum := &command.Amount.Count, &command.Maximum
	*count = min(*count, s.limits.MaxMinutes)
	if total := s.limits.MaxTotalMinutes; command.Verb == grammar.VerbWatch && total > 0 {
		*count, *maximum = min(*count, total), min(*maximum, total)
	}
	if *maximum > 0 {
		*count = min(*count, *maximum)
	}
	return command
}

// fit holds a command to what may still be added to its meeting now, if the person may know of that. It is false for a
// time of day that would be refused.
func (s *suggesting) fit(ctx context.Context, in interaction, command grammar.Command) (grammar.Command, bool) {
	command = s.within(command)
	if command.Verb != grammar.VerbExtend {
		return command, true
	}
	in.command = command
	if in.verdict.Allowed || in.verdict.NeedsHost {
		if in, m, _, ok := s.finder.toExtend(ctx, in); ok {
			return s.fitMeeting(ctx, in, m, command)
		}
	}
	if command.Amount.Kind != grammar.UntilClock {
		return command, true
	}
	if in.zone == nil {
		return s.within(command.By(s.limits.DefaultMinutes)), true
	}
	_, err := s.ahead(in, command)
	return command, err == nil
}

// ahead is in how many minutes a command's time of day comes.
func (s *suggesting) ahead(in interaction, command grammar.Command) (int, error) {
	return command.Amount.Minutes(grammar.Moment{Now: s.now(), End: s.now(), Zone: in.zone})
}

// fitMeeting is fit for a meeting that was found. Where nothing may be added, it is a look at the meeting.
func (s *suggesting) fitMeeting(ctx context.Context, in interaction, m meeting.Meeting, command grammar.Command) (grammar.Command, bool) {
	most, moment := s.finder.mayGet(ctx, in, m)
	if most == 0 {
		return grammar.Command{Verb: grammar.VerbStatus, Meeting: command.Meeting, Title: command.Title}, true
	}
	minutes, err := command.Amount.Minutes(moment)
	switch {
	case command.Amount.Kind == grammar.UntilClock && in.zone == nil:
		command = command.By(min(s.limits.DefaultMinutes, most))
	case command.Amount.Kind == grammar.UntilClock:
		return command, err == nil && minutes <= most
	case minutes > most:
		command = command.By(most)
	}
	return command, true
}

// soonest leaves one of several times of day: the one that comes next.
func (s *suggesting) soonest(in interaction, commands []grammar.Command) []grammar.Command {
	next := func(a, b grammar.Command) int {
		first, _ := s.ahead(in, a)
		second, _ := s.ahead(in, b)
		return first - second
	}
	for _, command := range commands {
		if command.Amount.Kind != grammar.UntilClock {
			return commands
		}
	}
	return []grammar.Command{slices.MinFunc(commands, next)}
}

// other is a time of day in the other half of the day if that is taken now; else a number of minutes.
func (s *suggesting) other(ctx context.Context, in interaction, m meeting.Meeting) grammar.Command {
	command := in.command
	command.Amount.Hour = (command.Amount.Hour + 12) % 24
	if in.zone != nil {
		if fitting, ok := s.fitMeeting(ctx, in, m, command); ok {
			return fitting
		}
	}
	fitting, _ := s.fitMeeting(ctx, in, m, grammar.ExampleOf(grammar.VerbExtend, m.ID))
	return fitting
}
