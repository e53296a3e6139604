package bot

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/overtime-bot/overtime/bot/grammar"
	"github.com/overtime-bot/overtime/scheduler/extension"
	"github.com/overtime-bot/overtime/scheduler/store"
)

// takenByAnother has another process take the envelopes over whose claims are over, while this one works.
func (w *world) takenByAnother(want int) {
	w.t.Helper()
	taken, err := w.store.Inbox.TakeEnvelopes(w.t.Context(), "another process", time.Hour, 64)
	if err != nil || len(taken) != want {
		w.t.Fatalf("taken over: %d, %v", len(taken), err)
	}
}

// A process that stood still finds its work in other hands, and says nothing: what it would say may be false by now.
func TestNothingIsSaidOfAnEnvelopeThatWasTakenOver(t *testing.T) {
	for name, command := range map[string]string{"done": "914083136 30", "refused": "914083136 200", "told": "list", "a rule": "watch 914083136 ask"} {
		t.Run(name, func(t *testing.T) {
			slow := fault(doing(func() { time.Sleep(20 * time.Second) }), "Find", "Rules")
			inBubble(t, both(slow, fault(failing(errTrouble), "ExtendClaims", "TakeEnvelopes")), func(t *testing.T, w *world) {
				w.receives(typed("e1", admin, command))
				time.Sleep(claimFor + time.Second)
				w.takenByAnother(1)
				time.Sleep(time.Minute)
				wantTexts(t, w.desk.texts())
				if rules, err := w.store.Automation.Rules(t.Context()); len(w.effects()) != 0 || len(rules) != 0 || err != nil {
					t.Errorf("it was done all the same: %v, %v, %v", w.effects(), rules, err)
				}
				if w.log.count("was taken over by another process") != 1 || len(w.answered()) != 0 {
					t.Errorf("answered %q\n%s", w.answered(), w.log)
				}
			})
		})
	}
}

// A command waits for a worker, and its process stands still: it is not begun.
func TestLostEnvelopeIsNotBegun(t *testing.T) {
	inBubble(t, both(oneWorker, takes(20*time.Second), fault(failing(errTrouble), "ExtendClaims", "TakeEnvelopes")), func(t *testing.T, w *world) {
		w.receives(typed("e1", admin, "914083136 30"))
		w.receives(typed("e2", admin, "914083136 45"))
		time.Sleep(claimFor + time.Second)
		w.takenByAnother(2)
		time.Sleep(5 * time.Minute)
		if got := fmt.Sprint(w.wished()); got != "[30]" {
			t.Errorf("begun: %s", got)
		}
	})
}

// The answer was worked out, and its process died before it told it, or before it noted that it had.
func TestConcludedEnvelopeIsToldAndNotDone(t *testing.T) {
	for command, want := range map[string]string{
		"914083136 30": "nothing was done", "watch 914083136 ask": "can't say whether",
	} {
		inBubble(t, func(w *world) {
			e := typed("e1", admin, command)
			w.leaves(e, 0)
			_, err := w.store.Inbox.ConcludeEnvelope(w.t.Context(), store.Envelope{ID: e.ID, Type: e.Type, Payload: e.Payload}, "a worker that died", 0)
			w.must(err)
			time.Sleep(time.Millisecond)
		}, func(t *testing.T, w *world) {
			<-w.observed
			w.receives(typed("e1", admin, command))
			time.Sleep(5 * time.Minute)
			wantTexts(t, w.desk.texts(), want)
			if len(w.wished()) != 0 || len(w.rules()) != 0 {
				t.Errorf("%s was done", command)
			}
		})
	}
}

// While an answer is on its way its process may stand still, and another takes the envelope over. Whatever the answer is that
// nothing was done, or what was: that process does not do it after all.
func TestWhatWasAnsweredIsNotDoneAfterAll(t *testing.T) {
	for _, s := range slices.Concat(extendScenes(), findingScenes(), titleScenes(), accessScenes()) {
		command, err := grammar.Parse(s.command)
		if s.command == "" || err != nil || tells[command.Verb] {
			continue
		}
		t.Run(s.name, func(t *testing.T) {
			answers := 0
			whileTold := func(w *world) {
				w.desk = newSlackDesk(func(request *http.Request) (*http.Response, error) {
					answers++
					if !w.fixed("e1") {
						t.Errorf("nothing says that %q was answered", s.command)
					}
					return says(http.StatusOK, "ok")(request)
				})
			}
			inBubble(t, both(s.set, whileTold), func(t *testing.T, w *world) {
				w.receives(typed("e1", cmp.Or(s.user, admin), s.command))
				<-w.observed
				if answers == 0 && len(w.poster.all()) == 0 {
					t.Error("nothing was answered")
				}
			})
		})
	}
}

// fixed says that a process that takes the envelope over finds what was done, or that nothing may be. Where the store
// fails, nobody can know.
func (w *world) fixed(id string) bool {
	envelope, err := w.store.Inbox.Envelope(context.Background(), id)
	if err != nil || envelope.Concluded || envelope.Answered {
		return true
	}
	rows, err := w.store.Ledger.Asked(context.Background(), id)
	w.must(err)
	return slices.ContainsFunc(rows, func(row extension.Extension) bool { return row.State != extension.Refused })
}

