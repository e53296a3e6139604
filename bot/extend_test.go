package bot

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/bot/access"
	"github.com/overtime-bot/overtime/scheduler/extension"
)

func (w *world) minutesAsked() []int {
	var minutes []int
	for _, request := range w.scheduler.requests {
		minutes = append(minutes, request.Minutes)
	}
	return minutes
}

// What reaches the scheduler: by whom, for which meeting, under the envelope's key.
func TestWishOfACommand(t *testing.T) {
	w := newWorld(t)
	w.build()
	w.asks(admin, "914083136 1h30m")
	if len(w.scheduler.requests) != 1 {
		t.Fatalf("%d requests", len(w.scheduler.requests))
	}
	got := w.scheduler.requests[0]
	if got.Key != "envelope-1" || got.Envelope != "envelope-1" || got.Minutes != 90 || got.Meeting.ID != theID ||
		got.Origin != extension.FromCommand || got.Actor != (extension.Actor{Team: theTeam, User: admin}) || !got.OfferedEnd.IsZero() {
		t.Errorf("%+v", got)
	}
}

// max is the least of the limits: each that is met says what it leaves.
func TestMaximumGoesDownToTheLeastLimit(t *testing.T) {
	for _, test := range []struct {
		name    string
		results []extension.Result
		asked   []int
		tone    Tone
	}{
		{"all of it", nil, []int{120}, Done},
		{"the run has less", []extension.Result{limitedTo(extension.LimitRun, 50)}, []int{120, 50}, Done},
		{"and the person less still", []extension.Result{limitedTo(extension.LimitRun, 50), limitedTo(extension.LimitDaily, 20)}, []int{120, 50, 20}, Done},
		{"nothing left", []extension.Result{limitedTo(extension.LimitRun, 0)}, []int{120}, Refusal},
		{"nothing left of the second", []extension.Result{limitedTo(extension.LimitRun, 50), limitedTo(extension.LimitDaily, 0)}, []int{120, 50}, Refusal},
		{"too often", []extension.Result{limitedTo(extension.LimitPerson, 0)}, []int{120}, Refusal},
		{"a limit that leaves no less", []extension.Result{limitedTo(extension.LimitRun, 120)}, []int{120}, Refusal},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := newWorld(t)
			w.scheduler.extend = inTurn(test.results)
			w.build()
			if reply := w.asks(admin, "914083136 max"); reply.Tone != test.tone {
				t.Errorf("%+v", reply)
			}
			if !slices.Equal(w.minutesAsked(), test.asked) {
				t.Errorf("asked for %v, want %v", w.minutesAsked(), test.asked)
			}
		})
	}
}

// inTurn gives the results one by one, then confirms.
func inTurn(results []extension.Result) func(context.Context, extension.Request) (extension.Result, error) {
	return func(_ context.Context, request extension.Request) (extension.Result, error) {
		if len(results) == 0 {
			return confirmedResult(request), nil
		}
		result := results[0]
		result.Meeting = request.Meeting
		results = results[1:]
		return result, nil
	}
}

// until is reckoned anew when the end moves under its hands, and gives up after three times.
func TestUntilIsReckonedAnew(t *testing.T) {
	moved := extension.Result{Outcome: extension.Moved}
	for _, test := range []struct {
		name  string
		moves int
		asked []int
		tone  Tone
	}{
		{"not moved", 0, []int{48}, Done},
		{"moved once", 1, []int{48, 38}, Done},
		{"moved twice", 2, []int{48, 38, 28}, Done},
		{"moved for ever", 9, []int{48, 38, 28}, Telling},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := newWorld(t)
			moves := test.moves
			w.scheduler.extend = func(_ context.Context, request extension.Request) (extension.Result, error) {
				if !request.OfferedEnd.Equal(request.Meeting.End) || !request.OfferedEnd.Equal(w.scheduler.meetings[0].End) {
					t.Errorf("offered for %v, the end is %v", request.OfferedEnd, w.scheduler.meetings[0].End)
				}
				if moves--; moves >= 0 {
					w.scheduler.meetings[0].End = w.scheduler.meetings[0].End.Add(10 * time.Minute)
					return moved, nil
				}
				return confirmedResult(request), nil
			}
			w.build()
			if reply := w.asks(admin, "914083136 until 15:00"); reply.Tone != test.tone {
				t.Errorf("%+v", reply)
			}
			if !slices.Equal(w.minutesAsked(), test.asked) {
				t.Errorf("asked for %v, want %v", w.minutesAsked(), test.asked)
			}
		})
	}
}

// The time of day is the person's own.
func TestUntilIsInThePersonsZone(t *testing.T) {
	for zone, want := range map[string]int{"Europe/Berlin": 48, "Europe/London": 108, "": 108} {
		w := newWorld(t)
		changed(admin, func(p *access.Person) { p.Zone = zone })(w)
		w.build()
		w.asks(admin, "914083136 until 15:00")
		if !slices.Equal(w.minutesAsked(), []int{want}) {
			t.Errorf("%q: asked for %v, want %d", zone, w.minutesAsked(), want)
		}
	}
}

// Success names the end that was read, and no more minutes than were asked for when somebody else added some.
func TestConfirmedByMoreThanAsked(t *testing.T) {
	w := newWorld(t)
	w.scheduler.extend = func(_ context.Context, request extension.Request) (extension.Result, error) {
		result := confirmedResult(request)
		result.Extension.After = result.Extension.After.Add(time.Hour)
		result.Meeting.End = result.Extension.After
		return result, nil
	}
	w.build()
	want := "Extended by 30 minutes: the meeting now ends " + dateToken(theMeeting().End.Add(90*time.Minute), zoneOf("Europe/Berlin")) + "."
	if reply := w.asks(admin, "914083136 30"); reply.Text != want {
		t.Errorf("%q, want %q", reply.Text, want)
	}
}
