package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/bot/slacksim"
	"github.com/overtime-bot/overtime/meeting/meetingtest"
)

// trial is both stand-ins and a database, for bots in processes of their own that may be killed.
type trial struct {
	t        *testing.T
	slack    *slacksim.Server
	service  *meetingtest.Server
	puts     *putRecord
	environ  []string
	database string
	released chan struct{} // what the service holds goes on when it is closed
	release  func()
	ahead    atomic.Int64 // nanoseconds by which Slack's clock is ahead

	mu    sync.Mutex
	asked []wish
	ends  map[string]time.Time
}

// newTrial opens the stand-ins. The database is an SQLite file unless another is named.
func newTrial(t *testing.T, database string) *trial {
	t.Helper()
	secrets := newDemoSecrets()
	tr := &trial{t: t, database: database, ends: make(map[string]time.Time), released: make(chan struct{})}
	tr.release = sync.OnceFunc(func() { close(tr.released) })
	if database == "" {
		tr.database = filepath.Join(t.TempDir(), "overtime.db")
	}
	tr.service = meetingtest.New(meetingtest.Config{Account: secrets.account, Password: secrets.password, Quota: -1})
	tr.puts = &putRecord{service: tr.service}
	service := httptest.NewServer(tr.puts)
	t.Cleanup(func() { tr.service.Close(); service.Close() })
	tr.slack = slacksim.New(slacksim.Config{
		BotToken: secrets.botToken, AppToken: secrets.appToken, Team: slacksim.Team{ID: demoTeam, Name: "Acme"},
		NoTiers: true, MessageBurst: -1,
		Now: func() time.Time { return time.Now().Add(time.Duration(tr.ahead.Load())) },
	})
	slack := httptest.NewServer(tr.slack)
	tr.slack.SetURL(slack.URL)
	t.Cleanup(func() { tr.slack.Close(); slack.Close() })
	tr.environ = append(secrets.environ(slack.URL+"/api/", service.URL, tr.database),
		"ALLOWED_USERS=*", "ALLOWED_GROUPS=", "PERSON_RATE=0", "MEETING_RATE=0", "MAX_TOTAL_MINUTES=10080",
		"MEETING_TIMEOUT=2s", "HOSTS_MAY_EXTEND=false", "AUTO_EXTEND=off") // a tick would read what a step is to read
	return tr
}

// meeting lets one run.
func (tr *trial) meeting() string {
	id := tr.service.Add(meetingtest.Meeting{Subject: "Trial", People: 2, MaxTotalMinutes: -1})
	end, _ := tr.service.End(id)
	tr.mu.Lock()
	defer tr.mu.Unlock()
	tr.ends[id] = end
	return id
}

func (tr *trial) firstEnd(id string) time.Time {
	tr.mu.Lock()
	defer tr.mu.Unlock()
	return tr.ends[id]
}

func (tr *trial) wishes() []wish {
	tr.mu.Lock()
	defer tr.mu.Unlock()
	return slices.Clone(tr.asked)
}

// asks lets a person of its own type a command. False if no socket is open: then the person was told by Slack.
func (tr *trial) asks(meeting string, minutes int) (wish, bool) {
	tr.t.Helper()
	return tr.asksAs(fmt.Sprintf("U0WISH%04d", len(tr.wishes())), meeting, minutes)
}

// asksAs is asks for a person who may have asked before.
func (tr *trial) asksAs(user, meeting string, minutes int) (wish, bool) {
	tr.t.Helper()
	tr.mu.Lock()
	defer tr.mu.Unlock()
	w := wish{user: user, meeting: meeting, minutes: minutes}
	tr.slack.AddUser(slacksim.User{ID: w.user, Name: w.user, TZ: "UTC"})
	envelope, err := tr.slack.Command(w.user, directOf(w.user), fmt.Sprintf("/extend %s %d", meeting, minutes))
	if err != nil {
		return wish{}, false
	}
	w.envelope = envelope
	tr.asked = append(tr.asked, w)
	return w, true
}

// directOf is the direct messages of a person with the bot.
func directOf(user string) string { return "D" + user[1:] }

// waitFinal waits until everybody knows how it came out.
func (tr *trial) waitFinal(j *judge, within time.Duration) bool {
	tr.t.Helper()
	ctx, cancel := withTimeout(tr.t, within)
	defer cancel()
	open := tr.wishes()
	err := tr.slack.Wait(ctx, func(slacksim.State) bool {
		open = slices.DeleteFunc(open, j.final)
		return len(open) == 0
	})
	if err != nil {
		tr.t.Errorf("%d of %d wishes have no final answer after %v: %v", len(open), len(tr.wishes()), within, open)
	}
	return err == nil
}

// waitAnswered waits for the first answer, whatever it says.
func (tr *trial) waitAnswered(j *judge, w wish) {
	tr.t.Helper()
	ctx, cancel := withTimeout(tr.t, stepWithin)
	defer cancel()
	if err := tr.slack.Wait(ctx, func(slacksim.State) bool { return len(j.answers(w)) > 0 }); err != nil {
		tr.t.Errorf("%v was not answered: %v", w, err)
	}
}

// put is an extension that reached the service.
type put struct {
	meeting string
	minutes int
	call    meetingtest.Call
}

