package storetest

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// StartPostgres starts a throw-away server of Debian's package in a temporary directory, and returns a URL of its
// first database, "postgres". It listens on a Unix socket alone, never runs as root, and ends with the test. The test is
// skipped under -short, and without the package unless CI=true.
func StartPostgres(t testing.TB) *url.URL {
	t.Helper()
	return NewPostgres(t).URL()
}

// Postgres is a throw-away server that can be brought down.
type Postgres struct {
	directory string
	as        *syscall.Credential
	server    *exec.Cmd     // nil while it is down
	drained   chan struct{} // closed at the end of its log
}

// NewPostgres is StartPostgres for a test that brings the server down.
func NewPostgres(t testing.TB) *Postgres {
	t.Helper()
	if testing.Short() {
		t.Skip("slow: make test runs it")
	}
	// Not t.TempDir, which only its owner may enter; and the path of a socket is short.
	directory, err := os.MkdirTemp("/tmp", "overtime-postgres-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(directory); err != nil {
			t.Error(err)
		}
	})
	p := &Postgres{directory: directory, as: serverUser(t, directory)}
	initialise := command(t, p.as, "initdb", "--pgdata", p.data(), "--username", "postgres", "--auth", "trust",
		"--no-sync", "--no-locale", "--encoding", "UTF8")
	if output, err := initialise.CombinedOutput(); err != nil {
		t.Fatalf("initdb: %v\n%s", err, output)
	}
	p.askForPassword(t)
	p.Start(t)
	t.Cleanup(func() { p.stop(t, syscall.SIGINT) }) // fast shutdown
	return p
}

// AskedUser is the one user whom the server asks for a password. No password is right: there is no such user, which a server
// does not tell.
const AskedUser = "asked"

func (p *Postgres) askForPassword(t testing.TB) {
	t.Helper()
	rules := filepath.Join(p.data(), "pg_hba.conf")
	others, err := os.ReadFile(rules)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(rules, append([]byte("local all "+AskedUser+" scram-sha-256\n"), others...), 0o600); err != nil {
		t.Fatal(err)
	}
}

func (p *Postgres) data() string { return filepath.Join(p.directory, "data") }

// URL is of the database "postgres".
func (p *Postgres) URL() *url.URL {
	return &url.URL{
		Scheme: "postgres", Path: "/postgres",
		RawQuery: url.Values{"host": {p.directory}, "user": {"postgres"}}.Encode(),
	}
}

// Socket is the path of the socket that the server listens on.
func (p *Postgres) Socket() string { return filepath.Join(p.directory, ".s.PGSQL.5432") }

// Start brings the server up again, and returns when it is ready. What was committed before a Kill is there.
func (p *Postgres) Start(t testing.TB) {
	t.Helper()
	p.server = command(t, p.as, "postgres", "-D", p.data(), "-k", p.directory, "-c", "listen_addresses=",
		"-c", "fsync=off", "-c", "full_page_writes=off", "-c", "max_connections=200")
	p.drained = serve(t, p.server, "ready to accept connections")
}

// Kill ends the server at once, as pg_ctl stop -m immediate does: connections break in the middle of what they do.
func (p *Postgres) Kill(t testing.TB) {
	t.Helper()
	p.stop(t, syscall.SIGQUIT)
}

// Freeze makes the server stand still until Thaw, or the end of the test: its connections stay open and say nothing.
func (p *Postgres) Freeze(t testing.TB) {
	t.Helper()
	p.signalAll(t, syscall.SIGSTOP)
	t.Cleanup(func() { p.Thaw(t) })
}

// Thaw lets a frozen server go on.
func (p *Postgres) Thaw(t testing.TB) {
	t.Helper()
	p.signalAll(t, syscall.SIGCONT)
}

// signalAll signals the server and the processes of its connections.
func (p *Postgres) signalAll(t testing.TB, signal syscall.Signal) {
	t.Helper()
	if p.server == nil {
		return
	}
	main := p.server.Process.Pid
	_ = syscall.Kill(main, signal)
	children, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/children", main, main))
	if err != nil {
		t.Fatal(err)
	}
	for _, child := range strings.Fields(string(children)) {
		if pid, err := strconv.Atoi(child); err == nil {
			_ = syscall.Kill(pid, signal) // it may be gone
		}
	}
}

func (p *Postgres) stop(t testing.TB, how syscall.Signal) {
	t.Helper()
	if p.server == nil {
		return
	}
	if err := p.server.Process.Signal(how); err != nil {
		t.Error(err)
	}
	<-p.drained
	if err := p.server.Wait(); err != nil {
		t.Errorf("Postgres ended with %v", err)
	}
	p.server = nil
}

// serverUser is nil, or who runs the server when the tests run as root.
func serverUser(t testing.TB, directory string) *syscall.Credential {
	t.Helper()
	if os.Getuid() != 0 {
		return nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		found, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, _ := strconv.Atoi(found.Uid)
		gid, _ := strconv.Atoi(found.Gid)
		if err := os.Chown(directory, uid, gid); err != nil {
			t.Fatal(err)
		}
		return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	}
	t.Fatal("Postgres does not run as root, and there is neither a user postgres nor nobody")
	return nil
}

func command(t testing.TB, as *syscall.Credential, name string, arguments ...string) *exec.Cmd {
	t.Helper()
	made := exec.Command(binary(t, name), arguments...)
	made.Dir = "/"
	// It does not outlive a test that is killed.
	made.SysProcAttr = &syscall.SysProcAttr{Credential: as, Pdeathsig: syscall.SIGKILL}
	return made
}

// binary looks where Debian keeps the servers, newest first, and then in PATH.
func binary(t testing.TB, name string) string {
	t.Helper()
	for _, place := range []string{"/usr/lib/postgresql/*/bin/", "/usr/sbin/"} {
		found, err := filepath.Glob(place + name)
		if err == nil && len(found) > 0 {
			slices.Sort(found)
			return found[len(found)-1]
		}
	}
	path, err := exec.LookPath(name)
	switch {
	case err == nil:
		return path
	case os.Getenv("CI") == "true":
		t.Fatalf("%s is missing, and with CI=true nothing is skipped: install postgresql and pgbouncer: %v", name, err)
	}
	t.Skipf("%s is missing; to run this test: sudo apt-get install postgresql pgbouncer", name)
	return ""
}

// serve returns when the server's log says that it is ready; the log is read until drained is closed.
func serve(t testing.TB, server *exec.Cmd, ready string) (drained chan struct{}) {
	t.Helper()
	log, err := server.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewReader(log)
	var said strings.Builder
	for !strings.Contains(said.String(), ready) {
		line, err := lines.ReadString('\n')
		said.WriteString(line)
		if err != nil {
			t.Fatalf("%s did not start: %v\n%s", server.Path, errors.Join(err, server.Wait()), said.String())
		}
	}
	drained = make(chan struct{})
	go func() {
		defer close(drained)
		_, _ = io.Copy(io.Discard, lines)
	}()
	return drained
}