// What was answered and comes again while the store fails is not answered with "I did nothing".
func TestRepeatOfWhatWasAnsweredWhileTheStoreFails(t *testing.T) {
	for _, after := range []time.Duration{time.Second, time.Minute, rememberedFor - time.Minute} {
		inBubble(t, nil, func(t *testing.T, w *world) {
			w.receives(typed("e1", admin, "914083136 30"))
			<-w.observed
			time.Sleep(after)
			w.faults.put("StoreEnvelope", failing(errTrouble))
			w.receives(typed("e1", admin, "914083136 30"))
			time.Sleep(time.Minute)
			wantTexts(t, w.desk.texts(), "Extended by 30")
		})
	}
}

// Who reads that nothing was done may type the command again: it is not done after all, whenever the store comes back and
// whichever write came through.
func TestWhatCouldNotBeStoredStaysUndone(t *testing.T) {
	for name, trouble := range map[string]struct {
		methods []string
		says    string
	}{
		"the envelope alone":          {[]string{"StoreEnvelope"}, "so I did nothing"},
		"the envelope and its answer": {[]string{"StoreEnvelope", "AnswerEnvelopes"}, "so I did nothing"},
		"all of it":                   {[]string{"StoreEnvelope", "ConcludeEnvelope", "AnswerEnvelopes"}, "can't tell whether this was done"},
		"the claim":                   {[]string{"Claim", "ConcludeEnvelope", "AnswerEnvelopes"}, "can't tell whether this was done"},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, fault(failing(errTrouble), trouble.methods...), func(t *testing.T, w *world) {
				w.receives(typed("e1", admin, "914083136 30"))
				<-w.observed
				time.Sleep(time.Minute)
				w.faults.heal(trouble.methods...)
				w.receives(typed("e1", admin, "914083136 30")) // at once, before the answer is noted
				time.Sleep(5 * time.Minute)
				w.receives(typed("e1", admin, "914083136 30"))
				time.Sleep(time.Minute)
				wantTexts(t, w.desk.texts(), trouble.says)
				if len(w.effects()) != 0 || !w.envelope("e1").Answered {
					t.Errorf("the service added %v", w.effects())
				}
			})
		})
	}
}

// A process dies at the moment of a command: the next one says its first word within the 8 s that the design promises.
func TestFirstWordAfterACrash(t *testing.T) {
	for name, set := range map[string]func(*world){"at once": nil, "slow": takes(20 * time.Second)} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, set, func(t *testing.T, w *world) {
				e := typed("e1", admin, "914083136 30")
				_, err := w.store.Inbox.StoreEnvelope(t.Context(), store.Envelope{ID: e.ID, Type: e.Type, Payload: e.Payload}, "a worker that dies", claimFor)
				w.must(err)
				asked := time.Now()
				for len(w.desk.texts()) == 0 && time.Since(asked) < time.Minute {
					time.Sleep(100 * time.Millisecond)
				}
				if took := time.Since(asked); took > 8*time.Second {
					t.Errorf("the first word took %v", took)
				}
			})
		})
	}
}

// What waited for so long that nobody expects it is offered with a button.
func TestCommandThatWaitedTooLong(t *testing.T) {
	inBubble(t, both(oneWorker, takes(35*time.Second)), func(t *testing.T, w *world) {
		for i := range 6 {
			w.receives(typed(fmt.Sprint("e", i), admin, fmt.Sprint("914083136 ", 20+i)))
		}
		for range 6 {
			<-w.observed
		}
		synctest.Wait()
		if got := fmt.Sprint(w.wished()); got != "[20 21 22 23]" {
			t.Errorf("begun: %s", got)
		}
		if n := w.desk.countOf("nothing was done"); n != 2 {
			t.Errorf("%d of 2 are told", n)
		}
		if last := w.desk.heard()[len(w.desk.heard())-1]; len(last.buttons) != 1 {
			t.Errorf("%d buttons", len(last.buttons))
		}
	})
}

// However many answers cannot be noted, the claims of what is worked on are renewed in time, and the end comes in time.
func TestManyUnnotedAnswers(t *testing.T) {
	inBubble(t, fault(hanging, "AnswerEnvelopes"), func(t *testing.T, w *world) {
		for i := range 200 {
			w.receives(typed(fmt.Sprint("e", i), admin, "x"))
		}
		for range 200 {
			<-w.observed
		}
		tried := w.faults.count("AnswerEnvelopes")
		time.Sleep(time.Minute)
		if again := w.faults.count("AnswerEnvelopes") - tried; again > 40 {
			t.Errorf("%d writes in a minute", again)
		}
		began := time.Now()
		w.stop()
		if took := time.Since(began); took > 20*time.Second {
			t.Errorf("the end took %v", took)
		}
	})
}
