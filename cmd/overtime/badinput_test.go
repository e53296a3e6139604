package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"os/exec"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/cmd/overtime/doctor"
)

// served is what serve says of a fault, all in one line. Without it, serve has nothing to say of it.
type served struct {
	ends bool // with status 1; else it goes on until SIGTERM
	says []string
}

func ends(says ...string) served   { return served{ends: true, says: says} }
func goesOn(says ...string) served { return served{says: says} }

// Every fault of what people write, and of what it names, is told by the real binary: by serve and by doctor, each with the
// variable or the path, what was seen and what to do, and never with a secret.
func TestBadInput(t *testing.T) {
	slow(t)
	t.Parallel()
	server := newBrokenServer(t)
	things := brokenThings()
	maps.DeleteFunc(things, func(_ string, c broken) bool { return c.serve.says == nil }) // of which doctor alone tells
	maps.Copy(things, brokenRights())
	maps.Copy(things, brokenServers())
	for name, c := range things {
		patient := func(t *testing.T) *patient {
			p := newPatient(t)
			p.server = server
			c.prepare(t, p)
			return p
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			t.Run("doctor", func(t *testing.T) { patient(t).wantDiagnosis(c) })
			if c.serve.says != nil {
				t.Run("serve", func(t *testing.T) { patient(t).wantServed(c) })
			}
		})
	}
}

// binary is the real one, as the patient's surroundings have it.
func (p *patient) binary(arguments ...string) *exec.Cmd {
	command := exec.Command("/proc/self/exe", append(arguments, "--env-file", p.envFile)...)
	command.Env = append(slices.Clone(p.environ), childRole+"=overtime")
	command.Dir = "/"
	command.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL, Credential: p.as}
	return command
}

func (p *patient) wantDiagnosis(c broken) {
	p.t.Helper()
	var stdout, stderr bytes.Buffer
	command := p.binary("doctor", "--json")
	command.Stdout, command.Stderr = &stdout, &stderr
	err := command.Run()
	failed, _ := errors.AsType[*exec.ExitError](err)
	if err != nil && failed == nil {
		p.t.Fatal(err)
	}
	var report doctor.Report
	if err := json.Unmarshal(stdout.Bytes(), &report); err != nil {
		p.t.Fatalf("%v: %s%s", err, &stdout, &stderr)
	}
	c.wantFound(p.t, report)
	p.wantNoSecret(stdout.String() + stderr.String())
	if status := command.ProcessState.ExitCode(); status != min(1, len(report.Failed())) {
		p.t.Errorf("exit status %d", status)
	}
}

func (p *patient) wantServed(c broken) {
	p.t.Helper()
	bot := startServing(p.t, p.binary("serve"), p.address())
	status := 0
	switch {
	case c.serve.ends:
		status = 1
	case c.result == doctor.OK:
		bot.waitReady(http.StatusOK, "")
		fallthrough
	default:
		bot.waitLine(c.serve.says)
		if err := bot.command.Process.Signal(syscall.SIGTERM); err != nil {
			p.t.Error(err)
		}
	}
	if got := bot.ends(); got != status {
		p.t.Errorf("exit status %d, want %d", got, status)
	}
	bot.waitLine(c.serve.says)
	p.wantNoSecret(bot.log.String())
}

// address is that of the health page.
func (p *patient) address() (address string) {
	for _, setting := range p.environ {
		if after, is := strings.CutPrefix(setting, "HTTP_ADDR="); is {
			address = after
		}
	}
	return address
}

// waitLine waits until one line of the log has all of it.
func (s *serving) waitLine(says []string) {
	s.t.Helper()
	every := time.NewTicker(20 * time.Millisecond)
	defer every.Stop()
	late := time.After(40 * time.Second)
	for !hasLine(s.log.String(), says) {
		select {
		case <-every.C:
			continue
		case <-s.gone:
		case <-late:
		}
		if !hasLine(s.log.String(), says) {
			s.t.Fatalf("no line has all of %q:\n%s", says, s.log)
		}
	}
}

func hasLine(text string, says []string) bool {
	return slices.ContainsFunc(strings.Split(text, "\n"), func(line string) bool { return containsAll(line, says) })
}
