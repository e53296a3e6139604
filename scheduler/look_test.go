package scheduler_test

import (
	"errors"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/meeting/meetingtest"
	"github.com/overtime-bot/overtime/scheduler"
	"github.com/overtime-bot/overtime/scheduler/extension"
)

func TestPauseAll(t *testing.T) {
	inOffice(t, scheduler.ModeAuto, func(o *office) {
		if _, err := o.store.Automation.PauseAll(o.ctx, alice); err != nil {
			t.Fatal(err)
		}
		o.start(o.replica)
		o.until(5 * time.Minute)
		o.wantEffects()
		if reasons := o.reports.last().Reasons; reasons[scheduler.AllPaused] != 1 {
			t.Errorf("the tick saw %v", reasons)
		}
		if _, err := o.store.Automation.ResumeAll(o.ctx); err != nil {
			t.Fatal(err)
		}
		o.until(3 * time.Minute)
		o.wantEffects(15)
	})
}

// Where nothing can be done by itself, nobody asks the service for all its meetings; a rule, or a message that follows
// its meeting, makes it necessary.
func TestNothingToLookAt(t *testing.T) {
	inOffice(t, scheduler.ModeOff, func(o *office) {
		o.start(o.replica)
		o.until(15 * time.Minute)
		if calls := o.service.Count(meetingtest.OpOnline); calls != 0 || o.reports.last().Err != nil {
			t.Errorf("%d calls for the list, %v", calls, o.reports.last().Err)
		}
		o.watch(scheduler.Rule{Mode: scheduler.ModeAsk})
		o.until(9 * time.Minute)
		o.wantSaid(scheduler.PromptAsk, 0)
		if _, err := o.store.Automation.DeleteRule(o.ctx, meetingID); err != nil {
			t.Fatal(err)
		}
		o.service.EndMeeting(meetingID)
		o.until(-2 * time.Minute)
		if state := o.prompts()[0].State; state != scheduler.PromptClosed {
			t.Errorf("the prompt is %s after its meeting", state)
		}
		before := o.service.Count(meetingtest.OpOnline)
		o.until(-9 * time.Minute)
		if after := o.service.Count(meetingtest.OpOnline); after != before {
			t.Errorf("%d calls for the list after the rule was removed", after-before)
		}
	})
}

// Two that tick at the same moment without a lease are harmless: what is done and said is done and said once.
func TestTwoTicksAtOnce(t *testing.T) {
	both := func(o *office) {
		o.t.Helper()
		o.until(5 * time.Minute)
		other := o.another()
		done := make(chan error)
		go func() { done <- other.Tick(o.ctx, time.Now()) }()
		if err := errors.Join(o.replica.Tick(o.ctx, time.Now()), <-done); err != nil {
			o.t.Error(err)
		}
	}
	inOffice(t, scheduler.ModeAuto, func(o *office) {
		both(o)
		o.wantEffects(15)
		o.wantSaid(scheduler.PromptAuto, 0)
	})
	inOffice(t, scheduler.ModeAsk, func(o *office) {
		o.announcer.takes = time.Second
		both(o)
		o.wantSaid(scheduler.PromptAsk, 0)
	})
	inOffice(t, scheduler.ModeOff, func(o *office) {
		o.watch(scheduler.Rule{Mode: scheduler.ModeAuto})
		o.announcer.verdict = scheduler.PausedOwnerMay
		both(o)
		o.wantEffects()
		if len(o.announcer.paused) != 1 {
			t.Errorf("the pause was told %d times", len(o.announcer.paused))
		}
	})
}

// A panic over one meeting costs that meeting, and the next tick is as good as any.
func TestPanicCostsOneMeeting(t *testing.T) {
	inOffice(t, scheduler.ModeAsk, func(o *office) {
		o.service.Add(meetingtest.Meeting{ID: "914083137", End: o.end, People: 3})
		o.announcer.fail = func(occasion scheduler.Occasion) error {
			if occasion.Meeting.ID == meetingID && !occasion.Unsure {
				panic("a bug")
			}
			return nil
		}
		o.start(o.replica)
		o.until(9 * time.Minute)
		said := o.announcer.of(scheduler.PromptAsk)
		if len(said) != 1 || said[0].Meeting.ID != "914083137" {
			t.Fatalf("said %v", said)
		}
		o.until(5 * time.Minute)
		if len(o.announcer.of(scheduler.PromptAsk)) != 2 {
			t.Error("the one that it cost was not posted anew")
		}
	})
}

