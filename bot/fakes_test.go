package bot

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/bot/i18n"
	"github.com/overtime-bot/overtime/bot/socket"
	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/scheduler"
	"github.com/overtime-bot/overtime/scheduler/store"
	"github.com/slack-go/slack"
)

// The people and the meeting of these tests.
const (
	admin    = "U0ADMIN"
	owner    = "U0OWNER" // hosts theMeeting
	stranger = "U0STRANGER"
	theTeam  = "T0ACME"
	theID    = "914083136"
	answerAt = "https://hooks.slack.example/commands/T0ACME/1/verysecret"
)

// noon is where the clock stands in the golden files, a minute that no zone has trouble with.
var noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

func theMeeting() meeting.Meeting {
	return meeting.Meeting{
		ID: theID, UUID: "run-1", Subject: "Weekly product sync", HostUUID: "host-1", HostName: "Olivia Owner",
		Start: noon.Add(-48 * time.Minute), End: noon.Add(72 * time.Minute), People: 5, Extendable: true,
	}
}

// fakeScheduler answers with its fields; a nil function is the plain good case.
type fakeScheduler struct {
	meetings []meeting.Meeting
	findErr  error
	look     *meeting.Meeting // of Look, where it differs from what Find gives
	extend   func(ctx context.Context, request scheduler.Request) (scheduler.Result, error)
	left     int
	leftErr  error
	noLimit  bool
	resumed  scheduler.Result // of Resume; no outcome = nothing was sent
	resume   func(ctx context.Context, envelope string) error

	stands    *scheduler.Result // of Stands; nil = as it was
	standsErr error

	answerErr, followErr, whyErr error
	explained                    scheduler.Explanation

	mu       sync.Mutex
	requests []scheduler.Request
	prompts  map[int64]scheduler.Prompt // that were answered
	followed []string                   // runs
}

func (f *fakeScheduler) Find(_ context.Context, id string) (meeting.Meeting, error) {
	if f.findErr != nil {
		return meeting.Meeting{}, f.findErr
	}
	for _, m := range f.meetings {
		if m.ID == id || m.RoomID == id {
			return m, nil
		}
	}
	return meeting.Meeting{}, &meeting.Error{Op: "find meeting", Kind: meeting.ErrNotFound}
}

func (f *fakeScheduler) Look(ctx context.Context, id string) (meeting.Meeting, error) {
	if f.look != nil {
		return *f.look, nil
	}
	return f.Find(ctx, id)
}

func (f *fakeScheduler) Running(context.Context) ([]meeting.Meeting, error) {
	return f.meetings, f.findErr
}

func (f *fakeScheduler) Extend(ctx context.Context, request scheduler.Request) (scheduler.Result, error) {
	f.mu.Lock()
	f.requests = append(f.requests, request)
	f.mu.Unlock()
	if f.extend != nil {
		return f.extend(ctx, request)
	}
	return confirmedResult(request), nil
}

// theToken is that of every confirmed extension.
const theToken = "QWERTYUIOPASDFGHJKLZXCVB23"

func confirmedResult(request scheduler.Request) scheduler.Result {
	m := request.Meeting
	before := m.End
	m.End = m.End.Add(time.Duration(request.Minutes) * time.Minute)
	return scheduler.Result{
		Outcome: scheduler.DidConfirm, Meeting: m,
		Extension: scheduler.Extension{ID: 12, Token: theToken, Run: scheduler.RunOf(m), MeetingID: m.ID, Minutes: request.Minutes, Before: before, Target: m.End, After: m.End},
	}
}

func (f *fakeScheduler) Resume(ctx context.Context, envelope string) (scheduler.Result, bool, error) {
	if f.resume != nil {
		if err := f.resume(ctx, envelope); err != nil {
			return scheduler.Result{}, false, err
		}
	}
	return f.resumed, f.resumed.Outcome != "", nil
}

func (f *fakeScheduler) Stands(context.Context, int64) (scheduler.Result, error) {
	if f.stands == nil {
		return scheduler.Result{Outcome: scheduler.NotKnown}, f.standsErr
	}
	return *f.stands, f.standsErr
}

func (f *fakeScheduler) Answer(ctx context.Context, id int64, answer scheduler.Answer, by scheduler.Actor) (scheduler.Prompt, bool, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.answerErr != nil {
		return scheduler.Prompt{}, false, f.answerErr
	}
	prompt := f.prompts[id]
	if prompt.Answer != scheduler.NoAnswer {
		return prompt, false, nil
	}
	prompt.Answer, prompt.By = answer, by
	if f.prompts == nil {
		f.prompts = make(map[int64]scheduler.Prompt)
	}
	f.prompts[id] = prompt
	return prompt, true, nil
}

