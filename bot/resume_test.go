package bot

import (
	"fmt"
	"net/http"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/overtime-bot/overtime/bot/socket"
	"github.com/overtime-bot/overtime/scheduler/extension"
	"github.com/overtime-bot/overtime/scheduler/store"
)

// sentBefore is an extension that a worker sent for e1 before it died, and that stands so.
func sentBefore(states ...extension.State) func(*world) {
	return func(w *world) {
		w.stored(extension.Extension{Envelope: "e1", Actor: actor(admin), Minutes: 30}, states...)
	}
}

// perhapsSent is one that may be on its way still.
func perhapsSent(w *world) {
	row := w.stored(extension.Extension{Envelope: "e1", Actor: actor(admin), Minutes: 30})
	end := theMeeting().End
	w.must(w.store.Ledger.Aim(w.t.Context(), row.ID, end, end.Add(30*time.Minute), 2*time.Minute))
}

// What was sent before the crash is told as it stands, however old, and never sent again.
func TestWhatWasSentIsToldAsItStands(t *testing.T) {
	const newEnd = "<!date^1795182120^"
	for _, test := range []struct {
		name    string
		set     func(*world)
		want    []string
		buttons int
		pending bool
	}{
		{"confirmed", sentBefore(extension.Confirmed), []string{"Extended by 30 minutes", newEnd}, 3, false},
		{"confirmed, meeting gone", both(sentBefore(extension.Confirmed), gone), []string{"Extended by 30 minutes", newEnd}, 3, false},
		{"confirmed, what is left cannot be read", both(sentBefore(extension.Confirmed), fault(failing(errTrouble), "Added")), []string{"Extended by 30 minutes", newEnd}, 0, false},
		{"accepted", sentBefore(extension.Accepted), []string{"accepted it"}, 0, true},
		{"unknown", sentBefore(extension.Unknown), []string{"Not confirmed yet"}, 0, true},
		{"perhaps sent", perhapsSent, []string{"Not confirmed yet"}, 0, true},
		{"void", sentBefore(extension.Void), []string{"still ends at", "Before you send it again"}, 0, false},
		{"unclear", sentBefore(extension.Unclear), []string{"Your request alone doesn't"}, 0, false},
	} {
		for _, envelope := range []socket.Envelope{typed("e1", admin, "914083136 30"), clicked("e1", admin, "B1")} {
			for _, ago := range []time.Duration{20 * time.Second, 20 * time.Minute} {
				t.Run(fmt.Sprint(test.name, " ", envelope.Type, " ", ago), func(t *testing.T) {
					inBubble(t, both(offered(more()), test.set, left(envelope, ago)), func(t *testing.T, w *world) {
						<-w.observed
						for _, want := range test.want {
							wantTexts(t, w.desk.texts(), want)
						}
						if n := len(w.desk.heard()[0].buttons); n != test.buttons {
							t.Errorf("%d buttons, want %d", n, test.buttons)
						}
						if len(w.wished())+len(w.effects()) != 0 {
							t.Error("it was sent again")
						}
						if e := w.envelope("e1"); !e.Answered || (e.Payload != nil) != test.pending {
							t.Errorf("%+v, kept for a second answer: want %v", e, test.pending)
						}
					})
				})
			}
		}
	}
}

// Fresh is what was stored two minutes ago at the most.
func TestWhatWasNotSentIsDoneAgainWhileFresh(t *testing.T) {
	for _, envelope := range []socket.Envelope{typed("e1", admin, "914083136 15"), clicked("e1", admin, "B1")} {
		for ago, want := range map[time.Duration]string{
			0: "Extended by 15", freshFor: "Extended by 15", freshFor + time.Millisecond: "nothing was done", 20 * time.Minute: "nothing was done",
		} {
			inBubble(t, both(offered(more()), left(envelope, ago)), func(t *testing.T, w *world) {
				<-w.observed
				wantTexts(t, w.desk.texts(), want)
				if done := want == "Extended by 15"; (len(w.effects()) == 1) != done || (len(w.wished()) == 1) != done {
					t.Errorf("%v, %s: %d requests, the service added %v", ago, envelope.Type, len(w.wished()), w.effects())
				}
			})
		}
	}
}

