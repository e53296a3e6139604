package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/overtime-bot/overtime/bot/access"
	"github.com/slack-go/slack"
)

// fakePeople are the accounts, groups and channels of Slack.
type fakePeople struct {
	mu         sync.Mutex // of people
	people     map[string]access.Person
	err        error
	groups     map[string]access.Membership
	channel    access.Channel
	channelErr error
	emailErr   error
	panics     atomic.Bool // every look-up does
}

func (f *fakePeople) Person(ctx context.Context, user string) (access.Person, error) {
	if f.err != nil {
		return access.Person{}, f.err
	}
	person, ok := f.Known(user)
	if !ok {
		return access.Person{}, errors.New("user_not_found")
	}
	return person, ctx.Err()
}

func (f *fakePeople) ByEmail(ctx context.Context, email string) (access.Person, error) {
	if f.emailErr != nil {
		return access.Person{}, f.emailErr
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, person := range f.people {
		if strings.EqualFold(person.Email, email) {
			return person, ctx.Err()
		}
	}
	return access.Person{}, nil
}

func (f *fakePeople) Known(user string) (access.Person, bool) {
	if f.panics.Load() {
		panic("secret words")
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	person, ok := f.people[user]
	return person, ok && f.err == nil
}

// change changes an account.
func (f *fakePeople) change(user string, change func(*access.Person)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	person := f.people[user]
	change(&person)
	f.people[user] = person
}

// speak lets everybody have a locale.
func (f *fakePeople) speak(locale string) {
	for _, user := range []string{admin, owner, stranger} {
		f.change(user, func(p *access.Person) { p.Locale = locale })
	}
}

func (f *fakePeople) Groups(context.Context, string) map[string]access.Membership { return f.groups }

func (f *fakePeople) Channel(_ context.Context, id string) (access.Channel, error) {
	channel := f.channel
	channel.ID = id
	return channel, f.channelErr
}

// fakePoster is the part of Slack's Web API that takes messages, as a transport of slack-go's client.
type fakePoster struct {
	mu    sync.Mutex
	err   error
	errs  map[string][]error // by channel or person: one a call, then none
	users []string           // where each post went
	posts []post
	edits []post
	alone []post // shown in a channel to one person
	homes []post // published
	tries int

	script *script
}

// client is slack-go's, which speaks to it.
func (f *fakePoster) client() *slack.Client {
	return slack.New("xoxb-token", slack.OptionAPIURL("https://slack.example/api/"), slack.OptionHTTPClient(&http.Client{Transport: f}))
}

// post is a message that was posted, or put in the place of another.
type post struct {
	place string
	heard
	at     time.Time
	thread string
	reader string // who alone sees it; empty = all
}

// trouble is what this call of that place meets.
func (f *fakePoster) trouble(place string) error {
	f.tries++
	if len(f.errs[place]) == 0 {
		return nil
	}
	err := f.errs[place][0]
	f.errs[place] = f.errs[place][1:]
	return err
}

// RoundTrip takes chat.postMessage, chat.postEphemeral and chat.update.
func (f *fakePoster) RoundTrip(request *http.Request) (*http.Response, error) {
	defer request.Body.Close()
	if err := request.Context().Err(); err != nil {
		return nil, err
	}
	body, err := io.ReadAll(request.Body)
	if err != nil {
		return nil, err
	}
	if strings.HasSuffix(request.URL.Path, "views.publish") {
		return f.publish(request, body)
	}
	values, err := url.ParseQuery(string(body))
	if err != nil {
		return nil, err
	}
	var blocks []json.RawMessage
	if text := values.Get("blocks"); text != "" {
		if err := json.Unmarshal([]byte(text), &blocks); err != nil {
			return nil, err
		}
	}
	channel := values.Get("channel")
	said := hear(values.Get("text"), blocks)
	reader := values.Get("user")
	said.private = isDirect(channel) || strings.HasPrefix(channel, "U") || reader != ""
	if err := f.take(request.URL.Path, values.Get("ts"), post{channel, said, time.Now(), values.Get("thread_ts"), reader}, &said); err != nil {
		return failedCall(request, err)
	}
	if strings.HasPrefix(channel, "U") {
		channel = directOf(channel)
	}
	answer := encoded(map[string]any{"ok": true, "channel": channel, "ts": said.timestamp, "message_ts": said.timestamp})
	return says(http.StatusOK, string(answer), "Content-Type", "application/json")(request)
}

// take keeps a message, or says what is wrong with it.
func (f *fakePoster) take(method, timestamp string, arrived post, said *heard) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := f.trouble(arrived.place); err != nil {
		return err
	}
	if f.err != nil && (said.blocks != nil || !strings.Contains(f.err.Error(), badBlocks)) {
		return f.err
	}
	said.timestamp = fmt.Sprint("1.", len(f.posts)+1)
	switch {
	case strings.HasSuffix(method, "chat.update"):
		said.timestamp = timestamp
		f.edits = append(f.edits, arrived.saying(*said))
		f.script.add(whoReads(arrived.place)+" now reads:", *said)
	case arrived.reader != "":
		f.alone = append(f.alone, arrived.saying(*said))
		f.script.add(arrived.reader+" alone reads in #"+arrived.place+":", *said)
	default:
		f.users, f.posts = append(f.users, arrived.place), append(f.posts, arrived.saying(*said))
		f.script.add(whoReads(arrived.place)+" reads:", *said)
	}
	return nil
}

func (p post) saying(said heard) post {
	p.heard = said
	return p
}

// failedCall is how slack-go comes to see such an error.
func failedCall(request *http.Request, err error) (*http.Response, error) {
	var refused slack.SlackErrorResponse
	var throttled *slack.RateLimitedError
	var status slack.StatusCodeError
	var verbatim answersWith
	switch {
	case errors.As(err, &refused):
		return says(http.StatusOK, string(encoded(map[string]any{"ok": false, "error": refused.Err})), "Content-Type", "application/json")(request)
	case errors.As(err, &throttled):
		return says(http.StatusTooManyRequests, "", "Retry-After", fmt.Sprint(int(throttled.RetryAfter/time.Second)))(request)
	case errors.As(err, &verbatim):
		return says(http.StatusOK, string(verbatim), "Content-Type", "application/json")(request)
	case errors.As(err, &status):
		return says(status.Code, "")(request)
	}
	return nil, err
}

// whoReads names where a message is read.
func whoReads(id string) string {
	switch {
	case strings.HasPrefix(id, "C"):
		return "Everybody in #" + id
	case strings.HasPrefix(id, "D"):
		return "U" + id[1:]
	}
	return id
}

// texts are those of the messages that were posted.
func (f *fakePoster) texts() []string {
	var texts []string
	for _, post := range f.all() {
		texts = append(texts, post.whole)
	}
	return texts
}

func (f *fakePoster) all() []post {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.posts)
}

