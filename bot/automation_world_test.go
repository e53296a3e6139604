package bot

import (
	"context"

	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/scheduler"
	"github.com/overtime-bot/overtime/scheduler/extension"
)

// What the scheduler and the extender ask of the bot, in the world of the tests.

func (w *world) posts(occasion scheduler.Occasion) (scheduler.Posted, error) {
	return w.postsWithin(w.t.Context(), occasion)
}

func (w *world) postsWithin(ctx context.Context, occasion scheduler.Occasion) (scheduler.Posted, error) {
	return w.announcer.Announce(ctx, occasion)
}

func (w *world) follows(occasion scheduler.Occasion) (scheduler.Shown, error) {
	return w.announcer.Follow(w.t.Context(), occasion)
}

func (w *world) authorises(rule scheduler.Rule, m meeting.Meeting) (scheduler.PauseReason, error) {
	return w.announcer.Authorise(w.t.Context(), rule, m)
}

func (w *world) tellsOfPause(rule scheduler.Rule, m meeting.Meeting) error {
	return w.announcer.RulePaused(w.t.Context(), rule, m, scheduler.Outlook{Decision: scheduler.Decision{Reason: scheduler.RulePaused}, End: m.End})
}

func (w *world) settles(notice extension.Notice) error {
	return w.inbox.Settled(w.t.Context(), notice)
}

// announces posts a message of the automation as the scheduler does: it is written down before, and noted afterwards. It
// returns the occasion with the prompt as it is stored then.
func (w *world) announces(occasion scheduler.Occasion) scheduler.Occasion {
	w.t.Helper()
	prompt, won, err := w.store.Prompts.ClaimPrompt(w.t.Context(), occasion.Prompt)
	if err != nil || !won {
		w.t.Fatalf("claiming a prompt: %v, %v", won, err)
	}
	occasion.Prompt = prompt
	occasion.Prompt.Answer, occasion.Prompt.By = "", extension.Actor{}
	posted, err := w.posts(occasion)
	w.must(err)
	w.must(w.store.Prompts.MovePrompt(w.t.Context(), prompt.ID, scheduler.PromptPosted, posted))
	occasion.Prompt, err = w.store.Prompts.Prompt(w.t.Context(), prompt.ID)
	w.must(err)
	return occasion
}
