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
	"github.com/overtime-bot/overtime/scheduler/store"
)

// leaves puts an envelope into the inbox as a worker left it that died: stored so long ago, its claim expired.
func (w *world) leaves(envelope socket.Envelope, ago time.Duration) {
	w.inbox.mu.Lock()
	defer w.inbox.mu.Unlock()
	if w.inbox.rows == nil {
		w.inbox.rows = make(map[string]store.Envelope)
	}
	w.inbox.rows[envelope.ID] = store.Envelope{
		ID: envelope.ID, Type: envelope.Type, Payload: envelope.Payload, Stored: time.Now().Add(-ago), ClaimedUntil: time.Now(),
	}
}

func (w *world) answeredEnvelopes() []string {
	w.inbox.mu.Lock()
	defer w.inbox.mu.Unlock()
	return append([]string(nil), w.inbox.answered...)
}

func (w *world) renewals(id string) (at []time.Time) {
	w.inbox.mu.Lock()
	defer w.inbox.mu.Unlock()
	for _, renewal := range w.inbox.extended {
		if renewal.id == id {
			at = append(at, renewal.at)
		}
	}
	return at
}

// At the start, and every few seconds afterwards.
func TestSweepTakesWhatDeadWorkersLeft(t *testing.T) {
	inBubble(t, func(w *world) { w.leaves(typed("e1", admin, "914083136 30"), 20*time.Second) }, func(t *testing.T, w *world) {
		began := time.Now()
		<-w.observed
		if took := time.Since(began); took != 0 {
			t.Errorf("the first look took %v", took)
		}
		w.leaves(typed("e2", admin, "914083136 45"), 20*time.Second)
		<-w.observed
		if took := time.Since(began); took > sweepEvery {
			t.Errorf("the next look took %v", took)
		}
		time.Sleep(time.Hour) // nothing is taken twice
		wantTexts(t, w.desk.texts(), "Extended by 30", "Extended by 45")
		if answered := w.answeredEnvelopes(); fmt.Sprint(answered) != "[e1 e2]" || w.log.count("is taken over") != 2 {
			t.Errorf("answered %q\n%s", answered, w.log)
		}
	})
}

// Those that wait and those that are worked on stay claimed, and nothing else does.
func TestClaimsAreRenewedUntilTheAnswer(t *testing.T) {
	inBubble(t, func(w *world) { w.workers, w.scheduler.extend = 1, takes(22*time.Second) }, func(t *testing.T, w *world) {
		time.Sleep(time.Second)
		began := time.Now()
		w.receives(typed("first", admin, "914083136 30"))
		w.receives(typed("second", admin, "914083136 45"))
		w.receives(typed("third", admin, "list"))
		for range 3 {
			<-w.observed
		}
		time.Sleep(time.Hour)
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
		if len(w.scheduler.requests) != 2 || w.log.count("is taken over") != 0 {
			t.Errorf("%d requests\n%s", len(w.scheduler.requests), w.log)
		}
	})
}

// A command that takes no longer than most costs no renewal.
func TestClaimsOfQuickCommandsAreNotRenewed(t *testing.T) {
	inBubble(t, func(w *world) { w.scheduler.extend = takes(1900 * time.Millisecond) }, func(t *testing.T, w *world) {
		for i := range 10 {
			w.receives(typed(fmt.Sprint("e", i), admin, "914083136 30"))
			<-w.observed
		}
		if len(w.inbox.extended) != 0 {
			t.Errorf("%v", w.inbox.extended)
		}
	})
}

// A renewal that failed is made up for at the next chance, while the claim still lives.
func TestRenewalThatFails(t *testing.T) {
	for name, trouble := range map[string]func(context.Context) error{
		"error": func(context.Context) error { return errors.New("locked") },
		"panic": func(context.Context) error { panic("broken") },
		"hangs": hangsUntilDone,
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(w *world) {
				once := trouble
				w.scheduler.extend = takes(30 * time.Second)
				w.inbox.extend = func(ctx context.Context) error {
					now := once
					once = nil
					return before(ctx, now)
				}
			}, func(t *testing.T, w *world) {
				time.Sleep(time.Millisecond) // the first chance comes just too early
				w.receives(typed("e1", admin, "914083136 30"))
				<-w.observed
				synctest.Wait()
				wantTexts(t, w.desk.texts(), "Still working", "Extended by 30")
				if len(w.scheduler.requests) != 1 || len(w.renewals("e1")) < 2 || w.log.count("is taken over") != 0 {
					t.Errorf("%d requests, renewed at %v\n%s", len(w.scheduler.requests), w.renewals("e1"), w.log)
				}
			})
		})
	}
}

