package bot

import (
	"context"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/overtime-bot/overtime/bot/trusted"
	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/scheduler/store"
)

var aMessage = render(Reply{Tone: Done, Text: "done"})

// noAddress fails the test where an error shows the response_url.
func noAddress(t *testing.T, err error) {
	t.Helper()
	if err != nil && (strings.Contains(err.Error(), "verysecret") || strings.Contains(err.Error(), "hooks.slack")) {
		t.Errorf("the response_url is in the error: %v", err)
	}
}

func TestAnswerAtItsAddress(t *testing.T) {
	broken := func(*http.Request) (*http.Response, error) {
		return nil, &net.OpError{Op: "dial", Err: errors.New("connection refused")}
	}
	ok := says(http.StatusOK, "ok")
	for _, test := range []struct {
		name    string
		answers []func(*http.Request) (*http.Response, error)
		tries   int
		fails   bool
		after   time.Duration // at least
		within  time.Duration
	}{
		{name: "at once", answers: answersOf(ok), tries: 1},
		{name: "JSON", answers: answersOf(says(200, `{"ok":true}`)), tries: 1},
		{name: "500, then ok", answers: answersOf(says(500, ""), ok), tries: 2, within: time.Second},
		{name: "503 twice, then ok", answers: answersOf(says(503, ""), says(503, ""), ok), tries: 3, within: 3 * time.Second},
		{name: "no network, then ok", answers: answersOf(broken, ok), tries: 2, within: time.Second},
		{name: "500 for ever", answers: answersOf(says(500, "")), tries: answerTries, fails: true, within: 5 * time.Second},
		{name: "429 with Retry-After", answers: answersOf(says(429, "", "Retry-After", "3"), ok), tries: 2, after: 3 * time.Second, within: 4 * time.Second},
		{name: "429 for an hour", answers: answersOf(says(429, "", "Retry-After", "3600"), ok), tries: 2, after: 5 * time.Second, within: 6 * time.Second},
		{name: "429 without a number", answers: answersOf(says(429, "", "Retry-After", "soon"), ok), tries: 2, after: time.Second, within: 2 * time.Second},
		{name: "429 for less than nothing", answers: answersOf(says(429, "", "Retry-After", "-3"), ok), tries: 2, after: time.Second, within: 2 * time.Second},
		{name: "404", answers: answersOf(says(404, "expired_url")), tries: 1, fails: true},
		{name: "410", answers: answersOf(says(410, "")), tries: 1, fails: true},
		{name: "200 that says no", answers: answersOf(says(200, `{"ok":false,"error":"used_url"}`)), tries: 1, fails: true},
		{name: "200 that says no, with a space", answers: answersOf(says(200, `{"ok": false, "error": "used_url"}`)), tries: 1, fails: true},
		{name: "200 with a proxy's page", answers: answersOf(says(200, "<html>ok</html>")), tries: 1, fails: true},
		{name: "200 with no_service", answers: answersOf(says(200, "no_service")), tries: 1, fails: true},
		{name: "200 with nothing", answers: answersOf(says(200, "")), tries: 1, fails: true},
		{name: "200 with an empty object", answers: answersOf(says(200, `{}`)), tries: 1, fails: true},
		{name: "200 with ok as an error", answers: answersOf(says(200, `{"error":"ok"}`)), tries: 1, fails: true},
		{name: "200 with ok that is no boolean", answers: answersOf(says(200, `{"ok":"true"}`)), tries: 1, fails: true},
		{name: "200 with an invented code", answers: answersOf(says(200, "hook_is_asleep")), tries: 1, fails: true},
		{name: "204", answers: answersOf(says(204, "")), tries: 1, fails: true},
		{name: "202 with ok", answers: answersOf(says(202, "ok")), tries: 1, fails: true},
		{name: "307", answers: answersOf(says(307, "ok", "Location", "https://evil.example/")), tries: 1, fails: true},
		{name: "an address that is not Slack's", answers: answersOf(failsWith(trusted.ErrUntrusted)), tries: 1, fails: true},
		{name: "never answers", answers: answersOf(hangs), tries: answerTries, fails: true, after: answerTries * answerTimeout, within: 20 * time.Second},
		{name: "hangs once", answers: answersOf(hangs, ok), tries: 2, after: answerTimeout, within: 5 * time.Second},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				desk := newSlackDesk(test.answers...)
				began := time.Now()
				err := newResponder(desk).post(t.Context(), answerAt, aMessage)
				noAddress(t, err)
				if (err != nil) != test.fails {
					t.Errorf("error %v", err)
				}
				if desk.tries() != test.tries {
					t.Errorf("%d tries, want %d", desk.tries(), test.tries)
				}
				if took := time.Since(began); took < test.after || took > max(test.within, test.after) {
					t.Errorf("it took %v, want %v to %v", took, test.after, test.within)
				}
				if got := len(desk.texts()); !test.fails && got != 1 {
					t.Errorf("%d answers were taken", got)
				}
			})
		})
	}
}

