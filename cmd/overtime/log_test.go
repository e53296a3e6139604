package main

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"
	"time"
)

// A duration in the log is read by people, in both formats.
func TestDurationsInTheLog(t *testing.T) {
	for _, format := range []string{"text", "json"} {
		var out bytes.Buffer
		logger := newLogger(LogConfig{Format: format}, &out)
		logger.With("since", 90*time.Second).WithGroup("group").Info("done", "took", 1500*time.Millisecond, slog.Group("more", "wait", time.Minute))
		for _, want := range []string{"1m30s", "1.5s", "1m0s"} {
			if !strings.Contains(out.String(), want) {
				t.Errorf("%s: no %s in %s", format, want, &out)
			}
		}
	}
}
