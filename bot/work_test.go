package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/overtime-bot/overtime/bot/access"
	"github.com/overtime-bot/overtime/bot/grammar"
	"github.com/overtime-bot/overtime/bot/socket"
	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/scheduler"
	"github.com/overtime-bot/overtime/scheduler/extension"
	"github.com/overtime-bot/overtime/scheduler/store"
)

// takes lets an extension take so long.
func takes(d time.Duration) func(context.Context, extension.Request) (extension.Result, error) {
	return func(ctx context.Context, request extension.Request) (extension.Result, error) {
		select {
		case <-time.After(d):
			return confirmedResult(request), nil
		case <-ctx.Done():
			return extension.Result{Outcome: extension.DidAccept, Meeting: request.Meeting}, nil
		}
	}
}

// inBubble runs a bot in a bubble of its own time, and waits for its end.
func inBubble(t *testing.T, set func(*world), test func(t *testing.T, w *world)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		if set != nil {
			set(w)
		}
		w.build()
		stop := w.run()
		defer stop()
		test(t, w)
	})
}

// receives hands an envelope over and says how long that took: the ack follows at once.
func (w *world) receives(envelope socket.Envelope) time.Duration {
	began := time.Now()
	w.bot.Receive(context.Background(), envelope)
	return time.Since(began)
}

func wantTexts(t *testing.T, got []string, want ...string) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("the answers are %q, want %d", got, len(want))
	}
	for i := range want {
		if !strings.Contains(got[i], want[i]) {
			t.Errorf("answer %d is %q, want %q in it", i, got[i], want[i])
		}
	}
}

func TestFirstWord(t *testing.T) {
	for _, test := range []struct {
		name  string
		takes time.Duration
		want  []string
	}{
		{"quick", time.Second, []string{"Extended by 30"}},
		{"just in time", firstWordDue - time.Millisecond, []string{"Extended by 30"}},
		{"slow", firstWordDue + time.Second, []string{"Still working", "Extended by 30"}},
		{"very slow", 35 * time.Second, []string{"Still working", "Extended by 30"}},
		{"slower than a command may be", time.Hour, []string{"Still working", "accepted it"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			inBubble(t, func(w *world) { w.scheduler.extend = takes(test.takes) }, func(t *testing.T, w *world) {
				began := time.Now()
				w.receives(typed("e1", admin, "914083136 30"))
				for range test.want {
					<-w.desk.arrived
				}
				<-w.observed
				time.Sleep(time.Minute) // nothing more comes
				wantTexts(t, w.desk.texts(), test.want...)
				if first := w.desk.times[0].Sub(began); first > 8*time.Second {
					t.Errorf("the first word took %v", first)
				}
			})
		})
	}
}

// One that waits for a worker reads a first word too.
func TestFirstWordWhileWaitingForAWorker(t *testing.T) {
	inBubble(t, func(w *world) {
		w.workers = 1
		w.scheduler.extend = takes(10 * time.Second)
	}, func(t *testing.T, w *world) {
		for i := range 3 {
			w.receives(typed(fmt.Sprint("e", i), admin, "914083136 30"))
		}
		time.Sleep(7500 * time.Millisecond)
		if got := strings.Count(strings.Join(w.desk.texts(), "\n"), "Still working"); got != 3 {
			t.Errorf("%d first words after 7.5 s, want 3", got)
		}
		time.Sleep(time.Minute)
		if got := strings.Count(strings.Join(w.desk.texts(), "\n"), "Extended by 30"); got != 3 {
			t.Errorf("%d answers, want 3", got)
		}
	})
}

// The first word is under way when the answer is ready: the answer comes behind it.
func TestFirstWordNeverComesAfterTheAnswer(t *testing.T) {
	slow := func(request *http.Request) (*http.Response, error) {
		time.Sleep(3 * time.Second)
		return says(http.StatusOK, "ok")(request)
	}
	inBubble(t, func(w *world) {
		w.scheduler.extend = takes(firstWordDue + time.Second)
		w.desk = newSlackDesk(slow, says(http.StatusOK, "ok"))
	}, func(t *testing.T, w *world) {
		w.receives(typed("e1", admin, "914083136 30"))
		<-w.observed
		wantTexts(t, w.desk.texts(), "Still working", "Extended by 30")
	})
}

