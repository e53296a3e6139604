package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/scheduler/storetest"
)

// serving is the real binary in a process of its own, with a health page.
type serving struct {
	t       *testing.T
	command *exec.Cmd
	log     *safeBuffer
	page    string
	gone    chan struct{}
}

// serve starts the binary. It returns at once.
func serve(t *testing.T, environ ...string) *serving {
	t.Helper()
	address := nobody(t)
	command := exec.Command(os.Args[0], "serve")
	command.Env = slices.Concat(environ, []string{childRole + "=overtime", "HTTP_ADDR=" + address})
	command.Dir = t.TempDir()
	command.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	return startServing(t, command, address)
}

// startServing starts a command that serves a health page at the address. It returns at once.
func startServing(t *testing.T, command *exec.Cmd, address string) *serving {
	t.Helper()
	s := &serving{t: t, command: command, log: &safeBuffer{}, page: "http://" + address, gone: make(chan struct{})}
	s.command.Stderr = s.log
	if err := s.command.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		defer close(s.gone)
		_ = s.command.Wait() // ProcessState tells
	}()
	t.Cleanup(func() {
		_ = s.command.Process.Kill() // it may be gone already
		<-s.gone
	})
	return s
}

// get is one request to the health page.
func (s *serving) get(path string) (status int, body string) {
	ctx, cancel := context.WithTimeout(s.t.Context(), 5*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, s.page+path, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0, err.Error()
	}
	defer response.Body.Close()
	content, _ := io.ReadAll(response.Body)
	return response.StatusCode, string(content)
}

// waitReady asks the health page until it answers what is wanted: ready, or a reason. It returns the answer.
func (s *serving) waitReady(status int, reason string) readiness {
	s.t.Helper()
	every := time.NewTicker(50 * time.Millisecond)
	defer every.Stop()
	for begun := time.Now(); ; <-every.C {
		got, body := s.get("/readyz")
		var state readiness
		if got == status && json.Unmarshal([]byte(body), &state) == nil && strings.Contains(strings.Join(state.Reasons, "; "), reason) {
			return state
		}
		if time.Since(begun) > 40*time.Second {
			s.t.Fatalf("/readyz: want %d and %q, got %d %s\n%s", status, reason, got, body, s.log)
		}
	}
}

// waitLog waits until the log has it so many times.
func (s *serving) waitLog(part string, times int) {
	s.t.Helper()
	every := time.NewTicker(50 * time.Millisecond)
	defer every.Stop()
	for begun := time.Now(); strings.Count(s.log.String(), part) < times; <-every.C {
		if time.Since(begun) > 40*time.Second {
			s.t.Fatalf("the log does not have %q %d times:\n%s", part, times, s.log)
		}
	}
}

// stop is SIGTERM, and returns the exit status.
func (s *serving) stop() int {
	s.t.Helper()
	if err := s.command.Process.Signal(syscall.SIGTERM); err != nil {
		s.t.Fatalf("%v\n%s", err, s.log)
	}
	return s.ends()
}

// ends waits for the end, and returns the exit status.
func (s *serving) ends() int {
	s.t.Helper()
	select {
	case <-s.gone:
	case <-time.After(20 * time.Second):
		s.t.Fatalf("it does not end within 20 s\n%s", s.log)
	}
	return s.command.ProcessState.ExitCode()
}

