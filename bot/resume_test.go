package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/overtime-bot/overtime/bot/socket"
	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/scheduler/extension"
	"github.com/overtime-bot/overtime/scheduler/store"
)

// resumes lets a worker before have sent an extension that stands so.
func resumes(outcome extension.Outcome, state extension.State) func(*world) {
	return func(w *world) {
		after := theMeeting().End.Add(30 * time.Minute)
		w.scheduler.resumed = extension.Result{
			Outcome: outcome, Joined: true, Meeting: meeting.Meeting{ID: theID, End: after},
			Extension: extension.Extension{
				ID: 7, Envelope: "e1", MeetingID: theID, Run: extension.RunOf(theMeeting()), Minutes: 30, State: state,
				Before: theMeeting().End, After: after, Actor: extension.Actor{Team: theTeam, User: admin},
			},
		}
	}
}

// What was sent before the crash is told as it stands, however old, and never sent again.
func TestWhatWasSentIsToldAsItStands(t *testing.T) {
	gone := func(w *world) { w.scheduler.meetings = nil }
	const newEnd = "<!date^1795182120^"
	for _, test := range []struct {
		name    string
		set     func(*world)
		want    []string
		buttons int
		pending bool
	}{
		{"confirmed", resumes(extension.DidConfirm, extension.Confirmed), []string{"Extended by 30 minutes", newEnd}, 2, false},
		{"confirmed, meeting gone", both(resumes(extension.DidConfirm, extension.Confirmed), gone), []string{"Extended by 30 minutes", newEnd}, 2, false},
		{"accepted", resumes(extension.DidAccept, extension.Accepted), []string{"accepted it"}, 0, true},
		{"unknown", resumes(extension.NotKnown, extension.Unknown), []string{"Not confirmed yet"}, 0, true},
		{"perhaps sent", resumes(extension.NotKnown, extension.Sent), []string{"Not confirmed yet"}, 0, true},
		{"void", resumes(extension.NoEffect, extension.Void), []string{"It did not take effect"}, 1, false},
		{"unclear", resumes(extension.NotClear, extension.Unclear), []string{"not what your request alone"}, 0, false},
	} {
		for _, envelope := range []socket.Envelope{typed("e1", admin, "914083136 30"), clicked("e1", admin, "B1")} {
			for _, ago := range []time.Duration{20 * time.Second, 20 * time.Minute} {
				t.Run(fmt.Sprint(test.name, " ", envelope.Type, " ", ago), func(t *testing.T) {
					inBubble(t, both(offered(more()), test.set, func(w *world) { w.leaves(envelope, ago) }), func(t *testing.T, w *world) {
						<-w.observed
						for _, want := range test.want {
							wantTexts(t, w.desk.texts(), want)
						}
						if n := len(buttonsOf(t, w.desk.got[0])); n != test.buttons {
							t.Errorf("%d buttons, want %d", n, test.buttons)
						}
						if len(w.scheduler.requests) != 0 {
							t.Error("it was sent again")
						}
						if kept := w.inbox.rows["e1"].Payload != nil; kept != test.pending || !w.inbox.rows["e1"].Answered {
							t.Errorf("kept for a second answer: %v, want %v", kept, test.pending)
						}
					})
				})
			}
		}
	}
}

// Fresh is what was stored two minutes ago at the most.
func TestWhatWasNotSentIsDoneAnewWhileFresh(t *testing.T) {
	for _, envelope := range []socket.Envelope{typed("e1", admin, "914083136 15"), clicked("e1", admin, "B1")} {
		for ago, want := range map[time.Duration]string{
			0: "Extended by 15", freshFor: "Extended by 15", freshFor + time.Millisecond: "nothing was done", 20 * time.Minute: "nothing was done",
		} {
			inBubble(t, both(offered(more()), func(w *world) { w.leaves(envelope, ago) }), func(t *testing.T, w *world) {
				<-w.observed
				wantTexts(t, w.desk.texts(), want)
				if done := want == "Extended by 15"; len(w.scheduler.requests) == 1 != done {
					t.Errorf("%v, %s: %d requests", ago, envelope.Type, len(w.scheduler.requests))
				}
			})
		}
	}
}

// One who may not is not helped by a crash.
func TestWhatIsDoneAnewIsAuthorisedAnew(t *testing.T) {
	for _, envelope := range []socket.Envelope{typed("e1", stranger, "914083136 15"), clicked("e1", stranger, "B1")} {
		inBubble(t, both(offered(more()), func(w *world) { w.leaves(envelope, time.Minute) }), func(t *testing.T, w *world) {
			<-w.observed
			wantTexts(t, w.desk.texts(), "not yours")
		})
	}
}