// A first word that Slack does not take holds the answer up for no longer than its budget.
func TestFirstWordThatHangs(t *testing.T) {
	inBubble(t, func(w *world) {
		w.scheduler.extend = takes(firstWordDue + time.Second)
		w.desk = newSlackDesk(hangs, says(http.StatusOK, "ok"))
	}, func(t *testing.T, w *world) {
		began := time.Now()
		w.receives(typed("e1", admin, "914083136 30"))
		<-w.observed
		wantTexts(t, w.desk.texts(), "Extended by 30")
		if took := time.Since(began); took > firstWordDue+firstWordBudget+time.Second {
			t.Errorf("the answer took %v", took)
		}
	})
}

type panickingPeople struct{ People }

func TestPanicCostsOneCommand(t *testing.T) {
	for name, set := range map[string]func(*world){
		"scheduler": func(w *world) {
			w.scheduler.extend = func(context.Context, extension.Request) (extension.Result, error) { panic("secret words") }
		},
		"nil dereference": func(w *world) {
			w.scheduler.extend = func(context.Context, extension.Request) (extension.Result, error) {
				var nobody *access.Person
				return extension.Result{}, errors.New(nobody.ID)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, set, func(t *testing.T, w *world) {
				w.receives(typed("e1", admin, "914083136 30"))
				<-w.observed
				w.receives(typed("e2", admin, "list"))
				<-w.observed
				wantTexts(t, w.desk.texts(), "Something went wrong on my side", "1 meeting is running")
				if !strings.Contains(w.desk.texts()[0], "e1") {
					t.Errorf("no reference: %q", w.desk.texts()[0])
				}
				if w.log.count("a command panicked") != 1 || w.log.count("secret words") != 0 {
					t.Error(w.log)
				}
			})
		})
	}
}

// The look-up of the person panics: in the worker, and in the goroutine of the first word.
func TestPanicBeforeThePersonIsKnown(t *testing.T) {
	inBubble(t, nil, func(t *testing.T, w *world) {
		w.bot.config.People = panickingPeople{}
		w.receives(typed("e1", admin, "914083136 30"))
		<-w.observed
		wantTexts(t, w.desk.texts(), "Something went wrong on my side")
		w.bot.sayWorking(context.Background(), job{id: "e2", kind: "slash_commands", payload: typed("", admin, "").Payload})
		if w.log.count("a command panicked") != 2 {
			t.Error(w.log)
		}
	})
}

// A panic outside of the handler costs no more either.
func TestPanicAfterTheAnswer(t *testing.T) {
	inBubble(t, func(w *world) { w.workers = 1 }, func(t *testing.T, w *world) {
		observe := w.bot.config.Observe
		w.bot.config.Observe = func(grammar.Verb, Tone, time.Duration) {
			w.bot.config.Observe = observe
			panic("broken")
		}
		w.receives(typed("e1", admin, "list"))
		w.receives(typed("e2", admin, "list"))
		<-w.observed
		wantTexts(t, w.desk.texts(), "1 meeting is running", "1 meeting is running")
		if w.log.count("a command panicked") != 1 {
			t.Error(w.log)
		}
	})
}

func (d *slackDesk) countOf(part string) int {
	return strings.Count(strings.Join(d.texts(), "\n"), part)
}

func TestMalformedPayloads(t *testing.T) {
	for _, kind := range []string{"slash_commands", "interactive"} {
		for _, payload := range []string{
			``, `{`, `null`, `"what?"`, `[]`, `17`, `{}`, `{"user_id":""}`, `{"user_id":17}`, `{"user":{"id":""}}`, `{"user":"U1"}`,
			`{"text":["a"],"user_id":"U0ADMIN"}`, "\x00\xff", `{"user":{"id":17}}`, strings.Repeat("[", 20_000),
		} {
			inBubble(t, nil, func(t *testing.T, w *world) {
				w.receives(socket.Envelope{ID: "bad", Type: kind, Payload: json.RawMessage(payload)})
				w.receives(typed("good", admin, "list"))
				<-w.observed
				synctest.Wait()
				wantTexts(t, w.desk.texts(), "1 meeting is running")
				if n := w.log.count(`"level":"ERROR"`); n != 1 || w.log.count("panic") != 0 {
					t.Errorf("%s %q: %d errors\n%s", kind, payload, n, w.log)
				}
				if len(w.inbox.answered) != 2 {
					t.Errorf("%s %q stays in the inbox", kind, payload)
				}
			})
		}
	}
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
			if texts := w.desk.texts(); len(texts) != 1 || !strings.Contains(texts[0], "I do not know this button") {
				t.Errorf("%s: %q\n%s", more, texts, w.log)
			}
		})
	}
}

