package scheduler_test

import (
	"encoding/json"
	"io"
	"log/slog"
	"strings"
	"sync"
)

// logLines are what the replicas log.
type logLines struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *logLines) Write(line []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(line)
}

var _ io.Writer = (*logLines)(nil)

// logged has the replicas that are made from now on write to a log, and gives its lines of what is over by a verb. The
// office's own replica is made once more.
func (o *office) logged() func(verb string) []map[string]any {
	lines := &logLines{}
	o.config.Logger = slog.New(slog.NewJSONHandler(lines, nil))
	o.replica = o.another()
	return func(verb string) (found []map[string]any) {
		lines.mu.Lock()
		defer lines.mu.Unlock()
		for line := range strings.Lines(lines.text.String()) {
			var read map[string]any
			if err := json.Unmarshal([]byte(line), &read); err != nil {
				o.t.Fatalf("%s: %v", line, err)
			}
			if read["msg"] == "done" && read["verb"] == verb {
				found = append(found, read)
			}
		}
		return found
	}
}
