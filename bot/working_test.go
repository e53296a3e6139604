package bot

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// Who waits for long reads a first word, within eight seconds and once, and then the answer.
func TestFirstWord(t *testing.T) {
	for _, test := range []struct {
		name  string
		takes time.Duration
		want  []string
	}{
		{"quick", time.Second, []string{"Extended by 30"}},
		{"just in time", workingDue - time.Millisecond, []string{"Extended by 30"}},
		{"slow", workingDue + time.Second, []string{"Still working", "Extended by 30"}},
		{"very slow", 35 * time.Second, []string{"Still working", "Extended by 30"}},
		{"slower than a command may be", 4 * time.Minute, []string{"Still working", "Not confirmed yet", "still ends at"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			inBubble(t, takes(test.takes), func(t *testing.T, w *world) {
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
	inBubble(t, both(oneWorker, takes(10*time.Second)), func(t *testing.T, w *world) {
		for i := range 3 {
			w.receives(typed(fmt.Sprint("e", i), admin, "914083136 30"))
		}
		time.Sleep(7500 * time.Millisecond)
		if got := w.desk.countOf("Still working"); got != 3 {
			t.Errorf("%d first words after 7.5 s, want 3", got)
		}
		time.Sleep(time.Minute)
		if got := w.desk.countOf("Extended by 30"); got != 3 {
			t.Errorf("%d answers, want 3", got)
		}
	})
}

// The store hangs after the command: whether another process took it over is not known, and the first word comes in time.
func TestFirstWordWhileTheStoreHangs(t *testing.T) {
	inBubble(t, both(takes(20*time.Second), fault(hanging, "ExtendClaims", "Envelope")), func(t *testing.T, w *world) {
		w.receives(typed("e1", admin, "914083136 30"))
		time.Sleep(8 * time.Second)
		wantTexts(t, w.desk.texts(), "Still working")
		<-w.observed
	})
}

// The first word is under way when the answer is ready: the answer comes behind it.
func TestFirstWordNeverComesAfterTheAnswer(t *testing.T) {
	slow := func(request *http.Request) (*http.Response, error) {
		time.Sleep(3 * time.Second)
		return says(http.StatusOK, "ok")(request)
	}
	inBubble(t, both(takes(workingDue+time.Second), func(w *world) {
		w.desk = newSlackDesk(slow, says(http.StatusOK, "ok"))
	}), func(t *testing.T, w *world) {
		w.receives(typed("e1", admin, "914083136 30"))
		<-w.observed
		wantTexts(t, w.desk.texts(), "Still working", "Extended by 30")
	})
}

// A first word that Slack does not take holds the answer up for no longer than its budget.
func TestFirstWordThatHangs(t *testing.T) {
	inBubble(t, both(takes(workingDue+time.Second), func(w *world) {
		w.desk = newSlackDesk(hangs, says(http.StatusOK, "ok"))
	}), func(t *testing.T, w *world) {
		began := time.Now()
		w.receives(typed("e1", admin, "914083136 30"))
		<-w.observed
		wantTexts(t, w.desk.texts(), "Extended by 30")
		if took := time.Since(began); took > workingDue+workingBudget+time.Second {
			t.Errorf("the answer took %v", took)
		}
	})
}

func TestPanicCostsOneCommand(t *testing.T) {
	nobody := func() { var nothing *heard; _ = nothing.whole }
	for name, set := range map[string]func(*world){
		"extender":        botBreaks,
		"nil dereference": fault(doing(nobody), "Extend"),
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
	inBubble(t, takes(workingDue+time.Second), func(t *testing.T, w *world) {
		w.people.panics.Store(true)
		w.receives(typed("e1", admin, "914083136 30"))
		<-w.observed
		wantTexts(t, w.desk.texts(), "Something went wrong on my side")
		w.people.panics.Store(false)
		w.receives(typed("e2", admin, "914083136 30"))
		synctest.Wait() // the worker knows the person
		w.people.panics.Store(true)
		<-w.observed
		wantTexts(t, w.desk.texts()[1:], "Extended by 30")
		if w.log.count("a command panicked") != 2 || w.log.count("secret words") != 0 {
			t.Error(w.log)
		}
	})
}

// A panic outside of the handler costs no more either.
func TestPanicAfterTheAnswer(t *testing.T) {
	inBubble(t, func(w *world) {
		oneWorker(w)
		panicked := false
		w.observe = func() {
			if !panicked {
				panicked = true
				panic("broken")
			}
		}
	}, func(t *testing.T, w *world) {
		w.receives(typed("e1", admin, "list"))
		w.receives(typed("e2", admin, "list"))
		<-w.observed
		wantTexts(t, w.desk.texts(), "1 meeting is running", "1 meeting is running")
		if w.log.count("a command panicked") != 1 {
			t.Error(w.log)
		}
	})
}
