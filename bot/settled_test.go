package bot

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/overtime-bot/overtime/bot/access"
	"github.com/overtime-bot/overtime/scheduler/extension"
	"github.com/overtime-bot/overtime/scheduler/store"
)

func noticeFor(user string) extension.Notice {
	return extension.Notice{
		Extension: extension.Extension{
			ID: 7, Envelope: "e1", MeetingID: theID, Minutes: 30, State: extension.Void, Actor: extension.Actor{Team: theTeam, User: user},
		},
		Meeting: theMeeting(),
	}
}

// The second answer, where the person asked, in their language, with the command that they typed.
func TestSettledWhereItWasAsked(t *testing.T) {
	for locale, want := range map[string]string{"en-US": "It did not take effect", "es-ES": "No tuvo efecto", "zh-CN": "延长未生效", "": "It did not take effect"} {
		w := newWorld(t)
		changed(owner, func(p *access.Person) { p.Locale = locale })(w)
		asked := typed("e1", owner, "914083136 30")
		payload := json.RawMessage(strings.Replace(string(asked.Payload), "/extend", "/prolong", 1))
		w.inbox.rows = map[string]store.Envelope{"e1": {ID: "e1", Type: asked.Type, Payload: payload}}
		if err := w.build().Settled(t.Context(), noticeFor(owner)); err != nil {
			t.Fatal(err)
		}
		wantTexts(t, w.desk.texts(), want)
		wantTexts(t, w.desk.texts(), "`/prolong 914083136 30`")
		if w.inbox.rows["e1"].Payload != nil || len(w.poster.texts()) != 0 {
			t.Errorf("the payload is kept, or it was told twice: %+v, %q", w.inbox.rows, w.poster.texts())
		}
	}
}

// Where the address is gone, or was never there, a direct message.
func TestSettledByDirectMessage(t *testing.T) {
	asked := typed("e1", owner, "914083136 30")
	for name, set := range map[string]func(*world){
		"erased":          func(w *world) { w.inbox.rows = map[string]store.Envelope{"e1": {ID: "e1"}} },
		"no envelope":     func(*world) {},
		"strange payload": func(w *world) { w.inbox.rows = map[string]store.Envelope{"e1": {ID: "e1", Payload: []byte("[]")}} },
		"expired": func(w *world) {
			w.desk = newSlackDesk(says(404, "expired_url"))
			w.inbox.rows = map[string]store.Envelope{"e1": {ID: "e1", Payload: asked.Payload}}
		},
		"note fails":       func(w *world) { w.inbox.err = store.ErrNoEnvelope },
		"person not found": func(w *world) { w.people.err = errors.New("user_not_found") },
	} {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t)
			set(w)
			if err := w.build().Settled(t.Context(), noticeFor(owner)); err != nil {
				t.Errorf("%s: %v", name, err)
			}
			wantTexts(t, w.poster.texts(), "It did not take effect")
			wantTexts(t, w.poster.texts(), "`/extend 914083136 30`")
			if w.poster.users[0] != owner {
				t.Errorf("%s: to %q", name, w.poster.users)
			}
		})
	}
}

func TestSettledThatNobodyAskedFor(t *testing.T) {
	w := newWorld(t)
	if err := w.build().Settled(t.Context(), noticeFor("")); err != nil {
		t.Fatal(err)
	}
	if len(w.poster.texts())+len(w.desk.texts())+len(w.inbox.answered) != 0 {
		t.Error("somebody was told")
	}
}

// One without an envelope (a button, an approval) is told too, and notes nothing.
func TestSettledWithoutEnvelope(t *testing.T) {
	w := newWorld(t)
	notice := noticeFor(owner)
	notice.Extension.Envelope, notice.Extension.Minutes = "", 0
	if err := w.build().Settled(t.Context(), notice); err != nil {
		t.Fatal(err)
	}
	wantTexts(t, w.poster.texts(), "`/extend 914083136 1`")
	if len(w.inbox.answered) != 0 {
		t.Errorf("%q", w.inbox.answered)
	}
}

func TestSettledThatCannotBeTold(t *testing.T) {
	w := newWorld(t)
	w.poster.err = errors.New("channel_not_found")
	err := w.build().Settled(t.Context(), noticeFor(owner))
	if err == nil || !strings.Contains(err.Error(), "channel_not_found") || strings.Contains(err.Error(), "verysecret") {
		t.Errorf("%v", err)
	}
}
