package bot

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/overtime-bot/overtime/bot/i18n"
	"github.com/overtime-bot/overtime/bot/socket"
	"github.com/overtime-bot/overtime/scheduler/store"
	"github.com/slack-go/slack"
)

// viewsOfReasons are the views that ask for a reason, in a language.
func viewsOfReasons(t *testing.T, language string) []byte {
	t.Helper()
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetIndent("", "  ")
	say := catalogueOf(t, "en").For(languages[language])
	for _, c := range []struct {
		verb          string
		title, submit i18n.Key
	}{{verbRequest, i18n.ReasonRequestTitle, i18n.ReasonRequestSubmit}, {verbDeny, i18n.ReasonDenyTitle, i18n.ReasonDenySubmit}} {
		in := interaction{say: say, action: &store.Action{ID: "action", Verb: c.verb}, from: sender{Channel: general}}
		view := reasonView(in, c.title, c.submit)
		for _, short := range []string{view.Title.Text, view.Submit.Text, view.Close.Text} {
			if len([]rune(short)) > 24 {
				t.Errorf("%s: %q is too long for Slack", language, short)
			}
		}
		for _, fault := range lintView(encoded(view)) {
			t.Errorf("%s, %s: %s", language, c.verb, fault)
		}
		if err := encoder.Encode(view); err != nil {
			t.Fatal(err)
		}
	}
	return text.Bytes()
}

func TestGoldenReasons(t *testing.T) {
	for _, language := range slices.Sorted(maps.Keys(languages)) {
		compareGolden(t, filepath.Join("testdata", "blocks", "reasons."+language+".json"), viewsOfReasons(t, language))
	}
}

// fakeViews are the views that Slack was asked to open.
type fakeViews struct {
	err    error
	opened []slack.ModalViewRequest
}

func (f *fakeViews) OpenViewContext(_ context.Context, _ string, view slack.ModalViewRequest) (*slack.ViewResponse, error) {
	if f.err == nil {
		f.opened = append(f.opened, view)
	}
	return &slack.ViewResponse{}, f.err
}

func (f *fakeViews) UpdateViewContext(context.Context, slack.ModalViewRequest, string, string, string) (*slack.ViewResponse, error) {
	return &slack.ViewResponse{}, f.err
}

// triggered is a press that can open a view.
func triggered(envelope socket.Envelope) socket.Envelope {
	return changedPayload(envelope, func(fields map[string]any) { fields["trigger_id"] = "1.2.secret" })
}

// submits is a view that somebody submits.
func submits(id, user string, view slack.ModalViewRequest, reason string) socket.Envelope {
	return changedPayload(clicked(id, user, ""), func(fields map[string]any) {
		for _, name := range []string{"actions", "channel", "response_url"} {
			delete(fields, name)
		}
		fields["type"] = "view_submission"
		fields["view"] = map[string]any{
			"callback_id": view.CallbackID, "private_metadata": view.PrivateMetadata,
			"state": map[string]any{"values": map[string]any{"reason": map[string]any{"reason": map[string]string{"type": "plain_text_input", "value": reason}}}},
		}
	})
}

func changedPayload(envelope socket.Envelope, change func(map[string]any)) socket.Envelope {
	var fields map[string]any
	if err := json.Unmarshal(envelope.Payload, &fields); err != nil {
		panic(err)
	}
	change(fields)
	envelope.Payload = encoded(fields)
	return envelope
}

// A press that opens a view does nothing yet. Its submission does, with the reason; so does a press for which Slack opens none.
func TestReasons(t *testing.T) {
	for _, refused := range []bool{false, true} {
		views := &fakeViews{}
		if refused {
			views.err = slackSays("expired_trigger_id")
		}
		inBubble(t, both(approving, func(w *world) { w.views = views }), func(t *testing.T, w *world) {
			does := func(user, button, reason string) {
				before := len(views.opened)
				w.answerTo(user, triggered(clicked(w.nextID(), user, button)))
				if opened := len(views.opened) > before; opened == refused {
					t.Fatalf("refused %v: opened %v", refused, opened)
				}
				if !refused {
					w.answerTo(user, submits(w.nextID(), user, views.opened[len(views.opened)-1], reason))
				}
			}
			refusal := w.asks(owner, "914083136 180")
			does(owner, w.button(refusal, verbRequest), "The customer <!here> stays")
			cardsNow := w.poster.heardBy(cards)
			if len(cardsNow) != 1 || strings.Contains(cardsNow[0].all(), "The customer &lt;!here&gt; stays") == refused {
				t.Fatalf("refused %v: %+v", refused, cardsNow)
			}
			does(admin, w.button(cardsNow[0], verbDeny), "Take the next slot")
			told := w.poster.heardBy(owner)
			row := w.approval()
			if row.State != store.ApprovalDenied || row.AskedIn != general || (row.Note == "") != refused || len(told) == 0 ||
				strings.Contains(told[len(told)-1].all(), "Take the next slot") == refused {
				t.Errorf("refused %v: %+v, %+v", refused, row, told)
			}
		})
	}
}

// A trigger is a secret: it is in no log.
func TestTriggerStaysIn(t *testing.T) {
	inBubble(t, both(approving, func(w *world) { w.views = &fakeViews{err: errors.New("not now: 1.2.other")} }), func(t *testing.T, w *world) {
		refusal := w.asks(owner, "914083136 180")
		w.answerTo(owner, triggered(clicked(w.nextID(), owner, w.button(refusal, verbRequest))))
		if strings.Contains(w.log.String(), "1.2.secret") {
			t.Error("the trigger is in the log")
		}
	})
}
