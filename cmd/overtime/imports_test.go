package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const (
	moduleRoot = "../.."
	modulePath = "github.com/overtime-bot/overtime/"
)

// imports is the line that data travels along: what each package may import of ours. cmd/overtime wires all.
var imports = map[string][]string{
	"meeting":                  {},
	"meeting/meetingtest":      {},
	"scheduler/extension":      {"meeting"},
	"scheduler":                {"meeting", "scheduler/extension"},
	"scheduler/store":          {"meeting", "scheduler/extension", "scheduler"},
	"scheduler/storetest":      {"meeting", "scheduler/extension", "scheduler", "scheduler/store"},
	"bot/trusted":              {},
	"bot/socket":               {},
	"bot/i18n":                 {},
	"bot/slacksim":             {},
	"bot/title":                {},
	"bot/pace":                 {},
	"bot/manifest":             {},
	"bot/grammar":              {"meeting", "scheduler"},
	"bot/access":               {"meeting", "bot/pace"},
	"bot/dialog":               {"scheduler", "bot/grammar", "bot/i18n"},
	"bot":                      {"meeting", "scheduler/extension", "scheduler", "scheduler/store", "bot/socket", "bot/i18n", "bot/grammar", "bot/access", "bot/dialog", "bot/manifest", "bot/pace", "bot/title", "bot/trusted"},
	"cmd/overtime/completion":  {},
	"cmd/overtime/doctor":      {"meeting", "scheduler/extension", "scheduler", "scheduler/store", "bot/manifest", "bot/socket"},
	"cmd/overtime/deploy/sbom": {},
	"cmd/overtime":             {"*"},
}

// standIns are for tests, of their own layer and of those to the right of it.
var standIns = []string{"meeting/meetingtest", "scheduler/storetest", "bot/slacksim"}

var layers = []string{"meeting", "scheduler", "bot", "cmd"}

func layer(folder string) int {
	first, _, _ := strings.Cut(folder, "/")
	return slices.Index(layers, first)
}

// mayImport says whether a file in folder may import imported, both relative to the module.
func mayImport(folder, imported string, isTest bool) bool {
	allowed := imports[folder]
	if isTest {
		allowed = append(slices.Clone(allowed), folder)
		for _, standIn := range standIns {
			if layer(standIn) <= layer(folder) {
				allowed = append(append(allowed, standIn), imports[standIn]...)
			}
		}
	}
	return slices.Contains(allowed, imported) || slices.Contains(allowed, "*")
}

// eachGoFile parses the imports of every Go file of the module. The files are read here, and not by the go
// command, so that a changed file also changes the cached result of this test.
func eachGoFile(t *testing.T, visit func(name string, file *ast.File)) {
	t.Helper()
	seen := 0
	err := filepath.WalkDir(moduleRoot, func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && name != moduleRoot && isNoPackage(entry.Name()):
			return filepath.SkipDir
		case entry.IsDir() || !strings.HasSuffix(name, ".go"):
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		relative, err := filepath.Rel(moduleRoot, name)
		seen++
		visit(filepath.ToSlash(relative), file)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if seen == 0 {
		t.Fatal("no Go file was found")
	}
}

// isNoPackage is what the go command itself passes over.
func isNoPackage(folder string) bool {
	return folder == "testdata" || folder == "node_modules" || folder == "vendor" || strings.HasPrefix(folder, ".") ||
		strings.HasPrefix(folder, "_")
}

func TestImportsRunOneWay(t *testing.T) {
	eachGoFile(t, func(name string, file *ast.File) {
		folder := path.Dir(name)
		if _, known := imports[folder]; !known {
			t.Errorf("%s: the package %s has no place in the layout: give it one in imports", name, folder)
			return
		}
		for _, spec := range file.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				t.Fatal(err)
			}
			ours, found := strings.CutPrefix(imported, modulePath)
			if found && !mayImport(folder, ours, strings.HasSuffix(name, "_test.go")) {
				t.Errorf("%s may not import %s", name, ours)
			}
		}
	})
}

// Each edge that the layout forbids has to be caught, also while no file tries it.
func TestMayImport(t *testing.T) {
	for _, test := range []struct {
		folder, imported string
		code, test       bool
	}{
		{"meeting", "scheduler", false, false},
		{"meeting", "meeting/meetingtest", false, true},
		{"meeting", "scheduler/storetest", false, false},
		{"meeting", "bot", false, false},
		{"meeting/meetingtest", "meeting", false, false},
		{"scheduler/extension", "meeting", true, true},
		{"scheduler/extension", "scheduler", false, true},
		{"scheduler", "scheduler/extension", true, true},
		{"scheduler", "meeting", true, true},
		{"scheduler", "scheduler/store", false, true},
		{"scheduler", "bot", false, false},
		{"scheduler", "bot/slacksim", false, false},
		{"scheduler/store", "scheduler", true, true},
		{"scheduler/store", "scheduler/storetest", false, true},
		{"scheduler/store", "bot", false, false},
		{"scheduler/storetest", "scheduler/store", true, true},
		{"scheduler/storetest", "bot", false, false},
		{"bot/socket", "meeting", false, true},
		{"bot/socket", "bot", false, false},
		{"bot/socket", "bot/i18n", false, false},
		{"bot/i18n", "bot", false, false},
		{"bot/slacksim", "bot", false, false},
		{"bot/slacksim", "bot/socket", false, false},
		{"bot/grammar", "bot", false, false},
		{"bot/access", "bot", false, false},
		{"bot/access", "scheduler", false, true},
		{"bot", "bot/grammar", true, true},
		{"bot", "scheduler/store", true, true},
		{"bot", "bot/slacksim", false, true},
		{"bot", "meeting/meetingtest", false, true},
		{"bot", "cmd/overtime", false, false},
		{"cmd/overtime", "bot", true, true},
		{"cmd/overtime", "bot/slacksim", true, true},
	} {
		if got := mayImport(test.folder, test.imported, false); got != test.code {
			t.Errorf("%s imports %s: allowed = %t, want %t", test.folder, test.imported, got, test.code)
		}
		if got := mayImport(test.folder, test.imported, true); got != test.test {
			t.Errorf("a test of %s imports %s: allowed = %t, want %t", test.folder, test.imported, got, test.test)
		}
	}
}
