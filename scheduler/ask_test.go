package scheduler_test

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/overtime-bot/overtime/scheduler"
	"github.com/overtime-bot/overtime/scheduler/extension"
)

// A prompt comes at the lead, once, says what it offers, and follows its meeting to the end.
func TestAsk(t *testing.T) {
	inOffice(t, scheduler.ModeAsk, func(o *office) {
		o.start(o.replica)
		o.until(10*time.Minute + 30*time.Second)
		o.wantSaid(scheduler.PromptAsk)
		o.until(9 * time.Minute)
		said := o.wantSaid(scheduler.PromptAsk, 0)[0]
		if said.Decision.Reason != scheduler.TimeToAsk || said.Meeting.People != 3 || said.Decision.Left != 240 || said.Next.Checked {
			t.Errorf("it said %+v", said)
		}
		o.until(-time.Minute)
		o.wantSaid(scheduler.PromptAsk, 0)
		o.wantEffects()
		prompt := o.prompts()[0]
		if prompt.State != scheduler.PromptClosed || !strings.Contains(o.announcer.shownIn(prompt), "over true") {
			t.Errorf("after the end the prompt is %s and shows %q", prompt.State, o.announcer.shownIn(prompt))
		}
		if shows := o.announcer.shownIn(prompt); !strings.Contains(shows, `of "Weekly"`) {
			t.Errorf("after the end nobody sees what it was about: %q", shows)
		}
	})
}

// A press moves the end: the prompt says so at once, and the next end has a prompt of its own.
func TestAskFollowsAnExtension(t *testing.T) {
	inOffice(t, scheduler.ModeAsk, func(o *office) {
		o.start(o.replica)
		o.until(9 * time.Minute)
		wish := o.wish(extension.OfferKey(o.run1, o.end), alice, 30)
		wish.Origin, wish.OfferedEnd = extension.FromButton, o.end
		o.wantOutcome(o.extend(wish), extension.DidConfirm)
		time.Sleep(time.Second)
		synctest.Wait()
		if shows := o.announcer.shownIn(o.prompts()[0]); !strings.Contains(shows, `by "UALICE"`) {
			t.Errorf("after the press the prompt shows %q", shows)
		}
		o.until(-21 * time.Minute)
		o.wantSaid(scheduler.PromptAsk, 0, 30)
	})
}

// Who handed the meeting over stays in the message of the prompt after the end.
func TestAskKeepsWhoHandedOver(t *testing.T) {
	inOffice(t, scheduler.ModeAsk, func(o *office) {
		o.start(o.replica)
		o.until(9 * time.Minute)
		row, err := o.store.Ledger.Claim(o.ctx, extension.Extension{ // the platform of this office would extend it
			Key: "hand over", Envelope: "hand over", Run: o.run1, MeetingID: meetingID, Origin: extension.FromCommand, Actor: alice, Platform: true,
		}, extension.Limits{}, time.Hour)
		if err == nil { // from the end that it has, as a real one: a meeting that is over has none
			err = o.store.Ledger.Aim(o.ctx, row.ID, o.end, o.end, time.Hour)
		}
		if err == nil {
			_, err = o.store.Ledger.Move(o.ctx, row.ID, extension.Sent, extension.Confirmed, extension.Ending{After: o.end})
		}
		if err != nil {
			o.t.Fatal(err)
		}
		o.until(-2 * time.Minute)
		if shows := o.announcer.shownIn(o.prompts()[0]); !strings.Contains(shows, "over true") || !strings.Contains(shows, `handed "UALICE"`) {
			t.Errorf("after the end the prompt shows %q", shows)
		}
	})
}

func TestLetItEnd(t *testing.T) {
	inOffice(t, scheduler.ModeAsk, func(o *office) {
		o.start(o.replica)
		o.until(9 * time.Minute)
		o.answer(o.prompts()[0], scheduler.LetEnd)
		o.until(-time.Minute)
		o.wantSaid(scheduler.PromptAsk, 0)
		o.wantEffects()
		if shows := o.announcer.shownIn(o.prompts()[0]); !strings.Contains(shows, `answer "end"`) {
			t.Errorf("the prompt shows %q", shows)
		}
	})
}

