package main

import (
	"context"
	"net"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestScripts are transcripts of the binary: what is typed, and what it prints.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:  "testdata/script",
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"stage": stageForScript, "taken": takenForScript},
	})
}

// stageForScript is the command `stage` of the scripts: it opens the stand-ins, and puts what the binary needs to use
// them into the script's environment. `stage off` switches Socket Mode off.
func stageForScript(ts *testscript.TestScript, _ bool, args []string) {
	stage, err := openStage(context.Background(), "127.0.0.1:0")
	ts.Check(err)
	ts.Defer(stage.close)
	for _, line := range stage.secrets.environ(stage.slackURL+"/api/", stage.meetingsURL, ts.MkAbs("overtime.db")) {
		name, value, _ := strings.Cut(line, "=")
		ts.Setenv(name, value)
	}
	if len(args) > 0 && args[0] == "off" {
		stage.slack.SetSocketMode(false)
	}
}

// takenForScript is the command `taken` of the scripts: it puts an address that somebody listens at into a variable.
func takenForScript(ts *testscript.TestScript, _ bool, args []string) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	ts.Defer(func() { listener.Close() })
	ts.Setenv(args[0], listener.Addr().String())
}
