package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/packages"
)

// houseLimits keep each unit small enough to be read at once. circle is for packages that circles does not name.
var houseLimits = struct {
	methods, interfaceMethods, functionLines, fileLines, circle int
	circles                                                     map[string]int
}{
	methods: 30, interfaceMethods: 8, functionLines: 60, fileLines: 450, circle: 10,
	circles: map[string]int{"scheduler/extension": 5, "scheduler": 12, "bot": 12, "meeting": 8},
}

// TestTheHouseStaysPlain holds types, interfaces, functions, files, and the circles of files that need each other, to
// houseLimits. Stand-ins and tests do not count.
func TestTheHouseStaysPlain(t *testing.T) {
	if testing.Short() {
		t.Skip("type-checks the whole module")
	}
	// These modes read compiled packages for what is imported: only the module itself is type-checked from its source.
	loaded, err := packages.Load(&packages.Config{
		Dir:  moduleRoot,
		Mode: packages.NeedName | packages.NeedFiles | packages.NeedSyntax | packages.NeedTypes | packages.NeedTypesInfo | packages.NeedImports,
	}, "./...")
	if err != nil {
		t.Fatal(err)
	}
	measured := 0
	for _, p := range loaded {
		for _, err := range p.Errors {
			t.Errorf("%s: %v", p.PkgPath, err)
		}
		folder := strings.TrimPrefix(p.PkgPath, modulePath)
		if len(p.Syntax) == 0 || slices.Contains(standIns, folder) {
			continue
		}
		measured++
		for _, fault := range houseFaults(folder, p.Fset, p.Syntax, p.TypesInfo) {
			t.Error(fault)
		}
	}
	if measured < 10 {
		t.Errorf("%d packages were measured", measured)
	}
}

// houseFaults tells what of a package is over the limits.
func houseFaults(folder string, positions *token.FileSet, files []*ast.File, info *types.Info) (faults []string) {
	fail := func(format string, args ...any) { faults = append(faults, folder+": "+fmt.Sprintf(format, args...)) }
	lines := func(n ast.Node) int {
		return positions.Position(n.End()).Line - positions.Position(n.Pos()).Line + 1
	}
	fileOf := func(at token.Pos) string { return filepath.Base(positions.Position(at).Filename) }
	methods := make(map[string]int)
	needs := make(map[string]map[string]bool) // of a file, other files
	for _, file := range files {
		name := fileOf(file.Pos())
		needs[name] = make(map[string]bool)
		if n := positions.Position(file.FileEnd).Line; n > houseLimits.fileLines {
			fail("%s has %d lines", name, n)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncDecl:
				if lines(n) > houseLimits.functionLines {
					fail("%s: %s has %d lines", name, n.Name.Name, lines(n))
				}
				if n.Recv != nil {
					receiver, _, _ := strings.Cut(strings.TrimPrefix(types.ExprString(n.Recv.List[0].Type), "*"), "[")
					methods[receiver]++
				}
			case *ast.InterfaceType:
				if count := n.Methods.NumFields(); count > houseLimits.interfaceMethods {
					fail("%s: an interface of %d methods", name, count)
				}
			case *ast.Ident:
				if used := info.Uses[n]; used != nil && used.Pkg() != nil && used.Pkg().Name() == file.Name.Name && used.Pos().IsValid() {
					needs[name][fileOf(used.Pos())] = true
				}
			}
			return true
		})
	}
	for receiver, count := range methods {
		if count > houseLimits.methods {
			fail("%s has %d methods", receiver, count)
		}
	}
	limit := houseLimits.circle
	if special, ok := houseLimits.circles[folder]; ok {
		limit = special
	}
	if circle := largestCircle(needs); len(circle) > limit {
		fail("%d files need each other in a circle: %s", len(circle), strings.Join(circle, ", "))
	}
	return faults
}

// largestCircle finds the most files of which each needs all others, by way of any number of files.
func largestCircle(needs map[string]map[string]bool) (largest []string) {
	reaches := make(map[string]map[string]bool)
	for name := range needs {
		reached, next := make(map[string]bool), []string{name}
		for len(next) > 0 {
			at := next[len(next)-1]
			next = next[:len(next)-1]
			for needed := range needs[at] {
				if _, ours := needs[needed]; ours && !reached[needed] {
					reached[needed] = true
					next = append(next, needed)
				}
			}
		}
		reaches[name] = reached
	}
	for name, reached := range reaches {
		circle := []string{name}
		for other := range reached {
			if other != name && reaches[other][name] {
				circle = append(circle, other)
			}
		}
		if len(circle) > len(largest) {
			slices.Sort(circle)
			largest = circle
		}
	}
	return largest
}

// Each limit has to be noticed, also while all is well.
func TestHouseFaults(t *testing.T) {
	repeat := func(count int, text string) string {
		var all strings.Builder
		for i := range count {
			fmt.Fprintf(&all, text+"\n", i)
		}
		return all.String()
	}
	ring := func(count int) map[string]string {
		files := make(map[string]string)
		for i := range count {
			files[fmt.Sprintf("f%d.go", i)] = fmt.Sprintf("package bot\nfunc f%d() { f%d() }\n", i, (i+1)%count)
		}
		return files
	}
	one := func(text string) map[string]string { return map[string]string{"one.go": "package bot\n" + text} }
	for name, test := range map[string]struct {
		files map[string]string
		fault string // a part of it; empty for none
	}{
		"30 methods":        {one("type t[P any] struct{}\n" + repeat(30, "func (*t[P]) m%d() {}")), ""},
		"31 methods":        {one("type t[P any] struct{}\n" + repeat(31, "func (*t[P]) m%d() {}")), "t has 31 methods"},
		"8 in an interface": {one("type i interface {\n" + repeat(8, "m%d()") + "}\n"), ""},
		"9 in an interface": {one("type i interface {\n" + repeat(9, "m%d()") + "}\n"), "an interface of 9 methods"},
		"a long function":   {one("func f() {\n" + repeat(59, "_ = %d") + "}\n"), "f has 61 lines"},
		"a long file":       {one(repeat(450, "// %d")), "has 45"},
		"a circle of 12":    {ring(12), ""},
		"a circle of 13":    {ring(13), "13 files need each other"},
	} {
		t.Run(name, func(t *testing.T) {
			positions, info := token.NewFileSet(), &types.Info{Uses: make(map[*ast.Ident]types.Object)}
			var files []*ast.File
			for name, text := range test.files {
				file, err := parser.ParseFile(positions, name, text, 0)
				if err != nil {
					t.Fatal(err)
				}
				files = append(files, file)
			}
			if _, err := new(types.Config).Check("bot", positions, files, info); err != nil {
				t.Fatal(err)
			}
			faults := strings.Join(houseFaults("bot", positions, files, info), "\n")
			if test.fault == "" && faults != "" || !strings.Contains(faults, test.fault) {
				t.Errorf("%q, want %q", faults, test.fault)
			}
		})
	}
}
