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

func main() {
	os.Exit(run(context.Background(), os.Args[1:], os.Environ(), os.Stdout, os.Stderr))
}

// commandLine is what a person can type after the name of the binary.
type commandLine struct {
	Serve      serveCommand      `cmd:"" default:"withargs" help:"Run the bot until SIGTERM (the default)."`
	Demo       demoCommand       `cmd:"" help:"Run the bot against stand-ins for Slack and the meeting service: no account needed."`
	Doctor     doctorCommand     `cmd:"" help:"Check the configuration, both services and the database; change nothing. Exit status 1 if a check failed."`
	Health     healthCommand     `cmd:"" help:"Ask the running bot whether it is ready: exit status 0, or 1 with the reasons."`
	History    historyCommand    `cmd:"" help:"Tell who extended what, from the database of the bot."`
	Backup     backupCommand     `cmd:"" help:"Copy the SQLite database into a new file, also while the bot runs."`
	Manifest   manifestCommand   `cmd:"" help:"Print the manifest of the Slack app that the bot needs."`
	Version    versionCommand    `cmd:"" help:"Print the version."`
	Man        manCommand        `cmd:"" help:"Print the manual page: overtime man > overtime.1."`
	Completion completionCommand `cmd:"" help:"Print the script by which bash, zsh or fish completes what you type: source <(overtime completion bash)."`
	Help       helpCommand       `cmd:"" help:"Show what a command does, as --help behind it does."`

	PrintVersion kong.VersionFlag `name:"version" help:"Print the version."`
}

// run is the program without its process. It returns the exit status: 0 for a good end, 1 for an error that stderr
// names, 2 for a command line that it does not understand.
func run(ctx context.Context, args, environ []string, stdout, stderr io.Writer) int {
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	defer stop()
	var line commandLine
	status, exited := 0, false
	parser, err := kong.New(&line, kong.Name("overtime"), kong.Description(description()), kong.UsageOnError(), kong.Vars{"version": "overtime " + version},
		kong.Writers(stdout, stderr), kong.Exit(func(code int) { status, exited = code, true }))
	if err != nil {
		fmt.Fprintln(stderr, "overtime:", err)
		return 1
	}
	parsed, err := parser.Parse(asHelp(args))
	switch {
	case exited:
		return status
	case err != nil:
		fmt.Fprintf(stderr, "overtime: %v%s; see overtime --help\n", err, meant(parser.Model, args, err))
		return 2
	}
	if err := parsed.Run(surroundings{ctx: ctx, environ: environ, stdout: stdout, stderr: stderr}); err != nil {
		var faults *ConfigError
		if errors.As(err, &faults) {
			fmt.Fprintln(stderr, faults.Error()) // a line for each
		} else {
			fmt.Fprintln(stderr, "overtime:", strings.ReplaceAll(err.Error(), "\n", " "))
		}
		return 1
	}
	return 0
}

// description is the head of --help: every variable of the configuration.
func description() string {
	var text strings.Builder
	text.WriteString("A Slack bot that keeps Huawei Cloud meetings from being cut off.\n\nVariables of the environment, or of the file given by --env-file:\n")
	for _, variable := range Variables() {
		if variable.Help == "" {
			continue
		}
		name := variable.Name
		if variable.Secret {
			name += " (or " + name + "_FILE)"
		}
		fmt.Fprintf(&text, "\n  %s: %s", name, explained(variable))
	}
	return text.String()
}
