package main

import (
	"bytes"
	"debug/elf"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// checkStandsAlone: an image has no C library, no shell and, if it is made from scratch, no time zones.
func checkStandsAlone(t *testing.T, binary string) {
	t.Helper()
	content, err := os.ReadFile(binary)
	if err != nil {
		t.Fatal(err)
	}
	if zones := bytes.Count(content, []byte("TZif2")); zones < 300 {
		t.Errorf("the binary holds %d time zones: import time/tzdata", zones)
	}
	if runtime.GOOS != "linux" {
		return // other systems have no static binaries
	}
	file, err := elf.NewFile(bytes.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	for _, program := range file.Progs {
		if program.Type == elf.PT_INTERP {
			t.Error("the binary needs a loader: it is not static")
		}
	}
	if libraries, err := file.ImportedLibraries(); err == nil && len(libraries) > 0 {
		t.Errorf("the binary needs %v", libraries)
	}
}

func TestImageTakesOnlyTheSources(t *testing.T) {
	content, err := os.ReadFile(filepath.Join(moduleRoot, ".dockerignore"))
	if err != nil {
		t.Fatal(err)
	}
	var rules []string
	for line := range strings.Lines(string(content)) {
		if rule := strings.TrimSpace(line); rule != "" && !strings.HasPrefix(rule, "#") {
			rules = append(rules, rule)
		}
	}
	if rules[0] != "*" {
		t.Error("everything has to be left out first, so that no secret gets into a layer")
	}
	for _, source := range []string{"go.mod", "go.sum", "cmd", "bot", "meeting", "scheduler"} {
		if !slices.Contains(rules, "!"+source) {
			t.Errorf("%s is needed to build, but is left out", source)
		}
	}
	if !slices.Contains(rules, "**/*.env") || !slices.Contains(rules, "**/*.db") {
		t.Error("env files and databases have to be left out")
	}
}
