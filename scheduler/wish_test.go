package scheduler_test

import (
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/scheduler"
	"github.com/overtime-bot/overtime/scheduler/extension"
)

// A wish is told at one minute, and the last one before the meeting's time counts.
func TestNewestWishCounts(t *testing.T) {
	made := decideEnd.Add(-time.Hour)
	rule := func(mode scheduler.Mode, at int) func(*situation) {
		return func(s *situation) { s.rule.Mode, s.rule.Created = mode, made.Add(time.Duration(at)*time.Minute) }
	}
	answer := func(answer scheduler.Answer, at int, end time.Duration) func(*situation) {
		return func(s *situation) {
			s.history.Prompts = append(s.history.Prompts, scheduler.Prompt{
				ID: int64(len(s.history.Prompts) + 1), Kind: scheduler.PromptAuto, Run: decideRun, End: decideEnd.Add(end), Answer: answer, By: bob,
				Created: made.Add(-time.Hour), Answered: made.Add(time.Duration(at) * time.Minute),
			})
		}
	}
	const earlier = -15 * time.Minute
	paused := func(s *situation) { s.rule.Paused.Reason = scheduler.PausedOwnerLeft }
	unwatched := func(s *situation) { s.rule = scheduler.Rule{Mode: s.terms.Automation.Mode} }
	otherwise := func(mode scheduler.Mode) func(*situation) {
		return func(s *situation) { s.terms.Automation.Mode = mode }
	}
	undated := func(s *situation) {
		last := &s.history.Prompts[len(s.history.Prompts)-1]
		last.Created, last.Answered = last.Answered, time.Time{}
	}
	const auto, ask, keep, stop, end = scheduler.ModeAuto, scheduler.ModeAsk, scheduler.KeepExtending, scheduler.StopExtending, scheduler.LetEnd
	for name, test := range map[string]struct {
		changes []func(*situation)
		want    scheduler.Reason
	}{
		"let it end, then auto":          {[]func(*situation){answer(end, 1, 0), rule(auto, 2)}, scheduler.TimeToExtend},
		"auto, then let it end":          {[]func(*situation){answer(end, 2, 0), rule(auto, 1)}, scheduler.ToldToEnd},
		"stop, then auto":                {[]func(*situation){answer(stop, 1, earlier), rule(auto, 2)}, scheduler.TimeToExtend},
		"auto, then stop":                {[]func(*situation){answer(stop, 2, earlier), rule(auto, 1)}, scheduler.TimeToAsk},
		"keep, then ask":                 {[]func(*situation){answer(keep, 1, earlier), rule(ask, 2)}, scheduler.TimeToAsk},
		"ask, then keep":                 {[]func(*situation){answer(keep, 2, earlier), rule(ask, 1)}, scheduler.TimeToExtend},
		"keep, stop on a later message":  {[]func(*situation){rule(ask, 0), answer(keep, 1, 2*earlier), answer(stop, 2, earlier)}, scheduler.TimeToAsk},
		"stop, keep on an older message": {[]func(*situation){rule(ask, 0), answer(keep, 3, 2*earlier), answer(stop, 2, earlier)}, scheduler.TimeToExtend},
		"keep, then let this end be":     {[]func(*situation){rule(ask, 0), answer(keep, 1, earlier), answer(end, 2, 0)}, scheduler.ToldToEnd},
		"let this end be, then keep":     {[]func(*situation){rule(ask, 0), answer(end, 1, 0), answer(keep, 2, earlier)}, scheduler.TimeToExtend},
		"keep, let another end be":       {[]func(*situation){rule(ask, 0), answer(keep, 1, earlier), answer(end, 2, earlier)}, scheduler.TimeToExtend},
		"answered by an older replica":   {[]func(*situation){rule(ask, 2), answer(keep, 3, earlier), undated}, scheduler.TimeToExtend},
		"and before the rule":            {[]func(*situation){rule(ask, 4), answer(keep, 3, earlier), undated}, scheduler.TimeToAsk},

		"a lapsed keep after a keep":      {[]func(*situation){rule(ask, 0), answer(keep, 1, 2*earlier), answer(keep, 2, earlier), lapsed}, scheduler.TimeToExtend},
		"a lapsed keep after auto":        {[]func(*situation){rule(auto, 1), answer(keep, 2, earlier), lapsed}, scheduler.TimeToExtend},
		"a lapsed keep after a stop":      {[]func(*situation){rule(auto, 0), answer(stop, 1, 2*earlier), answer(keep, 2, earlier), lapsed}, scheduler.TimeToAsk},
		"a paused rule":                   {[]func(*situation){rule(auto, 1), paused}, scheduler.RulePaused},
		"a paused rule, and a keep":       {[]func(*situation){rule(ask, 2), paused, answer(keep, 1, earlier)}, scheduler.TimeToExtend},
		"a paused rule, and a stop":       {[]func(*situation){rule(auto, 0), paused, answer(stop, 1, earlier)}, scheduler.RulePaused},
		"a paused rule, otherwise ask":    {[]func(*situation){rule(auto, 1), paused, otherwise(ask)}, scheduler.TimeToAsk},
		"a paused rule, a lapsed keep":    {[]func(*situation){rule(auto, 0), paused, answer(keep, 1, earlier), lapsed}, scheduler.RulePaused},
		"otherwise ask, and a keep":       {[]func(*situation){otherwise(ask), unwatched, answer(keep, 1, earlier)}, scheduler.TimeToExtend},
		"a keep, unwatched, otherwise no": {[]func(*situation){unwatched, answer(keep, 1, earlier)}, scheduler.NoRule},
	} {
		t.Run(name, func(t *testing.T) {
			s := plain(test.changes...)
			if got := s.decide().Reason; got != test.want {
				t.Errorf("%s, want %s", got, test.want)
			}
			slices.Reverse(s.history.Prompts)
			if got := s.decide().Reason; got != test.want {
				t.Errorf("%s where they are given the other way round, want %s", got, test.want)
			}
			s.history.Paused.Reason = scheduler.PausedByAdmin
			if got := s.decide(); got.Act != scheduler.ActNothing {
				t.Errorf("%s while all is paused", got.Act)
			}
		})
	}
}

