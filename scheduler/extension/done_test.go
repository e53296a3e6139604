package extension_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/scheduler/extension"
)

// inFields are the fields of a line, each after its key.
func inFields(done extension.Done) string {
	var text strings.Builder
	for _, field := range done.Fields() {
		fmt.Fprintf(&text, "%s=%v ", field.Key, field.Value)
	}
	return strings.TrimSpace(text.String())
}

var (
	doneEnd = time.Date(2026, 11, 28, 21, 10, 0, 0, time.FixedZone("east", 8*60*60))
	doneRow = extension.Extension{
		ID: 7, Envelope: "E1", MeetingID: "914083136", Origin: extension.FromCommand, Actor: extension.Actor{Team: "T1", User: "U1"},
		Minutes: 30, Before: doneEnd, Target: doneEnd.Add(30 * time.Minute), After: doneEnd.Add(20 * time.Minute), Reason: "why", RequestID: "r-1",
		CreatedAt: doneEnd, UpdatedAt: doneEnd.Add(1235 * time.Millisecond),
	}
)

// Each state that a row may be in, each origin, and each person behind it, has its words. Times are in UTC.
func TestDoneOfARow(t *testing.T) {
	const who, times = "team=T1 user=U1 meeting=914083136 minutes=30 from=2026-11-28T13:10:00Z ", " took_seconds=1.235 request_id=r-1"
	for want, change := range map[string]func(*extension.Extension){
		"how=typed verb=extend " + who + "to=2026-11-28T13:30:00Z outcome=confirmed reason=why" + times:     func(e *extension.Extension) { e.State = extension.Confirmed },
		"how=typed verb=extend " + who + "to=2026-11-28T13:40:00Z outcome=accepted reason=why" + times:      func(e *extension.Extension) { e.State = extension.Accepted },
		"how=typed verb=extend " + who + "to= outcome=refused reason=why" + times:                           func(e *extension.Extension) { e.State = extension.Refused },
		"how=typed verb=extend " + who + "to=2026-11-28T13:30:00Z outcome=void reason=why" + times:          func(e *extension.Extension) { e.State = extension.Void },
		"how=typed verb=extend " + who + "to=2026-11-28T13:30:00Z outcome=unclear reason=why" + times:       func(e *extension.Extension) { e.State = extension.Unclear },
		"how=typed verb=extend " + who + "to=2026-11-28T13:30:00Z outcome=unknown reason=why" + times:       func(e *extension.Extension) { e.State = extension.Unknown },
		"how=typed verb=extend " + who + "to=2026-11-28T13:30:00Z outcome=unknown reason=under way" + times: func(e *extension.Extension) { e.State = extension.Sent },
		"how=button verb=extend " + who + "to=2026-11-28T13:30:00Z outcome=void reason=why" + times: func(e *extension.Extension) {
			e.State, e.Origin = extension.Void, extension.FromButton
		},
		"how=approved verb=extend " + who + "to=2026-11-28T13:30:00Z outcome=void reason=why" + times: func(e *extension.Extension) {
			e.State, e.Origin = extension.Void, extension.FromApproval
		},
		"how=automatic verb=extend team= user= meeting=914083136 minutes=30 from=2026-11-28T13:10:00Z to=2026-11-28T13:30:00Z outcome=void reason=why" + times: func(e *extension.Extension) {
			e.State, e.Origin, e.Actor = extension.Void, extension.FromTick, extension.Actor{}
		},
		"how=automatic verb=extend team=T2 user=U2 meeting=914083136 minutes=30 from=2026-11-28T13:10:00Z to=2026-11-28T13:30:00Z outcome=void reason=why" + times: func(e *extension.Extension) {
			e.State, e.Origin, e.Actor, e.Wisher = extension.Void, extension.FromTick, extension.Actor{}, extension.Actor{Team: "T2", User: "U2"}
		},
		"how=handed_over verb=auto team=T1 user=U1 meeting=914083136 minutes=20 from=2026-11-28T13:10:00Z to=2026-11-28T13:30:00Z outcome=confirmed reason=why" + times: func(e *extension.Extension) {
			e.State, e.Platform, e.Minutes, e.Each = extension.Confirmed, true, 0, 20
		},
		"how=typed verb=extend team=T1 user=U1 meeting=914083136 minutes=30 from= to= outcome=void reason=why" + times: func(e *extension.Extension) {
			e.State, e.Before, e.After = extension.Void, time.Time{}, time.Time{}
		},
	} {
		row := doneRow
		change(&row)
		if got := inFields(row.Done()); got != want {
			t.Errorf("%q, want\n%q", got, want)
		}
	}
}