// One who may not is not helped by a crash.
func TestWhatIsDoneAgainIsAuthorisedAgain(t *testing.T) {
	for want, envelope := range map[string]socket.Envelope{
		"among your meetings": typed("e1", stranger, "914083136 15"), "among your running meetings": clicked("e1", stranger, "B1"),
	} {
		inBubble(t, both(offered(more()), left(envelope, time.Minute)), func(t *testing.T, w *world) {
			<-w.observed
			wantTexts(t, w.desk.texts(), want)
		})
	}
}

// The button of a command that was left undone does it once, however often it is pressed, and while that run lives.
func TestDoItNow(t *testing.T) {
	for command, test := range map[string]struct {
		verb    string
		minutes int
		then    string // what is read of a second press
	}{
		"914083136 until 15:00": {"again", 48, "The end has changed in the meantime"},
		"914083136 max":         {"again", 120, "Already done: <@U0ADMIN>"},
		"914083136 48":          {"extend", 48, "Already done: <@U0ADMIN>"},
	} {
		t.Run(command, func(t *testing.T) { doItNow(t, command, test.verb, test.minutes, test.then) })
	}
}

func doItNow(t *testing.T, command, verb string, minutes int, then string) {
	inBubble(t, left(typed("e1", admin, command), 5*time.Minute), func(t *testing.T, w *world) {
		<-w.observed
		wantTexts(t, w.desk.texts(), "I was interrupted before I sent your request, so nothing was done.\nTo try again, type `/extend "+command)
		found := w.desk.heard()[0].buttons
		if len(found) != 1 || found[0].label != "Do it now" {
			t.Fatalf("buttons: %+v", found)
		}
		want := store.Action{
			ID: found[0].id, Verb: verb, Run: extension.RunOf(theMeeting()), MeetingID: theID,
			OfferedEnd: theMeeting().End, Expires: theMeeting().End,
		}
		if want.Command = command; verb == "extend" {
			want.Command, want.Minutes = "", minutes
		}
		got := w.action(found[0])
		if got.Created = (time.Time{}); got != want {
			t.Errorf("stored %+v, want %+v", got, want)
		}
		var texts []string
		for _, user := range []string{admin, admin, owner} {
			texts = append(texts, w.presses(user, found[0].id).text)
		}
		wantTexts(t, texts, fmt.Sprint("Extended by ", minutes), then, then)
		w.nextRun()
		time.Sleep(10 * time.Second) // what was read of the run before is old by then
		if said := w.presses(admin, found[0].id); !slices.Equal(w.effects(), []int{minutes}) {
			t.Errorf("the service added %v: %q", w.effects(), said.text)
		} else {
			wantTexts(t, []string{said.text}, "has already ended")
		}
	})
}

// A press that was left undone is offered as it was: for the same run and end, and as the same one wish.
func TestPressThatWasLeftUndone(t *testing.T) {
	for _, action := range []store.Action{more(), again()} {
		inBubble(t, both(offered(action), left(clicked("e1", admin, action.ID), 5*time.Minute)), func(t *testing.T, w *world) {
			<-w.observed
			wantTexts(t, w.desk.texts(), "nothing was done")
			found := w.desk.heard()[0].buttons
			if len(found) != 1 || found[0].label != "Do it now" {
				t.Fatalf("buttons: %+v", found)
			}
			first, second := w.presses(admin, found[0].id), w.presses(owner, action.ID) // that is under the first message
			wantTexts(t, []string{first.text, second.text}, "Extended by", "Already done: <@U0ADMIN>")
			if request := w.asked.list()[0]; !request.OfferedEnd.Equal(action.OfferedEnd) || request.Origin != extension.FromButton {
				t.Errorf("asked for %+v", request)
			}
		})
	}
}

// Where there is nothing to be done with one press, the person reads what to type.
func TestLeftUndoneWithoutAButton(t *testing.T) {
	later := more()
	later.Verb = "of tomorrow"
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
		{"button of a later version", clicked("e1", admin, "B1"), offered(later), "/extend help"},
		{"buttons cannot be read", clicked("e1", admin, "B1"), both(offered(more()), fault(failing(errTrouble), "Action")), "/extend help"},
		{"meeting gone", typed("e1", admin, "914083136 30"), gone, "`/extend 914083136 30`"},
		{"service down", typed("e1", admin, "914083136 30"), serviceDown, "`/extend 914083136 30`"},
	} {
		t.Run(test.name, func(t *testing.T) {
			inBubble(t, both(test.set, left(test.envelope, 20*time.Minute)), func(t *testing.T, w *world) {
				<-w.observed
				said := w.desk.texts()
				wantTexts(t, said[len(said)-1:], "nothing was done")
				wantTexts(t, said[len(said)-1:], test.want)
				if buttons := w.desk.heard()[len(said)-1].buttons; len(w.wished())+len(buttons) != 0 {
					t.Errorf("%d requests, buttons %+v", len(w.wished()), buttons)
				}
			})
		})
	}
}

