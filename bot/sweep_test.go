package bot

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/overtime-bot/overtime/bot/socket"
	"github.com/overtime-bot/overtime/scheduler/extension"
)

// left is an envelope that a worker left that died so long ago.
func left(envelope socket.Envelope, ago time.Duration) func(*world) {
	return func(w *world) { w.leaves(envelope, ago) }
}

func (w *world) renewals(id string) (at []time.Time) {
	w.notes.mu.Lock()
	defer w.notes.mu.Unlock()
	for _, renewal := range w.notes.renewals {
		if renewal.id == id {
			at = append(at, renewal.at)
		}
	}
	return at
}

// At the start, and every few seconds afterwards.
func TestSweepTakesWhatDeadWorkersLeft(t *testing.T) {
	inBubble(t, left(typed("e1", admin, "914083136 30"), 20*time.Second), func(t *testing.T, w *world) {
		began := time.Now()
		<-w.observed
		if took := time.Since(began); took != 0 {
			t.Errorf("the first look took %v", took)
		}
		w.leaves(typed("e2", admin, "914083136 45"), 20*time.Second)
		began = time.Now()
		<-w.observed
		if took := time.Since(began); took > sweepEvery {
			t.Errorf("the next look took %v", took)
		}
		time.Sleep(5 * time.Minute) // nothing is taken twice
		wantTexts(t, w.desk.texts(), "Extended by 30", "Extended by 45")
		if fmt.Sprint(w.answered()) != "[e1 e2]" || w.log.count("is taken over") != 2 {
			t.Errorf("answered %q\n%s", w.answered(), w.log)
		}
	})
}

// Those that wait and those that are worked on stay claimed, and nothing else does.
func TestClaimsAreRenewedUntilTheAnswer(t *testing.T) {
	inBubble(t, both(oneWorker, takes(22*time.Second)), func(t *testing.T, w *world) {
		time.Sleep(time.Second)
		began := time.Now()
		w.receives(typed("first", admin, "914083136 30"))
		w.receives(typed("second", admin, "914083136 45"))
		w.receives(typed("third", admin, "list"))
		for range 3 {
			<-w.observed
		}
		time.Sleep(5 * time.Minute)
		for id, until := range map[string]time.Duration{"first": 22 * time.Second, "second": 44 * time.Second, "third": 44 * time.Second} {
			last := began
			for _, at := range w.renewals(id) {
				if pause := at.Sub(last); pause > 2*renewEvery || last != began && pause != renewEvery {
					t.Errorf("%s: renewed after %v", id, pause)
				}
				last = at
			}
			if last.Sub(began) > until || began.Add(until).Sub(last) > renewEvery {
				t.Errorf("%s: renewed last after %v, want until %v", id, last.Sub(began), until)
			}
		}
		if len(w.wished()) != 2 || w.log.count("is taken over") != 0 {
			t.Errorf("%d requests\n%s", len(w.wished()), w.log)
		}
	})
}

// A command that takes no longer than most costs no renewal.
func TestClaimsOfQuickCommandsAreNotRenewed(t *testing.T) {
	inBubble(t, takes(1200*time.Millisecond), func(t *testing.T, w *world) {
		for i := range 10 {
			w.receives(typed(fmt.Sprint("e", i), admin, "914083136 20"))
			<-w.observed
		}
		if n := w.faults.count("ExtendClaims"); n != 0 {
			t.Errorf("%d renewals", n)
		}
	})
}

// A renewal that failed is made up for at the next chance, while the claim still lives.
func TestRenewalThatFails(t *testing.T) {
	for name, trouble := range map[string]func(context.Context) error{
		"error": failing(errors.New("locked")),
		"panic": panicking("broken"),
		"hangs": hanging,
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, both(takes(30*time.Second), fault(once(trouble), "ExtendClaims")), func(t *testing.T, w *world) {
				time.Sleep(time.Millisecond) // the first chance comes just too early
				w.receives(typed("e1", admin, "914083136 30"))
				<-w.observed
				synctest.Wait()
				wantTexts(t, w.desk.texts(), "Still working", "Extended by 30")
				if len(w.wished()) != 1 || len(w.renewals("e1")) < 2 || w.log.count("is taken over") != 0 {
					t.Errorf("%d requests, renewed at %v\n%s", len(w.wished()), w.renewals("e1"), w.log)
				}
			})
		})
	}
}

// The store was away for so long that the claims expired: who is at it goes on, and nobody begins a second time.
func TestSweepLeavesAloneWhatThisProcessWorksOn(t *testing.T) {
	inBubble(t, both(takes(35*time.Second), fault(failing(errTrouble), "ExtendClaims")), func(t *testing.T, w *world) {
		w.receives(typed("e1", admin, "914083136 30"))
		<-w.observed
		time.Sleep(5 * time.Minute)
		wantTexts(t, w.desk.texts(), "Still working", "Extended by 30")
		if len(w.wished()) != 1 {
			t.Errorf("%d requests", len(w.wished()))
		}
	})
}