// The end: what was received is finished and answered.
func TestEndFinishesWhatWasReceived(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.workers = 2
		w.scheduler.extend = takes(2 * time.Second)
		w.build()
		stop := w.run()
		for i := range 10 {
			w.receives(typed(fmt.Sprint("e", i), admin, "914083136 30"))
		}
		began := time.Now()
		stop()
		if n := w.desk.countOf("Extended by 30"); n != 10 {
			t.Errorf("%d answers, want 10", n)
		}
		if took := time.Since(began); took != 10*time.Second {
			t.Errorf("the end took %v", took)
		}
	})
}

// What takes too long is cut off, and what came of it is told; 20 s are the most.
func TestEndIsBounded(t *testing.T) {
	for _, test := range []struct {
		name    string
		desk    *slackDesk
		within  time.Duration
		answers int
	}{
		{"slow service", newSlackDesk(), finishWithin - answersWithin + time.Second, 3},
		{"slow service, and Slack never answers", newSlackDesk(hangs), finishWithin + time.Second, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t)
				w.workers, w.desk = 1, test.desk
				w.scheduler.extend = takes(time.Hour)
				w.build()
				stop := w.run()
				for i := range 3 {
					w.receives(typed(fmt.Sprint("e", i), admin, "914083136 30"))
				}
				began := time.Now()
				stop()
				if took := time.Since(began); took > test.within {
					t.Errorf("the end took %v", took)
				}
				if n := w.desk.countOf("accepted it") + w.desk.countOf("I am being restarted"); n != test.answers {
					t.Errorf("%d answers, want %d: %q", n, test.answers, w.desk.texts())
				}
			})
		})
	}
}

func TestRunNeedsAScheduler(t *testing.T) {
	w := newWorld(t)
	w.build()
	w.bot.Use(nil, nil)
	if err := w.bot.Run(t.Context()); err == nil {
		t.Error("it ran without")
	}
	if _, err := New(Config{}); err == nil {
		t.Error("a Bot of nothing was made")
	}
}

// Slack does not take the answer where it was asked for: it goes as a direct message, without its layout if need be.
func TestDirectMessageInstead(t *testing.T) {
	for name, err := range map[string]error{"plain": nil, "without blocks": errors.New("invalid_blocks")} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(w *world) {
				w.desk, w.poster.err = newSlackDesk(says(404, "expired_url")), err
			}, func(t *testing.T, w *world) {
				w.receives(typed("e1", admin, "914083136 30"))
				<-w.observed
				wantTexts(t, w.poster.texts(), "Extended by 30")
				if w.poster.users[0] != admin || len(w.inbox.answered) != 1 {
					t.Errorf("to %q; %d answered", w.poster.users, len(w.inbox.answered))
				}
			})
		})
	}
}

// The response_url hangs: the direct message has time of its own.
func TestDirectMessageAfterAHangingAddress(t *testing.T) {
	inBubble(t, func(w *world) { w.desk = newSlackDesk(hangs) }, func(t *testing.T, w *world) {
		began := time.Now()
		w.receives(typed("e1", admin, "list"))
		<-w.observed
		wantTexts(t, w.poster.texts(), "1 meeting is running")
		if took := time.Since(began); took > postBudget+time.Second {
			t.Errorf("it took %v", took)
		}
	})
}

// Nobody can be told: the envelope stays, for a later try.
func TestUndeliveredAnswerIsNotNotedAsAnswered(t *testing.T) {
	inBubble(t, func(w *world) {
		w.desk, w.poster.err = newSlackDesk(says(404, "")), errors.New("channel_not_found")
	}, func(t *testing.T, w *world) {
		w.receives(typed("e1", admin, "list"))
		<-w.observed
		if len(w.inbox.answered) != 0 || w.log.count("an answer was not delivered") != 1 || w.log.count("verysecret") != 0 {
			t.Errorf("%q\n%s", w.inbox.answered, w.log)
		}
	})
}