func TestWhy(t *testing.T) {
	inOffice(t, scheduler.ModeOff, func(o *office) {
		o.watch(scheduler.Rule{Mode: scheduler.ModeAuto})
		m, err := o.extender.Look(o.ctx, meetingID)
		if err != nil {
			t.Fatal(err)
		}
		why, err := o.replica.Why(o.ctx, m, 30)
		if err != nil {
			t.Fatal(err)
		}
		if why.Decision.Reason != scheduler.NotYet || why.Rule.Owner != alice || !why.Decision.At.Equal(o.end.Add(-10*time.Minute)) {
			t.Errorf("because %+v", why.Decision)
		}
		for _, check := range why.Checks {
			if check.Holds != (check.Reason == scheduler.NotYet) {
				t.Errorf("%s holds: %t", check.Reason, check.Holds)
			}
		}
		if why.Trial.Outcome != extension.DidConfirm || !why.Trial.End.Equal(o.end.Add(30*time.Minute)) {
			t.Errorf("30 minutes: %+v", why.Trial)
		}
		for minutes, want := range map[int]extension.Outcome{121: extension.TooMany, 0: ""} {
			if why, _ := o.replica.Why(o.ctx, m, minutes); why.Trial.Outcome != want {
				t.Errorf("%d minutes: %+v", minutes, why.Trial)
			}
		}
		o.wantEffects()
	})
}

// A schedule may look more rarely than the lead is long. What falls between two looks is dealt with by the one before.
func TestRareLooks(t *testing.T) {
	slow(t)
	for _, schedule := range []string{"@hourly", "@every 25m", "*/45 * * * *", "0 1,13,42 * * * *", "CRON_TZ=Asia/Kathmandu 50 * * * *"} {
		for mode, kind := range map[scheduler.Mode]scheduler.PromptKind{scheduler.ModeAsk: scheduler.PromptAsk, scheduler.ModeAuto: scheduler.PromptAuto} {
			inOffice(t, mode, func(o *office) {
				o.config.Automation.Schedule = schedule
				o.until(25 * time.Minute)
				made := o.another()
				why, err := made.Why(o.ctx, o.wish("E1", alice, 1).Meeting, 0)
				if err != nil {
					t.Fatal(err)
				}
				o.start(made)
				o.until(time.Second)
				if said := o.announcer.of(kind); len(said) == 0 || !said[0].Prompt.End.Equal(o.end) {
					t.Errorf("%s, %s: said about %d", schedule, mode, len(said))
				} else if named := why.Decision.At; why.Decision.Act == scheduler.ActNothing && said[0].Prompt.Created.Truncate(time.Minute) != named.UTC() {
					t.Errorf("%s, %s: said at %v; named was %v", schedule, mode, said[0].Prompt.Created, named)
				}
				o.until(-59 * time.Minute)
				if mode == scheduler.ModeAuto {
					o.wantEffects(15, 15, 15, 15) // none of its ends went by
					o.wantSaid(scheduler.PromptAsk, 60)
				}
				o.wantSaid(scheduler.PromptTrouble)
			})
		}
	}
}

// A meeting's own detail does not say how many people are in it. The list does, which is shared, and not read again where
// it is known.
func TestWhyOfAnEmptyMeeting(t *testing.T) {
	for _, looked := range []bool{true, false} {
		inOffice(t, scheduler.ModeAsk, func(o *office) {
			m, _ := o.service.Meeting(meetingID)
			m.People = 1
			o.service.Add(m)
			if looked {
				o.start(o.replica)
			}
			o.until(5*time.Minute - 30*time.Second)
			lists := o.service.Count(meetingtest.OpOnline)
			found, err := o.extender.Look(o.ctx, meetingID)
			if err != nil {
				t.Fatal(err)
			}
			why, err := o.Why(o.ctx, found, 0)
			if err != nil || why.Decision.Reason != scheduler.Empty || why.Meeting.People != 1 {
				t.Errorf("looked %t: %s, %d people, %v", looked, why.Decision.Reason, why.Meeting.People, err)
			}
			if again := o.service.Count(meetingtest.OpOnline) - lists; looked && again != 0 || again > 1 {
				t.Errorf("looked %t: the list was read %d times", looked, again)
			}
		})
	}
}
