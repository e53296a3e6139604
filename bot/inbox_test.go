package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"

	"github.com/overtime-bot/overtime/bot/socket"
)

func TestStoreInTrouble(t *testing.T) {
	hang := func(ctx context.Context) error {
		<-ctx.Done()
		return ctx.Err()
	}
	for name, store := range map[string]func(context.Context) error{
		"failing": func(context.Context) error { return errors.New("disk full") },
		"slow":    hang,
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(w *world) { w.inbox.store = store }, func(t *testing.T, w *world) {
				if took := w.receives(typed("e1", admin, "914083136 30")); took > storePatience {
					t.Errorf("the ack took %v", took)
				}
				<-w.observed
				wantTexts(t, w.desk.texts(), "I cannot write down requests")
				if len(w.scheduler.requests) != 0 {
					t.Error("it was extended")
				}
			})
		})
	}
}

func TestTooManyCommandsAreTurnedAway(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.workers = 1
		w.build()
		for i := range waitingJobs {
			w.receives(typed(fmt.Sprint("e", i), admin, "help"))
		}
		if took := w.receives(typed("late", admin, "914083136 30")); took > 0 {
			t.Errorf("the ack took %v", took)
		}
		stop := w.run()
		for range waitingJobs + 1 {
			<-w.observed
		}
		stop()
		if n := w.desk.countOf("I have too much to do"); n != 1 {
			t.Errorf("%d were turned away", n)
		}
		if n := w.desk.countOf("I keep meetings from being cut off"); n != waitingJobs {
			t.Errorf("%d were answered", n)
		}
		if len(w.inbox.answered) != waitingJobs+1 {
			t.Errorf("%d envelopes are answered", len(w.inbox.answered))
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
		if len(w.scheduler.requests) != 1 || w.log.count("a repeated envelope was dropped") != 2 {
			t.Errorf("%d requests\n%s", len(w.scheduler.requests), w.log)
		}
	})
}

func TestOtherEnvelopesAreOnlyAcked(t *testing.T) {
	inBubble(t, nil, func(t *testing.T, w *world) {
		w.receives(socket.Envelope{ID: "e", Type: "events_api", Payload: json.RawMessage(`{}`)})
		synctest.Wait()
		if len(w.inbox.rows) != 0 || len(w.desk.texts()) != 0 {
			t.Error("it was taken")
		}
	})
}
