package main

import (
	"strings"
	"testing"
)

// Whatever a file holds, it is a fault or it works.
func FuzzEnvFile(f *testing.F) {
	for _, seed := range []string{"A=1\n", "A='x\ny'\n!", "SOCKETS", "=", "export ", "A=\"$B\""} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, content string) {
		if _, err := parseEnvFile([]byte(content)); err == nil {
			return
		}
		lines := strings.Count(content, "\n") + 1
		if line := faultyLine([]byte(content)); line < 1 || line > lines {
			t.Errorf("%q: line %d of %d", content, line, lines)
		}
	})
}

// defaultConfig is the configuration of an empty environment: valid but for the tokens and the login.
func defaultConfig() Config {
	load := &configLoad{values: map[string]string{}, variables: Variables()}
	return load.parse()
}