// Other commands are done again while fresh.
func TestOtherCommandsLeftUndone(t *testing.T) {
	inBubble(t, func(w *world) {
		for i, text := range []string{"list", "status 914083136", "help", "914083136 0"} {
			w.leaves(typed(fmt.Sprint("e", i), admin, text), 0)
		}
		time.Sleep(time.Minute)
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
	inBubble(t, both(oneWorker, func(w *world) {
		w.leaves(typed("bad", admin, "914083136 30"), 0)
		w.leaves(typed("good", admin, "914083136 45"), time.Minute)
	}, fault(once(panicking("secret words")), "Asked")), func(t *testing.T, w *world) {
		<-w.observed
		<-w.observed
		synctest.Wait()
		if w.desk.countOf("Something went wrong") != 1 || w.desk.countOf("Extended by 45") != 1 || w.log.count("secret words") != 0 {
			t.Errorf("%q\n%s", w.desk.texts(), w.log)
		}
	})
}

// confirmedOnItsWay lets another process confirm the extension while the answer to the command is on its way to Slack.
func confirmedOnItsWay(w *world) {
	w.desk = newSlackDesk(func(request *http.Request) (*http.Response, error) {
		rows, err := w.store.History.Extensions(w.t.Context(), theID, 1)
		w.must(err)
		_, err = w.store.Ledger.Move(w.t.Context(), rows[0].ID, extension.Accepted, extension.Confirmed, extension.Ending{After: rows[0].Target})
		w.must(err)
		return says(http.StatusOK, "ok")(request)
	}, says(http.StatusOK, "ok"))
}

// The settling timer told the outcome while the promise to tell it was on its way, so that the promise came last: it
// is told again. So it is where the promise was of another's extension, which the command had joined.
func TestPromiseThatCameTooLate(t *testing.T) {
	joined := func(w *world) { // an equal command, which is accepted a second later
		row := w.stored(extension.Extension{Envelope: "e1", Actor: actor(admin), Minutes: 30})
		time.AfterFunc(time.Second, func() {
			end := theMeeting().End
			w.must(w.store.Ledger.Aim(w.t.Context(), row.ID, end, end.Add(30*time.Minute), 2*time.Minute))
			_, err := w.store.Ledger.Move(w.t.Context(), row.ID, extension.Sent, extension.Accepted, extension.Ending{SettleIn: 2 * time.Minute})
			w.must(err)
		})
	}
	for envelope, set := range map[string]func(*world){"e1": lags(time.Hour), "e2": joined} {
		inBubble(t, both(set, confirmedOnItsWay), func(t *testing.T, w *world) {
			w.receives(typed(envelope, admin, "914083136 30"))
			<-w.observed
			time.Sleep(5 * time.Minute)
			wantTexts(t, w.desk.texts(), "doesn't show the new end yet", "Extended by 30")
			if len(w.wished()) != 1 {
				t.Errorf("%d requests", len(w.wished()))
			}
		})
	}
}

// What was promised is not done again, also if the store does not tell how it stands.
func TestPromiseIsNotDoneAgain(t *testing.T) {
	for name, set := range map[string]func(*world){"still open": nil, "no store": fault(failing(errTrouble), "Extension")} {
		inBubble(t, both(set, lags(time.Hour)), func(t *testing.T, w *world) {
			w.receives(typed("e2", admin, "914083136 30"))
			<-w.observed
			time.Sleep(5 * time.Minute)
			wantTexts(t, w.desk.texts(), "doesn't show the new end yet")
			if len(w.wished()) != 1 || fmt.Sprint(w.answered()) != "[e2]" || len(w.effects()) != 1 {
				t.Errorf("%s: %d requests, %q answered, the service added %v", name, len(w.wished()), w.answered(), w.effects())
			}
		})
	}
}
