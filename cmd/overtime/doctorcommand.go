package main

import (
	"fmt"
	"strings"
	"time"
)

type doctorCommand struct {
	EnvFile string `help:"File of NAME=value lines; config.env is read if it is there." placeholder:"FILE" name:"env-file"`
	JSON    bool   `help:"Write one JSON object." name:"json"`
	Deep    bool   `help:"Also open a socket to Slack, which may be handed a live command meanwhile."`
}

// Run checks everything that the bot needs, and changes nothing.
func (d doctorCommand) Run(in surroundings) error {
	if d.Deep {
		fmt.Fprintln(in.stderr, "overtime: --deep opens a socket for a moment: Slack may hand it a command that somebody types just now, "+
			"and then delivers that late or not at all")
	}
	report := newExamination(in.environ, d.EnvFile, d.Deep, time.Now).run(in.ctx)
	write := report.WriteText
	if d.JSON {
		write = report.WriteJSON
	}
	if err := write(in.stdout); err != nil {
		return err
	}
	if failed := report.Failed(); len(failed) > 0 {
		return fmt.Errorf("doctor: failed: %s", strings.Join(failed, ", "))
	}
	return nil
}
