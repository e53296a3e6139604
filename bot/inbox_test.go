package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/overtime-bot/overtime/bot/socket"
	"github.com/overtime-bot/overtime/scheduler/store"
)

// answered are the envelopes that were noted as answered.
func (w *world) answered() []string {
	w.notes.mu.Lock()
	defer w.notes.mu.Unlock()
	return append([]string(nil), w.notes.answered...)
}

// envelope is one as the store has it.
func (w *world) envelope(id string) store.Envelope {
	w.t.Helper()
	found, err := w.store.Inbox.Envelope(w.t.Context(), id)
	w.must(err)
	return found
}

func TestStoreInTrouble(t *testing.T) {
	for name, trouble := range map[string]func(context.Context) error{
		"failing": failing(errors.New("disk full")),
		"slow":    hanging,
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, fault(trouble, "StoreEnvelope"), func(t *testing.T, w *world) {
				if took := w.receives(typed("e1", admin, "914083136 30")); took > storePatience {
					t.Errorf("the ack took %v", took)
				}
				<-w.observed
				wantTexts(t, w.desk.texts(), "I can't save requests")
				if len(w.wished()) != 0 {
					t.Error("it was extended")
				}
			})
		})
	}
}

// While the store hangs, many commands at once each have their first word within 8 s.
func TestManyAreToldInTimeWhileTheStoreHangs(t *testing.T) {
	const commands = 250
	inBubble(t, fault(hanging, "StoreEnvelope", "ConcludeEnvelope", "AnswerEnvelopes"), func(t *testing.T, w *world) {
		for i := range commands {
			go w.inbox.Receive(t.Context(), typed(fmt.Sprint("e", i), admin, "914083136 30"))
		}
		time.Sleep(8 * time.Second)
		if n := w.desk.countOf("I can't tell whether this was done"); n != commands {
			t.Errorf("after 8 s, %d of %d were told", n, commands)
		}
		for range commands {
			<-w.observed
		}
	})
}

func TestTooManyCommandsAreTurnedAway(t *testing.T) {
	built(t, both(oneWorker, func(w *world) { w.notes.pretends = true }), func(t *testing.T, w *world) {
		for i := range waitingJobs {
			w.receives(typed(fmt.Sprint("e", i), admin, "x"))
		}
		if took := w.receives(typed("late", admin, "914083136 30")); took > 0 {
			t.Errorf("the ack took %v", took)
		}
		w.run()
		for range waitingJobs + 1 {
			<-w.observed
		}
		w.stop()
		if n := w.desk.countOf("I have too much to do"); n != 1 {
			t.Errorf("%d were turned away", n)
		}
		if n := w.desk.countOf("“x”"); n != waitingJobs {
			t.Errorf("%d were answered", n)
		}
		if n := len(w.answered()); n != waitingJobs+1 {
			t.Errorf("%d envelopes are answered", n)
		}
	})
}

func TestRepeatedEnvelopeIsDropped(t *testing.T) {
	inBubble(t, nil, func(t *testing.T, w *world) {
		for range 3 {
			w.receives(typed("e1", admin, "914083136 30"))
		}
		<-w.observed
		synctest.Wait()
		wantTexts(t, w.desk.texts(), "Extended by 30")
		if len(w.wished()) != 1 || w.log.count("a repeated envelope was dropped") != 2 {
			t.Errorf("%d requests\n%s", len(w.wished()), w.log)
		}
	})
}

func TestOtherEnvelopesAreOnlyAcked(t *testing.T) {
	inBubble(t, nil, func(t *testing.T, w *world) {
		w.receives(socket.Envelope{ID: "e", Type: "events_api", Payload: json.RawMessage(`{}`)})
		synctest.Wait()
		if _, err := w.store.Inbox.Envelope(t.Context(), "e"); !errors.Is(err, store.ErrNoEnvelope) || len(w.desk.texts()) != 0 {
			t.Errorf("it was taken: %v", err)
		}
	})
}

func TestMalformedPayloads(t *testing.T) {
	inBubble(t, nil, func(t *testing.T, w *world) {
		bad := 0
		for _, kind := range []string{"slash_commands", "interactive"} {
			for _, payload := range []string{
				``, `{`, `null`, `"what?"`, `[]`, `17`, `{}`, `{"user_id":""}`, `{"user_id":17}`, `{"user":{"id":""}}`, `{"user":"U1"}`,
				`{"text":["a"],"user_id":"U0ADMIN"}`, "\x00\xff", `{"user":{"id":17}}`, strings.Repeat("[", 20_000),
			} {
				bad++
				id := fmt.Sprint("bad ", bad)
				w.receives(socket.Envelope{ID: id, Type: kind, Payload: json.RawMessage(payload)})
				said := w.asks(admin, "list")
				synctest.Wait()
				wantTexts(t, []string{said.text}, "1 meeting is running")
				if n := w.log.count(`"level":"ERROR"`); n != bad || w.log.count("panic") != 0 || len(w.desk.texts()) != bad {
					t.Errorf("%s %q: %d errors\n%s", kind, payload, n, w.log)
				}
				if !w.envelope(id).Answered {
					t.Errorf("%s %q stays in the inbox", kind, payload)
				}
			}
		}
	})
}

// A click is answered whatever else its payload holds.
func TestClicksAreAnswered(t *testing.T) {
	for _, more := range []string{
		``, `,"type":"block_actions","actions":[]`, `,"type":"view_submission","view":{"id":"V1","state":{"values":{}}}`,
		`,"type":"block_actions","actions":[{"type":"something_new","block_id":"b","action_id":"a"}]`,
		`,"type":"block_actions","actions":"none","container":17,"message":{"ts":17}`, `,"trigger_id":17,"callback_id":{}`, `,"state":[],"channel":null`,
	} {
		inBubble(t, nil, func(t *testing.T, w *world) {
			payload := `{"user":{"id":"` + admin + `","team_id":"T0ACME"},"team":{"id":"T0ACME"},"response_url":"` + answerAt + `"` + more + `}`
			w.receives(socket.Envelope{ID: "click", Type: "interactive", Payload: json.RawMessage(payload)})
			synctest.Wait()
			texts := w.desk.texts()
			for _, said := range w.poster.heardBy(admin) {
				texts = append(texts, said.text)
			}
			if len(texts) != 1 || !strings.Contains(texts[0], "I no longer know this button") {
				t.Errorf("%s: %q\n%s", more, texts, w.log)
			}
		})
	}
}