// The store does not take the repeat of a command that is worked on: "I did nothing" would be a lie.
func TestRepeatOfWhatIsWorkedOnWhileTheStoreFails(t *testing.T) {
	inBubble(t, takes(3*time.Second), func(t *testing.T, w *world) {
		w.receives(typed("e1", admin, "914083136 30"))
		w.faults.put("StoreEnvelope", failing(errTrouble))
		w.receives(typed("e1", admin, "914083136 30"))
		<-w.observed
		time.Sleep(time.Minute)
		wantTexts(t, w.desk.texts(), "Extended by 30")
	})
}

// The person was not told: they are, as soon as Slack takes it.
func TestUndeliveredAnswerIsTakenUpAgain(t *testing.T) {
	refused := says(500, "")
	inBubble(t, func(w *world) {
		w.poster.err = slackSays("channel_not_found")
		w.desk = newSlackDesk(refused, refused, refused, refused, says(200, "ok"))
	}, func(t *testing.T, w *world) {
		began := time.Now()
		w.receives(typed("e1", admin, "914083136 30"))
		<-w.observed
		<-w.observed
		wantTexts(t, w.desk.texts(), "Extended by 30")
		if took := time.Since(began); took > claimFor+2*sweepEvery {
			t.Errorf("told after %v", took)
		}
		time.Sleep(5 * time.Minute)
		if len(w.wished()) != 1 || fmt.Sprint(w.answered()) != "[e1]" {
			t.Errorf("%d requests, %q answered", len(w.wished()), w.answered())
		}
	})
}

// The store goes away between the envelope and the claim: the person reads that nothing was done, and the note of that
// fails too. When the store is back, the command must not be done after all.
func TestWhatWasToldUndoneStaysUndone(t *testing.T) {
	inBubble(t, fault(failing(errors.New("database is locked")), "AnswerEnvelopes", "Claim"), func(t *testing.T, w *world) {
		w.receives(typed("e1", admin, "914083136 30"))
		<-w.observed
		wantTexts(t, w.desk.texts(), "I can't save requests")
		time.Sleep(claimFor + time.Minute) // its claim ends, for it is not worked on any more
		wantTexts(t, w.desk.texts(), "I can't save requests")
		if w.envelope("e1").Answered {
			t.Error("it was noted as answered")
		}
		tried := len(w.answered())
		w.faults.heal("AnswerEnvelopes", "Claim")
		time.Sleep(time.Minute)
		if again := w.answered()[tried:]; fmt.Sprint(again) != "[e1]" || !w.envelope("e1").Answered {
			t.Errorf("noted as answered: %q, want e1 once", again)
		}
		wantTexts(t, w.desk.texts(), "I can't save requests")
		if len(w.wished()) != 1 || len(w.effects()) != 0 {
			t.Errorf("%d requests, the service added %v", len(w.wished()), w.effects())
		}
	})
}

// Nothing of the person is left, so nobody can be told: it is in the log, and closed.
func TestEnvelopeWhosePayloadIsErased(t *testing.T) {
	inBubble(t, left(socket.Envelope{ID: "e1", Type: "slash_commands"}, time.Hour), func(t *testing.T, w *world) {
		time.Sleep(5 * time.Minute)
		if len(w.desk.texts())+len(w.poster.texts())+len(w.wished()) != 0 {
			t.Error("something was done")
		}
		if fmt.Sprint(w.answered()) != "[e1]" || w.log.count("left undone for so long") != 1 || w.log.count(`"level":"ERROR"`) != 1 {
			t.Errorf("answered %q\n%s", w.answered(), w.log)
		}
	})
}

func TestSweepInTrouble(t *testing.T) {
	for name, trouble := range map[string]func(context.Context) error{
		"error": failing(errTrouble),
		"panic": panicking("secret words"),
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, both(left(typed("e1", admin, "914083136 30"), time.Minute), fault(times(3, trouble), "TakeEnvelopes")), func(t *testing.T, w *world) {
				<-w.observed
				wantTexts(t, w.desk.texts(), "Extended by 30")
				if n := w.log.count(`"level":"WARN"`) + w.log.count(`"level":"ERROR"`); n != 3 || w.log.count("secret words") != 0 {
					t.Errorf("%d lines\n%s", n, w.log)
				}
			})
		})
	}
}

// A panic over one envelope costs that one: those behind it are done.
func TestPanicOverOneEnvelope(t *testing.T) {
	inBubble(t, func(w *world) {
		w.leaves(socket.Envelope{ID: "erased", Type: "slash_commands"}, 0)
		w.leaves(typed("e2", admin, "914083136 30"), time.Minute)
		w.faults.put("AnswerEnvelopes", once(panicking("secret words")))
	}, func(t *testing.T, w *world) {
		synctest.Wait()
		wantTexts(t, w.desk.texts(), "Extended by 30")
		if w.log.count("secret words") != 0 || w.log.count(`"envelope":"erased","panic"`) != 1 {
			t.Error(w.log)
		}
	})
}

