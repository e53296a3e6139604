package bot

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/bot/access"
	"github.com/overtime-bot/overtime/bot/socket"
	"github.com/overtime-bot/overtime/scheduler/extension"
	"github.com/overtime-bot/overtime/scheduler/store"
)

// promised is an envelope whose person was told that a second answer follows.
func promised(envelope socket.Envelope) func(*world) {
	return func(w *world) {
		_, err := w.store.Inbox.StoreEnvelope(w.t.Context(), store.Envelope{ID: envelope.ID, Type: envelope.Type, Payload: envelope.Payload}, "another process", time.Hour)
		w.must(err)
		w.must(w.store.Inbox.AnswerEnvelopes(w.t.Context(), map[string]bool{envelope.ID: true}))
	}
}

// The second answer, where the person asked, in their language, with the command that they typed.
func TestSettledWhereItWasAsked(t *testing.T) {
	for locale, want := range map[string]string{"en-US": "It did not take effect", "es-ES": "No ha funcionado", "zh-CN": "没有延长成功", "": "It did not take effect"} {
		asked := typed("e1", owner, "914083136 30")
		asked.Payload = json.RawMessage(strings.Replace(string(asked.Payload), "/extend", "/prolong", 1))
		inBubble(t, both(changed(owner, func(p *access.Person) { p.Locale = locale }), promised(asked)), func(t *testing.T, w *world) {
			if err := w.settles(noticeFor(owner)); err != nil {
				t.Fatal(err)
			}
			wantTexts(t, w.desk.texts(), want)
			wantTexts(t, w.desk.texts(), "`/prolong 914083136 30`")
			if w.envelope("e1").Payload != nil || len(w.poster.texts()) != 0 {
				t.Errorf("the payload is kept, or it was told twice: %+v, %q", w.envelope("e1"), w.poster.texts())
			}
		})
	}
}

// Where the address is gone, or was never there, a direct message.
func TestSettledByDirectMessage(t *testing.T) {
	asked := typed("e1", owner, "914083136 30")
	erased, strange := asked, asked
	erased.Payload, strange.Payload = nil, []byte("[]")
	for name, set := range map[string]func(*world){
		"erased":          promised(erased),
		"no envelope":     nil,
		"strange payload": promised(strange),
		"expired": both(promised(asked), func(w *world) {
			w.desk = newSlackDesk(says(404, "expired_url"))
		}),
		"note fails":       fault(failing(store.ErrNoEnvelope), "AnswerEnvelopes"),
		"person not found": func(w *world) { w.people.err = errors.New("user_not_found") },
	} {
		inBubble(t, set, func(t *testing.T, w *world) {
			if err := w.settles(noticeFor(owner)); err != nil {
				t.Errorf("%s: %v", name, err)
			}
			wantTexts(t, w.poster.texts(), "It did not take effect")
			wantTexts(t, w.poster.texts(), "`/extend 914083136 30`")
			if w.poster.places()[0] != owner {
				t.Errorf("%s: to %q", name, w.poster.places())
			}
		})
	}
}

func TestSettledThatNobodyAskedFor(t *testing.T) {
	inBubble(t, nil, func(t *testing.T, w *world) {
		if err := w.settles(noticeFor("")); err != nil {
			t.Fatal(err)
		}
		if len(w.poster.texts())+len(w.desk.texts())+len(w.answered()) != 0 {
			t.Error("somebody was told")
		}
	})
}

// One without an envelope (a button, an approval) is told too, and notes nothing.
func TestSettledWithoutEnvelope(t *testing.T) {
	inBubble(t, nil, func(t *testing.T, w *world) {
		notice := noticeFor(owner)
		notice.Extension.Envelope, notice.Extension.Minutes = "", 0
		if err := w.settles(notice); err != nil {
			t.Fatal(err)
		}
		wantTexts(t, w.poster.texts(), "`/extend 914083136 1`")
		if len(w.answered()) != 0 {
			t.Errorf("%q", w.answered())
		}
	})
}

// Nobody can be told: that is an error, which does not show the address.
func TestSettledThatCannotBeTold(t *testing.T) {
	quoting := quotingErrors(owner)
	quoting["no address"] = nil
	for name, trouble := range quoting {
		inBubble(t, func(w *world) {
			w.poster.err = slackSays("channel_not_found")
			if trouble != nil {
				promised(typed("e1", owner, "914083136 30"))(w)
				w.desk = newSlackDesk(failsWith(trouble))
			}
		}, func(t *testing.T, w *world) {
			err := w.settles(noticeFor(owner))
			if err == nil || !strings.Contains(err.Error(), "channel_not_found") {
				t.Errorf("%s: %v", name, err)
			}
			noAddress(t, err)
		})
	}
}

// The whole way: the answer of the service is lost, and the person reads how it came out once it was read back.
func TestSecondAnswerToALostAnswer(t *testing.T) {
	for want, set := range map[string]func(*world){
		"Confirmed":     losesAnswers(true),
		"still ends at": losesAnswers(false),
	} {
		inBubble(t, set, func(t *testing.T, w *world) {
			w.receives(typed("e1", admin, "914083136 30"))
			<-w.observed
			if e := w.envelope("e1"); !e.Answered || e.Payload == nil {
				t.Errorf("%+v", e)
			}
			time.Sleep(time.Minute)
			wantTexts(t, w.desk.texts(), "Not confirmed yet", want)
			if e := w.envelope("e1"); e.Payload != nil {
				t.Errorf("the payload is kept: %+v", e)
			}
			if row := w.newest(); row.State != extension.Confirmed && row.State != extension.Void {
				t.Errorf("%+v", row)
			}
		})
	}
}
