package bot

import (
	"context"
	"errors"
	"log/slog"

	"github.com/overtime-bot/overtime/bot/i18n"
	"github.com/overtime-bot/overtime/scheduler"
	"github.com/overtime-bot/overtime/scheduler/extension"
)

// promptButtons answer a prompt. They take the right to extend the meeting, whatever the answer.
type promptButtons struct {
	finder    *finder
	scheduler Scheduler
	foresees  *foreseeing
	refusals  *refusals
	follower  *follower
	further   *further
}

// answers are what the buttons under a prompt answer to it.
var answers = map[string]scheduler.Answer{
	verbKeep: scheduler.KeepExtending, verbEnd: scheduler.LetEnd, verbStop: scheduler.StopExtending,
}

func (p *promptButtons) press(ctx context.Context, in interaction) Reply {
	in, found, refusal, ok := p.finder.toExtend(ctx, in)
	if !ok {
		return refusal
	}
	if extension.RunOf(found) != in.action.Run {
		return overForButton(in)
	}
	end := in.date(found.End)
	answer := answers[in.action.Verb]
	if answer == scheduler.LetEnd && found.End.After(in.action.OfferedEnd) {
		return p.follower.follow(ctx, in, p.further.moved(ctx, in, found))
	}
	if reply, lost := p.refusals.lost(ctx, in); lost {
		return reply
	}
	prompt, won, err := p.scheduler.Answer(ctx, in.action.Prompt, answer, in.actor())
	switch {
	case errors.Is(err, scheduler.ErrNoPrompt):
		return staleButton(in)
	case err != nil:
		return p.refusals.notWritten(ctx, in, err)
	}
	reply := Reply{Tone: Telling, Heading: headingOf(in.sight, found)}
	if won || prompt.Answer == answer && in.is(prompt.By) { // the latter: an envelope that is worked on again
		reply.Tone, reply.Own = Done, true
	}
	outlook := p.foresees.wished(ctx, found)
	key := i18n.PromptLetEnd
	switch prompt.Answer {
	case scheduler.KeepExtending:
		key = i18n.PromptKept
	case scheduler.StopExtending:
		key = i18n.PromptStopped
		reply.Next = saysGoesOn(in.say, in.typed, outlook.Rule, found.ID)
	}
	reply.Text = in.say.Say(key, i18n.Data{"Meeting": in.named(found), "Who": who(prompt.By), "End": end})
	if key != i18n.PromptLetEnd {
		reply.Text = i18n.Join(reply.Text, p.foresees.says(in.speech(), outlook))
	}
	return p.follower.follow(ctx, in, reply)
}

// follower lets a prompt show at once what came of a press under it.
type follower struct {
	prompts   Prompts
	scheduler Scheduler
	logger    *slog.Logger
}

// follow lets the prompt say what the person did, for everybody: they need no answer of their own. They still read what
// somebody else did before them, and a refusal leaves the prompt as it is.
func (f *follower) follow(ctx context.Context, in interaction, reply Reply) Reply {
	if in.action.Prompt == 0 || reply.Tone != Done && reply.Tone != Telling {
		return reply
	}
	prompt, err := f.prompts.Prompt(ctx, in.action.Prompt)
	if err == nil {
		err = f.scheduler.FollowNow(ctx, in.action.MeetingID, in.action.Run)
	}
	if err != nil {
		f.logger.WarnContext(ctx, "a prompt does not follow a press yet; the next tick sees to it", "prompt", in.action.Prompt, "error", err)
		return reply
	}
	reply.Said = reply.Own && prompt.State == scheduler.PromptPosted // or nothing was edited
	return reply
}
