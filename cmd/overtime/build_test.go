package main

import (
	"debug/elf"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// The image has no C library, no shell and, if it is made from scratch, no time zones.
func TestBinaryStandsAlone(t *testing.T) {
	slow(t)
	binary := filepath.Join(t.TempDir(), "overtime")
	build := exec.CommandContext(t.Context(), "go", "build", "-o", binary, ".")
	build.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS=linux", "GOARCH="+runtime.GOARCH)
	if output, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	file, err := elf.Open(binary)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	for _, program := range file.Progs {
		if program.Type == elf.PT_INTERP {
			t.Error("the binary needs a loader: it is not static")
		}
	}
	if libraries, err := file.ImportedLibraries(); err == nil && len(libraries) > 0 {
		t.Errorf("the binary needs %v", libraries)
	}
	symbols, err := file.Symbols()
	if err != nil {
		t.Fatal(err)
	}
	if !slices.ContainsFunc(symbols, func(symbol elf.Symbol) bool {
		return strings.HasPrefix(symbol.Name, "time/tzdata.")
	}) {
		t.Error("the binary holds no time zones: import time/tzdata")
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