// once is a scheduler that does the wish of a key once, as the store has it.
func once() func(context.Context, extension.Request) (extension.Result, error) {
	var mu sync.Mutex
	done := map[string]extension.Extension{}
	return func(_ context.Context, request extension.Request) (extension.Result, error) {
		mu.Lock()
		defer mu.Unlock()
		if by, there := done[request.Key]; there {
			return extension.Result{Outcome: extension.Already, By: by, Meeting: request.Meeting}, nil
		}
		result := confirmedResult(request)
		result.Extension.Actor, result.Extension.State = request.Actor, extension.Confirmed
		done[request.Key] = result.Extension
		return result, nil
	}
}

// The button of a command that was left undone does it once, however often it is pressed, and while that run lives.
func TestDoItNow(t *testing.T) {
	inBubble(t, func(w *world) {
		w.scheduler.extend = once()
		w.leaves(typed("e1", admin, "914083136 until 15:00"), 5*time.Minute)
	}, func(t *testing.T, w *world) {
		<-w.observed
		wantTexts(t, w.desk.texts(), "I was interrupted before I sent your request, so nothing was done.\nTo try again, type `/extend 914083136 until 15:00`.")
		found := buttonsOf(t, w.desk.got[0])
		if len(found) != 1 || found[0].Text.Text != "Do it now" {
			t.Fatalf("buttons: %+v", found)
		}
		want := store.Action{
			ID: found[0].Value, Verb: "again", Run: extension.RunOf(theMeeting()), MeetingID: theID,
			Command: "914083136 until 15:00", OfferedEnd: theMeeting().End, Expires: theMeeting().End,
		}
		if got := w.inbox.actions[found[0].Value]; got != want {
			t.Errorf("stored %+v, want %+v", got, want)
		}
		for i, user := range []string{admin, admin, owner} {
			w.receives(clicked(fmt.Sprint("press ", i), user, found[0].Value))
			<-w.observed
		}
		wantTexts(t, w.desk.texts()[1:], "Extended by 48", "done already: <@U0ADMIN>", "done already: <@U0ADMIN>")
		w.scheduler.meetings[0].Start = noon
		w.receives(clicked("another run", admin, found[0].Value))
		<-w.observed
		wantTexts(t, w.desk.texts()[4:], "has already ended")
	})
}

// A press that was left undone is offered as it was: for the same run and end, and as the same one wish.
func TestPressThatWasLeftUndone(t *testing.T) {
	for _, action := range []store.Action{more(), again()} {
		inBubble(t, both(offered(action), func(w *world) {
			w.scheduler.extend = once()
			w.leaves(clicked("e1", admin, action.ID), 5*time.Minute)
		}), func(t *testing.T, w *world) {
			<-w.observed
			wantTexts(t, w.desk.texts(), "nothing was done")
			found := buttonsOf(t, w.desk.got[0])
			if len(found) != 1 || found[0].Text.Text != "Do it now" {
				t.Fatalf("buttons: %+v", found)
			}
			w.receives(clicked("e2", admin, found[0].Value))
			<-w.observed
			w.receives(clicked("e3", owner, action.ID)) // under the first message
			<-w.observed
			wantTexts(t, w.desk.texts()[1:], "Extended by", "done already: <@U0ADMIN>")
			if request := w.scheduler.requests[0]; !request.OfferedEnd.Equal(action.OfferedEnd) || request.Origin != extension.FromButton {
				t.Errorf("asked for %+v", request)
			}
		})
	}
}