func (f *fakeScheduler) FollowNow(_ context.Context, _, run string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.followErr == nil {
		f.followed = append(f.followed, run)
	}
	return f.followErr
}

func (f *fakeScheduler) Why(_ context.Context, m meeting.Meeting, minutes int) (scheduler.Explanation, error) {
	explained := f.explained
	explained.Meeting, explained.Trial.Minutes = m, minutes
	return explained, f.whyErr
}

func (f *fakeScheduler) Left(context.Context, string) (int, bool, error) {
	return f.left, !f.noLimit, f.leftErr
}

type fakeHosts struct {
	email     string
	err       error
	booked    meeting.Meeting
	bookedErr error
	mu        sync.Mutex
	calls     int
}

func (f *fakeHosts) Host(context.Context, string) (meeting.Host, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.calls++
	return meeting.Host{UUID: "host-1", Email: f.email}, f.err
}

func (f *fakeHosts) Booked(context.Context, string) (meeting.Meeting, error) {
	return f.booked, f.bookedErr
}

type fakePeople struct {
	people     map[string]Person
	err        error
	groups     map[string]Membership
	channel    Channel
	channelErr error
	emailErr   error
}

func (f *fakePeople) Person(ctx context.Context, user string) (Person, error) {
	if f.err != nil {
		return Person{}, f.err
	}
	person, ok := f.people[user]
	if !ok {
		return Person{}, errors.New("user_not_found")
	}
	return person, ctx.Err()
}

func (f *fakePeople) ByEmail(ctx context.Context, email string) (Person, error) {
	if f.emailErr != nil {
		return Person{}, f.emailErr
	}
	for id, person := range f.people {
		if strings.EqualFold(person.Email, email) {
			return f.Person(ctx, id)
		}
	}
	return Person{}, nil
}

func (f *fakePeople) Known(user string) (Person, bool) {
	person, ok := f.people[user]
	return person, ok && f.err == nil
}

func (f *fakePeople) Groups(context.Context, string) map[string]Membership { return f.groups }

