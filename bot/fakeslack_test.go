package bot

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/overtime-bot/overtime/bot/access"
	"github.com/slack-go/slack"
)

type fakePeople struct {
	people     map[string]access.Person
	err        error
	groups     map[string]access.Membership
	channel    access.Channel
	channelErr error
	emailErr   error
}

func (f *fakePeople) Person(ctx context.Context, user string) (access.Person, error) {
	if f.err != nil {
		return access.Person{}, f.err
	}
	person, ok := f.people[user]
	if !ok {
		return access.Person{}, errors.New("user_not_found")
	}
	return person, ctx.Err()
}

func (f *fakePeople) ByEmail(ctx context.Context, email string) (access.Person, error) {
	if f.emailErr != nil {
		return access.Person{}, f.emailErr
	}
	for id, person := range f.people {
		if strings.EqualFold(person.Email, email) {
			return f.Person(ctx, id)
		}
	}
	return access.Person{}, nil
}

func (f *fakePeople) Known(user string) (access.Person, bool) {
	person, ok := f.people[user]
	return person, ok && f.err == nil
}

func (f *fakePeople) Groups(context.Context, string) map[string]access.Membership { return f.groups }

func (f *fakePeople) Channel(context.Context, string) (access.Channel, error) {
	return f.channel, f.channelErr
}

// fakePoster takes messages, direct ones and those to channels.
type fakePoster struct {
	mu    sync.Mutex
	err   error
	errs  map[string][]error // by channel or person: one a call, then none
	posts []Message
	users []string
	edits []edited
	tries int
}

// edited is a message that was put in the place of another.
type edited struct {
	channel, timestamp, text string
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

func (f *fakePoster) UpdateMessageContext(_ context.Context, channel, timestamp string, options ...slack.MsgOption) (string, string, string, error) {
	_, values, err := slack.UnsafeApplyMsgOptions("xoxb-token", channel, "https://slack.example/api/", options...)
	if err != nil {
		return "", "", "", err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := f.trouble(channel); err != nil {
		return "", "", "", err
	}
	f.edits = append(f.edits, edited{channel, timestamp, values.Get("text")})
	return channel, timestamp, values.Get("text"), nil
}

func (f *fakePoster) PostMessageContext(_ context.Context, channel string, options ...slack.MsgOption) (string, string, error) {
	_, values, err := slack.UnsafeApplyMsgOptions("xoxb-token", channel, "https://slack.example/api/", options...)
	if err != nil {
		return "", "", err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := f.trouble(channel); err != nil {
		return "", "", err
	}
	if f.err != nil {
		err := f.err
		if strings.Contains(err.Error(), badBlocks) && values.Get("blocks") == "" {
			err = nil
		}
		if err != nil {
			return "", "", err
		}
	}
	f.users = append(f.users, channel)
	f.posts = append(f.posts, Message{Text: values.Get("text")})
	if strings.HasPrefix(channel, "U") {
		channel = "D" + channel[1:]
	}
	return channel, "1.1", nil
}

func (f *fakePoster) texts() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	var texts []string
	for _, post := range f.posts {
		texts = append(texts, post.Text)
	}
	return texts
}

// slackDesk is the far end of a response_url, as a transport: it needs no network, so that it works in a bubble.
type slackDesk struct {
	mu      sync.Mutex
	answers []func(*http.Request) (*http.Response, error) // one a request; the last goes on
	got     []receivedAnswer
	times   []time.Time
	arrived chan struct{} // told each answer that was taken
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

// hangs never answers.
func hangs(request *http.Request) (*http.Response, error) {
	<-request.Context().Done()
	return nil, request.Context().Err()
}