// The store was away for so long that the claims expired: who is at it goes on, and nobody begins a second time.
func TestSweepLeavesAloneWhatThisProcessWorksOn(t *testing.T) {
	inBubble(t, func(w *world) {
		w.scheduler.extend = takes(35 * time.Second)
		w.inbox.extend = func(context.Context) error { return errors.New("no store") }
	}, func(t *testing.T, w *world) {
		w.receives(typed("e1", admin, "914083136 30"))
		<-w.observed
		time.Sleep(time.Hour)
		wantTexts(t, w.desk.texts(), "Still working", "Extended by 30")
		if len(w.scheduler.requests) != 1 {
			t.Errorf("%d requests", len(w.scheduler.requests))
		}
	})
}

// The store does not take the repeat of a command that is worked on: "I did nothing" would be a lie.
func TestRepeatOfWhatIsWorkedOnWhileTheStoreFails(t *testing.T) {
	inBubble(t, func(w *world) { w.scheduler.extend = takes(3 * time.Second) }, func(t *testing.T, w *world) {
		w.receives(typed("e1", admin, "914083136 30"))
		w.inbox.store = func(context.Context) error { return errors.New("no store") }
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
		w.poster.err = errors.New("channel_not_found")
		w.desk = newSlackDesk(refused, refused, refused, refused, says(200, "ok"))
		w.scheduler.resume = func(context.Context, string) error {
			w.scheduler.resumed = confirmedResult(w.scheduler.requests[0])
			return nil
		}
	}, func(t *testing.T, w *world) {
		began := time.Now()
		w.receives(typed("e1", admin, "914083136 30"))
		<-w.observed
		<-w.observed
		wantTexts(t, w.desk.texts(), "Extended by 30")
		if took := time.Since(began); took > claimFor+2*sweepEvery {
			t.Errorf("told after %v", took)
		}
		time.Sleep(time.Hour)
		if len(w.scheduler.requests) != 1 || fmt.Sprint(w.answeredEnvelopes()) != "[e1]" {
			t.Errorf("%d requests, %q answered", len(w.scheduler.requests), w.inbox.answered)
		}
	})
}

// Nothing of the person is left, so nobody can be told: it is in the log, and closed.
func TestEnvelopeWhosePayloadIsErased(t *testing.T) {
	inBubble(t, func(w *world) {
		w.leaves(socket.Envelope{ID: "e1", Type: "slash_commands"}, time.Hour)
	}, func(t *testing.T, w *world) {
		time.Sleep(time.Hour)
		if len(w.desk.texts())+len(w.poster.texts())+len(w.scheduler.requests) != 0 {
			t.Error("something was done")
		}
		if fmt.Sprint(w.answeredEnvelopes()) != "[e1]" || w.log.count("left undone for so long") != 1 || w.log.count(`"level":"ERROR"`) != 1 {
			t.Errorf("answered %q\n%s", w.inbox.answered, w.log)
		}
	})
}

func TestSweepInTrouble(t *testing.T) {
	for name, trouble := range map[string]func(context.Context) error{
		"error": func(context.Context) error { return errors.New("no store") },
		"panic": func(context.Context) error { panic("secret words") },
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(w *world) {
				times := 0
				w.leaves(typed("e1", admin, "914083136 30"), time.Minute)
				w.inbox.take = func(context.Context) error {
					if times++; times < 4 {
						return trouble(context.Background())
					}
					return nil
				}
			}, func(t *testing.T, w *world) {
				<-w.observed
				wantTexts(t, w.desk.texts(), "Extended by 30")
				if n := w.log.count(`"level":"WARN"`) + w.log.count(`"level":"ERROR"`); n != 3 || w.log.count("secret words") != 0 {
					t.Errorf("%d lines\n%s", n, w.log)
				}
			})
		})
	}
}

type panickingInbox struct{ Inbox }

func (panickingInbox) AnswerEnvelope(context.Context, string, bool) error { panic("secret words") }

