package scheduler_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/meeting/meetingtest"
	"github.com/overtime-bot/overtime/scheduler"
	"github.com/overtime-bot/overtime/scheduler/extension"
)

// keeps lets bob choose "keep extending" under the first prompt, nine minutes before the end.
func (o *office) keeps() scheduler.Prompt {
	o.t.Helper()
	o.until(9 * time.Minute)
	prompt := o.prompts()[0]
	o.answer(prompt, scheduler.KeepExtending)
	return prompt
}

// The person who chose "keep extending" is authorised again each time. Once they may no longer extend, nothing is extended
// on their behalf. Those who were asked hear of it, and are asked again.
func TestKeeperMayNoLonger(t *testing.T) {
	for _, watched := range []bool{false, true} {
		inOffice(t, scheduler.ModeAsk, func(o *office) {
			if watched {
				o.watch(scheduler.Rule{Mode: scheduler.ModeAsk})
			}
			over := o.logged()
			o.start(o.replica)
			o.start(o.another())
			asked := o.keeps()
			o.until(8 * time.Minute)
			o.wantEffects(15)
			if by := o.announcer.wisher; by.Owner != bob || by.Channel != "C1" {
				t.Errorf("authorised %v in %q", by.Owner, by.Channel)
			}
			o.announcer.rules(scheduler.PausedOwnerMay, nil)
			o.until(-5*time.Minute - 30*time.Second)
			o.wantEffects(15)
			if lines := over("lapse"); len(lines) != 1 || lines[0]["user"] != bob.User || lines[0]["meeting"] != meetingID {
				t.Errorf("the log has %v", lines)
			}
			said := o.wantSaid(scheduler.PromptTrouble, 15)
			if said[0].Trouble != scheduler.TroubleKeeper || said[0].Kept != bob {
				t.Errorf("said %s of %v", said[0].Trouble, said[0].Kept)
			}
			if prompt := o.prompts()[0]; !prompt.Lapsed || prompt.ID != asked.ID || !strings.Contains(o.announcer.shownIn(prompt), "lapsed true") {
				t.Errorf("prompt %+v shows %q", prompt, o.announcer.shownIn(prompt))
			}
			if o.reports.alarms(scheduler.TroubleKeeper) != 1 || len(o.announcer.paused) != 0 {
				t.Errorf("%d failures, and paused %v", o.reports.alarms(scheduler.TroubleKeeper), o.announcer.paused)
			}
			o.announcer.rules("", nil) // the rule's own owner may ask
			o.until(-8 * time.Minute)
			if said := o.wantSaid(scheduler.PromptAsk, 0, 15); said[1].Kept != (extension.Actor{}) {
				t.Errorf("it is said that %v keeps it", said[1].Kept)
			}
			o.wantEffects(15)
			o.answer(o.prompts()[0], scheduler.KeepExtending)
			o.until(-9 * time.Minute)
			o.wantEffects(15, 15)
		})
	}
}

// One who may no longer extend at the very end that was asked about leaves people something to press.
func TestKeeperMayNoLongerAtOnce(t *testing.T) {
	inOffice(t, scheduler.ModeAsk, func(o *office) {
		o.announcer.rules(scheduler.PausedOwnerLeft, nil)
		o.start(o.replica)
		o.keeps()
		o.until(0)
		o.wantEffects()
		o.wantSaid(scheduler.PromptTrouble, 0)
		o.wantSaid(scheduler.PromptAsk, 0)
	})
}

// One who cannot be looked up keeps nothing extended, and keeps it again when they can.
func TestKeeperUnknown(t *testing.T) {
	inOffice(t, scheduler.ModeAsk, func(o *office) {
		o.start(o.replica)
		o.announcer.rules("", errors.New("Slack is down"))
		o.keeps()
		o.until(6 * time.Minute)
		o.wantEffects()
		if said := o.wantSaid(scheduler.PromptTrouble, 0); said[0].Trouble != scheduler.TroubleOwner || said[0].Kept != bob {
			t.Errorf("said %s of %v", said[0].Trouble, said[0].Kept)
		}
		o.announcer.rules("", nil)
		o.until(4 * time.Minute)
		o.wantEffects(15)
	})
}