// What died between writing a prompt down and posting it is posted once, and says that it may be a second one.
func TestPromptThatNobodyFinished(t *testing.T) {
	inOffice(t, scheduler.ModeAsk, func(o *office) {
		o.until(9 * time.Minute)
		_, won, err := o.store.Prompts.ClaimPrompt(o.ctx, scheduler.Prompt{Kind: scheduler.PromptAsk, Run: o.run1, MeetingID: meetingID, End: o.end})
		if err != nil || !won {
			t.Fatal(won, err)
		}
		o.start(o.replica)
		o.until(7*time.Minute + 10*time.Second)
		o.wantSaid(scheduler.PromptAsk)
		o.until(5 * time.Minute)
		if said := o.wantSaid(scheduler.PromptAsk, 0); !said[0].Unsure {
			t.Error("it does not say that it is unsure")
		}
		if state := o.prompts()[0].State; state != scheduler.PromptPosted {
			t.Errorf("it is %s", state)
		}
	})
}

// While Slack takes nothing, nothing is given up: the prompt comes as soon as it does, with all that it has, for it is
// certain that there is no other.
func TestSlackTakesNothingForAWhile(t *testing.T) {
	inOffice(t, scheduler.ModeAsk, func(o *office) {
		o.announcer.fail = func(scheduler.Occasion) error {
			if time.Until(o.end) > 3*time.Minute+30*time.Second {
				return errors.New("throttled")
			}
			return nil
		}
		o.start(o.replica)
		o.until(2 * time.Minute)
		if said := o.wantSaid(scheduler.PromptAsk, 0); said[0].Unsure {
			t.Error("it is unsure of what was certainly not posted")
		}
	})
}

// A prompt that somebody may have posted is not given up when its meeting cannot be read, or Slack does not take it.
func TestUnsurePromptIsTriedAgain(t *testing.T) {
	inOffice(t, scheduler.ModeAsk, func(o *office) {
		refusals := 3
		o.announcer.fail = func(scheduler.Occasion) error {
			if refusals--; refusals >= 0 {
				return errors.New("throttled")
			}
			return nil
		}
		blocked := &ruleless{RuleStore: o.store.Automation}
		o.config.Store.RuleStore = blocked
		_, won, err := o.store.Prompts.ClaimPrompt(o.ctx, scheduler.Prompt{Kind: scheduler.PromptAsk, Run: o.run1, MeetingID: meetingID, End: o.end})
		if err != nil || !won {
			t.Fatal(won, err)
		}
		o.until(9*time.Minute + 30*time.Second)
		blocked.down.Store(true)
		o.start(o.another())
		o.until(6*time.Minute + 30*time.Second)
		blocked.down.Store(false)
		o.until(6 * time.Minute)
		o.wantSaid(scheduler.PromptAsk)
		o.until(4 * time.Minute)
		if said := o.wantSaid(scheduler.PromptAsk, 0); !said[0].Unsure {
			t.Error("it does not say that it may be a second one")
		}
	})
}

// ruleless cannot read the rules of one meeting while it is down.
type ruleless struct {
	scheduler.RuleStore
	down atomic.Bool
}

func (r *ruleless) RulesOf(ctx context.Context, meetingID, roomID string) ([]scheduler.Rule, error) {
	if r.down.Load() {
		return nil, errors.New("no database")
	}
	return r.RuleStore.RulesOf(ctx, meetingID, roomID)
}

// Slack's certain refusals are tried again; what may have arrived is not, but once its time is over.
func TestPostingFails(t *testing.T) {
	inOffice(t, scheduler.ModeAsk, func(o *office) {
		refusals := 2
		o.announcer.fail = func(scheduler.Occasion) error {
			if refusals--; refusals >= 0 {
				return errors.New("throttled")
			}
			return nil
		}
		o.start(o.replica)
		o.until(9 * time.Minute)
		if said := o.wantSaid(scheduler.PromptAsk, 0); said[0].Unsure {
			t.Error("it is unsure of what was certainly not posted")
		}
	})
	inOffice(t, scheduler.ModeAsk, func(o *office) {
		lost := true
		o.announcer.after = func(scheduler.Occasion) (err error) {
			if lost {
				lost, err = false, scheduler.ErrInDoubt
			}
			return err
		}
		o.start(o.replica)
		o.until(8*time.Minute + 10*time.Second)
		o.wantSaid(scheduler.PromptAsk, 0)
		o.until(time.Minute)
		if said := o.wantSaid(scheduler.PromptAsk, 0, 0); !said[1].Unsure {
			t.Error("the second message does not say that it may be a second")
		}
	})
	inOffice(t, scheduler.ModeAsk, func(o *office) {
		o.announcer.fail = func(scheduler.Occasion) error { return scheduler.ErrNobodyToTell }
		o.start(o.replica)
		o.until(time.Minute)
		if state := o.prompts()[0].State; len(o.prompts()) != 1 || state != scheduler.PromptClosed {
			t.Errorf("%d prompts, %s", len(o.prompts()), state)
		}
	})
}