func (f *fakePoster) edited() []post {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.edits)
}

// places are where messages went.
func (f *fakePoster) places() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.users)
}

// heardBy are the messages in a channel, or the direct ones to a person.
func (f *fakePoster) heardBy(user string) []heard {
	var found []heard
	for _, post := range f.all() {
		if post.place == user || strings.HasPrefix(user, "U") && post.place == directOf(user) {
			found = append(found, post.heard)
		}
	}
	return found
}

// directOf is the bot's direct message with a person.
func directOf(user string) string { return "D" + user[1:] }

// shownTo are the messages that were shown in a channel to one person.
func (f *fakePoster) shownTo(user string) []post {
	f.mu.Lock()
	defer f.mu.Unlock()
	var shown []post
	for _, post := range f.alone {
		if post.reader == user {
			shown = append(shown, post)
		}
	}
	return shown
}

// forget drops what was posted and edited so far.
func (f *fakePoster) forget() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.posts, f.edits = nil, nil
}

// fail lets Slack refuse messages to a place: one a call, then none.
func (f *fakePoster) fail(place string, errs ...error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.errs == nil {
		f.errs = make(map[string][]error)
	}
	f.errs[place] = errs
}

// answersWith is an answer as it is written, with HTTP 200.
type answersWith string

func (answersWith) Error() string { return "an answer as it is written" }

