package main

import (
	"bytes"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/bot/slacksim"
	"github.com/overtime-bot/overtime/cmd/overtime/doctor"
	"github.com/overtime-bot/overtime/meeting/meetingtest"
)

// patient is who the doctor looks at: the stand-ins, and a configuration that is right.
type patient struct {
	*stage
	t       *testing.T
	environ []string
	envFile string
	as      *syscall.Credential // who runs the binary; nil: who runs the test
	server  *brokenServer

	tokenRefused bool // there is no logout with a token that is refused
}

func newPatient(t *testing.T) *patient {
	t.Helper()
	stage, err := openStage(t.Context(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stage.close)
	return &patient{stage: stage, t: t, envFile: os.DevNull, environ: append(
		stage.secrets.environ(stage.slackURL+"/api/", stage.meetingsURL, filepath.Join(stage.directory, "overtime.db")), "HTTP_ADDR="+nobody(t))}
}

func (p *patient) set(settings ...string) { p.environ = append(p.environ, settings...) }

// examine is one run, which makes few calls, logs in once at most and out again, writes nothing in Slack and opens no socket.
func (p *patient) examine() doctor.Report {
	p.t.Helper()
	calls, logins, tokens := len(p.meetings.Calls()), p.meetings.Count(meetingtest.OpLogin), p.meetings.LiveTokens()
	messages, sockets := len(p.slack.Messages(slacksim.Filter{})), p.slack.Sockets()
	report := newExamination(p.environ, p.envFile, false, p.clock.Now).run(p.t.Context())
	if made := len(p.meetings.Calls()) - calls; made > mostCalls {
		p.t.Errorf("%d calls of the meeting service", made)
	}
	if made := p.meetings.Count(meetingtest.OpLogin) - logins; made > 1 {
		p.t.Errorf("%d logins", made)
	}
	if now := p.meetings.LiveTokens(); now != tokens && !p.tokenRefused {
		p.t.Errorf("there were %d tokens and are %d", tokens, now)
	}
	if now := len(p.slack.Messages(slacksim.Filter{})); now != messages || p.slack.Sockets() != sockets {
		p.t.Errorf("there were %d messages and %d sockets, and are %d and %d", messages, sockets, now, p.slack.Sockets())
	}
	p.wantForm(report)
	return report
}

// wantForm wants one check of each name, a remedy where there is something to do, one line of each, and no secret.
func (p *patient) wantForm(report doctor.Report) {
	p.t.Helper()
	var names []string
	for _, check := range report.Checks {
		names = append(names, check.Name)
		if check.Seen == "" || (check.Remedy == "") != (check.Result == doctor.OK) || strings.Contains(check.Seen+check.Remedy, "\n") {
			p.t.Errorf("%+v", check)
		}
	}
	if !slices.Equal(names, doctor.Names) {
		p.t.Errorf("checks %q", names)
	}
	var text, object bytes.Buffer
	if err := report.WriteText(&text); err != nil {
		p.t.Error(err)
	}
	if err := report.WriteJSON(&object); err != nil {
		p.t.Error(err)
	}
	p.wantNoSecret(text.String() + object.String())
}

func (p *patient) wantNoSecret(said string) {
	p.t.Helper()
	s := p.secrets
	for _, secret := range []string{s.botToken, s.appToken, s.password, s.appKey, sentinel, "ticket="} {
		if strings.Contains(said, secret) {
			p.t.Errorf("a secret is told: %s", said)
		}
	}
}

func find(t *testing.T, report doctor.Report, name string) doctor.Check {
	t.Helper()
	at := slices.IndexFunc(report.Checks, func(check doctor.Check) bool { return check.Name == name })
	if at < 0 {
		t.Fatalf("there is no check %s", name)
	}
	return report.Checks[at]
}

func TestDoctorFindsNothingWrong(t *testing.T) {
	p := newPatient(t)
	before, err := os.ReadDir(p.directory)
	if err != nil {
		t.Fatal(err)
	}
	for _, check := range p.examine().Checks {
		if check.Result != doctor.OK {
			t.Errorf("%+v", check)
		}
	}
	if after, err := os.ReadDir(p.directory); err != nil || len(after) != len(before) {
		t.Errorf("it made files: %v %v", after, err)
	}
}

// Beside the running bot, its port, its file, its login and its sockets are no fault, also with --deep.
func TestDoctorBesideTheRunningBot(t *testing.T) {
	p := newStagedPlay(t)
	address := nobody(t)
	p.start("HTTP_ADDR=" + address)
	p.waitSockets(2)
	beside := &patient{stage: p.stage, t: t, envFile: os.DevNull, environ: append(
		p.secrets.environ(p.slackURL+"/api/", p.meetingsURL, p.directory+"/overtime.db"), "HTTP_ADDR="+address)}
	for name, report := range map[string]doctor.Report{
		"plain": beside.examine(), "deep": newExamination(beside.environ, os.DevNull, true, p.clock.Now).run(t.Context()),
	} {
		for _, check := range report.Checks {
			if check.Result != doctor.OK {
				t.Errorf("%s: %+v", name, check)
			}
		}
		wantContains(t, find(t, report, doctor.Configuration).Seen, "a bot is running", address)
		wantContains(t, find(t, report, doctor.Store).Seen, "a bot is using it now")
		if name == "deep" {
			wantContains(t, find(t, report, doctor.SlackSocket).Seen, "A0OVERTIME", "others hold 2 sockets")
		}
	}
	// One bot alone can use a file: what is beyond its own sockets is somebody else's.
	fewer := newExamination(append(beside.environ, "SOCKETS=1"), os.DevNull, true, p.clock.Now).run(t.Context())
	if check := find(t, fewer, doctor.SlackSocket); check.Result != doctor.Warn || !strings.Contains(check.Seen, "others hold 2 sockets of it, and the bot here keeps 1") {
		t.Errorf("%+v", check)
	}
	if reply := p.types(demoAlice, "/extend 914083136 15"); !strings.Contains(reply, "914083136") {
		t.Errorf("the bot no longer answers: %s", reply)
	}
	if state := p.program.health.readiness(t.Context()); !state.Ready {
		t.Errorf("%+v", state)
	}
}

// broken is one thing that is wrong. Others than the check may fail by it, and no more.
type broken struct {
	settings []string
	do       func(*testing.T, *patient)
	check    string
	result   doctor.Result
	says     []string // in what was seen or the remedy
	others   []string // that fail, too
	serve    served
}

func (b broken) prepare(t *testing.T, p *patient) {
	p.set(b.settings...)
	if b.do != nil {
		b.do(t, p)
	}
}

// wantFound wants the check to tell the fault, and no other to fail.
func (b broken) wantFound(t *testing.T, report doctor.Report) {
	t.Helper()
	check := find(t, report, b.check)
	if check.Result != b.result {
		t.Errorf("%s, want %s: %+v", check.Result, b.result, check)
	}
	wantContains(t, check.Seen+" → "+check.Remedy, b.says...)
	want, got := slices.Clone(b.others), report.Failed()
	if b.result == doctor.Fail {
		want = append(want, b.check)
	}
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("failed %q, want %q: %+v", got, want, report)
	}
}