// The sweep and the end of the process.

func TestSweepStopsAtTheEnd(t *testing.T) {
	looks := 0
	inBubble(t, fault(func(ctx context.Context) error {
		if looks++; looks > 2 {
			<-ctx.Done()
		}
		return ctx.Err()
	}, "TakeEnvelopes"), func(t *testing.T, w *world) {
		time.Sleep(time.Minute)
		began := time.Now()
		w.stop()
		if took := time.Since(began); took != 0 || looks != 3 {
			t.Errorf("the end took %v; %d looks", took, looks)
		}
		if w.log.count(`"level":"WARN"`) != 0 {
			t.Error(w.log)
		}
	})
}

// Envelopes that come out of the store just when the end is asked for are not put where no worker is left.
func TestEnvelopesTakenAtTheEndAreLeftToTheNextProcess(t *testing.T) {
	inBubble(t, both(left(typed("e1", admin, "914083136 30"), time.Minute), func(w *world) {
		w.notes.lateTake = func(ctx context.Context) { // the store was quicker than the end, its answer was not
			<-ctx.Done()
			time.Sleep(time.Second)
		}
	}), func(t *testing.T, w *world) {
		synctest.Wait()
		began := time.Now()
		w.stop()
		if took := time.Since(began); took != time.Second {
			t.Errorf("the end took %v", took)
		}
		if len(w.desk.texts())+len(w.answered())+len(w.wished()) != 0 {
			t.Errorf("%q, %d requests", w.desk.texts(), len(w.wished()))
		}
	})
}

// One that was on its way to the workers just then is still done.
func TestEnvelopeQueuedAtTheEndIsDone(t *testing.T) {
	inBubble(t, both(left(typed("e1", admin, "914083136 30"), time.Minute), func(w *world) {
		w.log.delay = func(line string) {
			if strings.Contains(line, "is taken over") {
				time.Sleep(time.Second)
			}
		}
	}), func(t *testing.T, w *world) {
		synctest.Wait()
		began := time.Now()
		w.stop()
		wantTexts(t, w.desk.texts(), "Extended by 30")
		if took := time.Since(began); took != time.Second {
			t.Errorf("the end took %v", took)
		}
	})
}

// What a worker before may have sent must not be told "I did nothing", whatever is in the way: it is left to the
// next process, or to the next look.
func TestEnvelopeTakenOverIsNotTurnedAway(t *testing.T) {
	t.Run("at the end", func(t *testing.T) {
		inBubble(t, both(oneWorker, takes(time.Hour)), func(t *testing.T, w *world) {
			w.receives(typed("mine", admin, "914083136 30"))
			w.leaves(typed("left", admin, "914083136 45"), time.Second)
			time.Sleep(2 * sweepEvery)
			w.stop()
			if w.log.count("is taken over") != 1 || w.desk.countOf("did nothing") != 0 || fmt.Sprint(w.answered()) != "[mine]" {
				t.Errorf("%q; answered %q\n%s", w.desk.texts(), w.answered(), w.log)
			}
		})
	})
	t.Run("too much to do", func(t *testing.T) {
		confirmedBefore := func(w *world) {
			w.stored(extension.Extension{Envelope: "left", Actor: actor(owner), Minutes: 45}, extension.Confirmed)
			w.leaves(typed("left", owner, "914083136 45"), 0)
			w.notes.pretends = true
		}
		inBubble(t, both(oneWorker, takes(20*time.Second), confirmedBefore, fault(times(1, failing(errTrouble)), "TakeEnvelopes")), func(t *testing.T, w *world) {
			w.receives(typed("held", admin, "914083136 30"))
			synctest.Wait() // the worker is at it
			for i := range waitingJobs {
				w.receives(notUnderstoodAtAll(i))
			}
			time.Sleep(2 * sweepEvery)
			if w.log.count("is taken over") != 1 {
				t.Errorf("it was not taken over\n%s", w.log)
			}
			<-w.observed
			<-w.observed
			if w.desk.countOf("did nothing") != 0 || w.desk.countOf("Extended by 45") != 1 {
				t.Errorf("%d turned away, %d told", w.desk.countOf("did nothing"), w.desk.countOf("Extended by 45"))
			}
		})
	})
}

// What was done already cannot be read: nothing is said of it until it can, least of all "nothing was extended".
func TestResumeThatCannotBeRead(t *testing.T) {
	inBubble(t, func(w *world) {
		w.stored(extension.Extension{Envelope: "e1", Actor: actor(admin), Minutes: 30}, extension.Confirmed)
		w.leaves(typed("e1", admin, "914083136 30"), 20*time.Second)
		w.faults.put("Asked", times(3, failing(errTrouble)))
	}, func(t *testing.T, w *world) {
		<-w.observed
		wantTexts(t, w.desk.texts(), "Extended by 30")
		if len(w.wished()) != 0 || w.log.count("no store") != 3 {
			t.Errorf("%d requests\n%s", len(w.wished()), w.log)
		}
	})
}
