package main

import (
	"go/ast"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// topLevel is all that the root of the repository holds, beside hidden files.
var topLevel = []string{
	"go.mod", "go.sum", "cmd", "bot", "meeting", "scheduler",
	"config.example.env", "Dockerfile", "README.md", "Makefile", "LICENSE",
}

// vague names say nothing of what is in a package.
var vague = []string{
	"internal", "util", "utils", "common", "types", "models", "model", "manager", "managers", "helper", "helpers",
}

func TestTopLevel(t *testing.T) {
	entries, err := os.ReadDir(moduleRoot)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		name := entry.Name()
		if !strings.HasPrefix(name, ".") && !slices.Contains(topLevel, name) && !isIgnored(t, name) {
			t.Errorf("%s does not belong at the top level", name)
		}
	}
}

// isIgnored asks git, or reads .gitignore where there is no git or no repository.
func isIgnored(t *testing.T, name string) bool {
	t.Helper()
	command := exec.CommandContext(t.Context(), "git", "check-ignore", "--quiet", name)
	command.Dir = moduleRoot
	err := command.Run()
	if err == nil {
		return true
	}
	if exit, ran := err.(*exec.ExitError); ran && exit.ExitCode() == 1 {
		return false
	}
	return matchesIgnore(t, name)
}

func matchesIgnore(t *testing.T, name string) bool {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(moduleRoot, ".gitignore"))
	if err != nil {
		t.Fatal(err)
	}
	for pattern := range strings.Lines(string(content)) {
		matched, err := path.Match(strings.Trim(strings.TrimSpace(pattern), "/"), name)
		if err != nil {
			t.Fatal(err)
		}
		if matched {
			return true
		}
	}
	return false
}

func TestIgnored(t *testing.T) {
	for name, want := range map[string]bool{
		"bin": true, "overtime": true, "overtime.db": true, "overtime.db-wal": true, "config.env": true,
		"node_modules": true, "coverage.out": true, "coverage.html": true, "bot.test": true,
		"config.example.env": false, "go.mod": false, "notes.txt": false, "cmd": false,
	} {
		if got := isIgnored(t, name); got != want {
			t.Errorf("%s: ignored = %t, want %t", name, got, want)
		}
		if got := matchesIgnore(t, name); got != want {
			t.Errorf("%s: ignored without git = %t, want %t", name, got, want)
		}
	}
}

func TestNoVagueNames(t *testing.T) {
	eachGoFile(t, func(name string, file *ast.File) {
		words := append(strings.Split(path.Dir(name), "/"), strings.TrimSuffix(file.Name.Name, "_test"))
		for _, word := range words {
			if slices.Contains(vague, word) {
				t.Errorf("%s: %s says nothing of what is in it; put each noun with its owner", name, word)
			}
		}
	})
}
