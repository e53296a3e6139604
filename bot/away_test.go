package bot

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/bot/socket"
)

// slackAway lets nobody reach Slack until a time. Its sockets still work.
func slackAway(until time.Duration) func(*world) {
	return func(w *world) {
		back, away := time.Now().Add(until), errors.New("no network")
		w.desk = newSlackDesk(func(request *http.Request) (*http.Response, error) {
			if time.Now().Before(back) {
				return nil, away
			}
			return says(http.StatusOK, "ok")(request)
		})
		w.poster.err = away
		time.AfterFunc(until, func() {
			w.poster.mu.Lock()
			defer w.poster.mu.Unlock()
			w.poster.err = nil
		})
	}
}

// Answers survive ten minutes without Slack: each comes once, says what was asked for, and nothing is done a second time.
func TestAnswersSurviveTenMinutesWithoutSlack(t *testing.T) {
	for command, want := range map[string]string{
		"914083136 30":             "Extended by 30",
		"list":                     "1 meeting is running",
		"status 914083136":         "Weekly product sync",
		"why 914083136":            "Weekly product sync",
		"help watch":               "watch",
		"history":                  "",
		"":                         "1 meeting is running",
		"watch 914083136 auto 15":  "watch",
		"pause":                    "paused",
		"unwatch 914083136":        "",
		"914083136 30 frobnicate":  "nothing was done",
		"watch 914083136 auto 500": "120",
	} {
		t.Run(command, func(t *testing.T) {
			inBubble(t, slackAway(10*time.Minute), func(t *testing.T, w *world) {
				w.receives(typed("e1", admin, command))
				time.Sleep(10*time.Minute - time.Second)
				if tries := w.desk.tries(); len(w.desk.texts()) != 0 || tries < 20 {
					t.Fatalf("read too early: %q, after %d tries", w.desk.texts(), tries)
				}
				time.Sleep(time.Minute)
				wantTexts(t, w.desk.texts(), want)
				if said := strings.Join(w.desk.texts(), ""); strings.Contains(said, "nothing was done") != (want == "nothing was done") {
					t.Errorf("%q", said)
				}
				if n := len(w.effects()); !w.envelope("e1").Answered || n != strings.Count(want, "Extended") {
					t.Errorf("%+v, the service added %v", w.envelope("e1"), w.effects())
				}
				if n := w.faults.count("PutRule") + w.faults.count("Pause"); n > 1 {
					t.Errorf("rules were changed %d times", n)
				}
			})
		})
	}
}

// What changed the rules is not done again although its answer was not delivered, while others change the same: by this
// process, which remembers the answer, nor by the next, which says that it does not know.
func TestRulesAreChangedOnceWithoutSlack(t *testing.T) {
	for name, envelope := range map[string]socket.Envelope{
		"the same process": typed("e1", admin, "watch 914083136 auto 15"), "the next process": typed("e1", admin, "watch 914083136 auto 15"),
	} {
		inBubble(t, slackAway(time.Minute), func(t *testing.T, w *world) {
			w.receives(envelope)
			<-w.observed
			if !w.envelope("e1").Concluded {
				t.Error("that it was done is not written down")
			}
			_, err := w.store.Automation.DeleteRule(t.Context(), theID)
			w.must(err)
			want := "watch"
			if name == "the next process" {
				w.inbox.unheard.take("e1")
				want = "can't say whether"
			}
			time.Sleep(2 * time.Minute)
			wantTexts(t, w.desk.texts(), want)
			if rules, err := w.store.Automation.Rules(t.Context()); err != nil || len(rules) != 0 {
				t.Errorf("%s: %v, %v", name, rules, err)
			}
		})
	}
}
