package scheduler_test

import (
	"testing"
	"time"

	"github.com/overtime-bot/overtime/meeting/meetingtest"
	"github.com/overtime-bot/overtime/scheduler"
	"github.com/overtime-bot/overtime/scheduler/extension"
)

// While the service is down, alarms go by what the store knows: what is extended, or was let end, is no trouble at its old
// end. The new end is, once its time comes.
func TestOutageGoesByTheStore(t *testing.T) {
	for name, test := range map[string]struct {
		mode scheduler.Mode
		then func(o *office)
		ends []int // that are told to be in trouble, before the last of them
	}{
		"extended by automation": {scheduler.ModeAuto, func(o *office) {
			o.wantEffects(15)
			o.wantSaid(scheduler.PromptAuto, 0)
		}, []int{15}},
		"extended by a command": {scheduler.ModeAsk, func(o *office) {
			o.wantSaid(scheduler.PromptAsk, 0)
			o.wantOutcome(o.extend(o.wish("E1", alice, 30)), extension.DidConfirm)
		}, []int{30}},
		"let end": {scheduler.ModeAsk, func(o *office) {
			o.answer(o.wantSaid(scheduler.PromptAsk, 0)[0].Prompt, scheduler.LetEnd)
		}, nil},
		"asked": {scheduler.ModeAsk, func(o *office) { o.wantSaid(scheduler.PromptAsk, 0) }, nil},
		"kept": {scheduler.ModeAsk, func(o *office) {
			o.answer(o.wantSaid(scheduler.PromptAsk, 0)[0].Prompt, scheduler.KeepExtending)
			o.until(9*time.Minute + 10*time.Second)
			o.wantEffects(15)
		}, []int{15}},
	} {
		t.Run(name, func(t *testing.T) {
			inOffice(t, test.mode, func(o *office) {
				o.start(o.replica)
				o.until(9*time.Minute + 30*time.Second)
				test.then(o)
				o.failAll(meetingtest.OpOnline, 503)
				o.until(2 * time.Minute)
				o.wantSaid(scheduler.PromptTrouble)
				o.until(-40 * time.Minute)
				o.wantSaid(scheduler.PromptTrouble, test.ends...)
			})
		})
	}
}

// The holder of the lease ends while the service is down. The replica that takes over never saw the list, and tells by the
// rules and the messages that there are. It tells once, also if it is restarted.
func TestTakeoverInAnOutage(t *testing.T) {
	inOffice(t, scheduler.ModeOff, func(o *office) {
		o.watch(scheduler.Rule{Mode: scheduler.ModeAsk})
		stop := o.start(o.replica)
		o.until(15 * time.Minute)
		stopSecond := o.start(o.another())
		o.until(12 * time.Minute)
		o.failAll(meetingtest.OpOnline, 503)
		stop()
		o.until(10*time.Minute + 30*time.Second)
		o.wantBlind(0) // it may pass
		o.until(8 * time.Minute)
		o.wantBlind(1)
		stopSecond()
		o.start(o.another())
		o.until(30 * time.Second)
		o.wantBlind(1)
	})
}

func (o *office) wantBlind(times int) {
	o.t.Helper()
	said := o.announcer.of(scheduler.PromptTrouble)
	if len(said) != times {
		o.t.Fatalf("told %d times, want %d", len(said), times)
	}
	for _, occasion := range said {
		if occasion.Trouble != scheduler.TroubleBlind || occasion.Rule.Of != meetingID || occasion.Meeting.ID != meetingID {
			o.t.Errorf("it said %+v", occasion)
		}
	}
}

// A replica that starts during an outage knows a meeting by the message that was posted about it.
func TestStartInAnOutage(t *testing.T) {
	inOffice(t, scheduler.ModeOff, func(o *office) {
		o.watch(scheduler.Rule{Mode: scheduler.ModeAuto})
		stop := o.start(o.replica)
		o.until(9 * time.Minute)
		o.wantSaid(scheduler.PromptAuto, 0)
		o.failAll(meetingtest.OpOnline, 503)
		stop()
		o.start(o.another())
		o.until(0)
		o.wantSaid(scheduler.PromptTrouble)
		o.until(-5*time.Minute - 10*time.Second)
		if said := o.wantSaid(scheduler.PromptTrouble, 15); said[0].Trouble != scheduler.TroubleService {
			t.Errorf("it said %s", said[0].Trouble)
		}
	})
}

// A service that is down makes nobody hear of a run in their room that is none of theirs.
func TestOutageDuringTheRunOfAnotherInTheRoom(t *testing.T) {
	for otherwise, want := range map[scheduler.Mode]int{scheduler.ModeOff: 0, scheduler.ModeAsk: 1} {
		inOffice(t, otherwise, func(o *office) {
			m, _ := o.service.Meeting(meetingID)
			m.RoomID = "25587"
			o.service.Add(m)
			if _, err := o.store.Automation.PutRule(o.ctx, scheduler.Rule{Of: m.RoomID, Mode: scheduler.ModeAsk, Channel: "C1", Owner: alice}); err != nil {
				t.Fatal(err)
			}
			o.announcer.rules(scheduler.NotTheirRun, nil)
			o.start(o.replica)
			o.until(13 * time.Minute)
			o.failAll(meetingtest.OpOnline, 503)
			o.until(2 * time.Minute)
			told := o.announcer.of(scheduler.PromptTrouble)
			if len(told) != want || want > 0 && told[0].Rule.Of != "" {
				t.Errorf("otherwise %s: told %+v", otherwise, told)
			}
		})
	}
}