// Of a meeting's own rule and its room's, one in force goes first, and then the newer one.
func TestRuleInForceGoesFirst(t *testing.T) {
	m := meeting.Meeting{ID: "1", RoomID: "2"}
	off := scheduler.Rule{Mode: scheduler.ModeOff}
	paused := scheduler.Pause{Reason: scheduler.PausedOwnerLeft}
	own, room := scheduler.Rule{Of: "1"}, scheduler.Rule{Of: "2"}
	newerOwn, newerRoom := scheduler.Rule{Of: "1", Created: decideEnd}, scheduler.Rule{Of: "2", Created: decideEnd}
	pausedOwn, pausedRoom := scheduler.Rule{Of: "1", Paused: paused}, scheduler.Rule{Of: "2", Paused: paused}
	for _, test := range []struct {
		rules []scheduler.Rule
		want  scheduler.Rule
	}{
		{nil, off},
		{[]scheduler.Rule{own}, own},
		{[]scheduler.Rule{room}, room},
		{[]scheduler.Rule{own, room}, own},
		{[]scheduler.Rule{newerOwn, room}, newerOwn},
		{[]scheduler.Rule{own, newerRoom}, newerRoom},
		{[]scheduler.Rule{newerOwn, newerRoom}, newerOwn},
		{[]scheduler.Rule{pausedOwn, newerRoom}, newerRoom},
		{[]scheduler.Rule{own, {Of: "2", Created: decideEnd, Paused: paused}}, own},
		{[]scheduler.Rule{own, pausedRoom}, own},
		{[]scheduler.Rule{pausedOwn, room}, room},
		{[]scheduler.Rule{pausedOwn, pausedRoom}, pausedOwn},
		{[]scheduler.Rule{pausedOwn}, pausedOwn},
		{[]scheduler.Rule{pausedRoom}, pausedRoom},
		{[]scheduler.Rule{{Of: "3"}, {Of: ""}}, off},
	} {
		if got := scheduler.RuleOf(m, scheduler.RuleBook(test.rules), off); got != test.want {
			t.Errorf("of %+v: %+v", test.rules, got)
		}
	}
}