func (p put) String() string { return fmt.Sprintf("%d min: status %d", p.minutes, p.call.Status) }

// provenWithoutEffect: the client was told no.
func (p put) provenWithoutEffect() bool { return p.call.Status >= 400 && p.call.Status < 500 }

// putRecord is the service, with a note of each PUT and its minutes.
type putRecord struct {
	service *meetingtest.Server
	mu      sync.Mutex
	seen    []*seenPut
}

type seenPut struct {
	meeting   string
	minutes   int
	requestID string
}

func (r *putRecord) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	if request.Method == http.MethodPut && request.URL.Query().Has("conferenceID") {
		noted := r.note(request)
		defer func() {
			r.mu.Lock()
			defer r.mu.Unlock()
			noted.requestID = w.Header().Get("X-Request-Id")
		}()
	}
	r.service.ServeHTTP(w, request)
}

func (r *putRecord) note(request *http.Request) *seenPut {
	body, _ := io.ReadAll(request.Body) // a body that breaks off is the service's concern
	request.Body = io.NopCloser(bytes.NewReader(body))
	var said struct{ Duration int }
	_ = json.Unmarshal(body, &said)
	noted := &seenPut{meeting: request.URL.Query().Get("conferenceID"), minutes: said.Duration}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.seen = append(r.seen, noted)
	return noted
}

// all are the PUTs, in order, by meeting and minutes. One that is still under way has no status.
func (r *putRecord) all() map[string][]put {
	r.mu.Lock()
	defer r.mu.Unlock()
	calls := make(map[string]meetingtest.Call)
	for _, call := range r.service.Calls() {
		calls[call.RequestID] = call
	}
	found := make(map[string][]put)
	for _, seen := range r.seen {
		key := putKey(seen.meeting, seen.minutes)
		found[key] = append(found[key], put{seen.meeting, seen.minutes, calls[seen.requestID]})
	}
	return found
}

func putKey(meeting string, minutes int) string { return fmt.Sprint(meeting, "+", minutes) }

// process is a bot in a process of its own, which tells its steps.
type process struct {
	t       *testing.T
	command *exec.Cmd
	log     *safeBuffer
	steps   *stepLog
	gone    chan struct{}
	ended   error
}

// stepWithin is how long a bot has for its next step; it comes at once, but the processors are shared.
const stepWithin = 20 * time.Second

// startLater starts a bot when Slack's clock and its own are so much ahead.
func (tr *trial) startLater(ahead time.Duration, settings ...string) *process {
	tr.t.Helper()
	tr.ahead.Store(int64(ahead))
	return tr.start(append(settings, clockAhead+"="+ahead.String())...)
}

// start begins a bot; settings are on top of the trial's. It returns when the bot has a live socket, or has died.
func (tr *trial) start(settings ...string) *process {
	tr.t.Helper()
	p := &process{t: tr.t, log: &safeBuffer{}, steps: newStepLog(), gone: make(chan struct{})}
	p.command = exec.Command(os.Args[0])
	p.command.Env = append(slices.Concat(tr.environ, settings), childRole+"=watched")
	p.command.Stdout, p.command.Stderr = p.steps, p.log
	p.command.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := p.command.Start(); err != nil {
		tr.t.Fatal(err)
	}
	go func() {
		defer close(p.gone)
		p.ended = p.command.Wait()
	}()
	tr.t.Cleanup(p.kill)
	p.waitStep(stepReady, 1)
	return p
}

// waitStep waits until the bot has come to a step so many times, or is gone.
func (p *process) waitStep(step string, times int) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), stepWithin)
	defer cancel()
	if !p.steps.wait(ctx, p.gone, step, times) && ctx.Err() != nil {
		p.t.Errorf("the bot did not come to the step %q %d times:\n%s\n%s", step, times, p.steps, p.log)
	}
}

// kill is SIGKILL; it returns when the process is gone.
func (p *process) kill() {
	_ = p.command.Process.Kill() // it may be gone already
	<-p.gone
}

// dies waits for the SIGKILL that the process gives itself.
func (p *process) dies() {
	p.t.Helper()
	select {
	case <-p.gone:
	case <-time.After(stepWithin):
		p.t.Errorf("the bot never came to the step that kills it:\n%s\n%s", p.steps, p.log)
		p.kill()
	}
	status, _ := p.command.ProcessState.Sys().(syscall.WaitStatus)
	if !status.Signaled() || status.Signal() != syscall.SIGKILL {
		p.t.Errorf("the bot ended with %v\n%s\n%s", p.ended, p.steps, p.log)
	}
}

// stop lets it finish what is under way.
func (p *process) stop() {
	p.t.Helper()
	if err := p.command.Process.Signal(syscall.SIGTERM); err != nil {
		p.t.Errorf("the bot is gone: %v\n%s", err, p.log)
		return
	}
	select {
	case <-p.gone:
	case <-time.After(40 * time.Second):
		p.t.Errorf("the bot does not end:\n%s\n%s", p.steps, p.log)
		p.kill()
	}
	if p.ended != nil {
		p.t.Errorf("the bot ended with %v\n%s", p.ended, p.log)
	}
}