// servedStage is a stage with the real binary on it, ready.
func servedStage(t *testing.T, settings ...string) (*stage, *serving) {
	t.Helper()
	stage, err := openStage(t.Context(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stage.close)
	bot := serve(t, append(stage.secrets.environ(stage.slackURL+"/api/", stage.meetingsURL, stage.database()), settings...)...)
	bot.waitReady(http.StatusOK, "")
	return stage, bot
}

// loopbacks counts the addresses of nobody.
var loopbacks atomic.Uint32

// nobody is an address at which nobody listens, and at which no other test's listener or connection comes to be: the port
// would be free for all until the bot takes it, but the address within 127.0.0.0/8 is of this call alone.
func nobody(t *testing.T) string {
	t.Helper()
	number := loopbacks.Add(1)
	host := net.IPv4(127, byte(1+os.Getpid()%250), byte(number/250), byte(1+number%250))
	listener, err := net.Listen("tcp", net.JoinHostPort(host.String(), "0"))
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().String()
}

// mute is an address that takes connections and never says a word.
func mute(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	return listener.Addr().String()
}

// Whatever of the three is down when the bot starts, and in whichever way, the log and the health page say what it waits
// for, the process lives, and SIGTERM ends it.
func TestStartWhileOthersAreDown(t *testing.T) {
	slow(t)
	t.Parallel()
	stage, err := openStage(t.Context(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stage.close)
	for _, what := range []struct{ name, setting, reason string }{
		{"Slack", "SLACK_API_URL=http://ADDRESS/api/", "waiting for Slack"},
		{"the meeting service", "MEETING_API_URL=http://ADDRESS", "no login to the meeting service"},
		{"the database", "DATABASE_URL=postgres://u:" + sentinel + "@ADDRESS/d", "waiting for the database"},
	} {
		for how, address := range map[string]func(*testing.T) string{"nobody listens": nobody, "nobody answers": mute} {
			t.Run(what.name+", "+how, func(t *testing.T) {
				t.Parallel()
				bot := serve(t, append(stage.secrets.environ(stage.slackURL+"/api/", stage.meetingsURL, filepath.Join(t.TempDir(), "overtime.db")),
					strings.ReplaceAll(what.setting, "ADDRESS", address(t)))...)
				bot.waitReady(http.StatusServiceUnavailable, what.reason)
				if status, body := bot.get("/healthz"); status != http.StatusOK {
					t.Errorf("/healthz: %d %s", status, body)
				}
				bot.waitLog(`waiting for `+what.name, 1)
				if how == "nobody listens" { // who does not answer is waited for longer
					bot.waitLog(`level=WARN msg="waiting for `+what.name, 3)
				}
				if status := bot.stop(); status != 0 {
					t.Errorf("exit status %d\n%s", status, bot.log)
				}
				if strings.Contains(bot.log.String(), sentinel) {
					t.Errorf("the log has a password:\n%s", bot.log)
				}
			})
		}
	}
}

// What comes up later is found, and then the bot is ready.
func TestStartBeforePostgres(t *testing.T) {
	slow(t)
	t.Parallel()
	postgres := storetest.NewPostgres(t)
	postgres.Kill(t)
	stage, err := openStage(t.Context(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stage.close)
	bot := serve(t, stage.secrets.environ(stage.slackURL+"/api/", stage.meetingsURL, postgres.URL().String())...)
	bot.waitReady(http.StatusServiceUnavailable, "waiting for the database")
	postgres.Start(t)
	if state := bot.waitReady(http.StatusOK, ""); !state.Ready || state.Sockets == 0 || len(state.Reasons) > 0 {
		t.Errorf("%+v", state)
	}
	if status := bot.stop(); status != 0 {
		t.Errorf("exit status %d\n%s", status, bot.log)
	}
}

// A database that hangs, from the start or later, hangs neither the health page nor the end.
func TestPostgresHangs(t *testing.T) {
	slow(t)
	t.Parallel()
	postgres := storetest.NewPostgres(t)
	stage, err := openStage(t.Context(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stage.close)
	environ := stage.secrets.environ(stage.slackURL+"/api/", stage.meetingsURL, postgres.URL().String())
	running := serve(t, environ...)
	running.waitReady(http.StatusOK, "")
	postgres.Freeze(t)
	begins := serve(t, environ...)
	begins.waitReady(http.StatusServiceUnavailable, "waiting for the database")
	begins.waitLog(`level=WARN msg="waiting for the database`, 1)
	if state := running.waitReady(http.StatusServiceUnavailable, "database"); state.Ready {
		t.Errorf("%+v", state)
	}
	if status := begins.stop(); status != 0 {
		t.Errorf("exit status %d\n%s", status, begins.log)
	}
	if status := running.stop(); status != 0 {
		t.Errorf("exit status %d\n%s", status, running.log)
	}
	postgres.Thaw(t)
}

// The health page answers within the second that its checks have, also while somebody holds the file of the database.
func TestReadyWhileTheDatabaseIsLocked(t *testing.T) {
	p := newPlay(t)
	holder, err := sql.Open("sqlite", filepath.Join(p.directory, "overtime.db")+"?_txlock=immediate&_pragma=busy_timeout(5000)")
	if err != nil {
		t.Fatal(err)
	}
	defer holder.Close()
	lock, err := holder.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = lock.Rollback() }()
	begun := time.Now()
	state := p.program.health.readiness(t.Context())
	if took := time.Since(begun); took > 3*readyWithin || state.Ready || !strings.Contains(strings.Join(state.Reasons, "; "), "database") {
		t.Errorf("after %v: %+v", took, state)
	}
}

// A wrong password of the meeting account does not end the bot, which asks rarely, so that the account is not locked. Log,
// health page and answers say it.
func TestRefusedMeetingLogin(t *testing.T) {
	p := newStagedPlay(t)
	p.start("MEETING_PASSWORD=not it " + sentinel)
	for range 3 {
		wantContains(t, p.types(demoAlice, "/extend 914083136 15"), "won't let me sign in")
	}
	state := p.program.health.readiness(t.Context())
	if state.Ready || !strings.Contains(strings.Join(state.Reasons, "; "), "the meeting service refuses the login: ") {
		t.Errorf("%+v", state)
	}
	wantContains(t, p.log.String(), "level=ERROR msg=\"the meeting service does not let the bot in", "USG.206010000")
	logins := 0
	for _, call := range p.meetings.Calls() {
		if call.Status == http.StatusUnauthorized {
			logins++
		}
	}
	if logins != 1 {
		t.Errorf("%d refused logins, want 1", logins)
	}
	if err := p.stop(); err != nil {
		t.Error(err)
	}
	if strings.Contains(p.log.String(), sentinel) {
		t.Errorf("the log has the password:\n%s", p.log)
	}
}