func (f *fakePeople) Channel(context.Context, string) (Channel, error) {
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

// fakeRules is a store of rules in memory.
type fakeRules struct {
	mu     sync.Mutex
	rules  map[string]scheduler.Rule
	paused scheduler.Pause
	quiet  map[scheduler.Actor]bool
	state  scheduler.PromptState // of each prompt; posted if empty
	err    error                 // of everything
}

func (f *fakeRules) Rules(context.Context) ([]scheduler.Rule, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Collect(maps.Values(f.rules)), f.err
}

func (f *fakeRules) PutRule(_ context.Context, rule scheduler.Rule) (scheduler.Rule, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.err != nil {
		return scheduler.Rule{}, f.err
	}
	if f.rules == nil {
		f.rules = make(map[string]scheduler.Rule)
	}
	before := f.rules[rule.Of]
	f.rules[rule.Of] = rule
	return before, nil
}

func (f *fakeRules) DeleteRule(_ context.Context, of string) (scheduler.Rule, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.err != nil {
		return scheduler.Rule{}, f.err
	}
	before := f.rules[of]
	delete(f.rules, of)
	return before, nil
}

func (f *fakeRules) PauseAll(_ context.Context, by scheduler.Actor) (scheduler.Pause, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	before := f.paused
	if f.err == nil && before.IsZero() {
		f.paused = scheduler.Pause{Reason: scheduler.PausedByAdmin, By: by, Since: noon}
	}
	return before, f.err
}

func (f *fakeRules) ResumeAll(context.Context) (scheduler.Pause, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	before := f.paused
	if f.err == nil {
		f.paused = scheduler.Pause{}
	}
	return before, f.err
}

func (f *fakeRules) Paused(context.Context) (scheduler.Pause, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.paused, f.err
}

func (f *fakeRules) Prompt(_ context.Context, id int64) (scheduler.Prompt, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return scheduler.Prompt{ID: id, State: cmp.Or(f.state, scheduler.PromptPosted)}, f.err
}

func (f *fakeRules) SetQuiet(_ context.Context, person scheduler.Actor, quiet bool) (bool, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.quiet == nil {
		f.quiet = make(map[scheduler.Actor]bool)
	}
	before := f.quiet[person]
	f.quiet[person] = quiet
	return before, f.err
}

func (f *fakeRules) Quiet(_ context.Context, person scheduler.Actor) (bool, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.quiet[person], f.err
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

// renewal is one of a claim.
type renewal struct {
	id string
	at time.Time
}

// fakeInbox is a store of envelopes in memory.
type fakeInbox struct {
	mu       sync.Mutex
	store    func(ctx context.Context) error // before an envelope is stored; nil = no trouble
	rows     map[string]store.Envelope
	answered []string
	actions  map[string]store.Action
	extended []renewal // of claims
	err      error     // of AnswerEnvelope

	now func() time.Time // by which actions expire; nil = they do not

	// What comes before the others do their work; nil = no trouble.
	take, extend, put, find func(ctx context.Context) error
}

func (f *fakeInbox) StoreEnvelope(ctx context.Context, envelope store.Envelope, _ string, claimFor time.Duration) (bool, error) {
	if f.store != nil {
		if err := f.store(ctx); err != nil {
			return false, err
		}
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if _, there := f.rows[envelope.ID]; there {
		return false, nil
	}
	if f.rows == nil {
		f.rows = make(map[string]store.Envelope)
	}
	envelope.Stored, envelope.ClaimedUntil = time.Now(), time.Now().Add(claimFor)
	f.rows[envelope.ID] = envelope
	return true, nil
}

func (f *fakeInbox) AnswerEnvelope(_ context.Context, id string, keepPayload bool) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.answered = append(f.answered, id)
	if f.err != nil {
		return f.err
	}
	if row, there := f.rows[id]; there {
		row.Answered = true
		if !keepPayload {
			row.Payload = nil
		}
		f.rows[id] = row
	}
	return nil
}

func (f *fakeInbox) Envelope(_ context.Context, id string) (store.Envelope, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	row, ok := f.rows[id]
	if !ok {
		return store.Envelope{}, store.ErrNoEnvelope
	}
	return row, nil
}

// before is trouble that comes first.
func before(ctx context.Context, trouble func(context.Context) error) error {
	if trouble == nil {
		return nil
	}
	return trouble(ctx)
}

func (f *fakeInbox) TakeEnvelopes(ctx context.Context, _ string, claimFor time.Duration, limit int) ([]store.Envelope, error) {
	if err := before(ctx, f.take); err != nil {
		return nil, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	var taken []store.Envelope
	for id, row := range f.rows {
		if len(taken) < limit && !row.Answered && !row.ClaimedUntil.After(time.Now()) {
			row.ClaimedUntil = time.Now().Add(claimFor)
			f.rows[id] = row
			taken = append(taken, row)
		}
	}
	slices.SortFunc(taken, func(a, b store.Envelope) int { return cmp.Or(a.Stored.Compare(b.Stored), cmp.Compare(a.ID, b.ID)) })
	return taken, nil
}

func (f *fakeInbox) ExtendClaims(ctx context.Context, _ string, ids []string, claimFor time.Duration) error {
	if err := before(ctx, f.extend); err != nil {
		return err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, id := range ids {
		f.extended = append(f.extended, renewal{id, time.Now()})
		if row, there := f.rows[id]; there {
			row.ClaimedUntil = time.Now().Add(claimFor)
			f.rows[id] = row
		}
	}
	return nil
}

func (f *fakeInbox) PutActions(ctx context.Context, actions []store.Action) error {
	if err := before(ctx, f.put); err != nil {
		return err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.actions == nil {
		f.actions = make(map[string]store.Action)
	}
	for _, action := range actions {
		if action.ID == "" || action.Verb == "" || action.Expires.IsZero() { // as the store has it
			return errors.New("store actions: one has no ID, no verb or no expiry")
		}
	}
	for _, action := range actions {
		f.actions[action.ID] = action
	}
	return nil
}

func (f *fakeInbox) Action(ctx context.Context, id string) (store.Action, error) {
	if err := before(ctx, f.find); err != nil {
		return store.Action{}, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	action, there := f.actions[id]
	if !there || f.now != nil && !action.Expires.After(f.now()) {
		return store.Action{}, store.ErrNoAction
	}
	return action, nil
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

// world is a bot among fakes.
type world struct {
	t         *testing.T
	scheduler *fakeScheduler
	hosts     *fakeHosts
	people    *fakePeople
	poster    *fakePoster
	inbox     *fakeInbox
	rules     *fakeRules
	desk      *slackDesk
	policy    Policy
	channel   string // NOTIFY_CHANNEL
	mode      scheduler.Mode
	least     int // people that must be in
	language  string
	workers   int
	now       func() time.Time
	log       *logLines
	observed  chan string

	bot *Bot
}

func ordinary(id, email, locale, zone string) Person {
	return Person{ID: id, Known: true, TeamID: theTeam, Email: email, EmailConfirmed: true, Locale: locale, Zone: zone}
}

func newWorld(t *testing.T) *world {
	return &world{
		t:         t,
		scheduler: &fakeScheduler{meetings: []meeting.Meeting{theMeeting()}, left: 210},
		hosts:     &fakeHosts{email: "owner@acme.example", bookedErr: &meeting.Error{Op: "booked meeting", Kind: meeting.ErrNotFound}},
		people: &fakePeople{people: map[string]Person{
			admin:    ordinary(admin, "admin@acme.example", "en-US", "Europe/Berlin"),
			owner:    ordinary(owner, "owner@acme.example", "en-US", "Europe/Berlin"),
			stranger: ordinary(stranger, "stranger@acme.example", "en-US", "Europe/Berlin"),
		}},
		poster:   &fakePoster{},
		inbox:    &fakeInbox{},
		rules:    &fakeRules{},
		desk:     newSlackDesk(),
		policy:   Policy{Team: theTeam, AdminUsers: []string{admin}, HostsMayExtend: true},
		mode:     scheduler.ModeOff,
		least:    2,
		language: "en",
		workers:  4,
		now:      func() time.Time { return noon },
		log:      &logLines{},
		observed: make(chan string, 10_000),
	}
}

// build makes the bot; change the fields before.
func (w *world) build() *Bot {
	w.t.Helper()
	catalogue, err := i18n.Load(w.language)
	if err != nil {
		w.t.Fatal(err)
	}
	w.bot, err = New(Config{
		Hosts: w.hosts, People: w.people, Poster: w.poster, Inbox: w.inbox, Rules: w.rules, Catalogue: catalogue,
		Automation: scheduler.Automation{
			Mode: w.mode, Lead: 10 * time.Minute, Minutes: 15, Max: 60, MinPeople: w.least,
		},
		NotifyChannel: w.channel,
		Policy:        w.policy, Clock: scheduler.Clock{Now: w.now},
		DefaultMinutes: 15, MaxMinutes: 120, MaxTotalMinutes: 240, DailyMinutes: 300, PersonRate: 10,
		Transport: w.desk, Workers: w.workers, Logger: slog.New(slog.NewJSONHandler(w.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
		Observe: func(verb Verb, tone Tone, _ time.Duration) { w.observed <- string(verb) + " " + tone.Name() },
	})
	if err != nil {
		w.t.Fatal(err)
	}
	w.bot.Use(w.scheduler)
	return w.bot
}

// run lets the bot work until the returned function is called, which waits for its end.
func (w *world) run() (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- w.bot.Run(ctx) }()
	return sync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil {
			w.t.Errorf("Run: %v", err)
		}
	})
}

// asks gives the reply to a command, without the ways there and back.
func (w *world) asks(user, text string) Reply {
	reply, _ := w.bot.reply(context.Background(), job{id: "envelope-1", kind: "slash_commands"}, sender{
		Team: theTeam, User: user, Channel: "C0GENERAL", Command: "/extend", Text: text, ResponseURL: answerAt,
	})
	return reply
}

// asksFrom is asks from another channel.
func (w *world) asksFrom(channel, user, text string) Reply {
	reply, _ := w.bot.reply(context.Background(), job{id: "envelope-1", kind: "slash_commands"}, sender{
		Team: theTeam, User: user, Channel: channel, Command: "/extend", Text: text, ResponseURL: answerAt,
	})
	return reply
}

// mayNotPost lets Slack refuse messages to a place.
func mayNotPost(place string) func(*world) {
	return func(w *world) {
		w.poster.errs = map[string][]error{place: {slack.SlackErrorResponse{Err: "not_in_channel"}}}
	}
}

// typed is an envelope with a command in it.
func typed(id, user, text string) socket.Envelope {
	payload, err := json.Marshal(map[string]string{
		"team_id": theTeam, "user_id": user, "channel_id": "C0GENERAL", "command": "/extend", "text": text, "response_url": answerAt,
	})
	if err != nil {
		panic(err)
	}
	return socket.Envelope{ID: id, Type: "slash_commands", Payload: payload}
}

// logLines is a log that is read while it is written.
type logLines struct {
	mu    sync.Mutex
	text  strings.Builder
	delay func(line string) // before a line is written; nil = none
}

func (l *logLines) Write(line []byte) (int, error) {
	if l.delay != nil {
		l.delay(string(line))
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(line)
}

func (l *logLines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

func (l *logLines) count(part string) int { return strings.Count(l.String(), part) }
