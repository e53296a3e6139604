package bot

import (
	"testing"
	"time"

	"github.com/overtime-bot/overtime/bot/socket"
	"github.com/overtime-bot/overtime/scheduler"
	"github.com/overtime-bot/overtime/scheduler/store"
)

// diesAfter has a worker carry an envelope out and die before it can tell anybody.
func (w *world) diesAfter(envelope socket.Envelope) {
	w.t.Helper()
	w.leaves(envelope, 0)
	from, err := senderOf(envelope.ID, envelope.Type, envelope.Payload)
	w.must(err)
	from.holder = "a worker that died"
	w.inbox.desk.answer(w.t.Context(), from)
}

// A change of what automation does is made once for one envelope: what somebody else changed after the process died that made
// it stays as they left it.
func TestChangeIsMadeOnce(t *testing.T) {
	watches := func(owner string, mode scheduler.Mode) func(*world) {
		return func(w *world) {
			rule := scheduler.Rule{Of: theID, Mode: mode, Owner: actor(owner), Channel: theChannel}
			_, err := w.store.Automation.PutRule(w.t.Context(), rule)
			w.must(err)
		}
	}
	ends := func(w *world) {
		_, err := w.store.Automation.DeleteRule(w.t.Context(), theID)
		w.must(err)
	}
	pauses := func(w *world) {
		_, err := w.store.Automation.PauseAll(w.t.Context(), actor(owner))
		w.must(err)
	}
	resumes := func(w *world) {
		_, err := w.store.Automation.ResumeAll(w.t.Context())
		w.must(err)
	}
	for command, test := range map[string]struct {
		set, then func(*world)
		stands    func(*world) bool
	}{
		"watch 914083136 auto": {nil, watches(owner, scheduler.ModeAsk), func(w *world) bool { return w.rules()[theID].Owner == actor(owner) }},
		"watch 914083136 ask":  {nil, ends, func(w *world) bool { return len(w.rules()) == 0 }},
		"unwatch 914083136":    {watches(admin, scheduler.ModeAuto), watches(owner, scheduler.ModeAsk), func(w *world) bool { return len(w.rules()) == 1 }},
		"pause":                {nil, resumes, func(w *world) bool { return !w.paused() }},
		"resume":               {pauses, pauses, (*world).paused},
	} {
		t.Run(command, func(t *testing.T) {
			inBubble(t, both(test.set, fault(failing(errTrouble), "TakeEnvelopes")), func(t *testing.T, w *world) {
				w.diesAfter(typed("e1", admin, command))
				if test.stands(w) && command != "resume" {
					t.Fatalf("%s was not done at first", command)
				}
				test.then(w)
				w.faults.heal("TakeEnvelopes")
				<-w.observed
				if !test.stands(w) {
					t.Errorf("%s was done once more: %v, paused %v", command, w.rules(), w.paused())
				}
				wantTexts(t, w.desk.texts(), "can't say whether")
			})
		})
	}
}

// A change whose beginning cannot be written down is not made, and the person reads that.
func TestChangeThatCannotBegin(t *testing.T) {
	for _, command := range []string{"watch 914083136 auto", "pause"} {
		inBubble(t, fault(once(failing(errTrouble)), "ConcludeEnvelope"), func(t *testing.T, w *world) {
			w.receives(typed("e1", admin, command))
			<-w.observed
			if len(w.rules()) != 0 || w.paused() {
				t.Errorf("%s was done", command)
			}
			wantTexts(t, w.desk.texts(), "I did nothing")
		})
	}
}

// Of two who hold the same envelope one makes the change.
func TestChangeOfALostEnvelopeIsNotMade(t *testing.T) {
	inBubble(t, fault(failing(errTrouble), "TakeEnvelopes"), func(t *testing.T, w *world) {
		e := typed("e1", admin, "pause")
		_, err := w.store.Inbox.StoreEnvelope(t.Context(), store.Envelope{ID: e.ID, Type: e.Type, Payload: e.Payload}, "another process", time.Minute)
		w.must(err)
		from, err := senderOf(e.ID, e.Type, e.Payload)
		w.must(err)
		from.holder = "a worker that stood still"
		if w.inbox.desk.answer(t.Context(), from); w.paused() {
			t.Error("it was done by the one who had lost it")
		}
	})
}