func TestDoctorFindsWhatIsBroken(t *testing.T) {
	for name, c := range brokenThings() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPatient(t)
			c.prepare(t, p)
			c.wantFound(t, p.examine())
		})
	}
}

// The command writes an object on standard output whatever is broken, the configuration too, and its status tells.
func TestDoctorWritesJSON(t *testing.T) {
	p := newPatient(t)
	for name, c := range map[string]struct {
		settings []string
		status   int
	}{
		"nothing":             {nil, 0},
		"no token":            {[]string{"SLACK_BOT_TOKEN=", "SLACK_APP_TOKEN="}, 1},
		"all of it":           {[]string{"SLACK_BOT_TOKEN=" + sentinel, "SLACK_API_URL=ftp://x", "MEETING_API_URL=:", "DATABASE_URL=", "HTTP_ADDR=x", "MAX_MINUTES=0", "AUTO_EXTEND_SCHEDULE=often"}, 1},
		"the file is missing": {nil, 1},
	} {
		t.Run(name, func(t *testing.T) {
			file := os.DevNull
			if name == "the file is missing" {
				file = filepath.Join(t.TempDir(), "none.env")
			}
			var stdout, stderr bytes.Buffer
			status := run(t.Context(), []string{"doctor", "--json", "--env-file", file}, append(slices.Clone(p.environ), c.settings...), &stdout, &stderr)
			var report doctor.Report
			decoder := json.NewDecoder(&stdout)
			decoder.DisallowUnknownFields()
			if err := decoder.Decode(&report); err != nil || status != c.status {
				t.Fatalf("status %d, %v: %s", status, err, stderr.String())
			}
			p.wantForm(report)
			p.wantNoSecret(stderr.String())
			if failed := find(t, report, doctor.Configuration).Result == doctor.Fail; failed != (c.status == 1) {
				t.Errorf("%+v", report)
			}
		})
	}
}

func TestDoctorSaysFirstThatItDials(t *testing.T) {
	p := newPatient(t)
	var stdout, stderr bytes.Buffer
	if status := run(t.Context(), []string{"doctor", "--deep", "--env-file", os.DevNull}, p.environ, &stdout, &stderr); status != 0 {
		t.Errorf("status %d: %s%s", status, stdout.String(), stderr.String())
	}
	wantContains(t, stderr.String(), "--deep opens a socket")
	wantContains(t, stdout.String(), "ok    slack_socket       Slack said hello to the app A0OVERTIME; others hold 0 sockets")
	if p.slack.Sockets() != 0 {
		t.Error("it did not leave")
	}
}

// Whatever the service does, a refused login is not tried again, and calls stay few.
func TestDoctorAsksLittle(t *testing.T) {
	for name, fault := range map[string]meetingtest.Fault{
		"every read is unauthorised": {Op: meetingtest.OpOnline, Times: -1, Kind: meetingtest.Refuse, Status: http.StatusUnauthorized},
		"every detail fails":         {Op: meetingtest.OpOnlineDetail, Times: -1, Kind: meetingtest.Refuse, Status: http.StatusInternalServerError},
		"every login fails":          {Op: meetingtest.OpLogin, Times: -1, Kind: meetingtest.Refuse, Status: http.StatusInternalServerError},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPatient(t)
			hideAll(t, p)
			p.meetings.Inject(fault)
			p.tokenRefused = fault.Status == http.StatusUnauthorized
			report := p.examine()
			if len(report.Failed()) == 0 {
				t.Errorf("%+v", report)
			}
		})
	}
}

// hideAll has 40 meetings that hide their host's password.
func hideAll(_ *testing.T, p *patient) {
	for _, m := range p.meetings.Meetings() {
		p.meetings.Remove(m.ID)
	}
	now := p.clock.Now()
	for number := range 40 {
		p.meetings.Add(meetingtest.Meeting{
			Subject: "hidden", HideChair: true, Start: now.Add(-time.Duration(number+1) * time.Minute), End: now.Add(time.Hour), People: 2,
		})
	}
}