// Somebody stops it. Later somebody has it watched: that is extended.
func TestWatchAutoAfterStop(t *testing.T) {
	inOffice(t, scheduler.ModeOff, func(o *office) {
		o.watch(scheduler.Rule{Mode: scheduler.ModeAuto})
		o.start(o.replica)
		o.until(9 * time.Minute)
		o.wantEffects(15)
		o.answer(o.wantSaid(scheduler.PromptAuto, 0)[0].Prompt, scheduler.StopExtending)
		o.until(0)
		o.watch(scheduler.Rule{Mode: scheduler.ModeAuto, Minutes: 20})
		o.until(-10 * time.Minute)
		o.wantEffects(15, 20)
		o.wantSaid(scheduler.PromptAsk)
	})
}

// Somebody lets it end. Later somebody has it watched: that is extended.
func TestWatchAutoAfterLetEnd(t *testing.T) {
	inOffice(t, scheduler.ModeAsk, func(o *office) {
		o.start(o.replica)
		o.until(9*time.Minute + 30*time.Second)
		o.answer(o.wantSaid(scheduler.PromptAsk, 0)[0].Prompt, scheduler.LetEnd)
		o.until(8 * time.Minute)
		o.watch(scheduler.Rule{Mode: scheduler.ModeAuto})
		o.until(30 * time.Second)
		o.wantEffects(15)
	})
}

// Somebody keeps it. Later somebody has it watched, and wants to be asked: nothing more is extended.
func TestWatchAskAfterKeep(t *testing.T) {
	inOffice(t, scheduler.ModeAsk, func(o *office) {
		o.start(o.replica)
		o.until(9*time.Minute + 30*time.Second)
		o.answer(o.wantSaid(scheduler.PromptAsk, 0)[0].Prompt, scheduler.KeepExtending)
		o.until(8 * time.Minute)
		o.wantEffects(15)
		o.watch(scheduler.Rule{Mode: scheduler.ModeAsk})
		o.until(-10 * time.Minute)
		o.wantEffects(15)
		o.wantSaid(scheduler.PromptAsk, 0, 15)
	})
}

// booked has the meeting take place in a cloud room, where these are booked.
func (o *office) booked(list ...meeting.Booking) {
	o.inRoom("25587")
	for i := range list {
		list[i].RoomID = "25587"
	}
	o.config.Bookings = &bookings{list: list}
	o.replica = o.another()
}

// Nobody made a rule, and somebody keeps it: they hear of it where the room is booked at the new end.
func TestKeepAndNoGap(t *testing.T) {
	inOffice(t, scheduler.ModeAsk, func(o *office) {
		o.booked(meeting.Booking{ID: "1", Start: o.end.Add(15 * time.Minute), End: o.end.Add(time.Hour)})
		o.start(o.replica)
		o.until(9*time.Minute + 30*time.Second)
		o.answer(o.wantSaid(scheduler.PromptAsk, 0)[0].Prompt, scheduler.KeepExtending)
		o.until(8 * time.Minute)
		o.wantEffects(15)
		if next := o.wantSaid(scheduler.PromptAuto, 0)[0].Outlook; next.Reason != scheduler.NoGap || next.Act != scheduler.ActNothing {
			t.Errorf("it is said that it will %s: %s", next.Act, next.Reason)
		}
		o.until(-14 * time.Minute)
		if said := o.wantSaid(scheduler.PromptTrouble, 15); said[0].Trouble != scheduler.TroubleBooked {
			t.Errorf("said %s", said[0].Trouble)
		}
	})
}