// While nobody can be told that a wish lapses, it does not, and nothing is extended all the same.
func TestKeeperMayNoLongerWhileSlackIsDown(t *testing.T) {
	inOffice(t, scheduler.ModeAsk, func(o *office) {
		o.start(o.replica)
		prompt := o.keeps()
		o.until(8 * time.Minute)
		o.announcer.rules(scheduler.PausedOwnerMay, nil)
		o.announcer.mu.Lock()
		o.announcer.fail = func(scheduler.Occasion) error {
			if time.Until(o.end) > -8*time.Minute {
				return errors.New("throttled")
			}
			return nil
		}
		o.announcer.mu.Unlock()
		o.until(-7 * time.Minute)
		if stored, err := o.store.Prompts.Prompt(o.ctx, prompt.ID); err != nil || stored.Lapsed {
			t.Errorf("it lapsed without a word: %+v, %v", stored, err)
		}
		o.until(-10 * time.Minute)
		o.wantSaid(scheduler.PromptTrouble, 15)
		o.until(-12 * time.Minute)
		o.wantSaid(scheduler.PromptAsk, 0, 15)
		o.wantEffects(15)
	})
}

// A host watches a cloud room by its number, and somebody else meets there. That run is none of theirs: it is dealt with as
// if nobody watched it. The rule lives, and acts on their own next meeting in the room.
func TestRunOfAnotherInTheRoom(t *testing.T) {
	for _, otherwise := range []scheduler.Mode{scheduler.ModeOff, scheduler.ModeAsk, scheduler.ModeAuto} {
		for _, mode := range []scheduler.Mode{scheduler.ModeAsk, scheduler.ModeAuto} {
			inOffice(t, otherwise, func(o *office) {
				m, _ := o.service.Meeting(meetingID)
				m.RoomID = "25587"
				o.service.Add(m)
				if _, err := o.store.Automation.PutRule(o.ctx, scheduler.Rule{Of: m.RoomID, Mode: mode, Channel: "C1", Owner: alice}); err != nil {
					t.Fatal(err)
				}
				o.announcer.rules(scheduler.NotTheirRun, nil)
				o.start(o.replica)
				o.until(-2 * time.Minute)
				asked, extended := o.announcer.of(scheduler.PromptAsk), len(o.service.Effects(meetingID))
				if want := map[scheduler.Mode]int{scheduler.ModeAsk: 1}[otherwise]; len(asked) != want || want > 0 && asked[0].Rule.Of != "" {
					t.Errorf("%s, otherwise %s: asked %d times", mode, otherwise, len(asked))
				}
				if want := map[scheduler.Mode]int{scheduler.ModeAuto: 1}[otherwise]; extended != want {
					t.Errorf("%s, otherwise %s: extended %d times", mode, otherwise, extended)
				}
				if rules, err := o.store.Automation.Rules(o.ctx); err != nil || !rules[0].Paused.IsZero() || len(o.announcer.paused) > 0 {
					t.Errorf("the rule paused: %+v, %v", rules, err)
				}
				o.service.EndMeeting(meetingID)
				o.announcer.rules("", nil)
				onTime, now := 0, time.Now().Truncate(time.Minute)
				o.service.Add(meetingtest.Meeting{
					ID: "900000010", RoomID: m.RoomID, Subject: "Hers", Start: now, End: now.Add(12 * time.Minute), People: 3, ProlongMinutes: &onTime,
				})
				o.until(-8 * time.Minute)
				kind := map[scheduler.Mode]scheduler.PromptKind{scheduler.ModeAsk: scheduler.PromptAsk, scheduler.ModeAuto: scheduler.PromptAuto}[mode]
				hers := slices.DeleteFunc(o.announcer.of(kind), func(said scheduler.Occasion) bool { return said.Meeting.ID != "900000010" })
				if len(hers) != 1 || hers[0].Rule.Of != m.RoomID {
					t.Errorf("%s, otherwise %s: of her own meeting %s was said %d times", mode, otherwise, kind, len(hers))
				}
			})
		}
	}
}
