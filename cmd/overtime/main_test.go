package main

import (
	"context"
	"fmt"
	"os"
	"runtime/pprof"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"go.uber.org/goleak"
)

// childRole makes the test binary act as another program: the bot itself, the bot with its steps watched, or the
// floor of the benchmark.
const childRole = "OVERTIME_TEST_CHILD"

func TestMain(m *testing.M) {
	switch os.Getenv(childRole) {
	case "overtime":
		runBinary()
	case "floor":
		if err := runFloor(context.Background()); err != nil {
			fmt.Fprintln(os.Stderr, "floor:", err)
			os.Exit(1)
		}
		os.Exit(0)
	case "proxied":
		tellProxies()
	case "watched":
		if err := runWatched(); err != nil {
			fmt.Fprintln(os.Stderr, "watched:", err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	testscript.Main(leakChecked{m}, map[string]func(){"overtime": runBinary})
}

// slow skips a test that takes seconds: make quick does without it, and so does the race detector.
func slow(t testing.TB) {
	t.Helper()
	if testing.Short() {
		t.Skip("slow: make test runs it")
	}
}

// cpuProfile names the file that a binary under load writes its profile to: OVERTIME_TEST_PROFILE=x make bench.
const cpuProfile = "OVERTIME_TEST_PROFILE"

// runBinary is what main does.
func runBinary() {
	stop := func() {}
	if path := os.Getenv(cpuProfile); path != "" {
		stop = profile(path)
	}
	code := run(context.Background(), os.Args[1:], os.Environ(), os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

func profile(path string) (stop func()) {
	file, err := os.Create(path)
	if err == nil {
		err = pprof.StartCPUProfile(file)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "profile:", err)
		os.Exit(1)
	}
	return func() {
		pprof.StopCPUProfile()
		_ = file.Close()
	}
}

// leakChecked fails a run that leaves goroutines behind.
type leakChecked struct{ *testing.M }

func (m leakChecked) Run() int {
	code := m.M.Run()
	if code == 0 {
		// net/http lingers half a second over a connection whose request it did not read to the end.
		if err := goleak.Find(goleak.IgnoreAnyFunction("net/http.(*conn).closeWriteAndWait")); err != nil {
			fmt.Fprintln(os.Stderr, err)
			code = 1
		}
	}
	return code
}
