package main

import (
	"fmt"

	"github.com/alecthomas/kong"

	"github.com/overtime-bot/overtime/cmd/overtime/completion"
)

type completionCommand struct {
	Shell string `arg:"" enum:"bash,zsh,fish" help:"Shell to write for: ${enum}."`
}

// Run prints the script: source <(overtime completion bash).
func (c completionCommand) Run(in surroundings, parsed *kong.Context) error {
	script, err := completion.Script(c.Shell, parsed.Model)
	if err != nil {
		return err
	}
	_, err = fmt.Fprint(in.stdout, script)
	return err
}