// The minutes of automation and those of the run are used up together: nothing more can be added, which is told at once
// and again before the end.
func TestUsedUpTogether(t *testing.T) {
	inOffice(t, scheduler.ModeAuto, func(o *office) {
		o.config.RunMinutes, o.config.Automation.Max = 30, 30
		o.replica = o.another()
		o.start(o.replica)
		o.until(-29 * time.Minute)
		o.wantEffects(15, 15)
		if next := o.wantSaid(scheduler.PromptAuto, 0, 15)[1].Outlook; next.Reason != scheduler.OverBudget {
			t.Errorf("it is said that it will %s: %s", next.Act, next.Reason)
		}
		if said := o.wantSaid(scheduler.PromptTrouble, 30); said[0].Trouble != scheduler.TroubleSpent {
			t.Errorf("said %s", said[0].Trouble)
		}
		o.wantSaid(scheduler.PromptAsk)
	})
}

// What automation extends counts against the one at whose wish it does: nothing goes beyond their limit of a day, and at
// the limit it asks.
func TestDayOfTheWisher(t *testing.T) {
	daily := func(o *office, minutes int) {
		o.config.Daily, o.doorConfig.Limits.DailyMinutes = minutes, minutes
		o.replica = o.another()
	}
	t.Run("rule", func(t *testing.T) {
		inOffice(t, scheduler.ModeOff, func(o *office) {
			daily(o, 25)
			o.watch(scheduler.Rule{Mode: scheduler.ModeAuto})
			o.start(o.replica)
			o.until(-20 * time.Minute)
			o.wantEffects(15, 10)
			if said := o.wantSaid(scheduler.PromptAsk, 25); said[0].Decision.Reason != scheduler.AskAtDaily || len(said[0].Decision.Offers) == 0 {
				t.Errorf("asked %+v", said[0].Decision)
			}
			if next := o.wantSaid(scheduler.PromptAuto, 0, 15)[1].Outlook; next.Act != scheduler.ActAsk || next.Reason != scheduler.AskAtDaily {
				t.Errorf("it is said that it will %s: %s", next.Act, next.Reason)
			}
			o.wantOutcome(o.extend(o.wish("E1", alice, 5)), extension.Limited)
			o.wantOutcome(o.extend(o.wish("E2", bob, 5)), extension.DidConfirm)
		})
	})
	t.Run("keep", func(t *testing.T) {
		inOffice(t, scheduler.ModeAsk, func(o *office) {
			daily(o, 25)
			o.wantOutcome(o.extend(o.wish("E1", bob, 5)), extension.DidConfirm)
			o.start(o.replica)
			o.until(4 * time.Minute)
			o.answer(o.wantSaid(scheduler.PromptAsk, 5)[0].Prompt, scheduler.KeepExtending)
			o.until(-19 * time.Minute)
			o.wantEffects(5, 15, 5)
			o.wantSaid(scheduler.PromptAsk, 5, 25)
			o.answer(o.prompts()[len(o.prompts())-1], scheduler.KeepExtending)
			o.until(-21 * time.Minute)
			o.wantEffects(5, 15, 5)
		})
	})
}

// A wish that is made when its time has come is carried out at once.
func TestWishWithinTheLead(t *testing.T) {
	for mode, asks := range map[scheduler.Mode]int{scheduler.ModeAsk: 1, scheduler.ModeAuto: 0} {
		inOffice(t, scheduler.ModeOff, func(o *office) {
			o.start(o.replica)
			o.until(5*time.Minute - 10*time.Second) // long before the next look
			o.watch(scheduler.Rule{Mode: mode})
			next, err := o.Wished(o.ctx, o.wish("E1", alice, 1).Meeting)
			if err != nil || !next.At.Equal(time.Now()) {
				t.Errorf("at %v, %v", next.At, err)
			}
			o.until(5*time.Minute - 15*time.Second)
			if got := len(o.announcer.of(scheduler.PromptAsk)); got != asks {
				t.Errorf("asked %d times", got)
			}
			if got := len(o.service.Effects(meetingID)); got != 1-asks {
				t.Errorf("extended %d times", got)
			}
		})
	}
}

