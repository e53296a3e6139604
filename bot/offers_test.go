package bot

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/scheduler/extension"
	"github.com/overtime-bot/overtime/scheduler/store"
)

// newest is the extension of theMeeting that was stored last.
func (w *world) newest() extension.Extension {
	w.t.Helper()
	rows, err := w.store.History.Extensions(w.t.Context(), theID, 1)
	if err != nil || len(rows) != 1 {
		w.t.Fatalf("%+v, %v", rows, err)
	}
	return rows[0]
}

func TestOfferedMinutesFitTheLimits(t *testing.T) {
	for _, test := range []struct {
		name          string
		left, most    int // of the run, after five minutes
		set           func(*world)
		first, second []string
	}{
		{"plenty", 210, 120, nil, []string{"+15 min", "+30 min", "+60 min"}, []string{"+15 min", "+30 min", "+60 min"}},
		{"just enough", 30, 120, nil, []string{"+15 min", "+30 min"}, []string{"+15 min", "+30 min"}},
		{"not for both", 29, 120, nil, []string{"+15 min", "+29 min"}, []string{"+15 min", "+29 min"}},
		{"just for one", 15, 120, nil, []string{"+15 min"}, []string{"+15 min"}},
		{"less than a step", 14, 120, nil, []string{"+14 min"}, []string{"+14 min"}},
		{"a minute", 1, 120, nil, []string{"+1 minute"}, []string{"+1 minute"}},
		{"nothing left", 0, 120, nil, nil, nil},
		{"most at once", 210, 29, nil, []string{"+15 min", "+29 min"}, []string{"+15 min", "+29 min"}},
		{"less than a step at once", 210, 14, nil, []string{"+14 min"}, []string{"+14 min"}},
		{"no limit of the run", -1, 120, nil, []string{"+15 min", "+30 min", "+60 min"}, []string{"+15 min", "+30 min", "+60 min"}},
		{"no limit of the run, most at once", -1, 20, nil, []string{"+15 min", "+20 min"}, []string{"+15 min", "+20 min"}},
		{"what is left is not known", 210, 120, fault(failing(errTrouble), "Added"), nil, nil},
		{"little left of the day", 210, 120, usedElsewhere(admin, 280, 1), []string{"+15 min"}, []string{"+15 min"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			inBubble(t, both(test.set, func(w *world) {
				if w.most, w.total = test.most, 5+max(test.left, 0); test.left < 0 {
					w.total = 0
				}
			}), func(t *testing.T, w *world) {
				if got := w.asks(admin, "914083136 5").labels(); !slices.Equal(got, test.first) {
					t.Errorf("first answer: %q, want %q", got, test.first)
				}
				if err := w.settles(extension.Notice{Extension: w.newest(), Meeting: theMeeting()}); err != nil {
					t.Fatal(err)
				}
				answers := w.desk.heard()
				answers = append(answers, w.poster.heardBy(admin)...)
				if got := answers[len(answers)-1].labels(); !slices.Equal(got, test.second) {
					t.Errorf("second answer: %q, want %q", got, test.second)
				}
			})
		})
	}
}

// What a button does is stored; the button itself gives nothing away, and nothing that it says is worth forging.
func TestButtonsAreOpaque(t *testing.T) {
	inBubble(t, nil, func(t *testing.T, w *world) {
		sent := w.asks(admin, "914083136 30")
		if len(sent.buttons) != 3 || w.faults.count("PutActions") != 0 { // the extension's own row stands for them
			t.Fatalf("%+v, %d writes", sent.buttons, w.faults.count("PutActions"))
		}
		for i, minutes := range []int{15, 30, 60} {
			id := sent.buttons[i].id
			if want := store.OfferID(w.newest(), minutes); id != want {
				t.Errorf("the button says %q, want %q", id, want)
			}
			if len(id) < 20 || strings.ContainsAny(id, "-: ") {
				t.Errorf("the button is %+v", sent.buttons[i])
			}
		}
		if sent.buttons[0] == sent.buttons[1] {
			t.Errorf("not told apart: %+v", sent.buttons)
		}
	})
}

// An answer is worth more than its buttons: it does not wait for them.
func TestAnswerWhoseButtonsCannotBeStored(t *testing.T) {
	for name, put := range map[string]func(context.Context) error{
		"failing": failing(errors.New("disk full")),
		"hanging": hanging,
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, both(settledMeanwhile(extension.Void), fault(put, "PutActions")), func(t *testing.T, w *world) {
				began := time.Now()
				said := w.asks(admin, "914083136 30")
				if took := time.Since(began); took > storePatience+time.Second {
					t.Errorf("the answer waits for its buttons: %v", took)
				}
				wantTexts(t, []string{said.text}, "It did not take effect")
				if len(said.buttons) != 0 || w.log.count("goes without its buttons") != 1 {
					t.Errorf("%+v\n%s", said.buttons, w.log)
				}
			})
		})
	}
}

// The buttons of second answers, by how the extension came out.
func TestButtonsOfSecondAnswers(t *testing.T) {
	run := extension.RunOf(theMeeting())
	same := store.Action{Verb: "extend", Run: run, MeetingID: theID, Minutes: 30, OfferedEnd: theMeeting().End, Expires: theMeeting().End}
	for _, test := range []struct {
		name   string
		change func(*extension.Extension)
		want   []store.Action
	}{
		{"confirmed", func(e *extension.Extension) { // its row stands for them
			e.State, e.After, e.Token = extension.Confirmed, theMeeting().End, strings.Repeat("T", 26)
		}, nil},
		{"void", func(e *extension.Extension) { e.State = extension.Void }, []store.Action{same}},
		{"never sent", func(e *extension.Extension) { e.State = extension.Refused }, []store.Action{same}},
		{"unclear", func(e *extension.Extension) { e.State = extension.Unclear }, nil},
		{"accepted", func(e *extension.Extension) { e.State = extension.Accepted }, nil},
		{"handed to the platform", func(e *extension.Extension) { e.State, e.Minutes, e.Platform = extension.Confirmed, 0, true }, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			inBubble(t, nil, func(t *testing.T, w *world) {
				notice := noticeFor(owner)
				notice.Extension.Run, notice.Extension.Before = run, theMeeting().End
				test.change(&notice.Extension)
				if err := w.settles(notice); err != nil {
					t.Fatal(err)
				}
				if writes := w.faults.count("PutActions"); writes != len(test.want) {
					t.Fatalf("%d writes, want %d", writes, len(test.want))
				}
				if len(test.want) == 0 {
					return
				}
				var got []store.Action
				for _, button := range w.poster.last().buttons {
					action := w.action(button)
					action.ID, action.Created = "", time.Time{}
					got = append(got, action)
				}
				if !slices.Equal(got, test.want) {
					t.Errorf("stored %+v, want %+v", got, test.want)
				}
			})
		})
	}
}

// noticeFor tells of an extension of somebody's that took no effect.
func noticeFor(user string) extension.Notice {
	return extension.Notice{
		Extension: extension.Extension{ID: 7, Envelope: "e1", MeetingID: theID, Minutes: 30, State: extension.Void, Actor: actor(user)},
		Meeting:   theMeeting(),
	}
}