// doneOf is what the line of a request says of its outcome; empty where another line says it.
func doneOf(result extension.Result, err error) string {
	request := extension.Request{
		Envelope: "E1", Meeting: meeting.Meeting{ID: "914083136"}, Origin: extension.FromButton,
		Actor: extension.Actor{Team: "T1", User: "U1"}, Minutes: 15,
	}
	done, here := request.Done(result, err)
	if !here {
		return ""
	}
	return fmt.Sprintf("%s %s/%s %s %d %s (%s) %v %s", done.How, done.Team, done.User, done.Meeting, done.Minutes, done.Outcome, done.Reason, done.Took, done.RequestID)
}

// Each outcome of a request has its words, for the person who asked; where the timer ends the doubt, its line is the one.
func TestDoneOfARequest(t *testing.T) {
	in := func(state extension.State, reason string) extension.Extension {
		row := doneRow
		row.State, row.Reason = state, reason
		return row
	}
	others := in(extension.Confirmed, "")
	others.Envelope, others.Actor = "E2", extension.Actor{Team: "T9", User: "U9"}
	service := &meeting.Error{Code: "MMC.1", RequestID: "r-2"}
	for what, c := range map[string]struct {
		result extension.Result
		err    error
		want   string
	}{
		"confirmed":              {result: extension.Result{Outcome: extension.DidConfirm, Extension: in(extension.Confirmed, "")}, want: "typed T1/U1 914083136 30 confirmed () 0s r-1"},
		"confirmed by the timer": {result: extension.Result{Outcome: extension.DidConfirm, Extension: in(extension.Confirmed, "read later")}},
		"confirmed, late":        {result: extension.Result{Outcome: extension.DidConfirm, Extension: in(extension.Confirmed, "took effect late")}},
		"accepted":               {result: extension.Result{Outcome: extension.DidAccept, Extension: in(extension.Accepted, "")}},
		"unknown":                {result: extension.Result{Outcome: extension.NotKnown, Extension: in(extension.Unknown, "")}},
		"void":                   {result: extension.Result{Outcome: extension.NoEffect, Extension: in(extension.Void, "")}},
		"unclear":                {result: extension.Result{Outcome: extension.NotClear, Extension: in(extension.Unclear, "")}},
		"equal to another's":     {result: extension.Result{Outcome: extension.DidConfirm, Extension: others}, want: "typed T1/U1 914083136 30 confirmed (equal to one under way) 0s r-1"},
		"in doubt like another's": {result: extension.Result{Outcome: extension.NotKnown, Extension: func() extension.Extension {
			row := others
			row.State = extension.Unknown
			return row
		}()}, want: "typed T1/U1 914083136 30 unknown (equal to one under way) 0s r-1"},
		"busy":      {result: extension.Result{Outcome: extension.Busy}, want: "button T1/U1 914083136 15 refused (another extension is under way) 0s "},
		"already":   {result: extension.Result{Outcome: extension.Already}, want: "button T1/U1 914083136 15 told (extended already) 0s "},
		"moved":     {result: extension.Result{Outcome: extension.Moved}, want: "button T1/U1 914083136 15 expired (end moved) 0s "},
		"ended":     {result: extension.Result{Outcome: extension.Ended}, want: "button T1/U1 914083136 15 expired (run over) 0s "},
		"too many":  {result: extension.Result{Outcome: extension.TooMany}, want: "button T1/U1 914083136 15 refused (too many minutes) 0s "},
		"a limit":   {result: extension.Result{Outcome: extension.Limited, Limit: extension.LimitDaily}, want: "button T1/U1 914083136 15 refused (limit: daily) 0s "},
		"refused":   {result: extension.Result{Outcome: extension.DidRefuse, Extension: in(extension.Refused, "x"), Err: service}, want: "typed T1/U1 914083136 30 refused (MMC.1) 0s r-2"},
		"no answer": {result: extension.Result{Outcome: extension.DidRefuse, Extension: in(extension.Refused, "x"), Err: errors.New("EOF")}, want: "typed T1/U1 914083136 30 refused (something could not be read) 0s r-1"},
		"a service that gives no code": {
			result: extension.Result{Outcome: extension.DidRefuse, Extension: in(extension.Refused, "x"), Err: &meeting.Error{}},
			want:   "typed T1/U1 914083136 30 refused (something could not be read) 0s r-1",
		},
		"not running":       {err: meeting.ErrNotRunning, want: "button T1/U1 914083136 15 expired (run over) 0s "},
		"not found":         {err: fmt.Errorf("reading: %w", meeting.ErrNotFound), want: "button T1/U1 914083136 15 expired (run over) 0s "},
		"not written":       {err: fmt.Errorf("claiming: %w", extension.ErrNotWritten), want: "button T1/U1 914083136 15 refused (could not be written down) 0s "},
		"the service fails": {err: fmt.Errorf("reading: %w", service), want: "button T1/U1 914083136 15 refused (MMC.1) 0s r-2"},
	} {
		if got := doneOf(c.result, c.err); got != c.want {
			t.Errorf("%s: %q, want %q", what, got, c.want)
		}
	}
}
