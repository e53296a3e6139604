package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	_ "time/tzdata" // the image has no time zones of its own

	"github.com/alecthomas/kong"
)

// version is set when the binary is built.
var version = "dev"

func main() {
	os.Exit(run(context.Background(), os.Args[1:], os.Environ(), os.Stdout, os.Stderr))
}

// commandLine is what can be typed after the binary's name.
type commandLine struct {
	Serve   serveCommand   `cmd:"" default:"withargs" help:"Run the bot until SIGTERM (the default)."`
	Demo    demoCommand    `cmd:"" help:"Run the bot against stand-ins for Slack and the meeting service: no account needed."`
	Version versionCommand `cmd:"" help:"Print the version."`
}

// surroundings is what a command gets of the process.
type surroundings struct {
	ctx            context.Context
	environ        []string
	stdout, stderr io.Writer
}

// run is the program, without the process around it. It returns the exit status: 0 for a good end, 1 for
// one that is told on stderr, 2 for a command line that is not understood.
func run(ctx context.Context, args, environ []string, stdout, stderr io.Writer) int {
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	defer stop()
	var line commandLine
	status, exited := 0, false
	parser, err := kong.New(&line, kong.Name("overtime"), kong.Description(description()), kong.UsageOnError(),
		kong.Writers(stdout, stderr), kong.Exit(func(code int) { status, exited = code, true }))
	if err != nil {
		fmt.Fprintln(stderr, "overtime:", err)
		return 1
	}
	parsed, err := parser.Parse(args)
	switch {
	case exited:
		return status
	case err != nil:
		fmt.Fprintf(stderr, "overtime: %v; see overtime --help\n", err)
		return 2
	}
	if err := parsed.Run(surroundings{ctx: ctx, environ: environ, stdout: stdout, stderr: stderr}); err != nil {
		tell(stderr, err)
		return 1
	}
	return 0
}

// tell prints why the program ends: a list of faults as it is, anything else in one line.
func tell(stderr io.Writer, err error) {
	var faults *ConfigError
	if errors.As(err, &faults) {
		fmt.Fprintln(stderr, faults.Error())
		return
	}
	fmt.Fprintln(stderr, "overtime:", strings.ReplaceAll(err.Error(), "\n", " "))
}

// description is the head of --help: the whole surface of configuration.
func description() string {
	var text strings.Builder
	text.WriteString("A Slack bot that keeps Huawei Cloud meetings from being cut off.\n\nVariables of the environment, or of the file given by --env-file:\n")
	for _, variable := range Variables() {
		name := variable.Name
		if variable.Secret {
			name += " (or " + name + "_FILE)"
		}
		fmt.Fprintf(&text, "\n  %s: %s", name, variable.Help)
		if variable.Default != "" {
			fmt.Fprintf(&text, " [%s]", variable.Default)
		}
	}
	return text.String()
}

type versionCommand struct{}

// Run prints the version.
func (versionCommand) Run(in surroundings) error {
	_, err := fmt.Fprintln(in.stdout, "overtime", version)
	return err
}
