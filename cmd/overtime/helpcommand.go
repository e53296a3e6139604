package main

import (
	"strings"

	"github.com/alecthomas/kong"

	"github.com/overtime-bot/overtime/bot/grammar"
)

// helpCommand is for the list of commands: asHelp turns it into the flag.
type helpCommand struct {
	Command string `arg:"" optional:"" help:"Command to show."`
}

// asHelp makes "help serve" of the arguments "serve --help".
func asHelp(args []string) []string {
	if len(args) == 0 || args[0] != "help" {
		return args
	}
	return append(append([]string{}, args[1:]...), "--help")
}

// meant is the command that a mistyped one is nearly. The library does not say it, since whatever is no command is taken
// for an argument of the default one.
func meant(model *kong.Application, args []string, err error) string {
	if len(args) == 0 || strings.HasPrefix(args[0], "-") || strings.Contains(err.Error(), "did you mean") {
		return ""
	}
	nearest, least := "", 3
	for _, command := range model.Children {
		if far := grammar.Distance(args[0], command.Name); far > 0 && far < least {
			nearest, least = command.Name, far
		}
	}
	if nearest == "" || !strings.Contains(err.Error(), args[0]) {
		return ""
	}
	return ", did you mean " + nearest + "?"
}
