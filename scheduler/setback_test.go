package scheduler_test

import (
	"context"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/scheduler"
	"github.com/overtime-bot/overtime/scheduler/extension"
)

// press extends as a button does that is offered for the end as it is.
func (o *office) press(minutes int) {
	o.t.Helper()
	found, err := o.extender.Look(o.ctx, meetingID)
	if err != nil {
		o.t.Fatal(err)
	}
	o.wantOutcome(o.extend(extension.Request{
		Key: extension.OfferKey(extension.RunOf(found), found.End), Envelope: fmt.Sprint("E", minutes, " ", found.End), Meeting: found,
		Origin: extension.FromButton, Actor: bob, Minutes: minutes, OfferedEnd: found.End,
	}), extension.DidConfirm)
}

// Buttons were pressed early, and then somebody set the end back: it is extended from the end that it has, or asked about.
func TestEndSetBack(t *testing.T) {
	for _, presses := range [][]int{{15}, {15, 30}, {15, 30, 60}} {
		inOffice(t, scheduler.ModeAuto, func(o *office) {
			for _, minutes := range presses {
				o.press(minutes)
			}
			o.service.SetEnd(meetingID, o.end)
			o.start(o.replica)
			o.until(2 * time.Minute)
			o.wantEffects(append(presses, 15)...)
			o.wantSaid(scheduler.PromptAuto, 0)
			o.wantSaid(scheduler.PromptTrouble)
		})
		inOffice(t, scheduler.ModeAsk, func(o *office) {
			for _, minutes := range presses {
				o.press(minutes)
			}
			o.service.SetEnd(meetingID, o.end)
			o.start(o.replica)
			o.until(2 * time.Minute)
			o.wantSaid(scheduler.PromptAsk, 0)
			o.press(45) // the old button's end is the end again
			o.wantEffects(append(presses, 45)...)
		})
	}
}

// Automation extended, and somebody sets the end back: it extends once more, and says so once more.
func TestEndSetBackAfterAutomation(t *testing.T) {
	inOffice(t, scheduler.ModeAuto, func(o *office) {
		o.start(o.replica)
		o.until(9 * time.Minute)
		o.wantSaid(scheduler.PromptAuto, 0)
		for times := 2; times <= 3; times++ {
			o.service.SetEnd(meetingID, o.end)
			o.until(12*time.Minute - time.Duration(times)*3*time.Minute)
			o.wantEffects([]int{15, 15, 15}[:times]...)
			o.wantSaid(scheduler.PromptAuto, []int{0, 0, 0}[:times]...)
		}
		o.wantSaid(scheduler.PromptTrouble)
	})
}

// A person extended, which was accepted and did not show. Then the meeting has another end than the one that was aimed at,
// later or sooner than before: it is extended from that, in time.
func TestAnotherEndThanWasAccepted(t *testing.T) {
	for _, minutes := range []int{2, -3} {
		inOffice(t, scheduler.ModeAuto, func(o *office) {
			o.service.SetListLag(14 * time.Second)
			o.start(o.replica)
			o.until(10*time.Minute + 30*time.Second)
			o.wantOutcome(o.extend(o.wish("e1", bob, 30)), extension.DidAccept)
			o.service.SetEnd(meetingID, o.end.Add(time.Duration(minutes)*time.Minute))
			o.until(5 * time.Minute)
			o.wantEffects(30, 15)
		})
	}
}

// outcomes are all that the source of a request names.
func outcomes(t *testing.T) []extension.Outcome {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "extension/request.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var found []extension.Outcome
	for _, declared := range file.Decls {
		group, ok := declared.(*ast.GenDecl)
		if !ok || group.Tok != token.CONST {
			continue
		}
		for _, spec := range group.Specs {
			value, err := strconv.Unquote(spec.(*ast.ValueSpec).Values[0].(*ast.BasicLit).Value)
			if err != nil {
				t.Fatal(err)
			}
			found = append(found, extension.Outcome(value))
		}
	}
	if len(found) < 12 {
		t.Fatalf("only %d outcomes", len(found))
	}
	return found
}

// stubborn gives the same outcome at each look.
type stubborn struct {
	scheduler.Door
	outcome extension.Outcome
	left    int
	by      extension.Extension
}

func (s *stubborn) Extend(_ context.Context, request extension.Request) (extension.Result, error) {
	result := extension.Result{Outcome: s.outcome, Meeting: request.Meeting, Left: s.left, By: s.by}
	if s.outcome == extension.Already {
		result.By = extension.Extension{ID: 1, State: extension.Confirmed, UpdatedAt: time.Now().Add(-time.Hour)}
	}
	return result, nil
}

func (s *stubborn) Tell(context.Context, extension.Extension, meeting.Meeting) {}
func (s *stubborn) Told(context.Context, extension.Extension) error            { return nil }

// That somebody was first, whose extension does not show yet, is no trouble; that a run is held look after look is.
func TestSomebodyWasFirst(t *testing.T) {
	for state, want := range map[extension.State]int{extension.Accepted: 0, extension.Unknown: 1} {
		inOffice(t, scheduler.ModeAuto, func(o *office) {
			config := o.config
			config.Extender = &stubborn{Door: o.extender, outcome: extension.Busy, by: extension.Extension{ID: 1, State: state}}
			made, err := scheduler.New(config)
			if err != nil {
				t.Fatal(err)
			}
			o.start(&replica{Scheduler: made, extender: o.extender})
			o.until(4 * time.Minute)
			if told := len(o.announcer.of(scheduler.PromptTrouble)); told != want {
				t.Errorf("%s: told %d times", state, told)
			}
		})
	}
}

// Whatever an extension comes to at look after look, the meeting does not end without a word.
func TestNoOutcomeStaysUntold(t *testing.T) {
	silent := map[extension.Outcome]bool{
		extension.DidConfirm: true, // the notice tells
		extension.DidAccept:  true, // its row tells, after a minute
		extension.Ended:      true, // nothing is left to be done
	}
	for _, outcome := range outcomes(t) {
		inOffice(t, scheduler.ModeAuto, func(o *office) {
			config := o.config
			config.Extender = &stubborn{Door: o.extender, outcome: outcome}
			made, err := scheduler.New(config)
			if err != nil {
				t.Fatal(err)
			}
			o.start(&replica{Scheduler: made, extender: o.extender})
			o.until(4 * time.Minute)
			if told := len(o.announcer.of(scheduler.PromptTrouble)); told != 1 && !silent[outcome] || told > 1 {
				t.Errorf("%s: told %d times", outcome, told)
			}
		})
	}
}
