package bot

import (
	"errors"
	"net/url"
	"strings"
	"testing"
	"time"
)

// Slack does not take the answer where it was asked for: it goes as a direct message, without its layout if need be.
func TestDirectMessageInstead(t *testing.T) {
	for name, err := range map[string]error{"plain": nil, "without blocks": slackSays("invalid_blocks")} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(w *world) {
				w.desk, w.poster.err = newSlackDesk(says(404, "expired_url")), err
			}, func(t *testing.T, w *world) {
				w.receives(typed("e1", admin, "914083136 30"))
				<-w.observed
				wantTexts(t, w.poster.texts(), "Extended by 30")
				if hasBlocks := len(w.poster.last().blocks) > 0; hasBlocks != (err == nil) {
					t.Errorf("it has blocks: %v", hasBlocks)
				}
				if w.poster.places()[0] != admin || !w.envelope("e1").Answered {
					t.Errorf("to %q; %+v", w.poster.places(), w.envelope("e1"))
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
		w.desk, w.poster.err = newSlackDesk(says(404, "")), slackSays("channel_not_found")
	}, func(t *testing.T, w *world) {
		w.receives(typed("e1", admin, "list"))
		<-w.observed
		if w.envelope("e1").Answered || w.log.count("an answer was not delivered") != 1 || w.log.count("verysecret") != 0 {
			t.Errorf("%+v\n%s", w.envelope("e1"), w.log)
		}
	})
}

// quotingErrors are errors of a transport that quote the response_url, as net/http's own do.
func quotingErrors(user string) map[string]error {
	address := answerAt + "/" + user
	return map[string]error{
		"of an URL":          &url.Error{Op: "Post", URL: address, Err: errors.New("connection refused")},
		"wrapped":            errors.Join(errors.New("proxy"), &url.Error{Op: "Post", URL: address, Err: errors.New("connection refused")}),
		"in words":           errors.New("no way to " + address),
		"in words, its path": errors.New("no way to " + strings.TrimPrefix(address, "https://hooks.slack.example")),
		"an URL in an URL":   &url.Error{Op: "Post", URL: "https://proxy.example/", Err: errors.New("dialling for " + address)},
	}
}

// A transport's error may quote the response_url, with which anybody may post: neither the log nor any message shows it,
// whether the answer then goes as a direct message, or nowhere.
func TestNobodyReadsTheAddressOfAnswers(t *testing.T) {
	for name, quoting := range quotingErrors(admin) {
		for _, direct := range []error{nil, slackSays("channel_not_found")} {
			t.Run(name, func(t *testing.T) {
				inBubble(t, both(takes(workingDue+time.Second), func(w *world) {
					w.desk = newSlackDesk(failsWith(quoting))
					w.poster.err = direct
				}), func(t *testing.T, w *world) {
					w.receives(typed("e1", admin, "914083136 30")) // with a first word, and an answer
					<-w.observed
					for _, told := range []string{"a first word was not delivered", "posting the answer"} {
						if w.log.count(told) == 0 {
							t.Errorf("the log does not tell %q:\n%s", told, w.log)
						}
					}
					if cause := name == "of an URL" || name == "wrapped"; cause && w.log.count("connection refused") == 0 {
						t.Errorf("the log does not tell the cause:\n%s", w.log)
					}
					said := w.log.String() + strings.Join(w.poster.texts(), "\n")
					for _, line := range w.script.lines() {
						said += line.all()
					}
					if strings.Contains(said, "verysecret") || strings.Contains(said, "hooks.slack") {
						t.Errorf("the address is told:\n%s", said)
					}
					if delivered := len(w.poster.texts()) == 1; delivered != (direct == nil) {
						t.Errorf("direct messages: %q", w.poster.texts())
					}
				})
			})
		}
	}
}