// A panic over one envelope costs that one: those behind it are done.
func TestPanicOverOneEnvelope(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.leaves(socket.Envelope{ID: "erased", Type: "slash_commands"}, time.Hour)
		w.leaves(typed("e2", admin, "914083136 30"), time.Minute)
		w.build()
		w.bot.config.Inbox = panickingInbox{w.inbox}
		stop := w.run()
		defer stop()
		synctest.Wait()
		wantTexts(t, w.desk.texts(), "Extended by 30")
		if w.log.count("secret words") != 0 || w.log.count(`"envelope":"erased","panic"`) != 1 {
			t.Error(w.log)
		}
	})
}

// The sweep and the end of the process.

func TestSweepStopsAtTheEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		looks := 0
		w.inbox.take = func(ctx context.Context) error {
			if looks++; looks > 2 {
				<-ctx.Done()
			}
			return ctx.Err()
		}
		w.build()
		stop := w.run()
		time.Sleep(time.Minute)
		began := time.Now()
		stop()
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
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.leaves(typed("e1", admin, "914083136 30"), time.Minute)
		w.inbox.take = func(ctx context.Context) error {
			<-ctx.Done()
			time.Sleep(time.Second) // the store was quicker than the end, its answer was not
			return nil
		}
		w.build()
		stop := w.run()
		synctest.Wait()
		began := time.Now()
		stop()
		if took := time.Since(began); took != time.Second {
			t.Errorf("the end took %v", took)
		}
		if len(w.desk.texts())+len(w.answeredEnvelopes())+len(w.scheduler.requests) != 0 {
			t.Errorf("%q, %d requests", w.desk.texts(), len(w.scheduler.requests))
		}
	})
}

// One that was on its way to the workers just then is still done.
func TestEnvelopeQueuedAtTheEndIsDone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.leaves(typed("e1", admin, "914083136 30"), time.Minute)
		w.log.delay = func(line string) {
			if strings.Contains(line, "is taken over") {
				time.Sleep(time.Second)
			}
		}
		w.build()
		stop := w.run()
		synctest.Wait()
		began := time.Now()
		stop()
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
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t)
			w.workers, w.scheduler.extend = 1, takes(time.Hour)
			w.build()
			stop := w.run()
			w.receives(typed("mine", admin, "914083136 30"))
			w.leaves(typed("left", admin, "914083136 45"), time.Minute)
			time.Sleep(2 * sweepEvery)
			stop()
			if w.desk.countOf("did nothing") != 0 || fmt.Sprint(w.answeredEnvelopes()) != "[mine]" {
				t.Errorf("%q; answered %q", w.desk.texts(), w.inbox.answered)
			}
		})
	})
	t.Run("too much to do", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t)
			w.build()
			for i := range waitingJobs {
				w.receives(typed(fmt.Sprint("e", i), admin, "help"))
			}
			w.scheduler.resumed = confirmedResult(extension.Request{Meeting: theMeeting(), Minutes: 45})
			left := store.Envelope{ID: "left", Type: "slash_commands", Payload: typed("left", admin, "914083136 45").Payload}
			w.leaves(typed("left", admin, "914083136 45"), time.Minute)
			w.bot.takeOver(t.Context(), left)
			stop := w.run()
			defer stop()
			for range waitingJobs + 1 {
				<-w.observed
			}
			if w.desk.countOf("did nothing") != 0 || w.desk.countOf("Extended by 45") != 1 {
				t.Errorf("%d turned away, %d told", w.desk.countOf("did nothing"), w.desk.countOf("Extended by 45"))
			}
		})
	})
}

// What was done already cannot be read: nothing is said of it until it can, least of all "nothing was extended".
func TestResumeThatCannotBeRead(t *testing.T) {
	inBubble(t, func(w *world) {
		fails := 3
		w.leaves(typed("e1", admin, "914083136 30"), 20*time.Second)
		w.scheduler.resumed = confirmedResult(extension.Request{Meeting: theMeeting(), Minutes: 30})
		w.scheduler.resume = func(context.Context, string) error {
			if fails--; fails >= 0 {
				return errors.New("no store")
			}
			return nil
		}
	}, func(t *testing.T, w *world) {
		<-w.observed
		wantTexts(t, w.desk.texts(), "Extended by 30")
		if len(w.scheduler.requests) != 0 || strings.Count(w.log.String(), "no store") != 3 {
			t.Errorf("%d requests\n%s", len(w.scheduler.requests), w.log)
		}
	})
}
