package main

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/overtime-bot/overtime/bot/slacksim"
)

// slackWire carries calls to Slack's stand-in within the process, and keeps what was posted, independent of what the
// bot or the stand-in remember.
type slackWire struct {
	slack *slacksim.Server

	mu      sync.Mutex
	posted  []*postedMessage
	byTS    map[string]*postedMessage
	answers []postedAnswer
}

// postedMessage is a message of chat.postMessage with what became of it.
type postedMessage struct {
	at          time.Time
	channel, ts string
	shown       []shownMessage // the first as it was posted, the others as it was edited
}

// shownMessage is a message as people see it.
type shownMessage struct {
	at      time.Time
	text    string
	buttons []shownButton
	meeting string    // the ID that it names; empty if none
	end     time.Time // the first end time that it names
	titles  []string  // of the simulated week's meetings
}

type shownButton struct{ label, action, value string }

type postedAnswer struct {
	at   time.Time
	url  string
	text string
}

func (m *postedMessage) first() shownMessage { return m.shown[0] }
func (m *postedMessage) last() shownMessage  { return m.shown[len(m.shown)-1] }

// isPrompt says that it offers more time.
func (m shownMessage) isPrompt() bool {
	return slices.ContainsFunc(m.buttons, func(b shownButton) bool { return strings.HasPrefix(b.label, "+") })
}

// labels are those of its buttons, for who reads a failure.
func (m shownMessage) labels() []string {
	var labels []string
	for _, b := range m.buttons {
		labels = append(labels, b.label)
	}
	return labels
}

func (m shownMessage) button(label string) (shownButton, bool) {
	at := slices.IndexFunc(m.buttons, func(b shownButton) bool { return strings.HasPrefix(b.label, label) })
	if at < 0 {
		return shownButton{}, false
	}
	return m.buttons[at], true
}

// RoundTrip serves the request by the stand-in, or keeps it, if it is an answer to a press.
func (w *slackWire) RoundTrip(request *http.Request) (*http.Response, error) {
	if err := request.Context().Err(); err != nil {
		return nil, err
	}
	var body []byte
	if request.Body != nil {
		var err error
		if body, err = io.ReadAll(request.Body); err != nil {
			return nil, err
		}
	}
	recorder := httptest.NewRecorder()
	if request.URL.Host == answersHost {
		w.answer(request.URL.String(), body)
		_, _ = recorder.WriteString("ok")
		return recorder.Result(), nil
	}
	inner := request.Clone(request.Context())
	inner.Body, inner.RequestURI = io.NopCloser(bytes.NewReader(body)), request.URL.RequestURI()
	w.slack.ServeHTTP(recorder, inner)
	w.keep(request.URL.Path, body, recorder.Body.Bytes())
	return recorder.Result(), nil
}

// answersHost is where presses of this test are answered.
const answersHost = "answers.slack.com"

func (w *slackWire) answer(address string, body []byte) {
	var said struct {
		Text   string          `json:"text"`
		Blocks json.RawMessage `json:"blocks"`
	}
	_ = json.Unmarshal(body, &said) // an answer that is not JSON has no text
	w.mu.Lock()
	defer w.mu.Unlock()
	w.answers = append(w.answers, postedAnswer{at: time.Now(), url: address, text: said.Text})
	if replaced := w.find(address[strings.LastIndexByte(address, '/')+1:]); replaced != nil && strings.Contains(string(body), `"replace_original":true`) {
		replaced.shown = append(replaced.shown, readMessage(said.Text, string(said.Blocks)))
	}
}

// keep remembers a message that the stand-in took.
func (w *slackWire) keep(path string, body, answer []byte) {
	var told struct {
		OK      bool   `json:"ok"`
		Channel string `json:"channel"`
		TS      string `json:"ts"`
	}
	method := path[strings.LastIndexByte(path, '/')+1:]
	if json.Unmarshal(answer, &told) != nil || !told.OK || !slices.Contains([]string{"chat.postMessage", "chat.update"}, method) {
		return
	}
	form, _ := url.ParseQuery(string(body)) // slack-go sends these as forms
	seen := readMessage(form.Get("text"), form.Get("blocks"))
	w.mu.Lock()
	defer w.mu.Unlock()
	if method == "chat.postMessage" {
		if w.byTS == nil {
			w.byTS = make(map[string]*postedMessage)
		}
		w.byTS[told.TS] = &postedMessage{at: seen.at, channel: told.Channel, ts: told.TS, shown: []shownMessage{seen}}
		w.posted = append(w.posted, w.byTS[told.TS])
	} else if edited := w.find(told.TS); edited != nil {
		edited.shown = append(edited.shown, seen)
	}
}

// find is called with the lock.
func (w *slackWire) find(ts string) *postedMessage { return w.byTS[ts] }

// since returns what was posted from a number on.
func (w *slackWire) since(number int) []*postedMessage {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.posted[number:])
}

var (
	meetingNumber = regexp.MustCompile(`\b9[1-3]\d{7}\b`)
	endTime       = regexp.MustCompile(`<!date\^(\d+)\^`)
	weekTitle     = regexp.MustCompile(`Series \d+|Room \d+ turn \d+|One-off \d+`)
)

func readMessage(text, blocks string) shownMessage {
	seen := shownMessage{at: time.Now(), text: text, meeting: meetingNumber.FindString(blocks + text), titles: weekTitle.FindAllString(blocks+text, -1)}
	if found := endTime.FindStringSubmatch(text); found != nil {
		seconds, _ := strconv.ParseInt(found[1], 10, 64) // digits
		seen.end = time.Unix(seconds, 0).UTC()
	}
	var layout []struct {
		Elements []struct {
			Type   string          `json:"type"`
			Action string          `json:"action_id"`
			Value  string          `json:"value"`
			Text   json.RawMessage `json:"text"` // of a context's element a string
		} `json:"elements"`
	}
	_ = json.Unmarshal([]byte(blocks), &layout) // the stand-in has checked them
	for _, block := range layout {
		for _, element := range block.Elements {
			var label struct {
				Text string `json:"text"`
			}
			if element.Type == "button" && json.Unmarshal(element.Text, &label) == nil {
				seen.buttons = append(seen.buttons, shownButton{label.Text, element.Action, element.Value})
			}
		}
	}
	return seen
}
