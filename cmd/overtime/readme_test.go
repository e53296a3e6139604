package main

import (
	"bytes"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// The README shows a line with the demo and what comes of it, as it is today: but for the time.
func TestReadmeShowsWhatTheDemoSays(t *testing.T) {
	_, shown, found := strings.Cut(readPage(t, filepath.Join(moduleRoot, "README.md")), "\n$ go run ./cmd/overtime demo --once \"")
	if !found {
		t.Fatal("the README shows no line with the demo")
	}
	line, said, _ := strings.Cut(shown, "\"\n")
	said, _, _ = strings.Cut(said, "```")
	var out, problems bytes.Buffer
	if status := run(t.Context(), []string{"demo", "--once", line}, nil, &out, &problems); status != 0 {
		t.Fatalf("status %d: %s", status, problems.String())
	}
	times := regexp.MustCompile(`ends at .*\d\d:\d\d.*\.`) // around midnight with a date
	timeless := func(text string) string { return strings.TrimSpace(times.ReplaceAllString(text, "ends at some time.")) }
	if got := timeless(out.String()); got != timeless(said) {
		t.Errorf("the demo says:\n%s\nthe README:\n%s", got, timeless(said))
	}
}