// Where there is nothing to be done with one press, the person reads what to type.
func TestLeftUndoneWithoutAButton(t *testing.T) {
	for _, test := range []struct {
		name     string
		envelope socket.Envelope
		set      func(*world)
		want     string
	}{
		{"another command", typed("e1", admin, "list"), nil, "/extend help"},
		{"a command that is none", typed("e1", admin, "914083136 frobnicate"), nil, "/extend help"},
		{"nothing typed", typed("e1", admin, ""), nil, "/extend help"},
		{"button that expired", clicked("e1", admin, "B9"), nil, "/extend help"},
		{"button of a later version", clicked("e1", admin, "B1"), func(w *world) {
			later := more()
			later.Verb = "approve"
			offered(later)(w)
		}, "/extend help"},
		{"buttons cannot be read", clicked("e1", admin, "B1"), func(w *world) {
			w.inbox.find = func(context.Context) error { return errors.New("no store") }
		}, "/extend help"},
		{"meeting gone", typed("e1", admin, "914083136 30"), missingMeeting(""), "`/extend 914083136 30`"},
		{"service down", typed("e1", admin, "914083136 30"), func(w *world) { w.scheduler.findErr = errors.New("no route") }, "`/extend 914083136 30`"},
	} {
		t.Run(test.name, func(t *testing.T) {
			inBubble(t, both(test.set, func(w *world) { w.leaves(test.envelope, 5*time.Minute) }), func(t *testing.T, w *world) {
				<-w.observed
				wantTexts(t, w.desk.texts(), "nothing was done")
				wantTexts(t, w.desk.texts(), test.want)
				if len(w.scheduler.requests)+len(buttonsOf(t, w.desk.got[0])) != 0 {
					t.Errorf("%d requests, buttons %+v", len(w.scheduler.requests), buttonsOf(t, w.desk.got[0]))
				}
			})
		})
	}
}

// Other commands are done anew while fresh.
func TestOtherCommandsLeftUndone(t *testing.T) {
	inBubble(t, func(w *world) {
		for i, text := range []string{"list", "status 914083136", "help", "914083136 0"} {
			w.leaves(typed(fmt.Sprint("e", i), admin, text), time.Minute)
		}
	}, func(t *testing.T, w *world) {
		var tones []string
		for range 4 {
			tones = append(tones, <-w.observed)
		}
		slices.Sort(tones)
		if fmt.Sprint(tones) != "[ refused help told list told status told]" {
			t.Errorf("%q\n%q", tones, w.desk.texts())
		}
	})
}

// A panic costs one envelope.
func TestPanicWhileResuming(t *testing.T) {
	inBubble(t, func(w *world) {
		w.leaves(typed("bad", admin, "914083136 30"), time.Minute)
		w.leaves(typed("good", admin, "914083136 45"), time.Minute)
		w.scheduler.resume = func(_ context.Context, envelope string) error {
			if envelope == "bad" {
				panic("secret words")
			}
			return nil
		}
	}, func(t *testing.T, w *world) {
		<-w.observed
		<-w.observed
		synctest.Wait()
		if w.desk.countOf("Something went wrong") != 1 || w.desk.countOf("Extended by 45") != 1 || w.log.count("secret words") != 0 {
			t.Errorf("%q\n%s", w.desk.texts(), w.log)
		}
	})
}

// promised is an extension that the service said yes to, and that is not read back yet; its row belongs to e1.
func promised(request extension.Request) extension.Result {
	result := confirmedResult(request)
	result.Outcome, result.Extension.State, result.Extension.Envelope = extension.DidAccept, extension.Accepted, "e1"
	return result
}

// The settling timer told the outcome while the promise to tell it was on its way, so that the promise came last: it
// is told again. So it is where the promise was of another's extension, which the command had joined.
func TestPromiseThatCameTooLate(t *testing.T) {
	for _, envelope := range []string{"e1", "e2"} {
		inBubble(t, func(w *world) {
			w.scheduler.extend = func(_ context.Context, request extension.Request) (extension.Result, error) {
				settled := confirmedResult(request)
				w.scheduler.stands = &settled
				return promised(request), nil
			}
		}, func(t *testing.T, w *world) {
			w.receives(typed(envelope, admin, "914083136 30"))
			<-w.observed
			time.Sleep(time.Hour)
			wantTexts(t, w.desk.texts(), "does not show the new end yet", "Extended by 30")
			if len(w.scheduler.requests) != 1 {
				t.Errorf("%d requests", len(w.scheduler.requests))
			}
		})
	}
}

// What was promised is not done anew, also if the store does not tell how it stands.
func TestPromiseIsNotDoneAnew(t *testing.T) {
	for name, stands := range map[string]error{"still open": nil, "no store": errors.New("no store")} {
		inBubble(t, func(w *world) {
			w.scheduler.extend = func(_ context.Context, request extension.Request) (extension.Result, error) {
				return promised(request), nil
			}
			w.scheduler.standsErr = stands
		}, func(t *testing.T, w *world) {
			w.receives(typed("e2", admin, "914083136 30"))
			<-w.observed
			time.Sleep(time.Hour)
			wantTexts(t, w.desk.texts(), "does not show the new end yet")
			if len(w.scheduler.requests) != 1 || fmt.Sprint(w.answeredEnvelopes()) != "[e2]" {
				t.Errorf("%s: %d requests, %q answered", name, len(w.scheduler.requests), w.answeredEnvelopes())
			}
		})
	}
}