// A look takes its time: what is wished while it waits for its turn, and a pause, count.
func TestWishDuringALook(t *testing.T) {
	for name, change := range map[string]func(o *office){
		"paused": func(o *office) {
			if _, err := o.store.Automation.PauseAll(o.ctx, alice); err != nil {
				o.t.Fatal(err)
			}
		},
		"ask": func(o *office) { o.watch(scheduler.Rule{Mode: scheduler.ModeAsk}) },
	} {
		t.Run(name, func(t *testing.T) {
			inOffice(t, scheduler.ModeOff, func(o *office) {
				o.watch(scheduler.Rule{Mode: scheduler.ModeAuto})
				o.until(9 * time.Minute)
				var look sync.WaitGroup
				look.Go(func() { _ = o.Tick(o.ctx, time.Now()) })
				time.Sleep(50 * time.Millisecond) // the list takes longer
				change(o)
				look.Wait()
				o.wantEffects()
			})
		})
	}
}

// What is foreseen goes by the wishes of those who may extend the meeting, as the act does.
func TestForeseenByThoseWhoMay(t *testing.T) {
	for name, test := range map[string]struct {
		verdict scheduler.PauseReason
		unknown error
		mode    scheduler.Mode
		act     scheduler.Act
		reason  scheduler.Reason
	}{
		"may":                       {"", nil, scheduler.ModeOff, scheduler.ActExtend, scheduler.TimeToExtend},
		"cannot be looked up":       {"", errors.New("Slack is down"), scheduler.ModeOff, scheduler.ActExtend, scheduler.TimeToExtend},
		"left":                      {scheduler.PausedOwnerLeft, nil, scheduler.ModeOff, scheduler.ActNothing, scheduler.RulePaused},
		"left, and otherwise ask":   {scheduler.PausedOwnerLeft, nil, scheduler.ModeAsk, scheduler.ActAsk, scheduler.TimeToAsk},
		"not their run":             {scheduler.NotTheirRun, nil, scheduler.ModeOff, scheduler.ActNothing, scheduler.NoRule},
		"not theirs, otherwise ask": {scheduler.NotTheirRun, nil, scheduler.ModeAsk, scheduler.ActAsk, scheduler.TimeToAsk},
	} {
		t.Run(name, func(t *testing.T) {
			inOffice(t, test.mode, func(o *office) {
				o.watch(scheduler.Rule{Mode: scheduler.ModeAuto})
				o.announcer.rules(test.verdict, test.unknown)
				m := o.wish("E1", alice, 1).Meeting
				next, err := o.Foresee(o.ctx, []meeting.Meeting{m})
				if err != nil || next[0].Act != test.act || next[0].Reason != test.reason {
					t.Errorf("%v, %v", next, err)
				}
				why, err := o.Why(o.ctx, m, 0)
				if err != nil || why.Outlook.Act != test.act || why.Outlook.Reason != test.reason {
					t.Errorf("why: %v, %v", why.Outlook, err)
				}
				o.start(o.replica)
				o.until(8 * time.Minute)
				if test.unknown != nil {
					return
				}
				did := map[scheduler.Act]int{scheduler.ActExtend: len(o.service.Effects(meetingID)), scheduler.ActAsk: len(o.announcer.of(scheduler.PromptAsk))}
				for act, times := range did {
					if want := map[bool]int{true: 1}[act == test.act]; times != want {
						t.Errorf("%s happened %d times", act, times)
					}
				}
			})
		})
	}
}
