package main

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/alecthomas/kong"

	"github.com/overtime-bot/overtime/cmd/overtime/completion"
)

// completionFor writes the script into a file.
func completionFor(t *testing.T, shell string) (path string) {
	t.Helper()
	var script, trouble bytes.Buffer
	if status := run(context.Background(), []string{"completion", shell}, nil, &script, &trouble); status != 0 {
		t.Fatalf("status %d: %s", status, &trouble)
	}
	path = filepath.Join(t.TempDir(), "overtime."+shell)
	if err := os.WriteFile(path, script.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// aCompletion is a line as bash splits it, and what may follow.
type aCompletion struct{ words, want []string }

// allCompletions are those of every command: its flags, and the values of its choices.
func allCompletions(t *testing.T) (all []aCompletion) {
	t.Helper()
	root := kong.Must(&commandLine{}, kong.Name("overtime"), kong.Vars{"version": ""}).Model
	var commands []string
	for _, command := range root.Children {
		commands = append(commands, command.Name)
		flags := []string{"--help"}
		for _, flag := range command.Flags {
			flags = append(flags, "--"+flag.Name)
			if flag.Enum != "" {
				all = append(all, aCompletion{[]string{command.Name, "--" + flag.Name, ""}, flag.EnumSlice()},
					aCompletion{[]string{command.Name, "--" + flag.Name, "="}, flag.EnumSlice()},
					aCompletion{[]string{command.Name, "--" + flag.Name, "=", flag.EnumSlice()[1][:2]}, flag.EnumSlice()[1:2]})
			} else if !flag.IsBool() {
				all = append(all, aCompletion{[]string{command.Name, "--" + flag.Name, ""}, nil})
			}
		}
		all = append(all, aCompletion{[]string{command.Name, "--"}, flags}, aCompletion{[]string{command.Name, "x", "--he"}, []string{"--help"}})
	}
	return append(all, aCompletion{[]string{""}, commands}, aCompletion{[]string{"he"}, []string{"health", "help"}}, aCompletion{[]string{"help", ""}, commands},
		aCompletion{[]string{"completion", ""}, completion.Shells}, aCompletion{[]string{"--"}, []string{"--env-file", "--check", "--help", "--version"}},
		aCompletion{[]string{"--check", "--ch"}, []string{"--check"}}, aCompletion{[]string{"nonsense", "--"}, nil})
}

// Bash offers what the commands take, and nothing else.
func TestBashCompletesEveryCommand(t *testing.T) {
	script := ". " + completionFor(t, "bash") + "\n"
	all := allCompletions(t)
	for _, c := range all {
		script += "COMP_WORDS=(overtime '" + strings.Join(c.words, "' '") + "'); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _overtime; echo \"${COMPREPLY[*]}\"\n"
	}
	command := exec.CommandContext(t.Context(), "bash", "--norc")
	command.Stdin = strings.NewReader(script)
	output, err := command.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	lines := strings.Split(string(output), "\n")
	if len(lines) != len(all)+1 || len(all) < 30 {
		t.Fatalf("%d answers to %d lines:\n%s", len(lines)-1, len(all), output)
	}
	for i, c := range all {
		got := strings.Fields(lines[i])
		slices.Sort(got)
		if want := slices.Sorted(slices.Values(c.want)); !slices.Equal(got, want) {
			t.Errorf("overtime %q: %q, want %q", c.words, got, want)
		}
	}
}

// tabbed are lines with the tabulator where a person presses it, and the arguments that come of it.
var tabbed = []struct{ line, want string }{
	{"overtime ser\t", "<serve>"},
	{"overtime demo --as=al\t", "<demo><--as=alice>"},
	{"overtime demo --as er\t", "<demo><--as><erik>"},
	{"overtime history --me\t914083136 --c\t", "<history><--meeting><914083136><--csv>"},
	{"overtime serve --env\tmy\t", "<serve><--env-file><my config.env>"},
	{"overtime --env-file=my\t", "<--env-file=my config.env>"},
	{"overtime backup my\t", "<backup><my config.env>"},
	{"overtime completion z\t", "<completion><zsh>"},
}

// In an interactive bash, the key does what it should, in a folder with a file whose name has a blank and another like a
// command's.
func TestTabulatorInBash(t *testing.T) {
	input := ". " + completionFor(t, "bash") + "\novertime() { printf 'ran:'; printf '<%s>' \"$@\"; echo; }\n"
	var want []string
	for _, line := range tabbed {
		input += line.line + "\n"
		want = append(want, "ran:"+line.want)
	}
	command := exec.CommandContext(t.Context(), "bash", "--norc", "-i")
	command.Dir = t.TempDir()
	for _, name := range []string{"my config.env", "server.log"} {
		if err := os.WriteFile(filepath.Join(command.Dir, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	command.Env = append(os.Environ(), "TERM=dumb", "INPUTRC="+os.DevNull)
	command.Stdin = strings.NewReader(input)
	output, err := command.Output()
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Split(strings.TrimSpace(string(output)), "\n"); !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

// Each other shell that is installed takes its script.
func TestOtherShellsTakeTheirScript(t *testing.T) {
	if _, err := completion.Script("tcsh", nil); err == nil {
		t.Error("tcsh has no script")
	}
	for _, shell := range completion.Shells {
		path := completionFor(t, shell)
		if _, err := exec.LookPath(shell); err != nil {
			continue
		}
		if output, err := exec.CommandContext(t.Context(), shell, "-n", path).CombinedOutput(); err != nil || len(output) > 0 {
			t.Errorf("%s: %v\n%s", shell, err, output)
		}
	}
}
