package main

import (
	"io"
	"log/slog"
)

// newLogger returns the log that the configuration asks for.
func newLogger(config LogConfig, out io.Writer) *slog.Logger {
	options := &slog.HandlerOptions{Level: config.Level, ReplaceAttr: readableDurations}
	if config.Format == "json" {
		return slog.New(slog.NewJSONHandler(out, options))
	}
	return slog.New(slog.NewTextHandler(out, options))
}

// readableDurations writes 1.5s: in JSON a duration would be a number of nanoseconds.
func readableDurations(_ []string, attr slog.Attr) slog.Attr {
	if attr.Value.Kind() == slog.KindDuration {
		attr.Value = slog.StringValue(attr.Value.Duration().String())
	}
	return attr
}