// Never silent: every command, whatever fails, is answered with a sentence that passes the linter.
func TestNeverSilent(t *testing.T) {
	broken := errors.New("broken")
	panics := func(context.Context, extension.Request) (extension.Result, error) { panic("broken") }
	faults := map[string]func(*world){
		"nothing":               func(*world) {},
		"store":                 func(w *world) { w.inbox.store = func(context.Context) error { return broken } },
		"note of the answer":    func(w *world) { w.inbox.err = broken },
		"people":                func(w *world) { w.people.err = broken },
		"groups":                func(w *world) { w.policy.AllowedGroups = []string{"S0GROUP"} },
		"channel":               func(w *world) { w.policy.AllowedChannels = []string{"C0GENERAL"}; w.people.channelErr = broken },
		"hosts":                 func(w *world) { w.hosts.err = broken },
		"booked":                func(w *world) { w.scheduler.findErr = meeting.ErrNotRunning; w.hosts.bookedErr = broken },
		"reads":                 func(w *world) { w.scheduler.findErr = broken },
		"extension":             endsWith(broken),
		"extension refused":     refuses(broken, 0, "", ""),
		"extension, no error":   ends(extension.Result{Outcome: extension.DidRefuse}),
		"extension, no outcome": ends(extension.Result{}),
		"not written":           endsWith(extension.ErrNotWritten),
		"panic":                 func(w *world) { w.scheduler.extend = panics },
		"limits":                func(w *world) { w.scheduler.leftErr = broken },
		"response_url":          func(w *world) { w.desk = newSlackDesk(says(410, "")) },
		"response_url, slow":    func(w *world) { w.desk = newSlackDesk(hangs) },
		"direct message":        func(w *world) { w.poster.err = broken },
		"slow extension":        func(w *world) { w.scheduler.extend = takes(time.Hour) },
		"rules":                 func(w *world) { w.rules.err = broken },
		"explanation":           func(w *world) { w.scheduler.whyErr = broken },
		"answers":               func(w *world) { w.scheduler.answerErr = broken },
		"edits":                 func(w *world) { w.scheduler.followErr = broken },
		"prompt not posted yet": func(w *world) { w.rules.state = scheduler.PromptPosting },
		"buttons":               func(w *world) { w.inbox.find = func(context.Context) error { return broken } },
		"posting":               func(w *world) { w.poster.errs = map[string][]error{"C0GENERAL": {broken, broken, broken, broken}} },
		"posting refused":       mayNotPost("C0GENERAL"),
	}
	var commands []string
	for _, command := range Commands() {
		commands = append(commands, grammar.ExampleOf(command.Verb, ""), string(command.Verb))
	}
	commands = append(commands, "", "914083136 max", "914083136 until 15:00", "914083136 1.5", "frobnicate", "watch 1", hostile)
	buttons := everyButton()
	for name, set := range faults {
		for _, user := range []string{admin, owner, stranger} {
			inBubble(t, both(offered(buttons...), set), func(t *testing.T, w *world) {
				for i, command := range commands {
					before := w.heard(user)
					w.receives(typed(fmt.Sprint("e", i), user, command))
					<-w.observed
					if w.heard(user) == before {
						t.Errorf("%s: no answer to %s of %q\n%s", name, user, command, w.log)
					}
				}
				for _, button := range buttons {
					before := w.heard(user)
					w.receives(clicked("click "+button.ID, user, button.ID))
					<-w.observed
					if w.heard(user) == before {
						t.Errorf("%s: no answer to %s of the button %q\n%s", name, user, button.Verb, w.log)
					}
				}
			})
		}
	}
}

// everyButton is one of each kind, under a prompt where it can be under one.
func everyButton() []store.Action {
	var buttons []store.Action
	for _, verb := range []string{verbExtend, verbAgain, verbKeep, verbEnd, verbStop, verbQuiet, verbAskAgain, verbTyped, "of a later version"} {
		button := under(verb)
		button.ID, button.Command = "button "+verb, "watch 914083136 auto"
		if verb == verbAgain {
			button.Command = "914083136 until 15:00"
		}
		buttons = append(buttons, button)
	}
	return buttons
}

// heard counts what a person could read: answers, direct messages, and prompts that say what they did.
func (w *world) heard(user string) int {
	w.poster.mu.Lock()
	defer w.poster.mu.Unlock()
	w.scheduler.mu.Lock()
	defer w.scheduler.mu.Unlock()
	heard := len(w.scheduler.followed)
	for _, to := range w.poster.users {
		if to == user {
			heard++
		}
	}
	return heard + len(w.desk.texts())
}