func answersOf(answers ...func(*http.Request) (*http.Response, error)) []func(*http.Request) (*http.Response, error) {
	return answers
}

// A layout that Slack does not take costs the layout, not the answer.
func TestAnswerWithoutItsBlocks(t *testing.T) {
	for _, body := range []string{"invalid_blocks", "invalid_blocks_format", `{"ok":false,"error":"invalid_blocks"}`, `{"ok":false,"error":"invalid_blocks_format"}`} {
		for _, status := range []int{http.StatusBadRequest, http.StatusOK} {
			desk := newSlackDesk(says(status, body), says(http.StatusOK, "ok"))
			if err := newResponder(desk).post(t.Context(), answerAt, aMessage); err != nil {
				t.Errorf("%d %s: %v", status, body, err)
				continue
			}
			if got := desk.got[len(desk.got)-1]; got.Blocks != nil || got.Text != "done" || got.ResponseType != "ephemeral" {
				t.Errorf("%d %s: %+v was sent", status, body, got)
			}
		}
	}
}

// A page of a proxy may quote the address, and so may a transport: neither reaches an error.
func TestAddressStaysOutOfErrors(t *testing.T) {
	page := "<html>Cannot POST /commands/T0ACME/1/verysecret</html>"
	for name, far := range map[string]func(*http.Request) (*http.Response, error){
		"404 with a page":    says(404, page),
		"404 with JSON":      says(404, `{"ok":false,"error":"no route for https://hooks.slack.example/commands/T0ACME/1/verysecret"}`),
		"404 with the token": says(404, "verysecret/verysecret"),
		"200 that redirects": says(302, "", "Location", answerAt+"\x7f"),
		"no network": func(*http.Request) (*http.Response, error) {
			return nil, errors.New("connection refused")
		},
	} {
		synctest.Test(t, func(t *testing.T) {
			err := newResponder(newSlackDesk(far)).post(t.Context(), answerAt, aMessage)
			if err == nil {
				t.Errorf("%s: no error", name)
			}
			noAddress(t, err)
		})
	}
	for _, address := range []meeting.Secret{"", "http://verysecret\x7f", "verysecret", "ftp://verysecret"} {
		synctest.Test(t, func(t *testing.T) {
			err := newResponder(nil).post(t.Context(), address, aMessage)
			if err == nil {
				t.Errorf("an answer was sent to nowhere")
			}
			noAddress(t, err)
		})
	}
}

func TestAnswerEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
		defer cancel()
		began := time.Now()
		err := newResponder(newSlackDesk(hangs)).post(ctx, answerAt, aMessage)
		if took := time.Since(began); err == nil || took != 2*time.Second {
			t.Errorf("after %v: %v", took, err)
		}
		noAddress(t, err)
	})
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
		defer cancel()
		began := time.Now()
		err := newResponder(newSlackDesk(says(429, "", "Retry-After", "5"))).post(ctx, answerAt, aMessage)
		if took := time.Since(began); !errors.Is(err, context.DeadlineExceeded) || took != 2*time.Second {
			t.Errorf("after %v: %v", took, err)
		}
	})
}

func TestBlocksAreEncodedAsSlackGoDoes(t *testing.T) {
	blocks := render(Reply{
		Tone: Done, Text: "done <b>", About: []string{"Weekly · 914083136"}, Next: "next",
		Items: []Item{{Text: "one", Row: Row{Action: store.Action{ID: "b"}, Menu: []Choice{{"+30", "extend:30"}}}}}, Offers: []Offer{{Label: "+15", Action: store.Action{ID: "a"}}, {Label: "+30"}},
	}).Blocks
	want, err := json.Marshal(blocks)
	if err != nil {
		t.Fatal(err)
	}
	got, err := json.Marshal(plainly(blocks))
	if err != nil || string(got) != string(want) {
		t.Errorf("%v:\n%s\nwant:\n%s", err, got, want)
	}
}
