package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"runtime/debug"
	"time"

	"github.com/caarlos0/env/v11"
	"github.com/overtime-bot/overtime/cmd/overtime/doctor"
	"github.com/overtime-bot/overtime/scheduler/extension"
)

type serveCommand struct {
	EnvFile string `help:"File of NAME=value lines; config.env is read if it is there." placeholder:"FILE" name:"env-file"`
	Check   bool   `help:"Check the configuration and exit: status 0, or 1 with what is wrong. It opens and calls nothing."`
}

// Run runs the bot until the process is told to stop.
func (s serveCommand) Run(in surroundings) error {
	config, warnings, err := LoadConfig(in.environ, s.EnvFile)
	logger := newLogger(config.Log, in.stderr)
	for _, warning := range warnings {
		logger.Warn(warning)
	}
	warnOfEnvironment(env.ToMap(in.environ), logger)
	if err != nil {
		return err
	}
	if s.Check {
		_, err := fmt.Fprintln(in.stdout, "the configuration is right; overtime doctor checks what it leads to")
		return err
	}
	logger.Info("starting", "version", version, "config", config)
	program, err := assemble(in.ctx, config, extension.Clock{Now: time.Now}, logger)
	switch {
	case in.ctx.Err() != nil && errors.Is(err, context.Canceled):
		logger.Info("stopped before all was there")
		return nil
	case err != nil:
		return err
	}
	// A first start migrates the schema, with buffers of 4 MB in a sync.Pool. They survive one collection, and while they
	// count as in use, the heap may grow to three times of what the bot needs.
	runtime.GC()
	debug.FreeOSMemory()
	if err := program.run(in.ctx); err != nil {
		return err
	}
	logger.Info("stopped")
	return nil
}

// warnOfEnvironment warns of what Go reads by itself and takes silently: a time zone that is none, and a file without a
// certificate.
func warnOfEnvironment(environment map[string]string, logger *slog.Logger) {
	for _, check := range []doctor.Check{
		doctor.CheckZones(environment["TZ"], time.Now()),
		doctor.Join(doctor.Proxy, authorities(environment["SSL_CERT_FILE"])...),
	} {
		if check.Result != doctor.OK {
			logger.Warn(check.Seen + ": " + check.Remedy)
		}
	}
}
