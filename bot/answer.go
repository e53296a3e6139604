package bot

import (
	"context"
	"errors"
	"time"

	"github.com/overtime-bot/overtime/bot/access"
	"github.com/overtime-bot/overtime/bot/grammar"
	"github.com/overtime-bot/overtime/bot/i18n"
	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/scheduler"
	"github.com/overtime-bot/overtime/scheduler/extension"
	"github.com/overtime-bot/overtime/scheduler/store"
)

// answers are what the buttons under a prompt answer to it.
var answers = map[string]scheduler.Answer{
	verbKeep: scheduler.KeepExtending, verbEnd: scheduler.LetEnd, verbStop: scheduler.StopExtending,
}

// pressAnswer answers a prompt. It takes the right to extend the meeting, whatever the answer.
func (b *Bot) pressAnswer(ctx context.Context, c call) Reply {
	c.request = grammar.Command{Verb: grammar.VerbExtend, Meeting: c.action.MeetingID}
	found, refusal, ok := b.mayExtend(ctx, c)
	if !ok {
		return refusal
	}
	if extension.RunOf(found) != c.action.Run {
		return b.overForButton(c)
	}
	answer := answers[c.action.Verb]
	if answer == scheduler.LetEnd && found.End.After(c.action.OfferedEnd) {
		return b.followed(ctx, c, Reply{
			Tone: Telling, About: titleOf(found), Next: c.say.Say(i18n.MovedNext, nil),
			Text: c.say.Say(i18n.Moved, i18n.Data{"End": dateToken(found.End, c.zone)}),
		})
	}
	prompt, won, err := b.config.Scheduler.Answer(ctx, c.action.Prompt, answer, actorOf(c))
	switch {
	case errors.Is(err, scheduler.ErrNoPrompt):
		return b.staleButton(c)
	case err != nil:
		return b.notWritten(ctx, c, err)
	}
	own := won || prompt.Answer == answer && prompt.By == actorOf(c) // an envelope that is worked on again
	reply := Reply{Tone: Telling, About: titleOf(found), Text: saysAnswer(c, prompt, found.End)}
	if own {
		reply.Tone, reply.Own = Done, true
	}
	if prompt.Answer == scheduler.StopExtending {
		reply.Next = b.goesOn(ctx, c, found)
	}
	return b.followed(ctx, c, reply)
}

// goesOn says what the rule of a meeting does with its next run, where it is known.
func (b *Bot) goesOn(ctx context.Context, c call, m meeting.Meeting) string {
	rules, err := b.rulesByOf(ctx)
	if err != nil {
		b.logger.WarnContext(ctx, "an answer goes without saying that the rule goes on", "error", err)
		return ""
	}
	rule := scheduler.RuleOf(m, rules, scheduler.Rule{Mode: b.config.Automation.Mode})
	return saysGoesOn(c.say, c.from.Command, rule, m.ID)
}

// saysAnswer tells one who pressed what a prompt was answered.
func saysAnswer(c call, prompt scheduler.Prompt, end time.Time) string {
	key := i18n.PromptLetEnd
	switch prompt.Answer {
	case scheduler.KeepExtending:
		key = i18n.PromptKept
	case scheduler.StopExtending:
		key = i18n.PromptStopped
	}
	return c.say.Say(key, i18n.Data{"Who": who(prompt.By), "End": dateToken(end, c.zone)})
}

// followed lets a prompt show at once what became of a press. What the person did is then said there, for everybody:
// they need no answer of their own. What another did before them is told them as well, and a refusal leaves the prompt
// as it is.
func (b *Bot) followed(ctx context.Context, c call, reply Reply) Reply {
	if c.action == nil || c.action.Prompt == 0 || reply.Tone != Done && reply.Tone != Telling {
		return reply
	}
	prompt, err := b.config.Prompts.Prompt(ctx, c.action.Prompt)
	if err == nil {
		err = b.config.Scheduler.FollowNow(ctx, c.action.MeetingID, c.action.Run)
	}
	if err != nil {
		b.logger.WarnContext(ctx, "a prompt does not follow a press yet; the next tick sees to it", "prompt", c.action.Prompt, "error", err)
		return reply
	}
	reply.Said = reply.Own && prompt.State == scheduler.PromptPosted // or nothing was edited
	return reply
}

// quietLife is how long the button that takes "don't ask me again" back works.
const quietLife = 90 * 24 * time.Hour

// pressQuiet is a host's own wish to be asked no more, or again. It concerns nobody else, and takes no permission.
func (b *Bot) pressQuiet(ctx context.Context, c call) Reply {
	if !c.person.Known {
		return b.refused(c, access.PersonUnknown)
	}
	quiet := c.action.Verb == verbQuiet
	before, err := b.config.Rules.SetQuiet(ctx, actorOf(c), quiet)
	if err != nil {
		return b.notWritten(ctx, c, err)
	}
	reply := Reply{Tone: Done, Text: c.say.Say(i18n.Quieted, nil)}
	switch {
	case quiet && before:
		reply.Tone, reply.Text = Telling, c.say.Say(i18n.QuietedBefore, nil)
	case !quiet && before:
		reply.Text = c.say.Say(i18n.Unquieted, nil)
	case !quiet:
		reply.Tone, reply.Text = Telling, c.say.Say(i18n.UnquietedBefore, nil)
	}
	if !quiet {
		reply.Replaces = true // a button that took it back, or had nothing to take back, is done with
		return reply
	}
	reply.Next, reply.Offers = c.say.Say(i18n.QuietedNext, nil), []Offer{b.offerAskAgain(c)}
	return reply
}

func (b *Bot) offerAskAgain(c call) Offer {
	return Offer{Label: c.say.Say(i18n.ButtonAskAgain, nil), Action: store.Action{
		Verb: verbAskAgain, Expires: b.config.Clock.Now().Add(quietLife),
	}}
}

// offerToQuiet offers those to be asked again who once wished not to be: the message that offered it is long gone.
func (b *Bot) offerToQuiet(ctx context.Context, c call) []Offer {
	quiet, err := b.config.Rules.Quiet(ctx, actorOf(c))
	if err != nil {
		b.logger.WarnContext(ctx, "an answer goes without saying whether its reader is asked", "error", err)
	}
	if err != nil || !quiet {
		return nil
	}
	return []Offer{b.offerAskAgain(c)}
}

// pressTyped carries out a command that an answer offered, as if the person typed it where the button is.
func (b *Bot) pressTyped(ctx context.Context, c call) Reply {
	request, err := grammar.Parse(c.action.Command)
	if err != nil || request.Verb != grammar.VerbWatch && request.Verb != grammar.VerbUnwatch {
		return b.staleButton(c)
	}
	c.request = request
	row, _ := commandOf(request.Verb)
	reply := b.carryOut(ctx, c, row)
	reply.Replaces = reply.Tone == Done
	return reply
}
