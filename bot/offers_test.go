package bot

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/bot/access"
	"github.com/overtime-bot/overtime/scheduler/extension"
	"github.com/overtime-bot/overtime/scheduler/store"
)

// sentButton is a button as it stands in a message on its way to Slack.
type sentButton struct {
	Type   string `json:"type"`
	Action string `json:"action_id"`
	Value  string `json:"value"`
	Text   struct {
		Type string `json:"type"`
		Text string `json:"text"`
	} `json:"text"`
}

// buttonsOf finds the buttons of an answer that was sent.
func buttonsOf(t *testing.T, answer receivedAnswer) []sentButton {
	t.Helper()
	var found []sentButton
	for _, raw := range answer.Blocks {
		var block struct {
			Type     string            `json:"type"`
			Elements []json.RawMessage `json:"elements"`
		}
		if err := json.Unmarshal(raw, &block); err != nil {
			t.Fatal(err)
		}
		for _, element := range block.Elements {
			var button sentButton
			if block.Type == "actions" {
				if err := json.Unmarshal(element, &button); err != nil {
					t.Fatal(err)
				}
				found = append(found, button)
			}
		}
	}
	return found
}

func labelsOf(offers []Offer) []string {
	var labels []string
	for _, offer := range offers {
		labels = append(labels, offer.Label)
	}
	return labels
}

func TestOfferedMinutesFitTheLimits(t *testing.T) {
	for _, test := range []struct {
		name       string
		left, most int
		noLimit    bool
		err        error
		want       []string
	}{
		{"plenty", 210, 120, false, nil, []string{"+15 min", "+30 min"}},
		{"just enough", 30, 120, false, nil, []string{"+15 min", "+30 min"}},
		{"not for both", 29, 120, false, nil, []string{"+15 min"}},
		{"just for one", 15, 120, false, nil, []string{"+15 min"}},
		{"for none", 14, 120, false, nil, nil},
		{"nothing left", 0, 120, false, nil, nil},
		{"most at once", 210, 29, false, nil, []string{"+15 min"}},
		{"less than a button at once", 210, 14, false, nil, nil},
		{"no limit of the run", 0, 120, true, nil, []string{"+15 min", "+30 min"}},
		{"no limit of the run, most at once", 0, 20, true, nil, []string{"+15 min"}},
		{"what is left is not known", 210, 120, false, errors.New("no store"), nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := newWorld(t)
			w.scheduler.left, w.scheduler.noLimit, w.scheduler.leftErr = test.left, test.noLimit, test.err
			w.build().config.MaxMinutes = test.most
			if got := labelsOf(w.asks(admin, "914083136 5").Offers); !slices.Equal(got, test.want) {
				t.Errorf("first answer: %q, want %q", got, test.want)
			}
			notice := noticeFor(owner)
			notice.Extension.State = extension.Confirmed
			if got := labelsOf(w.bot.settledOffers(t.Context(), w.bot.printerOf(access.Person{}), notice)); !slices.Equal(got, test.want) {
				t.Errorf("second answer: %q, want %q", got, test.want)
			}
		})
	}
}

// What a button does is stored; the button itself gives nothing away, and nothing that it says is worth forging.
func TestButtonsAreOpaque(t *testing.T) {
	inBubble(t, nil, func(t *testing.T, w *world) {
		w.receives(typed("e1", admin, "914083136 30"))
		<-w.observed
		sent := buttonsOf(t, w.desk.got[0])
		if len(sent) != 2 || len(w.inbox.actions) != 0 { // the extension's own row stands for them
			t.Fatalf("%d buttons, %d rows", len(sent), len(w.inbox.actions))
		}
		for i, minutes := range []int{15, 30} {
			if want := store.OfferID(extension.Extension{ID: 12, Token: theToken}, minutes); sent[i].Value != want {
				t.Errorf("the button says %q, want %q", sent[i].Value, want)
			}
			if sent[i].Type != "button" || sent[i].Text.Type != "plain_text" || len(sent[i].Value) < 20 || strings.ContainsAny(sent[i].Value, "-: ") {
				t.Errorf("the button is %+v", sent[i])
			}
		}
		if sent[0].Value == sent[1].Value || sent[0].Action == sent[1].Action {
			t.Errorf("not told apart: %+v", sent)
		}
	})
}

// An answer is worth more than its buttons: it does not wait for them.
func TestAnswerWhoseButtonsCannotBeStored(t *testing.T) {
	for name, put := range map[string]func(context.Context) error{
		"failing": func(context.Context) error { return errors.New("disk full") },
		"hanging": hangsUntilDone,
	} {
		t.Run(name, func(t *testing.T) {
			void := func(context.Context, extension.Request) (extension.Result, error) {
				notice := noticeFor(admin)
				return extension.Result{Outcome: extension.NoEffect, Extension: notice.Extension, Meeting: notice.Meeting}, nil
			}
			inBubble(t, func(w *world) { w.inbox.put, w.scheduler.extend = put, void }, func(t *testing.T, w *world) {
				began := time.Now()
				w.receives(typed("e1", admin, "914083136 30"))
				select {
				case <-w.observed:
				case <-time.After(storePatience + time.Second):
					t.Errorf("the answer waits for its buttons")
					return
				}
				wantTexts(t, w.desk.texts(), "It did not take effect")
				if found := buttonsOf(t, w.desk.got[0]); len(found) != 0 || w.log.count("goes without its buttons") != 1 {
					t.Errorf("%+v after %v\n%s", found, time.Since(began), w.log)
				}
			})
		})
	}
}

func hangsUntilDone(ctx context.Context) error {
	<-ctx.Done()
	return ctx.Err()
}

// The buttons of second answers, by how the extension came out.
func TestButtonsOfSecondAnswers(t *testing.T) {
	run := extension.RunOf(theMeeting())
	for _, test := range []struct {
		name   string
		change func(*extension.Notice)
		want   []store.Action
	}{
		{"confirmed", func(n *extension.Notice) { n.Extension.State = extension.Confirmed }, nil}, // its row stands for them
		{"void", func(n *extension.Notice) { n.Extension.State = extension.Void }, []store.Action{
			{Verb: "extend", Run: run, MeetingID: theID, Minutes: 30, OfferedEnd: theMeeting().End, Expires: theMeeting().End},
		}},
		{"never sent", func(n *extension.Notice) { n.Extension.State = extension.Refused }, []store.Action{
			{Verb: "extend", Run: run, MeetingID: theID, Minutes: 30, OfferedEnd: theMeeting().End, Expires: theMeeting().End},
		}},
		{"unclear", func(n *extension.Notice) { n.Extension.State = extension.Unclear }, nil},
		{"accepted", func(n *extension.Notice) { n.Extension.State = extension.Accepted }, nil},
		{"handed to the platform", func(n *extension.Notice) { n.Extension.State, n.Extension.Minutes = extension.Confirmed, 0 }, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := newWorld(t)
			notice := noticeFor(owner)
			notice.Extension.Run, notice.Extension.Before = run, theMeeting().End
			test.change(&notice)
			if err := w.build().Settled(t.Context(), notice); err != nil {
				t.Fatal(err)
			}
			var got []store.Action
			for _, action := range w.inbox.actions {
				action.ID = ""
				got = append(got, action)
			}
			slices.SortFunc(got, func(a, b store.Action) int { return a.Minutes - b.Minutes })
			if !slices.Equal(got, test.want) {
				t.Errorf("stored %+v, want %+v", got, test.want)
			}
		})
	}
}