func slackSays(code string) error { return slack.SlackErrorResponse{Err: code} }

// mayNotPost lets Slack refuse messages to a place.
func mayNotPost(place string) func(*world) {
	return func(w *world) { w.poster.fail(place, slackSays("not_in_channel")) }
}

// slackDesk is the far end of a response_url, as a transport: it needs no network, so that it works in a bubble.
type slackDesk struct {
	mu      sync.Mutex
	answers []func(*http.Request) (*http.Response, error) // one a request; the last goes on
	got     []receivedAnswer
	times   []time.Time
	arrived chan struct{} // told each answer that was taken
	script  *script
}

type receivedAnswer struct {
	ResponseType string            `json:"response_type"`
	Text         string            `json:"text"`
	Blocks       []json.RawMessage `json:"blocks"`
	Replaces     *bool             `json:"replace_original"`
}

func newSlackDesk(answers ...func(*http.Request) (*http.Response, error)) *slackDesk {
	return &slackDesk{answers: answers, arrived: make(chan struct{}, 10_000)}
}

func (d *slackDesk) RoundTrip(request *http.Request) (*http.Response, error) {
	defer request.Body.Close()
	body, err := io.ReadAll(request.Body)
	if err != nil {
		return nil, err
	}
	var got receivedAnswer
	if err := json.Unmarshal(body, &got); err != nil {
		return nil, err
	}
	d.mu.Lock()
	d.times = append(d.times, time.Now())
	next := says(http.StatusOK, "ok")
	if len(d.answers) > 0 {
		next = d.answers[0]
		if len(d.answers) > 1 {
			d.answers = d.answers[1:]
		}
	}
	d.mu.Unlock()
	response, err := next(request)
	if err == nil && response.StatusCode < 300 {
		d.mu.Lock()
		d.got = append(d.got, got)
		d.mu.Unlock()
		if d.script != nil {
			d.script.add(request.URL.Path[strings.LastIndex(request.URL.Path, "/")+1:]+" alone reads:", got.heard())
		}
		d.arrived <- struct{}{}
	}
	return response, err
}

func (d *slackDesk) texts() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	var texts []string
	for _, answer := range d.got {
		texts = append(texts, answer.Text)
	}
	return texts
}

// heard are the answers that were taken.
func (d *slackDesk) heard() []heard {
	d.mu.Lock()
	defer d.mu.Unlock()
	var all []heard
	for _, answer := range d.got {
		all = append(all, answer.heard())
	}
	return all
}

func (a receivedAnswer) heard() heard {
	said := hear(a.Text, a.Blocks)
	said.private, said.replaces = a.ResponseType == "ephemeral", a.Replaces != nil && *a.Replaces
	return said
}

func (d *slackDesk) countOf(part string) int {
	return strings.Count(strings.Join(d.texts(), "\n"), part)
}

func (d *slackDesk) tries() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(d.times)
}

// says is an answer of Slack's.
func says(status int, body string, headers ...string) func(*http.Request) (*http.Response, error) {
	return func(request *http.Request) (*http.Response, error) {
		response := &http.Response{
			StatusCode: status, Status: http.StatusText(status), Header: http.Header{}, Request: request,
			Body: io.NopCloser(strings.NewReader(body)), ProtoMajor: 1, ProtoMinor: 1,
		}
		for i := 0; i+1 < len(headers); i += 2 {
			response.Header.Set(headers[i], headers[i+1])
		}
		return response, nil
	}
}

// failsWith is a transport's error.
func failsWith(err error) func(*http.Request) (*http.Response, error) {
	return func(*http.Request) (*http.Response, error) { return nil, err }
}

// hangs never answers.
func hangs(request *http.Request) (*http.Response, error) {
	<-request.Context().Done()
	return nil, request.Context().Err()
}

// last is the message that was posted last.
func (f *fakePoster) last() heard {
	all := f.all()
	if len(all) == 0 {
		return heard{}
	}
	return all[len(all)-1].heard
}
